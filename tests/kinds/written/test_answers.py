"""`number` and `choice`, and how answers are found."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.kinds.base import Planning
from grader.kinds.registry import kinds
from grader.kinds.written.written_numbers import read_number, read_numbers
from grader.records import Status
from tests.kinds.student import Result, judge, part, plan, reference

COURSE = reference()


def answered(asked: Any, answer: Any, **judging: Any) -> Result:
    return judge(asked, COURSE, plan(asked, COURSE), [], answers={asked.id: answer}, **judging)


# ---- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (6, 6),
        (6.5, Fraction(13, 2)),
        (-2, -2),
        ("6", 6),
        ("6.", 6),
        ("6.0", 6),
        (" +6 ", 6),
        ("-6", -6),
        ("\u22126", -6),
        (".5", Fraction(1, 2)),
        ("0,5", Fraction(1, 2)),
        ("0,125", Fraction(1, 8)),
        ("1/4", Fraction(1, 4)),
        ("-1 / 4", Fraction(-1, 4)),
        ("2e-3", Fraction(1, 500)),
        ("1E3", 1000),
        ("25%", Fraction(1, 4)),
        ("25 \\%", Fraction(1, 4)),
        ("$6$", 6),
    ],
)
def test_a_number_is_read_exactly(written: Any, value: Fraction) -> None:
    read = read_number(written)
    assert read is not None
    assert read.value == value


@pytest.mark.parametrize(
    "written",
    [
        "",
        "six",
        "6 apples",
        "1,000",
        "1.2.3",
        "1/0",
        "1e999",
        "nan",
        "inf",
        True,
        None,
        ".",
        "-",
        [],
        "0x10",
        "२",
    ],
)
def test_anything_else_is_no_number(written: Any) -> None:
    assert read_number(written) is None


@pytest.mark.parametrize(
    "written",
    [
        [6, 12, 18],
        ["6", "12", 18.0],
        [[6], [12], [18]],
        "(6, 12, 18)",
        "[6,12,18]",
        "[6 12 18]",
        "6 12 18",
        "6; 12; 18",
        "6,0; 12,0; 18",
        "{6, 12, 18}",
        "[[6], [12], [18]]",
        "(6, 12, 18)^T",
        "(6, 12, 18)\u1d40",
        "$(6, 12, 18)$",
    ],
)
def test_a_list_of_numbers_is_read_in_any_form(written: Any) -> None:
    read = read_numbers(written)
    assert read is not None
    assert [number.value for number in read] == [6, 12, 18]


@pytest.mark.parametrize("written", ["", "()", "6, x", [], [None], "6,,12", [6, "six"], 2000 * [1]])
def test_anything_else_is_no_list(written: Any) -> None:
    assert read_numbers(written) is None


COUNT = part(
    "number",
    answer=6,
    alternatives=[{"answer": 7, "note": "Counting the output.", "credit": 0.5}],
    mistakes=[{"name": "doubled", "answer": 12, "says": "Each was counted twice."}],
)


@pytest.mark.parametrize("written", [6, 6.0, "6", "6.00", "12/2", [6], "(6)", 6.0000000001])
def test_the_right_number_passes_in_any_form(written: Any) -> None:
    assert answered(COUNT, written).status is Status.CORRECT


@pytest.mark.parametrize(
    ("written", "status", "points", "mistake", "summary"),
    [
        (7, Status.PARTIAL, 1, None, "Counting the output."),
        (12, Status.WRONG, 0, "doubled", "Each was counted twice."),
        (5, Status.WRONG, 0, None, "Read as 5; expected 6."),
        (6.001, Status.WRONG, 0, None, "Read as 6.001; expected 6."),
        (
            "six",
            Status.REFUSED,
            0,
            None,
            "p1 cannot be read: found 'six'; expected a number, such as 42 or 0.25.",
        ),
        (
            "6 %",
            Status.REFUSED,
            0,
            None,
            "p1 cannot be read: found '6 %'; expected a number, such as 42 or 0.25.",
        ),
        (
            [6, 6],
            Status.REFUSED,
            0,
            None,
            "p1 cannot be read: found '[6, 6]'; expected a number, such as 42 or 0.25.",
        ),
    ],
)
def test_another_number_has_its_verdict(
    written: Any, status: Status, points: int, mistake: str | None, summary: str
) -> None:
    result = answered(COUNT, written)
    assert (result.status, result.points, result.mistake, result.summary) == (
        status,
        points,
        mistake,
        summary,
    )


VECTOR = part(
    "number",
    answers=[6, 12, 18],
    mistakes=[{"name": "half", "answer": [3, 6, 9], "says": "A factor of two is missing."}],
)


@pytest.mark.parametrize("written", [[6, 12, 18], "(6, 12, 18)", "6 12 18", [[6], [12], [18]]])
def test_the_right_vector_passes_in_any_form(written: Any) -> None:
    result = answered(VECTOR, written)
    assert (result.status, result.summary) == (Status.CORRECT, "Right: (6, 12, 18).")


@pytest.mark.parametrize(
    ("written", "status", "summary"),
    [
        ("(3, 6, 9)", Status.WRONG, "A factor of two is missing."),
        (
            [6, 12, 19],
            Status.WRONG,
            "1 of 3 numbers differ. Read as (6, 12, 19); expected (6, 12, 18).",
        ),
        (
            [18, 12, 6],
            Status.WRONG,
            "2 of 3 numbers differ. Read as (18, 12, 6); expected (6, 12, 18).",
        ),
        (
            [6, 12],
            Status.REFUSED,
            "p1 cannot be read: found '[6, 12]'; expected 3 numbers, such as (1, 2, 3).",
        ),
        (
            6,
            Status.REFUSED,
            "p1 cannot be read: found '6'; expected 3 numbers, such as (1, 2, 3).",
        ),
    ],
)
def test_another_vector_has_its_verdict(written: Any, status: Status, summary: str) -> None:
    result = answered(VECTOR, written)
    assert (result.status, result.summary) == (status, summary)


@pytest.mark.parametrize("asked", [COUNT, VECTOR])
def test_the_examples_for_an_audit_are_recognised(asked: Any) -> None:
    (example,) = kinds()["number"].mistaken(asked, plan(asked, COURSE), Planning(COURSE, 0))
    result = judge(asked, COURSE, plan(asked, COURSE), [], answers=example.answers)
    assert result.mistake == example.mistake


SHARE = part("number", answer=0.99, percent=True, tolerance={"atol": 0.02, "rtol": 0})


@pytest.mark.parametrize(
    ("written", "status", "summary"),
    [
        (0.99, Status.CORRECT, "Right: 99 %."),
        ("99 %", Status.CORRECT, "Right: 99 %."),
        ("99,5%", Status.CORRECT, "Right: 99.5 %."),
        (0.975, Status.CORRECT, "Right: 97.5 %."),
        (1, Status.CORRECT, "Right: 100 %."),
        (99, Status.CORRECT, "Right: 99 %. A number above 1 was read as a percentage."),
        (0.96, Status.WRONG, "Read as 96 %; expected 99 %."),
        ("0.99 %", Status.WRONG, "Read as 0.99 %; expected 99 %."),
        (
            "most",
            Status.REFUSED,
            "p1 cannot be read: found 'most'; expected a share, such as 0.25 or 25 %.",
        ),
    ],
)
def test_a_share_may_be_a_percentage(written: Any, status: Status, summary: str) -> None:
    result = answered(SHARE, written)
    assert (result.status, result.summary) == (status, summary)


@pytest.mark.parametrize(
    ("tolerance", "written", "right"),
    [
        ({"decimals": 2}, 2.92, True),
        ({"decimals": 2}, 2.926, True),
        ({"decimals": 2}, 2.93, False),
        ({"rtol": 0.1, "atol": 0}, 3.2, True),
        ({"rtol": 0.1, "atol": 0}, 3.3, False),
        ({}, 2.9228, True),
        ({}, 2.9229, False),
    ],
)
def test_the_tolerance_is_that_of_the_spec(
    tolerance: dict[str, Any], written: float, right: bool
) -> None:
    result = answered(part("number", answer=2.9228, tolerance=tolerance), written)
    assert (result.status is Status.CORRECT) == right


@given(st.text(max_size=40) | st.floats() | st.integers() | st.lists(st.text(max_size=5)))
def test_whatever_is_written_for_a_number_there_is_a_verdict(written: Any) -> None:
    for asked in (COUNT, VECTOR, SHARE, TRUTH):
        assert answered(asked, written).summary


@pytest.mark.parametrize("asked", [COUNT, VECTOR, SHARE])
def test_a_self_check_does_not_judge_a_number(asked: Any) -> None:
    for written in ([6, 12, 18], 6, 7, 0.99):
        result = answered(asked, written, self_check=True)
        assert result.status in {Status.SKIPPED, Status.REFUSED}
        assert "expected (6" not in result.summary
        assert result.points == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "expected exactly one of answer, answers, of"),
        ({"answer": 1, "answers": [1, 2]}, "expected exactly one of answer, answers, of"),
        ({"answer": "six"}, "expected a number such as 6, 0.25 or 1/4"),
        ({"answer": True}, "expected a number such as 6, 0.25 or 1/4"),
        (
            {
                "answers": [1, 2],
                "mistakes": [{"name": "a", "answer": 1, "says": "Only one given."}],
            },
            "expected 2 numbers, as in the answer; found 1",
        ),
        (
            {"answer": 1, "mistakes": [{"name": "a", "answer": "1.0", "says": "This is right."}]},
            "expected another answer than the right one",
        ),
    ],
)
def test_a_fault_of_a_number_is_told(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        part("number", **fields)


# ---- choices -------------------------------------------------------------------------------------

TRUTH = part(
    "choice",
    choices=["true", "false"],
    answer="false",
    mistakes=[{"name": "worked-solution", "answer": "true", "says": "The likelihood falls."}],
)


@pytest.mark.parametrize(
    "written",
    [
        False,
        "false",
        "False",
        "FALSE",
        "F",
        "f",
        "no",
        "No",
        "N",
        "false.",
        " false ",
        "No, it falls.",
    ],
)
def test_a_truth_is_read_in_any_form(written: Any) -> None:
    result = answered(TRUTH, written)
    assert (result.status, result.answers) == (Status.CORRECT, {"answer": "false"})


@pytest.mark.parametrize("written", [True, "true", "T", "yes", "Yes", "true - as λ grows"])
def test_the_known_wrong_choice_is_named(written: Any) -> None:
    result = answered(TRUTH, written)
    assert (result.status, result.mistake, result.summary) == (
        Status.WRONG,
        "worked-solution",
        "The likelihood falls.",
    )


@pytest.mark.parametrize(
    "written", ["maybe", "true/false", "sometimes true", 1, 0, ["true"], "not true"]
)
def test_anything_else_is_refused(written: Any) -> None:
    result = answered(TRUTH, written)
    assert result.status is Status.REFUSED
    assert result.summary.startswith("p1 cannot be read: found ")
    assert result.summary.endswith("expected one of true, false.")


def test_what_stands_behind_the_choice_is_not_judged() -> None:
    assert answered(TRUTH, "False, since it falls.").summary == (
        "Right: false. Only the first word was judged."
    )


@pytest.mark.parametrize("yes", [True, "yes"])
def test_yes_and_no_are_the_choices_by_default(yes: Any) -> None:
    asked = part("choice", answer=yes)
    assert answered(asked, True).summary == "Right: yes."
    assert answered(asked, "no").summary == "Read as no; expected yes."


def test_yaml_may_take_choices_for_truth_values() -> None:
    asked = part("choice", choices=[True, False], answer=False)
    assert answered(asked, "no").status is Status.CORRECT


MODE = part("choice", choices=["forward mode", "reverse mode", "neither"], answer="reverse mode")


@pytest.mark.parametrize(
    "written", ["reverse mode", "Reverse-Mode", "REVERSE  mode.", "'reverse mode'"]
)
def test_a_named_choice_is_read_kindly(written: str) -> None:
    assert answered(MODE, written).status is Status.CORRECT


@pytest.mark.parametrize(
    ("written", "status"), [("neither", Status.WRONG), ("reverse", Status.REFUSED)]
)
def test_a_named_choice_is_one_of_those(written: str, status: Status) -> None:
    assert answered(MODE, written).status is status


def test_a_number_may_be_a_choice() -> None:
    asked = part("choice", choices=[1, 2, 3], answer=2)
    assert answered(asked, 2).status is Status.CORRECT
    assert answered(asked, "2").status is Status.CORRECT


@pytest.mark.parametrize("written", ["true", "false"])
def test_a_self_check_does_not_judge_a_choice(written: str) -> None:
    result = answered(TRUTH, written, self_check=True)
    assert (result.status, result.mistake, result.points) == (Status.SKIPPED, None, 0)
    assert result.summary == (
        f"Read as {written}. Whether it is right is judged after you have handed in."
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"answer": "maybe"}, "found 'maybe'; expected one of yes, no"),
        ({"choices": ["a", "A"], "answer": "a"}, "expected choices that differ"),
        ({"choices": ["yes", "true"], "answer": "yes"}, "expected choices that differ"),
        ({"choices": ["a"], "answer": "a"}, "at least 2 items"),
        (
            {"answer": "no", "mistakes": [{"name": "a", "answer": "no", "says": "This is right."}]},
            "expected mistakes that differ from the answer and from each other",
        ),
    ],
)
def test_a_fault_of_a_choice_is_told(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        part("choice", **fields)


# ---- keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["p3-memory-less-than-t", "p3-memory-less-than-T", "P3-Memory-less-than-T"]
)
def test_a_key_may_be_written_in_capitals(key: str) -> None:
    asked = part("choice", id="p3-memory-less-than-t", answer="yes")
    result = judge(asked, COURSE, plan(asked, COURSE), [], answers={key: True})
    assert result.status is Status.CORRECT


def test_the_key_itself_comes_before_one_in_capitals() -> None:
    asked = part("choice", id="a-t", answer="yes")
    answers = {"a-T": "no", "a-t": "yes"}
    assert judge(asked, COURSE, plan(asked, COURSE), [], answers=answers).status is Status.CORRECT


def test_two_keys_in_capitals_are_none() -> None:
    asked = part("choice", id="a-t", answer="yes")
    answers = {"a-T": "no", "A-t": "yes"}
    assert judge(asked, COURSE, plan(asked, COURSE), [], answers=answers).status is Status.MISSING


def test_a_long_answer_is_cut_where_it_is_shown() -> None:
    result = answered(COUNT, 500 * "x")
    assert len(result.answers["answer"]) == 200
