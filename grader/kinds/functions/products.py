"""`vjp` and `jvp`: products of a vector with the Jacobian of a reference function.

A backward function is a vector-Jacobian product: it takes the gradient of a loss by the output, the
cotangent, and returns the gradient by each input.  Cotangents and tangents are drawn at random and
are never all ones: with ones, a row of softmax has the product zero, and a sum that is missing over
rows whose entries are alike does not show.

What is expected is automatic differentiation in float64.  A jvp is computed by reverse mode twice:
the vjp is linear in its cotangent u, so its own vjp by u is the jvp (forward mode keeps its levels
in one place for all threads of a process).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import compare
from grader.compare.conditioning import conditioning
from grader.errors import CourseError
from grader.kinds import outcomes, releases
from grader.kinds.base import Example, Judging, Kind, PartPlan, Planning, Released
from grader.kinds.functions import groups
from grader.kinds.functions.automatic import (
    Arrays,
    Several,
    derivative,
    forward_value,
    jvp,
    several,
    vjp,
)
from grader.kinds.functions.drawn import DrawnPart, inputs_of
from grader.kinds.functions.groups import Case
from grader.records import Call, Observation, PartResult
from grader.spec.models import Mistake, Points, PythonName, Tolerance

Role: TypeAlias = Literal["forward", "jacobian", "product"]

_SAME = Tolerance(rtol=1e-9, atol=1e-9)
_PUBLIC = (  # the fields that a release holds
    *("function", "file", "cases", "tolerance", "shapes"),
    *("choices", "arguments", "forward", "jacobian", "cotangent", "shares"),
)


class ProductMistake(Mistake):
    """A known wrong answer to one of the functions of a part."""

    of: Role = Field("product", description="Which of the part's functions makes it.")


class ProductPart(DrawnPart):
    """A product with the Jacobian of a torch function of the reference."""

    of: PythonName = Field(description="A torch function of the reference, of all inputs.")
    wrt: tuple[str, ...] = Field((), description="The inputs to differentiate by; by default all.")
    choices: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        max_length=1,
        description="A leading argument and its values: each has its own cases and equal share.",
    )
    arguments: tuple[str, ...] = Field(
        (), description="What the student's function takes; by default all inputs and the vector."
    )
    forward: PythonName | None = Field(None, description="A function of the inputs, judged too.")
    shares: dict[Role, Points] = Field(
        default_factory=dict, description="The points of each function, if there are several."
    )
    mistakes: tuple[ProductMistake, ...] = ()

    reference_fields: ClassVar[tuple[str, ...]] = ("of",)

    def functions(self) -> dict[Role, str]:
        """Return the functions of the student by what they compute, in the order of their calls."""
        return {**({"forward": self.forward} if self.forward else {}), "product": self.function}

    @model_validator(mode="after")
    def _each_has_a_share(self) -> ProductPart:
        roles = set(self.functions())
        wanted = roles if len(roles) > 1 else set()
        if set(self.shares) != wanted:
            found, names = (", ".join(sorted(x)) or "none" for x in (self.shares, wanted))
            raise ValueError(f"expected shares for {names}; found {found}")
        if self.choices and len(roles) > 1:
            raise ValueError("choices divide the points already; expected a single function")
        for mistake in self.mistakes:
            if mistake.of not in roles:
                raise ValueError(f"the mistake {mistake.name!r} is of {mistake.of}, not asked here")
        return self

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return the points of each function."""
        return tuple(self.shares.values())


class VjpPart(ProductPart):
    """A backward function: the inputs and a cotangent in, the gradient by each input out."""

    kind: Literal["vjp"]
    cotangent: str = Field("grad", description="The name of the argument with the cotangent.")
    jacobian: PythonName | None = Field(
        None, description="A function that returns the whole Jacobian by the first of wrt."
    )

    def functions(self) -> dict[Role, str]:
        """Return the functions of the student by what they compute."""
        made: dict[Role, str] = {"forward": self.forward} if self.forward else {}
        if self.jacobian:
            made["jacobian"] = self.jacobian
        return {**made, "product": self.function}


class JvpPart(ProductPart):
    """A forward-mode derivative: the inputs and a tangent for each of wrt, named dx for x."""

    kind: Literal["jvp"]


@dataclass(frozen=True, slots=True)
class _Question:
    """What one function of a part is asked for."""

    role: Role
    function: str
    takes: tuple[str, ...] | None  # the names of its arguments; None: all inputs
    outputs: tuple[str, ...]
    oracle: Several


