"""What the page of a class and the programs that read grades need of a submission, and no more.

A whole result has the student's files, cases and figures: some tens of kilobytes, of which a class
has thousands.  The pages of students, which show all that, are made one at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from sys import intern

from grader.gradebook import codec
from grader.records import (
    Arrival,
    AssignmentReport,
    PartResult,
    ProblemResult,
    Status,
    SubmissionResult,
)


@dataclass(frozen=True, slots=True)
class Brief:
    """An assignment without what only the pages of students show."""

    report: AssignmentReport
    states: Mapping[str, str]  # by student: a digest of all that is stored
    state: str  # the same of the assignment as a whole


@dataclass(frozen=True, slots=True)
class _Part:
    id: str
    status: Status
    points: Fraction
    max_points: Fraction
    summary: str
    mistake: str | None = None
    cases_total: int = 0
    cases_right: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    wall_s: float = 0.0

    def whole(self) -> PartResult:
        # The same few sentences stand in the results of a thousand students.
        return PartResult(
            intern(self.id),
            self.status,
            self.points,
            self.max_points,
            intern(self.summary),
            self.mistake,
            cases_total=self.cases_total,
            cases_right=self.cases_right,
            answers=self.answers,
            wall_s=self.wall_s,
        )


@dataclass(frozen=True, slots=True)
class _Problem:
    problem: str
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _About:
    assignment: str
    submission: str
    output_kib: float = 0.0
    arrival: Arrival = field(default_factory=Arrival)


def problem(record: bytes) -> ProblemResult:
    """Return a problem's result without cases, checks and figures; raises ValueError."""
    found = codec.load(record, _Problem)
    return ProblemResult(found.problem, "", tuple(part.whole() for part in found.parts))


def about(record: bytes) -> SubmissionResult:
    """Return what is kept about a submission, without its files; raises ValueError."""
    found = codec.load(record, _About)
    return SubmissionResult(
        found.assignment,
        found.submission,
        (),
        output_kib=found.output_kib,
        arrival=found.arrival,
    )


def states(
    submissions: Iterable[tuple[str, bytes]], results: Iterable[tuple[str, str, bytes]]
) -> dict[str, str]:
    """Return by submission a digest of all that is stored of it."""
    digests = {name: hashlib.sha256(_raw(record)) for name, record in submissions}
    for name, of_problem, record in results:
        if name in digests:
            digests[name].update(hashlib.sha256(of_problem.encode() + _raw(record)).digest())
    return {name: digest.hexdigest() for name, digest in digests.items()}


def by_student(
    submissions: Iterable[SubmissionResult], found: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield for each student the states of all attempts as one."""
    own: dict[str, list[str]] = {}
    for each in submissions:
        own.setdefault(each.arrival.student or each.submission, []).append(found[each.submission])
    for student, several in own.items():
        yield student, digest(several) if len(several) > 1 else several[0]


def _raw(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else part


def digest(parts: Iterable[str | bytes]) -> str:
    """Return one digest of several texts."""
    whole = hashlib.sha256()
    for part in parts:
        raw = _raw(part)
        whole.update(len(raw).to_bytes(8, "big") + raw)
    return whole.hexdigest()
