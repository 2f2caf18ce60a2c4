"""Slips of arithmetic: operators, signs, numbers, what is lost of a sum or a product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import libcst as cst

from grader.grading.mutants import shapes
from grader.grading.mutants.shapes import Around, in_place_of, operand, within

_OPERATORS: dict[type[cst.BaseBinaryOp], tuple[type[cst.BaseBinaryOp], ...]] = {
    cst.Add: (cst.Subtract,),
    cst.Subtract: (cst.Add,),
    cst.Multiply: (cst.Divide, cst.Add),
    cst.Divide: (cst.Multiply,),
    cst.FloorDivide: (cst.Divide,),
    cst.Modulo: (cst.Multiply,),
    cst.Power: (cst.Multiply,),
    cst.MatrixMultiply: (cst.Multiply,),
}
_UPDATES: dict[type[cst.BaseAugOp], type[cst.BaseAugOp]] = {
    cst.AddAssign: cst.SubtractAssign,
    cst.SubtractAssign: cst.AddAssign,
    cst.MultiplyAssign: cst.DivideAssign,
    cst.DivideAssign: cst.MultiplyAssign,
    cst.PowerAssign: cst.MultiplyAssign,
    cst.MatrixMultiplyAssign: cst.MultiplyAssign,
}
_COMPARISONS: dict[type[cst.BaseCompOp], tuple[type[cst.BaseCompOp], ...]] = {
    cst.LessThan: (cst.LessThanEqual, cst.GreaterThan),
    cst.LessThanEqual: (cst.LessThan, cst.GreaterThanEqual),
    cst.GreaterThan: (cst.GreaterThanEqual, cst.LessThan),
    cst.GreaterThanEqual: (cst.GreaterThan, cst.LessThanEqual),
    cst.Equal: (cst.NotEqual,),
    cst.NotEqual: (cst.Equal,),
    cst.Is: (cst.IsNot,),
    cst.IsNot: (cst.Is,),
    cst.In: (cst.NotIn,),
    cst.NotIn: (cst.In,),
}
_ORDERED = (cst.Subtract, cst.Divide, cst.FloorDivide, cst.Power, cst.MatrixMultiply)
_SUMS = (cst.Add, cst.Subtract)
_PRODUCTS = (cst.Multiply, cst.Divide, cst.MatrixMultiply, cst.Power)


def _spaced(old: Any, new: type[Any]) -> Any:
    """Return another operator with the spaces of the old one."""
    spaces = {
        name: getattr(old, name)
        for name in ("whitespace_before", "whitespace_after")
        if hasattr(old, name)
    }
    return new(**spaces)


def operators(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield an operation with another operator."""
    if isinstance(node, cst.BinaryOperation):
        for other in _OPERATORS.get(type(node.operator), ()):
            new = node.with_changes(operator=_spaced(node.operator, other))
            yield within(node, new, around)
    elif isinstance(node, cst.AugAssign) and type(node.operator) in _UPDATES:
        other_update = _UPDATES[type(node.operator)]
        yield node.with_changes(operator=_spaced(node.operator, other_update))


def comparisons(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a comparison with another sign: with or without equality, or the other way round."""
    del around
    if not isinstance(node, cst.Comparison):
        return
    for index, target in enumerate(node.comparisons):
        for other in _COMPARISONS.get(type(target.operator), ()):
            # `is not` and `not in` have spaces of their own, which the others lack.
            new = target.with_changes(operator=_spaced(target.operator, other))
            changed = [*node.comparisons[:index], new, *node.comparisons[index + 1 :]]
            yield node.with_changes(comparisons=changed)


def signs(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield what is behind a minus or a not; and what is returned or assigned with a minus."""
    if _in_index(node, around):
        return
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, (cst.Minus, cst.Not)):
        yield in_place_of(node, node.expression)
    elif isinstance(node, (cst.BinaryOperation, cst.Call, cst.Subscript)) and _is_result(
        node, around
    ):
        yield in_place_of(node, cst.UnaryOperation(cst.Minus(), operand(node)))


def _is_result(node: cst.CSTNode, around: Around) -> bool:
    """Whether an expression is what is returned or assigned, or one of several such."""
    parent = around.parent(node)
    if isinstance(parent, cst.Element):
        parent = around.parent(around.parents[parent])
    if isinstance(parent, cst.Assign):
        return not any(target.target is node for target in parent.targets)
    return isinstance(parent, (cst.Return, cst.DictElement)) or (
        isinstance(parent, cst.Lambda) and parent.body is node
    )


def constants(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield other numbers for a number, and the other truth value for one."""
    if _in_index(node, around) or _is_special_argument(node, around):
        return
    if isinstance(node, cst.Integer):
        value = node.evaluated_value
        near = (value + 1, value - 1, 2 * value)
        others: tuple[float, ...] = {0: (1,), 1: (0, 2)}.get(value, near)
    elif isinstance(node, cst.Float):
        given = node.evaluated_value
        others = {0.0: (1.0,), 1.0: (0.0, 2.0, 0.5)}.get(given, (2 * given, given / 2, given + 1))
    elif isinstance(node, cst.Name) and node.value in {"True", "False"}:
        yield cst.Name("False" if node.value == "True" else "True")
        return
    else:
        return
    for other in dict.fromkeys(others):
        yield shapes.number(other).with_changes(lpar=node.lpar, rpar=node.rpar)


def _in_index(node: cst.CSTNode, around: Around) -> bool:
    """Whether a number, perhaps behind its minus, is an index or a bound of a slice."""
    parent = around.parent(node)
    if isinstance(parent, cst.UnaryOperation):
        parent = around.parent(parent)
    plain = isinstance(node, cst.BaseExpression) and shapes.integer(node) is not None
    return plain and isinstance(parent, (cst.Index, cst.Slice))


def _is_special_argument(node: cst.CSTNode, around: Around) -> bool:
    """Whether a number is an axis, or a bound of a range: these have operators of their own."""
    for ancestor in around.ancestors(node):
        if isinstance(ancestor, cst.Arg):
            named = ancestor.keyword is not None
            name = ancestor.keyword.value if ancestor.keyword else ""
            if named and name in shapes.AXES | shapes.KEPT:
                return True
            return shapes.called(around.parents[ancestor]) == "range"
        if not isinstance(ancestor, (cst.UnaryOperation, cst.Tuple, cst.Element)):
            return False
    return False


def terms(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a sum or difference without one of its terms."""
    del around
    if not (isinstance(node, cst.BinaryOperation) and isinstance(node.operator, _SUMS)):
        return
    right = node.right
    if isinstance(node.operator, cst.Subtract):
        right = cst.UnaryOperation(cst.Minus(), operand(right))
    yield in_place_of(node, node.left)
    yield in_place_of(node, right)


def factors(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a product without one of its factors, a quotient or power without its second part."""
    del around
    if not (isinstance(node, cst.BinaryOperation) and isinstance(node.operator, _PRODUCTS)):
        return
    yield in_place_of(node, node.left)
    if not isinstance(node.operator, cst.Power):
        yield in_place_of(node, node.right)


def exchanges(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield an operation with its operands exchanged, where their order counts."""
    del around
    if not (isinstance(node, cst.BinaryOperation) and isinstance(node.operator, _ORDERED)):
        return
    if not shapes.same(node.left, node.right):
        new = node.with_changes(left=operand(node.right), right=operand(node.left))
        yield in_place_of(node, new)
