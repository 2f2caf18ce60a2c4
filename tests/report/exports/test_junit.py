from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import PartResult, Status, SubmissionResult
from grader.report.exports.junit import junit
from grader.report.exports.request import Export

from . import consumers, sample


def made(*submissions: SubmissionResult, unconfined: bool = False) -> ET.Element:
    report = sample.report(*submissions, unconfined=unconfined)
    (document,) = junit(report, Export()).documents
    return consumers.junit(document.content)


def cases(submission: SubmissionResult) -> list[list[str]]:
    return [[child.tag for child in case] for case in made(submission).iter("testcase")]


def properties(root: ET.Element) -> dict[str, str]:
    return {each.attrib["name"]: each.attrib["value"] for each in root.iter("property")}


def test_the_report_of_the_sample(matches_gold: Callable[[str, str], None]) -> None:
    (document,) = junit(sample.report(), Export()).documents
    consumers.junit(document.content)
    matches_gold("exports/junit.xml", document.content.decode())


def test_there_is_a_suite_for_each_submission_and_a_case_for_each_part() -> None:
    suites = made().findall("testsuite")
    assert [suite.get("name") for suite in suites][1:] == [
        "slopes/ada",
        "slopes/grace",
        "slopes/yves",
        "slopes/zeno",
    ]
    assert {len(suite.findall("testcase")) for suite in suites} == {4}


def test_a_wrong_answer_is_a_failure_and_a_crash_an_error() -> None:
    assert cases(sample.plain())[:2] == [["failure", "system-out"]] * 2
    assert cases(sample.waiting())[0] == ["error", "system-out"]
    assert cases(sample.full()) == [["system-out"]] * 4


def test_a_part_that_waits_is_skipped_and_has_no_points() -> None:
    assert cases(sample.waiting())[2] == ["skipped"]
    found = properties(made(sample.waiting()))
    assert (found["score"], found["pending"], found["points.proof"]) == ("4.88", "2", "")


def test_a_fault_of_the_grader_is_an_error_without_points_and_tells_nothing_of_its_inside() -> None:
    root = made(sample.faulty())
    assert cases(sample.faulty())[1] == ["error"]
    assert (properties(root)["score"], properties(root)["points.curve"]) == ("", "")
    assert "secret" not in ET.tostring(root, encoding="unicode")


def test_a_part_that_was_never_graded_is_skipped() -> None:
    assert cases(sample.ungraded())[2] == ["skipped"]


def test_a_bonus_that_was_left_out_is_no_failure() -> None:
    assert cases(sample.plain())[3] == ["skipped", "system-out"]


def test_a_failure_says_what_the_student_is_told() -> None:
    failure = made(sample.plain()).find(".//failure")
    assert failure is not None
    assert failure.attrib == {"type": "wrong", "message": "The result is 4; expected 5."}
    assert failure.text == (
        "slope: wrong, 0 of 3\n"
        "  The result is 4; expected 5.\n"
        "\n"
        "  >>> slope(3)\n"
        "  returned  4\n"
        "  expected  5\n"
        "\n"
        "  Hidden cases: 1 of 8 right."
    )


def test_grading_without_a_sandbox_is_said() -> None:
    assert properties(made(sample.plain(), unconfined=True))["unconfined"] == "true"
    assert "unconfined" not in properties(made(sample.plain()))


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1.0, 1e9, 12345.678])
def test_every_time_is_one_that_jenkins_reads(seconds: float) -> None:
    made(sample.submission("ada", sample.right("slope", 3), wall_s=seconds))


@given(st.text())
def test_whatever_a_student_writes_the_report_can_be_read(hostile: str) -> None:
    part = PartResult("slope", Status.WRONG, Fraction(0), Fraction(3), hostile)
    root = made(sample.submission(hostile, part, sample.nearly(), sample.pending()))
    assert len(root.findall(".//testcase")) == 4
