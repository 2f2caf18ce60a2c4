"""What expressions are equal: exactly for fractions of polynomials, else to eighty digits.

A polynomial is a mapping from exponents, one for each name, to a coefficient: with the names n, m,
2n² + 3mn is {(2, 0): 2, (1, 1): 3}.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import TypeAlias

from grader import messages
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
    Sum,
    nodes,
)

Polynomial: TypeAlias = dict[tuple[int, ...], Fraction]
Ratio: TypeAlias = tuple[Polynomial, Polynomial]

MAX_EXPONENT = 24
MAX_BITS = 1000  # of a coefficient
MAX_WORK = 2000  # coefficients multiplied for one product


def polynomial(tree: Expression, names: Sequence[str]) -> Polynomial | None:
    """Return the polynomial that an expression is, without zero coefficients; None if it is none.

    Raises ExpressionError for one that is too large to be written out.
    """
    found = ratio(tree, names)
    return None if found is None else divided(*found)


def equal(left: Expression, right: Expression, names: Sequence[str]) -> bool:
    """Return whether two expressions are the same for all positive sizes.

    Raises ExpressionError for expressions too large to be compared, or without a value.
    """
    first, second = ratio(left, names), ratio(right, names)
    if first is not None and second is not None:
        return multiply(first[0], second[1]) == multiply(second[0], first[1])
    return _equal_numbers(left, right, names)


def value_at(tree: Expression, sizes: Mapping[str, int]) -> Fraction:  # noqa: C901  (one case a node)
    """Return the exact value of an expression at whole sizes, with the names as keys.

    Raises ExpressionError where it has none, or none that is a fraction: roots, logarithms, orders.
    """
    match tree:
        case Number(value):
            return value
        case Name(name):
            return Fraction(sizes[name])
        case Negative(term):
            return -value_at(term, sizes)
        case Sum(terms):
            return sum((value_at(term, sizes) for term in terms), Fraction(0))
        case Product(factors):
            return prod((value_at(factor, sizes) for factor in factors), start=Fraction(1))
        case Extreme(function, parts):
            values = [value_at(part, sizes) for part in parts]
            return max(values) if function == "max" else min(values)
        case Quotient(numerator, denominator):
            below = value_at(denominator, sizes)
            if not below:
                raise ExpressionError(messages.answers.DIVIDED_BY_ZERO)
            return value_at(numerator, sizes) / below
        case Power(base, exponent):
            return _exact_power(value_at(base, sizes), value_at(exponent, sizes))
        case Order():
            raise ExpressionError(messages.answers.ORDER_FOUND)
        case _:
            raise ExpressionError(messages.answers.NO_EXACT_VALUE)


def _exact_power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise ExpressionError(messages.answers.NO_EXACT_VALUE)
    if exponent < 0 and not base:
        raise ExpressionError(messages.answers.DIVIDED_BY_ZERO)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(exponent) * bits > MAX_BITS:
        raise ExpressionError(messages.answers.TOO_LARGE)
    return base ** int(exponent)


# ---- polynomials and their fractions -------------------------------------------------------------


def add(left: Mapping[tuple[int, ...], Fraction], right: Polynomial) -> Polynomial:
    """Return a sum."""
    total = dict(left)
    for powers, coefficient in right.items():
        total[powers] = total.get(powers, Fraction(0)) + coefficient
    return {powers: coefficient for powers, coefficient in total.items() if coefficient}


def scale(terms: Polynomial, factor: Fraction) -> Polynomial:
    """Return a multiple."""
    return {p: coefficient * factor for p, coefficient in terms.items()} if factor else {}


def multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    """Return a product.  Raises ExpressionError if it is too large to be written out."""
    if len(left) * len(right) > MAX_WORK:
        raise ExpressionError(messages.answers.TOO_LARGE)
    product: Polynomial = {}
    for a, first in left.items():
        for b, second in right.items():
            powers = tuple(x + y for x, y in zip(a, b, strict=True))
            product[powers] = product.get(powers, Fraction(0)) + first * second
    for powers, coefficient in product.items():
        bits = coefficient.numerator.bit_length() + coefficient.denominator.bit_length()
        if sum(powers) > MAX_EXPONENT or bits > MAX_BITS:
            raise ExpressionError(messages.answers.TOO_LARGE)
    return {powers: coefficient for powers, coefficient in product.items() if coefficient}


def ratio(tree: Expression, names: Sequence[str]) -> Ratio | None:
    """Return numerator and denominator, or None where there are roots or logarithms."""
    one = {(0,) * len(names): Fraction(1)}
    match tree:
        case Number(value):
            return scale(one, value), one
        case Name(name):
            return {tuple(int(name == other) for other in names): Fraction(1)}, one
        case Negative(term):
            inner = ratio(term, names)
            return None if inner is None else (scale(inner[0], Fraction(-1)), inner[1])
        case Sum(terms):
            return _fold([ratio(term, names) for term in terms], _plus)
        case Product(factors):
            return _fold([ratio(factor, names) for factor in factors], _times)
        case Quotient(numerator, denominator):
            above, below = ratio(numerator, names), ratio(denominator, names)
            return None if above is None or below is None else _times(above, _inverse(below))
        case Power(base, exponent):
            return _power(ratio(base, names), ratio(exponent, names), one)
        case Order():
            raise ExpressionError(messages.answers.ORDER_FOUND)
        case _:
            return None


def _fold(
    parts: Sequence[Ratio | None], operation: Callable[[Ratio, Ratio], Ratio]
) -> Ratio | None:
    result = parts[0]
    for part in parts[1:]:
        if result is None or part is None:
            return None
        result = operation(result, part)
    return result


def _plus(left: Ratio, right: Ratio) -> Ratio:
    if left[1] == right[1]:
        return add(left[0], right[0]), left[1]
    above = add(multiply(left[0], right[1]), multiply(right[0], left[1]))
    return above, multiply(left[1], right[1])


def _times(left: Ratio, right: Ratio) -> Ratio:
    return multiply(left[0], right[0]), multiply(left[1], right[1])


def _inverse(of: Ratio) -> Ratio:
    if not of[0]:
        raise ExpressionError(messages.answers.DIVIDED_BY_ZERO)
    return of[1], of[0]


def _power(base: Ratio | None, exponent: Ratio | None, one: Polynomial) -> Ratio | None:
    if base is None or exponent is None:
        return None
    number = constant(exponent)
    if number is None or number.denominator != 1:
        return None
    if abs(number) > MAX_EXPONENT:
        raise ExpressionError(messages.answers.TOO_LARGE)
    if number < 0:
        base = _inverse(base)
    result = one, one
    for _ in range(abs(int(number))):
        result = _times(result, base)
    return result


def constant(of: Ratio) -> Fraction | None:
    """Return the value of a fraction of two constants; None if a name occurs in it."""
    above, below = of
    if any(any(powers) for terms in of for powers in terms):
        return None
    return Fraction(sum(above.values())) / Fraction(sum(below.values()))


def divided(above: Polynomial, below: Polynomial) -> Polynomial | None:
    """Return a quotient if it comes out even: (n² + n)/n is n + 1."""
    quotient: Polynomial = {}
    lead = max(below)
    while above:
        first = max(above)
        powers = tuple(a - b for a, b in zip(first, lead, strict=True))
        if min(powers, default=0) < 0 or len(quotient) > MAX_EXPONENT:
            return None
        step = {powers: above[first] / below[lead]}
        quotient |= step
        above = add(above, scale(multiply(step, below), Fraction(-1)))
    return quotient


# ---- roots and logarithms: to eighty digits, at points that nothing is special about ------------

_DIGITS = 80
_AGREEING = decimal.Decimal(10) ** -40  # leaves room for terms that cancel
_ROUNDS = 4  # of other points; more where a maximum may hide what is different elsewhere
_POINTS = ("2.7391", "5.1873", "11.4327", "3.9011", "17.2903", "7.6127", "23.0719", "13.3331")


def _equal_numbers(left: Expression, right: Expression, names: Sequence[str]) -> bool:
    context = decimal.Context(prec=_DIGITS, Emax=100_000, Emin=-100_000)
    with decimal.localcontext(context):
        try:
            hidden = any(isinstance(n, Extreme) for tree in (left, right) for n in nodes(tree))
            rounds = len(_POINTS) ** 2 if hidden else _ROUNDS
            return all(_agree(left, right, names, shift) for shift in range(rounds))
        except decimal.DecimalException:
            raise ExpressionError(messages.answers.TOO_LARGE) from None


def _agree(left: Expression, right: Expression, names: Sequence[str], shift: int) -> bool:
    size, (stride, start) = len(_POINTS), divmod(shift, len(_POINTS))
    at = {
        name: decimal.Decimal(_POINTS[(number * (stride + 1) + start) % size]) + number // size
        for number, name in enumerate(names)
    }
    first, second = _number(left, at), _number(right, at)
    return abs(first - second) <= _AGREEING * max(abs(first), abs(second))


def _number(  # noqa: C901  (one case a node)
    tree: Expression, at: Mapping[str, decimal.Decimal]
) -> decimal.Decimal:
    match tree:
        case Number(value):
            return decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)
        case Name(name):
            return at[name]
        case Negative(term):
            return -_number(term, at)
        case Sum(terms):
            return sum((_number(term, at) for term in terms), decimal.Decimal(0))
        case Product(factors):
            product = decimal.Decimal(1)
            for factor in factors:
                product *= _number(factor, at)
            return product
        case Quotient(numerator, denominator):
            return _number(numerator, at) / _number(denominator, at)
        case Power(base, exponent):
            return _number(base, at) ** _number(exponent, at)
        case Call(function, argument):
            return _called(function, _number(argument, at))
        case Extreme(function, parts):
            values = [_number(part, at) for part in parts]
            return max(values) if function == "max" else min(values)
        case _:
            raise ExpressionError(messages.answers.ORDER_FOUND)


def _called(function: str, value: decimal.Decimal) -> decimal.Decimal:
    if function in LOGARITHMS:
        base = {"log2": 2, "log10": 10}.get(function)
        return value.ln() if base is None else value.ln() / decimal.Decimal(base).ln()
    return value.sqrt() if function == "sqrt" else value.exp()
