"""Orders of growth: O(T + d) is O(T) where d ≤ T.

An expression becomes the terms that can dominate it, each a product of powers of the sizes and of
their logarithms.  A term grows no faster than a sum of others if, under the assumptions, it is at
most a weighted geometric mean of them: then it is at most the largest.  Whether there are such
weights is a system of linear inequalities in the exponents, solved exactly.  All sizes are ≥ 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from grader import messages
from grader.expressions import algebra
from grader.expressions.tree import (
    LOGARITHMS,
    Call,
    Expression,
    ExpressionError,
    Extreme,
    Name,
    Negative,
    Number,
    Order,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    has_order,
)

Term: TypeAlias = tuple[Fraction, ...]
"""The exponents of the sizes, and behind them those of their logarithms."""

MAX_TERMS = 20
MAX_EXPONENT = 1000
_ANY_POWER = Fraction(10**9)  # of log n, is at most n, up to a constant


@dataclass(frozen=True, slots=True)
class Assumption:
    """One size is at most another."""

    smaller: str
    larger: str

    @classmethod
    def of(cls, relation: Relation) -> Assumption:
        """Return the assumption that a relation states.  Raises ExpressionError for others."""
        match relation:
            case Relation(Name(a), "<" | "≤", Name(b)) | Relation(Name(b), ">" | "≥", Name(a)):
                return cls(a, b)
            case _:
                raise ExpressionError(messages.answers.ASSUMPTION_EXPECTED)


def without_orders(tree: Expression) -> Expression:
    """Return what stands inside the O(…): O(T) + O(d) becomes T + d, and d·O(T) becomes d T.

    Raises ExpressionError where that is something else, as in n^O(1) or T/O(d).
    """
    match tree:
        case Order(_, argument):
            return without_orders(argument)
        case Sum(parts):
            return Sum(tuple(map(without_orders, parts)))
        case Product(factors):
            return Product(tuple(map(without_orders, factors)))
        case Extreme(function, parts):
            return Extreme(function, tuple(map(without_orders, parts)))
        case Quotient(numerator, denominator) if not has_order(denominator):
            return Quotient(without_orders(numerator), denominator)
        case _ if has_order(tree):
            raise ExpressionError(messages.answers.NO_ORDER)
        case _:
            return tree


def same(
    left: Expression,
    right: Expression,
    names: Sequence[str],
    assuming: Iterable[Assumption] = (),
) -> bool:
    """Return whether two expressions are of the same order, up to constants.

    Raises ExpressionError for an expression whose order cannot be found.
    """
    assumed = tuple(assuming)
    first, second = (_plain_terms(tree, names, assumed) for tree in (left, right))
    return _at_most(first, second, names, assumed) and _at_most(second, first, names, assumed)


def at_most(
    left: Expression,
    right: Expression,
    names: Sequence[str],
    assuming: Iterable[Assumption] = (),
) -> bool:
    """Return whether an expression grows no faster than another, up to constants."""
    assumed = tuple(assuming)
    first, second = (_plain_terms(tree, names, assumed) for tree in (left, right))
    return _at_most(first, second, names, assumed)


def _plain_terms(
    tree: Expression, names: Sequence[str], assumed: Sequence[Assumption]
) -> frozenset[Term]:
    return terms(_without_minima(without_orders(tree), names, assumed), names)


def _without_minima(  # noqa: C901  (one case a node)
    tree: Expression, names: Sequence[str], assumed: Sequence[Assumption]
) -> Expression:
    """Return a tree in which every minimum is the part of it that grows no faster than the others.

    Raises ExpressionError where it is not known which one that is.
    """

    def inner(part: Expression) -> Expression:
        return _without_minima(part, names, assumed)

    match tree:
        case Extreme("min", parts):
            found = [(part, terms(part, names)) for part in map(inner, parts)]
            for part, own in found:
                if all(_at_most(own, other, names, assumed) for _, other in found):
                    return part
            raise ExpressionError(messages.answers.NO_ORDER)
        case Sum(parts):
            return Sum(tuple(map(inner, parts)))
        case Product(parts):
            return Product(tuple(map(inner, parts)))
        case Extreme(function, parts):
            return Extreme(function, tuple(map(inner, parts)))
        case Negative(term):
            return Negative(inner(term))
        case Quotient(above, below):
            return Quotient(inner(above), inner(below))
        case Power(base, exponent):
            return Power(inner(base), exponent)
        case Call(function, argument):
            return Call(function, inner(argument))
        case _:
            return tree


# ---- the terms that can dominate -----------------------------------------------------------------


def terms(tree: Expression, names: Sequence[str]) -> frozenset[Term]:
    """Return the terms of an expression, without those that another one of them outgrows.

    Raises ExpressionError if it is zero, or has no order of this form.
    """
    written_out = algebra.polynomial(tree, names)
    if written_out is None:
        return _terms(tree, names)
    logs = (Fraction(0),) * len(names)
    signed = {
        (*map(Fraction, powers), *logs): coefficient for powers, coefficient in written_out.items()
    }
    return _leading(
        [term for term, coefficient in signed.items() if coefficient > 0],
        [term for term, coefficient in signed.items() if coefficient < 0],
    )


def _terms(tree: Expression, names: Sequence[str]) -> frozenset[Term]:
    match tree:
        case Number(value):
            return _leading([_unit(names)] if value else [], [])
        case Name(name):
            return frozenset([_exponents(names, name)])
        case Sum(parts):
            return _sum_terms(parts, names)
        case Extreme("max", parts):
            # The largest of some terms grows like their sum.
            return _leading([term for part in parts for term in _part_terms(part, names)], [])
        case Product(factors):
            return _product_terms([_terms(factor, names) for factor in factors])
        case Quotient(numerator, denominator):
            below = _raised(_single(_terms(denominator, names)), Fraction(-1))
            return _product_terms([_terms(numerator, names), frozenset([below])])
        case Power(base, exponent):
            return _power_terms(_terms(base, names), exponent, names)
        case Call("sqrt", argument):
            return _power_terms(_terms(argument, names), Quotient(_ONE, _TWO), names)
        case Call(function, argument) if function in LOGARITHMS:
            return _leading(_logarithms(_terms(argument, names), names), [])
        case _:
            raise ExpressionError(messages.answers.NO_ORDER)


def _part_terms(part: Expression, names: Sequence[str]) -> frozenset[Term]:
    """Return the terms of a part of a maximum; one that is zero adds nothing to the others."""
    return frozenset() if part == Number(Fraction(0)) else terms(part, names)


_ONE, _TWO = Number(Fraction(1)), Number(Fraction(2))


def _sum_terms(parts: Sequence[Expression], names: Sequence[str]) -> frozenset[Term]:
    positive: list[Term] = []
    negative: list[Term] = []
    for part in parts:
        if isinstance(part, Negative):
            negative += _terms(part.term, names)
        else:
            positive += _terms(part, names)
    return _leading(positive, negative)


def _product_terms(factors: Sequence[frozenset[Term]]) -> frozenset[Term]:
    result = factors[0]
    for factor in factors[1:]:
        result = _leading(
            [tuple(x + y for x, y in zip(a, b, strict=True)) for a in result for b in factor], []
        )
    return result


def _power_terms(
    base: frozenset[Term], exponent: Expression, names: Sequence[str]
) -> frozenset[Term]:
    ratio = algebra.ratio(exponent, names)
    power = algebra.constant(ratio) if ratio is not None else None
    if power is None or abs(power) > MAX_EXPONENT:
        raise ExpressionError(messages.answers.NO_ORDER)
    if power < 0:
        return frozenset([_raised(_single(base), power)])
    # A power of a sum grows like the sum of the powers.
    return _leading([_raised(term, power) for term in base], [])


def _logarithms(of: frozenset[Term], names: Sequence[str]) -> list[Term]:
    """Return the logarithm of a product as the sum of those of its factors."""
    found: list[Term] = []
    for term in of:
        powers, logs = term[: len(names)], term[len(names) :]
        if min(powers, default=Fraction(0)) < 0 or (any(logs) and not any(powers)):
            raise ExpressionError(messages.answers.NO_ORDER)
        present = [name for name, power in zip(names, powers, strict=True) if power]
        found += [_exponents(names, name, log=True) for name in present]
        found += [] if any(powers) else [_unit(names)]
    return found


def _unit(names: Sequence[str]) -> Term:
    return (Fraction(0),) * (2 * len(names))


def _exponents(names: Sequence[str], name: str, *, log: bool = False) -> Term:
    place = list(names).index(name) + (len(names) if log else 0)
    return tuple(Fraction(int(number == place)) for number in range(2 * len(names)))


def _raised(term: Term, power: Fraction) -> Term:
    return tuple(exponent * power for exponent in term)


def _single(of: frozenset[Term]) -> Term:
    if len(of) != 1:
        raise ExpressionError(messages.answers.NO_ORDER)
    return next(iter(of))


def _leading(positive: Sequence[Term], negative: Sequence[Term]) -> frozenset[Term]:
    """Return the positive terms that no other outgrows; what is subtracted must be outgrown."""
    kept = {
        term
        for term in set(positive)
        if not any(term != other and _below(term, other) for other in positive)
    }
    if not kept:
        raise ExpressionError(messages.answers.ZERO_ORDER)
    if not all(any(term != other and _below(term, other) for other in kept) for term in negative):
        raise ExpressionError(messages.answers.NO_ORDER)
    if len(kept) > MAX_TERMS:
        raise ExpressionError(messages.answers.TOO_LARGE)
    if any(abs(exponent) > MAX_EXPONENT for term in kept for exponent in term):
        raise ExpressionError(messages.answers.TOO_LARGE)
    return frozenset(kept)


def _below(term: Term, other: Term) -> bool:
    """Whether every exponent is at most the other's: then no assumption is needed."""
    return all(x <= y for x, y in zip(term, other, strict=True))


# ---- which of two sums dominates -----------------------------------------------------------------


def _at_most(
    left: frozenset[Term],
    right: frozenset[Term],
    names: Sequence[str],
    assuming: Sequence[Assumption],
) -> bool:
    growing = _growing(names, assuming)
    return all(_dominated(term, right, growing) for term in left)


def _growing(names: Sequence[str], assuming: Sequence[Assumption]) -> list[Term]:
    """Return terms that are at least 1, up to a constant: all others are products of them."""
    found: list[Term] = []
    for name in names:
        logarithm = _exponents(names, name, log=True)
        both = zip(_exponents(names, name), logarithm, strict=True)
        found += [logarithm, tuple(power - _ANY_POWER * log for power, log in both)]
    for assumed in assuming:
        for log in (False, True):
            above = _exponents(names, assumed.larger, log=log)
            below = _exponents(names, assumed.smaller, log=log)
            found.append(tuple(a - b for a, b in zip(above, below, strict=True)))
    return found


def _dominated(term: Term, others: Iterable[Term], growing: Sequence[Term]) -> bool:
    """Whether a term is a mean of the others, divided by terms that are at least 1."""
    zero, one = Fraction(0), Fraction(1)
    columns = [(*other, one) for other in others]
    columns += [(*(-exponent for exponent in step), zero) for step in growing]
    return _solvable(columns, (*term, one))


def _solvable(columns: Sequence[Sequence[Fraction]], target: Sequence[Fraction]) -> bool:
    """Return whether the target is a sum of the columns with weights ≥ 0.

    The first phase of the simplex method in exact arithmetic, with Bland's rule, which ends.
    """
    rows = len(target)
    signs = [-1 if value < 0 else 1 for value in target]
    table = [
        [signs[row] * column[row] for column in columns]
        + [Fraction(int(row == other)) for other in range(rows)]
        + [signs[row] * target[row]]
        for row in range(rows)
    ]
    basis = [len(columns) + row for row in range(rows)]
    # What is left of the target, as the sum of the rows; it shrinks to zero if there are weights.
    rest = [sum((row[place] for row in table), Fraction(0)) for place in range(len(columns))]
    left = sum((row[-1] for row in table), Fraction(0))
    while left > 0:
        enter = next((place for place, gain in enumerate(rest) if gain > 0), None)
        if enter is None:
            return False
        ratios = [
            (row[-1] / row[enter], basis[number], number)
            for number, row in enumerate(table)
            if row[enter] > 0
        ]
        _, _, leave = min(ratios)
        pivot = [value / table[leave][enter] for value in table[leave]]
        table = [
            pivot
            if number == leave
            else [a - row[enter] * b for a, b in zip(row, pivot, strict=True)]
            for number, row in enumerate(table)
        ]
        gain = rest[enter]
        rest = [a - gain * b for a, b in zip(rest, pivot, strict=False)]
        left -= gain * pivot[-1]
        basis[leave] = enter
    return True
