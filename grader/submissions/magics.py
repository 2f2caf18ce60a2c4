"""A cell as Python: what only Jupyter understands is left out, and every line keeps its number.

What IPython does with a cell before Python gets it is described at
https://ipython.readthedocs.io/en/stable/interactive/reference.html.  A line is looked at only where
a statement begins; the lines of strings, brackets and continued lines stay as they are.
"""

from __future__ import annotations
import __future__

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from grader.messages import notebooks

_SHOWN = 60  # characters of what was left out
_PARSED = 100_000  # characters of a statement or cell whose tree is made
# Magics of cells whose body is Python that runs where the other cells do.
_BODY_STAYS = frozenset(
    {"capture", "debug", "memit", "prun", "pyinstrument", "snakeviz", "time", "timeit"}
)
_DISPLAY = frozenset({"IPython.display", "IPython.core.display"})


Tell: TypeAlias = Callable[[str, int, int, str], str]
"""Makes the sentence on what was left out, of the notebook, the cell, the line and its text."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of a cell that is not run as it stands."""

    line: int  # in the cell, from 1
    text: str
    tell: Tell


@dataclass(slots=True)
class PythonCell:
    """The lines of a cell as Python, as many as it had."""

    lines: list[str]
    left_out: list[LeftOut] = field(default_factory=list)
    futures: list[str] = field(default_factory=list)  # of `from __future__ import …`

    def replace(self, first: int, end: int, tell: Tell | None, statement: str = "pass") -> None:
        """Put a statement in the place of the lines from first up to end, and note it."""
        lines = self.lines
        indent = _indent(lines[first])
        if tell is not None:
            self.left_out.append(LeftOut(first + 1, _shown(lines[first]), tell))
        lines[first] = f"{indent}{statement}  # {lines[first].strip()}".rstrip()
        for number in range(first + 1, end):
            lines[number] = f"# {lines[number].strip()}".rstrip()


def python(source: str) -> PythonCell:
    r"""Return a cell as Python; its lines end in \n."""
    cell = PythonCell(_dedented(source.split("\n")))
    if _cell_magics(cell):
        _lines(cell)
        _awaits(cell)
        cell.left_out.sort(key=lambda each: each.line)
    return cell


