"""The functions of a Python file: what they are called, and which names they mention."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from grader.errors import CourseError

MODULE = ""
"""The scope of what stands outside of every function."""


def wrapped(file: str, code: str) -> MetadataWrapper:
    """Return the syntax tree of a file.  Raises CourseError if it is no Python."""
    try:
        return MetadataWrapper(cst.parse_module(code), unsafe_skip_copy=True)
    except cst.ParserSyntaxError as error:
        raise CourseError(f"{file}:{error.raw_line}: not Python: {error.message}") from None


class Scopes:
    """The functions and classes that a node stands in; a lambda is called by where it stands."""

    def __init__(self, ranges: Mapping[cst.CSTNode, CodeRange]) -> None:
        self._ranges = ranges
        self._stack: list[tuple[cst.CSTNode, str]] = []

    @property
    def depth(self) -> int:
        """In how many functions and classes we are."""
        return len(self._stack)

    @property
    def name(self) -> str:
        """The innermost function, with the classes and functions around it; empty outside."""
        functions = [
            n for n, (node, _) in enumerate(self._stack) if not isinstance(node, cst.ClassDef)
        ]
        if not functions:
            return MODULE
        return ".".join(name for _, name in self._stack[: functions[-1] + 1])

    @property
    def outermost(self) -> frozenset[str]:
        """The name of the outermost function or class; none outside."""
        return frozenset(name for _, name in self._stack[:1])

    def enter(self, node: cst.CSTNode) -> None:
        """Note that a node begins."""
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            self._stack.append((node, node.name.value))
        elif isinstance(node, cst.Lambda):
            start = self._ranges[node].start
            self._stack.append((node, f"<lambda {start.line}:{start.column}>"))

    def leave(self, node: cst.CSTNode) -> None:
        """Note that a node ends."""
        if self._stack and self._stack[-1][0] is node:
            self._stack.pop()


_BRANCHING = (cst.If, cst.Else, cst.For, cst.While, cst.ExceptHandler, cst.MatchCase)


def block(
    node: cst.CSTNode,
    parents: Mapping[cst.CSTNode, cst.CSTNode],
    ranges: Mapping[cst.CSTNode, CodeRange],
) -> str:
    """Return by which place a block is called that may be passed over; empty for other nodes.

    These are what stands under a condition or in a loop, and either side of `a if b else c`.
    """
    parent = parents.get(node)
    if isinstance(parent, _BRANCHING) and isinstance(
        node, (cst.IndentedBlock, cst.SimpleStatementSuite)
    ):
        return f"line {ranges[node.body[0]].start.line}"
    if isinstance(parent, cst.IfExp) and (node is parent.body or node is parent.orelse):
        start = ranges[node].start
        return f"line {start.line}, column {start.column}"
    return ""


def scopes_of(file: str, code: str) -> list[str]:
    """Return the functions of a file, in order."""
    wrapper = wrapped(file, code)
    lister = _Lister(wrapper.resolve(PositionProvider))
    wrapper.module.visit(lister)
    return list(dict.fromkeys(lister.found))


class _Lister(cst.CSTVisitor):
    def __init__(self, ranges: Mapping[cst.CSTNode, CodeRange]) -> None:
        super().__init__()
        self.found: list[str] = []
        self._scopes = Scopes(ranges)

    def on_visit(self, node: cst.CSTNode) -> bool:
        self._scopes.enter(node)
        if isinstance(node, (cst.FunctionDef, cst.Lambda)):
            self.found.append(self._scopes.name)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self._scopes.leave(original_node)


def used_names(code: str) -> dict[str, frozenset[str]]:
    """Return, for each function and class at the top of a file, the names that it mentions."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {
        node.name: frozenset(_mentioned(node))
        for node in ast.parse(code).body
        if isinstance(node, kinds)
    }


def _mentioned(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr
