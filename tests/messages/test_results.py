"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from grader.messages import results

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    ("returned_text", ("a" * 50,), {}, f"Text came back ('{'a' * 40}'); numbers were expected."),
    (
        "returned_type",
        ("dict",),
        {},
        "A dict came back; a number, a list or an array was expected.",
    ),
    ("returned_mixed", ("None",), {}, "Among the numbers that came back there is None."),
    ("wrong_shape", ((2, 1), (2,)), {}, "The result has shape (2, 1); expected (2,)."),
    ("wrong_shape", ((), (2,)), {}, "The result has shape () (a single number); expected (2,)."),
    ("accepted_shape", ((2, 1), (2,)), {}, "Shape (2, 1) was read as (2,)."),
    ("shape_text", ((),), {}, "() (a single number)"),
    ("not_finite", (float("nan"), 1, 1), {}, "The result is nan; a finite number was expected."),
    (
        "not_finite",
        (float("inf"), 2, 6),
        {},
        "2 of 6 entries are not finite numbers; the first is inf.",
    ),
    ("wrong_values", (1, 1, (), 3.0, 2.0), {}, "The result is 3; expected 2."),
    (
        "wrong_values",
        (2, 4, (0, 1), 3.0, 2.5),
        {},
        "2 of 4 entries differ; the farthest off is entry [0, 1]: 3 where 2.5 was expected.",
    ),
    ("index_text", ((0, 1),), {}, "[0, 1]"),
]
CONSTANTS: Mapping[str, str] = {
    "RETURNED_NONE": ("The function returned None; is there a return statement on every path?"),
    "RETURNED_RAGGED": (
        "The lists that came back have rows of different lengths; they form no array."
    ),
}


def test_every_sentence_reads_like_this() -> None:
    check(results, SENTENCES, CONSTANTS, elsewhere=["two_numbers"])


@pytest.mark.parametrize(
    ("observed", "expected", "texts"),
    [
        (1.5, 2.0, ("1.5", "2")),
        (1 / 3, 2 / 3, ("0.3333333333", "0.6666666667")),
        (1.0, 1 + 1e-12, ("1", "1.0000000000010001")),
        (1 + 2j, 1.0, ("1+2j", "1")),
        (float("nan"), 1.0, ("nan", "1")),
    ],
)
def test_two_numbers_are_written_so_that_they_differ(
    observed: object, expected: object, texts: tuple[str, str]
) -> None:
    assert results.two_numbers(observed, expected) == texts
