from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from grader.records import ProblemOutline, Status
from grader.report.words import (
    NODE_WORDS,
    SPOT_WORDS,
    STATE_WORDS,
    STATUS_WORDS,
    State,
    bonus,
    state,
    ungraded,
    waiting,
)

from . import sample


def test_every_status_and_every_state_has_words() -> None:
    assert set(STATUS_WORDS) == set(Status)
    assert set(STATE_WORDS) == set(State)


def test_no_two_statuses_read_the_same() -> None:
    assert len(set(STATUS_WORDS.values())) == len(Status)


def test_states_of_one_figure_read_differently() -> None:
    assert len(set(SPOT_WORDS.values())) == len(SPOT_WORDS)
    assert len(set(NODE_WORDS.values())) == len(NODE_WORDS)


def test_only_what_bonus_parts_gave_is_bonus() -> None:
    whole = sample.outline()
    assert bonus(whole, sample.finished()) == 0
    extra = replace(whole, problems=tuple(_all_bonus(problem) for problem in whole.problems[3:4]))
    assert bonus(extra, sample.finished()) == Fraction(4999, 1000) + 5 + 8


def _all_bonus(problem: ProblemOutline) -> ProblemOutline:
    return replace(problem, parts=tuple(replace(part, bonus=True) for part in problem.parts))


def test_a_fault_of_the_grader_comes_before_waiting_for_a_person() -> None:
    assert state(sample.faulty()) is State.ATTENTION
    assert state(sample.worked()) is State.REVIEW
    assert state(sample.finished()) is State.GRADED


def test_the_points_of_a_fault_are_open() -> None:
    assert ungraded(sample.faulty()) == 5
    assert ungraded(sample.worked()) == 0


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (Fraction(20), "20 points wait for a person"),
        (Fraction(1), "1 point waits for a person"),
        (Fraction(1, 2), "0.5 points wait for a person"),
    ],
)
def test_the_points_that_wait_are_said_in_a_sentence(points: Fraction, sentence: str) -> None:
    assert waiting(points) == sentence
