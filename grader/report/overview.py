"""What the page of a class shows: the table of students, what the class did, what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from statistics import median

from grader.messages.text import points_between, points_text
from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    PartOutline,
    PartResult,
    Status,
    SubmissionResult,
)
from grader.report.changes import Regrading, regradings
from grader.report.item_analysis import PartSummary, part_summary
from grader.report.names import page_file, safe_name
from grader.report.survey import Answers, answers
from grader.report.words import SIGNS, State, state

BINS = 20
MOST_MISTAKES = 25
MOST_NAMED = 40
"""Students who are named below a mistake or a part that waits; the table has all of them."""
_ELEMENTS = {"±": "i", "\N{MULTIPLICATION SIGN}": "b", "!": "b", "#": "b"}
"""What the style sheet colours, which is no more than what deserves a look: fourteen elements for
each of a thousand students would make sorting twice as slow.  The signs say the same without it."""
_MADE = frozenset({Status.WRONG, Status.PARTIAL, Status.CRASHED, Status.REFUSED})


@dataclass(frozen=True, slots=True)
class Mark:
    """The result of one part in the row of a student."""

    outline: PartOutline
    result: PartResult | None


@dataclass(frozen=True, slots=True)
class Row:
    """One student in the table."""

    submission: SubmissionResult
    href: str
    state: State
    score: Fraction
    pending: Fraction
    marks: tuple[Mark, ...]

    @property
    def right_parts(self) -> int:
        """How many parts are right."""
        return sum(m.result is not None and m.result.status is Status.CORRECT for m in self.marks)

    @property
    def days_late(self) -> str:
        """How many days late it is; empty if none, or if nobody knows."""
        late = self.submission.lateness
        return str(late.days) if late and late.days else ""

    @property
    def taken_off(self) -> str:
        """The points that lateness costs; the numbers that are shown add up."""
        taken = points_between(self.submission.score, self.submission.earned)
        return points_text(taken) if self.submission.deducted else ""

    @property
    def signs(self) -> tuple[tuple[str, str], ...]:
        """The signs of all parts in order, in runs that share an element: its name, the signs.

        A name of one letter keeps a class of a thousand students small.
        """
        signs = [SIGNS[mark.result.status] if mark.result else " " for mark in self.marks]
        runs = groupby(signs, key=lambda sign: _ELEMENTS.get(sign, ""))
        return tuple((element, "".join(run)) for element, run in runs)


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores are spread."""

    lowest: Fraction
    median: Fraction
    highest: Fraction
    mean: Fraction
    bins: tuple[int, ...]  # how many submissions have a score in each twentieth of the points


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake, or the same words about a wrong answer, and who made it.

    A name is what the course calls it; it is empty for what only the words are known of.
    """

    name: str
    part: PartOutline
    says: str
    rows: tuple[Row, ...]

    @property
    def count(self) -> int:
        """How many students made it."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a submission that the grader failed to grade."""

    row: Row
    part: PartOutline
    summary: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A part that waits for a person, and in whose submissions."""

    part: PartOutline
    rows: tuple[Row, ...]
    points: Fraction  # all that are open


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page of a class shows."""

    outline: AssignmentOutline
    folder: str
    notes: tuple[str, ...]
    unconfined: bool
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    waiting: tuple[Waiting, ...]
    spread: Spread | None
    parts: tuple[PartSummary, ...]
    mistakes: tuple[Mistake, ...]
    survey: tuple[Answers, ...]
    regradings: tuple[Regrading, ...]  # the latest first

    @property
    def dated(self) -> bool:
        """Whether it was due at some time."""
        return any(row.submission.lateness for row in self.rows)

    @property
    def states(self) -> tuple[tuple[State, int], ...]:
        """How many submissions are in each state, only what occurs."""
        counts = Counter(row.state for row in self.rows)
        return tuple((each, counts[each]) for each in State if counts[each])

    def made(self) -> Mapping[str, str]:
        """Return, by the page of a student, the numbers of the mistakes made, as in the list."""
        numbers: dict[str, list[str]] = {}
        for number, mistake in enumerate(self.mistakes):
            for row in mistake.rows:
                numbers.setdefault(row.href, []).append(str(number))
        return {href: " ".join(each) for href, each in numbers.items()}


def overview(report: AssignmentReport) -> Overview:
    """Return what the page of a class shows, its students sorted by id."""
    parts = tuple(part for problem in report.outline.problems for part in problem.parts)
    ordered = sorted(report.submissions, key=lambda each: each.submission)
    rows = tuple(_row(submission, parts) for submission in ordered)
    scores = [row.score for row in rows]
    earned = [row.submission.earned for row in rows]  # what somebody can do has no date
    return Overview(
        outline=report.outline,
        folder=safe_name(report.outline.id),
        notes=report.notes,
        unconfined=report.unconfined,
        rows=rows,
        faults=tuple(
            Fault(row, mark.outline, mark.result.summary)
            for row in rows
            for mark in row.marks
            if mark.result is not None and mark.result.status is Status.GRADER_FAULT
        ),
        waiting=_waiting(parts, rows),
        spread=_spread(scores, report.outline.max_points),
        parts=tuple(
            part_summary(part, [row.marks[index].result for row in rows], earned)
            for index, part in enumerate(parts)
        ),
        mistakes=_mistakes(rows),
        survey=answers(report),
        regradings=regradings(report),
    )


def _row(submission: SubmissionResult, parts: Sequence[PartOutline]) -> Row:
    results = {part.id: part for part in submission.parts}
    return Row(
        submission=submission,
        href=page_file(submission.submission),
        state=state(submission),
        score=submission.score,
        pending=submission.pending,
        marks=tuple(Mark(part, results.get(part.id)) for part in parts),
    )


def _spread(unsorted: Sequence[Fraction], max_points: Fraction) -> Spread | None:
    if not unsorted:
        return None
    scores = sorted(unsorted)
    bins = [0] * BINS
    for score in scores:
        share = score / max_points if max_points else Fraction(0)
        bins[min(BINS - 1, max(0, int(share * BINS)))] += 1
    middle = median(scores)
    mean = sum(scores, Fraction(0)) / len(scores)
    return Spread(scores[0], middle, scores[-1], mean, tuple(bins))


def _waiting(parts: Sequence[PartOutline], rows: Sequence[Row]) -> tuple[Waiting, ...]:
    found = []
    for index, part in enumerate(parts):
        waits = [
            (row, result)
            for row in rows
            if (result := row.marks[index].result) and result.status is Status.PENDING
        ]
        if waits:
            points = sum((r.max_points - r.points for _, r in waits), Fraction(0))
            found.append(Waiting(part, tuple(row for row, _ in waits), points))
    return tuple(found)


def _mistakes(rows: Sequence[Row]) -> tuple[Mistake, ...]:
    """Return the mistakes that have a name, and what is said of several students' answers."""
    found: dict[tuple[int, str, str], list[tuple[Row, Mark, str]]] = {}
    for row in rows:
        for place, mark in enumerate(row.marks):
            result = mark.result
            if result is None or not (result.mistake or result.status in _MADE):
                continue
            key = (place, result.mistake or "", "" if result.mistake else result.summary)
            found.setdefault(key, []).append((row, mark, result.summary))
    mistakes = [
        Mistake(name, made[0][1].outline, made[0][2], tuple(row for row, *_ in made))
        for (_, name, _), made in found.items()
        if name or len(made) > 1
    ]
    mistakes.sort(key=lambda each: (-each.count, not each.name))
    return tuple(mistakes[:MOST_MISTAKES])
