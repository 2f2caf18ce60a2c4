"""Which expressions are of the same order, and under which assumptions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.expressions import grammar, orders
from grader.expressions.tree import Expression, ExpressionError

NAMES = ("T", "d", "m")
NO_ORDER = (
    "the order of this expression cannot be found; expected sums, products, powers and logarithms."
)
NESTED = ("T^O(1)", "T/O(d)", "T - O(d)", "log(O(T))", "O(T)^2")
ASSUMED = ("d <= T", "m <= T")


def same(left: str, right: str, assuming: tuple[str, ...] = ASSUMED) -> bool:
    first, second = (grammar.expression(written, NAMES) for written in (left, right))
    assumed = [orders.Assumption.of(grammar.relation(item, NAMES)) for item in assuming]
    return orders.same(first, second, NAMES, assumed)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("O(T)", "O(T)"),
        ("T", "O(T)"),
        ("O(3T)", "O(T)"),
        ("O(T/2 + 17)", "O(T)"),
        ("O(T d)", "O(dT)"),
        ("O(T·d)", "O(T d)"),
        ("Θ(T)", "O(T)"),
        ("O(T + 1)", "O(T)"),
        ("O(T - 1)", "O(T)"),
        ("O((T-1)(d-1))", "O(T d)"),
        ("O(T^2 + T)", "O(T²)"),
        ("O(T^2 - T)", "O(T²)"),
        ("O((d-1) T + T)", "O(T d)"),
        ("O(T + log T)", "O(T)"),
        ("O(T + sqrt T)", "O(T)"),
        ("O(T log T + T)", "O(T log T)"),
        ("O(log(T^2))", "O(log T)"),
        ("O(log2(T))", "O(ln T)"),
        ("O(sqrt(T))", "O(T^0.5)"),
        ("O(sqrt(T)*sqrt(T))", "O(T)"),
        ("O((T + d)^2)", "O(T² + d²)"),
        ("O(sqrt(T + 1))", "O(sqrt(T))"),
        ("O(T^2 + T d + d^2)", "O(T² + d²)"),
        ("O(T^2 / T)", "O(T)"),
        ("O(T/(T+1))", "O(1)"),
        ("O(T) + O(d)", "O(T + d)"),
        ("d*O(T)", "O(T d)"),
        ("O(2)", "O(1)"),
        ("O(max(T, d))", "O(T + d)"),
        ("O(max(T, 1))", "O(T)"),
        ("O(max(T, 0))", "O(T)"),
        ("O(T max(T, d))", "O(T^2 + T d)"),
        ("O(min(T, T^2))", "O(T)"),
        ("O(T log(T d))", "O(T log T + T log d)"),
    ],
)
def test_constants_and_lower_terms_do_not_matter(left: str, right: str) -> None:
    assert same(left, right, ())
    assert same(right, left, ())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("O(T + d)", "O(T)"),
        ("O(T + d + m)", "O(T)"),
        ("O(T + sqrt(d T))", "O(T)"),
        ("O(T^2 + T d)", "O(T²)"),
        ("O(T + log d)", "O(T)"),
        ("O(T log d + T log T)", "O(T log T)"),
        ("O(T log(T d))", "O(T log T)"),
        ("O((T + d)(T + m))", "O(T²)"),
        ("O(sqrt(T + d))", "O(sqrt(T))"),
    ],
)
def test_what_is_assumed_counts(left: str, right: str) -> None:
    assert same(left, right)
    assert same(right, left)
    assert not same(left, right, ())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("O(T)", "O(1)"),
        ("O(T)", "O(d)"),
        ("O(T)", "O(m)"),
        ("O(T d)", "O(T)"),
        ("O(T d)", "O(T + d)"),
        ("O(T²)", "O(T d)"),
        ("O(m + d)", "O(m)"),
        ("O(m + d)", "O(T)"),
        ("O(m d)", "O(m)"),
        ("O(T + m d)", "O(T)"),
        ("O(T log T)", "O(T)"),
        ("O(T log d)", "O(T log T)"),
        ("O(log T)", "O(1)"),
        ("O(T/d)", "O(T)"),
        ("O(sqrt(T d))", "O(T)"),
        ("O(sqrt(T))", "O(log T)"),
        ("O(log(T)^2)", "O(log(T))"),
        ("O(T^1.01)", "O(T log(T)^99)"),
    ],
)
def test_other_orders_are_told_apart(left: str, right: str) -> None:
    assert not same(left, right)
    assert not same(right, left)


def test_orders_may_be_added_and_multiplied() -> None:
    assert same("d O(T) + O(m)", "O(d T + m)", ())
    assert same("O(T)/d", "O(T/d)", ())


def test_an_assumption_may_be_used_twice() -> None:
    assert same("O(T + d)", "O(T)", ("d < m", "T > m"))
    assert not same("O(T + d)", "O(T)", ("d < m",))


def test_one_order_is_at_most_another() -> None:
    small, large = (grammar.expression(written, NAMES) for written in ("T log T", "T^1.5"))
    assert orders.at_most(small, large, NAMES)
    assert not orders.at_most(large, small, NAMES)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("O(0)", "this is zero, or less; is the digit 0 written for the letter O?"),
        ("0(T)", "this is zero, or less; is the digit 0 written for the letter O?"),
        ("O(-T)", "this is zero, or less; is the digit 0 written for the letter O?"),
        ("O(T - T)", "this is zero, or less; is the digit 0 written for the letter O?"),
        *(
            (
                written,
                NO_ORDER,
            )
            for written in (
                "O(T - d)",
                "O(2^T)",
                "O(exp(T))",
                "O(1/(T + d))",
                "O(log(log(T)))",
                *NESTED,
            )
        ),
        ("O(T^9999)", "the expression is too large to be compared."),
    ],
)
def test_an_order_that_cannot_be_found_is_told(written: str, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        same(written, "T")
    assert caught.value.says == says


@pytest.mark.parametrize("relation", ["d + 1 <= T", "d = T", "2d <= T", "1 <= T"])
def test_an_assumption_compares_two_sizes(relation: str) -> None:
    with pytest.raises(ExpressionError, match="expected a comparison of two sizes"):
        orders.Assumption.of(grammar.relation(relation, NAMES))


MONOMIALS = [
    "1",
    "d",
    "T",
    "m",
    "T d",
    "m d",
    "T/d",
    "d^2",
    "sqrt(T d)",
    "T log d",
    "m T",
    "d^0.5 m",
]


SUMS = st.lists(st.sampled_from(MONOMIALS), min_size=1, max_size=3, unique=True).map(" + ".join)


@given(SUMS, SUMS)
def test_domination_agrees_with_numbers_far_out(left: str, right: str) -> None:
    """Along many directions in which the sizes grow, a sum dominates if its largest term does."""
    small, large = (grammar.expression(written, NAMES) for written in (left, right))
    assumed = [orders.Assumption.of(grammar.relation(item, NAMES)) for item in ASSUMED]
    found = orders.at_most(small, large, NAMES, assumed)
    assert found == all(_at_most_along(small, large, *along) for along in _directions())


def _directions() -> list[tuple[float, float, float]]:
    steps = [0.0, 0.25, 0.5, 0.75, 1.0]
    return [(1.0, d, m) for d in steps for m in steps]


def _at_most_along(left: Expression, right: Expression, t: float, d: float, m: float) -> bool:
    """Whether log(left) - log(right) stays bounded for T = e^(tu), d = e^(du), m = e^(mu)."""

    def largest(tree: Expression, u: float) -> float:
        found = orders.terms(tree, NAMES)
        logs = (t * u, d * u, m * u)
        return max(
            sum(float(p) * x for p, x in zip(term[:3], logs, strict=True))
            + sum(float(p) * math.log(1 + x) for p, x in zip(term[3:], logs, strict=True))
            for term in found
        )

    gaps = [largest(left, u) - largest(right, u) for u in (1e6, 1e12)]
    return gaps[1] <= max(gaps[0], 0) + 1


def test_of_a_minimum_the_assumptions_say_which_it_is() -> None:
    assert same("O(min(T, d))", "O(d)")
    assert same("O(max(T, d) min(T, d))", "O(T d)")
    with pytest.raises(ExpressionError, match="the order of this expression cannot be found"):
        same("O(min(T, d))", "O(d)", ())
