from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from grader.cli import grade as command
from grader.errors import GradebookError
from grader.gradebook.store import Gradebook
from grader.grading import run as grading_run
from tests import tiny
from tests.cli.conftest import Grader, make_bonus, run_grader
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


ODD_NAMES = [
    "with space",
    'quo"te',
    "it's",
    "<script>alert(1)<script>",
    "a..b",
    "-dash",
    "c::d[e]",
    "two\nlines",
    "ünï",
    "x" * 200,
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tiny, str]:
    """A course with odd names of students, and what grading it printed."""
    made = tiny.make(tmp_path_factory.mktemp("odd"))
    for name in ODD_NAMES:
        made.hand_in(name, tiny.RIGHT)
    done = run_grader("grade", folder=made.root)
    assert done.returncode == 0, done.stderr
    return made, done.stdout


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_odd_name_of_a_student_is_graded_like_any_other(
    name: str, odd: tuple[Tiny, str]
) -> None:
    assert _results(odd[0])[name]["score"] == 3.0


def test_a_name_is_no_markup_on_the_pages(odd: tuple[Tiny, str]) -> None:
    assert "<script>alert" not in (odd[0].reports / "index.html").read_text(encoding="utf-8")


def test_a_name_of_two_lines_is_printed_on_one(odd: tuple[Tiny, str]) -> None:
    assert "  two\\nlines" in odd[1]
    assert "doubling/two\\nlines\n" in odd[1]


def test_a_very_long_name_does_not_push_the_scores_of_others_away(odd: tuple[Tiny, str]) -> None:
    assert "  ada                            3 of 6, 3 waiting\n" in odd[1]


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


def test_an_unchanged_submission_alone_is_said_to_be(grader: Grader) -> None:
    grader("grade")
    done = grader("grade", "--only", "ada")
    assert done.stdout.startswith("The submission is unchanged; its results are kept.\n\nDoubling")


def test_reports_that_cannot_be_written_are_told_and_the_results_kept(
    course: Tiny, grader: Grader
) -> None:
    course.reports.mkdir()
    in_the_way = course.reports / "doubling"
    in_the_way.write_text("", encoding="utf-8")
    done = grader("grade")
    assert (done.returncode, done.stderr) == (
        2,
        (
            f"grader: the reports cannot be written: {course.results}: Not a directory; what the "
            "gradebook holds is kept, so mend this and run it again\n"
        ),
    )
    in_the_way.unlink()
    assert grader("grade").stdout.startswith("2 of 2 submissions are unchanged;")


def _grade_here(course: Tiny) -> int:
    return command.run(
        [],
        submissions=None,
        reports=None,
        jobs=2,
        only=[],
        rerun=False,
        unsafe=False,
        course=course.root,
    )


