"""Kinds about the stationary points of a function.

`stationary_points` judges a set of points, `hessians_at_points` the Hessians at the student's own
points, `classification_of_points` what each point is.  The true set comes from the reference and is
checked when planning: the gradient vanishes at each point, and no point stands twice.

Points are judged by their distance to the true set and not by their gradient: near a degenerate
point the gradient is so flat that a small residual accepts points that are not stationary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import compare
from grader.errors import CourseError
from grader.kinds import outcomes
from grader.kinds.base import Judging, Kind, PartPlan, Planning
from grader.kinds.functions import derivative, numeric
from grader.records import (
    Call,
    CaseReport,
    Check,
    Observation,
    Outcome,
    PartResult,
    Status,
)
from grader.spec.models import FileName, Model, Part, Path, Points, PythonName

PROBE = "grader.probes.points:points_and_values"
RADIUS = {"float64": 1e-6, "float32": 1e-5, "float16": 1e-2}
"""How near a point has to be to a true one, by the precision that the student worked in."""
MAX_POINTS = 1000


class _PointsPart(Part):
    of: PythonName = Field(description="The function, in torch, in the reference.")
    all_points: PythonName = Field(
        description="A function of the reference that returns every stationary point."
    )
    function: PythonName
    file: FileName = "solution.py"

    reference_fields: ClassVar[tuple[str, ...]] = ("of", "all_points")

    @property
    def source_file(self) -> str:
        """The file with the student's function."""
        return self.file


class StationaryPointsPart(_PointsPart):
    """A set of stationary points: at least so many, or exactly all of them."""

    kind: Literal["stationary_points"]
    at_least: int | None = Field(None, ge=1, description="Without it, all of them are asked for.")


class HessiansPart(_PointsPart):
    """The Hessian at each of the student's own points, in their order."""

    kind: Literal["hessians_at_points"]
    points_function: PythonName = Field(description="The student's function with the points.")
    follows: PythonName | None = Field(
        None, description="The student's Hessian of one point; what follows from it is credited."
    )
    at_least: int = Field(1, ge=1, description="How many distinct points are asked for.")


class Accepted(Model):
    """Labels that are accepted at a point beside the one that its eigenvalues give."""

    point: tuple[float, ...]
    labels: tuple[str, ...]


class HessianCheck(Model):
    """A Hessian that is asked for in the same part."""

    function: PythonName = Field(description="The student's function of one point.")
    points: Points


class ClassificationPart(_PointsPart):
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
class Landscape:
    """A function with its true stationary points, as the judge needs it."""

    points: np.ndarray  # (k, d)
    gradient: Callable[..., np.ndarray]
    hessian: Callable[..., np.ndarray]

    def nearest(self, point: np.ndarray) -> tuple[int, float]:
        """Return the number of the nearest true point, and the distance to it."""
        distances = np.linalg.norm(self.points - point, axis=1)
        best = int(np.argmin(distances))
        return best, float(distances[best])

    def label(self, point: np.ndarray) -> str:
        """Return what the eigenvalues of the Hessian say of a point."""
        eigenvalues = np.linalg.eigvalsh(self.hessian(x=point))
        flat = 1e-9 * max(1.0, float(np.max(np.abs(eigenvalues))))
        if np.any(eigenvalues > flat) and np.any(eigenvalues < -flat):
            return "saddle"
        if np.any(np.abs(eigenvalues) <= flat):
            return "degenerate"
        return "minimum" if eigenvalues[0] > 0 else "maximum"


def landscape(part: _PointsPart, planning: Planning) -> Landscape:
    """Return the function of a part with its true points.

    Raises CourseError if the reference's points are not stationary, or stand twice.
    """
    function = planning.reference.function(part.of)
    points = numeric(planning.reference.function(part.all_points))()
    points = np.atleast_2d(points)
    gradient, hessian = derivative(function, "grad", 0), derivative(function, "hessian", 0)
    for number, point in enumerate(points):
        residual = float(np.max(np.abs(gradient(x=point))))
        if not residual <= 1e-12 * max(1.0, float(np.max(np.abs(point)))):
            raise CourseError(
                f"{part.id}: {part.all_points} gives {point.tolist()}, "
                f"where the gradient is {residual:g}"
            )
        if any(np.linalg.norm(point - other) < 1e-6 for other in points[:number]):
            raise CourseError(f"{part.id}: {part.all_points} gives {point.tolist()} twice")
    return Landscape(points, gradient, hessian)


