"""``grader validate``: every fault of the course's files, without running anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from grader.cli.console import complain, say
from grader.errors import UsageError
from grader.kinds.registry import part_models
from grader.spec.course import Course
from grader.spec.faults import Fault, SpecFaultsError
from grader.spec.loader import Assignment, check_samples, load, read_marks
from grader.spec.schema import json_schema

VALID, FAULTY = 0, 2


def run(names: Sequence[str], *, schema: bool, course: Path | None) -> int:
    """Return the exit code; print the faults, or the schema."""
    if schema:
        say(json.dumps(json_schema(part_models()), indent=2, ensure_ascii=False))
        return VALID
    try:
        found = Course.find(course or Path())
        chosen = found.chosen(list(names))
    except UsageError as error:
        complain(str(error))
        return FAULTY
    faults: list[Fault] = []
    for name in chosen:
        assignment, new = faults_of(found, name)
        faults += new
        if assignment is not None and not new:
            parts = len(assignment.part_ids())
            say(f"{name}: {len(assignment.problems)} problems, {parts} parts, no fault")
    for fault in faults:
        say(str(_relative(fault, found.root)))
    if faults:
        complain(f"{len(faults)} fault{'' if len(faults) == 1 else 's'}")
    return FAULTY if faults else VALID


def faults_of(course: Course, name: str) -> tuple[Assignment | None, list[Fault]]:
    """Return an assignment, if it can be read at all, and every fault around it."""
    try:
        assignment = load(course.assignment(name), course.references, part_models())
    except SpecFaultsError as error:
        return None, list(error.faults)
    faults = check_samples(assignment, course.submissions(name))
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
