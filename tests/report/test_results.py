from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from grader.records import AssignmentReport, ProblemResult, Status
from grader.report.results import results_json

from . import sample


def test_results_json_of_the_sample(
    report: AssignmentReport, matches_gold: Callable[[str, str], None]
) -> None:
    matches_gold("results.json", results_json(report).decode("ascii"))


def test_format_1_is_as_the_contract_says() -> None:
    part = sample.part(
        "q3-gradient",
        Status.CORRECT,
        2,
        2,
        "one sentence",
        cases_total=50,
        cases_right=50,
    )
    submission = replace(
        sample.worked(), problems=(ProblemResult("q3", "key", (part,)),), wall_s=0.12
    )
    expected = {
        "format": 1,
        "assignment": "background-math",
        "title": "Background mathematics",
        "max_score": 50.0,
        "submissions": [
            {
                "id": "worked-solution",
                "score": 2.0,
                "pending": 0.0,
                "max_score": 50.0,
                "seconds": 0.12,
                "parts": [
                    {
                        "id": "q3-gradient",
                        "status": "correct",
                        "points": 2.0,
                        "max_points": 2.0,
                        "summary": "one sentence",
                        "mistake": None,
                        "cases": {"total": 50, "right": 50},
                    }
                ],
            }
        ],
    }
    document = json.loads(results_json(sample.report(submission)))
    assert document == expected
    assert json.dumps(document) == json.dumps(expected)  # the keys stand in this order too


def test_submissions_are_sorted_by_id_whatever_order_they_come_in(
    report: AssignmentReport,
) -> None:
    turned = replace(report, submissions=report.submissions[::-1])
    assert results_json(turned) == results_json(report)


def test_a_score_that_a_float_would_round_up_to_full_marks_stays_below() -> None:
    almost = Fraction(5) - Fraction(1, 10**30)
    part = sample.part("q4-saddle", Status.PARTIAL, almost, 5, "almost")
    submission = replace(sample.worked(), problems=(ProblemResult("q4", "key", (part,)),))
    (written,) = json.loads(results_json(sample.report(submission)))["submissions"]
    assert written["parts"][0]["points"] == 4.999999999999999


def test_a_score_with_bonus_points_may_exceed_the_maximum() -> None:
    part = sample.part("q8-cost", Status.CORRECT, 52, 52, "")
    submission = replace(sample.worked(), problems=(ProblemResult("q6", "key", (part,)),))
    (written,) = json.loads(results_json(sample.report(submission)))["submissions"]
    assert (written["score"], written["max_score"]) == (52.0, 50.0)


def test_an_id_that_is_not_unicode_survives() -> None:
    submission = replace(sample.worked(), submission="ad\udce4")
    document = json.loads(results_json(sample.report(submission)))
    assert document["submissions"][0]["id"] == "ad\udce4"


def test_what_a_fault_of_the_grader_left_open_is_null_and_no_zero() -> None:
    (written,) = json.loads(results_json(sample.report(sample.faulty())))["submissions"]
    (fault,) = [part for part in written["parts"] if part["status"] == "grader_fault"]
    assert (written["score"], fault["points"], fault["max_points"]) == (None, None, 5.0)
