"""What is asked of the sandbox for a submission, and the verdicts on what it answered.

Grading and a student's own check share these two steps; where the plans come from and where the
verdicts are kept is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from grader import messages
from grader.grading import cells
from grader.grading.plans import Planned
from grader.kinds.base import Judging
from grader.kinds.handed_in import kind_of
from grader.records import (
    Limits,
    Observation,
    PartCalls,
    PartResult,
    RunOutcome,
    RunRequest,
    Status,
)
from grader.spec.models import Part
from grader.spec.variants import VariedPart
from grader.submissions.folder import Submission

_LINE_CHARS = 200  # of a line of code in a traceback


def request(items: Iterable[Planned], submission: Submission, limits: Limits) -> RunRequest | None:
    """Return the calls to be made on a submission, None if there are none.

    Hidden cases come after all that a student sees something of: code that keeps their inputs has
    no place left to show them.
    """
    shown: list[PartCalls] = []
    hidden: list[PartCalls] = []
    for item in items:
        plan = item.plan
        if not plan.calls or item.part.source_file in submission.refused:
            continue
        whole = PartCalls(
            item.part.id,
            item.part.source_file,
            plan.calls,
            item.part.wall_s or limits.wall_s,
            plan.fresh,
            plan.fair,
        )
        first, rest = item.pieces
        if plan.fresh or plan.fair or not (first and rest):
            (shown if first or plan.fresh else hidden).append(whole)
            continue
        shown.append(replace(whole, calls=first, after=len(rest)))
        hidden.append(replace(whole, calls=rest, before=len(first)))
    parts = (*shown, *hidden)
    return RunRequest(submission.runnable, parts, limits) if parts else None


def verdict(
    item: Planned,
    submission: Submission,
    outcome: RunOutcome | None,
    judging: Judging,
    fault: str = "",
) -> PartResult:
    """Return the verdict on a part; `fault` says why its calls could not be made.

    With it goes what was asked, if that has numbers which the outline of the assignment has not.
    """
    found = cells.told(_verdict(item, submission, outcome, judging, fault), submission.notebooks)
    if isinstance(item.part, VariedPart) and item.part.numbers and not item.fault:
        return replace(found, statement=item.part.statement)
    return found


def _verdict(
    item: Planned,
    submission: Submission,
    outcome: RunOutcome | None,
    judging: Judging,
    fault: str,
) -> PartResult:
    part, calls = item.part, item.plan.calls
    if item.fault or (fault and calls):
        return _fault(part, item.fault or fault)
    if calls and part.source_file in submission.refused:
        return _refused(part, submission.refused[part.source_file])
    observations = outcome.observations.get(part.id, ()) if outcome else ()
    placed = tuple(_placed(each, submission) for each in observations)
    seen = tuple(cells.observed(each, submission.notebooks) for each in placed)
    return _judged(item, seen, judging)


def _placed(observation: Observation, submission: Submission) -> Observation:
    """Return an observation whose frames are lines of the submission, as they stand there.

    What the student's process says of them may be anything.
    """
    failure = observation.failure
    if failure is None or not failure.frames:
        return observation
    lines = {
        name: submission.files[name].decode("utf-8", "replace").splitlines()
        for name in {frame.file for frame in failure.frames} & submission.files.keys()
    }
    frames = tuple(
        replace(frame, text=_line(lines[frame.file], frame.line))
        for frame in failure.frames
        if frame.file in lines
    )
    return replace(observation, failure=replace(failure, frames=frames))


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1].strip()[:_LINE_CHARS] if 0 < number <= len(lines) else ""


def _judged(item: Planned, observations: tuple[Observation, ...], judging: Judging) -> PartResult:
    if len(observations) != len(item.plan.calls):
        says = f"{len(observations)} observations for {len(item.plan.calls)} calls"
        return _fault(item.part, says)
    try:
        result = kind_of(item.part).judge(item.part, item.plan, observations, judging)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  (our fault, never a zero)
        return _fault(item.part, f"judging failed: {error!r}")
    return replace(result, wall_s=round(sum(o.wall_s for o in observations), 6))


def _fault(part: Part, detail: str) -> PartResult:
    says = messages.intake.grader_fault(detail)
    return PartResult(part.id, Status.GRADER_FAULT, Fraction(0), part.points, says)


def _refused(part: Part, why: str) -> PartResult:
    return PartResult(part.id, Status.REFUSED, Fraction(0), part.points, why)
