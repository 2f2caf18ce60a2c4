"""The problems of the real course: their parts, their references, and what a student gets there."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from grader.kinds.base import Planning
from grader.kinds.registry import kinds, part_models
from grader.spec.reference import Reference

from .student import COURSE, Result, judge, module, observe


@cache
def asked(assignment: str, problem: str) -> dict[str, Any]:
    """Return the parts of a problem by their ids."""
    file = COURSE / "assignments" / assignment / f"{problem}.yaml"
    spec = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {part["id"]: part_models()[part["kind"]].model_validate(part) for part in spec["parts"]}


@cache
def known(assignment: str, problem: str) -> Reference:
    """Return the reference of a problem."""
    file = COURSE / "assignments" / assignment / f"{problem}.yaml"
    name = yaml.safe_load(file.read_text(encoding="utf-8"))["reference"]
    return Reference(COURSE / "reference", assignment.replace("-", "_"), name)


@cache
def planned(assignment: str, problem: str, part: str) -> Any:
    """Return the plan of a part, made once."""
    item = asked(assignment, problem)[part]
    return kinds()[item.kind].plan(item, Planning(known(assignment, problem), 0))


def graded(assignment: str, problem: str, part: str, /, **functions: Any) -> Result:
    """Return the verdict on a student who has the reference's functions, but for those given."""
    item = asked(assignment, problem)[part]
    course = known(assignment, problem)
    plan = planned(assignment, problem, part)
    written = module(**{**vars(course.loaded), **functions})
    return judge(item, course, plan, [observe(call, written) for call in plan.calls])


def taught(assignment: str, problem: str, part: str) -> tuple[Any, Reference]:
    """Return a part of the course, and the reference of its problem."""
    return asked(assignment, problem)[part], known(assignment, problem)
