"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import frameworks

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    ("classes_right", (9,), {}, "Right: all 9 classes, forward and backward."),
    ("graphs_right", (60,), {}, "Right on all 60 graphs, at every Variable."),
    (
        "classes_left_out",
        (["Pow", "Sin"],),
        {},
        "Graphs with Pow, Sin were left out; those count in their own part.",
    ),
    ("no_class", ("Tan", "diy_autograd.py"), {}, "diy_autograd.py has no class Tan."),
    (
        "partial_count",
        ((3,), 2),
        {},
        "Backward: expected a list of 2 partial derivatives, found shape (3,).",
    ),
    (
        "partial_count",
        ((2,), 1),
        {},
        "Backward: expected a list of 1 partial derivative, found shape (2,).",
    ),
    (
        "wrong_partial",
        ("a", 2.0, -2.0),
        {},
        "Backward: the partial derivative by a is 2; expected -2.",
    ),
    (
        "wrong_partial",
        ("a", 2.0, -2.0, "Look again."),
        {},
        "Backward: the partial derivative by a is 2; expected -2. Look again.",
    ),
    (
        "wrong_partial",
        ("b", 2.0, float("nan")),
        {},
        (
            "Backward: the partial derivative by b is 2; it does not exist there, so that 0 or nan "
            "was expected."
        ),
    ),
    (
        "wrong_tie",
        ("[1, 1]",),
        {},
        (
            "Backward: the operands are equal, and the partial derivatives are [1, 1]; expected "
            "two numbers from 0 to 1 with the sum 1."
        ),
    ),
    (
        "not_variable",
        ("float",),
        {},
        "Forward: it returned a value of type float; a Variable was expected.",
    ),
    (
        "wrong_node",
        ("The gradients are off.", "x0", "grad", 3.0, 6.0, ""),
        {},
        "The gradients are off. x0.grad is 3; expected 6.",
    ),
    (
        "called_on_class",
        ("Inv.forward",),
        {},
        "Inv.forward is called on the class itself, without self: is @staticmethod missing?",
    ),
    (
        "holds_no_number",
        ("x0", "grad", "set"),
        {},
        "x0.grad holds a value of type set; expected a number.",
    ),
    (
        "no_gradient",
        ("x0", "grad"),
        {},
        "x0.grad is None after backward(); expected a number for every Variable.",
    ),
    (
        "sharing_hint",
        (3.0, 6.0, 2),
        {},
        (
            "That Variable is used 2 times: its gradient is the sum over all uses (+= and not =), "
            "and it may be passed on only when the sum is complete."
        ),
    ),
    ("sharing_hint", (3.0, 6.0, 1), {}, ""),
    ("sharing_hint", (6.0, 3.0, 2), {}, ""),
    ("sharing_hint", (float("nan"), 3.0, 2), {}, ""),
    (
        "exponential",
        (40,),
        {},
        (
            "backward() did not finish on 40 levels of y = y + y. That graph has 41 nodes but 2^40 "
            "paths: visit each node once, in topological order, instead of following every path."
        ),
    ),
    ("also_wrong", (["Sin", "Cos"],), {}, "Not right either: Sin, Cos."),
    (
        "also_wrong",
        (list("abcdefghij"),),
        {},
        "Not right either: a, b, c, d, e, f, g, h and 2 more.",
    ),
]
CONSTANTS: Mapping[str, str] = {
    "FORWARD": ("Forward:"),
    "BACKWARD": ("Backward:"),
    "GRAPH_VALUES": ("The values are off."),
    "GRAPH_GRADIENTS": ("The gradients are off."),
    "BUILD_AND_BACKWARD": ("Building this graph and calling backward()"),
    "NO_GRAPH": ("No graph could be tried: every one needs a class that is not right yet."),
}


def test_every_sentence_reads_like_this() -> None:
    check(frameworks, SENTENCES, CONSTANTS)
