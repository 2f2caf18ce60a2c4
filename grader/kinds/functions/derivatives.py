"""Kinds that call one function on drawn inputs: `value`, `gradient`, `jacobian`, `hessian`.

They differ only in where the expected array comes from.  For a value it is the reference function
itself; for a derivative it is automatic differentiation in float64 of the reference's torch form of
the function, and the hand-written derivative in the reference, where there is one, has to agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, ClassVar, Literal, TypeVar

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import Closeness, Difference, compare
from grader.compare.conditioning import conditioning
from grader.compare.diagnosis import Sample, diagnose
from grader.compare.grids import grid
from grader.errors import CourseError
from grader.kinds import inputs as drawing
from grader.kinds import outcomes, releases
from grader.kinds.base import Example, Judging, Kind, PartPlan, Planning, Released
from grader.kinds.functions.automatic import Oracle, derivative, numeric
from grader.records import Call, CaseReport, Failure, Observation, Outcome, PartResult
from grader.spec.functions import FunctionPart
from grader.spec.models import Mistake, PythonName, Tolerance

PartT = TypeVar("PartT", bound=FunctionPart)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one case."""

    inputs: Mapping[str, Any]
    value: np.ndarray
    conditioning: Mapping[str, np.ndarray]
    mistakes: Mapping[str, np.ndarray] = field(default_factory=dict)
    group: str = ""  # the name of the case's group, if it is in one


class ValuePart(FunctionPart):
    """The value of a function."""

    kind: Literal["value"]
    of: PythonName | None = Field(
        None, description="The reference function; by default the one of the same name."
    )

    def reference_names(self) -> Any:
        """Yield the function that gives the values, and those of the mistakes."""
        yield ("of",) if self.of else ("function",), self.of or self.function
        yield from super().reference_names()


class DerivativePart(FunctionPart):
    """A derivative of a reference function with respect to one of its arguments."""

    of: PythonName = Field(description="A torch function of the reference.")
    wrt: str | None = Field(None, description="The argument; by default the first.")

    reference_fields: ClassVar[tuple[str, ...]] = ("of",)

    @model_validator(mode="after")
    def _known_argument(self) -> DerivativePart:
        if not self.inputs:
            raise ValueError("a derivative needs at least one input")
        if self.wrt is not None and self.wrt not in self.inputs:
            raise ValueError(f"wrt names {self.wrt!r}; the inputs are {', '.join(self.inputs)}")
        return self


class GradientPart(DerivativePart):
    """The gradient of a scalar function."""

    kind: Literal["gradient"]


class JacobianPart(DerivativePart):
    """The Jacobian of a function, outputs first."""

    kind: Literal["jacobian"]


class HessianPart(DerivativePart):
    """The Hessian of a scalar function."""

    kind: Literal["hessian"]


