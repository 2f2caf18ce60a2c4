"""Files of the course that change, or go, while it is graded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.grading import run as grading_run
from grader.grading.plans import Plans
from grader.spec import loader
from grader.spec.loader import Assignment
from tests import tiny
from tests.faults import running
from tests.faults.running import FAULT
from tests.tiny import Tiny


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make(tmp_path)


def _before_planning(monkeypatch: pytest.MonkeyPatch, action: Callable[[], None]) -> None:
    """Do something when all has been read and nothing been planned."""
    real = Plans.of

    def of(self: Plans, *arguments: Any) -> Any:
        action()
        return real(self, *arguments)

    monkeypatch.setattr(Plans, "of", of)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


CHANGED = FAULT.format("the files of twice were changed while they were used")


@pytest.mark.parametrize("name", ["reference/doubling/twice.py", "assignments/doubling/twice.yaml"])
def test_files_of_a_problem_that_change_before_they_are_used_are_a_fault_and_no_verdict(
    name: str, course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = course.root / name
    text = file.read_text(encoding="utf-8")
    other = text.replace("/ 2", "/ 3").replace("count: 5", "count: 6")
    with monkeypatch.context() as patched:
        _before_planning(patched, lambda: _write(file, other))
        said = running.grade(course)
    assert (said.code, said.err) == (3, "")
    assert running.summaries(course) == {("grader_fault", CHANGED, None)}
    assert running.summaries(course, "essay-text") == {
        ("pending", _WAITS, 0.0),
        ("missing", _MISSING, 0.0),
    }
    # Back as it was, the key would be the right one again.
    file.write_text(text, encoding="utf-8")
    assert running.grade(course).code == 0
    assert running.summaries(course) == {("correct", "Right in all 5 cases.", 1.0)}


_WAITS = "Waits for a person to review it. Handed in: the text under essay-text in answers.yaml."
_MISSING = "Nothing handed in; expected text under essay-text in answers.yaml."


def test_a_reference_that_goes_while_it_is_graded_is_a_fault(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = course.root / "reference/doubling/twice.py"
    with monkeypatch.context() as patched:
        _before_planning(patched, lambda: file.unlink(missing_ok=True))
        assert running.grade(course).code == 3
    assert running.summaries(course) == {("grader_fault", CHANGED, None)}
    said = running.grade(course)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"grader: {course.assignment / 'twice.yaml'}:4: reference: there is no reference {file}\n"
    )


def test_a_change_after_all_was_planned_is_graded_by_the_next_run(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = course.root / "reference/doubling/twice.py"
    real = grading_run.GradingRun.start

    def start(self: Any, *arguments: Any) -> None:
        if "/ 2" in file.read_text(encoding="utf-8"):  # again when pytest has found what to grade
            running.change(file, "/ 2", "/ 3")
        real(self, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(grading_run.GradingRun, "start", start)
        assert running.grade(course).code == 0
    assert running.summaries(course) == {("correct", "Right in all 5 cases.", 1.0)}
    assert running.grade(course).code == 0
    assert {status for status, _, _ in running.summaries(course)} == {"wrong"}


def test_an_assignment_that_is_saved_while_it_is_read_is_not_graded(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = loader.load

    def load(*arguments: Any) -> Assignment:
        loaded = real(*arguments)
        running.change(course.assignment / "twice.yaml", "count: 5", "count: 6")
        return loaded

    with monkeypatch.context() as patched:
        patched.setattr(grading_run, "load", load)
        said = running.grade(course)
    assert (said.code, said.out, said.err) == (
        2,
        "",
        f"grader: {course.assignment} was changed while it was read; run this again\n",
    )
    assert not course.results.exists()


def test_submissions_that_go_while_they_are_graded_are_graded_as_they_were(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        _before_planning(patched, lambda: shutil.rmtree(course.submissions, ignore_errors=True))
        said = running.grade(course)
    assert (said.code, said.err) == (0, "")
    right = running.results(course)
    assert {name: each["score"] for name, each in right.items()} == {"ada": 3.0, "ben": 1.0}
    said = running.grade(course)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"grader: there is no folder {course.submissions}; submissions lie in one folder per "
        f"student, such as {course.submissions / 'ada' / 'solution.py'}\n"
    )
    assert running.results(course) == right  # what was graded is kept


def test_a_submission_that_goes_while_all_are_read_is_noted_and_the_others_are_graded(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.submissions import folder  # noqa: PLC0415

    real = folder.read

    def read(path: Path, name: str) -> Any:
        if name == "ben":
            shutil.rmtree(path)
        return real(path, name)

    monkeypatch.setattr(folder, "read", read)
    assert running.grade(course).code == 0
    right = running.results(course)
    assert right["ada"]["score"] == 3.0
    assert {part["status"] for part in right["ben"]["parts"]} == {"missing"}
