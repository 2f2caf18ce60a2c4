"""Names that a part forbids, such as `torch.optim`: where a submission's code has them.

Comments, docstrings and other texts don't count; a text that names the module for an import or a
look-up does.  What is put together only while the code runs is left to `grader.probes.guard`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from grader import messages
from grader.kinds.base import Judging
from grader.probes.guard import UNWATCHED
from grader.records import Observation, Outcome, PartResult, Status
from grader.spec.models import Part

DottedName: TypeAlias = Annotated[
    str,
    Field(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", description="A module: torch.optim."),
]

# The whole update of an optimizer as one function of torch itself.
_KERNELS = frozenset({"_fused_adagrad_", "_fused_adam_", "_fused_adamw_", "_fused_sgd_"})
_GRADER = "grader"  # nothing that is handed in needs what grades it
_IMPORTS = frozenset({"builtins.__import__", "importlib.import_module", "importlib.__import__"})
_BUILT_IN = {name: f"builtins.{name}" for name in ("getattr", "vars", "__import__")}
_DEPTH = 50  # of nested look-ups; real code has three or four
_ROUNDS = 4  # of following `a = b`, `b = c`


@dataclass(frozen=True, slots=True)
class Found:
    """A forbidden name, and where it stands."""

    file: str
    line: int
    name: str


def find(sources: Mapping[str, bytes], start: str, forbidden: Sequence[str]) -> Found | None:
    """Return the first forbidden name in a file or in those of the submission that it imports."""
    waiting, seen = [start], {start}
    while waiting:
        file = waiting.pop(0)
        tree = _parsed(sources.get(file, b""))
        if tree is None:
            continue
        code = _Code(tree)
        named = [(line, name) for line, name in code.named() if _is_forbidden(name, forbidden)]
        if named:
            return Found(file, *min(named, key=lambda item: (item[0], -len(item[1]))))
        for module in code.imported():
            for path in _paths(module, file):
                if path in sources and path not in seen:
                    seen.add(path)
                    waiting.append(path)
    return None


def refused(
    part: Part, forbidden: Sequence[str], observations: Sequence[Observation], judging: Judging
) -> PartResult | None:
    """Return the result of a part whose code names or reaches what is forbidden, else None.

    A probe that saw it says so under "forbidden" in what it returns.
    """
    if not forbidden:
        return None
    found = find(judging.sources, part.source_file, [*forbidden, _GRADER])
    if found is not None and found.name.partition(".")[0] == _GRADER:
        says = messages.optimizers.names_grader(found.file, found.line)
    elif found is not None:
        says = messages.optimizers.named(found.name, found.file, found.line)
    else:
        told = (_reached(observation, forbidden) for observation in observations)
        reached = next(filter(None, told), "")
        if not reached:
            return None
        unwatched = reached == UNWATCHED
        says = messages.optimizers.UNWATCHED if unwatched else messages.optimizers.reached(reached)
    return PartResult(part.id, Status.REFUSED, Fraction(0), part.points, says, hint=part.hint)


def _reached(observation: Observation, forbidden: Sequence[str]) -> str:
    """Return what a call reached, by its name if there is such a name, else by that of its module.

    What the student's process says may be made up of the inputs of a hidden case.
    """
    value = observation.value if observation.outcome is Outcome.RETURNED else None
    reached = value.get("forbidden") if isinstance(value, dict) else None
    if not isinstance(reached, str) or not reached:
        return ""
    if reached == UNWATCHED or (_is_forbidden(reached, forbidden) and _exists(reached)):
        return reached
    return next((item for item in forbidden if reached.startswith(item)), forbidden[0])


def _exists(name: str) -> bool:
    """Return whether a dotted name leads to something in the modules of this process."""
    parts = name.split(".")
    at = len(parts)
    while at and ".".join(parts[:at]) not in sys.modules:
        at -= 1
    found: Any = sys.modules.get(".".join(parts[:at]))
    for other in parts[at:]:
        try:
            found = vars(found).get(other)
        except TypeError:
            return False
    return found is not None


def _is_forbidden(name: str, forbidden: Sequence[str]) -> bool:
    if any(name == item or name.startswith(f"{item}.") for item in forbidden):
        return True
    parts = name.split(".")
    return "torch.optim" in forbidden and parts[0] == "torch" and not _KERNELS.isdisjoint(parts)


def _parsed(source: bytes) -> ast.Module | None:
    """Return the tree of a file, None if it is no Python: then it is not imported either."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _paths(module: str, file: str) -> Iterator[str]:
    """Yield where in the submission a module may stand: a name with dots in front is relative."""
    name = module.lstrip(".")
    folders = file.split("/")[:-1]
    level = len(module) - len(name)
    places = [folders[: len(folders) - level + 1]] if level else [[], folders]
    for place in places:
        path = "/".join([*place, *filter(None, name.split("."))])
        yield f"{path}.py"
        yield f"{path}/__init__.py"


