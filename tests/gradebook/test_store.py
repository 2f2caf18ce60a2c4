from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradebookError
from grader.gradebook.file import FILE
from grader.gradebook.store import Gradebook, Kept
from grader.records import (
    AssignmentOutline,
    PartOutline,
    PartResult,
    ProblemOutline,
    ProblemResult,
    Status,
    SubmissionResult,
)

OUTLINE = AssignmentOutline(
    "hw1",
    "Homework",
    Fraction(3),
    "",
    (
        ProblemOutline("p", "First", "", (PartOutline("p-a", "A", "value", Fraction(2)),)),
        ProblemOutline("q", "Second", "", (PartOutline("q-a", "A", "value", Fraction(1)),)),
    ),
)


def problem(name: str, points: Fraction = Fraction(1, 3), key: str = "key") -> ProblemResult:
    part = PartResult(f"{name}-a", Status.PARTIAL, points, Fraction(2), "Partly.", wall_s=0.25)
    return ProblemResult(name, key, (part,))


def submission(student: str, *problems: ProblemResult) -> SubmissionResult:
    return SubmissionResult("hw1", student, problems, ("a note",), {"solution.py": "x"}, 1.5)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "reports" / FILE


@pytest.fixture
def gradebook(file: Path) -> Iterator[Gradebook]:
    with Gradebook(file) as opened:
        yield opened


def _open(gradebook: Gradebook, *students: str, outline: AssignmentOutline = OUTLINE) -> None:
    gradebook.open_assignment(outline, students, ["a stray file"], unconfined=False)


def _students(gradebook: Gradebook) -> list[str]:
    report = gradebook.report("hw1")
    assert report is not None
    return [submission.submission for submission in report.submissions]


def _change(file: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement, values)


# ---- results ----------------------------------------------------------------------------------


def test_what_was_committed_is_reported_exactly(gradebook: Gradebook) -> None:
    _open(gradebook, "ada")
    given = submission("ada", problem("p"), problem("q"))
    gradebook.commit(given)
    report = gradebook.report("hw1")
    assert report is not None
    assert report.submissions == (replace(given, wall_s=0.5),)
    assert report.submissions[0].score == Fraction(2, 3)
    assert (report.outline, report.notes, report.unconfined) == (OUTLINE, ("a stray file",), False)


def test_results_outlive_the_program(file: Path) -> None:
    with Gradebook(file) as first:
        _open(first, "ada")
        first.commit(submission("ada", problem("p")))
    with Gradebook(file) as second:
        assert second.kept("hw1") == {("ada", "p"): Kept("key", problem("p"))}


def test_grading_without_a_sandbox_is_remembered(gradebook: Gradebook) -> None:
    gradebook.open_assignment(OUTLINE, [], [], unconfined=True)
    report = gradebook.report("hw1")
    assert report is not None
    assert report.unconfined


def test_submissions_are_reported_by_name(gradebook: Gradebook) -> None:
    _open(gradebook)
    for student in ("zoe", "ada", "Ben"):
        gradebook.commit(submission(student))
    assert _students(gradebook) == ["Ben", "ada", "zoe"]


def test_a_problem_that_a_commit_does_not_mention_stays(gradebook: Gradebook) -> None:
    gradebook.commit(submission("ada", problem("p"), problem("q")))
    gradebook.commit(submission("ada", problem("q", Fraction(1), "new")))
    assert gradebook.kept("hw1") == {
        ("ada", "p"): Kept("key", problem("p")),
        ("ada", "q"): Kept("new", problem("q", Fraction(1), "new")),
    }


def test_a_problem_that_was_never_graded_is_skipped(gradebook: Gradebook) -> None:
    _open(gradebook, "ada")
    gradebook.commit(submission("ada", problem("p")))
    report = gradebook.report("hw1")
    assert report is not None
    assert report.submissions[0].problems[1] == ProblemResult(
        "q",
        "",
        (PartResult("q-a", Status.SKIPPED, Fraction(0), Fraction(1), "Not graded yet."),),
    )


