"""The six checks as a course of grader, and the cases that it draws as a module for other tools."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.peers_material import (
    ATOL,
    CASES,
    CHECKS,
    MODULE,
    REFERENCE,
    RTOL,
    Submissions,
    write,
)
from grader.grading.plans import Plans
from grader.kinds.registry import part_models
from grader.spec.loader import load

_PART = """\
  - id: {id}
    kind: {kind}
    title: {name}
    points: 1
    function: {name}
    cases: {{count: {cases}, visible: 1}}
    tolerance: {{rtol: {rtol}, atol: {atol}}}
{more}"""
_KINDS: Mapping[str, tuple[str, str]] = {
    "value": ("value", "inputs: {x: {normal: [4]}}"),
    "gradient": ("gradient", "of: f\n    inputs: {x: {normal: [4]}}"),
    "hessian": ("hessian", "of: f\n    inputs: {x: {normal: [4]}}"),
    "softmax_vjp": ("vjp", "of: softmax\n    cotangent: u\n    inputs: {x: {normal: [4]}}"),
    "stationary_point": ("value", ""),
    "cube": ("vjp", "of: cubed\n    cotangent: u\n    inputs: {x: {normal: [4]}}"),
}


@cache
def shared() -> Mapping[str, str]:
    """Return the files with the checks, their reference and their cases."""
    return {"checks.py": MODULE, "reference.py": REFERENCE, "cases.py": _cases()}


def _cases() -> str:
    """Return a module with the arguments of every case that grader plans, by check."""
    with tempfile.TemporaryDirectory() as name:
        course = Path(name)
        write_course(course, {})
        assignment = load(course / "assignments" / "six", course / "reference", part_models())
        (problem,) = assignment.problems
        planned = Plans(assignment).of(problem, "")
    cases = {
        each.part.id.replace("-", "_"): [
            [np.asarray(argument).tolist() for argument in call.arguments.values()]
            for call in each.plan.calls
        ]
        for each in planned
    }
    if {name: len(found) for name, found in cases.items()} != {
        name: 1 if name == "stationary_point" else CASES for name in CHECKS
    }:
        raise RuntimeError(f"other cases than asked for: {[each.fault for each in planned]}")
    return f"CASES = {json.dumps(cases)}\n"


def write_course(folder: Path, handed_in: Submissions) -> None:
    """Write the six parts and submissions as a course of grader."""
    parts = "".join(
        _PART.format(
            id=name.replace("_", "-"),
            name=name,
            kind=kind,
            cases=CASES,
            rtol=RTOL,
            atol=ATOL,
            more=f"    {more}\n" if more else "",
        )
        for name, (kind, more) in _KINDS.items()
    )
    files = {
        "assignments/six/assignment.yaml": (
            f"assignment: six\ntitle: Six checks\npoints: {len(CHECKS)}\nproblems: [all]\n"
        ),
        "assignments/six/all.yaml": (
            f"problem: all\ntitle: All\nreference: known\nparts:\n{parts}"
        ),
        "reference/six/__init__.py": "",
        "reference/six/known.py": REFERENCE,
    }
    for name, (text, _) in handed_in.items():
        files[f"submissions/six/{name}/solution.py"] = text
    write(folder, files)
