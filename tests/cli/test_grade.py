from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import tiny
from tests.cli.conftest import Grader
from tests.tiny import Tiny


def _results(course: Tiny) -> dict[str, dict[str, Any]]:
    data = json.loads(course.results.read_text(encoding="utf-8"))
    return {submission["id"]: submission for submission in data["submissions"]}


def test_it_grades_everything_and_says_what_came_out(course: Tiny, grader: Grader) -> None:
    done = grader("grade", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Grading 2 submissions, 1 at a time.\n"
        "[1/2] doubling/ada\n"
        "[2/2] doubling/ben\n"
        "\n"
        "Doubling numbers (doubling)\n"
        "  ada       3 of 6, 3 waiting\n"
        "  ben       1 of 6\n"
        "\n"
        f"Report: {course.root.resolve()}/reports/index.html\n"
    )


def test_the_results_say_what_each_part_got(course: Tiny, grader: Grader) -> None:
    grader("grade")
    ben = _results(course)["ben"]
    assert (ben["score"], ben["pending"], ben["max_score"]) == (1.0, 0.0, 6.0)
    assert ben["parts"][0] == {
        "id": "twice-value",
        "status": "wrong",
        "points": 0.0,
        "max_points": 2.0,
        "summary": "The numbers were squared, not doubled.",
        "mistake": "squared",
        "cases": {"total": 5, "right": 0},
    }


def test_only_grades_those_that_are_named(course: Tiny, grader: Grader) -> None:
    done = grader("grade", "--only", "ben")
    assert "[1/1] doubling/ben\n" in done.stdout
    assert list(_results(course)) == ["ben"]


def test_rerun_grades_what_has_not_changed(grader: Grader) -> None:
    grader("grade")
    assert "Grading 2 submissions" in grader("grade", "--rerun").stdout


def test_an_unknown_assignment_is_bad_usage(grader: Grader) -> None:
    done = grader("grade", "dubling")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "grader: no assignment is called 'dubling'; there is doubling; did you mean 'doubling'?\n"
    )


def test_an_unknown_student_is_bad_usage(course: Tiny, grader: Grader) -> None:
    done = grader("grade", "--only", "adaa")
    assert done.returncode == 2
    assert done.stderr == (
        f"grader: {course.submissions.resolve()} has no submission called 'adaa'; "
        "did you mean 'ada'?\n"
    )


def test_a_folder_that_is_no_course_is_bad_usage(
    grader: Grader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = grader("grade", folder=elsewhere)
    assert done.returncode == 2
    assert done.stderr == (
        f"grader: no course here: {elsewhere.resolve()} and the folders above it have no "
        "assignments/ folder; run this in the folder of the course\n"
    )


def test_faults_of_the_spec_stop_it_with_all_of_them(course: Tiny, grader: Grader) -> None:
    (course.assignment / "essay.yaml").write_text("problem: essay\n", encoding="utf-8")
    done = grader("grade")
    assert done.returncode == 2
    assert "essay.yaml:1: title: missing; expected a value" in done.stderr
    assert not course.results.exists()


def test_one_assignment_without_submissions_does_not_stop_another(
    course: Tiny, grader: Grader
) -> None:
    other = course.root / "assignments" / "later"
    other.mkdir()
    (other / "essay.yaml").write_text(tiny.ESSAY.replace("essay-text", "e"), encoding="utf-8")
    (other / "assignment.yaml").write_text(
        "assignment: later\ntitle: Later\npoints: 3\nproblems: [essay]\n", encoding="utf-8"
    )
    done = grader("grade")
    assert done.returncode == 2
    assert "there is no folder" in done.stderr
    assert set(_results(course)) == {"ada", "ben"}


def test_a_fault_of_the_grader_is_exit_code_3(course: Tiny, grader: Grader) -> None:
    reference = course.root / "reference" / "doubling" / "twice.py"
    text = reference.read_text(encoding="utf-8").replace("np.asarray(x) / 2", "None")
    reference.write_text(text, encoding="utf-8")
    done = grader("grade")
    assert done.returncode == 3
    assert _results(course)["ada"]["parts"][1]["status"] == "grader_fault"
    assert "grader fault in 1 part" in done.stdout


def test_submissions_and_reports_can_lie_elsewhere(
    course: Tiny, grader: Grader, tmp_path: Path
) -> None:
    course.submissions.rename(tmp_path / "inbox")
    done = grader("grade", "doubling", "--submissions", "inbox", "--reports", "out")
    assert done.returncode == 0
    assert (tmp_path / "out" / "doubling" / "results.json").is_file()


@pytest.mark.parametrize(
    "name", ["with space", 'quo"te', "it's", "<script>alert(1)</script>".replace("/", ""), "a..b"]
)
def test_an_odd_name_of_a_student_is_graded_like_any_other(
    name: str, course: Tiny, grader: Grader
) -> None:
    course.hand_in(name, tiny.RIGHT)
    assert grader("grade").returncode == 0
    assert _results(course)[name]["score"] == 3.0
    index = (course.reports / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in index


def test_a_stray_file_among_the_students_is_noted(course: Tiny, grader: Grader) -> None:
    (course.submissions / "notes.txt").write_text("hello", encoding="utf-8")
    note = "note: notes.txt was ignored: it is a file, and a submission is a folder.\n"
    assert note in grader("grade").stdout


def test_files_of_the_students_cannot_configure_pytest(course: Tiny, grader: Grader) -> None:
    (course.submissions / "ben" / "conftest.py").write_text("1 / 0\n", encoding="utf-8")
    (course.submissions / "ben" / "pytest.ini").write_text("[pytest]\naddopts = --bad\n", "utf-8")
    assert grader("grade").returncode == 0
    assert _results(course)["ben"]["score"] == 1.0


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal needs POSIX")
def test_a_terminal_gets_a_progress_bar(course: Tiny) -> None:
    import pty  # noqa: PLC0415  (not on Windows)

    shown = bytearray()

    def read(descriptor: int) -> bytes:
        data = os.read(descriptor, 4096)
        shown.extend(data)
        return data

    arguments = [sys.executable, "-m", "grader", "grade", "--course", str(course.root)]
    status = pty.spawn(arguments, read)
    assert os.waitstatus_to_exitcode(status) == 0
    text = shown.decode(errors="replace")
    assert "2/2" in text
    assert "━" in text