def test_a_problem_that_left_the_assignment_is_not_reported(gradebook: Gradebook) -> None:
    gradebook.commit(submission("ada", problem("p"), problem("q")))
    _open(gradebook, "ada", outline=replace(OUTLINE, problems=OUTLINE.problems[1:]))
    report = gradebook.report("hw1")
    assert report is not None
    assert report.submissions[0].problems == (problem("q"),)


def test_a_submission_that_is_gone_is_not_listed_but_kept(gradebook: Gradebook) -> None:
    _open(gradebook, "ada", "ben")
    for student in ("ada", "ben"):
        gradebook.commit(submission(student, problem("p")))
    _open(gradebook, "ben")
    assert _students(gradebook) == ["ben"]
    assert set(gradebook.kept("hw1")) == {("ada", "p"), ("ben", "p")}


def test_a_submission_that_comes_back_is_listed_again(gradebook: Gradebook) -> None:
    _open(gradebook, "ada")
    gradebook.commit(submission("ada", problem("p")))
    _open(gradebook)
    _open(gradebook, "ada")
    assert _students(gradebook) == ["ada"]


def test_assignments_do_not_see_each_other(gradebook: Gradebook) -> None:
    _open(gradebook, "ada")
    _open(gradebook, "ada", outline=replace(OUTLINE, id="hw2"))
    gradebook.commit(submission("ada", problem("p")))
    assert gradebook.assignments() == ["hw1", "hw2"]
    assert gradebook.kept("hw2") == {}
    report = gradebook.report("hw2")
    assert report is not None
    assert report.submissions == ()


def test_an_assignment_that_was_never_graded_has_no_report(gradebook: Gradebook) -> None:
    assert gradebook.report("hw1") is None


def test_nothing_is_written_where_no_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Gradebook(None) as gradebook:
        gradebook.commit(submission("ada", problem("p")))
        assert len(gradebook.kept("hw1")) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "student", ["a b", "o'neil\"; DROP TABLE results; --", "<script>", "..", "ünï 😀", "a\nb", "\0"]
)
def test_an_odd_name_comes_back_as_it_was(gradebook: Gradebook, student: str) -> None:
    gradebook.commit(submission(student, problem("p")))
    _open(gradebook, student)
    assert _students(gradebook) == [student]
    assert set(gradebook.kept("hw1")) == {(student, "p")}


def test_halves_of_characters_are_spelled_out_and_stop_nothing(gradebook: Gradebook) -> None:
    half = "a\ud800"
    outline = replace(OUTLINE, id=half, title=half)
    given = replace(
        submission(half, problem("p")), assignment=half, notes=(half,), sources={half: half}
    )
    gradebook.open_assignment(outline, [half], [half], unconfined=False)
    gradebook.commit(given)
    report = gradebook.report(half)
    assert report is not None
    (found,) = report.submissions
    assert (found.submission, found.notes, found.sources) == (
        "a\\ud800",
        ("a\\ud800",),
        {"a\\ud800": "a\\ud800"},
    )
    assert found.problems[0] == problem("p")


# ---- commits are whole or not at all ----------------------------------------------------------


def test_a_commit_that_fails_leaves_nothing_behind(gradebook: Gradebook) -> None:
    broken = replace(problem("q"), parts=(object(),))  # type: ignore[arg-type]
    with pytest.raises(NotImplementedError):
        gradebook.commit(submission("ada", problem("p"), broken))
    _open(gradebook, "ada")
    assert (gradebook.kept("hw1"), _students(gradebook)) == ({}, [])


def test_a_gradebook_works_on_after_a_commit_that_failed(gradebook: Gradebook) -> None:
    with pytest.raises(NotImplementedError):
        gradebook.commit(submission("ada", replace(problem("q"), parts=(object(),))))  # type: ignore[arg-type]
    gradebook.commit(submission("ada", problem("p")))
    assert set(gradebook.kept("hw1")) == {("ada", "p")}


