"""What the page of one submission shows, worked out so that its template only prints.

The page may be handed to the student, so nothing on it comes from another submission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from grader import messages
from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    Failure,
    Frame,
    PartOutline,
    PartResult,
    ProblemOutline,
    Status,
    SubmissionResult,
)
from grader.report.evidence import Case, Evidence, evidence, of_hidden_case
from grader.report.excerpts import Excerpt, excerpt
from grader.report.figures import ShownFigure, shown
from grader.report.listing import Listing, anchors, listings
from grader.report.names import line_anchor, safe_name
from grader.report.words import NOT_GRADED_YET, bonus, known, ungraded

MOST_LOOK_FIRST = 3
WIDEST_BESIDE = 36  # characters
_COSTS_NOTHING = frozenset({Status.CORRECT, Status.PENDING, Status.GRADER_FAULT})
_FOLDED = frozenset({Status.CORRECT, Status.PENDING})


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
    failure: Failure | None  # as far as it may be shown
    frames: tuple[ShownFrame, ...]
    figures: tuple[ShownFigure, ...]
    evidence: Evidence
    excerpt: Excerpt | None
    same_as: PartOutline | None = None  # an earlier part that the same error stopped

    @property
    def summary(self) -> str:
        """What its student is told; of a fault of ours not the inside, which may name an input."""
        faulty = self.result.status is Status.GRADER_FAULT
        return messages.exports.FAULT if faulty else self.result.summary

    @property
    def lost(self) -> Fraction:
        """The points it cost, if it is the submission that cost them; a bonus costs none."""
        if not self.graded or self.outline.bonus or self.result.status in _COSTS_NOTHING:
            return Fraction(0)
        return self.result.max_points - self.result.points

    @property
    def open(self) -> bool:
        """Whether it is unfolded at first: what is not right, and nobody else has to look at."""
        left_out = self.outline.bonus and self.result.status is Status.MISSING
        nothing_new = left_out or self.same_as is not None
        return self.graded and not nothing_new and self.result.status not in _FOLDED

    @property
    def earned(self) -> tuple[str, ...]:
        """How the points came about, in sentences; none where there is nothing to say."""
        if not self.result.max_points:
            return ()
        says = [_earned(self.result, graded=self.graded)]
        if self.outline.bonus:
            missing = self.result.status is Status.MISSING
            says.append(messages.reports.ON_TOP if missing else messages.reports.BONUS)
        return tuple(filter(None, says))


def _earned(result: PartResult, *, graded: bool) -> str:
    say = messages.reports
    if result.status is Status.GRADER_FAULT:
        return say.OPEN_FAULT
    if not graded or not known(result):
        return say.BY_A_PERSON if result.status is Status.PENDING else say.NOT_GRADED
    if result.checks:
        return say.SHARES
    if result.points == result.max_points:
        return say.FULL
    if result.mistake:
        return say.mistake_credit(result.points, result.max_points)
    if not result.points and result.cases_right:
        return say.all_or_nothing(result.cases_right, result.cases_total)
    return ""


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
    def bonus(self) -> Fraction:
        """The points from bonus parts."""
        return bonus(self.assignment, self.submission)

    @property
    def account(self) -> str:
        """How lateness made the score; empty for what came in time."""
        late = self.submission.lateness
        if late is None:
            return ""
        return messages.dates.account(self.submission.earned, self.assignment.max_points, late)

    @property
    def arrival(self) -> tuple[str, ...]:
        """When it came, and as which attempt, in sentences."""
        return arrival(self.submission)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said of the submission as a whole."""
        late = self.submission.lateness
        return (*self.submission.notes, *(late.notes if late else ()))

    @property
    def waiting(self) -> tuple[PartView, ...]:
        """The parts that wait for a person."""
        return tuple(p for p in self.parts if p.result.status is Status.PENDING)

    @property
    def faults(self) -> tuple[PartView, ...]:
        """The parts that the grader failed to grade."""
        return tuple(p for p in self.parts if p.result.status is Status.GRADER_FAULT)

    @property
    def unfolded(self) -> frozenset[str]:
        """The files with a marked line that no part shows."""
        shown = {part.excerpt.file for part in self.parts if part.excerpt and part.excerpt.marked}
        return frozenset(each.file for each in self.listings if each.marked) - shown

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
    files = listings(submission.sources, submission.parts, submission.notebooks)
    existing = anchors(files)
    results = {(p.problem, part.id): part for p in submission.problems for part in p.parts}
    problems = []
    stopped: dict[tuple[Frame, ...], PartOutline] = {}
    for outline in (*report.outline.problems, *_unknown(report.outline, submission)):
        views = []
        for part in outline.parts:
            result = results.get((outline.id, part.id))
            view = _part(part, result, submission, files, existing)
            where = view.result.failure.frames if view.result.failure else ()
            if where in stopped:
                view = replace(view, same_as=stopped[where])
            elif where:
                stopped[where] = part
            views.append(view)
        problems.append(ProblemView(outline, tuple(views)))
    return SubmissionPage(
        assignment=report.outline,
        submission=submission,
        problems=tuple(problems),
        listings=files,
        unconfined=report.unconfined,
    )


