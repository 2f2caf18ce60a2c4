"""`hessians_at_points`: the Hessian at each of the student's own points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import Closeness, compare
from grader.kinds.base import Judging, Kind, PartPlan, Planning
from grader.kinds.points import landscape as land
from grader.kinds.points.landscape import Landscape, PointsPart
from grader.records import Call, CaseReport, Observation, PartResult
from grader.spec.models import PythonName


class HessiansPart(PointsPart):
    """The Hessian at each of the student's own points, in their order."""

    kind: Literal["hessians_at_points"]
    points_function: PythonName = Field(description="The student's function with the points.")
    follows: PythonName | None = Field(
        None, description="The student's Hessian of one point; what follows from it is credited."
    )
    at_least: int = Field(1, ge=1, description="How many distinct points are asked for.")


class HessiansAtPoints(Kind[HessiansPart]):
    """`hessians_at_points`: what follows from the student's own points and own Hessian counts."""

    name = "hessians_at_points"
    model = HessiansPart
    probes = (land.PROBE,)

    def plan(self, part: HessiansPart, planning: Planning) -> PartPlan:
        """Ask for the points, the Hessians, and the student's own Hessian at each point."""
        arguments = {"points_function": part.points_function, "follows": part.follows or ""}
        call = Call(part.function, arguments, land.PROBE)
        return PartPlan((call,), (land.landscape(part, planning),))

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
        dimension = true.points.shape[1]
        read = land.read_probe(part, observations[0], dimension, part.points_function)
        if isinstance(read, PartResult):
            return read
        points, value, own = read
        try:
            matrices = _matrices(value, len(points), dimension)
        except arrays.NotNumbersError as error:
            return land.wrong(part, str(error))
        own = own if _varies_as(own, points, true) else []
        reports = []
        places: dict[tuple[float, ...], bool] = {}  # a point that stands twice counts once
        followed = 0
        for number, point in enumerate(points):
            result = _closeness(matrices[number], true, point)
            follows = (
                not result.right and number < len(own) and _follows(result, matrices, own, number)
            )
            right = result.right or follows
            key = land.place(point)
            followed += follows and key not in places
            places[key] = places.get(key, True) and right
            reports.append(_report(part, number, point, true, result, follows=follows))
        right_count = sum(places.values())
        credit = Fraction(right_count, max(len(places), part.at_least))
        summary = _summary(part, reports, right_count, followed, credit)
        result_ = land.shared(part, credit, summary, len(places), right_count)
        return replace(result_, visible=tuple(reports))


def _matrices(value: Any, count: int, dimension: int) -> Any:
    """Return a list or array of as many matrices as there are points.

    Raises NotNumbersError with a sentence for the student.
    """
    if not isinstance(value, (list, np.ndarray)):
        arrays.as_array(value)  # says what it is, if it is not even a number
    found = len(value) if isinstance(value, list) or np.ndim(value) else 1
    if count == 1 and np.shape(_numbers(value)) == (dimension, dimension):
        return [value]
    if np.ndim(_numbers(value)) == 0:
        says = messages.results.wrong_shape((), (count, dimension, dimension))
        raise arrays.NotNumbersError(says)
    if found != count:
        raise arrays.NotNumbersError(messages.points.hessian_count(found, count))
    return value


def _numbers(value: Any) -> np.ndarray:
    """Return a value as an array where it is one; else an empty one, which fits no shape."""
    try:
        return arrays.as_array(value)
    except arrays.NotNumbersError:
        return np.array([])


def _closeness(matrix: Any, true: Landscape, point: np.ndarray) -> Closeness:
    """Compare with the Hessian at the point, or at the true point that it stands for.

    Points found by iteration are exact to some digits only, Hessians written by hand to all.
    """
    closeness = land.compare_hessian(matrix, true, point)
    nearest, distance = true.nearest(point)
    if closeness.right or distance > land.RADIUS["float64"]:
        return closeness
    exact = land.compare_hessian(matrix, true, true.points[nearest])
    return exact if exact.right else closeness


def _follows(result: Closeness, matrices: Any, own: list[Any], number: int) -> bool:
    """Whether a matrix is what the student's own Hessian gives, and at least has its shape."""
    if result.observed is None or result.wrong is None:
        return False
    return compare(matrices[number], _numbers(own[number])).right


def _varies_as(own: list[Any], points: np.ndarray, true: Landscape) -> bool:
    """Whether the student's own Hessian differs between points wherever the true one does.

    Zeros everywhere are the Hessian of nothing, and nothing follows from them.
    """
    seen = {matrix.tobytes() for matrix in map(_numbers, own) if matrix.size}
    there = {true.hessian(x=point).tobytes() for point in points}
    return len(seen) > 1 or len(there) == 1


def _report(
    part: HessiansPart,
    number: int,
    point: np.ndarray,
    true: Landscape,
    result: Closeness,
    *,
    follows: bool,
) -> CaseReport:
    says = messages.points.FOLLOWS if follows else result.message
    return CaseReport(
        number + 1,
        result.right or follows,
        f"{part.function}()[{number}]",
        arrays.array_text(result.observed) if result.observed is not None else "",
        arrays.array_text(true.hessian(x=point)),
        f"{messages.points.at_point(point)} {says}".strip(),
    )


def _summary(
    part: HessiansPart, reports: list[CaseReport], right: int, followed: int, credit: Fraction
) -> str:
    if credit == 1:
        return (
            messages.points.hessians_follow(followed)
            if followed
            else messages.calls.all_right(right)
        )
    first = next((report.message for report in reports if not report.right), "")
    return first or messages.points.too_few_hessians(right, part.at_least)
