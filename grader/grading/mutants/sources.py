"""The mutants of a Python file."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from grader.grading.mutants.operators import OPERATORS
from grader.grading.mutants.scopes import MODULE, Scopes, block, wrapped
from grader.grading.mutants.shapes import Around, Operator, called

_SKIPPED = (
    cst.Annotation,
    cst.Assert,
    cst.FormattedString,
    cst.Global,
    cst.Import,
    cst.ImportFrom,
    cst.Nonlocal,
    cst.Raise,
)
_SAID = frozenset({"print", "warn", "format"})


@dataclass(frozen=True, slots=True)
class Change:
    """What a mutant is, in words that stay the same when other lines of the file change."""

    file: str
    scope: str  # the function, as in Variable.backward; empty outside of every function
    line: str  # the text of the lines that changed, without the space around them
    becomes: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one slip."""

    change: Change
    operator: str
    number: int  # of the first line that changed, from 1
    code: str  # the whole file
    names: frozenset[str] = frozenset()  # what a statement outside of every function binds
    block: str = ""  # what has to run for it to run, within its function; empty: nothing more


def mutants_of(
    file: str,
    code: str,
    entered: Collection[str],
    operators: Sequence[Operator] = OPERATORS,
) -> list[Mutant]:
    """Return the mutants of a file, in the order of its lines.

    Functions that are not among those that were `entered` are left alone.  Raises CourseError for
    a file that is no Python.
    """
    wrapper = wrapped(file, code)
    finder = _Finder(wrapper, entered)
    wrapper.module.visit(finder)
    lines = code.split("\n")
    original = ast.dump(ast.parse(code))
    found: dict[str, Mutant] = {}
    for place in finder.places:
        for operator in operators:
            for new in operator.changes(place.node, finder.around):
                mutated = finder.replaced(place, new, lines)
                if mutated not in found and _counts(mutated, original):
                    number, line, becomes = difference(code, mutated)
                    change = Change(file, place.scope, line, becomes)
                    found[mutated] = Mutant(
                        change, operator.name, number, mutated, place.names, place.block
                    )
    return list(found.values())


def _counts(mutated: str, original: str) -> bool:
    """Whether a changed file is Python, and another program than before."""
    try:
        return ast.dump(ast.parse(mutated)) != original
    except SyntaxError:  # such as a bare star, or await, in a place where it cannot be
        return False


def difference(before: str, after: str) -> tuple[int, str, str]:
    """Return the number of the first line that differs, those lines, and what they become."""
    old, new = before.split("\n"), after.split("\n")
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    first, last = changed[0], changed[-1]
    return first[1] + 1, _joined(old[first[1] : last[2]]), _joined(new[first[3] : last[4]])


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.strip() for line in lines if line.strip())


@dataclass(frozen=True, slots=True)
class _Place:
    node: cst.CSTNode
    scope: str
    names: frozenset[str]
    block: str


class _Finder(cst.CSTVisitor):
    """Finds the nodes that may be changed, with the functions that they stand in."""

    def __init__(self, wrapper: MetadataWrapper, entered: Collection[str]) -> None:
        super().__init__()
        self.places: list[_Place] = []
        self._module = wrapper.module
        self._ranges: Mapping[cst.CSTNode, CodeRange] = wrapper.resolve(PositionProvider)
        parents = wrapper.resolve(ParentNodeProvider)
        self.around = Around(parents, frozenset(_namespaces(wrapper.module)))
        self._scopes = Scopes(self._ranges)
        self._blocks: list[tuple[cst.CSTNode, str]] = []
        self._entered = entered
        self._names: frozenset[str] = frozenset()

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note a node; return whether those in it may be changed as well."""
        if isinstance(node, _SKIPPED) or _says_something(node) or _is_main(node):
            return False
        self._enter(node)
        if self._scopes.depth == 0 and isinstance(node, cst.SimpleStatementLine):
            self._names = frozenset(_bound(node))
        scope = self._scopes.name
        if scope in self._entered:
            outside = self._scopes.outermost or self._names
            names = outside if scope == MODULE else frozenset()
            self.places.append(_Place(node, scope, names, self._blocks[-1][1]))
        return True  # also where it has not run: a method of the class may have

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Note that a function or a block is left."""
        self._scopes.leave(original_node)
        if self._blocks[-1][0] is original_node:
            self._blocks.pop()

    def _enter(self, node: cst.CSTNode) -> None:
        self._scopes.enter(node)
        inner = block(node, self.around.parents, self._ranges)
        if inner or not self._blocks or isinstance(node, (cst.FunctionDef, cst.Lambda)):
            self._blocks.append((node, inner))

    def replaced(self, place: _Place, new: cst.CSTNode, lines: Sequence[str]) -> str:
        """Return the file with another node in a place."""
        span = self._ranges[place.node]
        one_line = span.start.line == span.end.line
        if not one_line or not isinstance(place.node, (cst.BaseExpression, cst.BaseSmallStatement)):
            whole = cst.ensure_type(self._module.deep_replace(place.node, new), cst.Module)
            return whole.code
        row = span.start.line - 1
        line = lines[row]
        text = cst.Module([]).code_for_node(_bare(place.node, new))
        changed = f"{line[: span.start.column]}{text}{line[span.end.column :]}"
        return "\n".join([*lines[:row], changed, *lines[row + 1 :]])


def _bare(old: cst.CSTNode, new: cst.CSTNode) -> cst.CSTNode:
    """Return a node without as many parentheses as the old one has: the range is within them."""
    if not isinstance(old, cst.BaseExpression) or not isinstance(new, cst.BaseExpression):
        return new
    count = min(len(old.lpar), len(new.lpar))
    return new.with_changes(lpar=new.lpar[count:], rpar=new.rpar[: len(new.rpar) - count])


def _namespaces(module: cst.Module) -> Iterator[str]:
    """Yield the names of modules and classes, on which functions are found that are no methods."""
    for node in _all(module):
        if isinstance(node, cst.ImportAlias):
            name: cst.CSTNode = node.asname.name if node.asname else node.name
            while isinstance(name, cst.Attribute):
                name = name.value
            if isinstance(name, cst.Name):
                yield name.value
        elif isinstance(node, cst.ClassDef):
            yield node.name.value


def _all(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _all(child)


def _bound(node: cst.SimpleStatementLine) -> Iterator[str]:
    """Yield the names that a line outside of every function binds."""
    for statement in node.body:
        if isinstance(statement, cst.Assign):
            targets: list[cst.CSTNode] = [each.target for each in statement.targets]
        elif isinstance(statement, (cst.AnnAssign, cst.AugAssign)):
            targets = [statement.target]
        else:
            targets = []
        for target in targets:
            yield from (each.value for each in _all(target) if isinstance(each, cst.Name))


def _says_something(node: cst.CSTNode) -> bool:
    call = node.value if isinstance(node, cst.Expr) else node
    return called(call) in _SAID


def _is_main(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.If) and any(
        isinstance(each, cst.Name) and each.value == "__name__" for each in _all(node.test)
    )
