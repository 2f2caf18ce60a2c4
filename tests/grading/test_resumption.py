"""A grading run that is killed goes on where it was, and comes to the same results."""

from __future__ import annotations

import itertools
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from grader.gradebook.file import FILE
from tests import tiny
from tests.tiny import Tiny

STUDENTS = 12
# Slow enough that there is a middle to be killed in.
PAUSE_S = 0.04
SLOW = f"import time\ntime.sleep({PAUSE_S})\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    made = tiny.make(tmp_path_factory.mktemp("course"))
    for number in range(STUDENTS):
        solution = tiny.RIGHT if number % 3 else tiny.SQUARED
        made.hand_in(f"student-{number:02}", f"{SLOW}# {number}\n{solution}")
    return made


def _command(course: Tiny, reports: Path) -> list[str]:
    grade = ["grade", "--course", str(course.root), "--reports", str(reports), "--jobs", "2"]
    return [sys.executable, "-m", "grader", *grade]


def _finish(course: Tiny, reports: Path) -> tuple[str, dict[str, Any]]:
    done = subprocess.run(  # noqa: S603
        _command(course, reports), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    text = (reports / "doubling" / "results.json").read_text(encoding="utf-8")
    return done.stdout, json.loads(text)


def _without_seconds(results: dict[str, Any]) -> dict[str, Any]:
    for submission in results["submissions"]:
        del submission["seconds"]
    return results


@pytest.fixture(scope="module")
def undisturbed(course: Tiny, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _without_seconds(_finish(course, tmp_path_factory.mktemp("undisturbed"))[1])


@pytest.mark.parametrize("seed", range(10))
def test_a_run_killed_at_any_moment_is_finished_by_the_next(
    seed: int, course: Tiny, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    # A random number of submissions, then a random moment while the next ones are running.
    chance = random.Random(seed)  # noqa: S311  (no secret)
    with subprocess.Popen(  # noqa: S603
        _command(course, tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as run:
        assert run.stdout is not None
        lines = (line for line in run.stdout if line.startswith("["))
        seen = len(list(itertools.islice(lines, chance.randrange(STUDENTS))))
        time.sleep(chance.random() * PAUSE_S)
        run.send_signal(signal.SIGKILL)
        seen += len(list(lines))
    output, results = _finish(course, tmp_path)
    assert _without_seconds(results) == undisturbed
    # What was said to be done was committed, and is not run again.
    assert sum(line.startswith("[") for line in output.splitlines()) <= STUDENTS + 2 - seen


def test_a_second_run_runs_nothing(course: Tiny, tmp_path: Path) -> None:
    _, first = _finish(course, tmp_path)
    output, second = _finish(course, tmp_path)
    assert "14 of 14 submissions are unchanged; their results are kept.\n" in output
    assert not [line for line in output.splitlines() if line.startswith("[")]
    assert first == second


def test_the_gradebook_lies_in_the_reports_folder(course: Tiny, tmp_path: Path) -> None:
    _finish(course, tmp_path)
    assert (tmp_path / FILE).is_file()