PartT = TypeVar("PartT", bound=ProductPart)


class _Product(Kind[PartT]):
    expects = Case

    def vectors(
        self, part: PartT, case: Mapping[str, Any], shape: tuple[int, ...], rng: np.random.Generator
    ) -> dict[str, Any]:
        """Return the random vectors of a case by the names of their arguments."""
        raise NotImplementedError

    def product(self, part: PartT, function: Callable[..., Any], names: Sequence[str]) -> Several:
        """Return the product in float64, as a function of inputs and vectors by name."""
        raise NotImplementedError

    def outputs(self, part: PartT, wrt: Sequence[str]) -> tuple[str, ...]:
        """Return the names of the arrays in the product; none for a single one."""
        del part, wrt
        return ()

    def plan(self, part: PartT, planning: Planning) -> PartPlan:
        """Draw inputs and vectors, and interleave the functions: what is shown has all of them."""
        rng = planning.rng(part)
        function = planning.reference.function(part.of)
        cases: list[Case] = []
        for drawn in inputs_of(part, planning, rng):
            for choice in next(iter(part.choices.values()), ("",)):
                case = {**dict.fromkeys(part.choices, choice), **drawn}
                cases += self._cases(part, planning, function, case, rng)
        groups.tell_apart(part, part.mistakes, cases)
        calls = tuple(
            Call(case.function, dict(case.arguments), seed=index)
            for index, case in enumerate(cases)
        )
        number = len(dict.fromkeys(case.group for case in cases))
        return PartPlan(calls, tuple(cases), min(part.cases.visible * number, len(calls)))

    def _cases(
        self,
        part: PartT,
        planning: Planning,
        function: Callable[..., Any],
        case: Mapping[str, Any],
        rng: np.random.Generator,
    ) -> list[Case]:
        names = [name for name in case if name not in part.choices]
        wrt = part.wrt or tuple(names)
        unknown = sorted({*wrt} - {*names})
        if unknown:
            listed = ", ".join(names)
            raise CourseError(f"{part.id}: wrt names {unknown[0]!r}; the inputs are {listed}")
        value = forward_value(function)
        (output,) = value(**case)
        vectors = self.vectors(part, {name: case[name] for name in wrt}, output.shape, rng)
        known = {**case, **vectors}
        takes = part.arguments or tuple(known)
        questions = [
            _Question("forward", part.forward or "", tuple(case), (), value),
            _Question("product", part.function, takes, self.outputs(part, wrt),
                      self.product(part, function, wrt)),
        ]  # fmt: skip
        jacobian = getattr(part, "jacobian", None)
        if jacobian:
            whole = derivative(function, "jacrev", list(case).index(wrt[0]))
            questions.insert(
                1, _Question("jacobian", jacobian, tuple(case), (), lambda **k: (whole(**k),))
            )
        asked = part.functions()
        group = next((str(case[name]) for name in part.choices), "")
        return [
            _case(part, planning, question, known, group or question.function, rng)
            for question in questions
            if question.role in asked
        ]

    def judge(
        self, part: PartT, plan: PartPlan, observations: Sequence[Observation], judging: Judging
    ) -> PartResult:
        """Judge each function, or each choice, by all of its cases."""
        del judging
        if not observations:
            return outcomes.nothing_visible(part)
        cases: Sequence[Case] = plan.expected
        names = list(dict.fromkeys(case.group for case in cases))
        if part.shares:
            asked = part.functions()
            shares = {asked[role]: points for role, points in part.shares.items()}
        else:
            shares = {name: part.points / len(names) for name in names}
        return groups.judge(part, cases, observations, plan.visible or 0, shares)

    def released(self, part: PartT, planning: Planning) -> Released | None:
        """Return the visible cases of every function, if there are any."""
        plan = releases.shown(self.plan(part, planning))
        if not plan.calls:
            return None
        expected = tuple(replace(case, mistakes={}) for case in plan.expected)
        return Released(releases.fields(part, _PUBLIC), replace(plan, expected=expected))

    def taken_back(self, fields: Mapping[str, Any]) -> PartT:
        """Return the part of a release; the function and how inputs are drawn are withheld."""
        return self.model.model_validate(
            releases.given_back(fields, of=releases.WITHHELD, draw=releases.WITHHELD)
        )

    def mistaken(self, part: PartT, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return what each declared mistake gives, with every other function right."""
        del planning
        return [
            Example(mistake.name, groups.made_by(mistake.name, plan.expected))
            for mistake in part.mistakes
        ]


class Vjp(_Product[VjpPart]):
    """`vjp`: a vector-Jacobian product, the backward of a function."""

    name = "vjp"
    model = VjpPart

    def vectors(
        self,
        part: VjpPart,
        case: Mapping[str, Any],
        shape: tuple[int, ...],
        rng: np.random.Generator,
    ) -> dict[str, Any]:
        """Return a random cotangent, of the shape of the output."""
        del case
        return {part.cotangent: _normal(shape, rng)}

    def product(self, part: VjpPart, function: Callable[..., Any], names: Sequence[str]) -> Several:
        """Return the gradient of the sum of output times cotangent, by each input named."""

        def evaluate(**values: Any) -> Arrays:
            cotangent = values.pop(part.cotangent)
            return vjp(function, values, names, cotangent)

        return evaluate

    def outputs(self, part: VjpPart, wrt: Sequence[str]) -> tuple[str, ...]:
        """Return the inputs by which the gradients are, if there are several."""
        del part
        return tuple(map(messages.products.by_input, wrt)) if len(wrt) > 1 else ()


class Jvp(_Product[JvpPart]):
    """`jvp`: a Jacobian-vector product, what forward mode computes."""

    name = "jvp"
    model = JvpPart

    def vectors(
        self,
        part: JvpPart,
        case: Mapping[str, Any],
        shape: tuple[int, ...],
        rng: np.random.Generator,
    ) -> dict[str, Any]:
        """Return a random tangent for each input, of its shape."""
        del part, shape
        return {f"d{name}": _normal(np.shape(value), rng) for name, value in case.items()}

    def product(self, part: JvpPart, function: Callable[..., Any], names: Sequence[str]) -> Several:
        """Return the derivative of the output in the direction of the tangents."""
        del part

        def evaluate(**values: Any) -> Arrays:
            tangents = [values.pop(f"d{name}") for name in names]
            return (jvp(function, values, names, tangents),)

        return evaluate


def _case(
    part: ProductPart,
    planning: Planning,
    question: _Question,
    known: Mapping[str, Any],
    group: str,
    rng: np.random.Generator,
) -> Case:
    names = question.takes or tuple(known)
    arguments = {name: known[name] for name in names if name in known}
    if len(arguments) != len(names):
        raise CourseError(f"{part.id}: arguments names {min({*names} - {*known})!r}")
    call = arrays.call_text(question.function, arguments)
    inputs = arguments if question.role != "product" else known
    try:
        expected = question.oracle(**inputs)
        by_hand = getattr(planning.reference.loaded, question.function, None)
        if by_hand is not None:
            _agree(part, planning, call, several(by_hand)(**arguments), expected)
        moved = tuple(
            conditioning(_entry(question.oracle, index), inputs, array, rng, rounding=True)
            for index, array in enumerate(expected)
        )
    except CourseError:
        raise
    except Exception as error:
        raise CourseError(f"{part.id}: the reference fails for {call}: {error!r}") from error
    if not all(np.all(np.isfinite(array)) for array in expected):
        raise CourseError(f"{part.id}: the reference gives {expected} for {call}")
    wrong = {
        mistake.name: wrong_answer(planning, mistake, arguments)
        for mistake in part.mistakes
        if mistake.of == question.role
    }
    return Case(group, question.function, arguments, question.outputs, expected, moved, wrong)


def wrong_answer(
    planning: Planning, mistake: Mistake, arguments: Mapping[str, Any]
) -> Arrays | None:
    """Return what a mistake gives, or None where it fails: some shapes do not go with it."""
    function = several(planning.reference.function(mistake.function))
    try:
        with np.errstate(all="ignore"):
            return function(**arguments)
    except (ValueError, IndexError):
        return None


def _agree(
    part: ProductPart, planning: Planning, call: str, written: Arrays, expected: Arrays
) -> None:
    says = ""
    if len(written) != len(expected):
        says = messages.products.found_list(len(written))
    for mine, theirs in zip(written, expected, strict=False):
        agreement = compare(mine, theirs, tolerance=_SAME)
        says = says or agreement.message
    if says:
        raise CourseError(
            f"{planning.reference.path.name}: the function by hand disagrees with automatic "
            f"differentiation for part {part.id}: {call}: {says}"
        )


def _entry(oracle: Several, index: int) -> Callable[..., np.ndarray]:
    return lambda **values: oracle(**values)[index]


def _normal(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    # Rounded, so that a call that is shown to a student stays readable.
    drawn = np.round(np.asarray(rng.normal(size=shape)), 3)
    return drawn if drawn.ndim else drawn.item()
