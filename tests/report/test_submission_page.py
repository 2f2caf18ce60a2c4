from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from grader import messages
from grader.records import (
    AssignmentReport,
    CaseReport,
    Failure,
    Frame,
    ProblemResult,
    Status,
    SubmissionResult,
)
from grader.report.evidence import shown_case
from grader.report.submission_page import (
    HiddenCases,
    PartView,
    hidden_cases,
    submission_page,
    wide,
)

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


def test_a_bonus_that_was_not_earned_cost_nothing(report: AssignmentReport) -> None:
    outline = report.outline
    problems = tuple(
        replace(problem, parts=tuple(replace(part, bonus=True) for part in problem.parts))
        for problem in outline.problems
    )
    extra = replace(report, outline=replace(outline, problems=problems))
    assert submission_page(extra, sample.worked()).look_first == ()


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
    assert not wide(shown_case(CaseReport(1, False, "", "[1.0]", "[2.0]")))
    assert wide(shown_case(CaseReport(1, False, "", "[1.0]", "1, " * 20)))


def _views(report: AssignmentReport, submission: SubmissionResult) -> dict[str, PartView]:
    return {each.outline.id: each for each in submission_page(report, submission).parts}


def test_how_the_points_came_about_is_told(report: AssignmentReport) -> None:
    earned = {name: view.earned for name, view in _views(report, sample.worked()).items()}
    assert earned == {
        "q1-convexity": (messages.reports.BY_A_PERSON,),
        "q2-jensen": (messages.reports.BY_A_PERSON,),
        "q3-gradient": (messages.reports.FULL,),
        "q3-hessian": (),
        "q3-stationary-points": (),
        "q4-saddle": (messages.reports.mistake_credit(Fraction(5, 2), Fraction(5)),),
        "q6-functions": (messages.reports.SHARES,),
        "q7-backward": (messages.reports.mistake_credit(Fraction(0), Fraction(5)),),
        "q8-cost": (),
        "debrief": (),
    }


def test_points_that_nobody_has_lost_are_told_as_open(report: AssignmentReport) -> None:
    assert _views(report, sample.faulty())["q4-saddle"].earned == (messages.reports.OPEN_FAULT,)
    nothing = replace(sample.worked(), problems=())
    assert _views(report, nothing)["q4-saddle"].earned == (messages.reports.NOT_GRADED,)


def test_points_for_all_cases_together_say_how_many_are_right(report: AssignmentReport) -> None:
    part = sample.part("q4-saddle", Status.WRONG, 0, 5, "No.", cases_total=55, cases_right=5)
    submission = replace(sample.worked(), problems=(ProblemResult("q4", "key", (part,)),))
    assert _views(report, submission)["q4-saddle"].earned == (
        messages.reports.all_or_nothing(5, 55),
    )


def test_a_bonus_is_told_where_the_points_are(report: AssignmentReport) -> None:
    problems = tuple(
        replace(problem, parts=tuple(replace(part, bonus=True) for part in problem.parts))
        for problem in report.outline.problems
    )
    extra = replace(report, outline=replace(report.outline, problems=problems))
    views = _views(extra, sample.worked())
    assert views["q3-gradient"].earned == (messages.reports.FULL, messages.reports.BONUS)
    assert views["q3-stationary-points"].earned == (messages.reports.ON_TOP,)
    assert not views["q3-stationary-points"].open


def test_what_the_same_error_stopped_is_told_once(report: AssignmentReport) -> None:
    failure = Failure("ImportError", "no", (Frame("q3.py", 1, "<module>", "import it"),))
    parts = tuple(
        replace(part, status=Status.CRASHED, points=Fraction(0), failure=failure)
        for part in sample.worked().problems[1].parts
    )
    submission = replace(sample.worked(), problems=(ProblemResult("q3", "key", parts),))
    views = _views(report, submission)
    same = {name: view.same_as and view.same_as.id for name, view in views.items()}
    assert same["q3-gradient"] is None
    assert same["q3-hessian"] == same["q3-stationary-points"] == "q3-gradient"
    assert (views["q3-gradient"].open, views["q3-hessian"].open) == (True, False)


def test_a_file_is_unfolded_if_its_marked_lines_stand_nowhere_else(
    report: AssignmentReport,
) -> None:
    assert submission_page(report, sample.worked()).unfolded == frozenset()
    failure = Failure("E", "", (Frame("answers.yaml", 1, "<module>", ""),))
    part = sample.part("q8-cost", Status.CRASHED, 0, 8, "It stopped.", failure=failure)
    other = replace(sample.worked(), problems=(ProblemResult("q6", "key", (part,)),))
    assert submission_page(report, other).unfolded == {"answers.yaml"}
