r"""A text as the tokens of the grammar, each with its column.

Students paste what they have: `2*n**2`, `2 n²`, `$2n^{2}$`, `n \cdot m`, `\mathcal{O}(T d)`.  All
of these spellings end here; the grammar knows one of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from grader import messages
from grader.expressions.spelling import uniform
from grader.expressions.tree import EXTREMES, ExpressionError

MAX_TEXT = 500
MAX_DIGITS = 30
MAX_DEPTH = 30  # of brackets; also the most functions, which may be nested without any


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its type in the grammar, what it stands for, and where in the text it is."""

    type: str
    value: str
    start: int
    end: int


_FRACTIONS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SIGNS = {
    "+": ("PLUS", "+"),
    **dict.fromkeys("-\u2212\u2013\ufe63", ("MINUS", "-")),
    **dict.fromkeys("*·⋅∙•\u00d7\u2217", ("TIMES", "*")),
    **dict.fromkeys("/÷\u2215\u2044", ("DIVIDE", "/")),
    "^": ("POWER", "^"),
    "(": ("LPAR", "("),
    ")": ("RPAR", ")"),
    "[": ("LBRACKET", "["),
    "]": ("RBRACKET", "]"),
    "{": ("LBRACE", "{"),
    "}": ("RBRACE", "}"),
    "<": ("RELATION", "<"),
    ">": ("RELATION", ">"),
    ",": ("COMMA", ","),
    "=": ("RELATION", "="),
    **dict.fromkeys("≤⩽≦", ("RELATION", "≤")),
    **dict.fromkeys("≥⩾≧", ("RELATION", "≥")),
    "√": ("FUNCTION", "sqrt"),
}
_LONGER = {
    "**": ("POWER", "^"),
    "<=": ("RELATION", "≤"),
    "=<": ("RELATION", "≤"),
    ">=": ("RELATION", "≥"),
    "=>": ("RELATION", "≥"),
    "==": ("RELATION", "="),
}
_COMMANDS = {
    **dict.fromkeys(("cdot", "times", "ast", "bullet"), ("TIMES", "*")),
    **dict.fromkeys(("div", "slash"), ("DIVIDE", "/")),
    **dict.fromkeys(("frac", "dfrac", "tfrac"), ("FRAC", "frac")),
    **dict.fromkeys(("le", "leq", "leqslant"), ("RELATION", "≤")),
    **dict.fromkeys(("ge", "geq", "geqslant"), ("RELATION", "≥")),
    "lt": ("RELATION", "<"),
    "gt": ("RELATION", ">"),
    "sqrt": ("FUNCTION", "sqrt"),
    "exp": ("FUNCTION", "exp"),
    "log": ("FUNCTION", "log"),
    "ln": ("FUNCTION", "ln"),
    "lg": ("FUNCTION", "log2"),
    "Theta": ("ORDER", "Θ"),
    "max": ("EXTREME", "max"),
    "min": ("EXTREME", "min"),
    "{": ("LPAR", "("),
    "}": ("RPAR", ")"),
}
_SPACING = (
    {f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r")}
    | {"left", "right", "quad", "qquad", "displaystyle", "mathrm", "mathit", "mathbf", "text"}
    | set(",;:!() []")
)
WORDS = {"log": "log", "ln": "ln", "lg": "log2", "ld": "log2", "sqrt": "sqrt", "exp": "exp"}
_EMPTY = re.compile(r"\{\s*\}")
_ORDERS = {"O": "O", "\U0001d4aa": "O", "\u039f": "O", "\u041e": "O", "Θ": "Θ", "ϴ": "Θ", "θ": "Θ"}
_GREEK = {
    "alpha": "\u03b1",
    "beta": "β",
    "epsilon": "ε",
    "lambda": "λ",
    "mu": "μ",
    "tau": "τ",
}
_IGNORED = {"$", "\u200b", "\u2061", "\u2062", "\ufeff", "~"}

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_STYLED_ORDER = re.compile(
    r"\\(?:math(?:cal|rm|bf|it|sf|scr)|operatorname|text)\s*(?:\{\s*O\s*\}|\s?O(?![A-Za-z]))"
    r"|\\[bB]ig[oO](?![A-Za-z])"
)
_LETTERS = re.compile(r"[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹½⅓⅔¼¾]+")
_BASE = re.compile(r"\s*_\s*(?:\{\s*(2|10|e)\s*\}|(2|10|e))|(2|10)(?=[\s(])")
_BASES = {"2": "log2", "10": "log10", "e": "ln"}
_OPENING = re.compile(r"\s*(?:\\(?:left|[bB]igg?l?)\s*)?[(\[{]")


def tokens(text: str, names: Sequence[str]) -> list[Token]:
    """Return the tokens of a text in which these sizes may occur.

    Raises ExpressionError at the first character that fits nowhere.
    """
    if len(text) > MAX_TEXT:
        raise ExpressionError(messages.answers.text_too_long(len(text), MAX_TEXT))
    found = list(_Reader(uniform(text), names).run())
    if not found:
        raise ExpressionError(messages.answers.NO_EXPRESSION)
    _check_depth(found)
    _check_commas(found)
    return found


def number(text: str) -> Fraction:
    """Return the value of a NUMBER token."""
    return Fraction(text)


def _check_depth(found: list[Token]) -> None:
    depth = functions = 0
    for token in found:
        depth += (token.type in {"LPAR", "LBRACE", "LBRACKET"}) - (
            token.type in {"RPAR", "RBRACE", "RBRACKET"}
        )
        functions += token.type == "FUNCTION"
        if max(depth, functions) > MAX_DEPTH:
            raise ExpressionError(messages.answers.too_deep(MAX_DEPTH), token.start + 1)


def _check_commas(found: list[Token]) -> None:
    """Raise ExpressionError for a comma that stands elsewhere than in max(…) and min(…)."""
    opened: list[bool] = []
    for before, token in zip((None, *found), found, strict=False):
        if token.type in {"LPAR", "LBRACE", "LBRACKET"}:
            opened.append(before is not None and before.type == "EXTREME")
        elif token.type in {"RPAR", "RBRACE", "RBRACKET"} and opened:
            opened.pop()
        elif token.type == "COMMA" and not (opened and opened[-1]):
            raise ExpressionError(messages.answers.unknown_character(","), token.start + 1)


class _Reader:
    def __init__(self, text: str, names: Sequence[str]) -> None:
        self.text = text
        self.names = sorted(names, key=len, reverse=True)
        self.at = 0

    def run(self) -> Iterator[Token]:
        steps = (self._sign, self._number, self._superscript, self._command, self._word)
        end = len(self.text.rstrip())
        while self.at < len(self.text):
            character = self.text[self.at]
            last_stop = character == "." and self.at == end - 1 and end > 1
            if character.isspace() or character in _IGNORED or last_stop:
                self.at += 1
                continue
            for step in steps:
                found = step()
                if found is not None:
                    yield from found
                    break
            else:
                says = messages.answers.unknown_character(character)
                raise ExpressionError(says, self.at + 1)

    def _take(self, kind: str, value: str, length: int) -> list[Token]:
        start, self.at = self.at, self.at + length
        return [Token(kind, value, start, self.at)]

    def _sign(self) -> list[Token] | None:
        for length, table in ((2, _LONGER), (1, _SIGNS)):
            found = table.get(self.text[self.at : self.at + length])
            if found:
                return self._take(*found, length)
        return None

    def _number(self) -> list[Token] | None:
        character = self.text[self.at]
        if character in _FRACTIONS:
            return self._take("NUMBER", _FRACTIONS[character], 1)
        found = _NUMBER.match(self.text, self.at)
        if not found:
            return None
        if len(found[0]) > MAX_DIGITS:
            raise ExpressionError(messages.answers.too_many_digits(MAX_DIGITS), self.at + 1)
        return self._take("NUMBER", found[0], len(found[0]))

    def _superscript(self) -> list[Token] | None:
        found = _SUPERSCRIPT.match(self.text, self.at)
        if not found:
            return None
        if len(found[0]) > MAX_DIGITS:
            raise ExpressionError(messages.answers.too_many_digits(MAX_DIGITS), self.at + 1)
        return self._take("SUPERSCRIPT", found[0].translate(_SUPERSCRIPTS), len(found[0]))

    def _command(self) -> list[Token] | None:
        if self.text[self.at] != "\\":
            return None
        styled = _STYLED_ORDER.match(self.text, self.at)
        if styled:
            return self._take("ORDER", "O", len(styled[0]))
        found = _COMMAND.match(self.text, self.at)
        name = found[1] if found else ""
        length = len(found[0]) if found else 1
        if name in _SPACING:
            self.at += length
            return []
        if _GREEK.get(name) in self.names:
            return self._take("NAME", _GREEK[name], length)
        if name not in _COMMANDS:
            self._refuse_other_order({"Omega": "Ω", "omega": "ω"}.get(name, ""), self.at)
            says = messages.answers.unknown_word(f"\\{name}", self.names)
            raise ExpressionError(says, self.at + 1)
        kind, value = _COMMANDS[name]
        start = self.at
        self.at += length
        if value == "log":
            value = self._base()
        if kind in {"TIMES", "DIVIDE", "RELATION"}:  # \cdot{}
            empty = _EMPTY.match(self.text, self.at)
            self.at = empty.end() if empty else self.at
        return [Token(kind, value, start, self.at)]

    def _base(self) -> str:
        """Return which logarithm is meant, and step over its base."""
        found = _BASE.match(self.text, self.at)
        if not found:
            return "log"
        self.at = found.end()
        return _BASES[found[1] or found[2] or found[3]]

    def _word(self) -> list[Token] | None:
        """Return the tokens of a run of letters: `mn` is two names, `nlogn` a name and a call."""
        run = _LETTERS.match(self.text, self.at)
        if not run:
            return None
        if run[0] == "x" and "x" not in map(str.lower, self.names) and self._stands_between():
            return self._take("TIMES", "*", 1)
        ways = self._split(run.start(), run.end())
        made: list[Token] = []
        while self.at < run.end():
            if self.at not in ways:
                self._refuse(run, self.at if len(run[0]) <= 3 else run.start())
            kind, value, length = ways[self.at]
            made += self._take(kind, value, length)
            if kind == "FUNCTION" and value == "log":
                value = self._base()
                made[-1] = Token(kind, value, made[-1].start, self.at)
        return made

    def _split(self, start: int, end: int) -> dict[int, tuple[str, str, int]]:
        """Return what begins at each place of a run of letters from which its end is reached."""
        ways: dict[int, tuple[str, str, int]] = {}
        furthest: dict[int, tuple[str, str, int]] = {}
        for at in range(end - 1, start - 1, -1):
            candidates = self._candidates(at)
            reached = [c for c in candidates if at + c[2] >= end or at + c[2] in ways]
            if reached:
                ways[at] = reached[0]
            elif candidates:
                furthest[at] = candidates[0]
        return ways if start in ways else furthest | ways

    def _candidates(self, at: int) -> list[tuple[str, str, int]]:
        """Return what a name, a function or an O may be at a place; the longest first."""
        rest = self.text[at:]
        found = [("NAME", name, len(name)) for name in self.names if self._stands(name, at)]
        lower = rest[:4].lower()
        found += [
            ("FUNCTION", meant, len(word))
            for word, meant in WORDS.items()
            if lower.startswith(word)
        ]
        if _OPENING.match(self.text, at + 3):
            found += [("EXTREME", word, 3) for word in EXTREMES if lower.startswith(word)]
        if rest[:5].lower() == "theta" and _OPENING.match(self.text, at + 5):
            found.append(("ORDER", "Θ", 5))
        if rest[0] in _ORDERS and _OPENING.match(self.text, at + 1):
            found.append(("ORDER", _ORDERS[rest[0]], 1))
        found.sort(key=lambda candidate: -candidate[2])
        if not found:  # N where only n is a name
            same = [name for name in self.names if name.lower() == rest[: len(name)].lower()]
            if len(same) == 1 and not self._other_order(at):
                found.append(("NAME", same[0], len(same[0])))
        return found

    def _stands_between(self) -> bool:
        """Whether there is something before and behind this letter, as in 3 x 4."""
        before, behind = self.text[: self.at].rstrip(), self.text[self.at + 1 :].lstrip()
        return (
            bool(before and behind) and before[-1] not in "+-*/^([{=<>" and behind[0] not in ")+*/^"
        )

    def _stands(self, name: str, at: int) -> bool:
        """Whether a name stands here, and not x1 at the beginning of x12."""
        end = at + len(name)
        longer = name[-1].isdigit() and self.text[end : end + 1].isdigit()
        return self.text.startswith(name, at) and not longer

    def _other_order(self, at: int) -> bool:
        return self.text[at] in "oΩω\u03bf" and bool(_OPENING.match(self.text, at + 1))

    def _refuse(self, run: re.Match[str], at: int) -> NoReturn:
        for place in range(run.start(), run.end()):
            if self._other_order(place):
                self._refuse_other_order(self.text[place], place)
        if self.text[at] in _ORDERS and len(run[0]) == 1:
            raise ExpressionError(messages.answers.ORDER_WITHOUT_BRACKETS, at + 1)
        word = run[0] if at == run.start() and len(run[0]) > 3 else self.text[at]
        raise ExpressionError(messages.answers.unknown_word(word, self.names), at + 1)

    @staticmethod
    def _refuse_other_order(symbol: str, at: int) -> None:
        if symbol:
            raise ExpressionError(messages.answers.other_order(symbol), at + 1)
