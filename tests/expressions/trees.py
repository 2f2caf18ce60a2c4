"""Random expressions, of every form that the grammar can give."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from grader.expressions.tree import (
    EXTREMES,
    FUNCTIONS,
    Call,
    Expression,
    Extreme,
    Name,
    Negative,
    Number,
    Order,
    Power,
    Product,
    Quotient,
    Sum,
)

NAMES = ("n", "m")


def numbers() -> st.SearchStrategy[Expression]:
    """Return numbers as they can be typed."""
    whole = st.integers(0, 99).map(Fraction)
    return (whole | whole.map(lambda value: value / 4)).map(Number)


def trees(*, orders: bool = True) -> st.SearchStrategy[Expression]:
    """Return expressions in n and m."""
    leaves = numbers() | st.sampled_from(NAMES).map(Name)
    return st.recursive(leaves, lambda inner: _larger(inner, orders=orders), max_leaves=12)


def polynomials() -> st.SearchStrategy[Expression]:
    """Return expressions that are polynomials of small degree."""
    leaves = numbers() | st.sampled_from(NAMES).map(Name)
    return st.recursive(leaves, _larger_polynomial, max_leaves=8)


def _rows(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[tuple[Expression, ...]]:
    return st.lists(inner, min_size=2, max_size=4).map(tuple)


def _larger_polynomial(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    small = st.integers(0, 3).map(lambda value: Number(Fraction(value)))
    return (
        _rows(inner).map(Sum)
        | _rows(inner).map(Product)
        | inner.map(Negative)
        | st.builds(Power, inner, small)
    )


def _larger(inner: st.SearchStrategy[Expression], *, orders: bool) -> st.SearchStrategy[Expression]:
    found = (
        _rows(inner).map(Sum)
        | _rows(inner).map(Product)
        | inner.map(Negative)
        | st.builds(Quotient, inner, inner)
        | st.builds(Power, inner, inner)
        | st.builds(Call, st.sampled_from(FUNCTIONS), inner)
        | st.builds(Extreme, st.sampled_from(EXTREMES), _rows(inner))
    )
    return found | st.builds(Order, st.sampled_from(["O", "Θ"]), inner) if orders else found
