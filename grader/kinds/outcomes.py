"""From what the sandbox saw to what a student is told: statuses, tallies and summaries."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

from grader import messages
from grader.records import (
    CaseReport,
    Check,
    Failure,
    Frame,
    Observation,
    Outcome,
    PartResult,
    Status,
)
from grader.spec.models import Mistake, Part

_STATUS = {
    Outcome.RAISED: Status.CRASHED,
    Outcome.MISSING: Status.MISSING,
    Outcome.NOT_IMPORTED: Status.CRASHED,
    Outcome.NOT_DATA: Status.WRONG,
    Outcome.DIED: Status.CRASHED,
    Outcome.TIMED_OUT: Status.TIMED_OUT,
    Outcome.OUT_OF_MEMORY: Status.OUT_OF_MEMORY,
    Outcome.NOT_RUN: Status.SKIPPED,
}


def status(observation: Observation, *, right: bool) -> Status:
    """Return the status of one call."""
    if observation.outcome is Outcome.RETURNED:
        return Status.CORRECT if right else Status.WRONG
    if _not_there_yet(observation):
        return Status.MISSING
    return _STATUS[observation.outcome]


def _not_there_yet(observation: Observation) -> bool:
    """Whether the function is still as the starter left it."""
    failure = observation.failure
    raised = observation.outcome is Outcome.RAISED
    return raised and failure is not None and failure.type == "NotImplementedError"


def sentence(observation: Observation, function: str, file: str) -> str:
    """Return what happened in a call that gave no value, in a sentence for its student."""
    failure = observation.failure or Failure("", "")
    frame = failure.frames[-1] if failure.frames else None
    at = messages.calls.at_line(frame.file, frame.line) if frame else ""
    if _not_there_yet(observation):
        return messages.calls.not_there_yet(function)
    match observation.outcome:
        case Outcome.RAISED:
            return messages.calls.raised(function, failure.type, failure.message, at)
        case Outcome.NOT_IMPORTED:
            return messages.calls.not_imported(file, failure.type, failure.message, at)
        case Outcome.NOT_DATA:
            return messages.calls.not_data(function, failure.message)
        case Outcome.MISSING:
            return messages.calls.missing(failure.message or messages.calls.has_no(file, function))
        case Outcome.TIMED_OUT:
            return messages.calls.timed_out(function, failure.message)
        case Outcome.OUT_OF_MEMORY:
            return messages.calls.out_of_memory(function, failure.message)
        case Outcome.DIED:
            return messages.calls.died(function, failure.message)
        case _:
            return messages.calls.not_run(failure.message)


def without_message(observation: Observation) -> Observation:
    """Return what is told of a hidden case: its place in the student's code, not what it says.

    Whatever else comes from the student's process can carry the hidden inputs: the text of an
    exception, its class, an exit code, a name that is suggested for a missing one, the names of
    functions in a traceback or the way through it, and the number of a line that is in no file.
    What the grader's clock says cannot.
    """
    failure = observation.failure
    if failure is None or observation.outcome in _SAID_BY_US:
        return observation
    frames = [replace(frame, function="") for frame in failure.frames if frame.text]
    name = failure.type
    if not _is_built_in(name):
        name = "an exception"  # the name of any other class may be made up of the inputs
    told = replace(failure, type=name, message="", frames=tuple(frames[-1:]))
    return replace(observation, failure=told)


def _is_built_in(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


_SAID_BY_US = {Outcome.TIMED_OUT, Outcome.NOT_RUN}


def frames(told: Any, files: Sequence[str]) -> tuple[Frame, ...]:
    """Return the frames that lie in the submission; what a probe tells of them is not trusted."""
    found = []
    for frame in told if isinstance(told, list) else []:
        if isinstance(frame, list) and len(frame) == 4 and isinstance(frame[1], int):
            name = PurePosixPath(str(frame[0])).name
            if name in files:
                found.append(Frame(name, frame[1], str(frame[2])[:200], str(frame[3])[:400]))
    return tuple(found)


def changed_inputs(observations: Sequence[Observation]) -> str:
    """Return a note if any call changed its arguments in place, else an empty string."""
    names = sorted({name for observation in observations for name in observation.changed_inputs})
    return messages.calls.changed_inputs(names) if names else ""


def failed_call(part: Part, observation: Observation, function: str, file: str) -> PartResult:
    """Return the result of a part whose single call gave no value."""
    return PartResult(
        id=part.id,
        status=status(observation, right=False),
        points=Fraction(0),
        max_points=part.points,
        summary=sentence(observation, function, file),
        hint=part.hint,
        failure=observation.failure,
        cases_total=1,
    )


def from_checks(
    part: Part,
    checks: Sequence[Check],
    reports: Sequence[CaseReport],
    failure: Failure | None,
    *,
    right_says: str,
) -> PartResult:
    """Return the result of a part that is the sum of its checks."""
    points = sum((check.points for check in checks), Fraction(0))
    right = [check for check in checks if check.status is Status.CORRECT]
    wrong = [check for check in checks if check.status is not Status.CORRECT]
    if not wrong:
        found, summary = Status.CORRECT, right_says
    else:
        found = Status.PARTIAL if right else wrong[0].status
        summary = f"{wrong[0].name}: {wrong[0].says}"
        if len(wrong) > 1:
            summary += " " + messages.frameworks.also_wrong([check.name for check in wrong[1:]])
    return PartResult(
        id=part.id,
        status=found,
        points=points,
        max_points=part.points,
        summary=summary,
        hint="" if not wrong else part.hint,
        cases_total=len(checks),
        cases_right=len(right),
        visible=tuple(replace(report, number=n + 1) for n, report in enumerate(reports)),
        checks=tuple(checks),
        failure=failure,
    )


def from_groups(part: Part, results: Mapping[str, PartResult]) -> PartResult:
    """Return the result of a part from those of its groups of cases; "" names the ordinary ones.

    A group earns its points only where the ordinary cases are right.
    """
    ordinary = results[""]
    sound = ordinary.status is Status.CORRECT
    checks = []
    for name, result in results.items():
        says = "" if result.status is Status.CORRECT else result.summary
        points = result.points if sound or not name else Fraction(0)
        title = name or messages.calls.ORDINARY_CASES
        if name and not sound and result.status is Status.CORRECT:
            checks.append(
                Check(title, Status.SKIPPED, points, result.max_points, messages.calls.NOT_YET)
            )
        else:
            checks.append(Check(title, result.status, points, result.max_points, says))
    worst = next((r for r in results.values() if r.status is not Status.CORRECT), ordinary)
    name = next(name for name, result in results.items() if result is worst)
    points = sum((check.points for check in checks), Fraction(0))
    total = sum(result.cases_total for result in results.values())
    right = sum(result.cases_right for result in results.values())
    if worst is ordinary and sound:
        found, summary = Status.CORRECT, messages.calls.all_right(total)
        if ordinary.summary != messages.calls.all_right(ordinary.cases_total):
            summary = ordinary.summary  # it has a note
    else:
        found = Status.PARTIAL if points else worst.status
        summary = f"{name}: {worst.summary}" if name else worst.summary
    return replace(
        ordinary,
        status=found,
        points=points,
        max_points=part.points,
        summary=summary,
        hint=worst.hint,
        failure=worst.failure,
        cases_total=total,
        cases_right=right,
        checks=tuple(checks),
    )


def nothing_visible(part: Part) -> PartResult:
    """Return the result of a part in a self-check if students see none of its cases."""
    says = messages.calls.NOTHING_VISIBLE
    return PartResult(part.id, Status.SKIPPED, Fraction(0), part.points, says)


@dataclass(frozen=True, slots=True)
class Tally:
    """The statuses of all cases of a part, and the result that follows from them."""

    part: Part
    statuses: tuple[Status, ...]
    visible: int
    function: str
    file: str

    @classmethod
    def of(cls, part: Part, statuses: Sequence[Status], visible: int) -> Tally:
        """Return the tally of a part that calls one function."""
        function = getattr(part, "function", part.id)
        return cls(part, tuple(statuses), visible, function, part.source_file)

    @property
    def right(self) -> int:
        """How many cases are right."""
        return sum(status is Status.CORRECT for status in self.statuses)

    @property
    def all_right(self) -> bool:
        """Whether every case is right; a part without cases is not."""
        return bool(self.statuses) and self.right == len(self.statuses)

    def correct(self, visible: tuple[CaseReport, ...], notes: Sequence[str] = ()) -> PartResult:
        """Return the result for a part that is right throughout."""
        says = messages.calls.all_right(len(self.statuses))
        summary = " ".join([says, *(note for note in notes if note)])
        return self._result(Status.CORRECT, self.part.points, summary, visible)

    def known_mistake(self, mistake: Mistake, visible: tuple[CaseReport, ...]) -> PartResult:
        """Return the result for an answer that agrees with a declared mistake in every case."""
        points = self.part.points * mistake.credit
        found = Status.PARTIAL if points else Status.WRONG
        result = self._result(found, points, " ".join(mistake.says.split()), visible)
        return replace(result, mistake=mistake.name, hint=self.part.hint)

    def failed(
        self,
        observations: Sequence[Observation],
        visible: tuple[CaseReport, ...],
        pattern: str = "",
        note: str = "",
    ) -> PartResult:
        """Return the result for any other answer: the first failing case speaks for the part."""
        first = next(i for i, found in enumerate(self.statuses) if found is not Status.CORRECT)
        shown = first < self.visible
        observation = observations[first] if shown else without_message(observations[first])
        if observation.outcome is not Outcome.RETURNED:
            summary = sentence(observation, self.function, self.file)
        elif pattern:
            summary = pattern
        elif shown:
            summary = visible[first].message
        else:
            summary = messages.calls.ONLY_HIDDEN if self.visible else messages.calls.NONE_SHOWN
        if self.right > 0:
            summary = f"{summary} {messages.calls.some_right(self.right, len(self.statuses))}"
        summary = f"{summary} {note}".strip()
        result = self._result(self.statuses[first], Fraction(0), summary, visible)
        return replace(result, failure=observation.failure, hint=self.part.hint)

    def _result(
        self, found: Status, points: Fraction, summary: str, visible: tuple[CaseReport, ...]
    ) -> PartResult:
        return PartResult(
            id=self.part.id,
            status=found,
            points=points,
            max_points=self.part.points,
            summary=summary,
            cases_total=len(self.statuses),
            cases_right=self.right,
            visible=visible,
        )
