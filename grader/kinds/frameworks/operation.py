"""`operation`: a class of a tensor framework, with forward(context, …) and backward(context, grad).

Both are called on the class itself.  Whatever backward needs has to be in `context`, a dict that
belongs to one call: a network calls the same operation many times before it goes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import bounds
from grader.kinds import outcomes, releases
from grader.kinds.base import Example, Judging, Kind, PartPlan, Planning, Released
from grader.kinds.frameworks import operation_cases
from grader.kinds.frameworks.operation_cases import Alone, OperationPart, Pair, Share
from grader.kinds.functions import groups
from grader.kinds.functions.automatic import forward_value
from grader.kinds.functions.drawn import inputs_of
from grader.kinds.functions.groups import Case
from grader.records import Call, Check, Observation, Outcome, PartResult, Status

ALONE = "grader.probes.operations:alone"
INTERLEAVED = "grader.probes.operations:interleaved"

_OUTPUT = "output"  # what the probe calls the result of forward
_PAIRS = 6  # how many cases are tried while another call is under way


class Operation(Kind[OperationPart]):
    """`operation`: forward and backward alone, interleaved, and without changing arguments."""

    name = "operation"
    model = OperationPart
    probes = (ALONE, INTERLEAVED)
    expects = Alone | Pair

    def plan(self, part: OperationPart, planning: Planning) -> PartPlan:
        """Draw the cases; the first two are also the first pair, so that a self-check has one."""
        rng = planning.rng(part)
        function = planning.reference.function(part.of)
        drawn = []
        for inputs in inputs_of(part, planning, rng):
            shape = forward_value(function)(**inputs)[0].shape
            drawn.append((inputs, np.round(rng.normal(size=shape), 3)))
        alone = [operation_cases.alone(part, planning, function, *case, rng) for case in drawn]
        groups.tell_apart(part, part.mistakes, [item.case for item in alone])
        together = [(case, operation_cases.turned(case, rng)) for case in drawn[:_PAIRS]]
        together += pairwise(drawn[: _PAIRS + 1])
        pairs = [
            # Calls alone come after the first pair: it leaves no call behind that never goes back.
            operation_cases.pair(part, function, *two, backwards=not number % 2, idle=number > 0)
            for number, two in enumerate(together)
        ]
        shown = min(part.cases.visible, len(alone))
        expected: list[Alone | Pair] = [*alone[:shown], *pairs[:1], *alone[shown:], *pairs[1:]]
        calls = tuple(_call(part, item, seed) for seed, item in enumerate(expected))
        return PartPlan(calls, tuple(expected), shown + 1 if shown else 0)

    def judge(
        self,
        part: OperationPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Judge the products first; the other shares count once those are right."""
        del judging
        if not observations:
            return outcomes.nothing_visible(part)
        unusable = _unusable(part, observations[0])
        if unusable:
            return replace(unusable, hint=part.hint)
        seen = list(zip(plan.expected, observations, strict=True))
        alone = [(e, o) for e, o in seen if isinstance(e, Alone)]
        pairs = [(e, o) for e, o in seen if isinstance(e, Pair)]
        shown = min(part.cases.visible, len(alone)) if plan.visible else 0
        products = _products(part, alone, shown)
        if products.status is not Status.CORRECT:
            return _only_products(part, products)
        interleaved, mixed = _interleaved(part, pairs, shown=min(shown, 1))
        untouched, changes = _untouched(part, [o for _, o in seen], [e for e, _ in seen])
        checks = [_check(messages.products.PRODUCTS, products), interleaved, untouched]
        says = messages.products.operation_right(len(alone))
        result = outcomes.from_checks(part, checks, products.visible, None, right_says=says)
        return replace(result, mistake=mixed or changes or None)

    def released(self, part: OperationPart, planning: Planning) -> Released | None:
        """Return the visible calls alone, if there are any, and the first pair."""
        plan = releases.shown(self.plan(part, planning))
        if not plan.calls:
            return None
        expected = tuple(
            replace(item, case=replace(item.case, mistakes={})) if isinstance(item, Alone) else item
            for item in plan.expected
        )
        names = ("function", "file", "cases", "tolerance", "kinks", "shares")
        return Released(releases.fields(part, names), replace(plan, expected=expected))

    def taken_back(self, fields: Mapping[str, Any]) -> OperationPart:
        """Return the part of a release; the function and how inputs are drawn are withheld."""
        return self.model.model_validate(
            releases.given_back(fields, of=releases.WITHHELD, draw=releases.WITHHELD)
        )

    def mistaken(
        self, part: OperationPart, plan: PartPlan, planning: Planning
    ) -> Sequence[Example]:
        """Return what the class gives with each declared mistake in its forward or backward."""
        del planning
        return [
            Example(mistake.name, tuple(_made_by(mistake.name, item) for item in plan.expected))
            for mistake in part.mistakes
        ]


