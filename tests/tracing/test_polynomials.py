"""Polynomials from counts: exact, from as few sizes as possible, and only where there are any."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.tracing.polynomials import confirming, determining, grows_at_most, recover, value

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
