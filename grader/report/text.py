"""Text of students, made fit for a page: everything that it holds can be seen and nothing acts."""

from __future__ import annotations

import re

_CONTROL_PICTURES = 0x2400

# Direction controls can make code read otherwise than it runs, and a line separator or a lone
# surrogate has no place in a page; each is shown by its number.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    return "\u2421" if code == 0x7F else f"[U+{code:04X}]"


def unix_lines(text: str) -> str:
    r"""Return text with every end of a line written as \n, so that lines count as in Python."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def printable(text: str) -> str:
    r"""Return text in which control characters, direction marks and lone surrogates are visible.

    Tabs and line ends stay.

    >>> printable("a\x00b\u202ec\ud800")
    'a␀b[U+202E]c[U+D800]'
    """
    return _UNSHOWABLE.sub(_shown, unix_lines(text))


def shortened(text: str, longest: int) -> str:
    """Return a text on one line, cut where it is longer than so many characters.

    >>> shortened("a  very long label", 10)
    'a very lo…'
    """
    line = printable(" ".join(text.split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
