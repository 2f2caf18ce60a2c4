"""Keys: a hash of everything that a result depends on.

A stored result is good as long as its key is; a result whose problem, reference, submission, marks
or grader changed has another key and is made again, and nothing else is.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import grader
from grader.kinds.handed_in import kind_of
from grader.spec.loader import Assignment, LoadedProblem
from grader.spec.marks import Mark
from grader.spec.secret import fingerprint
from grader.spec.tests import CourseTests

# What decides a verdict, within this package; how it is shown does not.
_JUDGING = (
    "compare",
    "expressions",
    "grading",
    "kinds",
    "probes",
    "pytest_plugin",
    "sandbox",
    "spec",
    "submissions",
    "tracing",
    "messages",
    "records.py",
    "values.py",
)
_LIBRARIES = ("lark", "numpy", "torch")


@cache
def tool_digest() -> str:
    """Return a hash of the grader's own code and of what else decides how code behaves."""
    root = Path(grader.__file__).parent
    files: list[Path] = []
    for name in _JUDGING:
        path = root / name
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return _digest(
        grader.__version__,
        f"python {sys.version_info[:3]}",
        *(f"{name} {_version(name)}" for name in _LIBRARIES),
        *_named(files, root),
    )


def problem_digest(assignment: Assignment, problem: LoadedProblem) -> str:
    """Return a hash of a problem's YAML, its reference, and the settings that reach it."""
    return _digest(
        tool_digest(),
        _settings(assignment),
        problem.file.read_bytes(),
        problem.reference.digest(),
        *_secret(assignment),
        *_added_kinds(problem),
    )


def tests_digest(assignment: Assignment, tests: CourseTests) -> str:
    """Return a hash of a file of course tests, of the references and of all that it may read."""
    references = [problem.reference.digest() for problem in assignment.problems]
    return _digest(
        tool_digest(),
        _settings(assignment),
        *_named([tests.file, *_beside(assignment.folder)], assignment.folder),
        *(path.read_bytes() for path in _configurations(assignment.folder)),
        *references,
    )


def _beside(folder: Path) -> list[Path]:
    """Return the helpers and data beside the tests of an assignment."""
    found = []
    for path in sorted(folder.rglob("*")):
        first, *_ = path.relative_to(folder).parts
        if first == "starter" or "__pycache__" in path.parts or first.startswith("."):
            continue
        problem = path.parent == folder and (path.suffix == ".yaml" or path.match("test_*.py"))
        if path.is_file() and not problem:
            found.append(path)
    return found


def _configurations(folder: Path) -> list[Path]:
    """Return what pytest loads before the tests of an assignment from the folders above it."""
    above = [folder.parent / "conftest.py", folder.parents[1] / "conftest.py"]
    return [path for path in above if path.is_file()]


def _settings(assignment: Assignment) -> str:
    """Return what of assignment.yaml reaches a verdict, with the state of the data it names."""
    settings = assignment.spec.model_dump_json(include={"seed", "limits", "reference", "data"})
    return "\n".join([settings, *_states(assignment.data.values())])


def _secret(assignment: Assignment) -> list[str]:
    """Return which secret the inputs are drawn from; it cannot be told from this."""
    return [] if assignment.secret is None else [fingerprint(assignment.secret)]


def _states(paths: Iterable[Path]) -> Iterator[str]:
    """Yield size and time of every data file: too large to be read for every key."""
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                found = file.stat()
                yield f"{file} {found.st_size} {found.st_mtime_ns}"


def _added_kinds(problem: LoadedProblem) -> list[bytes]:
    """Return the sources of the kinds that other packages added; ours are in the tool's digest."""
    used = {type(kind_of(part)) for part in problem.spec.parts}
    added = [kind for kind in used if not kind.__module__.startswith("grader.")]
    return [Path(inspect.getfile(kind)).read_bytes() for kind in sorted(added, key=_full_name)]


def _full_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _named(files: Iterable[Path], root: Path) -> Iterator[str | bytes]:
    for path in files:
        yield str(path.relative_to(root))
        yield path.read_bytes()


def result_key(
    unit_digest: str, submission_digest: str, marks: Mapping[str, Mark], mode: str
) -> str:
    """Return the key of the result of one problem for one submission."""
    return _digest(
        unit_digest,
        submission_digest,
        *(f"{part}: {mark.model_dump_json()}" for part, mark in sorted(marks.items())),
        mode,
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
