"""The student's own code of one part: the functions and classes that the part asks for.

They are found in the stored sources by their names: by the lines at the left margin where these are
plain, else in the tree of the code.  A function that an error went through is shown too.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from grader.records import PartOutline, PartResult, Status
from grader.report.colours import pieces
from grader.report.listing import Line, Listing, Note, notes_of
from grader.report.text import unix_lines

MOST_LINES = 60
"""Of a longer piece of code the beginning is shown, and what is near a marked line."""
_AROUND = 4
_LARGEST_PARSED = 400_000  # characters


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The code of a part: runs of lines of one file; between two runs some lines are left out."""

    file: str
    runs: tuple[tuple[Line, ...], ...]
    left_out: int  # lines of the functions and classes themselves

    @property
    def marked(self) -> bool:
        """Whether a line of it is marked."""
        return any(line.notes for run in self.runs for line in run)


def excerpt(
    outline: PartOutline,
    result: PartResult,
    sources: Mapping[str, str],
    listings: Iterable[Listing],
    file: str = "",
) -> Excerpt | None:
    """Return the code of a part; None if the submission has none of what the part asks for.

    `file` is what was handed in as the part's file, where that is a notebook.
    """
    file = file or outline.file
    listing = next((each for each in listings if each.file == file), None)
    if listing is None or file not in sources:
        return None
    told = notes_of([result]).get(file, {})
    places = {(line.cell, line.in_cell): line.number for line in listing.marks}
    marks = {places[place]: notes for place, notes in told.items() if place in places}
    names = _wanted(outline, result)
    wanted = [each for each in _at_the_top(sources[file]) if each.name in names]
    stopped = [_innermost(_definitions(sources[file]), line) for line in marks]
    spans = _joined({(d.first, d.last) for d in (*wanted, *filter(None, stopped))})
    numbers = _kept(spans, marks)
    if not numbers:
        return None
    lines = listing.by_number
    shown = [
        _with_notes(lines[number], marks.get(number, ()))
        for number in sorted(numbers & lines.keys())
    ]
    total = sum(last - first + 1 for first, last in spans)
    return Excerpt(file, tuple(_runs(shown)), total - len(shown))


def _wanted(outline: PartOutline, result: PartResult) -> frozenset[str]:
    """Return the names to show: if some classes of a part are right, those that are not."""
    faulty = {check.name for check in result.checks if check.status is not Status.CORRECT}
    return frozenset(faulty & set(outline.functions) or outline.functions)


@dataclass(frozen=True, slots=True)
class _Definition:
    name: str
    first: int
    last: int
    top: bool = True


@lru_cache(maxsize=8)  # one submission's files, for all of its parts
def _definitions(source: str) -> tuple[_Definition, ...]:
    """Return every function and class, and every name that is assigned at the top, by lines."""
    text = unix_lines(source)
    if len(text) > _LARGEST_PARSED:
        return ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the student's code, such as an odd escape
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return tuple(_by_lines(text))
    return tuple(_in_tree(tree))


def _in_tree(tree: ast.Module) -> Iterator[_Definition]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    todo: list[tuple[ast.stmt, bool]] = [(node, True) for node in tree.body]
    while todo:
        node, top = todo.pop()
        if isinstance(node, kinds):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            yield _Definition(node.name, first, node.end_lineno or first, top)
            todo += [(inner, False) for inner in node.body if isinstance(inner, kinds)]
        elif isinstance(node, ast.Assign):
            last = node.end_lineno or node.lineno
            names = [each.id for each in node.targets if isinstance(each, ast.Name)]
            yield from (_Definition(name, node.lineno, last, top) for name in names)
        elif isinstance(node, (ast.If, ast.Try)):
            # What a file does when it is run by itself defines nothing that anybody asks for.
            own = isinstance(node, ast.If) and _is_guard(node.test)
            todo += [(each, top) for each in node.body if not own or isinstance(each, kinds)]
            todo += [(each, top) for each in node.orelse]


def _is_guard(test: ast.expr) -> bool:
    """Return whether a condition is that of `if __name__ == "__main__":`."""
    match test:
        case ast.Compare(ast.Name("__name__"), [ast.Eq()], [ast.Constant("__main__")]):
            return True
    return False


@lru_cache(maxsize=8)
def _at_the_top(source: str) -> tuple[_Definition, ...]:
    """Return the definitions at the top of a file, most often without parsing it.

    Parsing takes as long as all else that a page needs.
    """
    found = _by_statements(unix_lines(source))
    if found is None:
        return tuple(each for each in _definitions(source) if each.top)
    return tuple(found)


_BRANCHED = "if|elif|else|try|except|finally|match|async"
_EQUALS = r"[ \t]*=(?!=)(?![ \t]*\w+[ \t]*=(?!=))"  # but not of one name more
_PLAIN = re.compile(
    r"(?:async[ \t]+)?(?:def|class)[ \t]+(?P<defined>\w+)|(?P<decorator>@)"
    r"|(?:import|from|for|while|with)\b|\"{3}|'{3}"
    r"|(?P<guard>if[ \t]+__name__[ \t]*==[ \t]*(?:\"__main__\"|'__main__')[ \t]*:)"
    rf"|(?!(?:{_BRANCHED})\b)(?:(?P<assigned>\w+){_EQUALS}"
    rf"|\w+(?:(?:[ \t]*,[ \t]*|\.)\w+)+{_EQUALS}|[\w.]+\()"
)
_DEFINES = re.compile(r"\b(?:def|class)\b")


def _by_statements(text: str) -> list[_Definition] | None:
    """Return what `_in_tree` finds at the top; None where a statement there is not a plain one."""
    found: list[_Definition] = []
    name, first, last, start = "", 0, 0, 0  # of the statement that goes on, if it has a name
    decorated = guarded = defines = False
    number, begins = 1, 0
    for piece in chain(pieces(text), "@"):  # one more statement ends the last one
        here, at = number, begins
        number += 1 + piece.count("\n")
        begins += len(piece) + 1
        bare = piece.lstrip()
        if not bare or bare[0] == "#":
            continue
        if piece[0] in " \t)]}":
            if ";" in piece and not defines:
                return None
            last = number - 1
            continue
        plain = _PLAIN.match(piece)
        if not plain or not _is_closed(text[start:at]):
            return None
        if guarded and _DEFINES.search(text, start, at):
            return None
        if name:
            found.append(_Definition(name, first, last))
        name, defines = plain["defined"] or plain["assigned"] or "", bool(plain["defined"])
        if not name.isascii() or (";" in piece and not defines):
            return None
        first, last, start = (first if decorated else here), number - 1, at
        decorated, guarded = bool(plain["decorator"]), bool(plain["guard"])
    return found


def _is_closed(statement: str) -> bool:
    """Return whether a statement ends where its lines do."""
    pairs = all(statement.count(a) == statement.count(b) for a, b in ("()", "[]", "{}"))
    return pairs and not statement.endswith("\\\n")


_BEGINS = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)")


def _by_lines(text: str) -> Iterator[_Definition]:
    """Yield the definitions at the top of a file that is not Python, up to the next such line."""
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines) if line[:1] not in {"", " ", "\t", "#", ")", "]"}]
    for start, end in pairwise([*starts, len(lines)]):
        found = _BEGINS.match(lines[start])
        if found:
            last = end
            while not lines[last - 1].strip() or lines[last - 1].startswith("#"):
                last -= 1  # remarks and empty lines before the next one
            yield _Definition(found[1], start + 1, last)


def _innermost(definitions: Sequence[_Definition], line: int) -> _Definition | None:
    around = [each for each in definitions if each.first <= line <= each.last]
    return min(around, key=lambda each: each.last - each.first, default=None)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of lines in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _kept(spans: Sequence[tuple[int, int]], marks: Iterable[int]) -> set[int]:
    """Return the lines to show, not many more than there is room for."""
    lines = [number for first, last in spans for number in range(first, last + 1)]
    if len(lines) <= MOST_LINES:
        return set(lines)
    near = {m + away for m in list(marks)[:4] for away in range(-_AROUND, _AROUND + 1)}
    kept = near & set(lines)
    return kept | set([n for n in lines if n not in kept][: MOST_LINES - len(kept)])


def _with_notes(line: Line, notes: Iterable[Note]) -> Line:
    """Return a line with the notes of this part only; its anchor is in the whole file."""
    return line._replace(anchor="", notes=tuple(notes)) if line.notes else line


def _runs(lines: Iterable[Line]) -> Iterator[tuple[Line, ...]]:
    run: list[Line] = []
    for line in lines:
        if run and line.number != run[-1].number + 1:
            yield tuple(run)
            run = []
        run.append(line)
    if run:
        yield tuple(run)
