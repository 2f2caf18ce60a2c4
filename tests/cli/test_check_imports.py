"""What a check imports: nothing that the assignment does not need, and nothing that only POSIX has.

Both are looked at in the grader's process and in the student's, which runs with the same hook.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tiny
from tests.cli.released import ANSWERS, Released, released

__all__ = ["released"]

POSIX_ONLY = ("fcntl", "resource", "pwd", "grp", "termios", "py_landlock", "pyseccomp")
NOT_NEEDED = ("torch", "sympy", "matplotlib", "pytest", "sqlite3", "jinja2", "rich", "networkx")

BLOCK = """
import sys

class Blocked:
    names = {blocked!r}
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

for name in Blocked.names:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Blocked())
"""

# Runs the command line with modules blocked, in the student's process too, and says in the end
# what either of them has imported.
PROGRAM = """
{block}
import contextlib, json
from grader.sandbox import processes

command = processes.command
def blocked(module, argument=""):
    *python, boot, folder = command(module, argument)
    return [*python, {block!r} + boot, folder]
processes.command = blocked

from grader.cli.check import run
code = run({arguments!r}, assignment=None, course=None, watch=False)
print(json.dumps({{"code": code, "modules": sorted(sys.modules)}}), file=sys.stderr)
"""

TELLING = """
import sys
def tell():
    with open({log!r}, "w") as file:
        file.write(" ".join(sys.modules))
def twice(x):
    tell()
    return [2 * v for v in x]
def half(x): return [v / 2 for v in x]
"""


def run(
    released: Released, log: Path, *arguments: str, blocked: tuple[str, ...] = ()
) -> tuple[str, set[str], set[str]]:
    """Return what a check prints, and what the two processes have imported."""
    block = BLOCK.format(blocked=set(blocked))
    program = PROGRAM.format(block=block, arguments=list(arguments))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=released.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stderr.splitlines()[-1])
    assert told["code"] == 0, done.stdout
    theirs = set(log.read_text(encoding="utf-8").split())
    return done.stdout, set(told["modules"]), theirs


@pytest.fixture
def log(released: Released) -> Path:
    """The file in which the student's process says what it has imported."""
    file = released.folder.parent / "modules"
    released.write("solution.py", TELLING.format(log=str(file)))
    released.write("answers.yaml", ANSWERS)
    return file


def test_an_assignment_without_torch_imports_nothing_heavy(released: Released, log: Path) -> None:
    _, ours, theirs = run(released, log)
    assert {"numpy", "grader.kinds.functions.derivatives"} <= ours
    assert ours.isdisjoint(NOT_NEEDED)
    assert theirs.isdisjoint({"torch", "sympy", "matplotlib", "pytest"})


def test_only_the_kinds_of_the_assignment_are_imported(released: Released, log: Path) -> None:
    _, ours, _ = run(released, log)
    families = {name.split(".")[2] for name in ours if name.startswith("grader.kinds.")}
    assert families.isdisjoint({"training", "costs", "codings", "graphs", "networks"})


def test_a_file_that_is_not_used_may_import_torch(released: Released, log: Path) -> None:
    released.write("scratch.py", "import torch\n")
    released.write("README.md", "import torch\n")
    _, ours, theirs = run(released, log)
    assert "torch" not in ours | theirs


def test_torch_is_there_ahead_for_code_that_imports_it(released: Released, log: Path) -> None:
    released.write("helpers.py", "def later():\n    import torch\n")
    source = (released.folder / "solution.py").read_text(encoding="utf-8")
    released.write("solution.py", f"import helpers\n{source}")
    _, ours, theirs = run(released, log)
    assert "torch" not in ours
    assert "torch" in theirs


def test_a_check_works_without_what_only_posix_has(released: Released, log: Path) -> None:
    out, ours, theirs = run(released, log, blocked=POSIX_ONLY)
    assert out.startswith("twice-value: right\ntwice-half: right\nessay-text: waits for review\n")
    assert (ours | theirs).isdisjoint(POSIX_ONLY)


def test_hanging_code_is_ended_without_what_only_posix_has(released: Released) -> None:
    released.write("solution.py", "def twice(x):\n    while True: pass\n")
    block = BLOCK.format(blocked=set(POSIX_ONLY))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM.format(block=block, arguments=["twice-value"])],
        cwd=released.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "twice-value: ran out of time" in done.stdout


def test_deep_recursion_works_without_a_larger_limit_for_the_stack(released: Released) -> None:
    released.write(
        "solution.py",
        "def deep(n): return n if n == 0 else deep(n - 1)\n"
        "def twice(x):\n    deep(4000)\n    return 2 * x\n" + tiny.RIGHT.splitlines()[1] + "\n",
    )
    block = BLOCK.format(blocked=set(POSIX_ONLY))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM.format(block=block, arguments=["twice-value"])],
        cwd=released.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.startswith("twice-value: right\n")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_terminal_without_unicode_is_no_obstacle(encoding: str, released: Released) -> None:
    released.write("solution.py", "print('x \u2264 1')\n" + tiny.RIGHT)
    code = "import sys; from grader.cli import main; sys.argv[1:] = ['check']; main()"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        cwd=released.folder,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert done.stdout.decode(encoding).startswith("Your code printed:\n  x <= 1\n")


def test_the_plugin_imports_nothing_heavy_where_there_is_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(
        "import sys\ndef test_it():\n"
        "    heavy = {'numpy', 'torch', 'pydantic', 'msgspec', 'grader.kinds', 'grader.records'}\n"
        "    assert heavy.isdisjoint(sys.modules)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:hypothesispytest",
            "-p",
            "no:cacheprovider",
        ],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout
