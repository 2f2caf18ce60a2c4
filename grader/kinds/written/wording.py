"""Answers in one's own words, up to what does not matter in them.

An answer is known only as a whole: every word of it belongs to the pattern, to what the spec allows
beside it, or to the few words below that say nothing.  A "not" or a second clause thus makes an
answer one for a person, whatever else stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

_QUOTES = str.maketrans("‘’‚‛“”„‟«»–—−…\u00a0", '\'\'\'\'""""""---. ')  # noqa: RUF001  (look-alikes)

_VERBS = (
    r"(?:is|are|was|will be|contains?|holds?|stores?|refers? to|points? (?:to|at|back to)|means?|"
    r"represents?|gives|has|happens?|occurs?|takes place|equals?|describes?)"
)
_SUBJECTS = r"(?:it|this|that|they|there|these)"
_WEAK = r"(?:simply|just|basically|actually|essentially|here|(?:a |the )?reference to)"
# The article a is none before a sign, a link word, or at the end: there it is a name.
_ARTICLES = r"(?:the|an|a(?= (?!(?:and|or|plus|is|was|has|by|in|for)\b)[a-z0-9]{2}))"
_FILLERS = (
    _ARTICLES,
    _WEAK,
    r"(?:it's|it|its|is|are|was|this|that|which|these|and|also|so|namely|as|e\.g|i\.e)",
)
_HARMLESS = " ,;:.()'\""


def plain(text: str) -> str:
    """Return a text without what does not matter: kinds of quotes and dashes, and spacing."""
    return " ".join(text.translate(_QUOTES).replace("\u200b", "").split())


def heart(text: str, about: Sequence[str] = ()) -> str:
    """Return an answer in small letters, without marks around words and without its lead-in.

    The lead-in is what the question asks about, with a verb: "c.value contains the", "It is a".
    """
    text = plain(text).lower()
    text = re.sub(r"(?<![\w*])\*(\w[^*]*)\*(?![\w*])", r"\1", re.sub(r"[`\"]|\*\*", "", text))
    text = re.sub(r"(?<!\w)'|'(?!\w)", "", text)
    # A dash between words is a pause; between names it may be a minus.
    text = re.sub(
        r"(?<![\w.])([a-z]{3,}) -{1,2} (?=(?:an? |the )?[a-z]{3,}(?![\w.]))", r"\1, ", text
    )
    text = text.replace("isn't", "is not").strip(" .!,;:")
    subjects = "|".join([_SUBJECTS, *map(re.escape, sorted(map(str.lower, about), key=len)[::-1])])
    lead = re.compile(
        rf"^(?:(?:in python|well)[, ]+)?(?:(?:{subjects})(?: {_VERBS}| ?[:=]|(?='s )))?(?:'s)? ?"
        rf"(?:{_VERBS} )?(?:{_WEAK} )?"
    )
    text = lead.sub("", text, count=1).strip(" ,;:")
    return re.sub(rf"^(?:(?:{_ARTICLES}|its) )+", "", text)


@cache
def bounded(piece: str) -> re.Pattern[str]:
    """Return a pattern that is found as whole words only; `a` is not found in `a.value`."""
    return re.compile(rf"(?<![\w.])(?:{piece})(?!\w|\.\w)", re.IGNORECASE)


def left_over(text: str, known: Iterable[str]) -> str:
    """Return the words of a text that no pattern covers; empty if it is understood as a whole."""
    covered = bytearray(len(text))
    for piece in (*known, *_FILLERS):
        for match in bounded(piece).finditer(text):
            covered[match.start() : match.end()] = b"\1" * len(match[0])
    rest = "".join(" " if there else it for it, there in zip(text, covered, strict=True))
    words = (word.strip(_HARMLESS) for word in rest.split())
    return " ".join(word for word in words if word)
