"""`classification_of_points`: what each stationary point is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.errors import CourseError
from grader.kinds import outcomes
from grader.kinds.base import Judging, Kind, PartPlan, Planning
from grader.kinds.points import landscape as land
from grader.kinds.points.landscape import Landscape, PointsPart
from grader.records import (
    Call,
    CaseReport,
    Check,
    Failure,
    Observation,
    Outcome,
    PartResult,
    Status,
)
from grader.spec.models import Model, Points, PythonName


class Accepted(Model):
    """Labels that are accepted at a point beside the one that its eigenvalues give."""

    point: tuple[float, ...]
    labels: tuple[str, ...]


class HessianCheck(Model):
    """A Hessian that is asked for in the same part."""

    function: PythonName = Field(description="The student's function of one point.")
    points: Points


class ClassificationPart(PointsPart):
    """What each of the student's points is: maximum, minimum, saddle or degenerate."""

    kind: Literal["classification_of_points"]
    points_function: PythonName | None = Field(
        None, description="The student's function with the points; not needed for a single one."
    )
    must_include: tuple[tuple[float, ...], ...] = Field(
        (), description="Points without which the part earns at most half."
    )
    also_accepted: tuple[Accepted, ...] = ()
    hessian: HessianCheck | None = None

    @model_validator(mode="after")
    def _hessian_within(self) -> ClassificationPart:
        if self.hessian and self.hessian.points > self.points:
            raise ValueError(
                f"the Hessian has {self.hessian.points} of the part's {self.points} points"
            )
        return self


@dataclass(frozen=True, slots=True)
class Place:
    """Where the student's Hessian is asked for, and what it is there."""

    point: np.ndarray
    hessian: np.ndarray


