from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Grader
from tests.tiny import Tiny


def _pages(course: Tiny) -> dict[str, bytes]:
    return {
        str(path.relative_to(course.reports)): path.read_bytes()
        for path in sorted(course.reports.rglob("*"))
        if path.suffix in {".html", ".json"}
    }


def _forget_pages(course: Tiny) -> None:
    for path in list(course.reports.iterdir()):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.suffix == ".html":
            path.unlink()


def test_it_writes_the_same_pages_from_the_gradebook_alone(course: Tiny, grader: Grader) -> None:
    grader("grade")
    before = _pages(course)
    _forget_pages(course)
    # With nothing left that could be run, they can only come from the gradebook.
    for name in ("submissions", "reference"):
        shutil.rmtree(course.root / name)
    done = grader("report")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"1 assignment, nothing was run.\nReport: {course.root.resolve()}/reports/index.html\n"
    )
    assert _pages(course) == before


def test_it_needs_no_course_if_the_folder_is_named(
    course: Tiny, grader: Grader, tmp_path: Path
) -> None:
    grader("grade")
    before = _pages(course)
    _forget_pages(course)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert grader("report", "--reports", str(course.reports), folder=elsewhere).returncode == 0
    assert _pages(course) == before


def test_without_a_gradebook_it_says_what_to_do_and_makes_none(
    course: Tiny, grader: Grader
) -> None:
    done = grader("report")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"grader: there is no gradebook {course.root.resolve()}/reports/grades.sqlite; grade "
        "something first, as in: grader grade NAME, or name the folder of the reports with "
        "--reports\n"
    )
    assert not course.reports.exists()


def test_an_assignment_that_another_version_graded_is_left_out_and_said(
    course: Tiny, grader: Grader
) -> None:
    grader("grade")
    with closing(sqlite3.connect(course.reports / "grades.sqlite")) as file, file:
        file.execute("INSERT INTO outlines VALUES ('old', '{}', '[]', 0)")
    done = grader("report")
    assert done.returncode == 0
    assert done.stderr == (
        "grader: old was graded by another version of the grader and is left out; grade it again: "
        "grader grade old\n"
    )
    with closing(sqlite3.connect(course.reports / "grades.sqlite")) as file, file:
        file.execute("DELETE FROM outlines WHERE assignment='doubling'")
    done = grader("report")
    assert (done.returncode, done.stderr) == (
        2,
        (
            f"grader: the gradebook in {course.root.resolve()}/reports has nothing to report; "
            "grade first: grader grade\n"
        ),
    )


@pytest.mark.parametrize("command", ["report", "export"])
def test_the_help_shows_an_example(command: str, grader: Grader) -> None:
    done = grader(command, "--help")
    assert done.returncode == 0
    assert f"Example: grader {command}" in " ".join(done.stdout.split())
    assert "Exit code 0" in done.stdout
