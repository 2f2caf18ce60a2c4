"""``grader check`` where a student runs it: in the folder of an unpacked release."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from grader.release import selfcheck
from tests import tiny
from tests.cli.conftest import run_grader
from tests.cli.released import ANSWERS, Released, released

__all__ = ["released"]


def test_a_starter_is_not_there_yet_a_line_for_each_part(released: Released) -> None:
    done = released.check()
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "twice-value: not there yet - twice still raises NotImplementedError.",
        "twice-half: not there yet - half still raises NotImplementedError.",
    ]
    assert lines[2].startswith("essay-text: not there yet - ")
    assert lines[3:] == [
        "",
        "0 of 3 parts are right on the visible cases (0 points).",
        "The others: 3 not there yet.",
        "Look first at: twice-value",
        "Then at: twice-half, essay-text",
    ]


def test_a_right_solution_is_exit_code_0(released: Released) -> None:
    released.write("solution.py", tiny.RIGHT)
    released.write("answers.yaml", ANSWERS)
    done = released.check()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "twice-value: right\n"
        "twice-half: right\n"
        "essay-text: waits for review\n"
        "\n"
        "2 of 3 parts are right on the visible cases (3 points).\n"
        "The others: 1 for a person to judge.\n"
    )


def test_a_wrong_part_comes_with_the_line_that_reproduces_it(released: Released) -> None:
    released.write("solution.py", tiny.SQUARED)
    released.write("answers.yaml", ANSWERS)
    done = released.check()
    assert done.returncode == 1
    assert done.stdout.startswith("\ntwice-value: wrong, 0 of 2\n")
    assert "\n  >>> twice(np.array([" in done.stdout
    assert done.stdout.endswith(
        "\n"
        "1 of 3 parts is right on the visible cases (1 point).\n"
        "The others: 1 not right, 1 for a person to judge.\n"
        "Look first at: twice-value\n"
        "To try a line behind >>> yourself: python -i solution.py\n"
    )


def test_an_exception_is_told_with_the_students_own_lines_only(released: Released) -> None:
    released.write(
        "solution.py",
        "import numpy as np\n\ndef twice(x):\n    return np.linalg.inv(x)\n\n"
        "def half(x): return x / 2\n",
    )
    done = released.check("twice")
    assert "\n  solution.py, line 4, in twice\n      return np.linalg.inv(x)\n" in done.stdout
    assert "numpy/" not in done.stdout
    assert "Traceback" not in done.stdout


def test_a_file_that_cannot_be_imported_is_told_once(released: Released) -> None:
    released.write("solution.py", "import nothing_of_the_kind\n")
    released.write("answers.yaml", ANSWERS)
    done = released.check()
    assert done.stdout.count("nothing_of_the_kind") == 3  # the diagnosis and the line
    assert "twice-half: stopped with an error, the same as twice-value\n" in done.stdout
    assert "Look first at: solution.py, which cannot be imported\n" in done.stdout


def test_a_missing_file_is_not_there_yet(released: Released) -> None:
    (released.folder / "solution.py").unlink()
    done = released.check("twice-half")
    assert done.returncode == 1
    assert "twice-half: not there yet - The submission has no file solution.py.\n" in done.stdout


def test_hanging_code_is_ended(released: Released) -> None:
    released.write("solution.py", "def twice(x):\n    while True: pass\n")
    done = released.check("twice-value")
    assert done.stdout.startswith("\ntwice-value: ran out of time, 0 of 2\n")
    assert done.returncode == 1


def test_what_the_code_prints_is_shown(released: Released) -> None:
    released.write("solution.py", "print('hello')\n" + tiny.RIGHT)
    assert released.check("twice-half").stdout.startswith(
        "Your code printed:\n  hello\n\ntwice-half:"
    )


@pytest.mark.parametrize("name", ["twice-value", "twice-v", "TWICE-V"])
def test_one_part_is_checked_by_the_beginning_of_its_name(name: str, released: Released) -> None:
    released.write("solution.py", tiny.RIGHT)
    done = released.check(name)
    assert done.returncode == 0
    assert done.stdout == (
        "twice-value: right\n\n1 of 1 part is right on the visible cases (2 points).\n"
    )


def test_a_problem_is_checked_by_the_beginning_of_its_name(released: Released) -> None:
    released.write("solution.py", tiny.RIGHT)
    assert released.check("tw").stdout.startswith(
        "twice-value: right\ntwice-half: right\n\n2 of 2 parts"
    )


def test_several_may_be_named(released: Released) -> None:
    released.write("answers.yaml", ANSWERS)
    done = released.check("essay", "twice-value")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()[:2]] == [
        "twice-value",
        "essay-text",
    ]


def test_a_name_that_is_not_there_is_answered_with_those_that_are(released: Released) -> None:
    done = released.check("twize")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "no problem or part is called 'twize'; did you mean 'twice'?\n"
        "There is:\n"
        "  twice: twice-value, twice-half\n"
        "  essay: essay-text\n"
    )


def test_a_name_that_may_mean_two_is_answered_with_both(released: Released) -> None:
    data = released.folder / selfcheck.FILE
    text = data.read_text(encoding="utf-8").replace('"problem": "essay"', '"problem": "twins"')
    data.write_text(text, encoding="utf-8")
    done = released.check("tw")
    assert (done.returncode, done.stderr) == (2, "grader: 'tw' may mean twice, twins; say which\n")


def test_a_folder_may_be_called_like_a_problem(released: Released) -> None:
    (released.folder / "twice").mkdir()
    released.write("solution.py", tiny.RIGHT)
    assert released.check("twice").stdout.startswith("twice-value: right\n")


def test_the_folder_may_be_named(released: Released) -> None:
    released.write("solution.py", tiny.RIGHT)
    done = run_grader("check", "doubling", "twice", folder=released.folder.parent)
    assert done.returncode == 0


def test_two_folders_are_bad_usage(released: Released) -> None:
    done = released.check(".", "..")
    assert (done.returncode, done.stderr) == (2, "grader: found 2 folders, ., ..; give one\n")


def test_a_folder_without_a_release_and_without_a_course_says_so(released: Released) -> None:
    home = released.folder.parent
    done = released.check("..")
    assert (done.returncode, done.stderr) == (
        2,
        (
            f"grader: {home.resolve()} has no self-check.json, and no folder above it is a "
            "course; run this in the folder that you unpacked\n"
        ),
    )


def test_data_that_is_broken_is_bad_usage(released: Released) -> None:
    (released.folder / selfcheck.FILE).write_text("{", encoding="utf-8")
    done = released.check()
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert selfcheck.FILE in done.stderr


def test_what_came_with_the_release_is_not_handed_in(released: Released) -> None:
    data = json.loads((released.folder / selfcheck.FILE).read_text(encoding="utf-8"))
    (part,) = next(p for p in data["problems"] if p["problem"] == "essay")["parts"]
    part["part"]["files"] = ["*.md"]
    (released.folder / selfcheck.FILE).write_text(json.dumps(data), encoding="utf-8")
    assert "essay-text: not there yet - " in released.check("essay").stdout
    released.write("essay.md", "Because.")
    assert "essay-text: waits for review\n" in released.check("essay").stdout


def test_nothing_is_written_into_the_folder(released: Released) -> None:
    before = sorted(path.name for path in released.folder.iterdir())
    released.check()
    assert sorted(path.name for path in released.folder.iterdir()) == before


def test_a_notebook_counts_as_the_solution(released: Released) -> None:
    (released.folder / "solution.py").unlink()
    cells = [
        {"cell_type": "code", "source": ["def twice(x):\n", "    return x ** 2\n"]},
        {"cell_type": "markdown", "source": ["# Half"]},
        {"cell_type": "code", "source": ["def half(x):\n", "    return 1 / 0\n"]},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    released.write("solution.ipynb", json.dumps(notebook))
    done = released.check("twice")
    assert "solution.ipynb, cell 2, line 2" in done.stdout
    assert done.stdout.endswith(
        "To try a line behind >>> yourself, put it into a new cell of solution.ipynb\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_an_interrupted_check_ends_with_the_code_that_it_was_running(released: Released) -> None:
    log = released.folder.parent / "pid"
    released.write(
        "solution.py",
        f"import os, time\ndef twice(x):\n    with open({str(log)!r}, 'w') as file:\n"
        "        file.write(str(os.getpid()))\n    time.sleep(600)\n",
    )
    command = [sys.executable, "-m", "grader", "check", "twice-value"]
    with subprocess.Popen(  # noqa: S603
        command, cwd=released.folder, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        while not (log.is_file() and log.read_text(encoding="utf-8")):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err) == (130, "grader: interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int(log.read_text(encoding="utf-8")), 0)
