"""What a student's own check prints: colours where they can be seen, ASCII where it has to be."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable
from typing import TextIO

from grader.cli.console import say, spelled_out
from grader.report.checked import Line, Tone

WIDEST = 96
_CODES = {Tone.RIGHT: "32", Tone.HALF: "33", Tone.WRONG: "31", Tone.QUIET: "2"}
_NOT_A_TERMINAL = 96
_CONSOLE_OUTPUT = -11  # of GetStdHandle
_VIRTUAL_TERMINAL = 4  # of SetConsoleMode

_PLAIN = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{DOT OPERATOR}": "*",
        "\N{MIDDLE DOT}": "*",
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
        "\N{NOT EQUAL TO}": "!=",
        "\N{ALMOST EQUAL TO}": "~",
        "\N{PLUS-MINUS SIGN}": "+-",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{SQUARE ROOT}": "sqrt",
        "\N{INFINITY}": "inf",
        "\N{PARTIAL DIFFERENTIAL}": "d",
        "\N{NABLA}": "grad ",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{SUPERSCRIPT TWO}": "^2",
        "\N{SUPERSCRIPT THREE}": "^3",
    }
)


def show(lines: Iterable[Line]) -> None:
    """Print lines on stdout."""
    stream = sys.stdout
    coloured = stream is not None and _colours(stream)
    for line in lines:
        code = _CODES.get(line.tone)
        text = readable(spelled_out(line.text), getattr(stream, "encoding", None) or "utf-8")
        if coloured and code and text:
            print(f"\x1b[{code}m{text}\x1b[0m", file=stream, flush=True)
        else:
            say(text)


def width() -> int:
    """Return how many columns there are to write in: those of the terminal, but not too many."""
    if sys.stdout is None or not sys.stdout.isatty():
        return _NOT_A_TERMINAL
    return min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)


def readable(text: str, encoding: str) -> str:
    """Return a text as an encoding can have it: other characters as ASCII that means the same.

    >>> readable("x\N{SUPERSCRIPT TWO} \N{LESS-THAN OR EQUAL TO} 1\N{HORIZONTAL ELLIPSIS}", "ascii")
    'x^2 <= 1...'
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_readable(each, encoding) for each in text)
    except LookupError:
        return text.encode("ascii", "backslashreplace").decode()
    return text


def _readable(character: str, encoding: str) -> str:
    for shown in (
        character,
        character.translate(_PLAIN),
        unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode(),
    ):
        try:
            if shown and shown.encode(encoding):
                return shown
        except UnicodeEncodeError:
            continue
    return character.encode("ascii", "backslashreplace").decode()


def _colours(stream: TextIO) -> bool:
    """Return whether colours are wanted, and can be shown."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        return False
    return sys.platform != "win32" or _switched_on()


def _switched_on() -> bool:
    """Return whether a console of Windows takes the codes from now on."""
    if sys.platform != "win32":
        return True
    import ctypes  # noqa: PLC0415  (nowhere else)

    try:
        kernel = ctypes.windll.kernel32
        handle, mode = kernel.GetStdHandle(_CONSOLE_OUTPUT), ctypes.c_uint32()
        if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
            return False
        return bool(kernel.SetConsoleMode(handle, mode.value | _VIRTUAL_TERMINAL))
    except (AttributeError, OSError):
        return False
