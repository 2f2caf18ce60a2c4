"""``grader check``: a student's own folder, on the visible cases, without a sandbox."""

from __future__ import annotations

from pathlib import Path

from grader.cli.console import complain, say
from grader.errors import GraderError, UsageError
from grader.gradebook.store import Gradebook
from grader.grading.assignment import AssignmentGrading, Mode
from grader.grading.run import packages
from grader.kinds.registry import part_models, probes
from grader.messages.text import points_text
from grader.records import Status
from grader.report.plain import part_text
from grader.report.words import STATUS_WORDS
from grader.sandbox.plain import PlainSandbox
from grader.spec.course import Course
from grader.spec.loader import load
from grader.submissions.folder import Collection, read

RIGHT, NOT_RIGHT, BAD_USAGE = 0, 1, 2
_DONE = frozenset({Status.CORRECT, Status.PENDING})


def run(path: Path, *, assignment: str | None, course: Path | None) -> int:
    """Return whether every part is right on its visible cases; print what is not."""
    try:
        folder = path.resolve()
        if folder.is_file():
            raise UsageError(f"{path} is a file; give the folder that it is in: {folder.parent}")
        if not folder.is_dir():
            raise UsageError(f"there is no folder {path}; give the one with your solution.py")
        found = Course.find(course or folder)
        name = assignment or _assignment_of(folder, found)
        found.chosen([name])
        if found.submissions(name).is_relative_to(folder) or folder == found.assignment(name):
            raise UsageError(
                f"{folder} is a folder of the course, not a submission; give the one with your "
                f"solution.py, as in: grader check submissions/{name}/ada"
            )
        return _check(folder, name, found)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE


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


def _check(folder: Path, name: str, course: Course) -> int:
    loaded = load(course.assignment(name), course.references, part_models())
    submission = read(folder, folder.name)
    used = sorted({part.kind for part in loaded.parts})
    with (
        Gradebook(None) as gradebook,
        PlainSandbox(preload=packages([submission]), probes=probes(used)) as sandbox,
    ):
        grading = AssignmentGrading(
            loaded,
            Collection((submission,)),
            gradebook,
            lambda: sandbox,
            mode=Mode(visible_only=True, unconfined=True),
        )
        grading.grade(submission.id)
        report = gradebook.report(name)
    assert report is not None  # noqa: S101  (it was just graded)
    (result,) = report.submissions
    for note in submission.notes:
        say(f"note: {note}")
    tests = {test.id for file in loaded.tests for test in file.tests}
    parts = [part for part in result.parts if part.id not in tests]
    extra = {part.id for part in loaded.parts if part.bonus}
    left_out = [p.id for p in parts if p.id in extra and p.status is Status.MISSING]
    for part in parts:
        if part.status in _DONE or part.id in left_out:
            say(f"{part.id}: {STATUS_WORDS[part.status]}")
        elif part.status is Status.SKIPPED:  # it can be read, or is hidden: judged when graded
            say(f"{part.id}: {part.summary}")
        else:
            say(f"\n{part_text(part)}\n")
    settled = _DONE | {Status.SKIPPED}
    wrong = [p.id for p in parts if p.status not in settled and p.id not in left_out]
    right = sum(part.status is Status.CORRECT for part in parts)
    points = points_text(result.score)
    say(f"\n{right} of {len(parts)} parts are right on the visible cases ({points} points).")
    if wrong:
        say(f"To look at: {', '.join(wrong)}")
    return NOT_RIGHT if wrong else RIGHT
