"""Conditions on sizes, up to equivalence: m > n, n < m, m - n > 0 and m ≥ n + 1 are one.

Sizes are whole numbers from 1 on.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import TypeAlias

from grader import messages
from grader.expressions import algebra
from grader.expressions.tree import Expression, ExpressionError, Relation

Whole: TypeAlias = dict[tuple[int, ...], int]
Condition: TypeAlias = tuple[str, frozenset[tuple[tuple[int, ...], int]]]
"""> or =, and the polynomial that is more than zero or equal to it, reduced to lowest terms."""


def same(left: Relation, right: Relation, names: Sequence[str]) -> bool:
    """Return whether two conditions hold for the same sizes.

    A factor that is positive for all sizes, such as n + 1, makes no difference where its
    coefficients show that.  Raises ExpressionError for sides that are no fractions of polynomials.
    """
    if condition(left, names) == condition(right, names):
        return True
    return _scaled(left, right, names) or _scaled(right, left, names)


def _scaled(left: Relation, right: Relation, names: Sequence[str]) -> bool:
    """Whether the left condition is the right one, multiplied by something positive."""
    sign, terms = condition(right, names)
    below = {powers: Fraction(value) for powers, value in terms}
    given, above = _turned(left, names)
    if not above or not below or (given == "=") != (sign == "="):
        return False
    if given == "≥":  # p > 0 is p - 1 ≥ 0, since its values are whole numbers
        below = algebra.add(below, {(0,) * len(names): Fraction(-1)})
    quotient = algebra.divided(above, below) if below else None
    signs = {value > 0 for value in (quotient or {}).values()}
    return signs == {True} or (given == "=" and len(signs) == 1)


def _turned(relation: Relation, names: Sequence[str]) -> tuple[str, algebra.Polynomial]:
    """Return one of > ≥ =, and the polynomial that a condition compares with zero."""
    left, right, sign = relation.left, relation.right, relation.sign
    if sign in "<≤":
        left, right, sign = right, left, {"<": ">", "≤": "≥"}[sign]
    return sign, _difference(left, right, names)


def condition(relation: Relation, names: Sequence[str]) -> Condition:
    """Return a condition in its one form.  Raises ExpressionError if it has none."""
    sign, difference = _turned(relation, names)
    if not difference:
        return sign, frozenset()
    terms = _lowest(difference)
    if sign == "=":
        flipped = {powers: -coefficient for powers, coefficient in terms.items()}
        terms = max(terms, flipped, key=lambda side: sorted(side.items()))
        return "=", frozenset(terms.items())
    terms = _lowest(_rounded(terms, (0,) * len(names), strict=sign == ">"))
    return ">", frozenset(terms.items())


def _difference(left: Expression, right: Expression, names: Sequence[str]) -> algebra.Polynomial:
    """Return a polynomial with the sign of left - right, also where fractions were compared."""
    (a, b), (c, d) = (_fraction(side, names) for side in (left, right))
    minus = algebra.scale(algebra.multiply(c, b), Fraction(-1))
    return algebra.add(algebra.multiply(a, d), minus)


def _fraction(
    side: Expression, names: Sequence[str]
) -> tuple[algebra.Polynomial, algebra.Polynomial]:
    found = algebra.ratio(side, names)
    if found is None:
        raise ExpressionError(messages.answers.NO_CONDITION)
    above, below = found
    signs = {coefficient > 0 for coefficient in below.values()}
    if len(signs) != 1:  # its sign depends on the sizes
        raise ExpressionError(messages.answers.NO_CONDITION)
    if signs == {False}:
        above, below = (algebra.scale(terms, Fraction(-1)) for terms in found)
    return above, below


def _rounded(terms: Whole, unit: tuple[int, ...], *, strict: bool) -> algebra.Polynomial:
    """Return p with p > 0 for a condition on whole numbers: 2m - 2n + 1 ≥ 0 is m - n + 1 > 0."""
    rest = {powers: value for powers, value in terms.items() if powers != unit}
    divisor = reduce(gcd, rest.values(), 0) or 1
    number = terms.get(unit, 0) + (0 if strict else 1)
    rounded = {powers: Fraction(value // divisor) for powers, value in rest.items()}
    return algebra.add(rounded, {unit: Fraction(1 + (number - 1) // divisor)})


def _lowest(terms: algebra.Polynomial) -> Whole:
    """Return a polynomial without common factors that are positive: numbers, and sizes."""
    shared = [min(powers) for powers in zip(*terms, strict=True)]
    multiple = lcm(*(coefficient.denominator for coefficient in terms.values()))
    whole = {
        tuple(p - q for p, q in zip(powers, shared, strict=True)): int(coefficient * multiple)
        for powers, coefficient in terms.items()
    }
    divisor = reduce(gcd, whole.values())
    return {powers: value // divisor for powers, value in whole.items()}
