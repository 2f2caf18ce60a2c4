"""Files in a student's repository have no effect on how it is graded.

Each is put into a repository with the same wrong solution and run in the way that gives it most
room: a process of its own, with the repository as the folder one is in and, through ``-m``, first
on Python's path.  What it would do there is leave a mark outside, or else change the grade.
"""

from __future__ import annotations

import importlib.util
import json
import os
import py_compile
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.records import Call, Limits, PartCalls, RunRequest
from grader.sandbox.host import Sandbox
from tests import tiny
from tests.cli.conftest import Done, run_grader
from tests.tiny import Tiny

SOLUTION = """\
import numpy as np
from helper import factor

def twice(x): return factor() * np.asarray(x) ** 2
def half(x): return np.asarray(x) / 2
"""
HELPER = "def factor(): return 1\n"
# `grades.sqlite` has what a gradebook has: the perfect grade of a submission of the same name.
FORGED = "repo"

EVIL = "open({mark!r}, 'w').close()\nraise SystemExit('this was run')\n"
"""What a file of a student would do in the grader's own process."""

PYTEST = {
    "conftest.py": EVIL,
    "tox.ini": "[pytest]\naddopts = --collect-only\n",
    "pytest.ini": "[pytest]\naddopts = -p evil\n",
    "setup.cfg": "[tool:pytest]\npython_functions = nothing_*\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['--deselect=.']\n",
    "evil.py": EVIL,
    "test_all_is_right.py": EVIL,
}
MODULES = {
    f"{name}.py": EVIL
    for name in (
        *("sitecustomize", "usercustomize", "numpy", "torch", "matplotlib", "pytest", "_pytest"),
        *("random", "json", "sqlite3", "hashlib", "secrets", "typer", "yaml", "pydantic", "rich"),
    )
}
FOUND_BY_NAME = {
    "evil.pth": "import evil\n",
    "numpy/__init__.py": EVIL,
    "evil.py": EVIL,
    "evil-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1\n",
    "evil-1.dist-info/entry_points.txt": "[grader.kinds]\nx = evil:K\n[pytest11]\ne = evil\n",
    ".env": "PYTHONPATH=.\nGRADER_COURSE=.\n",
    "pyvenv.cfg": "home = .\n",
    "matplotlibrc": "backend: module://evil\n",
    "pytest_plugins.py": EVIL,
}
KEPT = {
    ".grader/results.json": "{}",
    "self-check.json": '{"format": 1, "assignment": "doubling", "points": 1000}',
    "expect.yaml": "parts:\n  twice-value: {status: correct, points: 2}\n",
    ".github/workflows/grade.yml": "on: push\njobs: {}\n",
    ".gitlab-ci.yml": "grade: {script: [exit 0]}\n",
    "results/results.json": '{"score": 1000}',
    "results.json": '{"score": 1000}',
    "submission_metadata.json": '{"users": [{"email": "someone.else@example.org"}]}',
    "manifest.csv": "submission,submitted_at,source\nrepo,2000-01-01T00:00:00Z,forged\n",
    "secret.key": "0123456789abcdef0123456789abcdef\n",
}
COURSE = {
    "assignments/doubling/assignment.yaml": tiny.ASSIGNMENT.format(points=1000),
    "assignments/doubling/twice.yaml": tiny.TWICE.replace("points: 2", "points: 996"),
    "assignments/doubling/essay.yaml": tiny.ESSAY,
    "assignments/conftest.py": EVIL,
    "reference/doubling/twice.py": EVIL,
    "reference/doubling/__init__.py": EVIL,
    "marks/doubling.yaml": "repo:\n  essay-text: {points: 3}\n",
    "submissions/doubling/repo/solution.py": tiny.RIGHT,
}
GROUPS = {
    "pytest": PYTEST,
    "modules": MODULES,
    "found by name": FOUND_BY_NAME,
    "kept": KEPT,
    "course": COURSE,
}


@dataclass(frozen=True)
class Graded:
    """What came of a repository: the process, the grade, and the marks that files left."""

    done: Done
    grade: dict[str, Any]
    marks: list[str]


