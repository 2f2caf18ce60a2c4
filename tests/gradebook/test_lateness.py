"""How late submissions are, as the gradebook keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from grader.gradebook.file import FILE
from grader.gradebook.store import Gradebook
from grader.records import Arrival, Lateness, SubmissionResult

from .test_store import OUTLINE, problem, submission

LATE = Lateness(
    "2026-10-01T23:59:00+02:00",
    submitted_at="2026-10-03T12:00:00+02:00",
    source="manifest",
    recorded_by="canvas",
    days=2,
    percent_per_day=Fraction(25, 3),
    of_points=Fraction(3),
    accepted_days=7,
    notes=("a note",),
)
IN_TIME = replace(LATE, days=0)


@pytest.fixture
def gradebook() -> Iterator[Gradebook]:
    with Gradebook(None) as opened:
        yield opened


def _graded(late: Lateness | None) -> SubmissionResult:
    return replace(submission("ada", problem("p")), arrival=Arrival(late))


def _open(gradebook: Gradebook, **arrivals: Arrival) -> None:
    gradebook.open_assignment(OUTLINE, ["ada"], [], unconfined=False, arrivals=arrivals)


def _reported(gradebook: Gradebook) -> SubmissionResult:
    report = gradebook.report("hw1")
    assert report is not None
    (found,) = report.submissions
    return found


def _changes(gradebook: Gradebook) -> list[tuple[Lateness | None, Lateness | None]]:
    report = gradebook.report("hw1")
    assert report is not None
    return [(change.before, change.after) for change in report.lateness_changes]


def test_what_was_committed_is_reported_exactly(gradebook: Gradebook) -> None:
    _open(gradebook)
    gradebook.commit(_graded(LATE))
    assert _reported(gradebook).arrival == Arrival(LATE)
    assert _changes(gradebook) == []


def test_another_due_date_changes_the_score_and_no_result(gradebook: Gradebook) -> None:
    _open(gradebook)
    gradebook.commit(_graded(LATE))
    before = _reported(gradebook)
    _open(gradebook, ada=Arrival(IN_TIME))
    after = _reported(gradebook)
    assert (after.score, after.problems) == (before.earned, before.problems)
    assert before.score < after.score
    assert _changes(gradebook) == [(LATE, IN_TIME)]


def test_what_costs_the_same_is_no_change(gradebook: Gradebook) -> None:
    _open(gradebook)
    gradebook.commit(_graded(LATE))
    later = replace(LATE, submitted_at="2026-10-03T13:00:00+02:00")
    _open(gradebook, ada=Arrival(later))
    assert _reported(gradebook).lateness == later
    _open(gradebook, ada=Arrival(later))
    assert _changes(gradebook) == []


def test_a_due_date_where_there_was_none_is_a_change(gradebook: Gradebook) -> None:
    _open(gradebook)
    gradebook.commit(_graded(None))
    _open(gradebook, ada=Arrival(IN_TIME))
    assert _changes(gradebook) == []
    _open(gradebook, ada=Arrival(LATE))
    _open(gradebook, ada=Arrival(replace(LATE, days=9)))
    _open(gradebook, ada=Arrival())
    assert [(bool(a), bool(b)) for a, b in _changes(gradebook)] == [
        (True, True),
        (True, True),
        (True, False),
    ]


def test_a_result_that_is_replaced_may_be_later_than_the_one_before(gradebook: Gradebook) -> None:
    _open(gradebook)
    gradebook.commit(_graded(IN_TIME))
    gradebook.commit(_graded(LATE))
    assert _changes(gradebook) == [(IN_TIME, LATE)]


def test_a_submission_that_was_never_graded_does_not_appear(gradebook: Gradebook) -> None:
    _open(gradebook, ada=Arrival(LATE))
    report = gradebook.report("hw1")
    assert report is not None
    assert report.submissions == ()


def test_attempts_are_one_submission_in_a_report(gradebook: Gradebook) -> None:
    for number, points in ((1, Fraction(1)), (2, Fraction(2))):
        name = f"ada/attempt-{number}"
        given = replace(
            submission(name, problem("p", points)), arrival=Arrival(None, "ada", number, 2)
        )
        gradebook.commit(given)
    gradebook.open_assignment(
        OUTLINE, ["ada/attempt-1", "ada/attempt-2"], [], unconfined=False, arrivals={}
    )
    found = _reported(gradebook)
    assert (found.submission, found.score, len(found.attempts)) == ("ada", Fraction(2), 2)
    assert set(gradebook.kept("hw1")) == {("ada/attempt-1", "p"), ("ada/attempt-2", "p")}


def test_a_file_of_format_2_is_brought_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / FILE
    with Gradebook(file) as gradebook:
        _open(gradebook)
        gradebook.commit(submission("ada", problem("p")))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TABLE lateness_changes")
        connection.execute("UPDATE meta SET value='2'")
        connection.execute(
            "UPDATE submissions SET record=json_remove(record, '$.arrival', '$.attempts')"
        )
    with Gradebook(file) as gradebook:
        assert _reported(gradebook).arrival == Arrival()
        _open(gradebook, ada=Arrival(LATE))
        assert _changes(gradebook) == [(None, LATE)]
        assert _reported(gradebook).notes == ("a note",)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT value FROM meta").fetchall() == [("3",)]
