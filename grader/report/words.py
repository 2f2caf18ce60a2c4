"""The words that the reports use for statuses, states and counts, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

from grader.messages.text import counted
from grader.records import Status, SubmissionResult

STATUS_WORDS: Mapping[Status, str] = {
    Status.CORRECT: "right",
    Status.PARTIAL: "partly right",
    Status.WRONG: "wrong",
    Status.MISSING: "not handed in",
    Status.CRASHED: "stopped with an error",
    Status.TIMED_OUT: "ran out of time",
    Status.OUT_OF_MEMORY: "ran out of memory",
    Status.REFUSED: "refused",
    Status.PENDING: "waits for review",
    Status.SKIPPED: "skipped",
    Status.GRADER_FAULT: "fault of the grader, not of the submission",
}

NOT_GRADED_YET = "This part has not been graded yet."
UNCONFINED = (
    "Graded without a sandbox: the code of the submissions ran with all the rights of the person "
    "who graded it."
)


class State(StrEnum):
    """How far the grading of a submission is."""

    ATTENTION = "attention"
    REVIEW = "review"
    GRADED = "graded"


STATE_WORDS: Mapping[State, str] = {
    State.ATTENTION: "needs attention: grader fault",
    State.REVIEW: "waits for review",
    State.GRADED: "graded",
}


def state(submission: SubmissionResult) -> State:
    """Return how far a submission is; a fault of the grader comes before waiting for a person."""
    statuses = {part.status for part in submission.parts}
    if Status.GRADER_FAULT in statuses:
        return State.ATTENTION
    return State.REVIEW if Status.PENDING in statuses else State.GRADED


def ungraded(submission: SubmissionResult) -> Fraction:
    """Return the points that a fault of the grader kept from being given: unknown, not lost."""
    faults = (part for part in submission.parts if part.status is Status.GRADER_FAULT)
    return sum((part.max_points - part.points for part in faults), Fraction(0))


def waiting(points: Fraction) -> str:
    """Return the sentence about points that a person has still to give.

    >>> waiting(Fraction(20)), waiting(Fraction(1))
    ('20 points wait for a person', '1 point waits for a person')
    """
    return f"{counted(points, 'point')} {'waits' if points == 1 else 'wait'} for a person"


def in_state(number: int, which: State) -> str:
    """Return how many submissions are in a state, as part of a sentence.

    >>> in_state(1, State.REVIEW), in_state(2, State.ATTENTION), in_state(3, State.GRADED)
    ('1 waits for review', '2 need attention', '3 graded')
    """
    one = number == 1
    if which is State.GRADED:
        return f"{number} graded"
    if which is State.REVIEW:
        return f"{number} {'waits' if one else 'wait'} for review"
    return f"{number} {'needs' if one else 'need'} attention"