class Workshop:
    """A course, and repositories that are graded beside it; each kind once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.course: Tiny = tiny.make(root / "course", tests=True)
        self._graded: dict[str, Graded] = {}

    def repository(self, name: str, files: dict[str, str]) -> tuple[Path, Path]:
        """Write a repository; return it, and the folder in which files leave their marks."""
        folder, marks = self.root / name / FORGED, self.root / name / "marks"
        marks.mkdir(parents=True)
        for path, text in {"solution.py": SOLUTION, "helper.py": HELPER, **files}.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            mark = str(marks / path.replace("/", "!"))
            file.write_text(text.replace("{mark!r}", repr(mark)), encoding="utf-8")
        return folder, marks

    def graded(self, name: str, files: dict[str, str]) -> Graded:
        """Return what came of a repository with these files, graded on the first call."""
        if name not in self._graded:
            folder, marks = self.repository(name, files)
            done = run_grader(*self.command(), folder=folder)
            self._graded[name] = Graded(done, grade_of(done), _names(marks))
        return self._graded[name]

    def command(self) -> list[str]:
        course = str(self.course.root)
        return [
            *("grade", "--submission", ".", "--assignment", "doubling", "--course", course),
            *("--format", "jsonl", "--to", "-"),
        ]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def grade_of(done: Done) -> dict[str, Any]:
    """Return what a grade consists of, out of the export to stdout."""
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    parts = [(part["part"], part["status"], part["points"]) for part in row["parts"]]
    return {"submission": row["submission"], "score": row["score"], "parts": parts}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("immunity"))


@pytest.fixture(scope="module")
def plain_grade(workshop: Workshop) -> dict[str, Any]:
    """The grade of the repository with nothing else in it."""
    return workshop.graded("plain", {}).grade


def test_the_plain_repository_gets_what_it_deserves(plain_grade: dict[str, Any]) -> None:
    assert plain_grade["score"] == 1
    assert [status for _, status, _ in plain_grade["parts"]] == [
        "wrong",
        "correct",
        "missing",
        "wrong",
        "correct",
    ]


@pytest.mark.parametrize(
    ("group", "file"), [(group, file) for group, files in GROUPS.items() for file in files]
)
def test_a_file_of_the_student_has_no_effect(
    workshop: Workshop, plain_grade: dict[str, Any], group: str, file: str
) -> None:
    graded = workshop.graded(group, GROUPS[group])
    assert file.replace("/", "!") not in graded.marks
    assert graded.grade == plain_grade


def test_the_files_would_act_where_python_finds_them(workshop: Workshop) -> None:
    """So that the tests above cannot pass for want of an attack."""
    folder, marks = workshop.repository("unprotected", MODULES)
    subprocess.run(
        [sys.executable, "-c", "import numpy"], cwd=folder, capture_output=True, check=False
    )
    assert _names(marks) == ["numpy.py"]


def test_all_of_them_together_have_no_effect_on_the_command(
    workshop: Workshop, plain_grade: dict[str, Any]
) -> None:
    files = {name: text for group in GROUPS.values() for name, text in group.items()}
    folder, marks = workshop.repository("all", files)
    script = Path(sys.executable).with_name("grader")
    done = _run([str(script), *workshop.command()], folder)
    assert grade_of(done) == plain_grade
    assert _names(marks) == []


def test_a_package_called_grader_has_no_effect_without_the_folder_on_the_path(
    workshop: Workshop, plain_grade: dict[str, Any]
) -> None:
    package = {"grader/__init__.py": EVIL, "grader/__main__.py": EVIL}
    folder, marks = workshop.repository("shadow", package)
    done = _run([sys.executable, "-P", "-m", "grader", *workshop.command()], folder)
    assert grade_of(done) == plain_grade
    assert _names(marks) == []


def test_a_gradebook_of_the_student_is_not_read(
    workshop: Workshop, plain_grade: dict[str, Any]
) -> None:
    folder, _ = workshop.repository("gradebook", {})
    forged = workshop.root / "forged"
    shutil.copytree(folder, forged / FORGED)
    (forged / FORGED / "solution.py").write_text(tiny.RIGHT, encoding="utf-8")
    done = run_grader(
        *("grade", "doubling", "--submissions", str(forged), "--reports", str(folder / "reports")),
        folder=workshop.course.root,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "reports" / "grades.sqlite").is_file()
    assert grade_of(run_grader(*workshop.command(), folder=folder)) == plain_grade
    refused = run_grader(*workshop.command(), "--reports", "reports", folder=folder)
    assert (refused.returncode, refused.stderr) == (
        2,
        (
            "grader: reports lies in the submission and is there already, so it may be the "
            "student's; remove it first, or name a place outside of the submission\n"
        ),
    )


def test_compiled_code_of_the_student_is_not_run_in_place_of_the_source(
    workshop: Workshop, plain_grade: dict[str, Any]
) -> None:
    folder, _ = workshop.repository("compiled", {"right.py": tiny.RIGHT})
    for name in ("solution", "helper", "right"):
        py_compile.compile(
            str(folder / "right.py"),
            importlib.util.cache_from_source(str(folder / f"{name}.py")),
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    assert grade_of(run_grader(*workshop.command(), folder=folder)) == plain_grade


GIT_CONFIG = """\
[core]
	fsmonitor = {program}
	hooksPath = {hooks}
	pager = {program}
	sshCommand = {program}
	editor = {program}
[log]
	showSignature = true
[gpg]
	program = {program}
[diff]
	external = {program}
[alias]
	log = !{program}
	cat-file = !{program}
[include]
	path = more
