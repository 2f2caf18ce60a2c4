from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import PartResult, Status, SubmissionResult
from grader.report.exports.classroom import classroom
from grader.report.exports.request import Export

from . import consumers, sample


def made(submission: SubmissionResult) -> consumers.Reported:
    (document,) = classroom(sample.report(submission), Export()).documents
    return consumers.classroom(document.content)


def test_the_result_of_the_sample(matches_gold: Callable[[str, str], None]) -> None:
    (document,) = classroom(sample.report(sample.waiting()), Export()).documents
    decoded = json.loads(base64.b64decode(document.content))
    matches_gold("exports/classroom.json", f"{json.dumps(decoded, indent=1)}\n")


def test_the_result_is_one_line_without_breaks() -> None:
    (document,) = classroom(sample.report(sample.waiting()), Export()).documents
    assert document.content.decode("ascii").count("\n") == 1


@pytest.mark.parametrize(
    ("submission", "expected"),
    [
        (sample.full(), (11, 10, "pass")),
        (sample.plain(), (6.99, 10, "fail")),
        # What waits for a person counts neither as given nor as lost.
        (sample.waiting(), (4.88, 8, "fail")),
        (sample.ungraded(), (8, 8, "pass")),
        (sample.faulty(), (5, 5, "error")),
    ],
)
def test_the_reporter_adds_up_to(
    submission: SubmissionResult, expected: tuple[float, float, str]
) -> None:
    found = made(submission)
    assert (round(found.points, 9), found.maximum, found.status) == expected


def test_points_that_wait_are_said() -> None:
    assert made(sample.waiting()).document["message"] == "2 points wait for a person."


def test_a_fault_of_the_grader_is_said_to_the_student_and_to_the_staff() -> None:
    exported = classroom(sample.report(sample.faulty()), Export())
    assert exported.notes == ("the grader failed on curve; left out of the result",)
    found = consumers.classroom(exported.documents[0].content)
    assert found.document["message"].startswith("The grader itself failed on this part")
    assert "secret" not in json.dumps(found.document)


def test_there_is_a_test_even_if_nothing_is_graded() -> None:
    fault = replace(sample.faulty().parts[1], id="slope")
    nothing = sample.submission("ada", fault, sample.faulty().parts[1], sample.pending())
    found = made(nothing)
    assert [test["name"] for test in found.document["tests"]][:1] == ["Nothing graded yet"]
    assert (found.points, found.maximum) == (0, 0)


def test_a_crash_is_an_error_at_its_line() -> None:
    test = made(sample.waiting()).document["tests"][0]
    assert (test["status"], test["line_no"], test["score"]) == ("error", 12, 0)


def test_long_messages_give_way_so_that_the_result_fits_an_environment_variable() -> None:
    long = [
        PartResult(name, Status.WRONG, Fraction(0), Fraction(3), "€" * 300_000)
        for name in ("slope", "curve", "proof")
    ]
    found = made(sample.submission("ada", *long))
    assert [len(test["message"]) for test in found.document["tests"]] == [2000, 2000, 2000]


@given(st.text())
def test_whatever_comes_the_reporter_can_read_it(text: str) -> None:
    part = PartResult("slope", Status.WRONG, Fraction(0), Fraction(3), text)
    found = made(sample.submission(text, part, sample.nearly(), sample.pending()))
    assert found.maximum == 8
