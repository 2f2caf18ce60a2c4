"""`torch_gradients`: gradients that the student has torch compute.

The values are expected to be those of automatic differentiation in float64 on the reference's torch
function, and torch's autograd has to have run in the call, however it was asked.  That it ran for
these gradients and not for something else cannot be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import Closeness, Tolerance, compare
from grader.compare.conditioning import conditioning
from grader.compare.diagnosis import Sample, diagnose
from grader.errors import CourseError
from grader.kinds import inputs as drawing
from grader.kinds import outcomes, releases
from grader.kinds.base import Judging, Kind, PartPlan, Planning, Released
from grader.kinds.functions.automatic import derivative
from grader.records import Call, CaseReport, Observation, Outcome, PartResult
from grader.spec.functions import FunctionPart
from grader.spec.models import PythonName
from grader.spec.models import Tolerance as ToleranceSpec

PROBE = "grader.probes.autograd_use:call"

_AGREEMENT: Tolerance = ToleranceSpec(rtol=1e-9, atol=1e-9)


class TorchGradientsPart(FunctionPart):
    """The gradients of a scalar function with respect to several of its arguments."""

    kind: Literal["torch_gradients"]
    of: PythonName = Field(description="A torch function of the reference.")
    wrt: tuple[str, ...] = Field(min_length=1, description="The arguments, in order.")
    by_hand: PythonName | None = Field(
        None, description="Of the reference: the same gradients by formulas, to check with."
    )

    reference_fields: ClassVar[tuple[str, ...]] = ("of", "by_hand")

    @model_validator(mode="after")
    def _known_arguments(self) -> TorchGradientsPart:
        for name in self.wrt:
            if name not in self.inputs:
                known = ", ".join(self.inputs)
                raise ValueError(f"wrt names {name!r}; the inputs are {known}")
        if self.mistakes or self.groups:
            raise ValueError("expected neither mistakes nor groups: this kind has none")
        return self


@dataclass(frozen=True, slots=True)
class Gradients:
    """The gradients that are expected of one case, in the order of `wrt`."""

    inputs: Mapping[str, Any]
    values: tuple[np.ndarray, ...]
    conditioning: tuple[Mapping[str, np.ndarray], ...]


class TorchGradients(Kind[TorchGradientsPart]):
    """`torch_gradients`: right values, and computed by torch."""

    name = "torch_gradients"
    model = TorchGradientsPart
    probes = (PROBE,)
    expects = Gradients

    def plan(self, part: TorchGradientsPart, planning: Planning) -> PartPlan:
        """Differentiate the reference's function; hold gradients by hand against it, if any."""
        rng = planning.rng(part)
        cases = drawing.draw(part, rng)
        expected = tuple(_expected(part, planning, case, rng) for case in cases)
        calls = tuple(
            Call(part.function, {"arguments": dict(case)}, PROBE, seed=index)
            for index, case in enumerate(cases)
        )
        return PartPlan(calls, expected, min(part.cases.visible, len(calls)))

    def judge(
        self,
        part: TorchGradientsPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Compare every gradient of every case, and see whether autograd ran in each."""
        del judging
        if not observations:
            return outcomes.nothing_visible(part)
        found = [
            _judged(part, case, observation)
            for case, observation in zip(plan.expected, observations, strict=True)
        ]
        right = [not says and ran for says, ran, _ in found]
        statuses = [
            outcomes.status(observation, right=good)
            for observation, good in zip(observations, right, strict=True)
        ]
        tally = outcomes.Tally.of(part, statuses, plan.visible or 0)
        visible = tuple(
            _report(part, index, plan.expected[index], observations[index], found[index])
            for index in range(plan.visible or 0)
        )
        if tally.all_right:
            return tally.correct(visible, [messages.training.GRADIENTS_RIGHT])
        pattern = "" if any(says for says, _, _ in found) else messages.training.BY_HAND
        pattern = pattern or _pattern(part, plan.expected, observations)
        return tally.failed(observations, visible, pattern)

    def released(self, part: TorchGradientsPart, planning: Planning) -> Released | None:
        """Return the visible cases, if there are any, with their gradients."""
        plan = releases.shown(self.plan(part, planning))
        names = ("function", "file", "inputs", "cases", "tolerance", "wrt")
        return Released(releases.fields(part, names), plan) if plan.calls else None

    def taken_back(self, fields: Mapping[str, Any]) -> TorchGradientsPart:
        """Return the part of a release; the function itself is withheld."""
        return self.model.model_validate(releases.given_back(fields, of=releases.WITHHELD))


def _expected(
    part: TorchGradientsPart,
    planning: Planning,
    case: Mapping[str, Any],
    rng: np.random.Generator,
) -> Gradients:
    function = planning.reference.function(part.of)
    names = list(part.inputs)
    oracles = [derivative(function, "grad", names.index(name)) for name in part.wrt]
    gradients = tuple(oracle(**case) for oracle in oracles)
    if not all(np.all(np.isfinite(item)) for item in gradients):
        raise CourseError(f"{part.id}: the reference gives a gradient that is not finite")
    if part.by_hand is not None:
        written = planning.reference.function(part.by_hand)(**case)
        for name, found, value in zip(part.wrt, written, gradients, strict=True):
            agreement = compare(found, value, tolerance=_AGREEMENT)
            if not agreement.right:
                raise CourseError(
                    f"{planning.reference.path.name}: {part.by_hand} disagrees with automatic "
                    f"differentiation for part {part.id} on {name}: {agreement.message}"
                )
    moved = tuple(
        conditioning(oracle, case, value, rng, rounding=True)
        for oracle, value in zip(oracles, gradients, strict=True)
    )
    return Gradients(case, gradients, moved)


def _judged(
    part: TorchGradientsPart, case: Gradients, observation: Observation
) -> tuple[str, bool, Any]:
    """Return what is wrong with a case's values, whether autograd ran, and what was returned."""
    if observation.outcome is not Outcome.RETURNED:
        return outcomes.sentence(observation, part.function, part.file), False, None
    answer = observation.value if isinstance(observation.value, dict) else {}
    ran = answer.get("ran") is True
    returned = _in_order(part, answer.get("returned"))
    if len(returned) != len(case.values):
        return messages.training.gradient_count(len(part.wrt)), ran, None
    for name, item, result in zip(part.wrt, returned, _compared(part, case, returned), strict=True):
        if not result.right:
            says = messages.training.wrong_gradient(name, result.message)
            return (says if ran else messages.training.also_by_hand(says)), ran, item
    return "", ran, returned


def _in_order(part: TorchGradientsPart, returned: Any) -> list[Any]:
    """Return the gradients as a list: they may come as a list, or as a dict by name."""
    if isinstance(returned, dict):
        values = [returned.get(name, returned.get(f"{name}.g")) for name in part.wrt]
        return [] if any(value is None for value in values) else values
    if isinstance(returned, np.ndarray) and returned.ndim and len(returned) == len(part.wrt):
        return list(returned)  # arrays of one shape may have been stacked
    if len(part.wrt) == 1 and not isinstance(returned, list):
        return [returned]
    return returned if isinstance(returned, list) else []


def _compared(
    part: TorchGradientsPart, case: Gradients, returned: Sequence[Any]
) -> list[Closeness]:
    dtype = arrays.working_dtype(list(returned))
    return [
        compare(item, value, tolerance=part.tolerance, conditioning=moved, dtype=dtype)
        for item, value, moved in zip(returned, case.values, case.conditioning, strict=True)
    ]


def _pattern(
    part: TorchGradientsPart, expected: Sequence[Gradients], observations: Sequence[Observation]
) -> str:
    """Return what is wrong with the first gradient that is, if it is so in every case."""
    for at, name in enumerate(part.wrt):
        samples = []
        for case, observation in zip(expected, observations, strict=True):
            value = observation.value
            answer = value if isinstance(value, dict) else {}
            returned = _in_order(part, answer.get("returned"))
            if len(returned) != len(case.values):
                return ""
            result = _compared(part, case, returned)[at]
            if result.observed is None or result.observed.ndim != case.values[at].ndim:
                return ""
            samples.append(Sample(case.inputs, case.values[at], result.observed, result.wrong))
        if all(sample.wrong is not None and not sample.wrong.any() for sample in samples):
            continue
        found = diagnose(samples, shown=bool(part.cases.visible))
        return messages.training.wrong_gradient(name, found.says) if found else ""
    return ""


def _report(
    part: TorchGradientsPart,
    index: int,
    case: Gradients,
    observation: Observation,
    found: tuple[str, bool, Any],
) -> CaseReport:
    says, ran, _ = found
    call = arrays.call_text(part.function, dict(case.inputs))
    wanted = _text(part, case.values)
    if observation.outcome is not Outcome.RETURNED:
        return CaseReport(index + 1, False, call, "", wanted, says)
    answer = observation.value if isinstance(observation.value, dict) else {}
    returned = _in_order(part, answer.get("returned"))
    seen = _text(part, [item.observed for item in _compared(part, case, returned)]) if (
        len(returned) == len(case.values)
    ) else repr(answer.get("returned"))[:400]  # fmt: skip
    says = says or ("" if ran else messages.training.BY_HAND)
    return CaseReport(index + 1, not says, call, seen, wanted, says)


def _text(part: TorchGradientsPart, values: Sequence[np.ndarray | None]) -> str:
    return "\n".join(
        f"{name}: {'' if value is None else arrays.array_text(value)}"
        for name, value in zip(part.wrt, values, strict=True)
    )