def _dedented(lines: list[str]) -> list[str]:
    """Return lines without the indentation of the first, which IPython takes off too."""
    indent = next((_indent(line) for line in lines if line.strip()), "")
    return [line.removeprefix(indent) for line in lines] if indent else lines


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def _shown(line: str) -> str:
    text = " ".join(line.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


# ---- whole cells ---------------------------------------------------------------------------------

_CELL_MAGIC = re.compile(r"%%\s*(\w+)?")


def _cell_magics(cell: PythonCell) -> bool:
    """Leave out the magics at the top of a cell; return whether what follows them is Python."""
    for number, line in enumerate(cell.lines):
        found = _CELL_MAGIC.match(line)
        if not line.strip():
            continue
        if found is None or found[1] is None:
            break
        if found[1] not in _BODY_STAYS:
            cell.replace(number, len(cell.lines), notebooks.cell_left_out)
            return False
        cell.replace(number, number + 1, notebooks.magic_left_out)
    return True


# ---- lines ---------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""
      (?P<string>
        \"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+\"""
      | '''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''
      | "(?!"")[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"
      | '(?!'')[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'
      )
    | (?P<endless>\"""|''')
    | (?P<broken>["'])
    | (?P<comment>\#[^\n]*+)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<continued>\\\n)
    | (?P<newline>\n)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = ("%", "!", "?")
_TIME = re.compile(r"%time\s+(?![-%!?])(\S.*)")
_ASSIGNED = re.compile(r"[^=#!%'\"(]*[^=#!%'\"(<>+\-*/|&^@:]=\s*(?:!|%(?=[A-Za-z_]))")
_PACKAGES = re.compile(r"(?:pip3?|conda|mamba)\s+(?:install|uninstall|list|show|update|upgrade)\b")
_PARSED_FIRST = re.compile(r"get_ipython\s*\(|from\s+(?:IPython\b|__future__\b)")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement, or several on a line: its lines, and whether its last line ends in code."""

    first: int
    end: int
    text: str
    code_ends: bool


def _lines(cell: PythonCell) -> None:
    for statement in _statements(cell.lines):
        _mend(cell, statement)


def _statements(lines: list[str]) -> Iterator[_Statement]:
    """Yield the statements of a cell; comments and empty lines are none."""
    text = "\n".join(lines) + "\n"
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    number = 0
    while number < len(lines):
        line = lines[number].lstrip(" \t\f")
        if not line or line.startswith("#"):
            number += 1
            continue
        if line.startswith(_ESCAPED) or _ASSIGNED.match(line) or _PACKAGES.match(line):
            # Quotes and brackets mean nothing in such a line.
            end = number + 1
            while end < len(lines) and lines[end - 1].endswith("\\"):
                end += 1
            yield _Statement(number, end, line, code_ends=False)
        else:
            stop, code_ends = _end(text, starts[number])
            end = number + 1 + text.count("\n", starts[number], stop)
            yield _Statement(number, end, text[starts[number] : stop], code_ends)
        number = end


def _end(text: str, start: int) -> tuple[int, bool]:
    """Return where a statement ends, and whether code stands there: no comment or broken string."""
    depth, code_ends = 0, True
    for found in _TOKEN.finditer(text, start):
        kind = found.lastgroup
        if kind == "newline" and depth <= 0:
            return found.start(), code_ends
        if kind == "endless":
            return len(text) - 1, False
        if kind in {"broken", "comment"}:
            code_ends = False
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
    return len(text) - 1, False


def _mend(cell: PythonCell, statement: _Statement) -> None:
    first, end, text = statement.first, statement.end, statement.text.strip()
    timed = _TIME.fullmatch(text)
    if timed and end == first + 1:
        cell.replace(first, end, notebooks.timing_left_out, timed[1])
    elif (
        text.startswith(_ESCAPED)
        or _ASSIGNED.match(text)
        or _PACKAGES.match(text)
        or (end == first + 1 and statement.code_ends and text.endswith("?"))
    ):
        cell.replace(first, end, notebooks.line_left_out)
    elif _PARSED_FIRST.match(text):
        _by_tree(cell, first, end, text)


def _by_tree(cell: PythonCell, first: int, end: int, text: str) -> None:
    """Replace a statement of its own that uses IPython, or belongs at the top of the module."""
    tree = _parsed(text)
    if tree is None or len(tree.body) != 1:
        return
    match tree.body[0]:
        case ast.ImportFrom(module="__future__", names=names) if _known_features(names):
            cell.futures += [alias.name for alias in names]
            cell.replace(first, end, None)
        case ast.ImportFrom(module=module, names=names, level=0) if module in _DISPLAY:
            bound = [alias.asname or alias.name for alias in names if alias.name != "*"]
            statement = " = ".join([*bound, "display"]) if bound else "pass"
            cell.replace(first, end, notebooks.display_replaced, statement)
        case ast.ImportFrom(module="IPython", names=[ast.alias(name="get_ipython")], level=0):
            cell.replace(first, end, notebooks.line_left_out)
        case ast.Expr(value=value) if _asks_ipython(value):
            cell.replace(first, end, notebooks.line_left_out)


def _known_features(names: list[ast.alias]) -> bool:
    return all(each.name in __future__.all_feature_names and not each.asname for each in names)


def _asks_ipython(node: ast.expr) -> bool:
    """Whether an expression is a call of get_ipython(), of its methods and so on."""
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id == "get_ipython"
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return False


def _parsed(text: str) -> ast.Module | None:
    if len(text) > _PARSED:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the student's code, such as an odd escape
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


# ---- await ---------------------------------------------------------------------------------------

_ASYNC = re.compile(r"\b(?:await|async)\b")
_ASYNC_NODES = (ast.Await, ast.AsyncFor, ast.AsyncWith)
_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _awaits(cell: PythonCell) -> None:
    """Leave out statements that wait for something outside of any function."""
    text = "\n".join(cell.lines)
    tree = _parsed(text) if _ASYNC.search(text) else None
    if tree is None:
        return
    firsts = [node.lineno - 1 for node in tree.body]
    ends = [node.end_lineno or node.lineno for node in tree.body]
    neighbours = zip([0, *ends], [*firsts[1:], len(cell.lines)], strict=False)
    for node, first, end, (before, after) in zip(tree.body, firsts, ends, neighbours, strict=True):
        if before <= first and end <= after and _waits(node):
            cell.replace(first, end, notebooks.await_left_out)


def _waits(node: ast.AST) -> bool:
    todo = [node]
    while todo:
        inner = todo.pop()
        if isinstance(inner, _ASYNC_NODES) or (
            isinstance(inner, ast.comprehension) and inner.is_async
        ):
            return True
        if not isinstance(inner, _OWN_SCOPE):
            todo.extend(ast.iter_child_nodes(inner))
    return False
