"""Lateness in what goes to other places: the score is the final one, and says how it came about."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from grader.records import Arrival, AssignmentReport, Attempt, Lateness, SubmissionResult
from grader.report.exports.canvas import canvas
from grader.report.exports.classroom import classroom
from grader.report.exports.github import commands, summary
from grader.report.exports.gradescope import gradescope
from grader.report.exports.junit import junit
from grader.report.exports.request import Export, Exported
from grader.report.exports.rows import Standing, rows
from grader.report.exports.tables import json_lines, plain_csv

from . import consumers, sample

DUE = "2026-10-01T23:59:00+02:00"
LATE = Lateness(
    DUE,
    submitted_at="2026-10-03T08:15:30+02:00",
    source="manifest",
    days=2,
    percent_per_day=Fraction(10),
)
ACCOUNT = "11 of 10, 2 days late (10 % a day): \N{MINUS SIGN}2.2 \N{RIGHTWARDS ARROW} 8.8"
HANDED_IN = (
    "Handed in 2026-10-03 08:15:30 (UTC+02:00), as recorded where it was handed in: 2 days late, "
    "due 2026-10-01 23:59 (UTC+02:00)."
)


def _late(submission: SubmissionResult, lateness: Lateness = LATE) -> SubmissionResult:
    return replace(submission, arrival=Arrival(lateness))


def _text(make: Callable[[AssignmentReport, Export], Exported], *given: SubmissionResult) -> str:
    (document,) = make(sample.report(*given), Export()).documents
    return document.content.decode()


def test_gradescope_gets_the_score_after_lateness() -> None:
    document = json.loads(_text(gradescope, _late(sample.full())))
    assert document["score"] == 8.8
    assert document["output"] == f"{ACCOUNT}.\n\n{HANDED_IN}"
    consumers.gradescope(json.dumps(document).encode())


def test_canvas_gets_it_and_is_warned_not_to_take_it_off_again() -> None:
    made = canvas(sample.report(_late(sample.full())), Export())
    assert made.documents[0].content.decode().splitlines()[-1] == "ada,,,ada,,8.8"
    assert made.notes == (
        (
            "lateness is taken off already; if Canvas has a late policy of its own, it would take "
            "it off again"
        ),
    )


def test_the_summary_on_github_says_how_it_came_about() -> None:
    one = _text(summary, _late(sample.full()))
    brief = "11 \N{MINUS SIGN} 2.2, 2 days late"
    assert f"**8.8 of 10 ({brief}).**\n\n{ACCOUNT}.\n\n{HANDED_IN}\n\n| part |" in one
    everybody = _text(summary, _late(sample.full()), sample.plain())
    assert (
        "| submission | score | waiting | standing | late |\n|---|---:|---:|---|---|\n" in everybody
    )
    assert f"| ada | 8.8 |  | graded | {brief} |\n" in everybody
    notice = _text(commands, _late(sample.full())).splitlines()[0]
    assert notice == f"::notice title=Grade::8.8 of 10 ({brief})."


def test_the_sum_of_the_tests_in_a_classroom_is_the_score_after_lateness() -> None:
    (document,) = classroom(sample.report(_late(sample.full())), Export()).documents
    found = consumers.classroom(document.content).document
    assert sum(Fraction(str(test["score"])) for test in found["tests"]) == Fraction("8.8")
    assert found["message"] == f"{ACCOUNT}. {HANDED_IN}"
    assert found["tests"][-1] == {
        "name": "Lateness",
        "status": "fail",
        "score": -2.2,
        "max_score": 0,
        "test_code": "",
        "task_id": "lateness",
        "filename": "",
        "line_no": 0,
        "duration": 0,
        "message": f"{ACCOUNT}.",
    }


def test_a_classroom_never_shows_less_than_nothing_and_rounds_nothing_up() -> None:
    for percent in (100, 33, 1):
        late = replace(LATE, days=1, percent_per_day=Fraction(percent, 1))
        given = _late(sample.plain(), late)
        (document,) = classroom(sample.report(given), Export()).documents
        tests = consumers.classroom(document.content).document["tests"]
        shown = sum(Fraction(str(test["score"])) for test in tests)
        assert 0 <= shown <= given.score
        assert given.score - shown < Fraction(1, 20)


def test_junit_has_it_among_its_properties() -> None:
    xml = _text(junit, _late(sample.full()))
    assert '<property name="score" value="8.8" />' in xml
    assert '<property name="score_before_lateness" value="11" />' in xml
    assert f'<property name="lateness" value="{ACCOUNT}. {HANDED_IN}" />' in xml


def _table(*given: SubmissionResult) -> list[list[str]]:
    return list(csv.reader(io.StringIO(_text(plain_csv, *given), newline=""), strict=True))


def test_the_table_has_three_columns_more_at_its_end() -> None:
    head, ada, grace = _table(_late(sample.full()), sample.plain())
    assert head[-3:] == ["score_before_lateness", "days_late", "submitted_at"]
    assert (ada[1], ada[-3:]) == ("8.8", ["11", "2", "2026-10-03T08:15:30+02:00"])
    assert grace[-3:] == ["", "", ""]
    unknown = _table(_late(sample.faulty(), Lateness(DUE)))[1]
    assert unknown[-3:] == ["", "", ""]


def _line(*given: SubmissionResult) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_text(json_lines, *given))
    return document


def test_a_line_of_json_has_it_exactly() -> None:
    late = _line(_late(sample.full(), replace(LATE, percent_per_day=Fraction(1, 3))))["lateness"]
    assert (late["before_exact"], late["deducted_exact"]) == ("11", "11/150")
    assert (late["days"], late["source"], late["due"]) == (2, "manifest", DUE)


def test_another_attempt_with_a_fault_leaves_the_score_unknown() -> None:
    attempts = (Attempt(1, Fraction(0), fault=True), Attempt(2, Fraction(11)))
    given = replace(sample.full(), arrival=Arrival(None, "ada", 2, 2), attempts=attempts)
    (row,) = rows(sample.report(given))
    assert (row.standing, row.score) == (Standing.FAULT, None)
    assert _line(given)["attempts"] == [
        {"attempt": 1, "score": None, "score_exact": None},
        {"attempt": 2, "score": 11, "score_exact": "11"},
    ]
