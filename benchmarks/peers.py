"""Processor and wall time per submission of the tools that courses use, on the same six checks.

    python benchmarks/peers.py --environments ~/.cache/grader-peers

otter-grader, nbgrader, check50, gradescope-utils and pytest are installed in virtual environments
of their own (pip's settings, such as PIP_EXTRA_INDEX_URL, choose the build of torch that
constraints.txt pins) and kept in the folder given, else in a temporary one.  Each grades the same
twenty submissions by the same checks, in the way that its documentation gives for one machine and
without a container; what it installs, generates or builds once for a course is not counted.  A
tool's figures stand only beside verdicts that are right for every check of every submission; of
one that could not be run, the reason is told.

Counted are all processes that a tool starts.  grader confines every submission and writes its
reports; the others do neither, except that nbgrader and otter write theirs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import peers_material as material  # noqa: E402
from benchmarks.peers_material import CHECKS, write  # noqa: E402

Verdicts: TypeAlias = dict[str, set[str]]
"""By submission, the checks that it did not pass."""
Submissions: TypeAlias = Mapping[str, tuple[str, set[str]]]
"""By name, the text of each and the checks that it must not pass."""

_SHARED = {"checks.py": material.MODULE, "reference.py": material.REFERENCE}
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
    bin: Path
    submissions: Submissions
    wall_s: float = 0.0
    cpu_s: float = 0.0
    environment: dict[str, str] = field(default_factory=dict)
    said: str = ""  # by the last command

    def run(self, *command: str, folder: Path | None = None, counted: bool = True) -> str:
        """Return what a command prints; its first word is a program of the environment.

        An exit code says nothing here: tools end with 1 where a student is wrong.
        """
        program = self.bin / command[0]
        path = f"{self.bin}{os.pathsep}{os.environ.get('PATH', '')}"
        began, before = time.perf_counter(), _children_cpu_s()
        try:
            done = subprocess.run(  # noqa: S603
                [str(program), *command[1:]],
                cwd=folder or self.folder,
                env={**os.environ, "PATH": path, **self.environment},
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=1800,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise NoVerdictsError(f"{command[0]}: {error}") from error
        if counted:
            self.wall_s += time.perf_counter() - began
            self.cpu_s += _children_cpu_s() - before
        self.said = done.stdout + done.stderr
        return done.stdout


@dataclass(frozen=True)
class Tool:
    """A tool: what is installed for it, and how it grades all submissions."""

    name: str
    packages: tuple[str, ...]  # none: it is measured in this environment
    grade: Callable[[Work], Verdicts]


@dataclass(frozen=True)
class Measured:
    """What a tool took for a submission, and how many of its verdicts are right."""

    tool: str
    cpu_s: float
    wall_s: float
    wrong: int = 0  # of its verdicts
    why: str = ""  # there are none


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# ---- how each tool grades ------------------------------------------------------------------------


def _each(work: Work, grade: Callable[[Path], set[str]], **files: str) -> Verdicts:
    """Return the verdicts of a tool that is started anew for each submission, in a folder of it."""
    found = {}
    for name, (text, _) in work.submissions.items():
        folder = work.folder / name
        write(folder, {**_SHARED, "solution.py": text, **files})
        found[name] = grade(folder)
    return found


def _of_junit(file: Path, told: str) -> list[tuple[str, bool]]:
    """Return the tests in a JUnit file, with whether each was passed."""
    if not file.is_file():
        raise NoVerdictsError(told[-300:])
    cases = ET.parse(file).getroot().iter("testcase")  # noqa: S314  (our own submissions)
    return [(each.get("name", ""), not len(each)) for each in cases]


def pytest_each(work: Work) -> Verdicts:
    """Grade with a pytest process for each submission."""

    def grade(folder: Path) -> set[str]:
        work.run("python", "-m", "pytest", "-q", "--junitxml=results.xml", folder=folder)
        passed = {name for name, good in _of_junit(folder / "results.xml", work.said) if good}
        return {name for name in CHECKS if f"test_{name}" not in passed}

    return _each(work, grade, **{"test_solution.py": material.PYTEST})


def pytest_shared(work: Work) -> Verdicts:
    """Grade all submissions in one pytest process, which one of them could end or poison."""
    files = {**_SHARED, "test_all.py": material.PYTEST_SHARED}
    for name, (text, _) in work.submissions.items():
        files[f"submissions/{name}/solution.py"] = text
    write(work.folder, files)
    work.run("python", "-m", "pytest", "-q", "--junitxml=results.xml")
    found = _of_junit(work.folder / "results.xml", work.said)
    passed = {name for name, good in found if good}
    return {
        student: {name for name in CHECKS if f"test_{name}[{student}]" not in passed}
        for student in work.submissions
    }


def gradescope(work: Work) -> Verdicts:
    """Grade as Gradescope's container does, without the container."""

    def grade(folder: Path) -> set[str]:
        work.run("python", "run_tests.py", folder=folder)
        results = folder / "results.json"
        if not results.is_file():
            raise NoVerdictsError(work.said[-300:])
        tests = json.loads(results.read_text(encoding="utf-8"))["tests"]
        passed = {each["name"].strip() for each in tests if each["score"] == each["max_score"]}
        return {name for name in CHECKS if name not in passed}

    return _each(work, grade, **{"run_tests.py": material.GRADESCOPE})


