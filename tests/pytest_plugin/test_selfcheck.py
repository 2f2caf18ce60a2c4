"""Plain pytest in the folder of an unpacked release."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.kinds.registry import part_models
from grader.release import selfcheck
from grader.spec.loader import load
from tests import tiny
from tests.cli.conftest import make_bonus

OWN_TEST = "from solution import half\n\ndef test_half():\n    assert half([4]) == [2]\n"


class Home:
    """The folder of a student."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m pytest`` as a student does, colours and caches aside."""
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no", *arguments],
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


def unpack(tmp_path: Path, *, bonus: bool = False) -> Home:
    course = tiny.make(tmp_path / "course")
    if bonus:
        make_bonus(course)
    assignment = load(course.assignment, course.root / "reference", part_models())
    home = Home(tmp_path / "doubling")
    home.folder.mkdir()
    (home.folder / selfcheck.FILE).write_bytes(selfcheck.written(assignment))
    home.write("solution.py", tiny.STARTER)
    return home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return unpack(tmp_path)


def test_each_part_is_an_item_by_its_id(home: Home) -> None:
    done = home.pytest("--collect-only", "-q")
    assert done.stdout.splitlines()[:3] == [
        "self-check.json::twice-value",
        "self-check.json::twice-half",
        "self-check.json::essay-text",
    ]


def test_a_starter_fails_with_a_line_for_each_part(home: Home) -> None:
    done = home.pytest()
    assert done.returncode == 1
    assert "\ntwice-value: not there yet - twice still raises NotImplementedError.\n" in done.stdout
    assert "3 failed" in done.stdout
    assert "Traceback" not in done.stdout


def test_failures_say_what_a_check_says(home: Home) -> None:
    home.write("solution.py", tiny.SQUARED)
    checked = subprocess.run(
        [sys.executable, "-m", "grader", "check", "twice-value"],
        cwd=home.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    text = checked.stdout.strip().partition("\n\n0 of 1 part")[0]
    assert text.startswith("twice-value: wrong, 0 of 2\n")
    assert text in home.pytest().stdout


def test_what_is_judged_later_is_skipped_with_its_reason(home: Home) -> None:
    home.write("solution.py", tiny.RIGHT)
    home.write("answers.yaml", "essay-text: Because.\n")
    done = home.pytest("-rs")
    assert done.returncode == 0
    assert "2 passed, 1 skipped" in done.stdout
    assert "Waits for a person to review it." in done.stdout


def test_one_problem_can_be_selected(home: Home) -> None:
    log = home.folder / "log.txt"
    home.write(
        "solution.py",
        f"def twice(x): open({str(log)!r}, 'a').write('twice ')\n"
        f"def half(x):\n    open({str(log)!r}, 'a').write('half ')\n    return x / 2\n",
    )
    done = home.pytest("-k", "half")
    assert "1 passed, 2 deselected" in done.stdout
    assert set(log.read_text(encoding="utf-8").split()) == {"half"}


def test_the_students_own_tests_run_as_they_are(home: Home) -> None:
    home.write("solution.py", tiny.RIGHT)
    home.write("test_mine.py", OWN_TEST)
    done = home.pytest()
    assert "3 passed" in done.stdout
    assert "1 failed" in done.stdout  # the essay is missing


def test_own_tests_alone_run_no_check(home: Home) -> None:
    home.write("solution.py", tiny.RIGHT)
    home.write("test_mine.py", OWN_TEST)
    assert "1 passed" in home.pytest("test_mine.py").stdout


def test_collecting_imports_no_file_of_the_student(home: Home) -> None:
    home.write("solution.py", "open('imported', 'w')\n" + tiny.RIGHT)
    home.pytest("--collect-only")
    assert not (home.folder / "imported").exists()


def test_data_that_is_broken_is_an_error_in_a_sentence(home: Home) -> None:
    home.write(selfcheck.FILE, json.dumps({"format": 99}))
    done = home.pytest()
    assert done.returncode == 2
    assert "Traceback" not in done.stdout
    assert "newer grader" in done.stdout


def test_a_bonus_that_was_left_out_is_skipped(tmp_path: Path) -> None:
    home = unpack(tmp_path, bonus=True)
    home.write("solution.py", "def twice(x): return 2 * x\n")
    home.write("answers.yaml", "essay-text: Because.\n")
    assert "1 passed, 2 skipped" in home.pytest().stdout


def test_several_workers_agree(home: Home) -> None:
    home.write("solution.py", tiny.RIGHT)
    home.write("answers.yaml", "essay-text: Because.\n")
    assert "2 passed, 1 skipped" in home.pytest("-n", "2").stdout


def test_what_students_handed_in_is_not_run(home: Home, tmp_path: Path) -> None:
    submitted = tmp_path / "course" / "submissions" / "doubling" / "eve"
    home.folder.replace(submitted)
    done = Home(submitted).pytest()
    assert "no tests ran" in done.stdout
