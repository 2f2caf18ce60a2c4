"""Where code cuts the graph of autograd: a Function of its own, hooks, no_grad, detach, data.

Only what the named functions reach is looked at, through the files of the submission; comments and
docstrings are no code.  `data` and `detach()` in a condition are ordinary, and what is stored first
and used later is left to `grader.probes.codings`, which sees what becomes of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

_TEXT = 80  # characters of a line that are shown
_ALWAYS = {
    "no_grad": "no_grad",
    "inference_mode": "no_grad",
    "set_grad_enabled": "no_grad",
    "saved_tensors_hooks": "hook",
    "register_autograd": "hook",
    "detach_": "detach",
}

Definition: TypeAlias = tuple[str, str]
"""A file of the submission, and a name that it defines at its top."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where the graph is cut."""

    kind: str  # function, hook, no_grad, detach, data
    file: str
    line: int
    text: str


def find(sources: Mapping[str, bytes], file: str, names: Sequence[str]) -> Cut | None:
    """Return the first cut in what the named functions reach, or None."""
    files = {path: _defined(source) for path, source in sources.items() if path.endswith(".py")}
    waiting: list[Definition] = [(file, name) for name in names]
    seen = set(waiting)
    found: list[Cut] = []
    while waiting:
        path, name = waiting.pop(0)
        for node in files.get(path, {}).get(name, ()):
            own = {key for key, nodes in files[path].items() if any(_is_code(n) for n in nodes)}
            found += [
                Cut(kind, path, line, text[:_TEXT]) for kind, line, text in _listed(node, own)
            ]
            for reached in _reached(node, path, files):
                if reached not in seen:
                    seen.add(reached)
                    waiting.append(reached)
    return min(found, key=lambda cut: (cut.file != file, cut.file, cut.line), default=None)


def _listed(node: ast.AST, own: set[str]) -> list[tuple[str, int, str]]:
    try:
        return list(_cuts(node, own))
    except RecursionError:
        return []  # an expression nested so deeply that only what it does can be judged


def _defined(source: bytes) -> dict[str, list[ast.AST]]:
    """Return the statements of a file by the names that they bind at its top."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}  # then it is not imported either
    found: dict[str, list[ast.AST]] = {}
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        for name in _bound(node):
            found.setdefault(name, []).append(node)
        if isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
            waiting += [
                child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)
            ]
    return found


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (item.id for item in ast.walk(target) if isinstance(item, ast.Name))


def _is_code(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Assign) else None
    return isinstance(node, (ast.FunctionDef, ast.ClassDef)) or isinstance(value, ast.Lambda)


def _reached(
    node: ast.AST, path: str, files: Mapping[str, Mapping[str, object]]
) -> Iterator[Definition]:
    """Yield what a statement mentions, in its own file or in one that it imports from."""
    if isinstance(node, ast.ImportFrom):
        home = f"{(node.module or '').replace('.', '/')}.py"
        if home in files:
            yield from ((home, alias.name) for alias in node.names)
        return
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and item.id in files[path]:
            yield path, item.id
        elif isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name):
            home = f"{item.value.id}.py"
            if home in files:
                yield home, item.attr


def _cuts(node: ast.AST, own: set[str]) -> Iterator[tuple[str, int, str]]:
    """Yield kind, line and text of every cut in a statement."""
    for item in ast.walk(node):
        kind = _kind(item)
        if kind and isinstance(item, ast.ClassDef):
            yield kind, item.lineno, f"class {item.name}"
        elif kind and isinstance(item, ast.expr):
            yield kind, item.lineno, ast.unparse(item)
    visitor = _Values(own)
    visitor.visit(node)
    yield from visitor.found


def _kind(item: ast.AST) -> str:
    """Return how a class, name or call cuts the graph wherever it stands; empty if it does not."""
    if isinstance(item, ast.ClassDef):
        return "function" if "Function" in map(_last, item.bases) else ""
    if isinstance(item, ast.Call):
        off = any(isinstance(a, ast.Constant) and a.value is False for a in _given(item))
        return "detach" if off and _last(item.func) == "requires_grad_" else ""
    name = _last(item)
    if isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store):
        return {"data": "data", "requires_grad": "detach"}.get(name, "")
    if name.startswith("register_") and name.endswith("hook"):
        return "hook"
    return _ALWAYS.get(name, "")


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


class _Values(ast.NodeVisitor):
    """Finds `data` and `detach()` where a result is computed, and not in conditions."""

    def __init__(self, own: set[str]) -> None:
        self.found: list[tuple[str, int, str]] = []
        self._own = own  # functions of the submission: what they do with an argument is seen there
        self._value = False

    def _within(self, node: ast.AST | None, *, value: bool) -> None:
        before, self._value = self._value, value
        if node is not None:
            self.visit(node)
        self._value = before

    def visit_If(self, node: ast.If | ast.While) -> None:
        self._within(node.test, value=False)
        for child in (*node.body, *node.orelse):
            self.visit(child)

    visit_While = visit_If  # noqa: N815

    def visit_IfExp(self, node: ast.IfExp) -> None:
        for child in (node.body, node.orelse):
            self.visit(child)

    def visit_Compare(self, node: ast.Compare) -> None:
        """A comparison gives a truth value, whatever it compares."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """An assertion computes nothing."""

    def visit_Return(self, node: ast.Return) -> None:
        self._within(node.value, value=True)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._within(node.body, value=True)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._within(node.left, value=True)
        self._within(node.right, value=True)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._within(node.value, value=True)

    def visit_Call(self, node: ast.Call) -> None:
        if _last(node.func) == "detach" and self._value:
            self.found.append(("detach", node.lineno, ast.unparse(node)))
        own = isinstance(node.func, ast.Name) and node.func.id in self._own
        self.visit(node.func)
        arguments = _given(node)
        if _last(node.func) == "where" and arguments:
            self._within(arguments.pop(0), value=False)
        for argument in arguments:
            self._within(argument, value=self._value and not own)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr == "data" and self._value and isinstance(node.ctx, ast.Load):
            self.found.append(("data", node.lineno, ast.unparse(node)))
        self.visit(node.value)
