"""Slips in the steps of a program: what is left out, turned round, or handed over wrongly."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from grader.grading.mutants import shapes
from grader.grading.mutants.arrays import subject
from grader.grading.mutants.shapes import Around, in_place_of, with_arguments, within


def statements(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield nothing in place of a call, an update, an assignment into something, a jump."""
    del around
    plain = isinstance(node, (cst.AugAssign, cst.Break, cst.Continue, cst.Del))
    call = isinstance(node, cst.Expr) and isinstance(node.value, (cst.Call, cst.Await))
    stored = isinstance(node, cst.Assign) and any(
        isinstance(target.target, (cst.Subscript, cst.Attribute)) for target in node.targets
    )
    if plain or call or stored:
        yield cst.Pass()


def updates(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a plain assignment for an update."""
    del around
    if isinstance(node, cst.AugAssign):
        yield cst.Assign([cst.AssignTarget(node.target)], node.value)


def calls(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield what a function is called with, in place of what it returns."""
    if not isinstance(node, cst.Call) or isinstance(around.parent(node), (cst.Expr, cst.Decorator)):
        return
    inner = subject(node, around)
    if inner is not None and shapes.called(node) != "range":
        yield within(node, inner, around)


def arguments(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a call, or a returned tuple, with two neighbours exchanged."""
    if isinstance(node, cst.Call) and shapes.called(node) != "range":
        given = shapes.positional(node)
        values = [each.value for each in given]
        for place in range(len(values) - 1):
            if not shapes.same(values[place], values[place + 1]):
                exchanged = zip(given, shapes.swapped(values, place), strict=True)
                new = [argument.with_changes(value=value) for argument, value in exchanged]
                yield node.with_changes(args=[*new, *node.args[len(given) :]])
    elif isinstance(node, cst.Tuple) and isinstance(around.parent(node), cst.Return):
        values = [each.value for each in node.elements]
        for place in range(len(values) - 1):
            if not shapes.same(values[place], values[place + 1]):
                both = zip(node.elements, shapes.swapped(values, place), strict=True)
                yield node.with_changes(elements=[e.with_changes(value=v) for e, v in both])


def keywords(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a call that leaves an argument to its default."""
    del around
    if isinstance(node, cst.Call):
        for argument in node.args:
            if argument.keyword and argument.keyword.value not in shapes.AXES | shapes.KEPT:
                yield with_arguments(node, (each for each in node.args if each is not argument))


def ranges(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a range that begins or ends one earlier or later."""
    del around
    if not isinstance(node, cst.Call) or shapes.called(node) != "range":
        return
    given = shapes.positional(node)
    for place, argument in enumerate(given[:2]):
        for by in (1, -1):
            new = argument.with_changes(value=shapes.moved(argument.value, by))
            yield node.with_changes(args=[*node.args[:place], new, *node.args[place + 1 :]])
    if len(given) == 1:
        yield with_arguments(node, (cst.Arg(cst.Integer("1")), *given))


def conditions(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a condition that always holds or never does, and `or` for `and`."""
    if isinstance(node, cst.BooleanOperation):
        other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
        left, right = _joined(node.left), _joined(node.right)
        yield in_place_of(node, cst.BooleanOperation(left, other, right))
        yield in_place_of(node, node.left)
        yield in_place_of(node, node.right)
    elif isinstance(node, cst.IfExp):
        yield in_place_of(node, node.body)
        yield in_place_of(node, node.orelse)
    elif isinstance(node, cst.BaseExpression):
        parent = around.parent(node)
        if isinstance(parent, (cst.If, cst.CompIf)) and parent.test is node:
            yield cst.Name("True")
            yield cst.Name("False")
        elif isinstance(parent, cst.While) and parent.test is node:
            yield cst.Name("False")


def _joined(node: cst.BaseExpression) -> cst.BaseExpression:
    return shapes.operand(node) if isinstance(node, cst.BooleanOperation) else node


def decorators(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a function or class without one of its decorators."""
    del around
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        for decorator in node.decorators:
            kept = [each for each in node.decorators if each is not decorator]
            yield node.with_changes(decorators=kept)
