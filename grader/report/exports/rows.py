"""The gradebook as exports see it: for each submission its parts, and how far each is known.

What is not known yet is never a zero.  A part that waits for a person, that was left out of every
run, or that the grader failed on has no points here, and each format says so in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from grader import messages
from grader.messages.text import points_text
from grader.records import (
    AssignmentReport,
    PartOutline,
    PartResult,
    ProblemOutline,
    Status,
    SubmissionResult,
)
from grader.report.submission_page import arrival
from grader.report.text import printable

_NAMED = 5


class Standing(StrEnum):
    """How far a part or a submission is, from the best to the worst."""

    GRADED = "graded"
    WAITING = "waiting"  # for a person
    UNGRADED = "ungraded"  # left out of every run so far
    FAULT = "fault"  # of the grader


_WORST_FIRST = (Standing.FAULT, Standing.UNGRADED, Standing.WAITING)


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a submission, with its place in the assignment."""

    problem: ProblemOutline
    outline: PartOutline
    result: PartResult

    @property
    def standing(self) -> Standing:
        """How far the part is."""
        if self.result.status is Status.GRADER_FAULT:
            return Standing.FAULT
        if self.result.status is Status.PENDING:
            return Standing.WAITING
        skipped = self.result.status is Status.SKIPPED
        if skipped and self.result.summary == messages.calls.NOT_GRADED:
            return Standing.UNGRADED
        return Standing.GRADED

    @property
    def points(self) -> Fraction | None:
        """The points, if they are known."""
        return self.result.points if self.standing is Standing.GRADED else None

    @property
    def spare(self) -> bool:
        """Whether it was left out and may be: a bonus, or questions that give no points."""
        costless = self.outline.bonus or not self.result.max_points
        return costless and self.result.status is Status.MISSING

    @property
    def lost(self) -> Fraction:
        """The points that the submission lost here; a bonus that was left out costs none."""
        if self.points is None or self.outline.bonus:
            return Fraction(0)
        return max(Fraction(0), self.result.max_points - self.points)


@dataclass(frozen=True, slots=True)
class Row:
    """A submission and its parts, in the order of the assignment."""

    submission: SubmissionResult
    parts: tuple[PartRow, ...]

    @property
    def id(self) -> str:
        """The name of the submission, as it was handed in."""
        return self.submission.submission

    @property
    def standing(self) -> Standing:
        """How far the submission is: as far as its worst part."""
        found = {part.standing for part in self.parts}
        if any(attempt.fault for attempt in self.submission.attempts):
            return Standing.FAULT  # another attempt may be the better one
        return next((each for each in _WORST_FIRST if each in found), Standing.GRADED)

    @property
    def score(self) -> Fraction | None:
        """The points so far, after lateness; None if a part was not graded at all."""
        known = self.standing in {Standing.GRADED, Standing.WAITING}
        return self.submission.score if known else None

    @property
    def days_late(self) -> int | None:
        """How many days late it is; None if nobody knows, or there is no due date."""
        late = self.submission.lateness
        return late.days if late and late.submitted_at else None


def dated(found: Iterable[Row]) -> bool:
    """Return whether the submissions were due at some time."""
    return any(row.submission.lateness for row in found)


def came(report: AssignmentReport, row: Row) -> tuple[str, ...]:
    """Return how a submission came and what lateness made of its score, in sentences."""
    late = row.submission.lateness
    account = ""
    if late is not None and row.score is not None:
        account = messages.dates.account(row.submission.earned, report.outline.max_points, late)
    notes = late.notes if late else ()
    return (*([f"{account}."] if account else []), *arrival(row.submission), *notes)


def rows(report: AssignmentReport) -> tuple[Row, ...]:
    """Return a row for each submission, sorted by name."""
    ordered = sorted(report.submissions, key=lambda each: each.submission)
    return tuple(_row(report, submission) for submission in ordered)


def _row(report: AssignmentReport, submission: SubmissionResult) -> Row:
    results = {(p.problem, part.id): part for p in submission.problems for part in p.parts}
    parts = [
        PartRow(problem, part, results.get((problem.id, part.id)) or _not_graded(part))
        for problem in report.outline.problems
        for part in problem.parts
    ]
    return Row(submission, tuple(parts))


def _not_graded(part: PartOutline) -> PartResult:
    return PartResult(
        part.id, Status.SKIPPED, Fraction(0), part.max_points, messages.calls.NOT_GRADED
    )


def number(points: Fraction) -> int | float:
    """Return points as a number of JSON: cut to two decimals, never rounded up.

    >>> number(Fraction(5)), number(Fraction(44, 9)), number(Fraction(4999, 1000))
    (5, 4.88, 4.99)
    """
    text = points_text(points)
    return float(text) if "." in text else int(text)


def one_line(text: str) -> str:
    r"""Return a text as one line in which everything can be seen.

    >>> one_line('a\nb')
    'a b'
    """
    return printable(" ".join(text.split()))


def named(ids: Iterable[str]) -> str:
    """Return names as part of a sentence, the first few of many.

    >>> named("abcdefg")
    'a, b, c, d, e and 2 more'
    """
    known = [one_line(each) for each in ids]
    more = len(known) - _NAMED
    first = ", ".join(known[:_NAMED])
    return f"{first} and {more} more" if more > 0 else first
