"""Slips with arrays: indices, axes, transposes, and functions taken for their neighbours."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from grader.grading.mutants import shapes
from grader.grading.mutants.shapes import Around, in_place_of, with_arguments, within

_TRANSPOSED = frozenset({"T", "mT", "H"})
_TRANSPOSING = frozenset({"transpose", "swapaxes", "moveaxis", "permute", "t"})
_PAIRS = (
    ("max", "min"),
    ("amax", "amin"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
)
_NEIGHBOURS = (
    ("sin", "cos"),
    ("sum", "mean"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("hstack", "vstack"),
    ("all", "any"),
)
_EXTREMES = {name: other for pair in _PAIRS for name, other in (pair, pair[::-1])}
_OTHERS = {name: other for pair in _NEIGHBOURS for name, other in (pair, pair[::-1])}


def indices(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield an index off by one, a slice without a bound or with another, two axes exchanged."""
    del around
    if not isinstance(node, cst.Subscript):
        return
    for place, element in enumerate(node.slice):
        for new in _other_slices(element.slice):
            changed = element.with_changes(slice=new)
            yield node.with_changes(slice=[*node.slice[:place], changed, *node.slice[place + 1 :]])
    for place in range(len(node.slice) - 1):
        one, other = node.slice[place : place + 2]
        if not shapes.same(one.slice, other.slice):
            new_one = one.with_changes(slice=other.slice)
            new_other = other.with_changes(slice=one.slice)
            rest = node.slice[place + 2 :]
            yield node.with_changes(slice=[*node.slice[:place], new_one, new_other, *rest])


def _other_slices(given: cst.BaseSlice) -> Iterator[cst.BaseSlice]:
    if isinstance(given, cst.Index):
        whole = shapes.integer(given.value) is not None
        if whole or (isinstance(given.value, cst.Name) and given.value.value != "None"):
            yield given.with_changes(value=shapes.moved(given.value, 1))
            yield given.with_changes(value=shapes.moved(given.value, -1))
    elif isinstance(given, cst.Slice):
        for bound in ("lower", "upper"):
            value = getattr(given, bound)
            if value is None:
                continue
            yield given.with_changes(**{bound: None})
            for by in (1, -1):
                yield given.with_changes(**{bound: shapes.moved(value, by)})
        if given.step is not None:
            unset = cst.MaybeSentinel.DEFAULT
            yield given.with_changes(step=None, second_colon=unset)


def axes(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a call with another axis, and one without."""
    del around
    if not isinstance(node, cst.Call):
        return
    for place, argument in enumerate(node.args):
        if argument.keyword is None or argument.keyword.value not in shapes.AXES:
            continue
        axis = shapes.integer(argument.value)
        if axis is not None:
            new = argument.with_changes(value=shapes.number(1 if axis == 0 else 0))
            yield node.with_changes(args=[*node.args[:place], new, *node.args[place + 1 :]])
        yield with_arguments(node, (each for each in node.args if each is not argument))


def kept_axes(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a call that does not keep the axis."""
    del around
    if isinstance(node, cst.Call):
        kept = [arg for arg in node.args if not (arg.keyword and arg.keyword.value in shapes.KEPT)]
        if len(kept) < len(node.args):
            yield with_arguments(node, kept)


def transposes(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield what would be transposed as it is."""
    if isinstance(node, cst.Attribute) and node.attr.value in _TRANSPOSED:
        yield in_place_of(node, node.value)
    elif isinstance(node, cst.Call) and shapes.called(node) in _TRANSPOSING:
        inner = subject(node, around)
        if inner is not None:
            yield within(node, inner, around)


def subject(node: cst.Call, around: Around) -> cst.BaseExpression | None:
    """Return what a call works on: the object of a method, else its first argument, if any."""
    function = node.func
    if isinstance(function, cst.Attribute) and not _is_namespace(function.value, around):
        return function.value
    given = shapes.positional(node)
    return given[0].value if given else None


def _is_namespace(node: cst.BaseExpression, around: Around) -> bool:
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name) and node.value in around.namespaces


def extremes(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a call of the smallest for the largest, and the other way round."""
    del around
    yield from _renamed(node, _EXTREMES)


def functions(node: cst.CSTNode, around: Around) -> Iterator[cst.CSTNode]:
    """Yield a call of a neighbour of the function: cos for sin, mean for sum."""
    del around
    yield from _renamed(node, _OTHERS)


def _renamed(node: cst.CSTNode, names: dict[str, str]) -> Iterator[cst.CSTNode]:
    name = shapes.called(node)
    if isinstance(node, cst.Call) and name in names:
        new = cst.Name(names[name])
        function = node.func
        is_attribute = isinstance(function, cst.Attribute)
        yield node.with_changes(func=function.with_changes(attr=new) if is_attribute else new)
