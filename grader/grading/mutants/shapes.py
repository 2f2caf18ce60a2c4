"""Building blocks of the operators: parentheses where needed, numbers, surroundings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import libcst as cst

Expression = TypeVar("Expression", bound=cst.BaseExpression)

_LOOSE = (
    cst.BinaryOperation,
    cst.UnaryOperation,
    cst.BooleanOperation,
    cst.Comparison,
    cst.IfExp,
    cst.Lambda,
)
"""What has to be put in parentheses before it becomes the operand of something else."""

_TIGHT = (cst.BinaryOperation, cst.UnaryOperation, cst.Attribute, cst.Await)
AXES = frozenset({"axis", "axes", "dim"})
KEPT = frozenset({"keepdims", "keepdim"})


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds the nodes of a file."""

    parents: Mapping[cst.CSTNode, cst.CSTNode]
    namespaces: frozenset[str]  # modules and classes: what stands before a dot is no array

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return what a node stands in; None for the file itself."""
        return self.parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield what a node stands in, from the inside out."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent


Changes: TypeAlias = Callable[[cst.CSTNode, Around], Iterator[cst.CSTNode]]
"""Yields what may stand in the place of a node."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A kind of slip: its name, what it is in a sentence, and what it makes of a node."""

    name: str
    says: str
    changes: Changes


def operand(node: Expression) -> Expression:
    """Return an expression that can stand as an operand: in parentheses if it is an operation."""
    if isinstance(node, _LOOSE) and not node.lpar:
        return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])  # type: ignore[return-value]
    return node


def in_place_of(old: cst.BaseExpression, new: cst.BaseExpression) -> cst.BaseExpression:
    """Return `new` with the parentheses of `old`, unless it has some of its own."""
    return new if new.lpar else new.with_changes(lpar=old.lpar, rpar=old.rpar)


def within(old: cst.BaseExpression, new: cst.BaseExpression, around: Around) -> cst.BaseExpression:
    """Return `new` in parentheses if `old` is an operand and has none: `new` binds less tightly."""
    tight = isinstance(around.parent(old), _TIGHT) and not old.lpar
    return operand(new) if tight else in_place_of(old, new)


def called(node: cst.CSTNode) -> str:
    """Return the last name of what a call calls, empty for anything else."""
    if not isinstance(node, cst.Call):
        return ""
    function = node.func
    if isinstance(function, cst.Attribute):
        return function.attr.value
    return function.value if isinstance(function, cst.Name) else ""


def integer(node: cst.BaseExpression) -> int | None:
    """Return the value of a whole number with or without a sign, None for anything else."""
    if isinstance(node, cst.Integer):
        return node.evaluated_value
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = integer(node.expression)
        return None if inner is None else -inner
    return None


def number(value: float) -> cst.BaseExpression:
    """Return the literal of a number."""
    if value < 0:
        return cst.UnaryOperation(cst.Minus(), number(-value))
    return cst.Integer(str(value)) if isinstance(value, int) else cst.Float(repr(value))


def moved(node: cst.BaseExpression, by: int) -> cst.BaseExpression:
    """Return an expression for what a whole number is plus one, or minus one."""
    value = integer(node)
    if value is not None:
        return number(value + by)
    sign = cst.Add() if by > 0 else cst.Subtract()
    return cst.BinaryOperation(operand(node), sign, cst.Integer(str(abs(by))))


def with_arguments(node: cst.Call, arguments: Iterable[cst.Arg]) -> cst.Call:
    """Return a call with other arguments, what stands behind the last one as it was."""
    kept = list(arguments)
    if kept:
        kept[-1] = kept[-1].with_changes(comma=node.args[-1].comma)
    return node.with_changes(args=kept)


def positional(node: cst.Call) -> list[cst.Arg]:
    """Return the arguments before the first that has a name or a star."""
    found = []
    for argument in node.args:
        if argument.keyword is not None or argument.star:
            break
        found.append(argument)
    return found


def swapped(items: Sequence[Expression], first: int) -> list[Expression]:
    """Return items with the one at `first` and the one behind it exchanged."""
    return [*items[:first], items[first + 1], items[first], *items[first + 2 :]]


def same(one: cst.CSTNode, other: cst.CSTNode) -> bool:
    """Whether two pieces of code are the same but for spaces and comments."""
    return text(one) == text(other)


def text(node: cst.CSTNode) -> str:
    """Return the code of a node without its spaces."""
    return "".join(cst.Module([]).code_for_node(node).split())
