"""The words that the reports use for statuses, states and counts, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

from grader import messages
from grader.messages.text import counted, points_text
from grader.records import AssignmentOutline, PartResult, Status, SubmissionResult

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

SIGNS: Mapping[Status, str] = {
    Status.CORRECT: "+",
    Status.PARTIAL: "±",
    Status.WRONG: "\N{MULTIPLICATION SIGN}",
    Status.MISSING: "\N{EN DASH}",
    Status.CRASHED: "!",
    Status.TIMED_OUT: "!",
    Status.OUT_OF_MEMORY: "!",
    Status.REFUSED: "!",
    Status.PENDING: "?",
    Status.SKIPPED: "·",
    Status.GRADER_FAULT: "#",
}
"""The sign of a part in the row of a student: one character of any fixed-width font."""

SIGN_WORDS: Mapping[str, str] = {
    "+": "right",
    "±": "partly right",
    "\N{MULTIPLICATION SIGN}": "wrong",
    "!": "stopped or refused",
    "?": "waits for a person",
    "\N{EN DASH}": "not handed in",
    "·": "skipped",
    "#": "fault of the grader",
}
"""What the legend says of the signs."""

NOT_GRADED_YET = "This part has not been graded yet."
UNCONFINED = (
    "Graded without a sandbox: the code of the submissions ran with all the rights of the person "
    "who graded it."
)


SPOT_WORDS: Mapping[str, str] = {"right": "right", "wrong": "wrong", "missed": "missed"}
"""What the legend of a figure says of a marked point."""

NODE_WORDS: Mapping[str, str] = {
    "right": "right",
    "wrong": "wrong",
    "follows": "follows from an earlier wrong value",
}
"""What the legend of a graph says of a node."""


REASONS: Mapping[str, str] = {
    "files": "other files were handed in",
    "person": "a person gave points",
    "fault": "the grader had failed before",
    "course": "the assignment, its reference or the grader changed",
    "dates": "the due date, an extension or the time of submission changed",
}
"""Why a score is another than before, as far as the gradebook can tell."""


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
    failed = any(attempt.fault for attempt in submission.attempts)
    if failed or Status.GRADER_FAULT in statuses:
        return State.ATTENTION
    return State.REVIEW if Status.PENDING in statuses else State.GRADED


def known(part: PartResult) -> bool:
    """Return whether the points of a part are known: it was graded, and waits for nobody."""
    if part.status in {Status.PENDING, Status.GRADER_FAULT}:
        return False
    return part.status is not Status.SKIPPED or part.summary != messages.calls.NOT_GRADED


def ungraded(submission: SubmissionResult) -> Fraction:
    """Return the points that a fault of the grader kept from being given: unknown, not lost."""
    faults = (part for part in submission.parts if part.status is Status.GRADER_FAULT)
    return sum((part.max_points - part.points for part in faults), Fraction(0))


def bonus(outline: AssignmentOutline, submission: SubmissionResult) -> Fraction:
    """Return how much of a score comes from bonus parts, which the maximum leaves out."""
    extra = {(problem.id, p.id) for problem in outline.problems for p in problem.parts if p.bonus}
    given = (
        part.points
        for problem in submission.problems
        for part in problem.parts
        if (problem.problem, part.id) in extra
    )
    return sum(given, Fraction(0))


def of_them_bonus(points: Fraction) -> str:
    """Return the words behind a score of which so much is bonus.

    >>> of_them_bonus(Fraction(3, 2)), of_them_bonus(Fraction(1))
    ('1.5 of them are bonus', '1 of them is bonus')
    """
    return f"{points_text(points)} of them {'is' if points == 1 else 'are'} bonus"


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
