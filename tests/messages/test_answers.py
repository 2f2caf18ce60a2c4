"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import answers

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    (
        "unreadable",
        ("q1", "found 'k'; expected the name n.", 4, "17n^2 + 23n"),
        {},
        (
            "q1 cannot be read: column 4: found 'k'; expected the name n. "
            "A form that can be read: 17n^2 + 23n"
        ),
    ),
    (
        "unreadable",
        ("q1", "there is nothing to read.", 0, "17n^2 + 23n"),
        {},
        "q1 cannot be read: there is nothing to read. A form that can be read: 17n^2 + 23n",
    ),
    ("text_too_long", (600, 500), {}, "found 600 characters; expected at most 500."),
    ("too_many_digits", (30,), {}, "found a number of more than 30 digits."),
    ("too_deep", (30,), {}, "found more than 30 nested brackets, or more than 30 functions."),
    ("unknown_character", ("@",), {}, "found '@', which has no meaning here."),
    ("unknown_character", ("\x07",), {}, "found '\\x07', which has no meaning here."),
    ("unknown_word", ("k", ("n", "m")), {}, "found 'k'; expected one of the names n, m."),
    ("unknown_word", ("time", ("n",)), {}, "found 'time'; expected the name n."),
    ("unknown_word", ("n", ()), {}, "found 'n'; expected a number."),
    (
        "unknown_word",
        ("abcdefghijklmnopqrstuvwxyz", ("n",)),
        {},
        "found 'abcdefghijklmnopqrs…'; expected the name n.",
    ),
    (
        "other_order",
        ("o",),
        {},
        "found 'o', which is a strict bound; expected the capital letter O.",
    ),
    (
        "other_order",
        ("Ω",),
        {},
        "found 'Ω', which is a lower bound; expected the capital letter O.",
    ),
    ("not_closed", ("(",), {}, "the bracket '(' is not closed."),
    ("closed_without_opening", (")",), {}, "found ')', but no bracket is open."),
    ("closed_by_another", ("]", ")"), {}, "found ']'; expected ')', as the bracket was opened."),
    (
        "second_power",
        ("^",),
        {},
        "found a second exponent, '^'; use brackets to say what it raises.",
    ),
    (
        "number_behind",
        ("2",),
        {},
        "found '2' behind a factor; write 2n for a product and n^2 for a power.",
    ),
    (
        "second_relation",
        ("<",),
        {},
        "found '<'; expected one comparison at most, of two complete sides.",
    ),
    ("operand_expected", ("+",), {}, "found '+'; expected a number, a name or a bracket."),
    ("operator_expected", ("{",), {}, "found '{'; expected a sign such as + or *, or the end."),
    (
        "form",
        ("q1", "six", "a number, such as 42 or 0.25"),
        {},
        "q1 cannot be read: found 'six'; expected a number, such as 42 or 0.25.",
    ),
    (
        "form",
        ("q1", 100 * "x", "a text"),
        {},
        f"q1 cannot be read: found '{59 * 'x'}…'; expected a text.",
    ),
    ("a_form", ("an order", "O(n^7 log n)"), {}, "an order, such as O(n^7 log n)"),
    ("numbers", (3,), {}, "3 numbers, such as (1, 2, 3)"),
    ("choices", (("yes", "no"),), {}, "one of yes, no"),
    ("right", ("O(T)",), {}, "Right: O(T)."),
    (
        "readable",
        ("O(T)",),
        {},
        "Read as O(T). Whether it is right is judged after you have handed in.",
    ),
    ("wrong", ("O(T)", "O(1)"), {}, "Read as O(T); expected O(1)."),
    ("wrong_count", (2, 3), {}, "2 of 3 numbers differ."),
    ("assumed", ("O(T + d)", ["d ≤ T"]), {}, "O(T + d) is right since d ≤ T is assumed."),
    (
        "assumed",
        ("O(T + d)", ["d ≤ T", "m ≤ T"]),
        {},
        "O(T + d) is right since d ≤ T and m ≤ T is assumed.",
    ),
    (
        "other_text",
        ("I disagree.", "I agree."),
        {},
        "The text differs: found 'I disagree.'; expected 'I agree.', word for word.",
    ),
    (
        "closest",
        ("op-node", 1, 2),
        {},
        "The closest known answer is 'op-node': 1 of its 2 pieces were found.",
    ),
    ("closest", ("op-node", 1, 1), {}, "The closest known answer is 'op-node'."),
    ("only_judged", ("O(T)",), {}, "Only O(T) was judged."),
    (
        "closest_but",
        ("op-node", "no op node"),
        {},
        "The closest known answer is 'op-node', but 'no op node' speaks against it.",
    ),
    (
        "closest_and",
        ("op-node", "or " + 60 * "x"),
        {},
        f"The closest known answer is 'op-node'; beside it stands 'or {56 * 'x'}…'.",
    ),
]
CONSTANTS: Mapping[str, str] = {
    "NO_EXPRESSION": "there is nothing to read.",
    "ENDS_TOO_EARLY": "the text ends here; expected a number, a name or a bracket.",
    "RELATION_FOUND": "found a comparison; expected an expression without <, > or =.",
    "NO_RELATION": "found no sign of comparison; expected one of <, <=, >, >=.",
    "ORDER_FOUND": "found an order O(…); expected the exact expression.",
    "ORDER_WITHOUT_BRACKETS": "found 'O' without brackets; expected O(…).",
    "DIVIDED_BY_ZERO": "something is divided by zero.",
    "TOO_LARGE": "the expression is too large to be compared.",
    "NO_ORDER": (
        "the order of this expression cannot be found; expected sums, products, powers and "
        "logarithms."
    ),
    "ZERO_ORDER": "this is zero, or less; is the digit 0 written for the letter O?",
    "NO_CONDITION": "expected sums, products and fractions of the sizes on both sides.",
    "ASSUMPTION_EXPECTED": "expected a comparison of two sizes, as in d <= T.",
    "AMBIGUOUS_FRACTION": (
        "it is not clear whether this belongs to the denominator; use brackets, as in (1/2)n or "
        "1/(2n)."
    ),
    "AMBIGUOUS_FUNCTION": (
        "it is not clear whether this belongs to the function before it; use brackets, as in "
        "log(n)."
    ),
    "AMBIGUOUS_EXPONENT": (
        "it is not clear whether this belongs to the exponent; use a sign or brackets, as in "
        "2^(2n)."
    ),
    "NUMBER": "a number, such as 42 or 0.25",
    "FRACTION": "a share, such as 0.25 or 25 %",
    "TEXT": "a text",
    "RIGHT_TEXT": "Right.",
    "CONFLICTING": (
        "The text holds what is right beside what is known to be wrong; a person reviews it."
    ),
    "NO_EXACT_VALUE": "roots and logarithms have no exact value here.",
    "SIDES_DIFFER": ("the sides of the equation are not the same; expected one of them alone."),
    "COMPARISON_ALONE": "Write the comparison alone, without words around it.",
    "NO_PATTERN": "The text is none of the known answers; a person reviews it.",
    "TOO_LONG_TO_MATCH": "The text is long; a person reviews it.",
    "TEXT_READ": "There is a text. It is judged after you have handed in.",
    "WITHOUT_ORDER": "It was read as if O(…) stood around it.",
    "PERCENT_ASSUMED": "A number above 1 was read as a percentage.",
    "FIRST_WORD": "Only the first word was judged.",
}


def test_every_sentence_reads_like_this() -> None:
    check(answers, SENTENCES, CONSTANTS)
