"""What is declared of costs: right or wrong, unreadable, missing, or a maximum of several."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grader import messages
from grader.records import Status
from tests.kinds import student

from .costing import (
    ANSWERS,
    FORWARD,
    HALF,
    WIDE,
    checks,
    forward,
    grade,
    in_one_line,
    product,
    says,
)


def test_a_known_mistake_is_named_and_may_keep_credit() -> None:
    result = grade(product, {**ANSWERS, "p1-multiplications": "n"})
    assert (result.mistake, result.points) == ("half", Fraction(7, 4))
    assert says(result, "multiplications") == "The second product is missing."


@pytest.mark.parametrize(
    ("declared", "hint"),
    [
        ("6n", "The declaration is 3 times what was measured."),
        ("2n + 3", "The two differ by 3 at every size."),
        ("n^3", ""),
        ("2n log n", ""),
    ],
)
def test_a_wrong_declaration_is_told_how_it_differs(declared: str, hint: str) -> None:
    result = grade(product, {**ANSWERS, "p1-multiplications": declared})
    assert checks(result)["multiplications"] == (Status.WRONG, 0)
    text = says(result, "multiplications")
    assert "but your code was measured to take 2n; best known 2n." in text
    assert text.endswith(hint or "best known 2n.")


def test_leading_terms_alone_are_told_what_is_missing() -> None:
    result = grade(forward, {"p1-multiplications": "2n^2", "p1-memory": "n^2"})
    assert says(result, "memory") == (
        "Declared n², but your code was measured to take n² + 3n; best known 3n + 1. The terms of "
        "the highest degree are right; the rest is not: what is missing is 3n."
    )


def test_an_order_is_no_exact_expression() -> None:
    result = grade(product, {**ANSWERS, "p1-multiplications": "O(n)"})
    assert checks(result)["multiplications"] == (Status.REFUSED, 0)
    assert messages.costs.ORDER_GIVEN in says(result, "multiplications")


@pytest.mark.parametrize("given", ["2k", "2n +", [1, 2], True, {"a": 1}, "n > 2"])
def test_what_cannot_be_read_is_refused(given: Any) -> None:
    result = grade(product, {**ANSWERS, "p1-multiplications": given})
    assert checks(result)["multiplications"] == (Status.REFUSED, 0)
    assert says(result, "multiplications").startswith("p1-multiplications cannot be read")


def test_a_missing_declaration_costs_its_own_points_only() -> None:
    result = grade(product, {"p1-memory": "3n + 1"})
    assert checks(result)["multiplications"] == (Status.MISSING, 0)
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(3, 2))
    unread = grade(product, {}, answers_problem="answers.yaml cannot be read.")
    assert says(unread, "memory") == "answers.yaml cannot be read."


# ---- maxima, of two sizes ------------------------------------------------------------------------


def declared(memory: str) -> student.Result:
    answers = {"p1-multiplications": "n(2n+m)", "p1-memory": memory}
    return grade(in_one_line, answers, FORWARD, WIDE)


def test_a_memory_that_is_a_maximum_can_be_declared() -> None:
    result = declared("3n + m + max(n^2, mn)")
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert says(result, "memory") == (
        "Declared 3n + m + max(n², mn); your code takes as many numbers at all 18 "
        "sizes that were tried; best known 3n + m + n² + mn."
    )
    assert "89 with n = 3, m = 20" not in result.answers["memory"]
    assert "89 with n = 3, m = 20" in result.answers["memory, as counted"]


@pytest.mark.parametrize("memory", ["2n^2 + 2n + m", "3n + m + max(n^2, 2mn)", "3n + m + mn"])
def test_another_expression_for_a_maximum_is_wrong(memory: str) -> None:
    result = declared(memory)
    assert checks(result)["memory"] == (Status.WRONG, 0)
    assert checks(result)["growth"] == (Status.CORRECT, HALF)


def test_the_best_known_memory_is_right_where_the_maximum_stays_below_it() -> None:
    assert declared("3n + m + n^2 + mn").points == 2


def test_a_maximum_that_is_a_polynomial_is_right() -> None:
    answers = {"p1-multiplications": "max(2n, n)", "p1-memory": "3n + min(1, n)"}
    assert grade(product, answers).points == 2
