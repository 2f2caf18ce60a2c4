"""How each tool grades the six checks, in the way that its documentation gives for one machine.

What is written into folders, and what a tool generates or builds once for a course, is not counted;
everything that it does for submissions is.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import peers_course as course
from benchmarks import peers_material as material
from benchmarks.peers_material import CHECKS, Submissions, write
from grader.sandbox import linux, strays

Verdicts: TypeAlias = dict[str, set[str]]
"""By submission, the checks that it did not pass."""

_LONGEST_S = 1800.0
_AFTERWARDS_S = 5.0
"""How long what a command left running may go on before it is ended; its time counts too."""
_OWN_SETTINGS = ("PYTHON", "PYTEST", "JUPYTER", "IPYTHON", "CHECK50")
"""Beginnings of names of variables: settings of whoever measures that would change a tool."""
_READ_NBGRADER = """\
import json
from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as gradebook:
    found = {
        each.student.id: {grade.name: grade.score for grade in each.notebooks[0].grades}
        for each in gradebook.assignment_submissions("six")
    }
print(json.dumps(found))
"""


class NoVerdictsError(Exception):
    """A tool could not be run; the message says why."""


@dataclass
class Work:
    """A folder in which a tool grades, with its environment, and what it has taken so far."""

    folder: Path
    home: Path
    bin: Path
    submissions: Submissions
    wall_s: float = 0.0
    cpu_s: list[float] = field(default_factory=list)  # of each command that counts
    environment: dict[str, str] = field(default_factory=dict)
    said: str = ""  # by the last command

    def run(self, *command: str, folder: Path | None = None, counted: bool = True) -> str:
        """Return what a command prints; its first word is a program of the environment.

        An exit code says nothing here: tools end with 1 where a student is wrong.  The processor
        time is that of all processes that it started; those that it leaves behind are waited for.
        """
        kept = {k: v for k, v in os.environ.items() if not k.startswith(_OWN_SETTINGS)}
        path = f"{self.bin}{os.pathsep}{os.environ.get('PATH', '')}"
        with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complained:
            began, before = time.perf_counter(), _children_cpu_s()
            try:
                process = subprocess.Popen(  # noqa: S603
                    [str(self.bin / command[0]), *command[1:]],
                    cwd=folder or self.folder,
                    env={**kept, "PATH": path, "HOME": str(self.home), **self.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=printed,
                    stderr=complained,
                )
            except OSError as error:
                raise NoVerdictsError(f"{command[0]}: {error}") from error
            try:
                process.wait(_LONGEST_S)
            except subprocess.TimeoutExpired as error:
                process.kill()
                process.wait()
                raise NoVerdictsError(f"{command[0]}: {error}") from error
            finally:
                wall_s = time.perf_counter() - began
                _wait_for_orphans()
            if counted:
                self.wall_s += wall_s
                self.cpu_s.append(_children_cpu_s() - before)
            texts = []
            for file in (printed, complained):
                file.seek(0)
                texts.append(file.read().decode("utf-8", "replace"))
        self.said = "".join(texts)
        return texts[0]


def adopt_orphans() -> None:
    """Have every process that a tool leaves behind become a child of this one, to be counted."""
    if sys.platform == "linux":
        linux.adopt_orphans()


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wait_for_orphans() -> None:
    end = time.perf_counter() + _AFTERWARDS_S
    while time.perf_counter() < end:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            time.sleep(0.01)
    strays.kill(())


# ---- one process, or several, for each submission ------------------------------------------------


def _each(work: Work, grade: Callable[[Path], set[str]], **files: str) -> Verdicts:
    """Return the verdicts of a tool that is started anew for each submission, in a folder of it."""
    found = {}
    for name, (text, _) in work.submissions.items():
        folder = work.folder / name
        write(folder, {**course.shared(), "solution.py": text, **files})
        found[name] = grade(folder)
    return found


def _result(work: Work, file: Path) -> str:
    """Return what a tool wrote.  Raises NoVerdictsError, with what it said, if it wrote nothing."""
    if not file.is_file():
        raise NoVerdictsError(f"it wrote no {file.name}: {work.said[-300:]}")
    return file.read_text(encoding="utf-8")


def _passed_in_junit(text: str) -> set[str]:
    cases = ET.fromstring(text).iter("testcase")  # noqa: S314  (our own submissions)
    return {each.get("name", "") for each in cases if not len(each)}


def pytest_each(work: Work) -> Verdicts:
    """Grade with a pytest process for each submission."""

    def grade(folder: Path) -> set[str]:
        work.run("python", "-m", "pytest", "-q", "--junitxml=results.xml", folder=folder)
        passed = _passed_in_junit(_result(work, folder / "results.xml"))
        return {name for name in CHECKS if f"test_{name}" not in passed}

    return _each(work, grade, **{"test_solution.py": material.PYTEST})


def gradescope(work: Work) -> Verdicts:
    """Grade with the script that Gradescope's container runs, without the container."""

    def grade(folder: Path) -> set[str]:
        work.run("python", "run_tests.py", folder=folder)
        tests = json.loads(_result(work, folder / "results.json"))["tests"]
        passed = {each["name"].strip() for each in tests if each["score"] == each["max_score"]}
        return {name for name in CHECKS if name not in passed}

    return _each(work, grade, **{"run_tests.py": material.GRADESCOPE})


