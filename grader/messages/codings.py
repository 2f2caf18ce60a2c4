"""Sentences about two codings of one function and the derivatives that autograd gives for them."""

from __future__ import annotations

from collections.abc import Sequence

from grader.messages.results import shape_text
from grader.messages.text import counted

NOT_READABLE = "What came back from the run cannot be read."
JUMP = "a function that is not continuous"
TWICE = "a differentiable function with two derivatives by autograd"
BOTH_RIGHT = "Right: one function, two derivatives by autograd."
CONSTANT_RESULT = (
    "what comes back does not depend on x, so that autograd has nothing to differentiate. A "
    "constant branch needs x in it, as in 0 * x"
)
NUMBER_RESULT = (
    "a plain number comes back, which autograd cannot differentiate. Return a tensor that is "
    "computed from x"
)
ORDINARY = (
    "The two codings are to differ in ordinary operations and branches only, so that it is the "
    "chain rule itself that goes astray."
)
AROUND = (
    "Ordinary operations have the slope of their values there, so that something goes around "
    f"autograd. {ORDINARY}"
)
BY_PERSON = (
    "The number is rounded, or told from its neighbours by comparisons, so finely that the values "
    "follow it and autograd does not. A person decides whether these are ordinary operations."
)
SLOPE_BY_PERSON = (
    "The rest is right. Whether there is a derivative cannot be told from the values, and a person "
    "decides."
)


def coding_of(name: str) -> str:
    """Return what one of the two codings is called as a share of the points."""
    return f"the derivative of {name}"


def number(value: float) -> str:
    """Return a number with up to ten significant digits."""
    return f"{value:.10g}"


def place(x: float) -> str:
    """Return a point: in full where ten digits would show another number, as next to 3."""
    short = number(x)
    return short if float(short) == x or len(short) > 8 else repr(x)


def no_name(name: str, file: str) -> str:
    """Return the sentence for a function or point that is not there."""
    return f"{file} has no {name}."


def no_number(name: str, found: str) -> str:
    """Return the sentence for a point that is no number."""
    if found == "NoneType":
        return f"{name} is None; expected a number."
    return f"{name} is of type {found}; expected a number."


def not_finite_point(name: str) -> str:
    """Return the sentence for a point at infinity."""
    return f"{name} is not finite; expected a point at which both functions can be tried."


def called_at(function: str, x: float) -> str:
    """Return the call that went wrong."""
    return f"{function}(x) at x = {place(x)}"


def returned_shape(call: str, shape: Sequence[int]) -> str:
    """Return the sentence for a result with more than one number."""
    return f"{call} returned a tensor of shape {shape_text(tuple(shape))}; expected one number."


def returned_type(call: str, found: str) -> str:
    """Return the sentence for a result that is no number."""
    return f"{call} returned a value of type {found}; expected a tensor with one number."


def _why(kind: str) -> str:
    """Return why a way around autograd is none of the ordinary operations."""
    return {
        "function": (
            "a torch.autograd.Function of its own has any derivative that one writes into it."
        ),
        "hook": "a hook can put any number in place of a derivative.",
        "no_grad": "what is computed without a graph has no derivative, whatever the function is.",
        "detach": "what is detached counts as a constant, whatever the function is.",
        "data": "what passes through .data counts as a constant, whatever the function is.",
    }[kind]


def cut_named(kind: str, file: str, line: int, text: str) -> str:
    """Return why a line of the code is refused."""
    return f"Line {line} of {file} has {text}: {_why(kind)} {ORDINARY}"


def cut_reached(kind: str, function: str) -> str:
    """Return why a call is refused that reached such a thing on its way."""
    return f"{function} takes a way around autograd: {_why(kind)} {ORDINARY}"


def left_graph(function: str) -> str:
    """Return why a function is refused whose value left the graph and came back."""
    return (
        f"{function} takes a number out of the graph (by item(), float(), data or detach()) and "
        f"builds its result from it; autograd takes that for a constant. {ORDINARY} In the "
        "condition of a branch such a number is fine."
    )


def values_text(value: float) -> str:
    """Return a measured number with four digits; what is as good as 0 is 0."""
    return f"{0.0 if abs(value) < 1e-6 else value:.4g}"


def slopes_differ(
    function: str, x: float, values: float, autograd: float, count: int, total: int
) -> str:
    """Return the sentence for values that autograd gives another slope than they have."""
    return (
        f"At x = {values_text(x)}, the values of {function} have the slope {values_text(values)}, "
        f"and autograd gives {values_text(autograd)}; the like is found at {count} of "
        f"{counted(total, 'point')} tried."
    )


def not_finite(function: str, x: float, value: float) -> str:
    """Return the sentence for a function that has no value somewhere."""
    return f"{function} gives {value} at x = {place(x)}; expected a finite number."


def different(
    names: Sequence[str], x: float, found: Sequence[float], count: int, total: int
) -> str:
    """Return the sentence for two codings that are different functions."""
    return (
        f"{names[0]} and {names[1]} are different functions: at x = {place(x)} they give "
        f"{number(found[0])} and {number(found[1])}. They differ at {count} of "
        f"{counted(total, 'point')}."
    )


def continuous(function: str) -> str:
    """Return the sentence for a function without a jump."""
    return (
        f"{function} seems to be continuous: wherever its values are far apart they come together "
        "as the points do. A function with a jump is asked for."
    )


def no_derivative(function: str, x: float, why: str) -> str:
    """Return the sentence for a function that autograd cannot differentiate at the point."""
    return f"At x = {number(x)}, autograd has no derivative of {function}: {why}."


def no_operation(says: str) -> str:
    """Return why there is no derivative where an operation on the way has none."""
    told = f" ({says.rstrip('.')})" if says else ""
    return (
        f"torch gives none{told}. Where an operation has no derivative, branch at this point, with "
        "a formula in x for it"
    )


def wrong_derivative(function: str, x: float, found: float, wanted: float) -> str:
    """Return the sentence for a derivative by autograd that is not the one asked for."""
    return (
        f"At x = {number(x)}, autograd gives {number(found)} for the derivative of {function}; "
        f"expected {number(wanted)}."
    )


def same_derivative(names: Sequence[str], x: float, found: float) -> str:
    """Return the sentence for two codings with one derivative."""
    return (
        f"At x = {number(x)}, autograd gives {number(found)} for the derivatives of {names[0]} and "
        f"{names[1]} alike; expected two different numbers."
    )


def not_finite_derivative(function: str, x: float, found: float) -> str:
    """Return the sentence for a derivative by autograd that is no finite number."""
    return (
        f"At x = {number(x)}, autograd gives {found} for the derivative of {function}; expected a "
        "finite number."
    )


def not_differentiable(function: str, x: float, left: float, right: float, step: float) -> str:
    """Return the sentence for a function without a derivative at the point."""
    slopes = [f"{left:.4g}", f"{right:.4g}"]
    if slopes[0] == slopes[1]:
        slopes = [number(left), number(right)]
    return (
        f"{function} does not seem to be differentiable at x = {number(x)}: the slope of its "
        f"secant over a step of {step:.1g} is {slopes[0]} to the left and {slopes[1]} to the right."
    )


def not_settled(function: str, x: float, least: float, largest: float, step: float) -> str:
    """Return the sentence for a function whose secants do not come together."""
    return (
        f"{function} does not seem to be differentiable at x = {number(x)}: the slopes of its "
        f"secants do not come together as the steps shrink. Over steps of about {step:.1g} they "
        f"lie between {least:.4g} and {largest:.4g}."
    )


def slope_unclear(function: str, x: float) -> str:
    """Return the sentence for a function whose secants come together too slowly to be sure."""
    return (
        f"The slopes of the secants of {function} at x = {number(x)} come together so slowly, if "
        f"at all, that they do not show a derivative. {SLOPE_BY_PERSON}"
    )


# ---- figures -------------------------------------------------------------------------------------


def figure_title(function: str) -> str:
    """Return the title of a figure."""
    return f"{function} and its derivative by autograd"


def derivative_label(function: str) -> str:
    """Return what the second curve is called."""
    return f"derivative of {function} by autograd"


def value_at(x: float) -> str:
    """Return what the marked value is called."""
    return f"value at {number(x)}"


def derivative_at(x: float) -> str:
    """Return what the marked derivative is called."""
    return f"derivative at {number(x)}"


def figure_text(function: str, low: float, high: float, x0: float, value: float) -> str:
    """Return the start of what a figure shows, in words."""
    return (
        f"{function} and its derivative by autograd for x from {number(low)} to {number(high)}. "
        f"At x = {number(x0)} the value is {number(value)}."
    )


def figure_derivative(value: float) -> str:
    """Return what autograd gives at the point, in words."""
    return f"Autograd gives {number(value)} for the derivative there."


def figure_no_derivative() -> str:
    """Return that autograd gives nothing at the point, in words."""
    return "Autograd gives no derivative there."


def figure_jump(x: float, left: float, right: float) -> str:
    """Return a jump in words."""
    return f"It jumps at x = {number(x)}, between {number(left)} and {number(right)}."
