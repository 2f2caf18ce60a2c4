"""`stationary_points`: a set of points, judged by the distance of each to the nearest true one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field

from grader import messages
from grader.compare import arrays
from grader.kinds import outcomes
from grader.kinds.base import Judging, Kind, PartPlan, Planning
from grader.kinds.points import contours
from grader.kinds.points import landscape as land
from grader.kinds.points.landscape import Landscape, PointsPart
from grader.records import Call, CaseReport, Observation, Outcome, PartResult

_NAMED = 3  # so many false points are named one by one


class StationaryPointsPart(PointsPart):
    """A set of stationary points: at least so many, or exactly all of them."""

    kind: Literal["stationary_points"]
    at_least: int | None = Field(None, ge=1, description="Without it, all of them are asked for.")


class StationaryPoints(Kind[StationaryPointsPart]):
    """`stationary_points`: at least so many, or all; order does not matter."""

    name = "stationary_points"
    model = StationaryPointsPart

    def plan(self, part: StationaryPointsPart, planning: Planning) -> PartPlan:
        """Ask for the points once."""
        return PartPlan((Call(part.function),), (land.landscape(part, planning),))

    def judge(
        self,
        part: StationaryPointsPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Match each point with the nearest true one; name those that match none."""
        (observation,) = observations
        (true,) = plan.expected
        if observation.outcome is not Outcome.RETURNED:
            return outcomes.failed_call(part, observation, part.function, part.file)
        wanted = part.at_least or len(true.points)
        try:
            points = land.read_points(observation.value, true.points.shape[1])
        except arrays.NotNumbersError as error:
            return land.wrong(part, str(error))
        radius = land.RADIUS[arrays.working_dtype(observation.value)]
        found, false, says = _match(points, true, radius, reveal=not judging.self_check)
        credit = Fraction(min(len(found), wanted), wanted + len(false))
        if len(found) < wanted:
            says.append(
                messages.points.points_missing(len(found), wanted, exactly=part.at_least is None)
            )
        text = arrays.array_text(points)
        asked = messages.points.points_asked(wanted, exactly=part.at_least is None)
        report = CaseReport(1, credit == 1, f"{part.function}()", text, asked, " ".join(says))
        summary = messages.points.points_found(len(found)) if credit == 1 else " ".join(says)
        total = len(found) + len(false)
        figure = contours.picture(
            true.surface,
            [point for at, point in enumerate(true.points) if at in found],
            false,
            [p for at, p in enumerate(true.points) if at not in found and len(found) < wanted],
            reveal=not judging.self_check,
        )
        return replace(
            land.shared(part, credit, summary, total, len(found)),
            visible=(report,),
            figures=(figure,) if figure else (),
        )


def _match(
    points: np.ndarray, true: Landscape, radius: float, *, reveal: bool
) -> tuple[set[int], list[np.ndarray], list[str]]:
    """Return which true points were found, which points are false, and sentences on both."""
    found: set[int] = set()
    false: dict[tuple[float, ...], np.ndarray] = {}
    says: list[str] = []
    for point in points:
        nearest, distance = true.nearest(point)
        if distance > radius:
            false.setdefault(land.place(point), point)
            continue
        if nearest in found:
            says.append(messages.points.point_twice(point))
        found.add(nearest)
    for point in [*false.values()][:_NAMED]:
        nearest, distance = true.nearest(point)
        gradient = true.gradient(x=point)
        says.append(messages.points.false_point(point, gradient))
        says += [messages.points.nearest_point(true.points[nearest], distance)] if reveal else []
    if len(false) > _NAMED:
        says.append(messages.points.more_false_points(len(false) - _NAMED))
    return found, [*false.values()], [*dict.fromkeys(says)]
