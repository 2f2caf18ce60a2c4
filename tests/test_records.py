"""The records that the stages hand on."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

from grader import records
from grader.records import (
    Call,
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
