"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import diagnosis

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    (
        "factor",
        ("1/2",),
        {},
        "Every value is 1/2 times what was expected: look for a constant factor.",
    ),
    ("permuted_axes", ((0, 2, 1),), {}, "The last two axes of the result are swapped."),
    (
        "permuted_axes",
        ((2, 0, 1),),
        {},
        "The axes of the result are in another order: it is the right one, transposed(2, 0, 1).",
    ),
    ("constant_offset", (0.5,), {}, "Every value is too large by 0.5: look for a constant term."),
    (
        "constant_offset",
        (-8.0, (1,)),
        {},
        "Only entry [1] is wrong: it is too small by 8: look for a constant term.",
    ),
    ("missing_input", ("W", -1), {}, "What is missing in every case is the term -W."),
    ("missing_input", ("W", 2, "lam"), {}, "What is missing in every case is the term 2·lam·W."),
    (
        "wrong_entries",
        ([(0,)], 2),
        {},
        "Entry [0] of 2 is wrong; the others are right in every case.",
    ),
    (
        "wrong_entries",
        ([(n,) for n in range(6)], 9),
        {},
        "Entries [0], [1], [2], [3] and 2 more of 9 are wrong; the others are right in every case.",
    ),
]
CONSTANTS: Mapping[str, str] = {
    "ALWAYS_NOT_FINITE": (
        "Every case has NaN or infinity in it: look for a division by zero, a logarithm of a "
        "number that is not positive, or an overflow in exp."
    ),
    "SOMETIMES_NOT_FINITE": (
        "NaN or infinity came back in every case that is wrong: look for a division by zero, a "
        "logarithm of a number that is not positive, or an overflow in exp."
    ),
    "ALWAYS_ZERO": ("The result is zero in every case."),
    "SIGN": (
        "Every value is right but for its sign: a minus is missing, or there is one too many."
    ),
    "TRANSPOSED": ("The result is the transpose of what was expected."),
    "MEAN_FOR_SUM": (
        "Every value is divided by the number of rows: a mean stands where a sum belongs."
    ),
    "SUM_FOR_MEAN": (
        "Every value is multiplied by the number of rows: a sum stands where a mean belongs."
    ),
    "REVERSED": ("The entries are right but stand in reversed order along the first axis."),
    "OFF_BY_ONE": ("The rows are right but shifted by one."),
    "NEARLY": (
        "The values are close but not close enough: a constant was rounded, a step was taken by a "
        "finite difference, or lower precision was used on the way."
    ),
}


def test_every_sentence_reads_like_this() -> None:
    check(diagnosis, SENTENCES, CONSTANTS)
