"""The student's files as they are shown: highlighted, numbered, the lines of an error marked."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import groupby
from pathlib import PurePosixPath
from typing import NamedTuple, TypeAlias

from markupsafe import Markup, escape
from pygments.lexer import Lexer
from pygments.lexers import JsonLexer, YamlLexer
from pygments.token import Comment, Keyword, String, Token, _TokenType

from grader.records import Notebook, PartResult
from grader.report import colours
from grader.report.evidence import of_hidden_case
from grader.report.names import line_anchor, safe_name
from grader.report.text import printable

MOST_LINES = 5_000
# Highlighting is not worth minutes of a TA's time; what is beyond these sizes is shown plain.
_MOST_HIGHLIGHTED_CHARACTERS = 200_000  # in all files of a submission together
_LONGEST_HIGHLIGHTED_LINE = 2_000
_LONGEST_REMEMBERED = 2_000  # one string may be a whole file, and thousands are remembered

_PYTHON = frozenset({".py", ".pyi"})
_LEXERS: Mapping[str, Lexer] = {
    suffix: lexer(stripnl=False, ensurenl=False)
    for lexer, suffixes in (
        (YamlLexer, (".yaml", ".yml")),
        (JsonLexer, (".json", ".ipynb")),
    )
    for suffix in suffixes
}
_CLASSES = {Keyword: "k", String: "s", Comment: "c", Token: ""}


@dataclass(frozen=True, slots=True)
class Note:
    """What a marked line says: the part that stopped here, and why."""

    part: str
    error: str


class Line(NamedTuple):  # a page has hundreds, and a data class takes three times as long to make
    """A line of a file, as HTML; one with notes is marked and has an anchor.

    In a notebook it has the number of its cell as well, and stands at `number` of the module.
    """

    number: int
    code: str
    anchor: str = ""
    notes: tuple[Note, ...] = ()
    cell: int = 0
    in_cell: int = 0

    @property
    def shown_number(self) -> int:
        """The number that the student knows the line by."""
        return self.in_cell if self.cell else self.number


@dataclass(frozen=True)
class Listing:
    """A file of the student, ready to be shown."""

    file: str
    lines: tuple[Line, ...]
    lines_total: int
    marks: tuple[Line, ...] = ()  # those of the lines that are marked

    @property
    def marked(self) -> bool:
        """Whether a line of it is marked."""
        return bool(self.marks)

    @cached_property
    def by_number(self) -> Mapping[int, Line]:
        """The lines by their number in the module."""
        return {line.number: line for line in self.lines}


Place: TypeAlias = tuple[int, int]
"""A cell, 0 in a file without cells, and a line in it."""


def listings(
    sources: Mapping[str, str], parts: Iterable[PartResult], notebooks: Iterable[Notebook] = ()
) -> tuple[Listing, ...]:
    """Return every file of a submission, with the lines of the failures of its parts marked."""
    notes = notes_of(parts)
    cells = {notebook.file: notebook for notebook in notebooks}
    shown = []
    characters = 0
    for file, text in sorted(sources.items()):
        characters += len(text)
        colourful = characters <= _MOST_HIGHLIGHTED_CHARACTERS
        listing = _listing(file, text, notes.get(file, {}), cells.get(file), colourful=colourful)
        shown.append(listing)
    return tuple(shown)


def anchors(shown: Iterable[Listing]) -> frozenset[str]:
    """Return the anchors that exist, so that no link leads nowhere."""
    return frozenset(line.anchor for listing in shown for line in listing.marks)


def notes_of(parts: Iterable[PartResult]) -> dict[str, dict[Place, list[Note]]]:
    """Return what the failures of parts say of lines, by file and place."""
    notes: dict[str, dict[Place, list[Note]]] = {}
    for part in parts:
        if part.failure is None:
            continue
        # Of a hidden case the place is told, as in its summary, and not the way there.
        frames = part.failure.frames[-1:] if of_hidden_case(part) else part.failure.frames
        for place, frame in enumerate(frames, start=1):
            here = notes.setdefault(frame.file, {}).setdefault((frame.cell, frame.line), [])
            error = part.failure.type if place == len(frames) else "on the way to the error"
            note = Note(part.id, error)
            if note not in here:  # a recursion passes a line many times
                here.append(note)
    return notes


def _listing(
    file: str,
    text: str,
    notes: Mapping[Place, list[Note]],
    notebook: Notebook | None,
    *,
    colourful: bool,
) -> Listing:
    shown = printable(text).removesuffix("\n")
    lines_total = shown.count("\n") + 1
    outside = _outside(notebook, lines_total) if notebook else frozenset()
    if lines_total > MOST_LINES:
        shown = "\n".join(shown.split("\n", MOST_LINES)[:MOST_LINES])
    name = notebook.module if notebook else file
    suffix = PurePosixPath(name).suffix.lower() if colourful else ""
    code = _highlighted(suffix, shown)
    if notebook is None:
        lines = [Line(number, each, "", (), 0, number) for number, each in enumerate(code, start=1)]
    else:
        lines = [
            Line(number, each, "", (), *notebook.place(number))
            for number, each in enumerate(code, start=1)
            if number not in outside
        ]
    marks = []
    for index, line in enumerate(lines if notes else ()):
        told = notes.get((line.cell, line.in_cell))
        if told:
            anchor = line_anchor(file, line.in_cell, line.cell)
            lines[index] = line._replace(anchor=anchor, notes=tuple(told))
            marks.append(lines[index])
    return Listing(file, tuple(lines), lines_total - len(outside), tuple(marks))


def code_html(lines: Iterable[Line], *, anchored: bool) -> Markup:
    """Return lines as what stands in a `code` element; those of a whole file are `anchored`.

    Lines are text with line ends; one that is marked is a block, and needs none.
    """
    pieces = []
    for line in lines:
        if anchored and line.cell and line.in_cell == 1:
            pieces.append(f'<span class="gap">cell {line.cell}</span>')
        numbered = f"<i>{line.shown_number}</i>{line.code}"
        pieces.append(_marked(line, numbered, anchored=anchored) if line.notes else f"{numbered}\n")
    return Markup("".join(pieces))  # noqa: S704 - its pieces are escaped


def _marked(line: Line, numbered: str, *, anchored: bool) -> str:
    where = f' id="{escape(line.anchor)}"' if anchored else ""
    notes = []
    for note in line.notes:
        part = escape(printable(note.part))
        link = f'<a href="#part-{safe_name(note.part)}">{part}</a>: ' if anchored else ""
        notes.append(f"{link}{escape(printable(note.error))}")
    return f'<mark class="l"{where}>{numbered}</mark><span class="note">{"; ".join(notes)}</span>'


def _outside(notebook: Notebook, lines: int) -> frozenset[int]:
    """Return the lines of a module that are in no cell of its notebook."""
    first = notebook.starts[0] if notebook.starts else lines + 1
    heads = (start - 1 for start in notebook.starts if start - 1 <= lines)
    return frozenset((*range(1, first), *heads))


def _highlighted(suffix: str, text: str) -> Sequence[str]:
    """Return the lines of a text as HTML."""
    coloured = suffix in _PYTHON or suffix in _LEXERS
    if not coloured or max(map(len, text.split("\n"))) > _LONGEST_HIGHLIGHTED_LINE:
        return html.escape(text).split("\n")
    if suffix in _PYTHON:
        return "\n".join(map(_python, colours.pieces(text))).split("\n")
    return _tagged(_runs(suffix, text)).split("\n")


def _python(piece: str) -> str:
    return _remembered(piece) if len(piece) <= _LONGEST_REMEMBERED else _coloured(piece)


def _coloured(piece: str) -> str:
    return _tagged(colours.runs(piece))


# Most lines of a class are those of the file that it was given.
_remembered = lru_cache(maxsize=8192)(_coloured)


def _tagged(runs: Iterable[tuple[str, str]]) -> str:
    """Return runs as HTML in which every line stands for itself."""
    tagged = []
    for name, run in runs:
        safe = html.escape(run)
        if name:
            lines = safe.split("\n")
            safe = "\n".join([f'<b class="{name}">{line}</b>' if line else "" for line in lines])
        tagged.append(safe)
    return "".join(tagged)


def _runs(suffix: str, text: str) -> Iterator[tuple[str, str]]:
    tokens = _LEXERS[suffix].get_tokens_unprocessed(text)
    for name, run in groupby(tokens, key=lambda each: _class(each[1])):
        yield name, "".join([value for *_, value in run])


@cache
def _class(token: _TokenType) -> str:
    """Return the class of the nearest ancestor of a token type that has one."""
    return _CLASSES[token] if token in _CLASSES else _class(token.parent)
