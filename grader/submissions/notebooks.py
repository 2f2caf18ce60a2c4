"""Notebooks: the code cells of `solution.ipynb` as the module `solution.py`.

Of a notebook only the kinds of its cells and their code are read.  Outputs, most of most files, are
passed over without being made into objects, so that megabytes of plots cost nothing and whatever is
wrong with them does no harm.  Formats 1 to 4 are read; the code of a cell stands in `source`, and
in the older ones, below `worksheets`, in `input`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from grader import messages
from grader.records import Notebook
from grader.submissions.magics import LeftOut, PythonCell, python

MAX_CELLS = 5000
MAX_CODE = 512 << 10  # characters of all cells together
MAX_NOTES = 8  # on what was left out
_MAX_MENDED_BYTES = 5 << 20
_MAX_SOURCE_BYTES = 8 * MAX_CODE  # six bytes of JSON may be one character
_SHOWN = 40  # characters of a line that is no JSON
_ABSENT = msgspec.Raw(b"null")


class RefusedNotebookError(ValueError):
    """A notebook that is not run; the message is the sentence for its student."""


class _UnreadableError(ValueError):
    """Says what was found, and what to do."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A notebook as a module, and what its student is told about that."""

    module: bytes
    notebook: Notebook
    notes: tuple[str, ...]


def code_only(file: str, raw: bytes) -> bytes:
    """Return a notebook with its code cells and nothing else; empty cells are left out too.

    Raises RefusedNotebookError, and nothing else, for what is no notebook.
    """
    try:
        sources = list(_code(_cells(raw)))
    except _UnreadableError as error:
        says = f"{file} cannot be read: {error}".rstrip(".") + "."
        raise RefusedNotebookError(says) from None
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return msgspec.json.encode({"cells": cells, "nbformat": 4, "nbformat_minor": 4})


def converted(file: str, content: bytes) -> Converted:
    """Return the cells that `code_only` left of a notebook, in order, as a module."""
    return _joined(file, [_text(cell, 0) for cell in _decoded(content).cells or ()])


# ---- from bytes to cells -------------------------------------------------------------------------


class _Cell(msgspec.Struct, gc=False):
    # Raw: nothing is made of a value before it is known to be wanted.
    cell_type: msgspec.Raw
    source: msgspec.Raw = _ABSENT
    input: msgspec.Raw = _ABSENT


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Language(msgspec.Struct):
    name: str = ""
    language: str = ""


class _Metadata(msgspec.Struct):
    language_info: _Language | None = None  # has a name
    kernelspec: _Language | None = None  # has a language; its name is that of the kernel


class _Notebook(msgspec.Struct):
    cells: list[_Cell] | None = None
    worksheets: list[_Worksheet] | None = None
    metadata: msgspec.Raw = _ABSENT


def _cells(raw: bytes) -> list[_Cell]:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _UnreadableError(messages.notebooks.UTF_16)
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if not raw.strip():
        raise _UnreadableError(messages.notebooks.EMPTY)
    notebook = _decoded(raw)
    _check_language(notebook.metadata)
    found = notebook.cells
    if found is None and notebook.worksheets is not None:
        found = [cell for sheet in notebook.worksheets for cell in sheet.cells]
    if found is None:
        raise _UnreadableError(messages.notebooks.NO_CELLS)
    if len(found) > MAX_CELLS:
        raise _UnreadableError(messages.notebooks.too_many_cells(MAX_CELLS))
    return found


def _decoded(raw: bytes) -> _Notebook:
    text = raw
    try:
        try:
            return msgspec.json.decode(raw, type=_Notebook)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            text = _mended(raw)
            return msgspec.json.decode(text, type=_Notebook)
    except RecursionError:
        raise _UnreadableError(messages.notebooks.NESTED) from None
    except msgspec.ValidationError as error:
        odd = "$.cells" in str(error) or "$.worksheets" in str(error)
        says = messages.notebooks.ODD_CELLS if odd else messages.notebooks.NO_CELLS
        raise _UnreadableError(says) from None
    except msgspec.DecodeError as error:
        raise _UnreadableError(_no_json(text, str(error))) from None


_NUMBERS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|-?\b(?:NaN|Infinity)\b', re.DOTALL)
_HALVES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def _mended(raw: bytes) -> bytes:
    """Return JSON without what Python and browsers write although it is none.

    Numbers that are none become 0, and halves of surrogate pairs the replacement character; all
    else stays, and where it was.
    """
    if len(raw) > _MAX_MENDED_BYTES:
        return raw
    mended = bytearray(raw)
    if b"NaN" in raw or b"Infinity" in raw:
        for found in _NUMBERS.finditer(raw):
            start, end = found.span()
            if raw[start] != ord('"'):
                mended[start:end] = b"0".ljust(end - start)
    if re.search(rb"\\u[dD][89a-fA-F]", raw):
        for found in _HALVES.finditer(raw):
            if found[1]:
                mended[found.start() : found.end()] = rb"\ufffd"
    return bytes(mended)


