"""Formulas in answers that say more than the formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.kinds.written.answers import Judgement
from grader.kinds.written.excerpts import comparison, sides
from grader.kinds.written.formulas import ConditionAnswer, ExpressionAnswer, OrderAnswer, judge
from grader.kinds.written.written_numbers import read_number, read_numbers
from grader.records import Status

ORDER = OrderAnswer(names=("T", "d"), assuming=("d <= T",), answer="O(T)")
COUNT = ExpressionAnswer(names=("n", "m"), answer="2n^2")
CONDITION = ConditionAnswer(names=("n", "m"), answer="m > n")


def judged(written: str, wanted: OrderAnswer | ExpressionAnswer | ConditionAnswer) -> Judgement:
    return judge("q1", written, wanted)


@pytest.mark.parametrize(
    "written",
    [
        "O(T), because one sweep suffices",
        "O(T) because each of the d inputs shares it",
        "O(T) since d <= T",
        "O(T): one sweep",
        "O(T); one pass",
        "O(T) (single sweep)",
        "O(T) - a single sweep",
        "O(T) operations",
        "O(T) units of memory",
        "O(T) steps in total",
        "Time O(T)",
        "time: O(T)",
        "It is O(T).",
        "It takes O(T) time",
        "`O(T)`, one sweep",
    ],
)
def test_an_order_is_judged_without_the_words_around_it(written: str) -> None:
    found = judged(written, ORDER)
    assert (found.status, found.says) == (Status.CORRECT, "Right: O(T). Only O(T) was judged.")


@pytest.mark.parametrize(
    "written",
    [
        *("O(T), d times", "O(T) d times", "O(T) per input", "O(T), one for each input"),
        *("O(T); then O(Td)", "O(T) time, d times", "O(T) (d sweeps)", "O(T) times d"),
        *("O(T), not O(d)", "O(T), or O(d)", "O(T) and d", "O(T), squared", "not O(T)"),
        *("O(T) = O(Td)", "T = d", "O(1) per step, T steps: O(T)", "O(T) is wrong", "O(T) cats"),
    ],
)
def test_words_that_may_change_an_order_are_refused(written: str) -> None:
    assert judged(written, ORDER).status is Status.REFUSED


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("O(T) = O(T+d)", "Right: O(T)."),
        ("O(T)=O(T + d)=O(2T)", "Right: O(T)."),
        ("= O(T)", "Right: O(T)."),
        ("T(n) = O(T)", "Right: O(T)."),
        ("time = O(T)", "Right: O(T)."),
    ],
)
def test_an_equation_counts_if_its_sides_are_the_same(written: str, says: str) -> None:
    found = judged(written, ORDER)
    assert (found.status, found.says) == (Status.CORRECT, says)


def test_sides_that_differ_are_told() -> None:
    says = judged("O(T) = O(Td)", ORDER).says
    assert says.startswith("q1 cannot be read: the sides of the equation are not the same;")


def test_a_wrong_order_says_what_was_judged_too() -> None:
    found = judged("O(T d) operations", ORDER)
    assert found.status is Status.WRONG
    assert found.says == "Read as O(Td); expected O(T). Only O(Td) was judged."


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("2n^2 multiplications", "Right: 2n². Only 2n² was judged."),
        ("2n² scalar multiplications.", "Right: 2n². Only 2n² was judged."),
        ("= 2n^2", "Right: 2n²."),
        ("n^2 + n^2 = 2n^2", "Right: n² + n²."),
        ("cost = 2n^2", "Right: 2n²."),
        ("y = 2n^2 = n^2 + n^2", "Right: 2n²."),
        ("`2*n**2`", "Right: 2n²."),
        ("max(n, n)*2n", "Right: max(n, n)·2n."),
    ],
)
def test_an_expression_may_have_a_label_and_a_unit(written: str, says: str) -> None:
    found = judged(written, COUNT)
    assert (found.status, found.says) == (Status.CORRECT, says)


@pytest.mark.parametrize("written", ["n = 2n^2", "2n^2 = n^2", "2n^2 cats", "2n^2 per step", "="])
def test_other_additions_to_an_expression_are_refused(written: str) -> None:
    assert judged(written, COUNT).status is Status.REFUSED


@pytest.mark.parametrize(
    "written",
    [
        *("m is larger than n", "m greater than n", "m exceeds n", "n is less than m"),
        *("if m > n", "when m > n", "for m > n", "exactly when m is greater than n"),
        *("m > n (strictly)", "m &gt; n", "m is at least n + 1", "n + 1 is at most m"),
        "m is strictly larger than n",
    ],
)
def test_a_comparison_in_words_is_read(written: str) -> None:
    assert judged(written, CONDITION).status is Status.CORRECT


@pytest.mark.parametrize(
    "written",
    [
        *("forward if m > n", "reverse if m > n", "m > n otherwise reverse", "unless m > n"),
        *("not (m > n)", "m is not larger than n", "m > n and n > 1", "always"),
    ],
)
def test_words_that_may_turn_a_comparison_around_are_refused(written: str) -> None:
    found = judged(written, CONDITION)
    assert found.status is Status.REFUSED
    assert "Write the comparison alone, without words around it." in found.says


@pytest.mark.parametrize(
    "written",
    [
        *("z = (6, 12, 18)", "(6, 12, 18)", "= (6, 12, 18)", "grad = [6, 12, 18]^T"),
        *("f(w) = 6, 12, 18", "`(6, 12, 18)`"),
    ],
)
def test_a_vector_may_have_a_label(written: str) -> None:
    assert [number.value for number in read_numbers(written) or ()] == [6, 12, 18]


@pytest.mark.parametrize("written", ["6", "= 6", "x = 6", "`6`", "**6**"])
def test_a_number_may_have_a_label(written: str) -> None:
    found = read_number(written)
    assert found is not None
    assert found.value == 6


@given(st.text(max_size=60))
def test_any_text_has_a_verdict(written: str) -> None:
    for wanted in (ORDER, COUNT, CONDITION):
        assert judged(written, wanted).says
    assert sides(written)
    assert isinstance(comparison(written), str)
