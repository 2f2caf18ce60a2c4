"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from grader.messages import codings

from .catalogue import Sentence, check

ORDINARY = (
    "The two codings are to differ in ordinary operations and branches only, so that it is the "
    "chain rule itself that goes astray."
)
SENTENCES: Sequence[Sentence] = [
    ("coding_of", ("f",), {}, "the derivative of f"),
    ("number", (1 / 3,), {}, "0.3333333333"),
    ("place", (3.0000000000000004,), {}, "3.0000000000000004"),
    ("place", (3.0,), {}, "3"),
    ("place", (1 / 3,), {}, "0.3333333333"),
    ("no_name", ("f", "solution.py"), {}, "solution.py has no f."),
    ("no_number", ("x0", "str"), {}, "x0 is of type str; expected a number."),
    ("no_number", ("x0", "NoneType"), {}, "x0 is None; expected a number."),
    (
        "not_finite_point",
        ("x0",),
        {},
        "x0 is not finite; expected a point at which both functions can be tried.",
    ),
    ("called_at", ("f", 0.5), {}, "f(x) at x = 0.5"),
    (
        "returned_shape",
        ("f(x)", [3]),
        {},
        "f(x) returned a tensor of shape (3,); expected one number.",
    ),
    (
        "returned_type",
        ("f(x)", "list"),
        {},
        "f(x) returned a value of type list; expected a tensor with one number.",
    ),
    (
        "cut_named",
        ("detach", "solution.py", 3, "x.detach()"),
        {},
        (
            "Line 3 of solution.py has x.detach(): what is detached counts as a constant, whatever "
            f"the function is. {ORDINARY}"
        ),
    ),
    (
        "cut_reached",
        ("hook", "f"),
        {},
        (
            "f takes a way around autograd: a hook can put any number in place of a derivative. "
            f"{ORDINARY}"
        ),
    ),
    (
        "left_graph",
        ("f",),
        {},
        (
            "f takes a number out of the graph (by item(), float(), data or detach()) and builds "
            f"its result from it; autograd takes that for a constant. {ORDINARY} In the condition "
            "of a branch such a number is fine."
        ),
    ),
    ("values_text", (2.00004,), {}, "2"),
    ("values_text", (-1e-9,), {}, "0"),
    (
        "slopes_differ",
        ("f", 1.25, 1e-11, 2.0, 38, 40),
        {},
        (
            "At x = 1.25, the values of f have the slope 0, and autograd gives 2; the like is "
            "found at 38 of 40 points tried."
        ),
    ),
    (
        "no_operation",
        ("heaviside has no derivative.",),
        {},
        (
            "torch gives none (heaviside has no derivative). Where an operation has no derivative, "
            "branch at this point, with a formula in x for it"
        ),
    ),
    (
        "no_operation",
        ("",),
        {},
        (
            "torch gives none. Where an operation has no derivative, branch at this point, with a "
            "formula in x for it"
        ),
    ),
    (
        "not_finite",
        ("f", 0.0, float("inf")),
        {},
        "f gives inf at x = 0; expected a finite number.",
    ),
    (
        "different",
        (["f", "g"], 0.0, [1.0, -1.0], 2, 655),
        {},
        (
            "f and g are different functions: at x = 0 they give 1 and -1. They differ at 2 of 655 "
            "points."
        ),
    ),
    (
        "continuous",
        ("f",),
        {},
        (
            "f seems to be continuous: wherever its values are far apart they come together as the "
            "points do. A function with a jump is asked for."
        ),
    ),
    (
        "no_derivative",
        ("f", 0.0, "it is flat"),
        {},
        "At x = 0, autograd has no derivative of f: it is flat.",
    ),
    (
        "wrong_derivative",
        ("f", 0.0, 1.0, 2.0),
        {},
        "At x = 0, autograd gives 1 for the derivative of f; expected 2.",
    ),
    (
        "same_derivative",
        (["f", "g"], 0.0, 2.0),
        {},
        (
            "At x = 0, autograd gives 2 for the derivatives of f and g alike; expected two "
            "different numbers."
        ),
    ),
    (
        "not_finite_derivative",
        ("f", 0.0, float("nan")),
        {},
        "At x = 0, autograd gives nan for the derivative of f; expected a finite number.",
    ),
    (
        "not_differentiable",
        ("f", 0.0, -1.0, 1.0, 2.0**-20),
        {},
        (
            "f does not seem to be differentiable at x = 0: the slope of its secant over a step of "
            "1e-06 is -1 to the left and 1 to the right."
        ),
    ),
    (
        "not_differentiable",
        ("f", 0.0, 999.9999, 1000.0001, 1e-9),
        {},
        (
            "f does not seem to be differentiable at x = 0: the slope of its secant over a step of "
            "1e-09 is 999.9999 to the left and 1000.0001 to the right."
        ),
    ),
    (
        "not_settled",
        ("f", 0.0, -0.5, 1.0, 1e-9),
        {},
        (
            "f does not seem to be differentiable at x = 0: the slopes of its secants do not come "
            "together as the steps shrink. Over steps of about 1e-09 they lie between -0.5 and 1."
        ),
    ),
    (
        "slope_unclear",
        ("f", 0.0),
        {},
        (
            "The slopes of the secants of f at x = 0 come together so slowly, if at all, that they "
            "do not show a derivative. The rest is right. Whether there is a derivative cannot be "
            "told from the values, and a person decides."
        ),
    ),
    ("figure_title", ("f",), {}, "f and its derivative by autograd"),
    ("derivative_label", ("f",), {}, "derivative of f by autograd"),
    ("value_at", (0.5,), {}, "value at 0.5"),
    ("derivative_at", (0.5,), {}, "derivative at 0.5"),
    (
        "figure_text",
        ("f", -2.0, 2.0, 0.0, 1.0),
        {},
        "f and its derivative by autograd for x from -2 to 2. At x = 0 the value is 1.",
    ),
    ("figure_derivative", (2.0,), {}, "Autograd gives 2 for the derivative there."),
    ("figure_no_derivative", (), {}, "Autograd gives no derivative there."),
    ("figure_jump", (0.0, -1.0, 1.0), {}, "It jumps at x = 0, between -1 and 1."),
]
CONSTANTS: Mapping[str, str] = {
    "NOT_READABLE": "What came back from the run cannot be read.",
    "JUMP": "a function that is not continuous",
    "BOTH_RIGHT": "Right: one function, two derivatives by autograd.",
    "CONSTANT_RESULT": (
        "what comes back does not depend on x, so that autograd has nothing to differentiate. A "
        "constant branch needs x in it, as in 0 * x"
    ),
    "NUMBER_RESULT": (
        "a plain number comes back, which autograd cannot differentiate. Return a tensor that is "
        "computed from x"
    ),
    "ORDINARY": ORDINARY,
    "TWICE": "a differentiable function with two derivatives by autograd",
    "AROUND": (
        "Ordinary operations have the slope of their values there, so that something goes around "
        f"autograd. {ORDINARY}"
    ),
    "BY_PERSON": (
        "The number is rounded, or told from its neighbours by comparisons, so finely that the "
        "values follow it and autograd does not. A person decides whether these are ordinary "
        "operations."
    ),
    "SLOPE_BY_PERSON": (
        "The rest is right. Whether there is a derivative cannot be told from the values, and a "
        "person decides."
    ),
}


def test_every_sentence_reads_like_this() -> None:
    check(codings, SENTENCES, CONSTANTS)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (
            "function",
            "a torch.autograd.Function of its own has any derivative that one writes into it.",
        ),
        ("hook", "a hook can put any number in place of a derivative."),
        (
            "no_grad",
            "what is computed without a graph has no derivative, whatever the function is.",
        ),
        ("detach", "what is detached counts as a constant, whatever the function is."),
        ("data", "what passes through .data counts as a constant, whatever the function is."),
    ],
)
def test_each_way_around_autograd_has_its_reason(kind: str, why: str) -> None:
    says = codings.cut_reached(kind, "f")
    assert says == f"f takes a way around autograd: {why} {ORDINARY}"
