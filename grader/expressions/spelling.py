"""Text brought to one spelling, character by character, so that columns stay what they are."""

from __future__ import annotations

import re
import unicodedata

_MARKS = (("**", "**"), ("`", "`"), ('"', '"'), ("'", "'"), ("*", "*"), ("“", "”"), ("‘", "’"))  # noqa: RUF001
_LEADING_SIGN = re.compile(r"\s*=(?![=<>])")


def uniform(text: str) -> str:
    """Return a text of the same length, without quotes around it or letters of mathematical fonts.

    A sign of equality that the text begins with is left out as well.
    """
    text = "".join(map(_plain_letter, text))
    for opening, closing in _MARKS:
        inner = text.strip().removesuffix(".").strip()
        if len(inner) > 2 * len(opening) and inner.startswith(opening) and inner.endswith(closing):
            first, last = text.index(opening), text.rindex(closing)
            blank = " " * len(opening)
            within, behind = text[first + len(opening) : last], text[last + len(closing) :]
            text = text[:first] + blank + within + blank + behind
    leading = _LEADING_SIGN.match(text)
    return " " * leading.end() + text[leading.end() :] if leading else text


def _plain_letter(character: str) -> str:
    code = ord(character)
    if 0x1D400 <= code <= 0x1D7FF or 0xFF01 <= code <= 0xFF5E:
        plain = unicodedata.normalize("NFKC", character)
        return plain if len(plain) == 1 else character
    return character
