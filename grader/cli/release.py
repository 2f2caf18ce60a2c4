"""``grader release``: what students download, and the autograder for Gradescope."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from grader.cli.console import complain, say
from grader.errors import GraderError, ReleaseError, UsageError
from grader.kinds.registry import part_models
from grader.messages.text import counted
from grader.release.bundle import bundle
from grader.release.selfcheck import Known
from grader.report.files import write_if_changed
from grader.spec.course import Course
from grader.spec.loader import Assignment, load
from grader.spec.variants import is_per_student

WRITTEN, BAD_USAGE = 0, 2
_STUDENT = re.compile(r"[\w][\w.@+-]{0,99}")  # what may stand in the name of a file anywhere


def run(
    name: str,
    *,
    to: Path,
    students: Sequence[str],
    all_students: bool,
    gradescope: bool,
    course: Path | None,
) -> int:
    """Return whether the archives were written; say which, and what to do with them."""
    try:
        found = Course.find(course or Path())
        found.chosen([name])
        if gradescope and (students or all_students):
            raise UsageError("--gradescope makes one archive for all; leave --student out")
        if gradescope:
            return _gradescope(found, name, to)
        assignment = load(found.assignment(name), found.references, part_models())
        return _students(assignment, _chosen(found, assignment, students, all_students), to)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE


def _chosen(
    course: Course, assignment: Assignment, students: Sequence[str], all_students: bool
) -> list[str]:
    """Return for whom an archive is made; the empty name stands for everybody."""
    chosen = list(students)
    if all_students:
        folder = course.submissions(assignment.id)
        if not folder.is_dir():
            raise UsageError(f"there is no folder {folder} with a folder for each student")
        names = (path.name for path in sorted(folder.iterdir()) if path.is_dir())
        chosen += [name for name in names if not name.startswith(".")]
    for student in chosen:
        if not _STUDENT.fullmatch(student):
            raise UsageError(
                f"{student!r} cannot be in the name of a file; expected letters, digits, . _ @ + -"
            )
    own = [part.id for part in assignment.parts if is_per_student(part)]
    if own and not chosen:
        raise UsageError(
            f"{own[0]} is each student's own: say for whom, with --student ID or --all-students"
        )
    return list(dict.fromkeys(chosen)) or [""]


def _students(assignment: Assignment, students: Sequence[str], to: Path) -> int:
    known: Known = {}
    for student in students:
        made = bundle(assignment, student, known)
        name = f"{assignment.id}-{student}.zip" if student else f"{assignment.id}.zip"
        _write(to / name, made.packed())
        if student == students[0]:
            say(f"It holds {', '.join(sorted(made.files))}.")
    say(
        "Next: look at statement.html in it, unpack it somewhere and run `grader check` there; "
        "then give it to your students."
    )
    if students != [""]:
        own = any(map(is_per_student, assignment.parts))
        differ = "the numbers differ" if own else "no part is each student's own, so all are alike"
        say(f"{counted(len(students), 'archive')}, each for one student: {differ}.")
    return WRITTEN


def _gradescope(course: Course, name: str, to: Path) -> int:
    from grader.release import gradescope  # noqa: PLC0415  (most releases are for students)

    _write(to / f"{name}-gradescope.zip", gradescope.build(course, name))
    for note in gradescope.notes(course, name):
        say(note)
    say("Next: upload it to Gradescope, under Configure Autograder.")
    return WRITTEN


def _write(path: Path, content: bytes) -> None:
    try:
        changed = write_if_changed(path, content)
    except OSError as error:
        where = error.filename or path
        raise ReleaseError(f"{where} cannot be written: {error.strerror}") from None
    size = f"{max(1, len(content) >> 10)} KiB"
    say(f"{path}: {'written' if changed else 'as it was'} ({size})")
