"""Polynomials from counts: exact, from as few sizes as possible, and only where there are any."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.tracing.polynomials import (
    Sizes,
    confirming,
    determining,
    far,
    grows_at_most,
    recover,
    rises,
    value,
)

Polynomial = dict[tuple[int, ...], Fraction]
COEFFICIENTS = st.fractions(-9, 9, max_denominator=6)


@given(st.data())
def test_every_polynomial_is_recovered_from_its_values(data: st.DataObject) -> None:
    sizes, degree = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    powers = st.tuples(*[st.integers(0, degree)] * sizes).filter(lambda p: sum(p) <= degree)
    found = data.draw(st.dictionaries(powers, COEFFICIENTS.filter(bool), max_size=5))
    start = data.draw(st.tuples(*[st.integers(1, 9)] * sizes))
    points = [*determining(start, degree), confirming(start, degree)]
    counts = {at: value(found, at) for at in points}
    assert recover(counts, degree) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(("sizes", "degree"), [(1, 1), (1, 3), (2, 2), (2, 3), (3, 2)])
def test_the_sizes_are_as_few_as_determine_it(sizes: int, degree: int) -> None:
    start = (3,) * sizes
    points = determining(start, degree)
    assert len(points) == len(set(points)) == comb(sizes + degree, degree)
    assert confirming(start, degree) not in points
    assert min(confirming(start, degree)) > 3 + degree


def test_n_log_n_is_no_polynomial() -> None:
    points = [*determining((3,), 3), confirming((3,), 3)]
    assert recover({at: at[0] * at[0].bit_length() for at in points}, 3) is None


def test_a_switch_at_some_size_is_no_polynomial() -> None:
    points = [*determining((3,), 3), confirming((3,), 3)]
    assert recover({at: at[0] if at[0] < 8 else 2 * at[0] for at in points}, 3) is None


def test_a_polynomial_of_a_higher_degree_is_none_of_this_one() -> None:
    points = [*determining((3,), 2), confirming((3,), 2)]
    assert recover({at: at[0] ** 3 for at in points}, 2) is None


def test_too_few_sizes_determine_nothing() -> None:
    with pytest.raises(ValueError, match="expected counts at 4 sizes, found 3"):
        recover({(3,): 1, (4,): 2, (5,): 3}, 2)


def test_growth_is_compared_term_by_term() -> None:
    linear: Polynomial = {(1,): Fraction(7)}
    square: Polynomial = {(2,): Fraction(1)}
    assert grows_at_most({(1,): Fraction(3), (0,): Fraction(1)}, linear)
    assert not grows_at_most(square, linear)
    both: Polynomial = {(2, 0): Fraction(1), (1, 1): Fraction(1)}
    assert grows_at_most({(1, 1): Fraction(9), (0, 1): Fraction(1)}, both)
    assert not grows_at_most({(0, 2): Fraction(1)}, both)
    assert grows_at_most({}, linear)


# ---- far out -----------------------------------------------------------------------------------


def counted(count: Callable[..., float], start: Sizes, degree: int = 3) -> dict[Sizes, int]:
    points = [*determining(start, degree), confirming(start, degree), *far(start)]
    return {at: round(count(*at)) for at in points}


@given(st.lists(st.integers(1, 9), min_size=1, max_size=3), st.integers(1, 4))
def test_the_sizes_far_out_are_others_than_those_before(start: list[int], degree: int) -> None:
    sizes = tuple(start)
    points = [*determining(sizes, degree), confirming(sizes, degree), *far(sizes)]
    assert len(set(points)) == len(points)


def test_each_of_several_sizes_is_once_much_larger_than_the_others() -> None:
    points = far((3, 2))
    assert any(n >= 10 * m for n, m in points)
    assert any(m >= 6 * n for n, m in points)


def test_a_polynomial_that_holds_only_near_by_is_none() -> None:
    counts = counted(lambda n, m: n * m if m <= 2 * n else n * n * m, (3, 2))
    assert recover(counts, 3) is None
    counts = counted(lambda n: n if n <= 11 else n * n, (3,))
    assert recover(counts, 3) is None


LINEAR = {(1,): Fraction(1)}
BOTH = {(2, 0): Fraction(1), (1, 1): Fraction(1)}


@pytest.mark.parametrize(
    ("count", "limit"),
    [
        (lambda n: 5 * n + 9, LINEAR),
        (lambda n: n + n.bit_length(), LINEAR),
        (lambda n: n - 1, LINEAR),
        (lambda n: 0 * n, LINEAR),
        (lambda n: n * (n - 1), {(2,): Fraction(1)}),
        (lambda n, m: 3 * n + m + max(n * n, n * m), BOTH),
        (lambda n, m: 2 * max(n * n, n * m), BOTH),
        (lambda n, m: 2 * min(n * n, n * m) + m, BOTH),
    ],
)
def test_counts_within_a_limit_do_not_rise(count: Any, limit: Any) -> None:
    start = (3,) if limit is not BOTH else (3, 2)
    assert rises(counted(count, start), limit, 3) is None


@pytest.mark.parametrize(
    ("count", "limit"),
    [
        (lambda n: n * math.log2(n), LINEAR),
        (lambda n: n * math.log2(n) + 3 * n, LINEAR),
        (lambda n: n**1.5, LINEAR),
        (lambda n: n if n < 12 else n * n, LINEAR),
        (lambda n, m: n * n + m * m, BOTH),
        (lambda n, m: n * m if m < 2 * n else n * n * m, {(1, 1): Fraction(1)}),
        (lambda n, m: n * m if n < 2 * m else n * n * m, {(1, 1): Fraction(1)}),
        (lambda n, m: max(n**3, n * m), BOTH),
    ],
)
def test_counts_beyond_a_limit_rise(count: Any, limit: Any) -> None:
    start = (3,) if len(next(iter(limit))) == 1 else (3, 2)
    counts = counted(count, start)
    risen = rises(counts, limit, 3)
    assert risen is not None
    near, out = risen
    assert counts[out] / value(limit, out) > counts[near] / value(limit, near)