def check50(work: Work) -> Verdicts:
    """Grade with checks in a folder of this machine, offline."""
    checks = work.folder / "the-checks"
    settings = "check50:\n  checks: __init__.py\n  files:\n    - !include solution.py\n"
    write(checks, {**_SHARED, "__init__.py": material.CHECK50, ".cs50.yaml": settings})

    def grade(folder: Path) -> set[str]:
        told = ("--output", "json", "--output-file", "results.json")
        work.run("check50", "--dev", "--log-level", "warning", *told, "--", str(checks),
                 folder=folder)  # fmt: skip
        results = folder / "results.json"
        if not results.is_file():
            raise NoVerdictsError(work.said[-300:])
        data = json.loads(results.read_text(encoding="utf-8"))
        if "results" not in data:
            raise NoVerdictsError(str(data)[:300])
        passed = {each["name"] for each in data["results"] if each["passed"]}
        return {name for name in CHECKS if name not in passed}

    return _each(work, grade)


def nbgrader(work: Work) -> Verdicts:
    """Grade notebooks, all by one command."""
    folder = work.folder
    write(folder / "library", _SHARED)
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


def otter(work: Work) -> Verdicts:
    """Grade a notebook with the autograder's own runner, which works in its container too."""
    folder = work.folder
    tests = {f"tests/{name}.py": material.OTTER_TEST.format(name=name) for name in CHECKS}
    write(folder, {**_SHARED, **tests, "otter_config.json": '{"pdf": false}'})
    work.run("otter", "generate", "-t", "tests", "-c", "otter_config.json", "--no-environment",
             "checks.py", "reference.py", counted=False)  # fmt: skip
    archive = folder / "autograder.zip"
    if not archive.is_file():
        raise NoVerdictsError(work.said[-300:])

    def grade(place: Path) -> set[str]:
        text = (place / "solution.py").read_text(encoding="utf-8")
        write(place, {"solution.ipynb": material.notebook(text, cells=False)})
        work.run("otter", "run", "-a", str(archive), "-o", str(place), "solution.ipynb",
                 folder=place)  # fmt: skip
        results = place / "results.json"
        if not results.is_file():
            raise NoVerdictsError(work.said[-300:])
        tests = json.loads(results.read_text(encoding="utf-8"))["tests"]
        passed = {each["name"] for each in tests if each.get("score") == each.get("max_score")}
        return {name for name in CHECKS if not passed & {name, f"test_{name}"}}

    return _each(work, grade)