def test_results_that_cannot_be_kept_are_told_and_exit_code_3(
    course: Tiny, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise GradebookError("the disk is full")

    monkeypatch.setattr(Gradebook, "commit", full)
    assert _grade_here(course) == 3
    complaint = capsys.readouterr().err
    assert complaint.startswith("grader: doubling/")
    assert complaint.endswith(" and 1 more not graded: the disk is full\n")


def test_a_reference_that_takes_long_is_named(
    course: Tiny, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "PATIENCE_S", 0.1)
    reference = course.root / "reference" / "doubling" / "twice.py"
    text = reference.read_text(encoding="utf-8")
    pause = "import functools, time\n\n@functools.cache\ndef pause(): time.sleep(0.3)\n\n"
    slow = pause + text.replace("    return 2 *", "    pause()\n    return 2 *")
    reference.write_text(slow, encoding="utf-8")
    assert _grade_here(course) == 0
    assert capsys.readouterr().err == (
        "grader: still computing what is expected of twice-value; if its reference never ends, "
        "stop with Ctrl-C\n"
    )


def test_a_course_test_that_cannot_be_imported_does_not_stop_the_rest(
    tmp_path_factory: pytest.TempPathFactory, grader: Grader
) -> None:
    course = tiny.make(tmp_path_factory.mktemp("tested"), tests=True)
    file = course.assignment / "test_linearity.py"
    file.write_text(f"import nothing_there\n{tiny.COURSE_TEST}", encoding="utf-8")
    done = grader("grade", folder=course.root)
    assert done.returncode == 2
    assert "test_linearity.py:1: in <module>\n" in done.stderr
    assert "No module named 'nothing_there'" in done.stderr
    assert _results(course)["ada"]["score"] == 3.0


def test_a_conftest_that_cannot_be_imported_is_bad_usage(course: Tiny, grader: Grader) -> None:
    (course.assignment / "conftest.py").write_text("import nothing_there\n", encoding="utf-8")
    done = grader("grade")
    assert done.returncode == 2
    assert "No module named 'nothing_there'" in done.stderr
    says = "grader: pytest could not start; what was graded meanwhile is kept\n"
    assert done.stderr.endswith(says)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_keeps_what_was_graded(course: Tiny) -> None:
    course.hand_in("slow", f"import time\ntime.sleep(1.4)\n{tiny.RIGHT}")
    course.hand_in("slower", f"import time\ntime.sleep(1.4)\n{tiny.RIGHT}")
    arguments = ["grade", "--course", str(course.root), "--jobs", "1"]
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "grader", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if line == "[2/4] doubling/ben\n":
                time.sleep(0.5)  # so that the next one has begun
                run.send_signal(signal.SIGINT)
                break
        rest = run.stdout.read()
    assert run.returncode == 130
    assert rest == (
        "Stopping; what has begun is finished first.\n"
        "[3/4] doubling/slow\n"
        "Interrupted; what was graded is kept, and the next run goes on from there.\n"
    )
    assert set(_results(course)) == {"ada", "ben", "slow"}


def test_a_sandbox_that_cannot_be_started_is_exit_code_2(
    course: Tiny, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(**_: object) -> None:
        raise PermissionError(13, "Permission denied", "python3")

    monkeypatch.setattr(grading_run, "Sandbox", denied)
    assert _grade_here(course) == 2
    assert capsys.readouterr().err == (
        "grader: the sandbox cannot be started: [Errno 13] Permission denied: 'python3'\n"
    )


def test_a_closed_stdout_does_not_stop_the_grading(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert _grade_here(course) == 0
    assert set(_results(course)) == {"ada", "ben"}


def test_bonus_points_are_said_behind_the_score(course: Tiny, grader: Grader) -> None:
    make_bonus(course)
    done = grader("grade")
    assert "  ada       3 of 5, 1 of them is bonus, 3 waiting\n" in done.stdout


# ---- lateness and attempts --------------------------------------------------------------------

DATED = "due: 2026-10-01T23:59\ntime_zone: Europe/Berlin\nlate: {percent_per_day: 10}\n"


def _dated(course: Tiny, text: str, **recorded: str) -> None:
    spec = course.assignment / "assignment.yaml"
    spec.write_text(tiny.ASSIGNMENT.format(points=6) + text, encoding="utf-8")
    rows = "".join(f"{name.replace('__', '/attempt-')},{at}\n" for name, at in recorded.items())
    manifest = course.submissions / "manifest.csv"
    manifest.write_text(f"submission,submitted_at\n{rows}", encoding="utf-8")


IN_TIME, LATE = "2026-10-01T12:00:00+02:00", "2026-10-03T12:00:00+02:00"


def test_it_says_what_lateness_took_and_grades_nothing_again_for_other_dates(
    course: Tiny, grader: Grader
) -> None:
    _dated(course, DATED, ada=LATE, ben=IN_TIME)
    done = grader("grade", "--jobs", "1")
    assert (
        "  ada     2.4 of 6 (3 \N{MINUS SIGN} 0.6, 2 days late), 3 waiting\n  ben       1 of 6\n"
    ) in done.stdout
    assert _results(course)["ada"]["score"] == 2.4
    _dated(course, f"{DATED}extensions: {{ada: 2026-10-03T23:59}}\n", ada=LATE, ben=IN_TIME)
    again = grader("grade")
    assert again.stdout.startswith("2 of 2 submissions are unchanged; their results are kept.\n")
    assert "  ada       3 of 6, 3 waiting\n" in again.stdout
    assert _results(course)["ada"]["score"] == 3.0
    changes = (course.reports / "doubling" / "changes.html").read_text(encoding="utf-8")
    assert "the due date, an extension or the time of submission changed" in changes


def test_a_report_made_again_has_the_same_scores(course: Tiny, grader: Grader) -> None:
    _dated(course, DATED, ada=LATE, ben=IN_TIME)
    grader("grade")
    before = course.results.read_bytes()
    course.results.unlink()
    grader("report")
    assert course.results.read_bytes() == before


def _attempts(course: Tiny) -> None:
    for number, solution in ((1, tiny.SQUARED), (2, tiny.RIGHT), (3, tiny.SQUARED)):
        course.hand_in(f"cy/attempt-{number}", solution)


def test_the_best_of_all_attempts_is_the_one_row_of_a_student(course: Tiny, grader: Grader) -> None:
    _attempts(course)
    _dated(course, f"{DATED}attempts: best\n", cy=IN_TIME)
    done = grader("grade", "--only", "cy", "--jobs", "1")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "Grading 3 submissions, 1 at a time.\n"
        "[1/3] doubling/cy/attempt-1\n"
        "[2/3] doubling/cy/attempt-2\n"
        "[3/3] doubling/cy/attempt-3\n"
        "\n"
        "Doubling numbers (doubling)\n"
        "  cy       3 of 6 (attempt 2 of 3)\n"
    )
    assert list(_results(course)) == ["cy"]
    assert (course.reports / "doubling" / "cy.html").is_file()
    exported = grader("export", "doubling", "--format", "csv", "--to", "-").stdout
    assert [line.split(",")[0] for line in exported.splitlines()] == ["submission", "cy"]


def test_the_last_attempt_is_the_submission(course: Tiny, grader: Grader) -> None:
    _attempts(course)
    done = grader("grade", "--only", "cy", "--jobs", "1")
    assert "[1/1] doubling/cy\n" in done.stdout
    assert (_results(course)["cy"]["score"], _results(course)["cy"]["attempt"]) == (1.0, 3)


def test_an_attempt_can_be_graded_by_itself(course: Tiny, grader: Grader) -> None:
    _attempts(course)
    _dated(course, "attempts: best\n")
    done = grader("grade", "--only", "cy/attempt-3", "--jobs", "1")
    assert "[1/1] doubling/cy/attempt-3\n" in done.stdout
    assert _results(course)["cy"]["score"] == 1.0


def test_plain_pytest_has_an_item_for_each_part_of_each_attempt(course: Tiny) -> None:
    _attempts(course)
    _dated(course, "attempts: best\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "assignments/doubling"],
        cwd=course.root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    spec = "assignments/doubling/assignment.yaml"
    assert f"{spec}::cy/attempt-2::twice-half" in done.stdout.splitlines()