def test_threads_may_commit_at_once(gradebook: Gradebook) -> None:
    def commit(number: int) -> None:
        for name in ("p", "q"):
            gradebook.commit(submission(f"student-{number}", problem(name)))

    threads = [threading.Thread(target=commit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(gradebook.kept("hw1")) == 16


WORKER = """\
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any
from grader.gradebook.store import Gradebook
from grader.records import PartResult, ProblemResult, Status, SubmissionResult

name = sys.argv[2]
sys.stdin.readline()
with Gradebook(Path(sys.argv[1])) as gradebook:
    for number in range(20):
        part = PartResult("a", Status.CORRECT, Fraction(1), Fraction(1), "")
        problem = ProblemResult("p", "key", (part,))
        gradebook.commit(SubmissionResult("hw1", f"{name}-{number}", (problem,)))
"""


def test_two_processes_may_use_one_new_file_at_once(file: Path) -> None:
    workers = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", WORKER, str(file), name],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for name in ("one", "two")
    ]
    for worker in workers:  # both are ready and wait for their line
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    assert [worker.communicate()[1] for worker in workers] == ["", ""]
    with Gradebook(file) as gradebook:
        assert len(gradebook.kept("hw1")) == 40


# ---- what a result replaced -------------------------------------------------------------------


def _part(name: str, points: int, status: Status = Status.PARTIAL) -> PartResult:
    return PartResult(name, status, Fraction(points), Fraction(2), "Said.")


def _graded(gradebook: Gradebook, *parts: PartResult, source: str = "x") -> None:
    given = submission("ada", ProblemResult("p", "key", parts))
    gradebook.commit(replace(given, sources={"solution.py": source}))


def _changes(gradebook: Gradebook) -> list[tuple[str, object, object, bool]]:
    _open(gradebook, "ada")
    report = gradebook.report("hw1")
    assert report is not None
    return [
        (
            change.part,
            change.before and (change.before.status, change.before.points),
            change.after and (change.after.status, change.after.points),
            change.files_changed,
        )
        for change in report.changes
    ]


def test_a_first_result_and_the_same_result_again_change_nothing(gradebook: Gradebook) -> None:
    _graded(gradebook, _part("p-a", 1))
    _graded(gradebook, _part("p-a", 1))
    _graded(gradebook, replace(_part("p-a", 1), summary="Said otherwise.", wall_s=9.0))
    assert _changes(gradebook) == []


def test_what_a_result_replaced_is_kept_with_what_replaced_it(gradebook: Gradebook) -> None:
    _graded(gradebook, _part("p-a", 1), _part("p-b", 2))
    _graded(gradebook, _part("p-a", 0, Status.WRONG), _part("p-b", 2))
    _graded(gradebook, _part("p-a", 2, Status.CORRECT), _part("p-b", 2), source="y")
    assert _changes(gradebook) == [
        ("p-a", (Status.PARTIAL, 1), (Status.WRONG, 0), False),
        ("p-a", (Status.WRONG, 0), (Status.CORRECT, 2), True),
    ]


def test_a_part_that_is_new_or_gone_is_a_change(gradebook: Gradebook) -> None:
    _graded(gradebook, _part("p-a", 1))
    _graded(gradebook, _part("p-b", 2))
    assert _changes(gradebook) == [
        ("p-a", (Status.PARTIAL, 1), None, False),
        ("p-b", None, (Status.PARTIAL, 2), False),
    ]


def test_a_problem_that_was_not_graded_before_changes_nothing(gradebook: Gradebook) -> None:
    _graded(gradebook, _part("p-a", 1))
    gradebook.commit(submission("ada", problem("q")))
    assert _changes(gradebook) == []


def test_changes_of_one_grading_say_when_it_began(gradebook: Gradebook) -> None:
    _graded(gradebook, _part("p-a", 1))
    _open(gradebook, "ada")
    _graded(gradebook, _part("p-a", 0))
    _graded(gradebook, _part("p-a", 2))
    _open(gradebook, "ada")
    _graded(gradebook, _part("p-a", 1))
    report = gradebook.report("hw1")
    assert report is not None
    first, second, third = report.changes
    assert first.run == second.run <= third.run
    assert first.run <= first.at <= second.at <= third.at


def test_changes_of_a_submission_that_is_gone_are_not_reported(gradebook: Gradebook) -> None:
    _graded(gradebook, _part("p-a", 1))
    _graded(gradebook, _part("p-a", 0))
    _open(gradebook)
    report = gradebook.report("hw1")
    assert report is not None
    assert report.changes == ()


def test_a_change_and_the_result_behind_it_are_written_together_or_not_at_all(
    gradebook: Gradebook, file: Path
) -> None:
    _graded(gradebook, _part("p-a", 1))
    _change(
        file,
        "CREATE TRIGGER full BEFORE INSERT ON changes BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    with pytest.raises(GradebookError, match="full"):
        _graded(gradebook, _part("p-a", 0))
    (kept,) = gradebook.kept("hw1").values()
    assert kept.result.parts == (_part("p-a", 1),)


def test_a_change_of_another_version_is_passed_over(gradebook: Gradebook, file: Path) -> None:
    _graded(gradebook, _part("p-a", 1))
    _graded(gradebook, _part("p-a", 0))
    _change(file, "UPDATE changes SET record='{}'")
    assert _changes(gradebook) == []


# ---- files that are not as they should be -----------------------------------------------------


def test_a_result_of_another_version_is_not_good_any_more(gradebook: Gradebook, file: Path) -> None:
    gradebook.commit(submission("ada", problem("p"), problem("q")))
    _change(file, "UPDATE results SET record='{\"older\": 1}' WHERE problem='p'")
    assert set(gradebook.kept("hw1")) == {("ada", "q")}


def test_a_submission_of_another_version_keeps_its_place_in_the_report(
    gradebook: Gradebook, file: Path
) -> None:
    gradebook.commit(submission("ada", problem("p")))
    _open(gradebook, "ada")
    _change(file, "UPDATE submissions SET record='{}'")
    report = gradebook.report("hw1")
    assert report is not None
    (found,) = report.submissions
    assert (found.submission, found.notes, found.problems[0]) == ("ada", (), problem("p"))


def test_an_assignment_of_another_version_has_no_report_until_it_is_graded_again(
    gradebook: Gradebook, file: Path
) -> None:
    gradebook.commit(submission("ada", problem("p")))
    _open(gradebook, "ada")
    _change(file, "UPDATE outlines SET record='{}'")
    assert gradebook.report("hw1") is None
    _open(gradebook, "ada")
    assert _students(gradebook) == ["ada"]


def _refusal(file: Path) -> str:
    with pytest.raises(GradebookError) as caught:
        Gradebook(file)
    return str(caught.value)


def test_a_file_of_another_format_is_refused_and_left_as_it_is(file: Path) -> None:
    file.parent.mkdir()
    _change(file, "CREATE TABLE meta (name TEXT, value TEXT)")
    _change(file, "INSERT INTO meta VALUES ('format', '7')")
    before = file.read_bytes()
    assert _refusal(file) == (
        f"the gradebook {file} has format 7; this version reads 3. "
        "Move the file away to start a new one."
    )
    assert file.read_bytes() == before


def _format_1(file: Path) -> None:
    """Write a gradebook as the version before this one did."""
    with Gradebook(file) as gradebook:
        _open(gradebook, "ada")
        gradebook.commit(submission("ada", problem("p")))
    _change(file, "DROP TABLE changes")
    _change(file, "UPDATE meta SET value='1'")


def test_a_file_of_the_format_before_is_brought_up_to_date(file: Path) -> None:
    _format_1(file)
    with Gradebook(file) as gradebook:
        assert gradebook.kept("hw1") == {("ada", "p"): Kept("key", problem("p"))}
        gradebook.commit(submission("ada", problem("p", Fraction(1))))
        report = gradebook.report("hw1")
    assert report is not None
    assert [change.part for change in report.changes] == ["p-a"]
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT value FROM meta").fetchall() == [("3",)]


def test_the_version_before_refuses_a_file_of_this_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Gradebook(file).close()
    monkeypatch.setattr("grader.gradebook.file.FORMAT", 2)
    monkeypatch.setattr("grader.gradebook.file.OLDER", frozenset({1}))
    assert "has format 3; this version reads 2" in _refusal(file)


def test_a_file_that_is_no_gradebook_is_refused_and_left_as_it_is(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("some notes of mine\n" * 100, encoding="utf-8")
    assert _refusal(file) == (
        f"the gradebook {file} cannot be used: file is not a database; put back a copy of it, "
        "or move the file away to start a new one"
    )
    assert file.read_text(encoding="utf-8") == "some notes of mine\n" * 100


def test_a_file_that_is_refused_is_closed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = sqlite3.connect

    def connect(path: Path, **options: object) -> sqlite3.Connection:
        opened.append(real(path, **options))  # type: ignore[call-overload]
        return opened[-1]  # type: ignore[no-any-return]

    file.parent.mkdir()
    file.write_text("no database" * 100, encoding="utf-8")
    monkeypatch.setattr(sqlite3, "connect", connect)
    assert _refusal(file)
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        opened[0].execute("SELECT 1")


def test_a_folder_in_place_of_the_file_is_told(file: Path) -> None:
    file.mkdir(parents=True)
    assert _refusal(file) == (
        f"the gradebook {file} cannot be used: unable to open database file; make the folder "
        "writable, or move the file away to start a new one"
    )


def test_a_folder_that_cannot_be_made_is_told(file: Path) -> None:
    file.parent.write_text("", encoding="utf-8")
    assert _refusal(file) == (
        f"found a file {file.parent}; expected a folder, where the reports go; "
        "move the file away, or name another folder"
    )


def test_a_folder_that_cannot_be_written_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write anywhere: SQLite is asked to open the file for reading only.
    file.parent.mkdir()
    file.touch()
    real = sqlite3.connect

    def read_only(path: Path, **options: object) -> sqlite3.Connection:
        return real(f"file:{path}?mode=ro", uri=True, **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", read_only)
    assert _refusal(file) == (
        f"the gradebook {file} cannot be used: attempt to write a readonly database; make the "
        "folder writable, or move the file away to start a new one"
    )


def test_what_goes_wrong_later_is_told_in_the_same_words(gradebook: Gradebook, file: Path) -> None:
    _change(file, "DROP TABLE results")
    with pytest.raises(GradebookError) as caught:
        gradebook.commit(submission("ada", problem("p")))
    assert str(caught.value) == (
        f"the gradebook {file} cannot be used: no such table: results; make the folder writable, "
        "or move the file away to start a new one"
    )


def test_a_gradebook_that_is_locked_for_good_is_told(
    gradebook: Gradebook, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.gradebook.file.BUSY_S", 0.01)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "cannot be used: database is locked" in _refusal(file)
        other.execute("ROLLBACK")
    gradebook.commit(submission("ada"))


@pytest.mark.parametrize("table", ["results", "submissions"])
def test_one_student_is_found_without_looking_at_the_others(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with Gradebook(None) as gradebook:
        rows = gradebook._rows

        def noting(query: str, *values: str) -> list[Any]:
            plan = gradebook._connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
            asked.extend(step[3] for step in plan if table in step[3])
            return rows(query, *values)

        monkeypatch.setattr(gradebook, "_rows", noting)
        gradebook.whole("a", "ada")
    assert asked
    assert all("submission" in step.split("(assignment=?")[1] for step in asked)
