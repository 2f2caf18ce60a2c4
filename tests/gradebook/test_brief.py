"""What is read of a class, beside everything that is stored of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from grader.gradebook.brief import Brief
from grader.gradebook.store import Gradebook
from grader.records import (
    Arrival,
    CaseReport,
    Lateness,
    PartResult,
    ProblemResult,
    Status,
    SubmissionResult,
)

from .test_store import OUTLINE, problem, submission

CASE = CaseReport(1, right=False, call="f(1)", observed="2", expected="3")
LATE = Lateness("2026-10-01T12:00+02:00", days=1, percent_per_day=Fraction(10))


@pytest.fixture
def gradebook() -> Iterator[Gradebook]:
    with Gradebook(None) as opened:
        opened.open_assignment(OUTLINE, ["ada", "ben"], ["a stray file"], unconfined=True)
        yield opened


def brief(gradebook: Gradebook) -> Brief:
    found = gradebook.brief("hw1")
    assert found is not None
    return found


def with_everything() -> SubmissionResult:
    """Return a submission whose part has all that a page shows."""
    part = PartResult(
        "p-a",
        Status.WRONG,
        Fraction(0),
        Fraction(2),
        "Not so.",
        "sign",
        "A hint.",
        5,
        2,
        (CASE,),
        answers={"answer": "x"},
        wall_s=0.5,
    )
    given = submission("ada", ProblemResult("p", "key", (part,)), problem("q"))
    return replace(given, arrival=Arrival(LATE))


def test_a_brief_submission_has_its_verdicts_and_nothing_of_its_pages(gradebook: Gradebook) -> None:
    gradebook.commit(with_everything())
    (found,) = brief(gradebook).report.submissions
    part, _ = found.parts
    assert (part.status, part.summary, part.mistake) == (Status.WRONG, "Not so.", "sign")
    assert (part.cases_total, part.cases_right, part.wall_s) == (5, 2, 0.5)
    assert part.answers == {"answer": "x"}
    assert (part.visible, part.hint, dict(found.sources)) == ((), "", {})


def test_the_scores_of_a_brief_report_are_those_of_the_whole(gradebook: Gradebook) -> None:
    gradebook.commit(with_everything())
    whole = gradebook.report("hw1")
    assert whole is not None
    short = brief(gradebook).report
    assert [each.score for each in short.submissions] == [each.score for each in whole.submissions]
    assert short.submissions[0].lateness == LATE
    assert (short.outline, short.notes, short.unconfined) == (OUTLINE, ("a stray file",), True)


def test_what_was_never_graded_is_skipped_in_a_brief_report(gradebook: Gradebook) -> None:
    gradebook.commit(submission("ada", problem("p")))
    (found,) = brief(gradebook).report.submissions
    assert [part.status for part in found.parts] == [Status.PARTIAL, Status.SKIPPED]


def test_an_assignment_that_was_never_graded_has_no_brief_report(gradebook: Gradebook) -> None:
    assert gradebook.brief("hw2") is None


@pytest.mark.parametrize(
    "other",
    [
        submission("ada", problem("p", Fraction(1, 2))),
        replace(submission("ada", problem("p")), sources={"solution.py": "y"}),
        replace(submission("ada", problem("p")), notes=()),
        replace(submission("ada", problem("p")), arrival=Arrival(LATE)),
    ],
)
def test_whatever_is_stored_of_a_student_changes_the_state(
    gradebook: Gradebook, other: SubmissionResult
) -> None:
    gradebook.commit(submission("ada", problem("p")))
    gradebook.commit(submission("ben", problem("p")))
    before = brief(gradebook)
    gradebook.commit(other)
    after = brief(gradebook)
    assert before.states["ada"] != after.states["ada"]
    assert before.states["ben"] == after.states["ben"]
    assert before.state != after.state


def test_what_is_said_of_the_assignment_changes_its_state(gradebook: Gradebook) -> None:
    gradebook.commit(submission("ada", problem("p")))
    before = brief(gradebook)
    gradebook.open_assignment(OUTLINE, ["ada"], ["another note"], unconfined=True)
    after = brief(gradebook)
    assert before.states == after.states
    assert before.state != after.state


def test_a_state_is_the_same_asked_for_alone(gradebook: Gradebook) -> None:
    gradebook.commit(with_everything())
    assert gradebook.state("hw1", "ada") == brief(gradebook).states["ada"]


def test_one_student_is_read_whole(gradebook: Gradebook) -> None:
    gradebook.commit(with_everything())
    gradebook.commit(submission("ben", problem("p")))
    report = gradebook.report("hw1")
    assert report is not None
    assert gradebook.whole("hw1", "ada") == report.submissions[0]


def test_of_several_attempts_the_one_that_counts_is_read_whole(gradebook: Gradebook) -> None:
    names = ["ada/attempt-1", "ada/attempt-2", "ada-b"]
    gradebook.open_assignment(OUTLINE, names, [], unconfined=False)
    for number, points in ((1, 2), (2, 1)):
        given = submission(f"ada/attempt-{number}", problem("p", Fraction(points)))
        gradebook.commit(replace(given, arrival=Arrival(None, "ada", number, 2)))
    gradebook.commit(submission("ada-b", problem("p")))
    report = gradebook.report("hw1")
    assert report is not None
    first, second = report.submissions
    assert gradebook.whole("hw1", "ada") == first
    assert gradebook.whole("hw1", "ada-b") == second
    assert list(brief(gradebook).states) == ["ada-b", "ada"]


def test_nothing_is_read_of_a_student_who_is_not_there(gradebook: Gradebook) -> None:
    assert gradebook.whole("hw1", "carl") is None


def test_a_result_is_read_alone(gradebook: Gradebook) -> None:
    gradebook.commit(submission("ada", problem("p"), problem("q")))
    assert gradebook.result("hw1", "ada", "q") == problem("q")
    assert gradebook.result("hw1", "ada", "r") is None


def test_keys_are_read_without_results(gradebook: Gradebook) -> None:
    gradebook.commit(submission("ada", problem("p"), problem("q", key="")))
    assert gradebook.keys("hw1") == {("ada", "p"): "key", ("ada", "q"): ""}
