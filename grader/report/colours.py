"""The runs of Python source that have a colour: keywords, strings, comments, names being defined.

One regular expression, in one pass.  Pygments, which colours all other files, knows more than these
six colours and takes ten times as long: in a large class that was a third of the grader's own work.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator

_DOUBLE = r'"""[^\\"]*(?:(?:\\.|"(?!""))[^\\"]*)*(?:"""|\\?\Z)|"(?:\\.|[^"\\\n])*"?'
_SINGLE = _DOUBLE.replace('"', "'")
_TOKEN = re.compile(
    rf"""(?P<c>\#[^\n]*)
    |(?P<s>(?:[rbfuRBFU]{{1,2}})?(?:{_DOUBLE}|{_SINGLE}))
    |(?P<d>^[ \t]*@[\w.]*)
    |\b(?:def|class)\b(?P<space>[ \t]+)(?P<f>[^\W\d]\w*)
    |(?P<member>\.[ \t]*[^\W\d]\w*)
    |(?P<w>\b[^\W\d]\w*)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
# To look for the next token only would be to look through the whole text where there is none.
_TOKEN_OR_END = re.compile(rf"{_TOKEN.pattern}|(?P<end>\n)", _TOKEN.flags)
# To look for the next token only would be to look through the whole text where there is none.
_TOKEN_OR_END = re.compile(rf"{_TOKEN.pattern}|(?P<end>\n)", _TOKEN.flags)
_KEYWORDS = frozenset(keyword.kwlist)
_BUILTINS = frozenset(
    {name for name in dir(builtins) if name[0].islower()}
    | {"self", "cls", "Ellipsis", "NotImplemented"}
)


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text in pieces, each with its colour.

    Colours are k for keywords, s for strings, c for comments, f for decorators and for names being
    defined, b for built-in names, and none for the rest.
    """
    done = 0
    for token in _TOKEN.finditer(text):
        colour = _colour(token)
        if not colour:
            continue
        if token.start() > done:
            yield "", text[done : token.start()]
        if token.lastgroup == "f":
            yield "k", text[token.start() : token.start("space")]
            yield "", token["space"]
            yield "f", token["f"]
        else:
            yield colour, token[0]
        done = token.end()
    if done < len(text):
        yield "", text[done:]


def pieces(text: str) -> Iterator[str]:
    """Yield the text in lines, without their ends, those together that a string holds together.

    What colours a piece has depends on nothing but itself.
    """
    lines = text.split("\n")
    number = start = 0
    while number < len(lines):
        piece = lines[number]
        if '"""' in piece or "'''" in piece or piece.endswith("\\"):  # it may go on
            piece = text[start : _end(text, start)]
        yield piece
        number += 1 + piece.count("\n")
        start += len(piece) + 1


def _end(text: str, start: int) -> int:
    """Return the end of the first line from `start` on that ends in no string."""
    found = next((each for each in _TOKEN_OR_END.finditer(text, start) if each["end"]), None)
    return len(text) if found is None else found.start()


def _colour(token: re.Match[str]) -> str:
    kind = token.lastgroup
    if kind == "w":
        word = token[0]
        return "k" if word in _KEYWORDS else "b" if word in _BUILTINS else ""
    return {"c": "c", "s": "s", "d": "f", "f": "f"}.get(kind or "", "")