class _Code:
    """The names of modules in one file, followed through imports and assignments."""

    def __init__(self, tree: ast.Module) -> None:
        self._nodes = list(ast.walk(tree))
        self._aliases = dict(_BUILT_IN)
        for node in self._nodes:
            for alias, name in _bound(node):
                self._aliases[alias] = name
        for _ in range(_ROUNDS):
            if not self._follow_assignments():
                break

    def named(self) -> Iterator[tuple[int, str]]:
        """Yield every dotted name that the code spells out, with its line."""
        for node in self._nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield from ((node.lineno, f"{node.module}.{a.name}") for a in node.names)
            elif isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
                name = self._resolved(node)
                if name is not None:
                    yield node.lineno, name
                asked = self._asked_for(node)
                if asked is not None:
                    yield node.lineno, asked

    def imported(self) -> Iterator[str]:
        """Yield every module that the code imports, relative ones with their dots."""
        for node in self._nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = "." * node.level + (node.module or "")
                yield base
                yield from (f"{base}.{alias.name}" if node.module else f"{base}{alias.name}"
                            for alias in node.names)  # fmt: skip
            else:
                asked = self._asked_for(node)
                if asked is not None:
                    yield asked

    def _follow_assignments(self) -> bool:
        changed = False
        for node in self._nodes:
            if isinstance(node, (ast.Assign, ast.NamedExpr)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                name = self._resolved(node.value)
                for target in targets:
                    known = isinstance(target, ast.Name) and target.id in self._aliases
                    if isinstance(target, ast.Name) and name is not None and not known:
                        self._aliases[target.id] = name
                        changed = True
        return changed

    def _asked_for(self, node: ast.AST) -> str | None:
        """Return the module that a call asks to be imported, if it is one that does so."""
        if not (isinstance(node, ast.Call) and node.args):
            return None
        if self._resolved(node.func) not in _IMPORTS:
            return None
        name = _text(node.args[0])
        if name is not None and name.startswith(".") and len(node.args) > 1:
            package = _text(node.args[1])
            return None if package is None else f"{package}.{name.lstrip('.')}"
        return name

    def _resolved(self, node: ast.AST, depth: int = 0) -> str | None:
        """Return the dotted name of what an expression looks up, if it can be told."""
        if depth > _DEPTH:
            return None
        if isinstance(node, ast.Name):
            return self._aliases.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self._resolved(node.value, depth + 1)
            return None if base is None else f"{base}.{node.attr}"
        if isinstance(node, ast.Subscript):
            return _item(self._resolved(node.value, depth + 1), _text(node.slice))
        if isinstance(node, ast.Call) and node.args:
            return self._called(node, depth)
        return None

    def _called(self, node: ast.Call, depth: int) -> str | None:
        function = self._resolved(node.func, depth + 1)
        if function in _IMPORTS:
            asked = self._asked_for(node)
            whole = asked is None or function == "importlib.import_module"
            # __import__("a.b") returns a, unless it is told what to take from a.b.
            return asked if whole or _has_fromlist(node) else str(asked).split(".")[0]
        if function == "builtins.getattr" and len(node.args) > 1:
            return _joined(self._resolved(node.args[0], depth + 1), _text(node.args[1]))
        if function == "builtins.vars":
            return _joined(self._resolved(node.args[0], depth + 1), "__dict__")
        if function is not None and function.endswith(".get"):
            return _item(function.removesuffix(".get"), _text(node.args[0]))
        return None


def _bound(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names that an import binds, each with what it stands for."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.split(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)
    elif isinstance(node, ast.ImportFrom) and not node.level:
        for alias in node.names:
            yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _item(base: str | None, key: str | None) -> str | None:
    """Return what a look-up in sys.modules, or in the __dict__ of a module, finds."""
    if base == "sys.modules":
        return key
    if base is not None and base.endswith(".__dict__"):
        return _joined(base.removesuffix(".__dict__"), key)
    return None


def _joined(base: str | None, name: str | None) -> str | None:
    return None if base is None or name is None else f"{base}.{name}"


def _has_fromlist(node: ast.Call) -> bool:
    return len(node.args) > 3 or any(keyword.arg == "fromlist" for keyword in node.keywords)


def _text(node: ast.AST, depth: int = 0) -> str | None:
    """Return the text that an expression of constants makes, None for any other expression."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if depth > _DEPTH:
        return None
    pieces: Sequence[Any] | None = None
    between = ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        pieces = [node.left, node.right]
    elif isinstance(node, ast.JoinedStr):
        pieces = [p.value if isinstance(p, ast.FormattedValue) else p for p in node.values]
    elif _is_join(node):
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)  # noqa: S101, PT018
        between = _text(node.func.value, depth + 1) or ""
        pieces = node.args[0].elts if isinstance(node.args[0], (ast.List, ast.Tuple)) else None
    if pieces is None:
        return None
    texts = [_text(piece, depth + 1) for piece in pieces]
    return None if None in texts else between.join(text or "" for text in texts)


def _is_join(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "join"
        and len(node.args) == 1
    )
