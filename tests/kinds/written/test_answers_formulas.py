"""`expression`, `order`, `condition`: written maths."""

# ruff: noqa: RUF001  (a minus sign is no hyphen, and both are written)

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.kinds.written import formulas
from grader.kinds.written.formulas import ConditionAnswer, ExpressionAnswer
from grader.records import Status
from tests.kinds.student import Result, judge, part, plan, reference, texts

COURSE = reference()


def answered(asked: Any, answer: Any, **judging: Any) -> Result:
    given_answers = {} if answer is None else {asked.id: answer}
    return judge(asked, COURSE, plan(asked, COURSE), [], answers=given_answers, **judging)


PARAMETERS = part(
    "expression",
    id="p5-parameters",
    hint="Count the weight vectors.",
    names=["R", "D"],
    answer="(R-1)*D",
    alternatives=[{"answer": "R*D - R", "note": "With one bias less.", "credit": "1/2"}],
    mistakes=[
        {"name": "all-classes", "answer": "R*D", "says": "The last class\n  has no weights."},
        {"name": "one", "answer": "D", "says": "That is one vector.", "credit": "1/4"},
    ],
)


@pytest.mark.parametrize(
    "written",
    [
        "(R-1)*D",
        "(R-1)D",
        "(R − 1)·D",
        "D(R-1)",
        "R*D - D",
        "RD-D",
        "DR − D",
        "-D + R D",
        "$(R-1)D$",
        "(R-1) \\cdot D",
        "(R-1) \\times D.",
        "(r-1)d",
        "2(R-1)D/2",
        "D R (1 - 1/R)",
    ],
)
def test_every_form_of_the_right_expression_passes(written: str) -> None:
    result = answered(PARAMETERS, written)
    assert (result.status, result.points, result.mistake, result.hint) == (
        Status.CORRECT,
        2,
        None,
        "",
    )


def test_a_right_answer_is_shown_as_it_was_read() -> None:
    result = answered(PARAMETERS, "(R-1)*D")
    assert result.summary == "Right: (R − 1)D."
    assert result.answers == {"answer": "(R − 1)D"}


@pytest.mark.parametrize(
    "written", ["(R-1)(D+1)", "R+D", "R-D", "R^D", "2(R-1)D", 6, "D(R-1)^2", "log R"]
)
def test_any_other_expression_is_wrong(written: Any) -> None:
    result = answered(PARAMETERS, written)
    assert (result.status, result.points, result.mistake) == (Status.WRONG, 0, None)
    assert result.hint == "Count the weight vectors."


def test_a_wrong_answer_shows_how_it_was_read_and_what_is_right() -> None:
    assert answered(PARAMETERS, "R+D").summary == "Read as R + D; expected (R − 1)D."


@pytest.mark.parametrize("written", ["R*D", "DR", "d*r", "R D + 0"])
def test_a_known_mistake_is_named_in_every_form(written: str) -> None:
    result = answered(PARAMETERS, written)
    assert (result.status, result.points, result.mistake) == (Status.WRONG, 0, "all-classes")
    assert result.summary == "The last class has no weights."


def test_a_known_mistake_may_earn_a_share() -> None:
    result = answered(PARAMETERS, "D")
    assert (result.status, result.points, result.mistake) == (Status.PARTIAL, Fraction(1, 2), "one")


def test_an_alternative_may_earn_a_share_and_has_its_note() -> None:
    result = answered(PARAMETERS, "R(D-1)")
    assert (result.status, result.points) == (Status.PARTIAL, 1)
    assert result.summary == "With one bias less."


NO_FORM = """found "['R', 'D']"; expected an expression, such as 17R^2 + 23D."""


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("(R-1)*k", "column 7: found 'k'; expected one of the names R, D. A form {form}"),
        ("(R-1", "column 1: the bracket '(' is not closed. A form {form}"),
        ("O(RD)", "found an order O(…); expected the exact expression. A form {form}"),
        ("R > D", "found a comparison; expected an expression without <, > or =. A form {form}"),
        ("R^999999999", "the expression is too large to be compared. A form {form}"),
        (True, "found 'yes'; expected an expression, such as 17R^2 + 23D."),
        (["R", "D"], NO_FORM),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_wrong(written: Any, says: str) -> None:
    result = answered(PARAMETERS, written)
    told = says.replace("{form}", "that can be read: 17R^2 + 23D")
    assert (result.status, result.points) == (Status.REFUSED, 0)
    assert result.summary == f"p5-parameters cannot be read: {told}"


@given(st.text(max_size=80) | st.integers() | st.floats() | st.lists(st.integers(), max_size=3))
def test_whatever_is_written_there_is_a_verdict(written: Any) -> None:
    result = answered(PARAMETERS, written)
    assert result.status in {
        Status.CORRECT,
        Status.WRONG,
        Status.REFUSED,
        Status.MISSING,
        Status.PARTIAL,
    }
    assert result.summary


@pytest.mark.parametrize("blank", [None, "", "  ", []])
def test_no_answer_is_missing(blank: Any) -> None:
    result = answered(PARAMETERS, blank)
    assert (result.status, result.points) == (Status.MISSING, 0)
    assert result.summary == "answers.yaml has no answer for p5-parameters."


def test_answers_that_cannot_be_read_are_told() -> None:
    result = answered(PARAMETERS, None, answers_problem="answers.yaml: line 3.")
    assert (result.status, result.summary) == (Status.REFUSED, "answers.yaml: line 3.")


@pytest.mark.parametrize("written", ["(R-1)D", "R*D", "D", "R(D-1)", "R + D", "17"])
def test_a_self_check_says_only_how_the_answer_was_read(written: str) -> None:
    result = answered(PARAMETERS, written, self_check=True)
    assert (result.status, result.points, result.mistake, result.hint) == (
        Status.SKIPPED,
        0,
        None,
        "",
    )
    read_as = result.answers["answer"]
    assert result.summary == (
        f"Read as {read_as}. Whether it is right is judged after you have handed in."
    )


def test_a_self_check_shows_the_same_to_the_right_and_to_the_wrong() -> None:
    right, wrong = (answered(PARAMETERS, text, self_check=True) for text in ("(R-1)D", "(R-1)R"))
    assert [text.replace("(R − 1)D", "(R − 1)R") for text in texts(right)] == texts(wrong)


def test_a_self_check_tells_what_cannot_be_read() -> None:
    result = answered(PARAMETERS, "(R-1", self_check=True)
    assert result.status is Status.REFUSED
    assert "column 1" in result.summary


# ---- orders --------------------------------------------------------------------------------------

FRUGAL = part(
    "order",
    names=["m", "T", "d"],
    assuming=["m <= T", "d <= T"],
    answer="m",
    alternatives=[{"answer": "m + d", "note": "The output is not counted."}],
    mistakes=[{"name": "whole-trace", "answer": "T", "says": "Time does not matter here."}],
)


@pytest.mark.parametrize(
    ("written", "summary"),
    [
        ("O(m)", "Right: O(m)."),
        ("O(3m + 2)", "Right: O(3m + 2)."),
        ("m", "Right: O(m). It was read as if O(…) stood around it."),
        ("O(m + d)", "Right: O(m + d). The output is not counted."),
        (
            "d + m",
            "Right: O(d + m). The output is not counted. It was read as if O(…) stood around it.",
        ),
    ],
)
def test_a_right_order_has_the_notes_that_belong_to_it(written: str, summary: str) -> None:
    result = answered(FRUGAL, written)
    assert (result.status, result.points, result.summary) == (Status.CORRECT, 2, summary)


def test_an_assumption_that_was_needed_is_told() -> None:
    asked = part("order", names=["T", "d"], assuming=["d <= T"], answer="T")
    assert answered(asked, "O(T + d)").summary == (
        "Right: O(T + d). O(T + d) is right since d ≤ T is assumed."
    )


def test_mistakes_are_recognised_under_the_assumptions_too() -> None:
    assert answered(FRUGAL, "O(T + m + d)").mistake == "whole-trace"


@pytest.mark.parametrize("written", ["O(d)", "O(1)", "O(m d)", "O(m^2)", "O(m log m)", "O(T m)"])
def test_another_order_is_wrong(written: str) -> None:
    result = answered(FRUGAL, written)
    assert (result.status, result.mistake) == (Status.WRONG, None)
    assert result.summary.endswith("; expected O(m).")


@pytest.mark.parametrize(
    "written", ["o(m)", "Ω(m)", "O m", "O(m", "O(2^m)", "0(m)", "O(M N)", "linear"]
)
def test_an_order_that_cannot_be_read_is_refused(written: str) -> None:
    assert answered(FRUGAL, written).status is Status.REFUSED


def test_a_constant_order_may_be_a_number_in_yaml() -> None:
    asked = part("order", names=["n"], answer=1)
    assert answered(asked, 1).status is Status.CORRECT
    assert answered(asked, "O(1)").status is Status.CORRECT
    assert answered(asked, "O(n)").status is Status.WRONG


# ---- conditions ----------------------------------------------------------------------------------

CONDITION = part(
    "condition",
    id="q4-condition",
    names=["n", "m"],
    answer="m > n",
    alternatives=[{"answer": "m >= n", "note": "At m = n both cost the same."}],
    mistakes=[{"name": "reversed", "answer": "m < n", "says": "It is the other way round."}],
)


@pytest.mark.parametrize("written", ["m > n", "n < m", "m - n > 0", "m ≥ n + 1", "n(2n+m) < 3mn"])
def test_every_form_of_the_right_condition_passes(written: str) -> None:
    assert answered(CONDITION, written).status is Status.CORRECT


def test_a_condition_that_is_accepted_has_its_note() -> None:
    assert answered(CONDITION, "m >= n").summary == "Right: m ≥ n. At m = n both cost the same."


@pytest.mark.parametrize(
    ("written", "mistake"),
    [("n > m", "reversed"), ("m > 2n", None), ("m = n", None), ("m > 1", None)],
)
def test_another_condition_is_wrong(written: str, mistake: str | None) -> None:
    result = answered(CONDITION, written)
    assert (result.status, result.mistake) == (Status.WRONG, mistake)


@pytest.mark.parametrize("written", ["m", "always", True, "1 < n < m", "log m > n"])
def test_a_condition_that_cannot_be_read_is_refused(written: Any) -> None:
    assert answered(CONDITION, written).status is Status.REFUSED


# ---- the functions by themselves -----------------------------------------------------------------


def test_another_kind_can_judge_a_component_in_the_same_way() -> None:
    wanted = ExpressionAnswer(names=("n",), answer="3n+1")
    judgement = formulas.judge("q3-memory", "1 + 3n", wanted)
    assert (judgement.status, judgement.read_as) == (Status.CORRECT, "1 + 3n")
    assert judgement.credit == 1
    wanted_condition = ConditionAnswer(names=("n", "m"), answer="m > n")
    assert formulas.judge("q4", "n < m", wanted_condition).status is Status.CORRECT


# ---- faults of the spec --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given_fields", "says"),
    [
        (
            "expression",
            {"names": ["n"], "answer": "2k"},
            "expected an expression in n; found '2k': column 2: found 'k'; expected the name n",
        ),
        (
            "expression",
            {"names": ["n"], "answer": "1/(n - n)"},
            "something is divided by zero",
        ),
        ("expression", {"names": ["n", "n"], "answer": "n"}, "expected names that differ"),
        ("expression", {"names": ["O"], "answer": "1"}, "cannot be names of sizes"),
        ("expression", {"names": ["log"], "answer": "1"}, "cannot be names of sizes"),
        ("expression", {"names": [], "answer": "1"}, "at least 1 item"),
        (
            "expression",
            {
                "names": ["n"],
                "answer": "2n",
                "mistakes": [{"name": "same", "answer": "n + n", "says": "This is the answer."}],
            },
            "'n \\+ n' and '2n' are the same answer",
        ),
        (
            "order",
            {
                "names": ["T", "d"],
                "assuming": ["d <= T"],
                "answer": "T",
                "alternatives": [{"answer": "T + d", "note": "This is the answer."}],
            },
            "'T \\+ d' and 'T' are the same answer",
        ),
        (
            "order",
            {"names": ["T", "d"], "assuming": ["d + 1 <= T"], "answer": "T"},
            "assuming: expected a comparison of two sizes, as in d <= T",
        ),
        (
            "order",
            {"names": ["T"], "answer": "2^T"},
            "the order of this expression cannot be found",
        ),
        ("condition", {"names": ["n"], "answer": "n"}, "found no sign of comparison"),
        ("expression", {"names": ["n"], "answer": "n", "extra": 1}, "Extra inputs"),
    ],
)
def test_a_fault_of_the_spec_is_told(kind: str, given_fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        part(kind, **given_fields)
