"""Kinds that call one function on drawn inputs: `value`, `gradient`, `jacobian`, `hessian`.

They differ only in where the expected array comes from.  For a value it is the reference function
itself; for a derivative it is automatic differentiation in float64 of the reference's torch form of
the function, and the hand-written derivative in the reference, where there is one, has to agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal, TypeVar

import numpy as np
from pydantic import Field, model_validator

from grader.compare import arrays
from grader.compare.closeness import compare
from grader.compare.conditioning import conditioning
from grader.errors import CourseError
from grader.kinds import inputs as drawing
from grader.kinds import outcomes, releases
from grader.kinds.base import Example, Judging, Kind, PartPlan, Planning, Released
from grader.kinds.functions.array_verdicts import Expected, judge_cases
from grader.kinds.functions.automatic import Oracle, derivative, numeric
from grader.records import Call, Failure, Observation, Outcome, PartResult
from grader.spec.functions import FunctionPart
from grader.spec.models import Mistake, PythonName, Tolerance

PartT = TypeVar("PartT", bound=FunctionPart)


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
