"""The page of a student is written as soon as the submission is graded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.grading.run import GradingRun, Settings
from grader.spec.course import Course
from tests import tiny
from tests.tiny import Tiny


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make(tmp_path)


@pytest.fixture
def run(course: Tiny) -> Iterator[GradingRun]:
    settings = Settings(reports=course.root / "reports", jobs=2)
    with GradingRun(Course(course.root), settings) as made:
        made.grading("doubling")
        yield made


def graded(run: GradingRun) -> Path:
    """Grade everybody; return the folder of the assignment's reports."""
    names = {("doubling", name) for name in run.grading("doubling").selected}
    run.start(names)
    for name, submission in names:
        run.wait(name, submission)
    run.stop()
    return run.course.reports / "doubling"


def test_a_page_is_there_before_the_reports_are_written(run: GradingRun) -> None:
    folder = graded(run)
    assert {path.name for path in folder.iterdir()} == {"ada.html", "ben.html"}


def test_a_page_that_was_written_early_is_the_one_that_stays(run: GradingRun) -> None:
    folder = graded(run)
    before = {path.name: path.stat().st_ino for path in folder.iterdir()}
    run.write_reports()
    after = {path.name: path.stat().st_ino for path in folder.iterdir()}
    assert after.items() >= before.items()


def test_a_page_that_cannot_be_written_early_fails_nothing(run: GradingRun, course: Tiny) -> None:
    course.root.joinpath("reports", "doubling").write_text("in the way", encoding="utf-8")
    graded(run)
    assert run.failures == {}
    report = run.gradebook.report("doubling")
    assert report is not None
    assert len(report.submissions) == 2


def test_where_tests_of_the_course_are_still_to_come_no_page_is_written_early(
    run: GradingRun, course: Tiny
) -> None:
    del run.gradings["doubling"]
    course.assignment.joinpath("test_more.py").write_text(
        "import pytest\n\n\n@pytest.mark.points(1)\ndef test_more(student):\n    assert student\n",
        encoding="utf-8",
    )
    spec = course.assignment / "assignment.yaml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace("points: 6", "points: 7"), encoding="utf-8")
    run.grading("doubling")
    assert not graded(run).exists()
