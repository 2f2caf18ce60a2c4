"""`quantities`: the named quantities of a computation, or their derivatives, one by one.

What is right comes from automatic differentiation of a torch function of the reference.  Beside it
the reference has a rule by hand, which gives each quantity from the inputs and the earlier ones;
chained from the right values it has to agree, and with it what follows from a student's own earlier
quantities is credited (see `follow_through`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader import messages
from grader.compare import arrays
from grader.kinds import inputs as drawing
from grader.kinds import outcomes, releases
from grader.kinds.base import Example, Judging, Kind, PartPlan, Planning, Released
from grader.kinds.functions import follow_through, quantity_plans
from grader.kinds.functions.follow_through import Answer, Case
from grader.kinds.functions.quantity_plans import QuantitiesPart
from grader.kinds.functions.quantity_verdicts import Read, Verdict
from grader.kinds.graphs.trace_rows import in_order
from grader.records import Call, Observation, Outcome, PartResult
from grader.spec.reference import Withheld

_PUBLIC = (  # the fields that a release holds
    *("function", "file", "inputs", "cases", "tolerance", "shapes", "form"),
    *("wants", "along", "output", "quantities", "optional"),
)
_MOST_EXTRA = 50  # keys that name no quantity and are looked at, to find what was meant


class Quantities(Kind[QuantitiesPart]):
    """`quantities`: values, tangents or adjoints of every intermediate quantity."""

    name = "quantities"
    model = QuantitiesPart
    expects = Case

    def plan(self, part: QuantitiesPart, planning: Planning) -> PartPlan:
        """Draw the inputs, derive every quantity, and hold the rule by hand against it."""
        rng = planning.rng(part)
        drawn = drawing.draw(part, rng)
        cases = [quantity_plans.expect(part, planning, case, rng) for case in drawn]
        quantity_plans.tell_apart(part, planning, cases)
        calls = tuple(
            Call(part.function, dict(case.inputs), seed=n) for n, case in enumerate(cases)
        )
        return PartPlan(calls, tuple(cases), min(part.cases.visible, len(calls)))

    def judge(
        self,
        part: QuantitiesPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Follow the student through the quantities, in the order of the visit."""
        if not observations:
            return outcomes.nothing_visible(part)
        reads = [
            _read(part, observation, case)
            for observation, case in zip(observations, plan.expected, strict=True)
        ]
        # Without the rule nothing can be followed: what depends on a wrong quantity stays open.
        withheld = isinstance(judging.reference, Withheld)
        rule = None if withheld else judging.reference.function(part.rule)
        trails = follow_through.judge(
            rule,
            plan.expected,
            [read.answer for read in reads],
            tolerance=part.tolerance,
            columns=part.shapes == "columns",
        )
        return Verdict(part, plan, observations, judging, reads, trails).result()

    def released(self, part: QuantitiesPart, planning: Planning) -> Released | None:
        """Return the visible cases, if there are any, with every quantity."""
        plan = releases.shown(self.plan(part, planning))
        if not plan.calls:
            return None
        # From which earlier ones a quantity is computed is half of what is asked for.
        expected = tuple(replace(case, sources={}) for case in plan.expected)
        return Released(releases.fields(part, _PUBLIC), replace(plan, expected=expected))

    def taken_back(self, fields: Mapping[str, Any]) -> QuantitiesPart:
        """Return the part of a release; the computation and its rule are withheld."""
        return self.model.model_validate(
            releases.given_back(fields, of=releases.WITHHELD, rule=releases.WITHHELD)
        )

    def mistaken(
        self, part: QuantitiesPart, plan: PartPlan, planning: Planning
    ) -> Sequence[Example]:
        """Return what a student has who goes by the rule but for one quantity."""
        rule = planning.reference.function(part.rule)
        examples = []
        for mistake in part.mistakes:
            wrong = {mistake.quantity: planning.reference.function(mistake.function)}
            seen = (
                _written(part, quantity_plans.chained(part, rule, case.inputs, wrong))
                for case in plan.expected
            )
            examples.append(
                Example(mistake.name, tuple(Observation(Outcome.RETURNED, v) for v in seen))
            )
        return examples


def _written(part: QuantitiesPart, steps: Mapping[str, np.ndarray]) -> Any:
    """Return steps in the form in which a student gives them."""
    given: dict[str, Any] = {name: steps[name] for name in part.quantities}
    if part.wants == "tangents":
        given = {name: [steps[name], steps[f"d{name}"]] for name in part.quantities}
    return given if part.form == "dict" else list(given.values())


def _read(part: QuantitiesPart, observation: Observation, case: Case) -> Read:
    """Take an answer apart into its steps."""
    value = observation.value
    dtype = arrays.working_dtype(value)
    nothing = Answer({}, dtype)
    if observation.outcome is not Outcome.RETURNED:
        return Read(nothing)
    named = (*part.quantities, *part.optional)
    extra: tuple[str, ...] = ()
    note = ""
    if isinstance(value, dict):
        given, extra = _by_name(part, value)
    elif part.form == "dict":
        lengths = {len(part.quantities), len(named)}
        if not (isinstance(value, list) and len(value) in lengths):
            return Read(nothing, messages.traces.not_a_dict(_type(value), list(part.quantities)))
        given = dict(zip(named, value, strict=False))
        note = messages.traces.taken_in_order(named[: len(value)])
    else:
        if isinstance(value, list):
            value = [in_order(row) if isinstance(row, dict) else row for row in value]
        try:
            rows = arrays.as_array(value)
        except arrays.NotNumbersError as error:
            return Read(nothing, str(error))
        each = (2,) if part.wants == "tangents" else case.values[part.quantities[0]].shape
        wanted = (len(part.quantities), *each)
        if rows.shape != wanted:
            return Read(nothing, messages.results.wrong_shape(rows.shape, wanted))
        given = dict(zip(part.quantities, rows, strict=True))
    if part.wants == "tangents":
        given = _apart(given)
    return Read(Answer(given, dtype), extra=extra, note=note)


def _by_name(
    part: QuantitiesPart, value: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what a dict has for each quantity, and its other keys.

    Spaces in keys do not count.  Rows may have their numbers for keys, and tangents keys of their
    own.
    """
    keys = {"".join(key.split()): key for key in value}
    for first in (1, 0) if part.form == "rows" else ():
        numbers = [str(first + row) for row in range(len(part.quantities))]
        if set(keys) == set(numbers):
            rows = (value[keys[number]] for number in numbers)
            return dict(zip(part.quantities, rows, strict=True)), ()
    named = {*part.quantities, *part.optional, *part.all_steps}
    known = [name for name in keys if name in named]
    extra = tuple(key for name, key in keys.items() if name not in named)[:_MOST_EXTRA]
    return {name: value[keys[name]] for name in known}, extra


def _apart(pairs: Mapping[str, Any]) -> dict[str, Any]:
    """Return values and tangents by step; what is no pair stands for both, and is neither."""
    given: dict[str, Any] = {}
    for name, pair in pairs.items():
        if f"d{name}" in pairs or (name.startswith("d") and name[1:] in pairs):
            given[name] = pair  # a step under a key of its own
            continue
        if isinstance(pair, dict):
            pair = in_order(pair)  # noqa: PLW2901
        length = len(pair) if isinstance(pair, list) or np.ndim(pair) else 0
        value, tangent = pair if length == 2 else (pair, pair)
        given |= {name: value, f"d{name}": tangent}
    return given


def _type(value: Any) -> str:
    return "None" if value is None else type(value).__name__.replace("ndarray", "array")
