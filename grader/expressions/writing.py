"""Expressions and polynomials as plain text: 2n² + 3mn.

What is written can be read again, and gives the same tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.expressions.tree import (
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
    Relation,
    Sum,
    Tree,
)

MINUS = "\u2212"
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LONGEST_SUPERSCRIPT = 3


def text(tree: Tree) -> str:
    """Return a tree as text."""
    match tree:
        case Relation(left, sign, right):
            return f"{text(left)} {sign} {text(right)}"
        case Sum(terms):
            first, *rest = terms
            minus = f" {MINUS} "
            return _term(first) + "".join(
                minus + _inner(term.term) if isinstance(term, Negative) else " + " + _inner(term)
                for term in rest
            )
        case _:
            return _term(tree)


def _term(tree: Expression) -> str:
    """Return what may stand first in a sum."""
    match tree:
        case Negative(term):
            return f"{MINUS}{_inner(term)}"
        case _:
            return _inner(tree)


def _inner(tree: Expression) -> str:
    """Return what may stand behind a sign."""
    match tree:
        case Quotient(numerator, denominator):
            above = _row(numerator) if isinstance(numerator, Product) else _factor(numerator)
            return f"{above}/{_factor(denominator)}"
        case Product():
            return _row(tree)
        case _:
            return _factor(tree)


def _row(product: Product) -> str:
    written = ""
    for before, factor in zip((None, *product.factors), product.factors, strict=False):
        written += (_between(before, factor) if before is not None else "") + _factor(factor)
    return written


def _between(before: Expression, factor: Expression) -> str:
    base = before.base if isinstance(before, Power) else before
    next_base = factor.base if isinstance(factor, Power) else factor
    if isinstance(next_base, Number) or isinstance(base, Call | Extreme):
        return "·"
    if isinstance(next_base, Call | Extreme | Order):
        return " "
    if isinstance(before, Power) and _superscript(before.exponent) is None:
        return "·"
    if isinstance(next_base, Name):
        long = len(next_base.name) > 1 or (isinstance(base, Name) and len(base.name) > 1)
        return "·" if long else ""
    return ""


def _factor(tree: Expression) -> str:
    match tree:
        case Power(base, exponent):
            below = _atom(base)
            raised = _superscript(exponent)
            return below + (raised if raised is not None else f"^{_atom(exponent)}")
        case _:
            return _atom(tree)


def _atom(tree: Expression) -> str:
    match tree:
        case Number(value):
            written = number_text(value)
            return f"({written})" if "/" in written else written
        case Name(name):
            return name
        case Call(function, argument):
            return f"{function}({text(argument)})"
        case Extreme(function, parts):
            return f"{function}({', '.join(map(text, parts))})"
        case Order(symbol, argument):
            return f"{symbol}({text(argument)})"
        case _:
            return f"({text(tree)})"


def _superscript(exponent: Expression) -> str | None:
    negative = isinstance(exponent, Negative)
    inner = exponent.term if isinstance(exponent, Negative) else exponent
    if not isinstance(inner, Number) or inner.value.denominator != 1:
        return None
    digits = ("-" if negative else "") + str(inner.value.numerator)
    short = len(digits) <= _LONGEST_SUPERSCRIPT
    return digits.translate(_SUPERSCRIPTS) if short else None


def number_text(value: Fraction) -> str:
    """Return a number as it may be typed: 2, 0.5, ⅓, 1/7."""
    if value < 0:
        return f"{MINUS}{number_text(-value)}"
    if value.denominator == 1:
        return str(value.numerator)
    digits = _decimals(value.denominator)
    if digits is None:
        return {Fraction(1, 3): "⅓", Fraction(2, 3): "⅔"}.get(value, str(value))
    shifted = str(value.numerator * 10**digits // value.denominator).zfill(digits + 1)
    return f"{shifted[:-digits]}.{shifted[-digits:]}"


def _decimals(denominator: int) -> int | None:
    """Return how many decimals a fraction with this denominator needs, if it ends at all."""
    powers = {2: 0, 5: 0}
    for prime in powers:
        while denominator % prime == 0:
            denominator //= prime
            powers[prime] += 1
    return max(powers.values()) if denominator == 1 else None


def polynomial_text(terms: Mapping[tuple[int, ...], Fraction], names: Sequence[str]) -> str:
    """Return a polynomial as text, by falling degree: 2n² + 3mn, with (1/2) for a half."""
    ordered = sorted(terms, key=lambda powers: (-sum(powers), [-power for power in powers]))
    written = ""
    for powers in ordered:
        coefficient = terms[powers]
        if not coefficient:
            continue
        sign = MINUS if coefficient < 0 else "+" if written else ""
        written += (f" {sign} " if written else sign) + _monomial(abs(coefficient), powers, names)
    return written or "0"


def _monomial(coefficient: Fraction, powers: Sequence[int], names: Sequence[str]) -> str:
    factors = [
        name + (str(power).translate(_SUPERSCRIPTS) if power > 1 else "")
        for name, power in zip(names, powers, strict=True)
        if power
    ]
    number = str(coefficient) if coefficient.denominator == 1 else f"({coefficient})"
    if coefficient == 1 and factors:
        number = ""
    between = "·" if any(len(name) > 1 for name in names) else ""
    return between.join([number, *factors] if number else factors)
