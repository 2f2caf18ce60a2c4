"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.messages import reports

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    (
        "all_or_nothing",
        (5, 55),
        {},
        "The points are given when all 55 cases are right; 5 of them are.",
    ),
    (
        "mistake_credit",
        (Fraction(0), Fraction(2)),
        {},
        "This is a known mistake, and it earns no points.",
    ),
    (
        "mistake_credit",
        (Fraction(1, 2), Fraction(2)),
        {},
        "This is a known mistake; it still earns 0.5 of 2 points.",
    ),
    (
        "too_long",
        (12_000,),
        {},
        "Cut here: the whole text has 12000 characters. grader check prints all of it.",
    ),
    (
        "lines_left_out",
        (1,),
        {},
        "1 line left out here; the whole file is at the end of the page.",
    ),
    (
        "shortened_array",
        ((3, 20, 10_000), "[1, :, :]"),
        {},
        (
            "From the array of 3 \N{MULTIPLICATION SIGN} 20 \N{MULTIPLICATION SIGN} 10000 entries: "
            "[1, :, :], around the wrong entries."
        ),
    ),
    (
        "shortened_array",
        ((30,), ""),
        {},
        "From the array of 30 entries: around the wrong entries.",
    ),
]
FIXED: Mapping[str, str] = {
    "FULL": "Everything that was asked is there, so the part has its full points.",
    "SHARES": "The points are the sum of these shares.",
    "BY_A_PERSON": "A person reads this part and gives its points.",
    "OPEN_FAULT": "The grader itself failed here. The points are open, and nobody has lost them.",
    "NOT_GRADED": "The points are open until the part is graded.",
    "SAME_ERROR": "It was stopped by the same error as:",
    "BONUS": "A bonus: its points come on top of the assignment's total.",
    "ON_TOP": "A bonus that is left out costs nothing.",
}


def test_every_sentence_to_the_letter() -> None:
    check(reports, SENTENCES, FIXED)