def _made_by(mistake: str, item: Alone | Pair) -> Observation:
    """Return what a class answers that makes a mistake; of pairs nothing is known or asked."""
    if isinstance(item, Pair):
        return Observation(Outcome.RETURNED, {})
    (made,) = groups.made_by(mistake, [item.case])
    if made.outcome is not Outcome.RETURNED:
        return made
    value, *products = made.value if isinstance(made.value, list) else [made.value]
    return replace(made, value={"value": value, "product": products})


def _call(part: OperationPart, item: Alone | Pair, seed: int) -> Call:
    if isinstance(item, Alone):
        return Call(part.function, operation_cases.call_of(item.case), ALONE, seed)
    calls = {"calls": list(item.calls), "back": item.back}
    return Call(part.function, calls, INTERLEAVED, seed)


def _answer(observation: Observation) -> dict[str, Any]:
    return observation.value if isinstance(observation.value, dict) else {}


def _unusable(part: OperationPart, observation: Observation) -> PartResult | None:
    """Return the result of a class whose forward or backward cannot be called at all."""
    answer = _answer(observation)
    found, says = Status.MISSING, ""
    if "missing" in answer:
        says = messages.products.no_step(part.function, str(answer["missing"])[:40])
    signature = answer.get("signature")
    if isinstance(signature, list) and len(signature) == 2:
        step, given = (str(item)[:200] for item in signature)
        takes = ["context", "grad"] if step == "backward" else ["context", *_names(part)]
        says = messages.products.not_on_the_class(part.function, step, given, takes)
        found = Status.WRONG
    if not says:
        return None
    return PartResult(part.id, found, Fraction(0), part.points, says, cases_total=1)


def _names(part: OperationPart) -> list[str]:
    return list(part.inputs) or ["x"]


def _products(
    part: OperationPart, alone: Sequence[tuple[Alone, Observation]], shown: int
) -> PartResult:
    """Judge forward and backward alone, first without the kinks, then at them."""
    seen, at_kinks = [], []
    for item, observation in alone:
        value = _flat(item, observation)
        changed = replace(observation, value=value, changed_inputs=())
        if observation.outcome is Outcome.RETURNED:
            at_kinks.append(_right_at_kinks(item, observation))
        seen.append(changed)
    cases = [item.case for item, _ in alone]
    share = part.model_copy(update={"points": part.shares["products"]})
    result = groups.judge(share, cases, seen, shown, {})
    failure = result.failure
    if failure is not None and "'dict' object has no attribute" in failure.message:
        return replace(result, summary=messages.products.context_is_a_dict(result.summary))
    if result.status is Status.CORRECT and not all(at_kinks):
        numbers = ", ".join(f"{number:g}" for number in part.kinks)
        return replace(
            result,
            status=Status.WRONG,
            points=Fraction(0),
            summary=messages.products.at_kink(numbers),
            hint=part.hint,
            cases_right=sum(at_kinks),
        )
    plateau = _plateau(alone) if result.status is Status.WRONG and not result.mistake else None
    if plateau is not None:
        return replace(result, summary=messages.products.cut_off(f"{plateau:.6g}"))
    return result


