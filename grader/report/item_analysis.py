"""How a class did on each part: what test theory calls an item analysis.

Only results that are known count: what waits for a person, was never graded, or met a fault of the
grader is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import StatisticsError, correlation, median

from grader.records import PartOutline, PartResult, Status
from grader.report.words import known

FEWEST = 3
"""Submissions that a correlation needs to mean anything at all."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of one part of one submission."""

    result: PartResult
    rest: Fraction  # the points of the submission's other parts
    place: int  # of the submission, among all


@dataclass(frozen=True, slots=True)
class PartSummary:
    """How the class did on one part."""

    outline: PartOutline
    counts: tuple[tuple[Status, int], ...]  # in the order of Status, only what occurs
    known: int  # how many results are known
    right: Fraction | None  # the share of them that is right
    mean: Fraction | None  # their points
    discrimination: float | None  # item-rest correlation; None where it is not defined
    seconds: float | None  # the median time of those that ran
    slowest: tuple[float, int] | None  # the longest time, and the place of its submission


def part_summary(
    outline: PartOutline, results: Sequence[PartResult | None], scores: Sequence[Fraction]
) -> PartSummary:
    """Return how the class did on a part, from its results and the scores of all submissions."""
    counts = Counter(result.status for result in results if result is not None)
    items = [
        Item(result, score - result.points, place)
        for place, (result, score) in enumerate(zip(results, scores, strict=True))
        if result is not None and known(result)
    ]
    right = sum(item.result.status is Status.CORRECT for item in items)
    points = sum((item.result.points for item in items), Fraction(0))
    times = [(item.result.wall_s, item.place) for item in items if item.result.wall_s > 0]
    return PartSummary(
        outline=outline,
        counts=tuple((status, counts[status]) for status in Status if counts[status]),
        known=len(items),
        right=Fraction(right, len(items)) if items else None,
        mean=points / len(items) if items and outline.max_points else None,
        discrimination=discrimination(items),
        seconds=median(seconds for seconds, _ in times) if times else None,
        slowest=max(times, key=lambda each: each[0], default=None),
    )


def discrimination(items: Sequence[Item]) -> float | None:
    """Return the item-rest correlation: Pearson's, of a part's points and all other points.

    Leaving the part out of the total keeps it from being correlated with itself (Henrysson 1963).
    None for fewer than three submissions, or where either side is the same for all of them.
    """
    if len(items) < FEWEST:
        return None
    own = [float(item.result.points) for item in items]
    rest = [float(item.rest) for item in items]
    try:
        return correlation(own, rest)
    except StatisticsError:  # one of them is constant
        return None
