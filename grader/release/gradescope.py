"""The zip that Gradescope makes an autograder from.

It holds `setup.sh` and `run_autograder`, the tool's own source with the versions of its libraries,
and of the course one assignment: its folder, its data, its reference.  That is everything that the
students must not see; only staff can download it there.  The course's secret is added if the
assignment has parts with a variant for each student, since nobody can grade those without it.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

import grader
from grader.errors import CourseError
from grader.kinds.registry import kinds, part_models
from grader.release import archive
from grader.spec import secret
from grader.spec.course import Course
from grader.spec.loader import Assignment, load
from grader.spec.variants import needs_secret

SCRIPTS = ("setup.sh", "run_autograder")
_ASSIGNMENT = re.compile(r"^ASSIGNMENT=\S+.*$", re.MULTILINE)
_TOOL = Path(grader.__file__).parent


def build(course: Course, name: str) -> bytes:
    """Return the zip for an assignment; the same course and libraries give the same bytes.

    Raises CourseError for an assignment with faults, or with something that lies outside of the
    course or in another package.
    """
    assignment = load(course.assignment(name), course.references, part_models())
    _refuse_added_kinds(assignment)
    files = dict(_scripts(name)) | dict(_tool())
    files["constraints.txt"] = "".join(f"{line}\n" for line in constraints()).encode()
    for path in sorted({*_of_assignment(course, assignment), *_of_reference(assignment)}):
        files[f"course/{_place(path, course)}"] = path.read_bytes()
    key = _secret(course, assignment)
    if key is not None:
        files[f"course/{secret.FILE}"] = key + b"\n"
    return archive.pack(files, executable=SCRIPTS)


def notes(course: Course, name: str) -> tuple[str, ...]:
    """Return what whoever uploads the zip has to know of what is in it."""
    assignment = load(course.assignment(name), course.references, part_models())
    said = ["It holds the reference and every hidden case: it is for Gradescope, not for students."]
    if _secret(course, assignment) is not None:
        said.append("It holds the course's secret, which the variants of this assignment need.")
    elif secret.read(course.root) is not None:
        said.append(
            "It is without the course's secret: there, hidden cases are drawn from the seed in "
            "assignment.yaml, and differ from those of grader grade."
        )
    if course.marks(name).is_file():
        said.append("Marks that people gave are not in it; give them in Gradescope.")
    return tuple(said)


# ---- the tool ------------------------------------------------------------------------------------


def _scripts(name: str) -> Iterator[tuple[str, bytes]]:
    for script in SCRIPTS:
        text = (Path(__file__).parent / "autograder" / script).read_text(encoding="utf-8")
        if script == "run_autograder":
            line = f"ASSIGNMENT={shlex.quote(name)}".replace("\\", r"\\")
            text, replaced = _ASSIGNMENT.subn(line, text)
            assert replaced == 1, script  # noqa: S101  (our own file)
        yield script, text.replace("\r\n", "\n").encode()


def _tool() -> Iterator[tuple[str, bytes]]:
    """Yield the source of the tool as it runs now, and what makes it installable."""
    for path in _files(_TOOL):
        yield f"tool/grader/{path.relative_to(_TOOL).as_posix()}", path.read_bytes()
    yield "tool/pyproject.toml", _project().encode()


def _project() -> str:
    needed = "".join(f'    "{each}",\n' for each in map(_toml, sorted(_required("grader"))))
    return (
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
        f'[project]\nname = "grader"\nversion = "{grader.__version__}"\n'
        f'requires-python = ">=3.11"\ndependencies = [\n{needed}]\n\n'
        '[project.scripts]\ngrader = "grader.cli:main"\n\n'
        '[tool.hatch.build.targets.wheel]\npackages = ["grader"]\n'
    )


def _toml(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def constraints() -> list[str]:
    """Return the versions of all libraries that the tool runs with here, one line for each."""
    found: dict[str, str] = {}
    waiting = ["grader"]
    while waiting:
        for text in _required(waiting.pop()):
            name = Requirement(text).name
            key = re.sub(r"[-_.]+", "-", name).lower()
            try:
                version = distribution(name).version
            except PackageNotFoundError:  # of another platform
                continue
            if key not in found:
                found[key] = version.partition("+")[0]
                waiting.append(name)
    return sorted(f"{name}=={version}" for name, version in found.items())


def _required(name: str) -> list[str]:
    """Return what a distribution needs, without what its extras do."""
    declared = _declared() if name == "grader" else None
    needed = map(Requirement, declared or distribution(name).requires or ())
    return [str(each) for each in needed if not _of_an_extra(each)]


def _declared() -> list[str] | None:
    """Return what the checkout that the tool runs from says it needs; None if it is no checkout.

    What was written down when it was installed may be from before the last change.
    """
    file = _TOOL.parent / "pyproject.toml"
    if not file.is_file():
        return None
    project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    found: list[str] = project.get("dependencies", [])
    return found if project.get("name") == "grader" else None


def _of_an_extra(needed: Requirement) -> bool:
    return needed.marker is not None and "extra" in str(needed.marker)


# ---- the course ----------------------------------------------------------------------------------


def _of_assignment(course: Course, assignment: Assignment) -> Iterator[Path]:
    """Yield the files of an assignment, its data, and what pytest loads before its tests."""
    yield from _files(assignment.folder)
    for name, path in assignment.data.items():
        if not path.exists():
            raise CourseError(f"{assignment.id}: the data {name} is not there: {path}")
        yield from _files(path) if path.is_dir() else [path]
    for folder in (course.root, course.root / "assignments"):
        if (folder / "conftest.py").is_file():
            yield folder / "conftest.py"


def _of_reference(assignment: Assignment) -> Iterator[Path]:
    for problem in assignment.problems:
        yield from problem.reference.dependencies()


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, but for hidden ones and what Python keeps of them."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        passed_over = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if path.is_file() and not passed_over:
            yield path


def _place(path: Path, course: Course) -> str:
    root = course.root.resolve()
    real = path.resolve()
    if not real.is_relative_to(root):
        raise CourseError(
            f"{path} lies outside of the course, so it cannot go into the zip; move it to {root}"
        )
    return real.relative_to(root).as_posix()


def _secret(course: Course, assignment: Assignment) -> bytes | None:
    return secret.read(course.root) if any(map(needs_secret, assignment.parts)) else None


def _refuse_added_kinds(assignment: Assignment) -> None:
    added = sorted({p.kind for p in assignment.parts if not _is_own(type(kinds()[p.kind]))})
    if added:
        raise CourseError(
            f"{assignment.id}: the kind {added[0]} comes from another package, which the zip "
            "cannot hold; grade this assignment elsewhere"
        )


def _is_own(kind: type) -> bool:
    return kind.__module__.startswith("grader.")