_POSITION = re.compile(r"\(byte (\d+)\)")


def _no_json(raw: bytes, error: str) -> str:
    """Return where a file is no JSON."""
    conflict = re.search(rb"^(?:<<<<<<<|=======$|>>>>>>>)", raw, re.MULTILINE)
    if conflict:
        return messages.notebooks.conflict(_line(raw, conflict.start()))
    found = _POSITION.search(error)
    if found is None:
        return messages.notebooks.cut_short(_line(raw.rstrip(), len(raw)))
    position = int(found[1])
    begin = raw.rfind(b"\n", 0, position) + 1
    text = raw[begin : begin + 4 * _SHOWN].partition(b"\n")[0].decode("utf-8", "replace")
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
    return messages.notebooks.not_json(_line(raw, position), shown)


def _line(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position) + 1


def _check_language(raw: msgspec.Raw) -> None:
    """Raise _UnreadableError for a notebook that says it is for another language."""
    try:
        about = msgspec.json.decode(raw, type=_Metadata | None)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return
    info, kernel = (about.language_info, about.kernelspec) if about else (None, None)
    language = (info.name if info else "") or (kernel.language if kernel else "")
    if language.strip() and "python" not in language.lower():
        shown = " ".join(language.split())[:_SHOWN]
        raise _UnreadableError(messages.notebooks.other_language(shown))


# ---- from cells to code --------------------------------------------------------------------------


def _code(cells: Iterable[_Cell]) -> Iterator[str]:
    """Yield the code of the code cells that have some."""
    number, room = 1, MAX_CODE
    for cell in cells:
        if bytes(cell.cell_type) != b'"code"':
            continue
        source = _text(cell, number)
        room -= len(source)
        if room < 0:
            raise _UnreadableError(messages.notebooks.too_much_code(MAX_CODE >> 10))
        if not source.strip():
            continue
        source = source.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
        if "\0" in source:
            line = source.count("\n", 0, source.index("\0")) + 1
            raise _UnreadableError(messages.notebooks.null_byte(number, line))
        yield source
        number += 1


def _text(cell: _Cell, number: int) -> str:
    raw = cell.source if bytes(cell.source) != b"null" else cell.input
    if len(bytes(raw)) > _MAX_SOURCE_BYTES:
        raise _UnreadableError(messages.notebooks.too_much_code(MAX_CODE >> 10))
    try:
        source = msgspec.json.decode(raw, type=str | list[str])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise _UnreadableError(messages.notebooks.odd_source(number)) from None
    return source if isinstance(source, str) else "".join(source)


# ---- from code to a module -----------------------------------------------------------------------

_USES_DISPLAY = re.compile(r"\bdisplay\b")


def _joined(file: str, sources: list[str]) -> Converted:
    cells = [python(source) for source in sources]
    futures = list(dict.fromkeys(name for cell in cells for name in cell.futures))
    shows = any(_USES_DISPLAY.search(line) for cell in cells for line in cell.lines)
    # These two lines are always there, so that no declaration of an encoding in a cell is one.
    lines = [
        f"from __future__ import {', '.join(futures)}" if futures else f"# {file}",
        "def display(*shown, **options): pass" if shows else "",
    ]
    starts = []
    for number, cell in enumerate(cells, 1):
        lines.append(f"# cell {number}")
        starts.append(len(lines) + 1)
        lines += cell.lines
    module = ("\n".join(lines) + "\n").encode()
    notebook = Notebook(file, _module_of(file), tuple(starts))
    return Converted(module, notebook, tuple(_notes(file, cells)))


def _module_of(file: str) -> str:
    return f"{file.removesuffix('.ipynb')}.py"


def _notes(file: str, cells: Iterable[PythonCell]) -> Iterator[str]:
    yield messages.notebooks.stands_in(file, _module_of(file))
    found: list[tuple[int, LeftOut]] = [
        (number, each) for number, cell in enumerate(cells, 1) for each in cell.left_out
    ]
    for number, each in found[:MAX_NOTES]:
        yield each.tell(file, number, each.line, each.text)
    if len(found) > MAX_NOTES:
        yield messages.notebooks.more_left_out(file, len(found) - MAX_NOTES)
