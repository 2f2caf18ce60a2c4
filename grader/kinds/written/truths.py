"""Yes and no, true and false, as people write them: `No!`, `**No**. Sequential.`, `It is false`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_WORDS = {
    **dict.fromkeys(("yes", "y", "true", "t"), True),
    **dict.fromkeys(("no", "n", "false", "f"), False),
}
_MARKS = " \t\r\n.!,;:'\"`*_()[]“”‘’"  # noqa: RUF001  (typographic quotes)
_LEAD = re.compile(
    r"(?:(?:my |the )?answer(?: is|:)|it is|it's|that is|that's|this is|i say|i think)[\s:,*\"'`]+"
)
_FIRST = re.compile(
    r"[\s'\"`*_(\[“‘]*(yes|no|true|false|[yntf])(?![^\W_])[\s'\"`*_)\]”’]*"  # noqa: RUF001
    r"(?:(?P<mark>[,;:.!(/?\u2014\u2013-]+)|(?P<link>because|since|as|due to)\b|$)"
)
_FILLING = r"[\W_]*(?:(?:and|or|but|also|rather|maybe|actually|well|it|this|that|is|it's)\b[\W_]*)*"


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes or a no, and whether it stood alone; an explanation behind it is not looked at."""

    value: bool
    alone: bool


def truth_word(given: Any) -> bool | None:
    """Return what a yes, no, true or false means that stands alone; None for anything else."""
    if not isinstance(given, str):
        return given if isinstance(given, bool) else None
    text = unicodedata.normalize("NFKC", given[:200]).replace("\u200b", "")
    return _WORDS.get(text.strip(_MARKS).lower()) if "?" not in text else None


def read_truth(given: Any) -> Truth | None:
    """Return a written yes or no, with or without an explanation; None for anything else.

    An answer that says both, such as "yes, no", is none.
    """
    word = truth_word(given)
    if word is not None:
        return Truth(word, alone=True)
    if not isinstance(given, str):
        return None
    text = unicodedata.normalize("NFKC", given[:4000]).replace("\u200b", "").lower().strip()
    text = re.sub(r"\s*\n\s*", ". ", text)
    text = _LEAD.sub("", text, count=1) if _LEAD.match(text) else text
    found = _FIRST.match(text)
    if not found or set(found["mark"] or "") & set("?/"):
        return None
    value, rest = _WORDS[found[1]], text[found.end() :]
    other, letter = ("no|false", "n|f") if value else ("yes|true", "y|t")
    clause = rf"(?:{other})\s*(?:$|[.,;:!?)'\"*]+(?:\s|$))"
    if re.fullmatch(rf"[\W_]*(?:{letter})[\W_]*", rest) or re.match(_FILLING + clause, rest):
        return None
    if re.search(rf"[.,;:]\s*(?:{other})[\W_]*$", rest):
        return None
    return Truth(value, alone=not rest.strip(_MARKS))
