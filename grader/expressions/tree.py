"""The tree of an expression, and the error for text that is none.

A tree says how a text was read, brackets included: `(a + b) + c` is a sum in a sum.  Numbers are
never negative; a minus is a node of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias


class ExpressionError(ValueError):
    """A text that cannot be read, or an expression that cannot be compared.

    `column` counts the characters of the text from 1; it is 0 where the whole text is meant.
    """

    def __init__(self, says: str, column: int = 0) -> None:
        super().__init__(says)
        self.says = says
        self.column = column


@dataclass(frozen=True, slots=True)
class Number:
    """A number, zero or positive."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A size, such as n."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A term with a minus before it."""

    term: Expression


@dataclass(frozen=True, slots=True)
class Sum:
    """Two terms or more; those that are subtracted are negative."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Two factors or more."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """A fraction."""

    numerator: Expression
    denominator: Expression


@dataclass(frozen=True, slots=True)
class Power:
    """A base with its exponent."""

    base: Expression
    exponent: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one argument: one of `FUNCTIONS`."""

    function: str
    argument: Expression


@dataclass(frozen=True, slots=True)
class Extreme:
    """The largest or the smallest of some expressions: one of `EXTREMES`."""

    function: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """`O(…)`, or `Θ(…)`, which is taken for the same."""

    symbol: str
    argument: Expression


@dataclass(frozen=True, slots=True)
class Relation:
    """Two sides and the sign between them: one of < ≤ > ≥ =."""

    left: Expression
    sign: str
    right: Expression


Expression: TypeAlias = (
    Number | Name | Negative | Sum | Product | Quotient | Power | Call | Extreme | Order
)
Tree: TypeAlias = Expression | Relation

LOGARITHMS = ("log", "ln", "log2", "log10")
FUNCTIONS = (*LOGARITHMS, "sqrt", "exp")
EXTREMES = ("max", "min")


def nodes(tree: Tree) -> Iterator[Tree]:
    """Yield a tree and everything in it."""
    yield tree
    for child in _children(tree):
        yield from nodes(child)


def _children(tree: Tree) -> tuple[Expression, ...]:
    match tree:
        case Negative(term):
            return (term,)
        case Sum(parts) | Product(parts) | Extreme(_, parts):
            return parts
        case Quotient(first, second) | Power(first, second) | Relation(first, _, second):
            return first, second
        case Call(_, argument) | Order(_, argument):
            return (argument,)
        case _:
            return ()


def has_order(tree: Tree) -> bool:
    """Whether an O(…) stands anywhere in it."""
    return any(isinstance(node, Order) for node in nodes(tree))
