from __future__ import annotations

from fractions import Fraction

from grader.gradebook.attempts import by_student, of_students
from grader.records import (
    Arrival,
    Attempt,
    Change,
    Lateness,
    PartResult,
    ProblemResult,
    Status,
    SubmissionResult,
)

DAY_LATE = Lateness("", days=1, percent_per_day=Fraction(50))


def _attempt(
    number: int,
    points: int,
    lateness: Lateness | None = None,
    status: Status = Status.PARTIAL,
) -> SubmissionResult:
    part = PartResult("p-a", status, Fraction(points), Fraction(10), f"attempt {number}")
    return SubmissionResult(
        "hw1",
        f"ada/attempt-{number}",
        (ProblemResult("p", "key", (part,)),),
        arrival=Arrival(lateness, "ada", number, 3),
    )


def _counts(*attempts: SubmissionResult) -> tuple[str, int]:
    (found,) = by_student(attempts)
    return found.submission, found.arrival.attempt


def test_the_best_attempt_stands_for_its_student() -> None:
    assert _counts(_attempt(1, 5), _attempt(2, 8), _attempt(3, 7)) == ("ada", 2)


def test_of_equal_attempts_the_last_counts() -> None:
    assert _counts(_attempt(10, 8), _attempt(2, 8), _attempt(1, 3)) == ("ada", 10)


def test_each_attempt_is_measured_after_its_own_lateness() -> None:
    assert _counts(_attempt(1, 5), _attempt(2, 9, DAY_LATE)) == ("ada", 1)


def test_all_attempts_are_told_in_their_order() -> None:
    fault = _attempt(2, 0, status=Status.GRADER_FAULT)
    waits = _attempt(3, 2, DAY_LATE, Status.PENDING)
    (found,) = by_student([_attempt(10, 4), waits, fault])
    assert found.attempts == (
        Attempt(2, Fraction(0), fault=True),
        Attempt(3, Fraction(2), Fraction(8), DAY_LATE),
        Attempt(10, Fraction(4)),
    )


def test_students_without_attempts_stay_as_they_are() -> None:
    zoe, ben = SubmissionResult("hw1", "zoe", ()), SubmissionResult("hw1", "ben", ())
    assert [each.submission for each in by_student([zoe, _attempt(1, 1), ben])] == [
        "ada",
        "ben",
        "zoe",
    ]
    assert by_student([zoe]) == (zoe,)


def test_changes_bear_the_name_of_the_student_and_the_number_of_the_attempt() -> None:
    def change(submission: str) -> Change:
        return Change(submission, "p", "p-a", "", "", None, None, files_changed=False)

    ben = SubmissionResult("hw1", "ben", (), arrival=Arrival(None, "", 3, 3))
    changes = [change("ada/attempt-2"), change("ben"), change("gone")]
    found = of_students(changes, [_attempt(1, 1), _attempt(2, 1), ben])
    assert [(each.submission, each.attempt) for each in found] == [("ada", 2), ("ben", 0)]