def check50(work: Work) -> Verdicts:
    """Grade with checks in a folder of this machine, offline."""
    checks = work.folder / "the-checks"
    settings = "check50:\n  checks: __init__.py\n  files:\n    - !include solution.py\n"
    write(checks, {**course.shared(), "__init__.py": material.CHECK50, ".cs50.yaml": settings})

    def grade(folder: Path) -> set[str]:
        told = ("--output", "json", "--output-file", "results.json")
        work.run("check50", "--dev", "--log-level", "warning", *told, "--", str(checks),
                 folder=folder)  # fmt: skip
        data = json.loads(_result(work, folder / "results.json"))
        if "results" not in data:
            raise NoVerdictsError(str(data)[:300])
        passed = {each["name"] for each in data["results"] if each["passed"]}
        return {name for name in CHECKS if name not in passed}

    return _each(work, grade)


def otter(work: Work) -> Verdicts:
    """Grade a notebook with the runner that works in otter's containers too."""
    folder = work.folder
    tests = {f"tests/{name}.py": material.OTTER_TEST.format(name=name) for name in CHECKS}
    write(folder, {**course.shared(), **tests, "otter_config.json": '{"pdf": false}'})
    work.run("otter", "generate", "-t", "tests", "-c", "otter_config.json", "--no-environment",
             *course.shared(), counted=False)  # fmt: skip
    archive = folder / "autograder.zip"
    if not archive.is_file():
        raise NoVerdictsError(work.said[-300:])

    def grade(place: Path) -> set[str]:
        text, _ = work.submissions[place.name]
        write(place, {"solution.ipynb": material.notebook(text, cells=False)})
        work.run("otter", "run", "-a", str(archive), "-o", str(place), "solution.ipynb",
                 folder=place)  # fmt: skip
        tests = json.loads(_result(work, place / "results.json"))["tests"]
        passed = {
            each["name"]
            for each in tests
            if each.get("max_score") and each.get("score") == each["max_score"]
        }
        return {name for name in CHECKS if not passed & {name, f"test_{name}"}}

    return _each(work, grade)


# ---- one command for all submissions -------------------------------------------------------------


def pytest_shared(work: Work) -> Verdicts:
    """Grade all submissions in one pytest process, which any of them could end or poison."""
    files = {**course.shared(), "test_all.py": material.PYTEST_SHARED}
    for name, (text, _) in work.submissions.items():
        files[f"submissions/{name}/solution.py"] = text
    write(work.folder, files)
    work.run("python", "-m", "pytest", "-q", "--junitxml=results.xml")
    passed = _passed_in_junit(_result(work, work.folder / "results.xml"))
    return {
        student: {name for name in CHECKS if f"test_{name}[{student}]" not in passed}
        for student in work.submissions
    }


def nbgrader(work: Work) -> Verdicts:
    """Grade notebooks; each is executed in a kernel of its own."""
    folder = work.folder
    write(folder / "library", course.shared())
    work.environment["PYTHONPATH"] = str(folder / "library")
    write(folder, {
        "nbgrader_config.py": f"c = get_config()\nc.CourseDirectory.root = {str(folder)!r}\n",
        "source/six/six.ipynb": material.notebook("# your functions", cells=True),
    })  # fmt: skip
    work.run("nbgrader", "generate_assignment", "six", counted=False)
    for name, (text, _) in work.submissions.items():
        book = material.notebook(text, cells=True)
        write(folder, {f"submitted/{name}/six/six.ipynb": book})
    work.run("nbgrader", "autograde", "six")
    told = work.said
    write(folder, {"read.py": _READ_NBGRADER})
    scores = work.run("python", "read.py", counted=False)
    try:
        found: Mapping[str, Mapping[str, float]] = json.loads(scores)
    except ValueError:
        raise NoVerdictsError(f"{told}{work.said}"[-300:]) from None
    return {
        student: {name for name in CHECKS if not grades.get(name)}
        for student, grades in found.items()
    }


def grader(work: Work) -> Verdicts:
    """Grade with this grader, confined, reports included."""
    course.write_course(work.folder, work.submissions)
    work.run("grader", "grade")
    data = json.loads(_result(work, work.folder / "reports" / "six" / "results.json"))
    return {
        each["id"]: {p["id"].replace("-", "_") for p in each["parts"] if p["status"] != "correct"}
        for each in data["submissions"]
    }