def grader(work: Work) -> Verdicts:
    """Grade with this grader, confined, reports included."""
    material.write_course(work.folder, work.submissions)
    work.run("python", "-m", "grader", "grade")
    results = work.folder / "reports" / "six" / "results.json"
    if not results.is_file():
        raise NoVerdictsError(work.said[-300:])
    data = json.loads(results.read_text(encoding="utf-8"))
    return {
        each["id"]: {p["id"].replace("-", "_") for p in each["parts"] if p["status"] != "correct"}
        for each in data["submissions"]
    }


TOOLS = (
    Tool("grader", (), grader),
    Tool("pytest", ("pytest",), pytest_each),
    Tool("pytest, one process", ("pytest",), pytest_shared),
    Tool("check50", ("check50",), check50),
    Tool("gradescope-utils", ("gradescope-utils",), gradescope),
    Tool("nbgrader", ("nbgrader", "ipykernel"), nbgrader),
    Tool("otter-grader", ("otter-grader", "ipykernel"), otter),
)


# ---- measuring -----------------------------------------------------------------------------------


def environment(tool: Tool, folder: Path) -> Path:
    """Return the folder of programs of a tool's environment, which is made if it is not there."""
    if not tool.packages:
        return Path(sys.executable).parent
    place = folder / tool.packages[0]
    programs = place / "bin"
    if (place / "complete").is_file():
        return programs
    shutil.rmtree(place, ignore_errors=True)
    print(f"installing {' '.join(tool.packages)}", file=sys.stderr)  # noqa: T201
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet"]
    pinned = ["-c", str(ROOT / "constraints.txt"), "numpy", "torch", *tool.packages]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)  # noqa: S603
        subprocess.run([*pip, *pinned], check=True)  # noqa: S603
    except subprocess.CalledProcessError as error:
        raise NoVerdictsError(f"it could not be installed: {error}") from error
    (place / "complete").touch()
    return programs


def measure(tool: Tool, environments: Path, submissions: Submissions, rounds: int) -> Measured:
    """Return what a tool takes, at best.

    In a round of its own before, with one submission, caches of compiled modules are written.
    """
    first = dict(list(submissions.items())[:1])
    works: list[Work] = []
    wrong = 0
    try:
        programs = environment(tool, environments)
        for graded in (first, *[submissions] * rounds):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
                work = Work(Path(name).resolve(), programs, graded)
                found = tool.grade(work)
            for name, (_, wanted) in graded.items():
                wrong += len(wanted ^ found[name]) if name in found else len(CHECKS)
            works.append(work)
    except NoVerdictsError as error:
        return Measured(tool.name, 0, 0, 0, str(error).strip().replace("\n", " "))
    best = min(works[1:], key=lambda work: work.cpu_s)
    return Measured(tool.name, best.cpu_s / len(submissions), best.wall_s / len(submissions), wrong)


def report(measured: list[Measured]) -> bool:
    """Print a table with the ratios to the first; return whether all verdicts are right."""
    first = measured[0]
    print(f"{'for a submission':22}{'CPU s':>8}{'wall s':>8}{'CPU ratio':>11}{'wall ratio':>12}")  # noqa: T201
    good = True
    for each in measured:
        if each.why or each.wrong:
            good = False
            says = each.why or f"{each.wrong} of its verdicts are wrong: no measurement"
            print(f"{each.tool:22}{says}")  # noqa: T201
            continue
        ratios = f"{each.cpu_s / first.cpu_s:>11.1f}{each.wall_s / first.wall_s:>12.1f}"
        print(f"{each.tool:22}{each.cpu_s:>8.2f}{each.wall_s:>8.2f}{ratios}")  # noqa: T201
    return good


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--environments", type=Path, help="where virtual environments are kept")
    parser.add_argument("--rounds", type=int, default=1, help="of which the best is told")
    parser.add_argument("--only", action="append", help="only this tool, beside grader")
    parser.add_argument("--submissions", type=int, help="so many of the twenty")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        environments = (options.environments or Path(temporary)).resolve()
        chosen = [t for t in TOOLS if not t.packages or not options.only or t.name in options.only]
        submissions = dict(list(material.submissions().items())[: options.submissions])
        measured = [measure(t, environments, submissions, options.rounds) for t in chosen]
    if not report(measured):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
