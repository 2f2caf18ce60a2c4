"""What a new result of a submission changes in the one that it replaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from grader.records import Change, PartResult, PartScore, ProblemResult, SubmissionResult


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


def _scores(parts: Iterable[PartResult]) -> dict[str, PartScore]:
    return {part.id: PartScore(part.status, part.points, part.max_points) for part in parts}
