"""A course's own test functions: found by reading `test_*.py`, not by running it.

A function whose name starts with ``test_`` and that takes the ``student`` fixture is a part of the
assignment; ``@pytest.mark.points(2)`` says what it is worth (nothing, without the mark).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from grader.spec.faults import Fault
from grader.spec.models import exact_points


@dataclass(frozen=True, slots=True)
class CourseTest:
    """One test function of a course."""

    id: str
    function: str
    title: str
    points: Fraction
    line: int


@dataclass(frozen=True, slots=True)
class CourseTests:
    """The test functions of one file."""

    id: str
    file: Path
    tests: tuple[CourseTest, ...]


def read(path: Path) -> tuple[CourseTests | None, list[Fault]]:
    """Return the tests of a file (None if it has none for students), and what is wrong with it."""
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return None, [Fault(path, line, "", f"not Python: {error}")]
    except OSError as error:
        return None, [Fault(path, 1, "", f"cannot be read: {error.strerror}")]
    tests: list[CourseTest] = []
    faults: list[Fault] = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            faults += [
                Fault(path, inner.lineno, f"{node.name}.{inner.name}", _IN_A_CLASS)
                for inner in node.body
                if isinstance(inner, _FUNCTIONS) and _takes_student(inner)
            ]
        elif isinstance(node, ast.AsyncFunctionDef) and _takes_student(node):
            faults.append(Fault(path, node.lineno, node.name, _ASYNC))
        elif isinstance(node, _FUNCTIONS) and not _takes_student(node):
            if any(map(_is_points, node.decorator_list)):
                faults.append(Fault(path, node.lineno, node.name, _NO_STUDENT))
        elif isinstance(node, ast.FunctionDef):
            points = _points(node, path, faults)
            doc = (ast.get_docstring(node) or "").strip().split("\n")[0]
            words = node.name.removeprefix("test_").replace("_", " ")
            title = doc.rstrip(".") or words.capitalize()
            tests.append(CourseTest(part_id(node.name), node.name, title, points, node.lineno))
    found = CourseTests(part_id(path.stem), path, tuple(tests)) if tests else None
    return found, faults


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IN_A_CLASS = "found a test in a class; expected a function at the top of the file"
_ASYNC = "found async def; expected def"
_NO_STUDENT = "found points; expected a test with an argument called student"


def part_id(name: str) -> str:
    """Return the id of the part that a test function, or of the problem that a file, stands for."""
    return "-".join(name.lower().replace("_", " ").split())


def _takes_student(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return node.name.startswith("test_") and "student" in [argument.arg for argument in given]


def _only_argument(decorator: ast.expr) -> object:
    if isinstance(decorator, ast.Call) and len(decorator.args) == 1 and not decorator.keywords:
        return ast.literal_eval(decorator.args[0])
    raise ValueError("expected one argument")


def _is_points(decorator: ast.expr) -> bool:
    name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return name in {"pytest.mark.points", "mark.points"}


def _points(node: ast.FunctionDef, path: Path, faults: list[Fault]) -> Fraction:
    for decorator in node.decorator_list:
        if not _is_points(decorator):
            continue
        try:
            given = _only_argument(decorator)
            points = exact_points(given)
            if points >= 0:
                return points
        except (ValueError, TypeError):
            pass
        says = f"found {ast.unparse(decorator)}; expected a number of points such as 2 or '5/9'"
        faults.append(Fault(path, decorator.lineno, node.name, says))
    return Fraction(0)
