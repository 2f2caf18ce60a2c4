from __future__ import annotations

from fractions import Fraction

import pytest

from grader.records import Status
from grader.report.words import STATE_WORDS, STATUS_WORDS, State, state, ungraded, waiting

from . import sample


def test_every_status_and_every_state_has_words() -> None:
    assert set(STATUS_WORDS) == set(Status)
    assert set(STATE_WORDS) == set(State)


def test_no_two_statuses_read_the_same() -> None:
    assert len(set(STATUS_WORDS.values())) == len(Status)


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
