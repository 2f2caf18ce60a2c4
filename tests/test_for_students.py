"""What docs/for-students.md says is what happens, from the archive on."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.messages import checks
from tests.test_docs import ROOT, Block, blocks, commands, pattern

PAGE = ROOT / "docs" / "for-students.md"
NOT_RUN = ("python -m venv", "source", "python -m pip")  # it is installed already

COURSE = {
    "assignments/first-steps/assignment.yaml": """\
assignment: first-steps
title: First steps
points: 6
seed: 1
problems: [q1-bowl, q2-why]
""",
    "assignments/first-steps/q1-bowl.yaml": """\
problem: q1-bowl
title: A round bowl
statement: Let $f(x) = (x^T x)^2$.
reference: bowl
parts:
  - id: q1-value
    kind: value
    title: The bowl
    points: 1
    function: bowl
    inputs: {x: {normal: [2]}}
    cases: {count: 9, visible: 2}
  - id: q1-gradient
    kind: gradient
    title: The gradient of the bowl
    points: 3
    hint: In which direction does the bowl fall?
    of: bowl
    function: bowl_gradient
    inputs: {x: {normal: [2]}}
    cases: {count: 9, visible: 2}
""",
    "assignments/first-steps/q2-why.yaml": """\
problem: q2-why
title: Why it is a bowl
parts:
  - id: q2-why
    kind: manual
    title: Where it is lowest
    points: 2
    rubric:
      - {id: clear, says: It is clear, points: 2}
""",
    "assignments/first-steps/starter/solution.py": """\
def bowl(x):
    raise NotImplementedError


def bowl_gradient(x):
    raise NotImplementedError
""",
    "reference/first_steps/__init__.py": "",
    "reference/first_steps/bowl.py": """\
def bowl(x):
    return (x @ x) ** 2


def bowl_gradient(x):
    return 4 * (x @ x) * x
""",
}


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """The folder that a student has after unpacking the archive."""
    course = tmp_path / "course"
    for name, text in COURSE.items():
        path = course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "grader", "release", "first-steps", "--to", str(tmp_path)]
    subprocess.run(command, cwd=course, check=True, capture_output=True)  # noqa: S603
    folder = tmp_path / "first-steps"
    with zipfile.ZipFile(tmp_path / "first-steps.zip") as archive:
        archive.extractall(folder)
    return folder


def started(command: str, folder: Path) -> subprocess.Popen[str]:
    program, *arguments = command.split()
    python = arguments if program == "python" else ["-m", program, *arguments]
    return subprocess.Popen(  # noqa: S603
        [sys.executable, *python],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def watched(command: str, save: Block, folder: Path) -> tuple[str, str]:
    """Return what a command prints that goes on: before a file is saved, and after."""
    with started(command, folder) as process:
        assert process.stdout is not None
        before = after = ""
        for line in process.stdout:
            before += line
            if line.startswith(checks.WATCHING):
                break
        (folder / save.about).write_text(save.text, encoding="utf-8")
        for line in process.stdout:
            after += line
            if "right on the visible cases" in line:
                break
        process.send_signal(signal.SIGINT)
    return before, after


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_the_page_leads_from_the_archive_to_all_parts_right(unpacked: Path) -> None:
    page = blocks(PAGE)
    saved = ""  # what a command that goes on has printed after the last save
    for number, block in enumerate(page):
        if block.language == "output":
            assert re.fullmatch(pattern(block.text), saved.lstrip("\n")), saved
        elif block.language != "console":
            (unpacked / block.about).write_text(block.text, encoding="utf-8")
        else:
            for command, expected in commands(block.text):
                if command.startswith(NOT_RUN):
                    continue
                if command.endswith("--watch"):
                    printed, saved = watched(command, page[number + 1], unpacked)
                else:
                    with started(command, unpacked) as process:
                        printed, _ = process.communicate()
                assert re.fullmatch(pattern(expected), printed), f"$ {command}\n{printed}"


def test_the_files_that_the_page_lists_are_there(unpacked: Path) -> None:
    listed = set(re.findall(r"^\| (`[^|]*) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)[:4])
    named = {name for cell in listed for name in re.findall(r"`([\w.-]+)`", cell)}
    assert {"statement.html", "self-check.json"} <= named
    assert named <= {path.name for path in unpacked.iterdir()}
