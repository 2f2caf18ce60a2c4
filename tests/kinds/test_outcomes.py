"""How a call that gave no value is told."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from grader.kinds.outcomes import (
    Tally,
    changed_inputs,
    failed_call,
    from_checks,
    sentence,
    status,
    without_message,
)
from grader.records import CaseReport, Check, Failure, Frame, Observation, Outcome, Status

from .student import part

PART = part("value", function="f", hint="Think.")
FRAME = Frame("helpers.py", 12, "inner", "return 1 / 0")


@pytest.mark.parametrize(
    ("outcome", "failure", "found", "says"),
    [
        (
            Outcome.RAISED,
            Failure("ZeroDivisionError", "division by zero", (FRAME,)),
            Status.CRASHED,
            "f stopped with ZeroDivisionError in line 12 of helpers.py: division by zero.",
        ),
        (Outcome.RAISED, Failure("KeyError", ""), Status.CRASHED, "f stopped with KeyError."),
        (Outcome.RAISED, None, Status.CRASHED, "f stopped with ."),
        (
            Outcome.RAISED,
            Failure("NotImplementedError", "later"),
            Status.MISSING,
            "Not there yet: f still raises NotImplementedError.",
        ),
        (
            Outcome.NOT_IMPORTED,
            Failure("SyntaxError", "invalid syntax", (FRAME,)),
            Status.CRASHED,
            (
                "solution.py cannot be imported; it stops with SyntaxError in line 12 of "
                "helpers.py: invalid syntax."
            ),
        ),
        (
            Outcome.NOT_DATA,
            Failure("NotDataError", "a value of type set is not data"),
            Status.WRONG,
            (
                "f returned something that is not data: a value of type set is not data. "
                "Numbers, text, lists, tuples, NumPy arrays and torch tensors are."
            ),
        ),
        (
            Outcome.NOT_DATA,
            None,
            Status.WRONG,
            "f returned something that is not data: what it returned cannot be compared.",
        ),
        (
            Outcome.MISSING,
            Failure("", "solution.py has no f; it has g, is that meant?"),
            Status.MISSING,
            "solution.py has no f; it has g, is that meant?",
        ),
        (Outcome.MISSING, None, Status.MISSING, "solution.py has no f."),
        (
            Outcome.TIMED_OUT,
            Failure("", "It had 10 s."),
            Status.TIMED_OUT,
            "f did not finish in time. It had 10 s.",
        ),
        (Outcome.TIMED_OUT, None, Status.TIMED_OUT, "f did not finish in time."),
        (
            Outcome.OUT_OF_MEMORY,
            None,
            Status.OUT_OF_MEMORY,
            "f used more memory than it may.",
        ),
        (
            Outcome.DIED,
            Failure("", "Its exit code was 3."),
            Status.CRASHED,
            "f ended the process in which it ran. Its exit code was 3.",
        ),
        (
            Outcome.NOT_RUN,
            None,
            Status.SKIPPED,
            "Not run: an earlier case of this part used up its limits.",
        ),
    ],
)
def test_each_end_of_a_call_has_a_status_and_a_sentence(
    outcome: Outcome, failure: Failure | None, found: Status, says: str
) -> None:
    observation = Observation(outcome, failure=failure)
    assert status(observation, right=False) is found
    assert sentence(observation, "f", "solution.py") == says


def test_every_outcome_without_a_value_has_a_status() -> None:
    for outcome in set(Outcome) - {Outcome.RETURNED}:
        assert status(Observation(outcome), right=True) is not Status.CORRECT


def test_a_value_is_right_or_wrong() -> None:
    assert status(Observation(Outcome.RETURNED), right=True) is Status.CORRECT
    assert status(Observation(Outcome.RETURNED), right=False) is Status.WRONG


@pytest.mark.parametrize(
    "outcome", sorted({*Outcome} - {Outcome.RETURNED, Outcome.TIMED_OUT, Outcome.NOT_RUN})
)
def test_what_student_code_can_word_is_cut_from_a_hidden_case(outcome: Outcome) -> None:
    told = without_message(Observation(outcome, failure=Failure("E", "0.123", (FRAME,))))
    assert told.failure == Failure("an exception", "", (replace(FRAME, function=""),))


@pytest.mark.parametrize("outcome", [Outcome.TIMED_OUT, Outcome.NOT_RUN])
def test_what_the_clock_says_is_told_of_a_hidden_case(outcome: Outcome) -> None:
    seen = Observation(outcome, failure=Failure("TimeoutError", "still running after 2 s"))
    assert without_message(seen) == seen


def test_the_way_through_a_traceback_is_not_told_of_a_hidden_case() -> None:
    through = Frame("solution.py", 3, "made_up", "g(x)")
    failure = Failure("ValueError", "", (through, through, FRAME))
    told = without_message(Observation(Outcome.RAISED, failure=failure))
    assert told.failure == Failure("ValueError", "", (replace(FRAME, function=""),))


@pytest.mark.parametrize("name", ["E[0.25, 1.5]", "E0p25", "x" * 100, "MinusOneThird", "print"])
def test_a_made_up_exception_is_not_named_in_a_hidden_case(name: str) -> None:
    told = without_message(Observation(Outcome.RAISED, failure=Failure(name, "")))
    assert sentence(told, "f", "solution.py") == "f stopped with an exception."


@pytest.mark.parametrize("name", ["ValueError", "KeyError", "RecursionError", "SystemExit"])
def test_an_exception_of_python_is_named_in_a_hidden_case(name: str) -> None:
    told = without_message(Observation(Outcome.RAISED, failure=Failure(name, "0.123")))
    assert sentence(told, "f", "solution.py") == f"f stopped with {name}."


def test_a_line_that_is_in_no_file_is_not_told_of_a_hidden_case() -> None:
    beyond = Frame("solution.py", 12_345, "made_up", "")
    failure = Failure("ValueError", "", (FRAME, beyond))
    told = without_message(Observation(Outcome.RAISED, failure=failure))
    assert told.failure == Failure("ValueError", "", (replace(FRAME, function=""),))


def test_changed_inputs_are_named_once_and_in_order() -> None:
    seen = [
        Observation(Outcome.RETURNED, changed_inputs=("y",)),
        Observation(Outcome.RETURNED, changed_inputs=("x", "y")),
    ]
    assert changed_inputs(seen) == "Note: the call changes its input x and y in place."
    assert changed_inputs([Observation(Outcome.RETURNED)]) == ""


def test_a_single_call_that_failed_is_told_in_full() -> None:
    failure = Failure("ValueError", "no", (FRAME,))
    result: Any = failed_call(
        PART, Observation(Outcome.RAISED, failure=failure), "f", "solution.py"
    )
    assert (result.status, result.points, result.max_points) == (Status.CRASHED, 0, 2)
    assert (result.failure, result.hint) == (failure, "Think.")


def test_a_part_without_cases_is_not_right() -> None:
    assert not Tally.of(PART, [], 0).all_right


def test_the_first_case_that_failed_gives_the_status() -> None:
    seen = [
        Observation(Outcome.RETURNED),
        Observation(Outcome.TIMED_OUT),
        Observation(Outcome.NOT_RUN),
    ]
    tally = Tally.of(PART, [Status.CORRECT, Status.TIMED_OUT, Status.SKIPPED], 1)
    result: Any = tally.failed(seen, (CaseReport(1, True, "f()", "1", "1"),))
    assert (result.status, result.points, result.cases_right) == (Status.TIMED_OUT, 0, 1)


def check(name: str, found: Status, points: int) -> Check:
    return Check(name, found, Fraction(points), Fraction(1), f"{name} is off.")


def test_checks_add_up_and_the_first_that_failed_speaks() -> None:
    checks = [
        check("a", Status.CORRECT, 1),
        check("b", Status.CRASHED, 0),
        check("c", Status.WRONG, 0),
    ]
    reports = [CaseReport(7, False, "b()", "", ""), CaseReport(7, False, "c()", "", "")]
    result: Any = from_checks(PART, checks, reports, None, right_says="Right.")
    assert (result.status, result.points, result.hint) == (Status.PARTIAL, 1, "Think.")
    assert result.summary == "b: b is off. Not right either: c."
    assert [report.number for report in result.visible] == [1, 2]


def test_without_a_right_check_the_first_gives_the_status() -> None:
    result = from_checks(PART, [check("b", Status.MISSING, 0)], [], None, right_says="Right.")
    assert (result.status, result.summary) == (Status.MISSING, "b: b is off.")


def test_right_checks_have_a_summary_of_their_own() -> None:
    result = from_checks(PART, [check("a", Status.CORRECT, 1)], [], None, right_says="Right.")
    assert (result.status, result.summary, result.hint) == (Status.CORRECT, "Right.", "")