def _plateau(alone: Sequence[tuple[Alone, Observation]]) -> float | None:
    """Return where the values of forward are cut off that are right below; None if they are not."""
    pairs = []
    for item, observation in alone:
        try:
            found = arrays.as_array(_answer(observation).get("value"))
        except arrays.NotNumbersError:
            return None
        right = item.case.expected[0]
        if found.shape != right.shape or np.iscomplexobj(found) or not found.size:
            return None
        pairs.append((found, right))
    top = max(float(np.max(found)) for found, _ in pairs)
    cut = [(found, np.minimum(right, top)) for found, right in pairs]
    near = all(np.allclose(found, right, rtol=1e-6, atol=1e-9) for found, right in cut)
    above = any(np.any(right > top + 1e-6 * abs(top)) for _, right in pairs)
    return top if near and above and np.isfinite(top) else None


def _items(item: Alone, observation: Observation) -> list[Any] | None:
    """Return the products as one item for each input."""
    shapes = [array.shape for array in item.case.expected[1:]]
    return groups.separated(_answer(observation).get("product"), shapes)


def _flat(item: Alone, observation: Observation) -> Any:
    """Return value and products as one list, in which a kink is what is expected of it."""
    if observation.outcome is not Outcome.RETURNED:
        return None
    products = _items(item, observation)
    if products is None:
        return None
    flat = [_answer(observation).get("value")]
    for product, right, at in zip(products, item.case.expected[1:], item.kinks, strict=True):
        try:
            found = arrays.as_array(product)
        except arrays.NotNumbersError:
            flat.append(product)
            continue
        fits = found.shape == right.shape == at.shape and at.any()
        flat.append(np.where(at, right, found).astype(_dtype(product)) if fits else product)
    return flat


def _dtype(product: Any) -> Any:
    return np.float32 if arrays.working_dtype(product) == "float32" else None


def _right_at_kinks(item: Alone, observation: Observation) -> bool:
    """Whether a product is, at each kink, between what the two sides give."""
    products = _items(item, observation) or []
    for product, (low, high), at in zip(products, item.sides, item.kinks, strict=False):
        try:
            found = arrays.as_array(product)
        except arrays.NotNumbersError:
            return False
        if found.shape != at.shape or np.iscomplexobj(found):
            return not at.any()
        rtol, atol = bounds(None, arrays.working_dtype(product))
        allowed = atol + rtol * np.maximum(np.abs(low), np.abs(high))
        inside = (found >= low - allowed) & (found <= high + allowed)
        if not np.all(inside | ~at):
            return False
    return True


def _only_products(part: OperationPart, products: PartResult) -> PartResult:
    waits = [
        Check(name, Status.SKIPPED, Fraction(0), part.shares[share], messages.products.WAITS)
        for name, share in _OTHERS
    ]
    checks = (_check(messages.products.PRODUCTS, products), *waits)
    return replace(products, max_points=part.points, checks=checks)


_OTHERS: tuple[tuple[str, Share], ...] = (
    (messages.products.INTERLEAVED, "interleaved"),
    (messages.products.UNTOUCHED, "untouched"),
)


def _check(name: str, result: PartResult) -> Check:
    says = "" if result.status is Status.CORRECT else result.summary
    return Check(name, result.status, result.points, result.max_points, says)


def _interleaved(
    part: OperationPart, pairs: Sequence[tuple[Pair, Observation]], *, shown: int
) -> tuple[Check, str]:
    """Judge two calls under way at once; return the name of the mistake too, if it is known."""
    name, worth = messages.products.INTERLEAVED, part.shares["interleaved"]
    wrong = [
        (pair, seen, number >= shown)
        for number, (pair, seen) in enumerate(pairs)
        if not _pair_right(part, pair, seen)
    ]
    if not wrong:
        return Check(name, Status.CORRECT, worth, worth), ""
    told = [_pair_says(part, pair, seen, hidden=hidden) for pair, seen, hidden in wrong]
    found = next((item for item in told if item[2]), told[0])
    return Check(name, found[0], Fraction(0), worth, found[1]), found[2]


