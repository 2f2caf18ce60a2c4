from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import tiny
from tests.cli.conftest import Grader
from tests.submissions.collecting.downloads import zipped
from tests.tiny import Tiny


@pytest.fixture
def download(course: Tiny) -> Path:
    """A download from Canvas; the course has no submissions yet."""
    shutil.rmtree(course.submissions)
    path = course.root / "canvas.zip"
    solution = zipped({"hw/solution.py": tiny.RIGHT.encode()})
    answers = b"essay-text: Because.\n"
    path.write_bytes(
        zipped(
            {
                "lovelaceada_11_101_hw.zip": solution,
                "lovelaceada_11_102_answers-1.yaml": answers,
                "bitben_LATE_12_103_solution-2.py": tiny.SQUARED.encode(),
                "zedzoe_13_104_hw.zip": b"broken",
            }
        )
    )
    (course.root / "roster.csv").write_text(
        "id,name\nada,Ada Lovelace\nben,Ben Bit\ncleo,Cleo Code\n", encoding="utf-8"
    )
    return path


ARGUMENTS = ("--assignment", "doubling", "--roster", "roster.csv")


def test_what_was_collected_is_graded(course: Tiny, grader: Grader, download: Path) -> None:
    done = grader("collect", download.name, *ARGUMENTS)
    assert (done.returncode, done.stderr) == (0, "")
    kept = course.submissions.with_name("doubling.collected.txt")
    assert done.stdout == kept.read_text(encoding="utf-8") + f"This report is kept in {kept}.\n"
    assert "\nMissing, of 3 on the roster (1):\n  cleo  Cleo Code\n" in done.stdout
    graded = grader("grade", "doubling")
    assert (graded.returncode, graded.stderr) == (0, "")
    scores = [" ".join(line.split()) for line in graded.stdout.splitlines() if " of 6" in line]
    assert scores == ["ada 3 of 6, 3 waiting", "ben 1 of 6", "zedzoe-13 0 of 6"]
    assert "note:" not in graded.stdout


def test_a_dry_run_writes_nothing(course: Tiny, grader: Grader, download: Path) -> None:
    done = grader("collect", download.name, *ARGUMENTS, "--dry-run")
    assert done.returncode == 0
    assert done.stdout.endswith("\nNothing was written.\n")
    assert list(course.submissions.parent.iterdir()) == []


def test_submissions_can_go_elsewhere(course: Tiny, grader: Grader, download: Path) -> None:
    done = grader("collect", download.name, "--assignment", "doubling", "--to", "other/place")
    assert done.returncode == 0
    assert (course.root / "other" / "place" / "lovelaceada-11" / "solution.py").is_file()
    assert (course.root / "other" / "place.collected.txt").is_file()


BAD_USAGE = {
    "canvas.zip --assignment dubling": (
        "no assignment is called 'dubling'; there is doubling; did you mean 'doubling'?"
    ),
    "canvas.zip --assignment doubling --time-zone Mars": (
        "--time-zone Mars: there is no such time zone; expected one such as Europe/Berlin"
    ),
    "canvas.zip --assignment doubling --before Friday": (
        "--before Friday: expected a date and time, as in 2026-10-01T23:59+02:00"
    ),
    "none.zip --assignment doubling": (
        "there is no none.zip; expected a folder, a zip, or a CSV file of repositories"
    ),
    "roster.csv --assignment doubling": (
        "roster.csv has no repository in any row; expected a column repository with paths or git "
        "URLs"
    ),
}


@pytest.mark.parametrize("arguments", BAD_USAGE)
@pytest.mark.usefixtures("download")
def test_bad_usage_is_told(arguments: str, grader: Grader) -> None:
    done = grader("collect", *arguments.split())
    says = f"grader: {BAD_USAGE[arguments]}\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", says)


@pytest.mark.usefixtures("download")
def test_the_dates_of_a_zip_are_read_in_the_zone_that_is_named(
    course: Tiny, grader: Grader
) -> None:
    inner = zipped({"solution.py": tiny.RIGHT.encode()})
    (course.root / "class.zip").write_bytes(zipped({"ada.zip": inner, "ben.zip": inner}))
    grader("collect", "class.zip", *ARGUMENTS, "--time-zone", "Asia/Kolkata")
    assert (course.submissions / "manifest.csv").read_text(encoding="utf-8") == (
        "submission,submitted_at,source\n"
        "ada,2026-03-01T12:00:00+05:30,zip\n"
        "ben,2026-03-01T12:00:00+05:30,zip\n"
    )


def test_the_help_shows_an_example(grader: Grader) -> None:
    done = grader("collect", "--help")
    assert done.returncode == 0
    assert "Example: grader collect canvas.zip" in " ".join(done.stdout.split())
    assert "Exit code 0" in done.stdout
