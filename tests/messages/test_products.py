"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import products

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    ("by_input", ("X",), {}, "By X"),
    ("backward_by", ("X",), {}, "Backward by X"),
    ("labelled", ("By X", "It is wrong."), {}, "By X: It is wrong."),
    (
        "count_expected",
        (2, "None"),
        {},
        "Expected a tuple of 2 arrays, one gradient for each input; found None.",
    ),
    ("found_list", (3,), {}, "a list of length 3"),
    ("found_array", ((2, 3),), {}, "one array of shape (2, 3)"),
    ("found_type", ("dict",), {}, "a value of type dict"),
    ("groups_right", (["f"], 1), {}, "Right: f, in 1 case."),
    ("groups_right", (["f", "g"], 40), {}, "Right: f and g, in 40 cases."),
    ("groups_right", (["f", "g", "h"], 40), {}, "Right: f, g and h, in 40 cases."),
    (
        "operation_right",
        (32,),
        {},
        "Right: forward and backward in 32 cases, alone and interleaved.",
    ),
    (
        "not_on_the_class",
        ("ReLU", "forward", "(self, context, x)", ["context", "x"]),
        {},
        (
            "ReLU.forward is defined as forward(self, context, x), but it is called on the class "
            "itself, as ReLU.forward(context, x). Put @staticmethod above it and leave out self: "
            "nothing is kept on an object."
        ),
    ),
    (
        "not_on_the_class",
        ("ReLU", "backward", "(grad)", ["context", "grad"]),
        {},
        (
            "ReLU.backward is defined as backward(grad), but it is called on the class itself, as "
            "ReLU.backward(context, grad). Check its parameters, and that @staticmethod stands "
            "above it."
        ),
    ),
    ("no_step", ("ReLU", "backward"), {}, "ReLU has no function backward."),
    (
        "context_is_a_dict",
        ("It stopped.",),
        {},
        "It stopped. context is a dict: write context['x'] = x, and read context['x'].",
    ),
    (
        "changed",
        (["x", "grad"],),
        {},
        (
            "The call changes x and grad in place; whoever passed it still needs it. Work on a "
            "copy, as np.where, np.maximum and * make one."
        ),
    ),
    (
        "at_kink",
        ("0",),
        {},
        (
            "Backward is right but where an input is 0: the function has a kink there. Expected is "
            "what the derivative from the left or from the right gives, times the incoming "
            "gradient."
        ),
    ),
    (
        "cut_off",
        ("12",),
        {},
        (
            "Forward: The values are right up to 12, and all that should be larger are 12. Nothing "
            "cuts them off in the function that is asked for."
        ),
    ),
    (
        "two_calls",
        ("It is wrong.",),
        {},
        "Each call works alone, but not while another is under way. It is wrong.",
    ),
]
CONSTANTS: Mapping[str, str] = {
    "FORWARD": "Forward",
    "BACKWARD": "Backward",
    "PRODUCTS": "forward and backward",
    "INTERLEAVED": "two calls under way",
    "UNTOUCHED": "inputs left as they are",
    "WAITS": "Counts once forward and backward are right.",
    "STATE_ELSEWHERE": (
        "With several calls under way, backward of one used what forward of another had kept. "
        "What backward needs belongs into the context of its own call, not on the class or in a "
        "global variable."
    ),
    "CHANGED_OUTPUT": (
        "backward changes the result of forward in place; what comes after it in the graph still "
        "needs it. Work on a copy, as np.where, np.maximum and * make one."
    ),
    "INTERLEAVED_STOPPED": (
        "Each call works alone, but with several calls under way backward stops. What "
        "backward needs belongs into the context of its own call, not on the class or in a global "
        "variable."
    ),
}


def test_every_sentence_reads_like_this() -> None:
    check(products, SENTENCES, CONSTANTS)
