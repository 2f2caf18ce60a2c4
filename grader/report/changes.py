"""Before and after: what a later grading changed, by the grading and by the student."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import groupby

from grader.records import (
    AssignmentReport,
    Change,
    Lateness,
    LatenessChange,
    PartOutline,
    PartScore,
    Status,
    SubmissionResult,
)
from grader.report.names import page_file

_TOGETHER = timedelta(seconds=60)
"""Gradings that began so close to each other are the workers of one."""


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part before and after a grading."""

    outline: PartOutline
    before: PartScore | None
    after: PartScore | None

    @property
    def difference(self) -> Fraction:
        """The points after less the points before; a part that is not there has none."""
        return _points(self.after) - _points(self.before)


@dataclass(frozen=True, slots=True)
class StudentChange:
    """One submission before and after a grading."""

    submission: str
    href: str
    before: Fraction
    after: Fraction
    parts: tuple[PartChange, ...]
    reason: str  # a key of `words.REASONS`
    lateness: tuple[Lateness | None, Lateness | None] | None = None  # before and after

    @property
    def difference(self) -> Fraction:
        """The points that the submission won or lost."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Regrading:
    """What one grading changed."""

    began: str  # "2026-11-21 18:02 UTC"
    scores: tuple[StudentChange, ...]  # whose score changed, the largest difference first
    others: tuple[StudentChange, ...]  # whose parts have another verdict for the same score

    @property
    def raised(self) -> int:
        """How many scores are higher than before."""
        return sum(each.difference > 0 for each in self.scores)

    @property
    def lowered(self) -> int:
        """How many scores are lower than before."""
        return sum(each.difference < 0 for each in self.scores)


def regradings(report: AssignmentReport) -> tuple[Regrading, ...]:
    """Return what every later grading changed, the latest first.

    Only submissions that are still listed count.  A part that came back to what it was within one
    grading has not changed.
    """
    parts = {(p.id, part.id): part for p in report.outline.problems for part in p.parts}
    standing = {each.submission: _standing(each) for each in report.submissions}
    found = []
    for began, changes in reversed(_by_run((*report.changes, *report.lateness_changes))):
        students = _students(changes, parts, standing)
        scores = sorted(
            (each for each in students if each.difference),
            key=lambda each: (-abs(each.difference), each.submission),
        )
        others = tuple(each for each in students if not each.difference)
        if students:
            found.append(Regrading(_shown_time(began), tuple(scores), others))
    return tuple(found)


@dataclass(slots=True)
class _Standing:
    """What the attempts of a student are worth at some time; there may be only one, number 0."""

    counting: int  # the attempt that counts now, and whose parts are shown
    attempts: dict[int, tuple[Fraction, Lateness | None]]  # what each earned, and how late it is

    @property
    def score(self) -> Fraction:
        return max(
            (earned - (late.deducted(earned) if late else 0))
            for earned, late in self.attempts.values()
        )


def _standing(submission: SubmissionResult) -> _Standing:
    own = submission.arrival.attempt if submission.attempts else 0
    attempts = {each.number: (each.earned, each.lateness) for each in submission.attempts}
    return _Standing(own, attempts or {0: (submission.earned, submission.lateness)})


def _by_run(
    changes: Iterable[Change | LatenessChange],
) -> list[tuple[str, list[Change | LatenessChange]]]:
    """Return changes by the grading that made them, in time."""
    runs: list[tuple[str, list[Change | LatenessChange]]] = []
    ordered = sorted(changes, key=lambda each: each.run)
    for run, group in groupby(ordered, key=lambda each: each.run):
        if runs and _time(run) - _time(runs[-1][0]) <= _TOGETHER:
            runs[-1][1].extend(group)
        else:
            runs.append((run, list(group)))
    return runs


def _students(
    changes: Sequence[Change | LatenessChange],
    parts: Mapping[tuple[str, str], PartOutline],
    standing: Mapping[str, _Standing],
) -> list[StudentChange]:
    """Return what changed for each student; `standing` is taken back to what it was before."""
    by_student: dict[str, list[Change | LatenessChange]] = {}
    for change in sorted(changes, key=lambda each: each.at):
        by_student.setdefault(change.submission, []).append(change)
    found = []
    for student, own in sorted(by_student.items()):
        now = standing.get(student)
        if now is None:
            continue
        after = now.score
        for number in now.attempts:
            _take_back(now, number, own, parts)
        shown = [change for change in own if change.attempt == now.counting]
        verdicts = [change for change in shown if isinstance(change, Change)]
        merged = _merged(verdicts, parts)
        lateness = _lateness([each for each in shown if isinstance(each, LatenessChange)])
        if merged or lateness or now.score != after:
            reason = _reason(verdicts) if merged else "dates"
            found.append(
                StudentChange(
                    student, page_file(student), now.score, after, merged, reason, lateness
                )
            )
    return found


def _take_back(
    standing: _Standing,
    number: int,
    changes: Iterable[Change | LatenessChange],
    parts: Mapping[tuple[str, str], PartOutline],
) -> None:
    """Bring an attempt back to what it was before these changes."""
    own = [change for change in changes if change.attempt == number]
    earned, late = standing.attempts[number]
    merged = _merged([change for change in own if isinstance(change, Change)], parts)
    earned -= sum((part.difference for part in merged), Fraction(0))
    changed = _lateness([change for change in own if isinstance(change, LatenessChange)])
    standing.attempts[number] = (earned, changed[0] if changed else late)


def _lateness(
    changes: Sequence[LatenessChange],
) -> tuple[Lateness | None, Lateness | None] | None:
    """Return what lateness was before the first change and is after the last, if not the same."""
    if not changes or changes[0].before == changes[-1].after:
        return None
    return changes[0].before, changes[-1].after


def _merged(
    changes: Sequence[Change], parts: Mapping[tuple[str, str], PartOutline]
) -> tuple[PartChange, ...]:
    """Return what became of each part from the first change to the last, in the parts' order."""
    first: dict[tuple[str, str], PartScore | None] = {}
    last: dict[tuple[str, str], PartScore | None] = {}
    for change in changes:
        key = (change.problem, change.part)
        first.setdefault(key, change.before)
        last[key] = change.after
    order = {key: place for place, key in enumerate(parts)}
    keys = sorted(first, key=lambda key: (order.get(key, len(order)), key))
    return tuple(
        PartChange(parts.get(key) or _gone(key[1], first[key]), first[key], last[key])
        for key in keys
        if first[key] != last[key]
    )


def _gone(part: str, score: PartScore | None) -> PartOutline:
    """Return the outline of a part that the assignment no longer has."""
    return PartOutline(part, part, "", score.max_points if score else Fraction(0))


def _reason(changes: Sequence[Change]) -> str:
    if any(change.files_changed for change in changes):
        return "files"
    waited = all(change.before and change.before.status is Status.PENDING for change in changes)
    if waited:
        return "person"
    if all(change.before and change.before.status is Status.GRADER_FAULT for change in changes):
        return "fault"
    return "course"


def _points(score: PartScore | None) -> Fraction:
    return score.points if score else Fraction(0)


def _time(stamp: str) -> datetime:
    """Return a time that was written down; the beginning of time for what is none."""
    try:
        return datetime.fromisoformat(stamp).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


def _shown_time(stamp: str) -> str:
    return f"{stamp[:10]} {stamp[11:16]} UTC"
