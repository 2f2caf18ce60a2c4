"""Polynomials and numbers as text."""

# ruff: noqa: RUF001  (look-alikes of - and x are what is tested)

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.expressions import algebra, grammar
from grader.expressions.writing import number_text, polynomial_text


@pytest.mark.parametrize(
    ("names", "written", "text"),
    [
        (["n", "m"], "3mn + 2n^2", "2n² + 3nm"),
        (["m", "n"], "3mn + 2n^2", "3mn + 2n²"),
        (["n", "m"], "n(2n+m)", "2n² + nm"),
        (["n", "m"], "1 + n - n^2", "−n² + n + 1"),
        (["n"], "n/2", "(1/2)n"),
        (["n"], "1/2", "(1/2)"),
        (["n"], "n - n", "0"),
        (["n"], "1", "1"),
        (["n"], "-n", "−n"),
        (["n"], "n^12", "n¹²"),
        (["batch", "n"], "2*batch*n", "2·batch·n"),
    ],
)
def test_a_polynomial_is_written_by_falling_degree(
    names: list[str], written: str, text: str
) -> None:
    polynomial = algebra.polynomial(grammar.expression(written, names), names)
    assert polynomial is not None
    assert polynomial_text(polynomial, names) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(2), "2"),
        (Fraction(0), "0"),
        (Fraction(1, 2), "0.5"),
        (Fraction(1, 40), "0.025"),
        (Fraction(-5, 4), "−1.25"),
        (Fraction(1, 3), "⅓"),
        (Fraction(2, 3), "⅔"),
        (Fraction(1, 7), "1/7"),
        (Fraction(-22, 7), "−22/7"),
    ],
)
def test_a_number_is_written_as_it_may_be_typed(value: Fraction, text: str) -> None:
    assert number_text(value) == text