def read_points(value: Any, dimension: int) -> np.ndarray:
    """Return points as an array (k, d); one bare point counts as a list of one.

    Raises NotNumbersError with a sentence for the student.
    """
    points = arrays.as_array(value)
    if points.size == 0:
        raise arrays.NotNumbersError(messages.NO_POINTS)
    if points.shape == (dimension,):
        points = points.reshape(1, dimension)
    if points.ndim != 2 or points.shape[1] != dimension:
        raise arrays.NotNumbersError(messages.points_shape(points.shape, dimension))
    if points.dtype.kind == "c" or not np.all(np.isfinite(points)):
        raise arrays.NotNumbersError(messages.POINTS_NOT_FINITE)
    if len(points) > MAX_POINTS:
        raise arrays.NotNumbersError(messages.too_many_points(len(points), MAX_POINTS))
    return points


class StationaryPoints(Kind[StationaryPointsPart]):
    """`stationary_points`: at least so many, or all; order does not matter."""

    name = "stationary_points"
    model = StationaryPointsPart

    def plan(self, part: StationaryPointsPart, planning: Planning) -> PartPlan:
        """Ask for the points once."""
        return PartPlan((Call(part.function),), (landscape(part, planning),), 1)

    def judge(
        self,
        part: StationaryPointsPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Match each point with the nearest true one; name those that match none."""
        del judging
        (observation,) = observations
        (true,) = plan.expected
        if observation.outcome is not Outcome.RETURNED:
            return outcomes.failed_call(part, observation, part.function, part.file)
        wanted = part.at_least or len(true.points)
        try:
            points = read_points(observation.value, true.points.shape[1])
        except arrays.NotNumbersError as error:
            return _wrong(part, str(error))
        radius = RADIUS[arrays.working_dtype(observation.value)]
        found, false, says = _match(points, true, radius)
        credit = Fraction(min(len(found), wanted), wanted + len(false))
        if credit < 1 and not false:
            says.append(messages.points_missing(len(found), wanted, exactly=part.at_least is None))
        text = arrays.array_text(points)
        asked = messages.points_asked(wanted, exactly=part.at_least is None)
        report = CaseReport(1, credit == 1, f"{part.function}()", text, asked, " ".join(says))
        summary = messages.points_found(len(found)) if credit == 1 else " ".join(says)
        result = _shared(part, credit, summary, len(points), len(points) - len(false))
        return replace(result, visible=(report,))


def _match(
    points: np.ndarray, true: Landscape, radius: float
) -> tuple[set[int], list[np.ndarray], list[str]]:
    found: set[int] = set()
    false: list[np.ndarray] = []
    says: list[str] = []
    for point in points:
        nearest, distance = true.nearest(point)
        if distance <= radius:
            if nearest in found:
                says.append(messages.point_twice(point))
            found.add(nearest)
            continue
        false.append(point)
        if len(false) <= 3:
            gradient = true.gradient(x=point)
            says.append(messages.false_point(point, gradient, true.points[nearest], distance))
    return found, false, says


class HessiansAtPoints(Kind[HessiansPart]):
    """`hessians_at_points`: what follows from the student's own points and own Hessian counts."""

    name = "hessians_at_points"
    model = HessiansPart
    probes = (PROBE,)

    def plan(self, part: HessiansPart, planning: Planning) -> PartPlan:
        """Ask for the points, the Hessians, and the student's own Hessian at each point."""
        arguments = {"points_function": part.points_function, "follows": part.follows or ""}
        call = Call(part.function, arguments, PROBE)
        return PartPlan((call,), (landscape(part, planning),), 1)

    def judge(
        self,
        part: HessiansPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Compare each matrix with the true Hessian there, then with the student's own."""
        del judging
        (true,) = plan.expected
        read = _read_probe(part, observations[0], true.points.shape[1], part.points_function)
        if isinstance(read, PartResult):
            return read
        points, value, own = read
        if not isinstance(value, (list, np.ndarray)) or len(value) != len(points):
            count = len(value) if isinstance(value, list) or np.ndim(value) else 1
            return _wrong(part, messages.hessian_count(count, len(points)))
        reports = []
        distinct: set[bytes] = set()
        right = followed = 0
        for number, point in enumerate(points):
            expected = true.hessian(x=point)
            result = compare(value[number], expected)
            follows = (
                not result.right and number < len(own) and _follows(value[number], own[number])
            )
            if (result.right or follows) and point.tobytes() not in distinct:
                distinct.add(point.tobytes())
                right += 1
                followed += follows
            says = messages.FOLLOWS if follows else result.message
            call = f"{part.function}()[{number}]"
            seen = arrays.array_text(result.observed) if result.observed is not None else ""
            reports.append(
                CaseReport(
                    number + 1,
                    result.right or follows,
                    call,
                    seen,
                    arrays.array_text(expected),
                    f"{messages.at_point(point)} {says}".strip(),
                )
            )
        credit = Fraction(right, max(len(points), part.at_least))
        summary = _hessians_summary(part, reports, right, followed, len(points), credit)
        result_ = _shared(part, credit, summary, len(points), right)
        return replace(result_, visible=tuple(reports))


def _hessians_summary(
    part: HessiansPart,
    reports: list[CaseReport],
    right: int,
    followed: int,
    count: int,
    credit: Fraction,
) -> str:
    if credit == 1:
        return messages.hessians_follow(followed) if followed else messages.all_right(count)
    first = next((report.message for report in reports if not report.right), "")
    if first:
        return first
    return messages.too_few_hessians(right, part.at_least)


def _follows(value: Any, own: Any) -> bool:
    if own is None:
        return False
    try:
        expected = arrays.as_array(own)
    except arrays.NotNumbersError:
        return False
    return compare(value, expected).right


class ClassificationOfPoints(Kind[ClassificationPart]):
    """`classification_of_points`: a label for each of the student's points, or for the only one."""

    name = "classification_of_points"
    model = ClassificationPart
    probes = (PROBE,)

    def plan(self, part: ClassificationPart, planning: Planning) -> PartPlan:
        """Ask for points and labels; for a Hessian, if one is asked for, at the true points."""
        true = landscape(part, planning)
        _require_known(part, true)
        if part.points_function:
            arguments = {"points_function": part.points_function, "follows": ""}
            calls = [Call(part.function, arguments, PROBE)]
        else:
            calls = [Call(part.function)]
        places: list[np.ndarray] = []
        if part.hessian is not None:
            rng = planning.rng(part)
            places = [*true.points, *rng.normal(size=(5, true.points.shape[1]))]
            calls += [Call(part.hessian.function, {"x": place}) for place in places]
        return PartPlan(tuple(calls), (true, *places), 1)

    def judge(
        self,
        part: ClassificationPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Hold each label against the eigenvalues, and the Hessian, if asked for, as its share."""
        del judging
        true: Landscape = plan.expected[0]
        labels = self._labels(part, true, observations[0])
        if part.hessian is None:
            return labels
        share = part.hessian.points
        hessian = _hessian_check(part, part.hessian, true, plan.expected[1:], observations[1:])
        earned = labels.points * (part.points - share) / part.points if part.points else Fraction(0)
        label_check = Check(
            "classification", labels.status, earned, part.points - share, labels.summary
        )
        points = earned + hessian.points
        both = (hessian, label_check)
        says = " ".join(f"{c.name}: {c.says}" for c in both if c.status is not Status.CORRECT)
        return replace(
            labels,
            points=points,
            status=_joined(points, part.points, [hessian.status, label_check.status]),
            summary=says or messages.BOTH_RIGHT,
            checks=both,
        )

    def _labels(
        self, part: ClassificationPart, true: Landscape, observation: Observation
    ) -> PartResult:
        if part.points_function:
            read = _read_probe(part, observation, true.points.shape[1], part.points_function)
            if isinstance(read, PartResult):
                return read
            points, value, _ = read
        else:
            if observation.outcome is not Outcome.RETURNED:
                return outcomes.failed_call(part, observation, part.function, part.file)
            points, value = true.points, observation.value
        labels = [value] if isinstance(value, str) else value
        if not isinstance(labels, list) or not all(isinstance(item, str) for item in labels):
            return _wrong(part, messages.LABELS_EXPECTED)
        if len(labels) != len(points):
            return _wrong(part, messages.label_count(len(labels), len(points)))
        return _judge_labels(part, true, points, labels)


def _judge_labels(
    part: ClassificationPart, true: Landscape, points: np.ndarray, labels: list[str]
) -> PartResult:
    reports: list[CaseReport] = []
    judged: dict[int, bool] = {}
    for number, (point, label) in enumerate(zip(points, labels, strict=True)):
        nearest, distance = true.nearest(point)
        call = f"{part.function}()[{number}]"
        if distance > max(RADIUS["float32"], RADIUS["float64"]):
            says = messages.not_classified(point)
            reports.append(CaseReport(number + 1, False, call, label, "", says))
            continue
        accepted = accepted_labels(part, true, nearest)
        right = label.strip().lower() in accepted
        judged[nearest] = judged.get(nearest, True) and right
        wanted = " or ".join(accepted)
        says = "" if right else messages.wrong_label(true.points[nearest], label, wanted)
        reports.append(CaseReport(number + 1, right, call, label, wanted, says))
    lacking = [
        place
        for place in part.must_include
        if not judged.get(true.nearest(np.array(place))[0], False)
    ]
    right_count = sum(judged.values())
    total = max(len(reports), 1)
    credit = Fraction(min(right_count, total), total)
    says_all = [report.message for report in reports if report.message]
    if lacking:
        credit = min(credit, Fraction(1, 2))
        absent = [p for p in lacking if true.nearest(np.array(p))[0] not in judged]
        says_all += [messages.must_include(place) for place in absent]
    repeated = len(reports) - len(judged)
    if credit < 1 and not says_all and repeated:
        says_all = [messages.LABEL_TWICE]
    summary = " ".join(says_all[:3]) or messages.all_right(len(reports))
    result = _shared(part, credit, summary, len(reports), sum(r.right for r in reports))
    return replace(result, visible=tuple(reports))


def accepted_labels(part: ClassificationPart, true: Landscape, number: int) -> list[str]:
    """Return the labels that are right at a true point, the one by eigenvalues first."""
    labels = [true.label(true.points[number])]
    for extra in part.also_accepted:
        if true.nearest(np.array(extra.point))[0] == number:
            labels += [label for label in extra.labels if label not in labels]
    return labels


def _require_known(part: ClassificationPart, true: Landscape) -> None:
    """Refuse a spec that names a point which is not among the true ones."""
    places: Iterator[tuple[Path, tuple[float, ...]]] = iter(
        [
            *((("must_include", i), p) for i, p in enumerate(part.must_include)),
            *((("also_accepted", i), a.point) for i, a in enumerate(part.also_accepted)),
        ]
    )
    for path, place in places:
        if len(place) != true.points.shape[1] or true.nearest(np.array(place))[1] > 1e-9:
            raise CourseError(f"{part.id}: {path[0]} names {list(place)}, not a stationary point")


def _hessian_check(
    part: ClassificationPart,
    spec: HessianCheck,
    true: Landscape,
    places: Sequence[np.ndarray],
    observations: Sequence[Observation],
) -> Check:
    for place, observation in zip(places, observations, strict=True):
        if observation.outcome is not Outcome.RETURNED:
            says = outcomes.sentence(observation, spec.function, part.file)
            found = outcomes.status(observation, right=False)
            return Check("Hessian", found, Fraction(0), spec.points, says)
        result = compare(observation.value, true.hessian(x=place))
        if not result.right:
            return Check("Hessian", Status.WRONG, Fraction(0), spec.points, result.message)
    return Check("Hessian", Status.CORRECT, spec.points, spec.points)


def _read_probe(
    part: _PointsPart, observation: Observation, dimension: int, points_function: str
) -> PartResult | tuple[np.ndarray, Any, list[Any]]:
    if observation.outcome is not Outcome.RETURNED:
        return outcomes.failed_call(part, observation, part.function, part.file)
    value = observation.value
    if not isinstance(value, Mapping) or not {"points", "values"} <= set(value):
        absent = value.get("missing", part.function) if isinstance(value, Mapping) else ""
        says = messages.no_function(str(absent), part.file)
        return replace(_wrong(part, says), status=Status.MISSING)
    try:
        points = read_points(value["points"], dimension)
    except arrays.NotNumbersError as error:
        return _wrong(part, f"{points_function}: {error}")
    own = value.get("own")
    return points, value["values"], own if isinstance(own, list) else []


def _wrong(part: Part, says: str) -> PartResult:
    return PartResult(
        part.id, Status.WRONG, Fraction(0), part.points, says, hint=part.hint, cases_total=1
    )


def _shared(part: Part, credit: Fraction, summary: str, total: int, right: int) -> PartResult:
    points = part.points * credit
    found = _joined(credit, Fraction(1), [])
    hint = "" if credit == 1 else part.hint
    return PartResult(
        part.id,
        found,
        points,
        part.points,
        summary,
        hint=hint,
        cases_total=total,
        cases_right=right,
    )


def _joined(points: Fraction, of: Fraction, statuses: Sequence[Status]) -> Status:
    """Return the status of a part from its shares; full points only where each share is right."""
    if points == of and all(status is Status.CORRECT for status in statuses):
        return Status.CORRECT
    if points:
        return Status.PARTIAL
    worst = [status for status in statuses if status not in {Status.CORRECT, Status.WRONG}]
    return worst[0] if worst and len(worst) == len(statuses) else Status.WRONG
