"""Which expressions are equal, and which polynomial an expression is."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from grader.expressions import algebra, grammar
from grader.expressions.tree import (
    Expression,
    ExpressionError,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Sum,
)
from grader.expressions.writing import polynomial_text

from .trees import NAMES, polynomials

SIZES = ("n", "m", "R", "D")


def equal(left: str, right: str) -> bool:
    first, second = (grammar.expression(written, SIZES) for written in (left, right))
    return algebra.equal(first, second, SIZES)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("(R-1)D", "R*D - D"),
        ("(R-1)D", "D(R-1)"),
        ("(R-1)D", "-D + DR"),
        ("(R-1)D", "-(1-R)D"),
        ("2n^2 + 3mn", "n(2n + 3m)"),
        ("2n^2 + 3mn", "3nm + 2nn"),
        ("2(m+n+mn)", "2m + 2n + 2mn"),
        ("2(m+n+mn)", "2(m+1)(n+1) - 2"),
        ("n(n+1)/2", "½n² + ½n"),
        ("n(n+1)/2", "0.5n^2 + 0.5n"),
        ("0.1 + 0.2", "0.3"),
        ("(n+m)^2", "n² + 2mn + m²"),
        ("n^2/n", "n"),
        ("(n² - m²)/(n - m)", "n + m"),
        ("1/n + 1/m", "(n + m)/(n m)"),
        ("n^-1", "1/n"),
        ("n^0", "1"),
        ("n - n", "0"),
        ("log(n^2)", "2 log n"),
        ("log(n m)", "log n + log m"),
        ("log n", "ln n"),
        ("log2(8)", "3"),
        ("lg n", "log(n)/log(2)"),
        ("log10(100n)", "2 + log10(n)"),
        ("sqrt(n)", "n^0.5"),
        ("sqrt(n^2)", "n"),
        ("sqrt(n)sqrt(m)", "sqrt(n m)"),
        ("(sqrt(n) + 1)^2", "n + 2sqrt(n) + 1"),
        ("2^n * 2", "2^(n+1)"),
        ("exp(log n)", "n"),
        ("(n^9 + log n) - n^9", "log n"),
    ],
)
def test_forms_of_one_expression_are_equal(left: str, right: str) -> None:
    assert equal(left, right)
    assert equal(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("(R-1)D", "R D"),
        ("(R-1)D", "R(D-1)"),
        ("(R-1)D", "R - D"),
        ("(R-1)D", "(R-1)(D+1)"),
        ("2n", "n^2"),
        ("2n", "2n + 1"),
        ("2n", "2m"),
        ("n/2", "2/n"),
        ("n", "1.0000000001n"),
        ("log n", "log2(n)"),
        ("log(n + m)", "log n + log m"),
        ("log(n)^2", "log(n^2)"),
        ("sqrt(n + m)", "sqrt(n) + sqrt(m)"),
        ("n log n", "n log m"),
        ("sqrt(n)", "1.414213562373095 sqrt(n/2)"),
        ("2^n", "n^2"),
    ],
)
def test_other_expressions_are_not(left: str, right: str) -> None:
    assert not equal(left, right)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("1/(n - n)", "something is divided by zero."),
        ("(n - n)^-1", "something is divided by zero."),
        ("n^999999999", "the expression is too large to be compared."),
        ("9^999999999", "the expression is too large to be compared."),
        ("(n^20)^20", "the expression is too large to be compared."),
        ("((9^24)^24)^24", "the expression is too large to be compared."),
        ("exp(exp(exp(n)))", "the expression is too large to be compared."),
        ("log(n - n)", "the expression is too large to be compared."),
        ("O(n)", "found an order O(…); expected the exact expression."),
        ("log(O(n))", "found an order O(…); expected the exact expression."),
    ],
)
def test_what_has_no_value_is_told(written: str, says: str) -> None:
    tree = grammar.expression(written, SIZES)
    with pytest.raises(ExpressionError) as caught:
        algebra.equal(tree, tree, SIZES)
    assert caught.value.says == says


@pytest.mark.parametrize(
    ("written", "polynomial"),
    [
        ("2n^2 + 3mn", {(2, 0): 2, (1, 1): 3}),
        ("n(2n + m)", {(2, 0): 2, (1, 1): 1}),
        ("n/2 - 1", {(1, 0): Fraction(1, 2), (0, 0): -1}),
        ("(n^2 + n)/n", {(1, 0): 1, (0, 0): 1}),
        ("n - n", {}),
        ("3", {(0, 0): 3}),
    ],
)
def test_a_polynomial_is_known_by_its_exponents(
    written: str, polynomial: dict[tuple[int, ...], Fraction]
) -> None:
    assert algebra.polynomial(grammar.expression(written, NAMES), NAMES) == polynomial


@pytest.mark.parametrize("written", ["1/n", "n/(n + 1)", "log n", "sqrt(n)", "2^n", "n^-1"])
def test_other_expressions_are_no_polynomials(written: str) -> None:
    assert algebra.polynomial(grammar.expression(written, NAMES), NAMES) is None


def inserted(polynomial: algebra.Polynomial, n: int, m: int) -> Fraction:
    return sum((c * n ** p[0] * m ** p[1] for p, c in polynomial.items()), Fraction(0))


@given(polynomials(), st.integers(1, 9), st.integers(1, 9))
def test_a_polynomial_has_the_value_of_its_expression(tree: Expression, n: int, m: int) -> None:
    try:
        polynomial = algebra.polynomial(tree, NAMES)
    except ExpressionError:
        reject()  # too large to be written out
    assert polynomial is not None
    assert inserted(polynomial, n, m) == directly(tree, n, m)


def directly(tree: Expression, n: int, m: int) -> Fraction:
    match tree:
        case Number(value):
            return value
        case Name(name):
            return Fraction({"n": n, "m": m}[name])
        case Negative(term):
            return -directly(term, n, m)
        case Sum(terms):
            return sum((directly(term, n, m) for term in terms), Fraction(0))
        case Product(factors):
            return math.prod((directly(factor, n, m) for factor in factors), start=Fraction(1))
        case Power(base, Number(exponent)):
            return directly(base, n, m) ** int(exponent)
        case _:
            raise AssertionError(tree)


@given(polynomials())
def test_a_polynomial_written_out_is_the_same_polynomial(tree: Expression) -> None:
    try:
        polynomial = algebra.polynomial(tree, NAMES)
        assert polynomial is not None
        written = polynomial_text(polynomial, NAMES)
        again = algebra.polynomial(grammar.expression(written, NAMES), NAMES)
    except ExpressionError:
        reject()
    assert again == polynomial


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("max(n, m)", "max(m, n)", True),
        ("max(n, n)", "n", True),
        ("max(n, m) + min(n, m)", "n + m", True),
        ("n max(n, m)", "max(n^2, n m)", True),
        ("min(n, 2n)", "n", True),
        ("max(n, m)", "n", False),
        ("max(n, m)", "m", False),
        ("max(n, m)", "n + m", False),
        ("max(n, 7m)", "n", False),
        ("max(n, m)", "min(n, m)", False),
    ],
)
def test_a_maximum_is_compared_by_what_it_is(left: str, right: str, equal: bool) -> None:
    first, second = (grammar.expression(written, NAMES) for written in (left, right))
    assert algebra.equal(first, second, NAMES) is equal
    assert algebra.polynomial(first, NAMES) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2n^2 + 3mn", 38),
        ("max(n, m)", 5),
        ("min(n, m, 1)", 1),
        ("3n + m + max(n^2, m n)", 6 + 5 + 10),
        ("(n - m)/m", Fraction(-3, 5)),
        ("n^(m - 6)", Fraction(1, 2)),
        ("0.5n", 1),
    ],
)
def test_the_value_at_whole_sizes_is_exact(written: str, value: Fraction) -> None:
    tree = grammar.expression(written, NAMES)
    assert algebra.value_at(tree, {"n": 2, "m": 5}) == value


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("log n", "roots and logarithms have no exact value here."),
        ("sqrt(n)", "roots and logarithms have no exact value here."),
        ("n^0.5", "roots and logarithms have no exact value here."),
        ("1/(n - 2)", "something is divided by zero."),
        ("(n - 2)^-1", "something is divided by zero."),
        ("n^(9^9)", "the expression is too large to be compared."),
        ("O(n)", "found an order O(…); expected the exact expression."),
    ],
)
def test_what_has_no_exact_value_is_told(written: str, says: str) -> None:
    tree = grammar.expression(written, NAMES)
    with pytest.raises(ExpressionError) as caught:
        algebra.value_at(tree, {"n": 2, "m": 5})
    assert caught.value.says == says


@given(polynomials(), st.integers(1, 9), st.integers(1, 9))
def test_the_exact_value_of_a_polynomial_is_that_of_its_tree(
    tree: Expression, n: int, m: int
) -> None:
    try:
        value = algebra.value_at(tree, {"n": n, "m": m})
    except ExpressionError:
        reject()  # too large
    assert value == directly(tree, n, m)
