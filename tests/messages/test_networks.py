"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import networks

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    (
        "threshold_expected",
        (3, 4, "None"),
        {},
        "Expected W1 (3, 4), b1 (3,), W2 (3,) and b2, a tuple of four; found None.",
    ),
    (
        "layers_expected",
        ("None",),
        {},
        "Expected a list of layers (W, b, (lo, hi)); found None.",
    ),
    ("layer_expected", (2, "None"), {}, "Layer 2: expected (W, b, (lo, hi)); found None."),
    ("list_of", (2,), {}, "a list of length 2"),
    ("value_of", ("int",), {}, "a value of type int"),
    ("wrong_shape", ("b1", (4,), (3,)), {}, "b1 has shape (4,); expected (3,)."),
    (
        "weights_shape",
        ("W of layer 1", (6, 9), 6, "the 6 inputs"),
        {},
        (
            "W of layer 1 has shape (6, 9); expected (units, 6): a row for each unit and a column "
            "for each of the 6 inputs."
        ),
    ),
    ("the_inputs", (6,), {}, "the 6 inputs"),
    ("the_units", (9, 1), {}, "the 9 units of layer 1"),
    ("the_units", (1, 2), {}, "the 1 unit of layer 2"),
    ("about", ("b1", "Text came back."), {}, "b1: Text came back."),
    ("not_usable", ("b1", "holds NaN."), {}, "b1 holds NaN."),
    (
        "too_large",
        (3_000_000_000, 1_000_000_000),
        {},
        (
            "The network takes 3e+09 steps for all inputs together; at most 1e+09 are made. Far "
            "smaller ones do it."
        ),
    ),
    ("too_deep", (101, 100), {}, "The network has 101 layers; at most 100 are looked at."),
    ("right", (4536,), {}, "Right on all 4536 inputs."),
    ("wrong_count", (3, 4536), {}, "The output is wrong on 3 of 4536 inputs."),
    (
        "by_class",
        (7, 7, "with a four", 1),
        {},
        "It is wrong on every input with a four, where 1 is right.",
    ),
    ("by_class", (0, 7, "with a zero", 1), {}, "It is right on every input with a zero."),
    (
        "by_class",
        (2, 7, "with a zero", 0),
        {},
        "It is wrong on 2 of the 7 inputs with a zero, where 0 is right.",
    ),
    ("first_wrong", ("(1, 2)", 0, 1), {}, "For x = (1, 2) it gives 0; expected 1."),
    ("inside", ([], "3", "0", "2"), {}, "The output unit gets 3, and is 1 from 0 to 2."),
    (
        "inside",
        (["(1, 0)"], "3", "0", "2"),
        {},
        "The hidden layer is (1, 0); the output unit gets 3, and is 1 from 0 to 2.",
    ),
    (
        "inside",
        (["(1, 0)", "(1)"], "3", "0", "2"),
        {},
        (
            "Hidden layer 1 is (1, 0); hidden layer 2 is (1); the output unit gets 3, and is 1 "
            "from 0 to 2."
        ),
    ),
    ("row_text", ((1.0, -0.5),), {}, "(1, -0.5)"),
    ("row_text", (range(20),), {}, "(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …)"),
]
CONSTANTS: Mapping[str, str] = {
    "NOT_FINITE": "holds NaN or infinity; expected numbers.",
    "BOUND_NAN": "has NaN for a bound; expected two numbers, lo and hi.",
    "ONE_OUTPUT": "The last layer has to be a single unit: its 0 or 1 is the answer.",
    "NO_LAYERS": "No layer came back; expected a list of (W, b, (lo, hi)).",
    "ALWAYS_ZERO": "The output is 0 for every input.",
    "ALWAYS_ONE": "The output is 1 for every input.",
}


def test_every_sentence_reads_like_this() -> None:
    check(networks, SENTENCES, CONSTANTS)
