"""Keys: a hash of everything that a result depends on.

A stored result is good as long as its key is; a result whose problem, reference, submission, marks
or grader changed has another key and is made again, and nothing else is.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import grader
from grader.spec.loader import Assignment, LoadedProblem
from grader.spec.marks import Mark
from grader.spec.tests import CourseTests

# What decides a verdict, within this package; how it is shown does not.
_JUDGING = (
    "compare",
    "grading",
    "kinds",
    "probes",
    "sandbox",
    "spec",
    "submissions",
    "messages.py",
    "records.py",
    "values.py",
)
_LIBRARIES = ("numpy", "torch")


@cache
def tool_digest() -> str:
    """Return a hash of the grader's own code and of the libraries that compute values."""
    root = Path(grader.__file__).parent
    files: list[Path] = []
    for name in _JUDGING:
        path = root / name
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return _digest(
        grader.__version__,
        *(f"{name} {_version(name)}" for name in _LIBRARIES),
        *(path.read_bytes() for path in files),
    )


def problem_digest(assignment: Assignment, problem: LoadedProblem) -> str:
    """Return a hash of a problem's YAML, its reference, and the settings that reach it."""
    settings = assignment.spec.model_dump_json(include={"seed", "limits", "reference"})
    reference = [path.read_bytes() for path in problem.reference.dependencies()]
    return _digest(tool_digest(), settings, problem.file.read_bytes(), *reference)


def tests_digest(assignment: Assignment, tests: CourseTests) -> str:
    """Return a hash of a file of course tests, of the references and helpers beside it."""
    settings = assignment.spec.model_dump_json(include={"seed", "limits", "reference"})
    beside = sorted(assignment.folder.glob("*.py"))
    references = {p for problem in assignment.problems for p in problem.reference.dependencies()}
    contents = [path.read_bytes() for path in (tests.file, *beside, *sorted(references))]
    return _digest(tool_digest(), settings, *contents)


def result_key(unit_digest: str, submission_digest: str, marks: list[Mark], mode: str) -> str:
    """Return the key of the result of one problem for one submission."""
    return _digest(
        unit_digest, submission_digest, *(mark.model_dump_json() for mark in marks), mode
    )


def _digest(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