"""


@pytest.mark.skipif(shutil.which("git") is None, reason="the repository is made with git")
def test_the_settings_and_hooks_of_a_repository_do_not_run(
    workshop: Workshop, plain_grade: dict[str, Any]
) -> None:
    course = tiny.make(workshop.root / "dated", tests=True)
    spec = course.assignment / "assignment.yaml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(f"{text}due: 2023-12-01T12:00\ntime_zone: UTC\n", encoding="utf-8")
    folder, marks = workshop.repository("git", {})
    program = folder.parent / "program"
    program.write_text(f"#!/bin/sh\ntouch {marks}/run\n", encoding="utf-8")
    program.chmod(0o755)
    who = [f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
    environment = {**os.environ, **dict.fromkeys(who, "a@b"), "GIT_COMMITTER_DATE": "1700000000 +0"}
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Done"]):
        subprocess.run(["git", *command], cwd=folder, env=environment, check=True)  # noqa: S603, S607
    hooks = folder / ".git" / "hooks"
    for hook in ("post-checkout", "post-index-change", "pre-commit", "reference-transaction"):
        shutil.copy(program, hooks / hook)
    config = GIT_CONFIG.replace("{program}", str(program)).replace("{hooks}", str(hooks))
    (folder / ".git" / "config").write_text(config, encoding="utf-8")
    at = workshop.command()
    at[at.index("--course") + 1] = str(course.root)
    done = run_grader(*at, folder=folder)
    assert grade_of(done)["parts"] == plain_grade["parts"]
    came = json.loads(done.stdout)["lateness"]
    assert (came["source"], came["submitted_at"]) == ("git", "2023-11-14T22:13:20+00:00")
    assert _names(marks) == []


def test_settings_of_the_student_for_figures_have_no_effect(workshop: Workshop) -> None:
    files = {"matplotlibrc": "backend: module://evil\nfont.size: {mark!r}\n", "evil.py": EVIL}
    folder, marks = workshop.repository("figures", files)
    code = (
        "from pathlib import Path\n"
        "from grader.cli import options, single\n"
        "def look(*_): import matplotlib; print(matplotlib.matplotlib_fname())\n"
        "single.grade.graded = look\n"
        "single.run(options.Single(Path()), reports=None, unsafe=False, "
        f"course=Path({str(workshop.course.root)!r}))"
    )
    done = _run([sys.executable, "-P", "-c", code], folder)
    assert done.stdout.strip()
    assert not Path(done.stdout.strip()).is_relative_to(folder)
    assert _names(marks) == []


def _run(command: list[str], folder: Path) -> Done:
    return subprocess.run(  # noqa: S603
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )


# ---- secrets -------------------------------------------------------------------------------------

SPY = """\
import ctypes, glob, os

def twice(x):
    found = [f"{name}={value}" for name, value in os.environ.items()]
    for path in glob.glob("/proc/[0-9]*/environ") + [f"/proc/{os.getppid()}/environ"]:
        try:
            found += open(path, "rb").read().decode("utf-8", "replace").split("\\0")
        except OSError:
            pass
    get = ctypes.CDLL(None).getenv
    get.restype = ctypes.c_char_p
    found += [str(get(name)) for name in (b"COURSE_TOKEN", b"GRADER_SECRET")]
    told = [each for each in found if "do_not" + "_tell" in each]
    raise ValueError(f"{len(told)} secrets told" if "OMP_NUM_THREADS=1" in found else "blind")

half = twice
"""
TOKEN = "ghs_do_not_tell"  # noqa: S105  (made up)


@pytest.mark.parametrize("unsafe", [False, True], ids=["in the sandbox", "without it"])
def test_no_secret_of_the_environment_reaches_student_code(
    workshop: Workshop, unsafe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COURSE_TOKEN", "GITHUB_TOKEN", "CI_JOB_TOKEN"):
        monkeypatch.setenv(name, TOKEN)
    monkeypatch.setenv("GRADER_SECRET", f"{TOKEN}_and_long_enough")
    spying = SPY if not unsafe else SPY.replace('"/proc/', '"/nowhere/')
    folder, _ = workshop.repository(f"secrets-{unsafe}", {"solution.py": spying})
    extra = ("--unsafe-no-sandbox",) if unsafe else ()
    done = run_grader(*workshop.command(), *extra, folder=folder)
    assert done.returncode == 0, done.stderr
    assert "solution.py: 0 secrets told" in done.stdout


DOCKER_LIKE = ("namespaces", "private root", "separate uids")
"""What is missing in a container without privileges, and on a machine that grades for others."""


def test_no_secret_is_found_where_there_are_no_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_TOKEN", TOKEN)
    with Sandbox(preload=("numpy",), disable=DOCKER_LIKE) as sandbox:
        present = {each.name for each in sandbox.mechanisms if each.present}
        if "landlock" not in present:
            pytest.skip("this machine has no Landlock")
        calls = (Call("twice", {"x": 1.0}),)
        part = PartCalls("part", "solution.py", calls, 5.0)
        outcome = sandbox.run(RunRequest({"solution.py": SPY.encode()}, (part,), Limits()))
    (seen,) = outcome.observations["part"]
    assert seen.failure is not None
    assert seen.failure.message == "0 secrets told"
