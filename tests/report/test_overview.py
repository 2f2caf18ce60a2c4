from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from grader.records import AssignmentReport, ProblemResult, Status, SubmissionResult
from grader.report.overview import overview
from grader.report.words import SIGN_WORDS, SIGNS, State

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


def test_scores_above_the_maximum_fall_into_the_last_bin_and_keep_their_place() -> None:
    more = sample.part("q8-cost", Status.CORRECT, 60, 60, "")
    problems = (ProblemResult("q6", "key", (more,)),)
    spread = overview(sample.report(replace(sample.worked(), problems=problems))).spread
    assert spread is not None
    assert spread.bins[-1] == 1
    assert spread.highest == 60


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


def test_what_is_said_of_several_answers_is_a_mistake_without_a_name() -> None:
    part = sample.part("q4-saddle", Status.WRONG, 0, 5, "The result has shape (2,).")
    alone = sample.part("q8-cost", Status.WRONG, 0, 8, "Said once.")
    students = [
        replace(
            sample.worked(),
            submission=name,
            problems=(ProblemResult("q4", "key", (part,)), ProblemResult("q6", "key", parts)),
        )
        for name, parts in (("a", ()), ("b", (alone,)))
    ]
    (mistake,) = overview(sample.report(*students)).mistakes
    assert (mistake.name, mistake.count) == ("", 2)
    assert [row.submission.submission for row in mistake.rows] == ["a", "b"]


def test_who_made_which_mistake_is_known_by_its_place_in_the_list() -> None:
    view = overview(
        sample.report(
            _with_mistake("a", "sign"), _with_mistake("b", "factor"), _with_mistake("c", "factor")
        )
    )
    assert view.made() == {"a.html": "1", "b.html": "0", "c.html": "0"}


def test_signs_of_one_colour_stand_in_one_element(report: AssignmentReport) -> None:
    rows = {row.submission.submission: row.signs for row in overview(report).rows}
    assert rows["worked-solution"] == (
        ("", "??+"),
        ("b", "!"),
        ("", "\N{EN DASH}"),
        ("i", "±±"),
        ("b", "\N{MULTIPLICATION SIGN}!"),
        ("", "+"),
    )


def test_every_status_has_a_sign_and_every_sign_its_words() -> None:
    assert set(SIGNS) == set(Status)
    assert set(SIGNS.values()) == set(SIGN_WORDS)


def test_what_waits_is_listed_by_part_with_its_open_points(report: AssignmentReport) -> None:
    found = [
        (each.part.id, [row.submission.submission for row in each.rows], each.points)
        for each in overview(report).waiting
    ]
    students = [sample.faulty().submission, "worked-solution"]
    assert found == [
        ("q1-convexity", students, Fraction(20)),
        ("q2-jensen", students, Fraction(20)),
    ]
