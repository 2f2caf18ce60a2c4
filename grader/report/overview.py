"""What index.html shows of an assignment: the table of students and what the class did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from statistics import median

from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    PartOutline,
    PartResult,
    Status,
    SubmissionResult,
)
from grader.report.names import page_file, safe_name
from grader.report.survey import Answers, answers
from grader.report.words import State, state

BINS = 20


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
    marks: tuple[Mark, ...]

    @property
    def right_parts(self) -> int:
        """How many parts are right."""
        return sum(m.result is not None and m.result.status is Status.CORRECT for m in self.marks)

    @property
    def mistakes(self) -> str:
        """The names of the mistakes made, for the search."""
        found = {m.result.mistake for m in self.marks if m.result and m.result.mistake}
        return " ".join(sorted(found))


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores are spread."""

    lowest: Fraction
    median: Fraction
    highest: Fraction
    mean: Fraction
    bins: tuple[int, ...]  # how many submissions have a score in each twentieth of the points


@dataclass(frozen=True, slots=True)
class PartSummary:
    """How the class did on one part."""

    outline: PartOutline
    counts: tuple[tuple[Status, int], ...]  # in the order of Status, only what occurs
    mean: Fraction | None  # of the parts that are graded


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that the course has a name for, and how many submissions made it."""

    name: str
    part: PartOutline
    says: str
    count: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a submission that the grader failed to grade."""

    row: Row
    part: PartOutline
    summary: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the index shows of one assignment."""

    outline: AssignmentOutline
    anchor: str
    notes: tuple[str, ...]
    unconfined: bool
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    spread: Spread | None
    parts: tuple[PartSummary, ...]
    mistakes: tuple[Mistake, ...]
    survey: tuple[Answers, ...]

    @property
    def states(self) -> tuple[tuple[State, int], ...]:
        """How many submissions are in each state, only what occurs."""
        counts = Counter(row.state for row in self.rows)
        return tuple((each, counts[each]) for each in State if counts[each])


def overview(report: AssignmentReport) -> Overview:
    """Return what the index shows of an assignment, its students sorted by id."""
    parts = tuple(part for problem in report.outline.problems for part in problem.parts)
    folder = safe_name(report.outline.id)
    ordered = sorted(report.submissions, key=lambda each: each.submission)
    rows = tuple(_row(submission, parts, folder) for submission in ordered)
    return Overview(
        outline=report.outline,
        anchor=f"assignment-{folder}",
        notes=report.notes,
        unconfined=report.unconfined,
        rows=rows,
        faults=tuple(
            Fault(row, mark.outline, mark.result.summary)
            for row in rows
            for mark in row.marks
            if mark.result is not None and mark.result.status is Status.GRADER_FAULT
        ),
        spread=_spread(rows, report.outline.max_points),
        parts=tuple(_part_summary(index, part, rows) for index, part in enumerate(parts)),
        mistakes=_mistakes(rows),
        survey=answers(report),
    )


def _row(submission: SubmissionResult, parts: Sequence[PartOutline], folder: str) -> Row:
    results = {part.id: part for part in submission.parts}
    return Row(
        submission=submission,
        href=f"{folder}/{page_file(submission.submission)}",
        state=state(submission),
        marks=tuple(Mark(part, results.get(part.id)) for part in parts),
    )


def _spread(rows: Sequence[Row], max_points: Fraction) -> Spread | None:
    if not rows:
        return None
    scores = sorted(row.submission.score for row in rows)
    bins = [0] * BINS
    for score in scores:
        share = score / max_points if max_points else Fraction(0)
        bins[min(BINS - 1, max(0, int(share * BINS)))] += 1
    middle = median(scores)
    mean = sum(scores, Fraction(0)) / len(scores)
    return Spread(scores[0], middle, scores[-1], mean, tuple(bins))


def _part_summary(index: int, part: PartOutline, rows: Sequence[Row]) -> PartSummary:
    results = [row.marks[index].result for row in rows]
    counts = Counter(result.status for result in results if result is not None)
    graded = [
        result.points
        for result in results
        if result is not None and result.status not in {Status.PENDING, Status.GRADER_FAULT}
    ]
    return PartSummary(
        outline=part,
        counts=tuple((status, counts[status]) for status in Status if counts[status]),
        mean=sum(graded, Fraction(0)) / len(graded) if graded and part.max_points else None,
    )


def _mistakes(rows: Sequence[Row]) -> tuple[Mistake, ...]:
    found = [
        (mark.outline.id, mark.result.mistake, mark)
        for row in rows
        for mark in row.marks
        if mark.result is not None and mark.result.mistake
    ]
    found.sort(key=lambda each: each[:2])  # stable: the first student's summary is the one shown
    mistakes = []
    for (_, name), group in groupby(found, key=lambda each: each[:2]):
        marks = [mark for *_, mark in group]
        first = marks[0].result
        mistakes.append(Mistake(name, marks[0].outline, first.summary if first else "", len(marks)))
    return tuple(sorted(mistakes, key=lambda mistake: -mistake.count))
