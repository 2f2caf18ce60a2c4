"""Which comparisons hold for the same sizes."""

from __future__ import annotations

import itertools

import pytest

from grader.expressions import algebra, conditions, grammar
from grader.expressions.tree import ExpressionError, Relation

NAMES = ("n", "m")


def same(left: str, right: str) -> bool:
    first, second = (grammar.relation(written, NAMES) for written in (left, right))
    return conditions.same(first, second, NAMES)


EQUIVALENT = [
    ("m > n", "n < m"),
    ("m > n", "m - n > 0"),
    ("m > n", "0 < m - n"),
    ("m > n", "n - m < 0"),
    ("m > n", "-m < -n"),
    ("m > n", "2m > 2n"),
    ("m > n", "m n > n^2"),
    ("m > n", "m/n > 1"),
    ("m > n", "n/m < 1"),
    ("m > n", "1/m < 1/n"),
    ("m > n", "m >= n + 1"),
    ("m > n", "n + 1 <= m"),
    ("m > n", "2m >= 2n + 1"),
    ("m > n", "n(2n+m) < 3mn"),
    ("m > n", "2n^2 + mn < 3mn"),
    ("m >= n", "n <= m"),
    ("m >= n", "n < m + 1"),
    ("m >= n", "2m > 2n - 1"),
    ("m > 2n", "m/2 > n"),
    ("m = n", "n = m"),
    ("m = n", "n - m = 0"),
    ("m = n", "n/m = 1"),
    ("n > 0", "2n > 1"),
    ("m > n", "3n + m + n^2 + mn < 2(m + n + mn)"),
    ("m > n", "2(m + n + mn) > 3n + m + n^2 + mn"),
    ("m > n", "m^2 > n^2"),
    ("m > n", "(n + 1)(m - n) > 0"),
    ("m > n", "(n + 1)(m - n) >= n + 1"),
    ("m > n", "(n + 2m + 3)(n - m) < 0"),
    ("m >= n", "m^2 >= n^2"),
    ("m >= n", "(n + 1)(m - n) >= 0"),
    ("m = n", "m^2 = n^2"),
    ("m = n", "(n + 1)(n - m) = 0"),
]


@pytest.mark.parametrize(("left", "right"), EQUIVALENT)
def test_equivalent_comparisons_are_one(left: str, right: str) -> None:
    assert same(left, right)
    assert same(right, left)


OTHERS = [
    ("m > n", "m >= n"),
    ("m > n", "n > m"),
    ("m > n", "m > 2n"),
    ("m > n", "m > n + 1"),
    ("m > n", "m = n"),
    ("m > n", "m > 1"),
    ("m > n", "m^2 > n"),
    ("m > n", "m + n > 0"),
    ("m = n", "m = 2n"),
    ("n > n", "n >= n"),
    ("m > n", "(n - 1)(m - n) > 0"),
    ("m > n", "(m - n)^2 > 0"),
    ("m > n", "(n + 1)(m - n) >= 0"),
    ("m > n", "(n + 1)(m - n) + 1 > 0"),
    ("m >= n", "m^2 > n^2"),
    ("m = n", "(m - n)(m - 2n) = 0"),
    ("m > n", "m^2 = n^2"),
]


@pytest.mark.parametrize(("left", "right"), OTHERS)
def test_others_are_told_apart(left: str, right: str) -> None:
    assert not same(left, right)
    assert not same(right, left)


@pytest.mark.parametrize("written", sorted({item for pair in EQUIVALENT + OTHERS for item in pair}))
def test_the_one_form_of_a_comparison_holds_for_the_same_sizes(written: str) -> None:
    relation = grammar.relation(written, NAMES)
    sign, terms = conditions.condition(relation, NAMES)
    for n, m in itertools.product(range(1, 8), repeat=2):
        found = sum(value * n ** p[0] * m ** p[1] for p, value in terms)
        holds = {">": found > 0, "≥": found >= 0, "=": found == 0}[sign]
        assert holds == _holds(relation, n, m)


def _holds(relation: Relation, n: int, m: int) -> bool:
    sides = []
    for side in (relation.left, relation.right):
        ratio = algebra.ratio(side, NAMES)
        assert ratio is not None
        above, below = (sum(c * n ** p[0] * m ** p[1] for p, c in terms.items()) for terms in ratio)
        sides.append(above / below)
    left, right = sides
    return bool(
        {
            "<": left < right,
            "≤": left <= right,
            ">": left > right,
            "≥": left >= right,
            "=": left == right,
        }[relation.sign]
    )


@pytest.mark.parametrize("written", ["log n > m", "n > sqrt(m)", "1/(n - m) > 0"])
def test_a_comparison_without_one_form_is_told(written: str) -> None:
    with pytest.raises(ExpressionError, match="expected sums, products and fractions"):
        conditions.condition(grammar.relation(written, NAMES), NAMES)
