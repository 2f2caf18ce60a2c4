"""What the page of one submission shows, worked out so that its template only prints.

The page may be handed to the student, so nothing on it comes from another submission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    CaseReport,
    Frame,
    PartOutline,
    PartResult,
    ProblemOutline,
    Status,
    SubmissionResult,
)
from grader.report.listing import Listing, anchors, listings
from grader.report.names import line_anchor
from grader.report.words import NOT_GRADED_YET, ungraded

MOST_LOOK_FIRST = 3
WIDEST_BESIDE = 36  # characters
_COSTS_NOTHING = frozenset({Status.CORRECT, Status.PENDING, Status.GRADER_FAULT})


@dataclass(frozen=True, slots=True)
class HiddenCases:
    """How the hidden cases went: counts, nothing more."""

    total: int
    right: int


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A line of a traceback, with the anchor of the line in the listing if it is shown there."""

    frame: Frame
    anchor: str


@dataclass(frozen=True, slots=True)
class PartView:
    """A part and its result."""

    outline: PartOutline
    result: PartResult
    graded: bool  # or else the result only says that there is none yet
    hidden: HiddenCases
    frames: tuple[ShownFrame, ...]

    @property
    def lost(self) -> Fraction:
        """The points it cost, if it is the submission that cost them."""
        if not self.graded or self.result.status in _COSTS_NOTHING:
            return Fraction(0)
        return self.result.max_points - self.result.points


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem and the results of its parts."""

    outline: ProblemOutline
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """What cost points: one part, or all parts that the same fault stopped."""

    parts: tuple[PartView, ...]

    @property
    def part(self) -> PartView:
        """The first of the parts, which speaks for all of them."""
        return self.parts[0]

    @property
    def lost(self) -> Fraction:
        """The points that it cost."""
        return sum((part.lost for part in self.parts), Fraction(0))


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """All that the page of a submission shows."""

    assignment: AssignmentOutline
    submission: SubmissionResult
    problems: tuple[ProblemView, ...]
    listings: tuple[Listing, ...]
    unconfined: bool

    @property
    def parts(self) -> tuple[PartView, ...]:
        """All parts in order."""
        return tuple(part for problem in self.problems for part in problem.parts)

    @property
    def ungraded(self) -> Fraction:
        """The points that a fault of the grader kept from being given."""
        return ungraded(self.submission)

    @property
    def faults(self) -> tuple[PartView, ...]:
        """The parts that the grader failed to grade."""
        return tuple(p for p in self.parts if p.result.status is Status.GRADER_FAULT)

    @property
    def look_first(self) -> tuple[Cause, ...]:
        """The few causes that cost most points, the dearest first.

        A file that cannot be imported stops many parts, and is one thing to mend.
        """
        together: dict[object, list[PartView]] = {}
        for part in self.parts:
            if part.lost > 0:
                failure = part.result.failure
                cause = failure.frames if failure and failure.frames else part.result.summary
                together.setdefault(cause, []).append(part)
        causes = [Cause(tuple(parts)) for parts in together.values()]
        return tuple(sorted(causes, key=lambda cause: -cause.lost)[:MOST_LOOK_FIRST])


def submission_page(report: AssignmentReport, submission: SubmissionResult) -> SubmissionPage:
    """Return what the page of a submission shows, its parts in the order of the assignment."""
    shown = listings(submission.sources, submission.parts)
    existing = anchors(shown)
    results = {(p.problem, part.id): part for p in submission.problems for part in p.parts}
    problems = []
    for outline in (*report.outline.problems, *_unknown(report.outline, submission)):
        views = []
        for part in outline.parts:
            result = results.get((outline.id, part.id))
            views.append(_part(part, result or _not_graded(part), existing, result is not None))
        problems.append(ProblemView(outline, tuple(views)))
    return SubmissionPage(
        assignment=report.outline,
        submission=submission,
        problems=tuple(problems),
        listings=shown,
        unconfined=report.unconfined,
    )


def hidden_cases(part: PartResult) -> HiddenCases:
    """Return the counts of the cases that are not shown."""
    visible_right = sum(case.right for case in part.visible)
    total = max(0, part.cases_total - len(part.visible))
    return HiddenCases(total, min(total, max(0, part.cases_right - visible_right)))


def _part(
    outline: PartOutline, result: PartResult, existing: frozenset[str], graded: bool
) -> PartView:
    frames = []
    for frame in result.failure.frames if result.failure else ():
        anchor = line_anchor(frame.file, frame.line)
        frames.append(ShownFrame(frame, anchor if anchor in existing else ""))
    return PartView(outline, result, graded, hidden_cases(result), tuple(frames))


def _not_graded(part: PartOutline) -> PartResult:
    return PartResult(part.id, Status.SKIPPED, Fraction(0), part.max_points, NOT_GRADED_YET)


def _unknown(
    assignment: AssignmentOutline, submission: SubmissionResult
) -> Sequence[ProblemOutline]:
    """Return outlines for results the assignment has no place for: shown, never dropped."""
    known: Mapping[str, set[str]] = {p.id: {q.id for q in p.parts} for p in assignment.problems}
    outlines = []
    for problem in submission.problems:
        parts = tuple(
            PartOutline(part.id, part.id, "", part.max_points)
            for part in problem.parts
            if part.id not in known.get(problem.problem, set())
        )
        if parts:
            outlines.append(ProblemOutline(problem.problem, problem.problem, "", parts))
    return outlines


def wide(case: CaseReport) -> bool:
    """Return whether the values are too wide to stand side by side without being cut off."""
    lines = (*case.observed.splitlines(), *case.expected.splitlines())
    return max(map(len, lines), default=0) > WIDEST_BESIDE


def case_status(case: CaseReport) -> Status:
    """Return the status whose mark and word a visible case bears."""
    return Status.CORRECT if case.right else Status.WRONG
