from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from grader.records import AssignmentReport, ProblemResult, Status, SubmissionResult
from grader.report.overview import overview
from grader.report.words import State

from . import sample


def _with_mistake(name: str, mistake: str) -> SubmissionResult:
    part = sample.part("q4-saddle", Status.WRONG, 0, 5, f"{mistake} it is", mistake=mistake)
    problems = (ProblemResult("q4", "key", (part,)),)
    return replace(sample.worked(), submission=name, problems=problems)


def test_students_are_sorted_by_id(report: AssignmentReport) -> None:
    rows = overview(report).rows
    assert [row.submission.submission for row in rows] == sorted(
        submission.submission for submission in report.submissions
    )


def test_a_row_has_a_mark_for_each_part_of_the_assignment(report: AssignmentReport) -> None:
    for row in overview(report).rows:
        assert len(row.marks) == 10


def test_states_are_counted_and_those_that_need_a_person_come_first(
    report: AssignmentReport,
) -> None:
    assert overview(report).states == ((State.ATTENTION, 1), (State.REVIEW, 1), (State.GRADED, 1))


def test_the_spread_of_scores_is_exact(report: AssignmentReport) -> None:
    spread = overview(report).spread
    assert spread is not None
    assert spread.lowest == 0
    assert spread.median == Fraction(161, 18)
    assert spread.highest == Fraction(49999, 1000)
    assert spread.mean == (Fraction(161, 18) + Fraction(49999, 1000)) / 3
    assert sum(spread.bins) == 3


def test_full_marks_fall_into_the_last_bin() -> None:
    full = sample.part("q1-convexity", Status.CORRECT, 50, 50, "")
    problems = (ProblemResult("q1", "key", (full,)),)
    spread = overview(sample.report(replace(sample.worked(), problems=problems))).spread
    assert spread is not None
    assert spread.bins[-1] == 1


def test_an_assignment_without_submissions_has_no_spread(report: AssignmentReport) -> None:
    assert overview(replace(report, submissions=())).spread is None


def test_the_mean_of_a_part_leaves_out_what_is_not_graded_yet(report: AssignmentReport) -> None:
    means = {part.outline.id: part.mean for part in overview(report).parts}
    assert means["q1-convexity"] == 10
    assert means["q4-saddle"] == Fraction(15, 4)
    assert means["debrief"] is None


def test_mistakes_are_counted_the_most_frequent_first() -> None:
    report = sample.report(
        _with_mistake("a", "sign"), _with_mistake("b", "factor"), _with_mistake("c", "factor")
    )
    assert [(each.name, each.count, each.says) for each in overview(report).mistakes] == [
        ("factor", 2, "factor it is"),
        ("sign", 1, "sign it is"),
    ]


def test_faults_of_the_grader_are_listed_with_student_and_part(report: AssignmentReport) -> None:
    (fault,) = overview(report).faults
    assert (fault.row.submission, fault.part.id) == (sample.faulty(), "q4-saddle")
