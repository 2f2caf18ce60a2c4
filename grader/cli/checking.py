"""The work of ``grader check``, once the student's process is on its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.cli import terminal
from grader.errors import UsageError
from grader.grading.checking import Checked, Checking, PlansOf
from grader.kinds.registry import part_models, probes
from grader.records import PartResult, Status
from grader.release import selfcheck
from grader.report import checked
from grader.report.checked import Line, Tone
from grader.sandbox.plain import PlainSandbox
from grader.sandbox.processes import Started
from grader.spec.course import Course
from grader.spec.loader import Assignment, load
from grader.submissions.ahead import handed_in
from grader.submissions.folder import Submission

RIGHT, NOT_RIGHT, GRADER_FAULT = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    folder: Path
    names: Sequence[str] = ()
    assignment: str | None = None
    course: Path | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a folder is checked against."""

    assignment: Assignment
    plans: PlansOf
    probes: tuple[str, ...]
    released: bool


def run(wanted: Wanted, started: Started, *, watch: bool) -> int:
    """Return the exit code of a check, or of the last one if the folder is watched."""
    source = source_of(wanted)
    with PlainSandbox(
        preload=started.preload, probes=source.probes, first=started, eager=False
    ) as sandbox:
        check = Check(source, sandbox, wanted)
        if watch:
            from grader.cli.watching import Watch  # noqa: PLC0415  (a single check does without)

            return Watch(check, sandbox).run()
        return check.once()


class Check:
    """The check of one folder, and what it prints."""

    def __init__(self, source: Source, sandbox: PlainSandbox, wanted: Wanted) -> None:
        """Run nothing yet.  Raises UsageError for names that mean nothing."""
        self.folder = wanted.folder
        self.released = source.released
        self.checking = Checking(source.assignment, source.plans, sandbox)
        self.names = (
            self.checking.chosen(wanted.names)
            if wanted.names
            else [part.id for part in source.assignment.parts]
        )
        self._parts = {part.id: part for part in source.assignment.parts}
        self._optional = frozenset(name for name, part in self._parts.items() if part.bonus)

    def submission(self) -> Submission:
        """Return what the folder holds now."""
        return self.checking.submission(self.folder, released=self.released)

    def once(self) -> int:
        """Check, print all that there is to say, and return the exit code."""
        submission = self.submission()
        found = self.checking.check(submission, self.names)
        terminal.show(self.told(found, submission))
        return self.code(found.results)

    def told(self, found: Checked, submission: Submission) -> Iterator[Line]:
        """Yield all that there is to say of a check."""
        yield from notes(found.notes)
        yield from checked.printed(found.printed, terminal.width())
        yield from checked.parts(found.results, terminal.width())
        yield Line()
        yield from self.summary(found.results, submission)

    def summary(self, results: Mapping[str, PartResult], submission: Submission) -> Iterator[Line]:
        """Yield how many parts are right, and what to look at first."""
        own = {each.module: each.file for each in submission.notebooks}
        files = {name: part.source_file for name, part in self._parts.items() if part.source_file}
        yield from checked.summary(
            results,
            optional=self._optional,
            dependents={name: self.checking.dependents(name) for name in results},
            files={name: own.get(file, file) for name, file in files.items()},
            width=terminal.width(),
        )

    def code(self, results: Mapping[str, PartResult]) -> int:
        """Return the exit code for verdicts."""
        if any(result.status is Status.GRADER_FAULT for result in results.values()):
            return GRADER_FAULT
        return NOT_RIGHT if checked.not_right(results, self._optional) else RIGHT


def notes(told: Iterable[str]) -> Iterator[Line]:
    """Yield notes as lines."""
    return (Line(f"note: {note}", Tone.QUIET) for note in told)


def source_of(wanted: Wanted) -> Source:
    """Return what a folder is checked against: the data of its release, or a course around it.

    Raises UsageError for a folder that is neither, ReleaseError and CourseError for faults in them.
    """
    folder = wanted.folder
    data = folder / selfcheck.FILE
    named = wanted.course is not None or wanted.assignment is not None
    if data.is_file() and not named and not handed_in(folder):
        released = selfcheck.read(data)
        return Source(released.assignment, released.of, released.probes, released=True)
    found = _course(wanted)
    name = wanted.assignment or _assignment_of(folder, found)
    found.chosen([name])
    if found.submissions(name).is_relative_to(folder) or folder == found.assignment(name):
        if wanted.names:
            raise UsageError(
                f"there is no folder {wanted.names[0]}; give the one with your solution.py"
            )
        raise UsageError(
            f"{folder} is a folder of the course, not a submission; give the one with your "
            f"solution.py, as in: grader check submissions/{name}/ada"
        )
    assignment = load(found.assignment(name), found.references, part_models())
    used = sorted({part.kind for part in assignment.parts})
    return Source(assignment, _planned(assignment, folder.name), probes(used), released=False)


def _planned(assignment: Assignment, student: str) -> PlansOf:
    from grader.grading.plans import Plans  # noqa: PLC0415  (a release has its plans)
    from grader.spec.variants import student_of  # noqa: PLC0415

    plans = Plans(assignment, visible_only=True)
    return lambda problem: plans.of(problem, student_of(student))


def _course(wanted: Wanted) -> Course:
    try:
        return Course.find(wanted.course or wanted.folder)
    except UsageError:
        if wanted.course is not None:
            raise
        raise UsageError(
            f"{wanted.folder} has no {selfcheck.FILE}, and no folder above it is a course; run "
            "this in the folder that you unpacked"
        ) from None


def _assignment_of(folder: Path, course: Course) -> str:
    """Return the assignment that a folder lies under, or the only one that there is."""
    names = course.names()
    for name in names:
        under = (course.submissions(name), course.assignment(name))
        if any(folder.is_relative_to(parent) for parent in under):
            return name
    if len(names) == 1:
        return names[0]
    raise UsageError(f"which assignment is this? Say it with --assignment: {', '.join(names)}")
