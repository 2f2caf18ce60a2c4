"""The records that the stages hand on."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import records
from grader.records import (
    Arrival,
    Attempt,
    Call,
    Lateness,
    PartResult,
    ProblemResult,
    Status,
    SubmissionResult,
)

CLASSES = [item for item in vars(records).values() if dataclasses.is_dataclass(item)]


@pytest.mark.parametrize("record", CLASSES)
def test_every_record_is_frozen_and_takes_no_further_attributes(record: type) -> None:
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert hasattr(record, "__slots__")


def test_a_call_says_nothing_of_what_is_expected() -> None:
    names = {field.name for field in dataclasses.fields(Call)}
    assert names == {"target", "arguments", "probe", "seed"}


def submission(*parts: PartResult) -> SubmissionResult:
    half = len(parts) // 2
    problems = (ProblemResult("a", "", parts[:half]), ProblemResult("b", "", parts[half:]))
    return SubmissionResult("course", "ada", problems)


def part(status: Status, points: Fraction, of: int) -> PartResult:
    return PartResult("p", status, points, Fraction(of), "")


def test_a_score_is_the_exact_sum_of_all_parts() -> None:
    parts = [part(Status.PARTIAL, Fraction(1, 9), 1) for _ in range(9)]
    assert submission(*parts).score == 1


def test_points_that_wait_for_a_person_are_those_of_pending_parts() -> None:
    graded = part(Status.WRONG, Fraction(0), 7)
    assert submission(graded, part(Status.PENDING, Fraction(0), 5)).pending == 5


def test_the_parts_of_a_submission_stand_in_the_order_of_its_problems() -> None:
    first, second = part(Status.CORRECT, Fraction(1), 1), part(Status.WRONG, Fraction(0), 2)
    assert submission(first, second).parts == (first, second)


def test_nothing_handed_in_scores_nothing() -> None:
    assert submission().score == 0


# ---- lateness ---------------------------------------------------------------------------------

PERCENT = st.fractions(0, 100)
POINTS = st.fractions(0, 100)


@given(
    POINTS,
    st.integers(0, 500),
    st.integers(0, 5),
    PERCENT,
    PERCENT,
    st.none() | POINTS,
    st.none() | st.integers(0, 9),
)
def test_lateness_takes_no_more_than_there_is_and_never_gives(
    earned: Fraction,
    days: int,
    free: int,
    percent: Fraction,
    most: Fraction,
    of: Fraction | None,
    accepted: int | None,
) -> None:
    late = Lateness(
        "",
        days=days,
        free_days=free,
        percent_per_day=percent,
        at_most_percent=most,
        of_points=of,
        accepted_days=accepted,
    )
    assert 0 <= late.deducted(earned) <= earned
    if late.accepted and of is None:
        assert late.deducted(earned) <= earned * most / 100


@given(POINTS, st.integers(0, 30), PERCENT)
def test_coming_later_never_pays(earned: Fraction, days: int, percent: Fraction) -> None:
    def score(late: int) -> Fraction:
        lateness = Lateness("", days=late, free_days=2, percent_per_day=percent, accepted_days=9)
        return earned - lateness.deducted(earned)

    assert score(days) >= score(days + 1)


def test_the_penalty_is_exact() -> None:
    late = Lateness("", days=2, free_days=1, percent_per_day=Fraction("0.1"))
    assert late.deducted(Fraction(1, 3)) == Fraction(1, 3000)


def test_a_score_is_what_was_earned_less_what_lateness_takes() -> None:
    part = PartResult("a", Status.CORRECT, Fraction(31), Fraction(50), "")
    late = Lateness("", days=2, free_days=1, percent_per_day=Fraction(10))
    result = SubmissionResult(
        "hw1", "ada", (ProblemResult("p", "", (part,)),), arrival=Arrival(late)
    )
    assert (result.earned, result.deducted) == (Fraction(31), Fraction(31, 10))
    assert result.score == Attempt(1, Fraction(31), lateness=late).score == Fraction("27.9")