def _pair_right(part: OperationPart, pair: Pair, observation: Observation) -> bool:
    return all(result.right for result in _pair_compared(part, pair, observation))


def _pair_compared(
    part: OperationPart, pair: Pair, observation: Observation
) -> list[groups.Compared]:
    found = _answer(observation).get("products")
    products = found if isinstance(found, list) and len(found) == 2 else [None, None]
    return [
        groups.compared(_at_kinks(part, case, product), case, part.tolerance)
        for case, product in zip((pair.first, pair.second), products, strict=True)
    ]


def _at_kinks(part: OperationPart, case: Case, product: Any) -> Any:
    """Return products in which a kink is what is expected of it: it was judged alone."""
    items = groups.separated(product, [array.shape for array in case.expected])
    inputs = [value for name, value in case.arguments.items() if name != "grad"]
    if items is None:
        return product
    found = []
    for item, right, value in zip(items, case.expected, inputs, strict=True):
        at = np.isin(np.asarray(value), part.kinks)
        try:
            array = arrays.as_array(item)
        except arrays.NotNumbersError:
            return product
        fits = array.shape == right.shape == at.shape
        found.append(np.where(at, right, array).astype(_dtype(item)) if fits else item)
    return found


def _pair_says(
    part: OperationPart, pair: Pair, observation: Observation, *, hidden: bool
) -> tuple[Status, str, str]:
    """Return status, sentence and the name of the mistake for a pair that is not right."""
    name = "state-outside-context"
    if observation.outcome is Outcome.RAISED:
        return Status.CRASHED, messages.products.INTERLEAVED_STOPPED, name
    if observation.outcome is not Outcome.RETURNED:
        told = outcomes.without_message(observation) if hidden else observation
        says = outcomes.sentence(told, part.function, part.file)
        return outcomes.status(observation, right=False), says, ""
    first, second = _pair_compared(part, pair, observation)
    found = _answer(observation).get("products")
    given = found if isinstance(found, list) and len(found) == 2 else []
    for product, result, others in zip(given, (first, second), pair.mixed, strict=False):
        for other in others if not result.right else ():
            if groups.compared(_at_kinks(part, other, product), other, part.tolerance).right:
                return Status.WRONG, messages.products.STATE_ELSEWHERE, name
    says = messages.products.two_calls("" if hidden else first.message or second.message)
    return Status.WRONG, says, ""


def _untouched(
    part: OperationPart, observations: Sequence[Observation], expected: Sequence[Alone | Pair]
) -> tuple[Check, str]:
    """Judge whether arguments stay as they were; what the sandbox saw counts as well."""
    name, worth = messages.products.UNTOUCHED, part.shares["untouched"]
    known = next((list(e.case.arguments) for e in expected if isinstance(e, Alone)), [])
    changed: set[str] = set()
    for observation in observations:
        told = _answer(observation).get("changed")
        named = told if isinstance(told, list) else []
        changed |= {item for item in [*known, _OUTPUT] if item in named}
        names = observation.changed_inputs
        changed |= {"grad"} if "grad" in names else set()
        changed |= {item for item in known if item != "grad" and "inputs" in names}
    if not changed:
        return Check(name, Status.CORRECT, worth, worth), ""
    listed = [item for item in known if item in changed]
    if not listed:
        says = messages.products.CHANGED_OUTPUT
        return Check(name, Status.WRONG, Fraction(0), worth, says), "changes-output"
    mistake = "changes-gradient" if listed == ["grad"] else "changes-input"
    return Check(name, Status.WRONG, Fraction(0), worth, messages.products.changed(listed)), mistake
