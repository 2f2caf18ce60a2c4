"""The formula in an answer that says more: `= 2n^2`, `O(T) = O(T+d)`, `O(T), because …`.

What is dropped must not change the meaning: `O(T), d times` is no answer of order T.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from grader import messages
from grader.expressions.tree import Expression, ExpressionError, has_order

TreeT = TypeVar("TreeT")

_EQUALS = re.compile(r"(?<![<>=!≤≥])=(?![<>=])")
_LABEL = re.compile(r"\s*\$?[A-Za-z_]\w{0,20}(?:\s*\([^()]{0,20}\))?\s*")
_UNITS = re.compile(
    r"(?<=[\w)}\]²³$])\s+(?:scalar )?(?:multiplications?|additions?|operations?|ops|flops?|steps?|"
    r"units?|numbers?|parameters?|weights?|entries|cells?|time|memory|space)"
    r"(?: of (?:memory|time|space))?(?: in total| overall)?\s*\.?\s*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\s*(?:(?:the )?(?:total )?(?:time|memory|cost|space|answer|order|runtime|complexity)|"
    r"(?:it )?(?:is|takes|needs|costs)|it's)(?: is| complexity)?\s*[:=]?\s+(?=\S)",
    re.IGNORECASE,
)
_REASON = re.compile(r"[\s,;:.(\u2014\u2013-]*\b(?:because|since|as|due to)\b", re.IGNORECASE)
_PAUSE = re.compile(r"\s*[,;:.(\u2014\u2013]|\s+-\s")
_CHANGING = re.compile(
    r"\b(?:times|per|each|every|plus|minus|multiplied|and|or|if|not|but|for|with|unless|more|less|than|rather|instead|squared|twice)\b|"
    r"[0-9+*/^=<>≤≥\u00b7\u00d7]",
    re.IGNORECASE,
)
_ORDER = re.compile(r"[OΘ\U0001d4aa}]\s*(?:\\left|\\[bB]ig+l?)?\s*[({\[]|Theta")
_MARKS = " \t\r\n`*'\"$"
MAX_TRIES = 12


def sides(written: str) -> list[str]:
    """Return the sides of `a = b = c`; a label before the first sign, as in z = 6, is none.

    An equation of one side or none is returned as it is.
    """
    parts = _EQUALS.split(written)
    if len(parts) < 2:
        return parts
    return parts if parts[0].strip() else parts[1:]


def is_label(side: str) -> bool:
    """Whether a side of an equation only names what the other side is."""
    return bool(_LABEL.fullmatch(side))


def chained(
    written: str, read: Callable[[str], TreeT], same: Callable[[TreeT, TreeT], bool]
) -> TreeT | None:
    """Return what an equation says if all of its sides are the same; None if it is no equation.

    Raises ExpressionError for sides that cannot be read, or that differ.
    """
    parts = sides(written)
    if len(parts) > 1 and is_label(parts[0]):
        try:
            read(parts[0])
        except ExpressionError:
            parts = parts[1:]
    if len(parts) == 1 and parts[0] == written:
        return None
    if not 0 < len(parts) <= MAX_TRIES:
        return None
    trees = [read(part) for part in parts]
    if not all(same(trees[0], tree) for tree in trees[1:]):
        raise ExpressionError(messages.answers.SIDES_DIFFER)
    return trees[0]


def without_unit(written: str) -> str | None:
    """Return a formula without the unit behind it; None if there is none."""
    found = _UNITS.search(written)
    return written[: found.start()] if found else None


def order_alone(
    written: str, read: Callable[[str], Expression], names: Sequence[str]
) -> Expression | None:
    """Return the order that an answer begins with, if what follows is an explanation."""
    lead = _LEAD.match(written)
    text = written[lead.end() :] if lead else written
    text = text.lstrip(_MARKS)
    for end in _ends(text):
        try:
            tree = read(text[:end])
        except ExpressionError:
            continue
        if not has_order(tree):
            continue
        return tree if _explains(text[end:], names) else None
    return None


_WORDS_OF_COMPARISON = (
    (r"(?:is |are )?(?:strictly )?(?:larger|greater|bigger|more) than or equal to", ">="),
    (r"(?:is |are )?(?:strictly )?(?:smaller|less|fewer|lower) than or equal to", "<="),
    (r"(?:is |are )?(?:strictly )?(?:larger|greater|bigger|more|higher) than", ">"),
    (r"(?:is |are )?(?:strictly )?(?:smaller|less|fewer|lower) than", "<"),
    (r"(?:is |are )?at least", ">="),
    (r"(?:is |are )?at most", "<="),
    (r"exceeds", ">"),
    (r"(?:is |are )?equal to|equals", "="),
)
_WHEN = re.compile(
    r"\s*(?:(?:exactly|precisely|only|just) )?"
    r"(?:if and only if|if|iff|when|whenever|for|as long as)\b",
    re.IGNORECASE,
)


def comparison(written: str) -> str:
    """Return a comparison with signs for words: "if m is larger than n" is m > n."""
    text = written.replace("&gt;", ">").replace("&lt;", "<")
    text = re.sub(r"\s*\((?:strictly|strict)\)\s*\.?\s*$", "", text)
    when = _WHEN.match(text)
    text = text[when.end() :] if when else text
    for words, sign in _WORDS_OF_COMPARISON:
        text = re.sub(rf"(?<![A-Za-z]){words}(?![A-Za-z])", f" {sign} ", text, flags=re.IGNORECASE)
    return text


def _ends(text: str) -> Iterator[int]:
    """Yield where the order may end, the longest first."""
    closing = [match.end() for match in re.finditer(r"[)}\]]", text)][:MAX_TRIES]
    yield from reversed(closing)


def _explains(rest: str, names: Sequence[str]) -> bool:
    """Whether the words behind an order only explain it."""
    rest = rest.lstrip("`*'\"$")
    if _ORDER.search(rest):
        return False
    if not rest.strip(_MARKS + ".") or _REASON.match(rest) or _UNITS.fullmatch(f"x{rest}", 1):
        return True
    if not _PAUSE.match(rest):
        return False
    named = any(re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", rest) for name in names)
    return not named and not _CHANGING.search(rest)