def arrival(submission: SubmissionResult) -> tuple[str, ...]:
    """Return when a submission came, and as which attempt, in sentences; none if all is one."""
    say, late = messages.dates, submission.lateness
    says = []
    if late is not None:
        says.append(say.handed_in(late))
        if submission.pending:
            says.append(say.still_to_come(late, submission.earned))
    number = submission.arrival.attempt
    if len(submission.attempts) > 1:
        says.append(say.best_counts(number, submission.attempts))
    elif number and not submission.attempts and submission.arrival.last > 1:
        says.append(say.last_counts(number))
    return tuple(filter(None, says))


def hidden_cases(part: PartResult) -> HiddenCases:
    """Return the counts of the cases that are not shown."""
    visible_right = sum(case.right for case in part.visible)
    total = max(0, part.cases_total - len(part.visible))
    return HiddenCases(total, min(total, max(0, part.cases_right - visible_right)))


def _part(
    outline: PartOutline,
    graded: PartResult | None,
    submission: SubmissionResult,
    files: Sequence[Listing],
    existing: frozenset[str],
) -> PartView:
    result = graded or _not_graded(outline)
    failure = None if of_hidden_case(result) else result.failure
    frames = []
    for frame in failure.frames if failure else ():
        anchor = line_anchor(frame.file, frame.line, frame.cell)
        frames.append(ShownFrame(frame, anchor if anchor in existing else ""))
    figures = shown(result.figures, f"figure-{safe_name(outline.id)}")
    return PartView(
        outline=outline,
        result=result,
        graded=graded is not None,
        hidden=hidden_cases(result),
        failure=failure,
        frames=tuple(frames),
        figures=figures,
        evidence=evidence(result.visible),
        excerpt=excerpt(
            outline, result, submission.sources, files, submission.file_of(outline.file)
        ),
    )


def _not_graded(part: PartOutline) -> PartResult:
    return PartResult(part.id, Status.SKIPPED, Fraction(0), part.max_points, NOT_GRADED_YET)


def _unknown(
    assignment: AssignmentOutline, submission: SubmissionResult
) -> Sequence[ProblemOutline]:
    """Return outlines for results the assignment has no place for: shown, never dropped."""
    expected: Mapping[str, set[str]] = {p.id: {q.id for q in p.parts} for p in assignment.problems}
    outlines = []
    for problem in submission.problems:
        parts = tuple(
            PartOutline(part.id, part.id, "", part.max_points)
            for part in problem.parts
            if part.id not in expected.get(problem.problem, set())
        )
        if parts:
            outlines.append(ProblemOutline(problem.problem, problem.problem, "", parts))
    return outlines


def wide(case: Case) -> bool:
    """Return whether the values are too wide to stand side by side without being cut off."""
    lines = (*case.observed.splitlines(), *case.expected.splitlines())
    return max(map(len, lines), default=0) > WIDEST_BESIDE


def case_status(case: Case) -> Status:
    """Return the status whose mark and word a visible case bears."""
    return Status.CORRECT if case.report.right else Status.WRONG
