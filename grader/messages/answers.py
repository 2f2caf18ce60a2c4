"""Sentences about written answers in maths and words: how they were read, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

# ---- a text that cannot be read ------------------------------------------------------------------

NO_EXPRESSION = "there is nothing to read."
ENDS_TOO_EARLY = "the text ends here; expected a number, a name or a bracket."
RELATION_FOUND = "found a comparison; expected an expression without <, > or =."
NO_RELATION = "found no sign of comparison; expected one of <, <=, >, >=."
ORDER_FOUND = "found an order O(…); expected the exact expression."
ORDER_WITHOUT_BRACKETS = "found 'O' without brackets; expected O(…)."
NO_EXACT_VALUE = "roots and logarithms have no exact value here."
DIVIDED_BY_ZERO = "something is divided by zero."
TOO_LARGE = "the expression is too large to be compared."
NO_ORDER = (
    "the order of this expression cannot be found; expected sums, products, powers and logarithms."
)
SIDES_DIFFER = "the sides of the equation are not the same; expected one of them alone."
COMPARISON_ALONE = "Write the comparison alone, without words around it."
ZERO_ORDER = "this is zero, or less; is the digit 0 written for the letter O?"
NO_CONDITION = "expected sums, products and fractions of the sizes on both sides."
ASSUMPTION_EXPECTED = "expected a comparison of two sizes, as in d <= T."
AMBIGUOUS_FRACTION = (
    "it is not clear whether this belongs to the denominator; use brackets, as in (1/2)n or 1/(2n)."
)
AMBIGUOUS_FUNCTION = (
    "it is not clear whether this belongs to the function before it; use brackets, as in log(n)."
)
AMBIGUOUS_EXPONENT = (
    "it is not clear whether this belongs to the exponent; use a sign or brackets, as in 2^(2n)."
)


def unreadable(key: str, says: str, column: int, example: str) -> str:
    """Return the sentence for an answer that cannot be read."""
    at = f"column {column}: " if column else ""
    return f"{key} cannot be read: {at}{says} A form that can be read: {example}"


def text_too_long(length: int, most: int) -> str:
    """Return the sentence for a text of too many characters."""
    return f"found {length} characters; expected at most {most}."


def too_many_digits(most: int) -> str:
    """Return the sentence for a number of too many digits."""
    return f"found a number of more than {most} digits."


def too_deep(most: int) -> str:
    """Return the sentence for too many brackets within each other, or too many functions."""
    return f"found more than {most} nested brackets, or more than {most} functions."


def unknown_character(character: str) -> str:
    """Return the sentence for a character that has no meaning."""
    return f"found {_quoted(character)}, which has no meaning here."


def unknown_word(word: str, names: Sequence[str]) -> str:
    """Return the sentence for a word that is none of the names."""
    return f"found {_quoted(word)}; expected {_known(names)}."


def other_order(symbol: str) -> str:
    """Return the sentence for o, Ω or ω."""
    meaning = "a lower bound" if symbol == "Ω" else "a strict bound"
    return f"found {_quoted(symbol)}, which is {meaning}; expected the capital letter O."


def not_closed(bracket: str) -> str:
    """Return the sentence for a bracket that is never closed."""
    return f"the bracket {_quoted(bracket)} is not closed."


def closed_without_opening(bracket: str) -> str:
    """Return the sentence for a closing bracket too many."""
    return f"found {_quoted(bracket)}, but no bracket is open."


def closed_by_another(found: str, expected: str) -> str:
    """Return the sentence for a bracket that is closed by one of another form."""
    return f"found {_quoted(found)}; expected {_quoted(expected)}, as the bracket was opened."


def second_power(found: str) -> str:
    """Return the sentence for an exponent that may belong to more than one base."""
    return f"found a second exponent, {_quoted(found)}; use brackets to say what it raises."


def number_behind(number: str) -> str:
    """Return the sentence for a number right behind a factor."""
    return f"found {_quoted(number)} behind a factor; write 2n for a product and n^2 for a power."


def second_relation(sign: str) -> str:
    """Return the sentence for a comparison within an expression, or for a second one."""
    return f"found {_quoted(sign)}; expected one comparison at most, of two complete sides."


def operand_expected(found: str) -> str:
    """Return the sentence for a place where a number or name has to stand."""
    return f"found {_quoted(found)}; expected a number, a name or a bracket."


def operator_expected(found: str) -> str:
    """Return the sentence for a place where only a sign may stand."""
    return f"found {_quoted(found)}; expected a sign such as + or *, or the end."


def _quoted(found: str) -> str:
    shown = found if len(found) <= 20 else f"{found[:19]}…"
    return f"'{shown}'" if shown.isprintable() else ascii(shown)


def _known(names: Sequence[str]) -> str:
    if not names:
        return "a number"
    return f"one of the names {', '.join(names)}" if len(names) > 1 else f"the name {names[0]}"


# ---- an answer of another form -------------------------------------------------------------------


def form(key: str, found: str, expected: str) -> str:
    """Return the sentence for an answer of another form than the one asked for."""
    shown = found if len(found) <= 60 else f"{found[:59]}…"
    return f"{key} cannot be read: found {shown!r}; expected {expected}."


NUMBER = "a number, such as 42 or 0.25"
FRACTION = "a share, such as 0.25 or 25 %"
TEXT = "a text"


def a_form(form: str, example: str) -> str:
    """Return what is expected of a formula."""
    return f"{form}, such as {example}"


def numbers(count: int) -> str:
    """Return what is expected of a list of numbers."""
    return f"{count} numbers, such as ({', '.join(map(str, range(1, count + 1)))})"


def choices(labels: Sequence[str]) -> str:
    """Return what is expected of a choice."""
    return f"one of {', '.join(labels)}"


# ---- the verdict ---------------------------------------------------------------------------------

RIGHT_TEXT = "Right."
CONFLICTING = "The text holds what is right beside what is known to be wrong; a person reviews it."
NO_PATTERN = "The text is none of the known answers; a person reviews it."
TOO_LONG_TO_MATCH = "The text is long; a person reviews it."
WITHOUT_ORDER = "It was read as if O(…) stood around it."
PERCENT_ASSUMED = "A number above 1 was read as a percentage."
TEXT_READ = "There is a text. It is judged after you have handed in."
FIRST_WORD = "Only the first word was judged."


def right(read_as: str) -> str:
    """Return the sentence for a right answer."""
    return f"Right: {read_as}."


def readable(read_as: str) -> str:
    """Return what a student's own check says of an answer: how it was understood, and no more."""
    return f"Read as {read_as}. Whether it is right is judged after you have handed in."


