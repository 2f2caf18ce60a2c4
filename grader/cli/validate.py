"""``grader validate``: every fault of the course's files, without running anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from grader.cli.console import complain, say
from grader.errors import CourseError, GraderError
from grader.grading.plans import require_secret
from grader.kinds.registry import part_models
from grader.messages.text import counted
from grader.spec import samples
from grader.spec.course import Course
from grader.spec.faults import Fault, SpecFaultsError
from grader.spec.loader import Assignment, load, read_marks
from grader.spec.schema import json_schema

VALID, FAULTY = 0, 2


def run(names: Sequence[str], *, schema: bool, course: Path | None) -> int:
    """Return the exit code; print the faults, or the schema."""
    try:
        if schema:
            say(json.dumps(json_schema(part_models()), indent=2, ensure_ascii=False))
            return VALID
        found = Course.find(course or Path())
        faults = [fault for name in found.chosen(list(names)) for fault in _checked(found, name)]
    except GraderError as error:
        complain(str(error))
        return FAULTY
    for fault in faults:
        say(str(_relative(fault, found.root)))
    if faults:
        complain(counted(len(faults), "fault"))
    return FAULTY if faults else VALID


def _checked(course: Course, name: str) -> list[Fault]:
    assignment, faults = faults_of(course, name)
    if assignment is not None and not faults:
        problems = counted(len(assignment.problems) + len(assignment.tests), "problem")
        say(f"{name}: {problems}, {counted(len(assignment.part_points()), 'part')}, no fault")
        try:
            require_secret(assignment)
        except CourseError as error:  # whoever grades needs one; to read the files nobody does
            say(f"note: {error}")
    return faults


def faults_of(course: Course, name: str) -> tuple[Assignment | None, list[Fault]]:
    """Return an assignment, if it can be read at all, and every fault around it."""
    try:
        assignment = load(course.assignment(name), course.references, part_models())
    except SpecFaultsError as error:
        return None, list(error.faults)
    faults = samples.check(assignment, course.submissions(name))
    try:
        read_marks(course.marks(name), assignment)
    except SpecFaultsError as error:
        faults += error.faults
    return assignment, faults


def _relative(fault: Fault, root: Path) -> Fault:
    try:
        return Fault(fault.file.relative_to(root), fault.line, fault.path, fault.message)
    except ValueError:
        return fault
