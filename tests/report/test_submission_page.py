from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from grader.records import (
    AssignmentReport,
    CaseReport,
    Failure,
    Frame,
    ProblemResult,
    Status,
)
from grader.report.submission_page import HiddenCases, hidden_cases, submission_page, wide

from . import sample


def test_what_cost_most_points_comes_first(report: AssignmentReport) -> None:
    page = submission_page(report, sample.worked())
    assert [(cause.part.outline.id, int(cause.lost)) for cause in page.look_first] == [
        ("q8-cost", 8),
        ("q7-backward", 5),
        ("q3-stationary-points", 3),
    ]


def test_what_stops_many_parts_at_one_line_is_one_thing_to_look_at(
    report: AssignmentReport,
) -> None:
    failure = Failure("ImportError", "no", (Frame("solution.py", 1, "<module>", "import it"),))
    worked = sample.worked()
    stopped = tuple(
        replace(
            problem,
            parts=tuple(
                replace(part, status=Status.CRASHED, points=Fraction(0), failure=failure)
                for part in problem.parts
            ),
        )
        for problem in worked.problems
    )
    (cause,) = submission_page(report, replace(worked, problems=stopped)).look_first
    graded = [part for problem in stopped for part in problem.parts if part.max_points]
    assert len(cause.parts) == len(graded)
    assert cause.lost == sum(part.max_points for part in graded)


def test_a_finished_submission_is_told_the_little_it_lost(report: AssignmentReport) -> None:
    (cause,) = submission_page(report, sample.finished()).look_first
    assert cause.lost == Fraction(1, 1000)


def test_neither_waiting_points_nor_our_own_faults_are_losses(report: AssignmentReport) -> None:
    page = submission_page(report, sample.faulty())
    lost = {part.outline.id for cause in page.look_first for part in cause.parts}
    assert not lost & {"q1-convexity", "q2-jensen", "q4-saddle"}


def test_parts_stand_in_the_order_of_the_assignment(report: AssignmentReport) -> None:
    worked = sample.worked()
    turned = replace(worked, problems=worked.problems[::-1])
    ordered = [part.outline.id for part in submission_page(report, turned).parts]
    assert ordered == [part.id for part in worked.parts]


def test_a_part_without_a_result_is_shown_as_not_graded_yet(report: AssignmentReport) -> None:
    page = submission_page(report, replace(sample.worked(), problems=()))
    assert {part.result.summary for part in page.parts} == {"This part has not been graded yet."}
    assert page.look_first == ()


def test_a_result_that_the_assignment_has_no_part_for_is_shown_at_the_end(
    report: AssignmentReport,
) -> None:
    old = ProblemResult("old", "key", (sample.part("old-part", Status.WRONG, 0, 2, "wrong"),))
    page = submission_page(report, replace(sample.worked(), problems=(old,)))
    assert page.parts[-1].result == old.parts[0]


def test_hidden_cases_are_those_that_are_not_visible() -> None:
    saddle = sample.worked().problems[2].parts[0]
    assert hidden_cases(saddle) == HiddenCases(47, 41)


def test_a_part_with_visible_cases_only_has_no_hidden_ones() -> None:
    saddle = replace(sample.worked().problems[2].parts[0], cases_total=3, cases_right=1)
    assert hidden_cases(saddle) == HiddenCases(0, 0)


def test_a_frame_in_a_file_that_is_not_shown_has_no_anchor(report: AssignmentReport) -> None:
    hidden = replace(sample.worked(), sources={})
    page = submission_page(report, hidden)
    frames = [frame for part in page.parts for frame in part.frames]
    assert [frame.anchor for frame in frames] == ["", ""]


def test_values_too_wide_to_stand_side_by_side_are_stacked() -> None:
    assert not wide(CaseReport(1, False, "", "[1.0]", "[2.0]"))
    assert wide(CaseReport(1, False, "", "[1.0]", "1, " * 20))
