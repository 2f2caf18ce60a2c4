"""Lateness and attempts in the pages and in results.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from grader.records import (
    Arrival,
    AssignmentReport,
    Attempt,
    Change,
    Lateness,
    LatenessChange,
    PartScore,
    Status,
    SubmissionResult,
)
from grader.report.changes import StudentChange, regradings
from grader.report.overview import overview
from grader.report.pages import changes_html, class_html, submission_html
from grader.report.results import results_json
from grader.report.submission_page import submission_page
from grader.report.words import State, state

from . import sample

DUE = "2026-10-01T23:59:00+02:00"
TWO_DAYS = Lateness(
    DUE,
    submitted_at="2026-10-03T08:15:30+02:00",
    source="manifest",
    recorded_by="canvas",
    days=2,
    free_days=1,
    percent_per_day=Fraction(10),
    accepted_days=7,
)
IN_TIME = replace(TWO_DAYS, days=0, submitted_at="2026-10-01T20:00:00+02:00")
ACCOUNT = (
    "8.94 of 50, 2 days late (10 % a day, 1 free): \N{MINUS SIGN}0.89 \N{RIGHTWARDS ARROW} 8.05"
)
FIRST, SECOND = "2026-10-10T10:15:00.000Z", "2026-10-11T10:15:00.000Z"


def _late(lateness: Lateness = TWO_DAYS, **more: Any) -> SubmissionResult:
    return replace(sample.worked(), arrival=Arrival(lateness), **more)


def _report(*submissions: SubmissionResult, **more: Any) -> AssignmentReport:
    report = sample.report(*submissions)
    return replace(report, outline=replace(report.outline, due=DUE), **more)


def _page(submission: SubmissionResult) -> str:
    return submission_html(submission_page(_report(submission), submission), "x").decode()


# ---- the page of a student --------------------------------------------------------------------


def test_the_page_shows_the_score_and_how_it_came_about() -> None:
    page = _page(_late())
    assert '<strong>8.05</strong> / 50 <span class="unit">points</span>' in page
    assert f'<p class="facts account">{ACCOUNT}</p>' in page
    assert (
        '<p class="facts">Handed in 2026-10-03 08:15:30 (UTC+02:00), as recorded where it was '
        "handed in (canvas): 2 days late, due 2026-10-01 23:59 (UTC+02:00).</p>\n"
        '<p class="facts">Of the points that wait for a person, 10 % will be taken off as well.</p>'
    ) in page


def test_the_page_of_one_in_time_says_so_and_has_no_account() -> None:
    page = _page(_late(IN_TIME))
    assert "<strong>8.94</strong>" in page
    assert "facts account" not in page
    assert ": on time, due 2026-10-01 23:59 (UTC+02:00).</p>" in page


def test_a_time_that_was_not_believed_is_told() -> None:
    assert '<li dir="auto">a note</li>' in _page(_late(replace(IN_TIME, notes=("a note",))))


def test_bonus_points_are_those_before_lateness() -> None:
    outline = sample.outline()
    problems = tuple(
        replace(
            problem,
            parts=tuple(replace(part, bonus=part.id == "q3-gradient") for part in problem.parts),
        )
        for problem in outline.problems
    )
    report = replace(_report(_late()), outline=replace(outline, problems=problems))
    page = submission_html(submission_page(report, _late()), "x").decode()
    assert "points, 2 of them are bonus before lateness</span>" in page


def test_the_page_says_which_attempt_counts() -> None:
    attempts = (Attempt(1, Fraction(3)), Attempt(2, _late().earned, Fraction(20), TWO_DAYS))
    best = replace(_late(), arrival=Arrival(TWO_DAYS, "ada", 2, 2), attempts=attempts)
    assert (
        "Attempt 2 counts, the best of 2 (attempt 1: 3 points; attempt 2: 8.05 points, 2 days "
        "late, 20 waiting). Which one is the best may change until all points are given."
    ) in _page(best)
    last = replace(sample.worked(), arrival=Arrival(None, "", 3, 3))
    assert "This is attempt 3. The last attempt counts, and only it is graded." in _page(last)
    only = replace(sample.worked(), arrival=Arrival(None, "", 1, 1))
    assert "attempt" not in submission_page(sample.report(), only).arrival


# ---- the page of a class ----------------------------------------------------------------------


def test_the_class_is_shown_after_lateness_with_what_it_cost() -> None:
    page = class_html(overview(_report(_late()))).decode()
    assert '<th scope="col" data-numbers><button type="button">Taken off</button></th>' in page
    row = "<td>8.05</td><td>20</td><td>2</td><td>2</td><td>0.89</td><td>"
    assert row in page
    assert " · due 2026-10-01 23:59 (UTC+02:00)" in page


def test_one_in_time_has_empty_cells() -> None:
    (row,) = overview(_report(_late(IN_TIME))).rows
    assert (row.days_late, row.taken_off) == ("", "")


def test_a_class_without_a_due_date_has_no_such_columns(report: AssignmentReport) -> None:
    assert "Taken off" not in class_html(overview(report)).decode()


def test_how_good_a_part_is_does_not_depend_on_lateness() -> None:
    students = [
        replace(submission, submission=name, arrival=Arrival(late))
        for name, submission, late in (
            ("a", sample.worked(), None),
            ("b", sample.finished(), replace(TWO_DAYS, days=9)),
            ("c", sample.worked(), replace(TWO_DAYS, days=3)),
        )
    ]
    in_time = [replace(each, arrival=Arrival()) for each in students]
    late, not_late = (overview(_report(*each)).parts for each in (students, in_time))
    assert late == not_late


def test_an_attempt_that_the_grader_failed_on_needs_attention() -> None:
    attempts = (Attempt(1, Fraction(0), fault=True), Attempt(2, Fraction(5)))
    assert state(replace(sample.finished(), attempts=attempts)) is State.ATTENTION


# ---- before and after -------------------------------------------------------------------------


def _regraded(report: AssignmentReport) -> list[StudentChange]:
    (regrading,) = regradings(report)
    return list(regrading.scores)


def test_an_extension_is_a_change_of_the_score() -> None:
    change = LatenessChange("worked-solution", FIRST, FIRST, TWO_DAYS, IN_TIME)
    report = _report(_late(IN_TIME), lateness_changes=(change,))
    (student,) = _regraded(report)
    earned = sample.worked().earned
    assert (student.before, student.after, student.reason) == (
        earned * Fraction(9, 10),
        earned,
        "dates",
    )
    page = changes_html(overview(report)).decode()
    assert "<li>Lateness: 2 days late, \N{MINUS SIGN}10 % \N{RIGHTWARDS ARROW} on time</li>" in page
    assert "the due date, an extension or the time of submission changed" in page


def test_points_and_lateness_that_change_together_are_worked_back_together() -> None:
    five = Fraction(5)
    before, after = (
        PartScore(Status.WRONG, Fraction(0), five),
        PartScore(Status.PARTIAL, Fraction(5, 2), five),
    )
    points = Change(
        "worked-solution", "q4", "q4-saddle", FIRST, FIRST, before, after, files_changed=False
    )
    late = LatenessChange("worked-solution", FIRST, FIRST, IN_TIME, TWO_DAYS)
    report = _report(_late(), changes=(points,), lateness_changes=(late,))
    (student,) = _regraded(report)
    assert student.before == sample.worked().earned - Fraction(5, 2)
    assert student.after == sample.worked().earned * Fraction(9, 10)
    assert (student.reason, [part.outline.id for part in student.parts]) == (
        "course",
        ["q4-saddle"],
    )


def test_a_lateness_that_came_back_to_what_it_was_has_not_changed() -> None:
    changes = (
        LatenessChange("worked-solution", FIRST, "1", TWO_DAYS, IN_TIME),
        LatenessChange("worked-solution", FIRST, "2", IN_TIME, TWO_DAYS),
    )
    assert regradings(_report(_late(), lateness_changes=changes)) == ()


def test_what_other_attempts_were_is_worked_back_as_well() -> None:
    attempts = (Attempt(1, Fraction(9)), Attempt(2, sample.worked().earned))
    best = replace(sample.worked(), arrival=Arrival(None, "x", 1, 2), attempts=attempts)
    lost = PartScore(Status.CORRECT, Fraction(6), Fraction(6))
    none = PartScore(Status.WRONG, Fraction(0), Fraction(6))
    gained = Change(
        "worked-solution", "q3", "old", SECOND, SECOND, none, lost, files_changed=False, attempt=1
    )
    (student,) = _regraded(_report(best, changes=(gained,)))
    assert (student.before, student.after) == (sample.worked().earned, Fraction(9))


# ---- results.json -----------------------------------------------------------------------------


def _written(*submissions: SubmissionResult) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(results_json(_report(*submissions)))
    return document


def test_results_json_has_the_score_and_how_it_came_about() -> None:
    document = _written(_late())
    (written,) = document["submissions"]
    assert document["due"] == DUE
    assert written["score"] == 8.05
    assert list(written)[-1] == "lateness"
    assert written["lateness"] == {
        "before": float(Fraction(161, 18)),
        "deducted": float(Fraction(161, 180)),
        "days": 2,
        "percent": 10.0,
        "accepted": True,
        "due": DUE,
        "extended": False,
        "submitted_at": "2026-10-03T08:15:30+02:00",
        "source": "manifest",
    }


def test_results_json_says_what_is_not_known() -> None:
    (written,) = _written(_late(Lateness(DUE)))["submissions"]
    late = written["lateness"]
    assert (late["days"], late["submitted_at"], late["source"]) == (None, None, None)


def test_results_json_has_all_attempts() -> None:
    attempts = (
        Attempt(1, Fraction(0), fault=True),
        Attempt(2, Fraction(20), Fraction(5), TWO_DAYS),
    )
    (written,) = _written(
        replace(_late(), arrival=Arrival(TWO_DAYS, "ada", 2, 2), attempts=attempts)
    )["submissions"]
    assert written["attempt"] == 2
    assert written["attempts"] == [
        {"attempt": 1, "score": None, "before": None, "pending": 0.0},
        {"attempt": 2, "score": 18.0, "before": 20.0, "pending": 5.0},
    ]


@pytest.mark.parametrize("arrival", [Arrival(), Arrival(last=0)])
def test_an_assignment_without_dates_has_no_further_keys(
    arrival: Arrival, matches_gold: Callable[[str, str], None]
) -> None:
    report = sample.report()
    submissions = tuple(replace(each, arrival=arrival) for each in report.submissions)
    written = results_json(replace(report, submissions=submissions))
    matches_gold("results.json", written.decode("ascii"))
