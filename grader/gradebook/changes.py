"""What a new result of a submission changes in the one that it replaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction

from grader.records import (
    Change,
    Lateness,
    LatenessChange,
    PartResult,
    PartScore,
    ProblemResult,
    SubmissionResult,
)


def now() -> str:
    """Return the time as it is written down: UTC, to the millisecond, so that texts sort."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def changed_parts(
    before: Mapping[str, ProblemResult],
    submission: SubmissionResult,
    *,
    run: str,
    at: str,
    files_changed: bool,
) -> Iterator[Change]:
    """Yield the parts whose status or points are others than before, in order.

    A problem that was not graded before changes nothing; a part that is new in its problem, or gone
    from it, does.
    """
    for problem in submission.problems:
        replaced = before.get(problem.problem)
        if replaced is None:
            continue
        old, new = _scores(replaced.parts), _scores(problem.parts)
        for part in dict.fromkeys((*old, *new)):
            if old.get(part) != new.get(part):
                yield Change(
                    submission.submission,
                    problem.problem,
                    part,
                    run,
                    at,
                    old.get(part),
                    new.get(part),
                    files_changed,
                )


def changed_lateness(
    before: SubmissionResult, after: SubmissionResult, *, run: str, at: str
) -> Iterator[LatenessChange]:
    """Yield the change if lateness costs a submission something else than before."""
    if _cost(before.lateness) != _cost(after.lateness):
        yield LatenessChange(after.submission, run, at, before.lateness, after.lateness)


def _cost(lateness: Lateness | None) -> tuple[bool, Fraction, Fraction | None]:
    """Return what decides how many points are taken off."""
    if lateness is None:
        return (True, Fraction(0), None)
    if not lateness.accepted:
        return (False, Fraction(100), None)
    percent = lateness.percent
    return (True, percent, lateness.of_points if percent else None)


def _scores(parts: Iterable[PartResult]) -> dict[str, PartScore]:
    return {part.id: PartScore(part.status, part.points, part.max_points) for part in parts}
