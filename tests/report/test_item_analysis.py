from __future__ import annotations

from fractions import Fraction

import pytest

from grader.messages import calls
from grader.records import PartOutline, PartResult, Status
from grader.report.item_analysis import PartSummary, part_summary

PART = PartOutline("q", "Q", "value", Fraction(4))


def _result(points: int, status: Status | None = None, wall_s: float = 0.0) -> PartResult:
    found = status or (Status.CORRECT if points == 4 else Status.WRONG)
    return PartResult("q", found, Fraction(points), Fraction(4), "", wall_s=wall_s)


def _summary(points: list[int], rest: list[int]) -> PartSummary:
    results = [_result(each) for each in points]
    scores = [Fraction(own + others) for own, others in zip(points, rest, strict=True)]
    return part_summary(PART, results, scores)


@pytest.mark.parametrize(
    ("points", "rest", "expected"),
    [
        ([0, 2, 4], [1, 3, 5], 1.0),
        ([0, 2, 4], [5, 3, 1], -1.0),
        ([0, 4, 0, 4], [0, 0, 9, 9], 0.0),
        ([4, 0, 4, 0], [6, 3, 6, 9], 0.0),
        ([4, 0, 4, 0], [9, 3, 6, 6], 0.7071067811865476),
    ],
)
def test_discrimination_is_the_correlation_with_the_other_points(
    points: list[int], rest: list[int], expected: float
) -> None:
    assert _summary(points, rest).discrimination == pytest.approx(expected)


@pytest.mark.parametrize(
    ("points", "rest"),
    [([], []), ([4], [1]), ([0, 4], [1, 2]), ([4, 4, 4], [1, 2, 3]), ([0, 2, 4], [3, 3, 3])],
    ids=["nobody", "one", "two", "all the same", "the rest the same"],
)
def test_discrimination_is_not_defined_for_few_or_equal_results(
    points: list[int], rest: list[int]
) -> None:
    assert _summary(points, rest).discrimination is None


def test_only_results_that_are_known_count() -> None:
    not_graded = PartResult("q", Status.SKIPPED, Fraction(0), Fraction(4), calls.NOT_GRADED)
    results = [
        _result(4),
        _result(2),
        _result(0, Status.PENDING),
        _result(0, Status.GRADER_FAULT),
        not_graded,
        None,
    ]
    found = part_summary(PART, results, [Fraction(9)] * 6)
    assert (found.known, found.right, found.mean) == (2, Fraction(1, 2), Fraction(3))
    assert dict(found.counts)[Status.PENDING] == 1


def test_a_part_that_nobody_has_a_result_for_has_no_share() -> None:
    found = part_summary(PART, [None], [Fraction(0)])
    assert (found.right, found.mean, found.seconds, found.slowest) == (None, None, None, None)


def test_the_median_time_and_the_slowest_submission_are_named() -> None:
    results = [_result(4, wall_s=0.2), _result(4, wall_s=3.0), _result(4), _result(4, wall_s=0.4)]
    found = part_summary(PART, results, [Fraction(4)] * 4)
    assert (found.seconds, found.slowest) == (0.4, (3.0, 1))
