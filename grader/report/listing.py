"""The student's files as they are shown: highlighted, numbered, the lines of an error marked."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby
from pathlib import PurePosixPath

from markupsafe import Markup, escape
from pygments.lexer import Lexer
from pygments.lexers import JsonLexer, PythonLexer, YamlLexer
from pygments.token import Comment, Keyword, Name, Operator, String, Token, _TokenType

from grader.records import PartResult
from grader.report.evidence import of_hidden_case
from grader.report.names import line_anchor
from grader.report.text import printable

MOST_LINES = 5_000
# Highlighting is not worth minutes of a TA's time; what is beyond these sizes is shown plain.
_MOST_HIGHLIGHTED_CHARACTERS = 200_000  # in all files of a submission together
_LONGEST_HIGHLIGHTED_LINE = 2_000

_LEXERS: Mapping[str, Lexer] = {
    suffix: lexer(stripnl=False, ensurenl=False)
    for lexer, suffixes in (
        (PythonLexer, (".py", ".pyi")),
        (YamlLexer, (".yaml", ".yml")),
        (JsonLexer, (".json", ".ipynb")),
    )
    for suffix in suffixes
}
_CLASSES = {
    Keyword: "k",
    Operator.Word: "k",
    String: "s",
    Comment: "c",
    Name.Function: "f",
    Name.Class: "f",
    Name.Decorator: "f",
    Name.Builtin: "b",
    Token: "",
}


@dataclass(frozen=True, slots=True)
class Note:
    """What a marked line says: the part that stopped here, and why."""

    part: str
    error: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, as HTML; one with notes is marked and has an anchor."""

    number: int
    code: Markup
    anchor: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A file of the student, ready to be shown."""

    file: str
    lines: tuple[Line, ...]
    lines_total: int

    @property
    def marked(self) -> bool:
        """Whether a line of it is marked."""
        return any(line.notes for line in self.lines)


def listings(sources: Mapping[str, str], parts: Iterable[PartResult]) -> tuple[Listing, ...]:
    """Return every file of a submission, with the lines of the failures of its parts marked."""
    notes = notes_of(parts)
    shown = []
    characters = 0
    for file, text in sorted(sources.items()):
        characters += len(text)
        colourful = characters <= _MOST_HIGHLIGHTED_CHARACTERS
        shown.append(_listing(file, text, notes.get(file, {}), colourful=colourful))
    return tuple(shown)


def anchors(shown: Iterable[Listing]) -> frozenset[str]:
    """Return the anchors that exist, so that no link leads nowhere."""
    return frozenset(line.anchor for listing in shown for line in listing.lines if line.anchor)


def notes_of(parts: Iterable[PartResult]) -> dict[str, dict[int, list[Note]]]:
    """Return what the failures of parts say of lines, by file and line."""
    notes: dict[str, dict[int, list[Note]]] = {}
    for part in parts:
        if part.failure is None:
            continue
        # Of a hidden case the place is told, as in its summary, and not the way there.
        frames = part.failure.frames[-1:] if of_hidden_case(part) else part.failure.frames
        for place, frame in enumerate(frames, start=1):
            here = notes.setdefault(frame.file, {}).setdefault(frame.line, [])
            error = part.failure.type if place == len(frames) else "on the way to the error"
            note = Note(part.id, error)
            if note not in here:  # a recursion passes a line many times
                here.append(note)
    return notes


def _listing(file: str, text: str, notes: Mapping[int, list[Note]], *, colourful: bool) -> Listing:
    shown = printable(text).removesuffix("\n")
    lines_total = shown.count("\n") + 1
    if lines_total > MOST_LINES:
        shown = "\n".join(shown.split("\n", MOST_LINES)[:MOST_LINES])
    lines = []
    suffix = PurePosixPath(file).suffix.lower() if colourful else ""
    for number, code in enumerate(_highlighted(suffix, shown), start=1):
        line = Line(number, code)
        if number in notes:
            line = replace(line, anchor=line_anchor(file, number), notes=tuple(notes[number]))
        lines.append(line)
    return Listing(file, tuple(lines), lines_total)


@lru_cache(maxsize=256)  # files that come with the assignment are the same for many students
def _highlighted(suffix: str, text: str) -> tuple[Markup, ...]:
    """Return the lines of a text as HTML."""
    lexer = _LEXERS.get(suffix)
    plain = text.split("\n")
    if lexer is None or max(map(len, plain)) > _LONGEST_HIGHLIGHTED_LINE:
        return tuple(map(escape, plain))
    lines: list[Markup] = []
    pieces: list[str] = []
    for name, run in groupby(lexer.get_tokens_unprocessed(text), key=lambda each: _class(each[1])):
        for place, piece in enumerate("".join([value for *_, value in run]).split("\n")):
            if place:
                lines.append(Markup("".join(pieces)))  # noqa: S704 - its pieces are escaped
                pieces = []
            if piece:
                safe = html.escape(piece)
                pieces.append(f'<b class="{name}">{safe}</b>' if name else safe)
    lines.append(Markup("".join(pieces)))  # noqa: S704 - its pieces are escaped
    return tuple(lines)


@cache
def _class(token: _TokenType) -> str:
    """Return the class of the nearest ancestor of a token type that has one."""
    return _CLASSES[token] if token in _CLASSES else _class(token.parent)