def only_judged(read_as: str) -> str:
    """Return the note that the words around a formula were not looked at."""
    return f"Only {read_as} was judged."


def wrong(read_as: str, expected: str) -> str:
    """Return the sentence for a wrong answer that no known mistake explains."""
    return f"Read as {read_as}; expected {expected}."


def wrong_count(wrong_entries: int, size: int) -> str:
    """Return how many entries of a list are wrong."""
    return f"{wrong_entries} of {size} numbers differ."


def assumed(read_as: str, assumptions: Sequence[str]) -> str:
    """Return the note for an order that is right under the assumptions only."""
    return f"{read_as} is right since {' and '.join(assumptions)} is assumed."


def other_text(found: str, expected: str) -> str:
    """Return the sentence for a text that has to be written word for word."""
    return f"The text differs: found {found!r}; expected {expected!r}, word for word."


def closest(name: str, found: int, pieces: int) -> str:
    """Return the note for the reviewer on the known answer that came closest."""
    if pieces == 1:
        return f"The closest known answer is {name!r}."
    return f"The closest known answer is {name!r}: {found} of its {pieces} pieces were found."


def closest_but(name: str, words: str) -> str:
    """Return the note on the known answer that came closest, where words speak against it."""
    return f"The closest known answer is {name!r}, but {_words(words)} speaks against it."


def closest_and(name: str, words: str) -> str:
    """Return the note on the known answer that came closest, where more than it was written."""
    return f"The closest known answer is {name!r}; beside it stands {_words(words)}."


def _words(words: str) -> str:
    return repr(words if len(words) <= 60 else f"{words[:59]}…")
