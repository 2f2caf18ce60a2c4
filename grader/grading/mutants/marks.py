"""Marks in a Python file: its functions, and the blocks in them, say when they first run."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from grader.grading.mutants import shapes
from grader.grading.mutants.scopes import MODULE, Scopes, block, wrapped

_MARK = "\x1eentered "
_MARKING = f"""\
def _grader_mark(name, _seen=set()):
    if name not in _seen:
        _seen.add(name)
        print({_MARK!r} + name, flush=True)
"""


def marked(file: str, code: str) -> str:
    """Return a file that prints the name of each function and block when it first runs."""
    tree = wrapped(file, code)
    module = tree.module.visit(_Marker(file, tree))
    body = list(module.body)
    at = len(list(itertools.takewhile(_stays_first, body)))
    marking = [*cst.parse_module(_MARKING).body, _mark(f"{file}:{MODULE}")]
    return module.with_changes(body=[*body[:at], *marking, *body[at:]]).code


def entered(output: str) -> frozenset[tuple[str, str]]:
    """Return what ran, as (file, scope) or (file, scope@block), from what marks have printed."""
    names = {line[len(_MARK) :] for line in output.split("\n") if line.startswith(_MARK)}
    return frozenset((file, scope) for file, _, scope in (name.partition(":") for name in names))


def _stays_first(node: cst.BaseStatement | cst.BaseCompoundStatement) -> bool:
    """Whether a statement has to stand at the top: the docstring, and imports of the future."""
    if not isinstance(node, cst.SimpleStatementLine):
        return False
    first = node.body[0]
    if isinstance(first, cst.ImportFrom):
        return isinstance(first.module, cst.Name) and first.module.value == "__future__"
    return isinstance(first, cst.Expr) and isinstance(
        first.value, (cst.SimpleString, cst.ConcatenatedString)
    )


def _mark(name: str) -> cst.SimpleStatementLine:
    return cst.SimpleStatementLine([cst.Expr(_mark_call(name))])


def _mark_call(name: str) -> cst.Call:
    return cst.Call(cst.Name("_grader_mark"), [cst.Arg(cst.SimpleString(repr(name)))])


class _Marker(cst.CSTTransformer):
    def __init__(self, file: str, tree: MetadataWrapper) -> None:
        super().__init__()
        self._file = file
        self._ranges: Mapping[cst.CSTNode, CodeRange] = tree.resolve(PositionProvider)
        self._parents: Mapping[cst.CSTNode, cst.CSTNode] = tree.resolve(ParentNodeProvider)
        self._scopes = Scopes(self._ranges)

    def on_visit(self, node: cst.CSTNode) -> bool:
        self._scopes.enter(node)
        return True

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        name = f"{self._file}:{self._scopes.name}"
        self._scopes.leave(original_node)
        if isinstance(updated_node, (cst.Lambda, cst.FunctionDef)):
            inner = updated_node.body
            new = (
                _after(name, inner) if isinstance(inner, cst.BaseExpression) else _led(name, inner)
            )
            return updated_node.with_changes(body=new)
        inside = block(original_node, self._parents, self._ranges)
        if not inside:
            return updated_node
        name = f"{name}@{inside}"
        is_expression = isinstance(updated_node, cst.BaseExpression)
        return _after(name, updated_node) if is_expression else _led(name, updated_node)


def _after(name: str, node: cst.BaseExpression) -> cst.Subscript:
    """Return an expression that gives what `node` does, after a mark."""
    both = [cst.Element(_mark_call(name)), cst.Element(shapes.operand(node))]
    second = cst.SubscriptElement(cst.Index(cst.Integer("1")))
    return cst.Subscript(cst.Tuple(both), [second])


def _led(name: str, body: cst.BaseSuite) -> cst.BaseSuite:
    """Return a body that begins with a mark."""
    in_one_line = isinstance(body, cst.SimpleStatementSuite)
    mark = cst.Expr(_mark_call(name)) if in_one_line else _mark(name)
    return body.with_changes(body=[mark, *body.body])