class FunctionKind(Kind[PartT]):
    """The plan and the judgement that all of them share."""

    expects = Expected

    def oracle(self, part: PartT, planning: Planning) -> Oracle:
        """Return the function that computes what is expected, as float64 arrays."""
        raise NotImplementedError

    def nearby(self, part: PartT, planning: Planning) -> Oracle | None:
        """Return a quicker function for values near a case, which only measure conditioning."""
        del part, planning
        return None

    def plan(self, part: PartT, planning: Planning) -> PartPlan:
        """Draw the inputs and compute what is expected of them, right and wrong."""
        rng = planning.rng(part)
        drawn = [("", case) for case in drawing.draw(part, rng)]
        shown = min(part.cases.visible, len(drawn))
        for group in part.groups:
            drawn += [(group.name, case) for case in drawing.draw_group(part, group, rng)]
        oracle = self.oracle(part, planning)
        nearby = self.nearby(part, planning) or oracle
        expected = [
            _expect(part, planning, oracle, nearby, case, rng, group) for group, case in drawn
        ]
        _tell_apart(part, expected)
        calls = tuple(
            Call(part.function, dict(case), seed=index) for index, (_, case) in enumerate(drawn)
        )
        return PartPlan(calls, tuple(expected), shown)

    def judge(
        self, part: PartT, plan: PartPlan, observations: Sequence[Observation], judging: Judging
    ) -> PartResult:
        """Compare every case, and say what a wrong answer looks like."""
        del judging
        if not observations:
            return outcomes.nothing_visible(part)
        return judge_cases(part, plan, observations)

    def released(self, part: PartT, planning: Planning) -> Released | None:
        """Return the visible cases, if there are any, with their values."""
        plan = releases.shown(self.plan(part, planning))
        if not plan.calls:
            return None
        expected = tuple(replace(case, mistakes={}) for case in plan.expected)
        names = ("function", "file", "inputs", "cases", "tolerance", "shapes", "wrt")
        return Released(releases.fields(part, names), replace(plan, expected=expected))

    def taken_back(self, fields: Mapping[str, Any]) -> PartT:
        """Return the part of a release; what it was derived of is withheld."""
        return self.model.model_validate(releases.given_back(fields, of=releases.WITHHELD))

    def mistaken(self, part: PartT, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return what the function that makes a mistake returns in every case."""
        return [
            Example(
                mistake.name,
                tuple(_made(mistake, expected, planning) for expected in plan.expected),
            )
            for mistake in part.mistakes
        ]


def _made(mistake: Mistake, expected: Expected, planning: Planning) -> Observation:
    """Return what is observed of a mistake; hidden groups of cases have no values of it yet."""
    value = expected.mistakes.get(mistake.name)
    if value is None:
        try:
            with np.errstate(all="ignore"):
                function = numeric(planning.reference.function(mistake.function))
                value = function(**expected.inputs)
        except CourseError:
            raise
        except Exception as error:  # noqa: BLE001  (a mistake may fail where others do not)
            return Observation(Outcome.RAISED, failure=Failure(type(error).__name__, str(error)))
    return Observation(Outcome.RETURNED, value)


def judge_cases(
    part: FunctionPart, plan: PartPlan, observations: Sequence[Observation]
) -> PartResult:
    """Return the verdict on a function from what it returned for every case of a plan.

    What is expected of each case is an `Expected`.
    """
    cases = list(zip(plan.expected, observations, strict=True))
    names = list(dict.fromkeys(expected.group for expected in plan.expected))
    by_group = [(name, [pair for pair in cases if pair[0].group == name]) for name in names]
    if len(by_group) == 1:
        return _judge_group(part, by_group[0][1], plan.visible or 0)
    shares = {group.name: group.points for group in part.groups}
    shares[""] = part.points - sum(shares.values(), Fraction(0))
    results = {}
    for name, pairs in by_group:
        share = part.model_copy(update={"points": shares[name]})
        results[name] = _judge_group(share, pairs, 0 if name else plan.visible or 0)
    return outcomes.from_groups(part, results)


def _judge_group(
    part: FunctionPart, cases: Sequence[tuple[Expected, Observation]], shown: int
) -> PartResult:
    plan = [expected for expected, _ in cases]
    observations = [observation for _, observation in cases]
    results = [_closeness(part, observation, expected) for expected, observation in cases]
    statuses = [
        outcomes.status(observation, right=result is not None and result.right)
        for observation, result in zip(observations, results, strict=True)
    ]
    tally = outcomes.Tally.of(part, statuses, shown)
    visible = tuple(
        _report(part, index, plan[index], observations[index], results[index])
        for index in range(shown)
    )
    changed = outcomes.changed_inputs(observations)
    if tally.all_right:
        note = next((r.note for r in results if r is not None and r.note), "")
        return tally.correct(visible, notes=[note, changed])
    mistake = _known_mistake(part, plan, observations)
    if mistake is not None:
        return tally.known_mistake(mistake, visible)
    pattern = _pattern(plan, results, shown=bool(shown))
    return tally.failed(observations, visible, pattern, changed)


class Value(FunctionKind[ValuePart]):
    """`value`: what a reference function returns."""

    name = "value"
    model = ValuePart

    def oracle(self, part: ValuePart, planning: Planning) -> Oracle:
        """Return the reference function, as a function to float64 arrays."""
        return numeric(planning.reference.function(part.of or part.function))


class _Derivative(FunctionKind[PartT]):
    transform: ClassVar[str]

    def oracle(self, part: PartT, planning: Planning) -> Oracle:
        """Return automatic differentiation in float64, checked against the derivative by hand."""
        assert isinstance(part, DerivativePart)  # noqa: S101  (for the type checker)
        names = list(part.inputs)
        function = planning.reference.function(part.of)
        automatic = derivative(function, self.transform, names.index(part.wrt or names[0]))
        by_hand = self.nearby(part, planning)
        if by_hand is None:
            return automatic
        return _cross_checked(automatic, by_hand, part, planning.reference.path.name)

    def nearby(self, part: PartT, planning: Planning) -> Oracle | None:
        """Return the derivative by hand, if there is one: it was checked at the case itself."""
        by_hand = getattr(planning.reference.loaded, part.function, None)
        return None if by_hand is None else numeric(by_hand)


class Gradient(_Derivative[GradientPart]):
    """`gradient`: of a scalar function."""

    name = "gradient"
    model = GradientPart
    transform = "grad"


class Jacobian(_Derivative[JacobianPart]):
    """`jacobian`: of an array function, with the axes of the output first."""

    name = "jacobian"
    model = JacobianPart
    transform = "jacrev"


class Hessian(_Derivative[HessianPart]):
    """`hessian`: of a scalar function."""

    name = "hessian"
    model = HessianPart
    transform = "hessian"


def _cross_checked(automatic: Oracle, by_hand: Oracle, part: FunctionPart, file: str) -> Oracle:
    def evaluate(**values: Any) -> np.ndarray:
        expected = automatic(**values)
        written = by_hand(**values)
        agreement = compare(written, expected, tolerance=Tolerance(rtol=1e-9, atol=1e-9))
        if not agreement.right:
            raise CourseError(
                f"{file}: {part.function} disagrees with automatic differentiation for part "
                f"{part.id}: {arrays.call_text(part.function, dict(values))}: {agreement.message}"
            )
        return expected

    return evaluate


def _expect(
    part: FunctionPart,
    planning: Planning,
    oracle: Oracle,
    nearby: Oracle,
    case: Mapping[str, Any],
    rng: np.random.Generator,
    group: str,
) -> Expected:
    try:
        with np.errstate(all="ignore"):
            value = oracle(**case)
            automatic = isinstance(part, DerivativePart)
            moved = conditioning(nearby, case, value, rng, rounding=automatic)
            wrong = {
                mistake.name: numeric(planning.reference.function(mistake.function))(**case)
                for mistake in ([] if group else part.mistakes)
            }
    except CourseError:
        raise
    except Exception as error:
        call = arrays.call_text(part.function, dict(case))
        raise CourseError(f"{part.id}: the reference fails for {call}: {error!r}") from error
    if not np.all(np.isfinite(value)):
        call = arrays.call_text(part.function, dict(case))
        raise CourseError(f"{part.id}: the reference gives {value} for {call}")
    return Expected(case, value, moved, wrong, group)


def _tell_apart(part: FunctionPart, expected: Sequence[Expected]) -> None:
    """Refuse a declared mistake that no case tells from the right answer."""
    for mistake in part.mistakes:
        if all(
            compare(e.mistakes[mistake.name], e.value, tolerance=part.tolerance).right
            for e in expected
            if not e.group
        ):
            raise CourseError(
                f"{part.id}: the mistake {mistake.name!r} equals the right answer in every case"
            )


def _closeness(
    part: FunctionPart, observation: Observation, expected: Expected
) -> Closeness | None:
    if observation.outcome is not Outcome.RETURNED:
        return None
    return _compared(part, observation, expected, expected.value)


def _compared(
    part: FunctionPart, observation: Observation, case: Expected, wanted: np.ndarray
) -> Closeness:
    """Compare what came back with the right answer to a case, or with a wrong one."""
    same_shape = wanted.shape == case.value.shape  # a wrong answer may be transposed
    return compare(
        observation.value,
        wanted,
        tolerance=part.tolerance,
        conditioning=case.conditioning if same_shape else None,
        columns=part.shapes == "columns",
    )


def _known_mistake(
    part: FunctionPart, expected: Sequence[Expected], observations: Sequence[Observation]
) -> Any:
    if any(case.group for case in expected):
        return None  # a mistake is told by the ordinary cases
    for mistake in part.mistakes:
        if all(
            observation.outcome is Outcome.RETURNED
            and _compared(part, observation, case, case.mistakes[mistake.name]).right
            for observation, case in zip(observations, expected, strict=True)
        ):
            return mistake
    return None


def _pattern(
    expected: Sequence[Expected], results: Sequence[Closeness | None], *, shown: bool
) -> str:
    samples = []
    for case, result in zip(expected, results, strict=True):
        if result is None or result.observed is None:
            return ""  # a pattern is only named where every case returned numbers
        if result.difference is Difference.SHAPE and result.observed.ndim != case.value.ndim:
            return ""
        samples.append(Sample(case.inputs, case.value, result.observed, result.wrong))
    found = diagnose(samples, shown=shown)
    return found.says if found else ""


def _report(
    part: FunctionPart,
    index: int,
    expected: Expected,
    observation: Observation,
    result: Closeness | None,
) -> CaseReport:
    call = arrays.call_text(part.function, dict(expected.inputs))
    wanted = arrays.array_text(expected.value)
    if result is None:
        says = outcomes.sentence(observation, part.function, part.file)
        return CaseReport(index + 1, False, call, "", wanted, says)
    observed = repr(observation.value)[:400]
    worst = seen = there = ""
    table = None
    if result.observed is not None:
        observed = arrays.array_text(result.observed)
        table = grid(result, expected.value)
        if result.worst is not None and result.worst != ():
            worst = messages.results.index_text(result.worst)
            pair = result.observed[result.worst], expected.value[result.worst]
            seen, there = messages.results.two_numbers(*pair)
    says = result.message or result.note
    return CaseReport(
        index + 1, result.right, call, observed, wanted, says, worst, seen, there, table
    )