class ClassificationOfPoints(Kind[ClassificationPart]):
    """`classification_of_points`: a label for each of the student's points, or for the only one."""

    name = "classification_of_points"
    model = ClassificationPart
    probes = (land.PROBE,)

    def plan(self, part: ClassificationPart, planning: Planning) -> PartPlan:
        """Ask for points and labels; for a Hessian, if one is asked for, at the true points.

        All calls are shown: a Hessian that is wrong somewhere is told with the place.
        """
        true = land.landscape(part, planning)
        _require_known(part, true)
        if part.points_function:
            arguments = {"points_function": part.points_function, "follows": ""}
            calls = [Call(part.function, arguments, land.PROBE)]
        else:
            calls = [Call(part.function)]
        places: list[Place] = []
        if part.hessian is not None:
            rng = planning.rng(part)
            points = [*true.points, *rng.normal(size=(5, true.points.shape[1]))]
            places = [Place(point, true.hessian(x=point)) for point in points]
            calls += [Call(part.hessian.function, {"x": point}) for point in points]
        return PartPlan(tuple(calls), (true, *places))

    def judge(
        self,
        part: ClassificationPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Hold each label against the eigenvalues, and the Hessian, if asked for, as its share."""
        true: Landscape = plan.expected[0]
        labels = _labels(part, true, observations[0], reveal=not judging.self_check)
        if part.hessian is None:
            return labels
        hessian, report, failure = _hessian_check(
            part, part.hessian, true, plan.expected[1:], observations[1:]
        )
        share = part.points - part.hessian.points
        earned = labels.points * share / part.points if part.points else Fraction(0)
        both = (hessian, Check("classification", labels.status, earned, share, labels.summary))
        points = earned + hessian.points
        found = land.joined(points, part.points, [check.status for check in both])
        says = " ".join(f"{c.name}: {c.says}" for c in both if c.status is not Status.CORRECT)
        return replace(
            labels,
            points=points,
            status=found,
            summary=says or messages.points.BOTH_RIGHT,
            hint="" if found is Status.CORRECT else part.hint,
            visible=(*labels.visible, *report),
            checks=both,
            failure=labels.failure or failure,
        )


def _labels(
    part: ClassificationPart, true: Landscape, observation: Observation, *, reveal: bool
) -> PartResult:
    if part.points_function:
        read = land.read_probe(part, observation, true.points.shape[1], part.points_function)
        if isinstance(read, PartResult):
            return read
        points, value, _ = read
    else:
        if observation.outcome is not Outcome.RETURNED:
            return outcomes.failed_call(part, observation, part.function, part.file)
        points, value = true.points, observation.value
    labels = [value] if isinstance(value, str) else value
    if not isinstance(labels, list) or not all(isinstance(item, str) for item in labels):
        return land.wrong(part, messages.points.LABELS_EXPECTED)
    if len(labels) != len(points):
        return land.wrong(part, messages.points.label_count(len(labels), len(points)))
    return _judge_labels(part, true, points, labels, reveal=reveal)


def _judge_labels(
    part: ClassificationPart,
    true: Landscape,
    points: np.ndarray,
    labels: list[str],
    *,
    reveal: bool,
) -> PartResult:
    reports: list[CaseReport] = []
    judged: dict[int, bool] = {}  # a point that stands twice counts once
    false: set[tuple[float, ...]] = set()
    for number, (point, label) in enumerate(zip(points, labels, strict=True)):
        nearest, distance = true.nearest(point)
        call = f"{part.function}()" if len(labels) == 1 else f"{part.function}()[{number}]"
        if distance > land.RADIUS["float32"]:
            false.add(land.place(point))
            says = messages.points.not_classified(point)
            reports.append(CaseReport(number + 1, False, call, label[:40], "", says))
            continue
        accepted = accepted_labels(part, true, nearest)
        right = plain_label(label) in accepted
        judged[nearest] = judged.get(nearest, True) and right
        wanted = " or ".join(accepted) if reveal or right else ""
        says = "" if right else messages.points.wrong_label(true.points[nearest], label, wanted)
        reports.append(CaseReport(number + 1, right, call, label[:40], wanted, says))
    required = [(place, true.nearest(np.array(place))[0]) for place in part.must_include]
    total = len(judged) + len(false)
    credit = Fraction(sum(judged.values()), total)
    if any(not judged.get(number, False) for _, number in required):
        credit = min(credit, Fraction(1, 2))
    says_all = [
        messages.points.must_include(place) for place, number in required if number not in judged
    ]
    says_all += dict.fromkeys(report.message for report in reports if report.message)
    summary = " ".join(says_all[:3]) or messages.calls.all_right(total)
    result = land.shared(part, credit, summary, total, sum(judged.values()))
    return replace(result, visible=tuple(reports))


def plain_label(label: str) -> str:
    """Return a label in the one word that it comes down to: "a local maximum" is a maximum."""
    words = label.strip().rstrip(".").lower().replace("-", " ").split()
    kept = [word for word in words if word not in {"a", "local", "strict", "point"}]
    return {"max": "maximum", "min": "minimum"}.get(" ".join(kept), " ".join(kept))


def accepted_labels(part: ClassificationPart, true: Landscape, number: int) -> list[str]:
    """Return the labels that are right at a true point, the one by eigenvalues first."""
    labels = [true.label(true.points[number])]
    for extra in part.also_accepted:
        if true.nearest(np.array(extra.point))[0] == number:
            labels += [label for label in extra.labels if label not in labels]
    return labels


def _require_known(part: ClassificationPart, true: Landscape) -> None:
    """Refuse a spec that names a point which is not among the true ones."""
    named = [("must_include", point) for point in part.must_include]
    named += [("also_accepted", accepted.point) for accepted in part.also_accepted]
    for field, point in named:
        if len(point) != true.points.shape[1] or true.nearest(np.array(point))[1] > 1e-9:
            raise CourseError(f"{part.id}: {field} names {list(point)}, not a stationary point")


def _hessian_check(
    part: ClassificationPart,
    spec: HessianCheck,
    true: Landscape,
    places: Sequence[Place],
    observations: Sequence[Observation],
) -> tuple[Check, tuple[CaseReport, ...], Failure | None]:
    for place, observation in zip(places, observations, strict=True):
        seen = ""
        if observation.outcome is not Outcome.RETURNED:
            says = outcomes.sentence(observation, spec.function, part.file)
            found = outcomes.status(observation, right=False)
        else:
            result = land.compare_hessian(observation.value, true, place.point, place.hessian)
            if result.right:
                continue
            says, found = result.message, Status.WRONG
            seen = "" if result.observed is None else arrays.array_text(result.observed)
        call = arrays.call_text(spec.function, {"x": place.point})
        wanted = arrays.array_text(place.hessian)
        report = CaseReport(len(places), False, call, seen, wanted, says)
        check = Check("Hessian", found, Fraction(0), spec.points, says)
        return check, (report,), observation.failure
    return Check("Hessian", Status.CORRECT, spec.points, spec.points), (), None
