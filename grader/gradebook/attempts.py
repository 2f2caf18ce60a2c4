"""Several attempts of a student, joined into the one that counts: the best, or of equals the last.

In the gradebook each attempt is a submission of its own, `ada/attempt-2`; in a report there is one
submission for each student.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from grader.records import Attempt, Change, LatenessChange, Status, SubmissionResult

ChangeT = TypeVar("ChangeT", Change, LatenessChange)


def by_student(submissions: Iterable[SubmissionResult]) -> tuple[SubmissionResult, ...]:
    """Return one submission for each student, sorted by name."""
    students: dict[str, list[SubmissionResult]] = {}
    for submission in submissions:
        name = submission.arrival.student or submission.submission
        students.setdefault(name, []).append(submission)
    return tuple(_joined(name, students[name]) for name in sorted(students))


def _joined(student: str, found: Sequence[SubmissionResult]) -> SubmissionResult:
    own = [submission for submission in found if submission.arrival.student]
    if not own:
        return found[0]
    ordered = sorted(own, key=lambda each: each.arrival.attempt)
    best = max(ordered, key=lambda each: (each.score, each.arrival.attempt))
    return replace(best, submission=student, attempts=tuple(map(_attempt, ordered)))


def _attempt(submission: SubmissionResult) -> Attempt:
    return Attempt(
        submission.arrival.attempt,
        submission.earned,
        submission.pending,
        submission.lateness,
        any(part.status is Status.GRADER_FAULT for part in submission.parts),
    )


def of_students(
    changes: Iterable[ChangeT], submissions: Iterable[SubmissionResult]
) -> tuple[ChangeT, ...]:
    """Return the changes of these submissions, each under the name of its student."""
    known = {each.submission: each.arrival for each in submissions}
    return tuple(
        replace(
            change,
            submission=known[change.submission].student or change.submission,
            attempt=known[change.submission].attempt if known[change.submission].student else 0,
        )
        for change in changes
        if change.submission in known
    )
