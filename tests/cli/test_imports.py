"""What commands import that run no student's code: nothing that is slow and not needed.

Looked at are the command's own process and all that it starts.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tiny
from tests.cli.conftest import run_grader
from tests.tiny import Tiny

HEAVY = ("torch", "matplotlib", "sympy", "sklearn", "scipy", "nbformat", "libcst", "pytest", "rich")

# Python imports it in every process that finds it on its path.
TELLING = """
import atexit, os, sys
def tell():
    heavy = [name for name in {heavy!r} if name in sys.modules]
    with open({log!r}, "a") as file:
        print(os.getpid(), *heavy, file=file)
atexit.register(tell)
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """A course that was graded."""
    course = tiny.make(tmp_path_factory.mktemp("course"))
    done = run_grader("grade", folder=course.root)
    assert done.returncode == 0, done.stderr
    return course


def imported(
    course: Tiny, arguments: tuple[str, ...], place: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Return the heavy modules that a command and its children import."""
    log = place / "modules"
    telling = TELLING.format(heavy=HEAVY, log=str(log))
    (place / "sitecustomize.py").write_text(telling, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(place))
    done = run_grader(*arguments, folder=course.root)
    assert done.returncode in {0, 2}, done.stderr
    assert "Traceback" not in done.stderr
    told = log.read_text(encoding="utf-8").split("\n")
    assert any(told)
    return sorted({name for line in told for name in line.split()[1:]})


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("validate",),
        ("report",),
        ("grade",),
        ("export", "doubling", "--format", "csv", "--to", "-"),
        ("export", "doubling", "--format", "junit", "--to", "-"),
        ("doctor",),
    ],
    ids=" ".join,
)
def test_a_command_that_runs_nothing_imports_nothing_heavy(
    arguments: tuple[str, ...], graded: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert imported(graded, arguments, tmp_path, monkeypatch) == []


def test_what_is_imported_is_seen(
    graded: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "pytest" in imported(graded, ("grade", "--rerun"), tmp_path, monkeypatch)


def test_validating_every_kind_of_the_real_course_imports_nothing_heavy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Tiny(Path(__file__).parents[2])
    assert imported(course, ("validate",), tmp_path, monkeypatch) == []
