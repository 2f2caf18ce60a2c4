from __future__ import annotations

from pathlib import Path

import pytest

from tests import tiny
from tests.cli.conftest import Grader, run_grader
from tests.tiny import Tiny


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make_auditable(tmp_path)


def test_a_sound_course_is_audited_without_a_finding(grader: Grader) -> None:
    done = grader("audit")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Grading 6 submissions")
    assert sorted(line.partition("] ")[2] for line in lines[1:7]) == [
        "doubling with seed 8/ben",
        "doubling with seed 8/reference-solution",
        "doubling with seed 8/the starter",
        "doubling/ben",
        "doubling/reference-solution",
        "doubling/the starter",
    ]
    assert lines[7:] == [
        "",
        "doubling: 3 parts, 3 submissions, seeds 7 and 8",
        "",
        "Nothing was found that has to be mended.",
    ]


def test_what_is_found_is_listed_with_what_to_do(course: Tiny, grader: Grader) -> None:
    file = course.submissions / "ben" / "expect.yaml"
    text = file.read_text(encoding="utf-8").replace("correct, points: 1", "partial, points: 1/2")
    file.write_text(text, encoding="utf-8")
    done = grader("audit", "doubling")
    assert (done.returncode, done.stderr) == (1, "grader: 1 finding\n")
    listed = done.stdout[done.stdout.index("\ndoubling:") :]
    assert listed == (
        "\ndoubling: 3 parts, 3 submissions, seeds 7 and 8\n"
        "\n"
        "  doubling/twice-half, the sample ben\n"
        "    found     {status: correct, points: 1}: Right in all 5 cases.\n"
        "    expected  {status: partial, points: 1/2}\n"
        "    do        look at which of the two is wrong, and mend it or ben/expect.yaml\n"
        "\n"
    )


def test_nothing_is_written(course: Tiny, grader: Grader) -> None:
    def files() -> set[Path]:
        return {path for path in course.root.rglob("*") if "__pycache__" not in path.parts}

    before = files()
    assert grader("audit").returncode == 0
    assert files() == before


def test_the_other_seed_can_be_given(grader: Grader) -> None:
    assert "seeds 7 and 99" in grader("audit", "--seed", "99").stdout


def test_a_fault_of_the_course_is_bad_usage(course: Tiny, grader: Grader) -> None:
    file = course.assignment / "twice.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
    done = grader("audit")
    assert done.returncode == 2
    assert "unknown key 'titel'" in done.stderr


def test_an_assignment_that_cannot_be_read_does_not_stop_the_others(
    course: Tiny, grader: Grader
) -> None:
    other = course.root / "assignments" / "broken"
    other.mkdir()
    (other / "assignment.yaml").write_text("- no\n", encoding="utf-8")
    done = grader("audit")
    assert done.returncode == 2
    assert "broken/assignment.yaml" in done.stderr
    assert done.stdout.endswith("\ndoubling: 3 parts, 3 submissions, seeds 7 and 8\n")


def test_an_unknown_assignment_is_bad_usage(grader: Grader) -> None:
    done = grader("audit", "dubling")
    assert done.returncode == 2
    assert "did you mean 'doubling'?" in done.stderr


def test_a_folder_that_is_no_course_is_bad_usage(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = run_grader("audit", "--course", str(elsewhere / "nowhere"), folder=elsewhere)
    assert done.returncode == 2
    assert "there is no folder" in done.stderr


def test_the_assignments_own_seed_is_no_other(grader: Grader) -> None:
    done = grader("audit", "--seed", "7")
    assert done.returncode == 2
    assert done.stderr == "grader: 7 is the seed of doubling; give another one to compare it with\n"
