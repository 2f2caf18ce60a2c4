from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from grader.cli import release
from tests import tiny, varied
from tests.cli.conftest import Grader
from tests.tiny import Tiny

MADE = ["README.md", "answers.yaml", "self-check.json", "statement.html", "statement.md"]


def run(course: Tiny, **options: object) -> int:
    given: dict[str, object] = {
        "to": course.root / "dist",
        "students": [],
        "all_students": False,
        "gradescope": False,
        "course": course.root,
    }
    return release.run("doubling", **{**given, **options})  # type: ignore[arg-type]  # by name


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_a_release_is_written_and_told(grader: Grader, course: Tiny) -> None:
    done = grader("release", "doubling", "--to", "dist")
    assert (done.returncode, done.stderr) == (0, "")
    written, holds, after = done.stdout.splitlines()
    assert re.fullmatch(r"dist.doubling\.zip: written \(\d+ KiB\)", written)
    assert holds == f"It holds {', '.join(MADE)}."
    assert after == (
        "Next: look at statement.html in it, unpack it somewhere and run `grader check` there; "
        "then give it to your students."
    )
    assert names(course.root / "dist" / "doubling.zip") == MADE


def test_help_shows_an_example(grader: Grader) -> None:
    done = grader("release", "--help")
    assert done.returncode == 0
    assert "Example: grader release background-math --to dist" in done.stdout


def test_a_release_that_is_the_same_is_not_written_again(
    course: Tiny, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(course) == 0
    before = (course.root / "dist" / "doubling.zip").stat().st_mtime_ns
    capsys.readouterr()
    assert run(course) == 0
    assert "doubling.zip: as it was (" in capsys.readouterr().out
    assert (course.root / "dist" / "doubling.zip").stat().st_mtime_ns == before


def test_every_student_asked_for_gets_an_archive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = varied.make(tmp_path)
    assert run(course, students=["ada", "bob", "ada"]) == 0
    made = sorted(path.name for path in (tmp_path / "dist").iterdir())
    assert made == ["doubling-ada.zip", "doubling-bob.zip"]
    assert capsys.readouterr().out.endswith(
        "2 archives, each for one student: the numbers differ.\n"
    )


def test_all_students_are_those_with_a_folder(tmp_path: Path) -> None:
    course = varied.make(tmp_path)
    for student in ("ada", "ben", ".hidden"):
        (course.submissions / student).mkdir(parents=True)
    assert run(course, all_students=True) == 0
    made = sorted(path.name for path in (tmp_path / "dist").iterdir())
    assert made == ["doubling-ada.zip", "doubling-ben.zip"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {},
            "growth-total is each student's own: say for whom, with --student ID or --all-students",
        ),
        (
            {"students": ["../ada"]},
            "'../ada' cannot be in the name of a file; expected letters, digits, . _ @ + -",
        ),
        (
            {"students": ["ada"], "gradescope": True},
            "--gradescope makes one archive for all; leave --student out",
        ),
    ],
)
def test_bad_usage_is_told(
    options: dict[str, object], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(varied.make(tmp_path), **options) == 2
    assert capsys.readouterr().err == f"grader: {says}\n"


def test_without_submissions_there_are_no_students(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = varied.make(tmp_path)
    assert run(course, all_students=True) == 2
    assert capsys.readouterr().err == (
        f"grader: there is no folder {course.submissions} with a folder for each student\n"
    )


def test_an_assignment_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = tiny.make(tmp_path)
    assert release.run(
        "halving", to=tmp_path, students=[], all_students=False, gradescope=False,
        course=course.root,
    ) == 2  # fmt: skip
    assert "no assignment is called 'halving'" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = tiny.make(tmp_path)
    (course.root / "dist").write_text("a file", encoding="utf-8")
    assert run(course) == 2
    assert "cannot be written: " in capsys.readouterr().err
