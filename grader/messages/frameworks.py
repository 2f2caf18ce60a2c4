"""Sentences about small autograd frameworks."""

from __future__ import annotations

from grader.messages.results import shape_text, two_numbers
from grader.messages.text import listed

FORWARD = "Forward:"
BACKWARD = "Backward:"
GRAPH_VALUES = "The values are off."
GRAPH_GRADIENTS = "The gradients are off."
BUILD_AND_BACKWARD = "Building this graph and calling backward()"
NO_GRAPH = "No graph could be tried: every one needs a class that is not right yet."


def classes_right(count: int) -> str:
    """Return the summary where every class is right."""
    return f"Right: all {count} classes, forward and backward."


def graphs_right(count: int) -> str:
    """Return the summary where every graph is right."""
    return f"Right on all {count} graphs, at every Variable."


def classes_left_out(names: list[str]) -> str:
    """Return the note on graphs that were left out."""
    return f"Graphs with {', '.join(names)} were left out; those count in their own part."


def no_class(name: str, file: str) -> str:
    """Return the sentence for a class that is not there."""
    return f"{file} has no class {name}."


def partial_count(shape: tuple[int, ...], wanted: int) -> str:
    """Return the sentence for a list of partial derivatives of the wrong length."""
    noun = "partial derivative" if wanted == 1 else "partial derivatives"
    return f"Backward: expected a list of {wanted} {noun}, found shape {shape_text(shape)}."


def wrong_partial(name: str, observed: object, expected: float, hint: str = "") -> str:
    """Return the sentence for a wrong partial derivative; one that does not exist is NaN."""
    if expected != expected:
        there = f"{observed:.10g}; it does not exist there, so that 0 or nan was expected"
        return f"Backward: the partial derivative by {name} is {there}."
    seen, there = two_numbers(observed, expected)
    says = f"Backward: the partial derivative by {name} is {seen}; expected {there}."
    return f"{says} {hint}".strip()


def wrong_tie(partials: str) -> str:
    """Return the sentence for wrong partial derivatives where both operands are equal."""
    return (
        f"Backward: the operands are equal, and the partial derivatives are {partials}; "
        "expected two numbers from 0 to 1 with the sum 1."
    )


def not_variable(found: str) -> str:
    """Return the sentence for a forward that returns something else than a Variable."""
    return f"Forward: it returned a value of type {found}; a Variable was expected."


def called_on_class(step: str) -> str:
    """Return the hint where forward or backward cannot be called as it is."""
    return f"{step} is called on the class itself, without self: is @staticmethod missing?"


def holds_no_number(name: str, attribute: str, found: str) -> str:
    """Return the sentence for a Variable whose value or gradient is something else."""
    return f"{name}.{attribute} holds a value of type {found}; expected a number."


def wrong_node(
    what: str, name: str, attribute: str, observed: object, expected: object, hint: str
) -> str:
    """Return the sentence for a wrong value or gradient in a graph."""
    seen, there = two_numbers(observed, expected)
    says = f"{what} {name}.{attribute} is {seen}; expected {there}."
    return f"{says} {hint}".strip()


def no_gradient(name: str, attribute: str) -> str:
    """Return the sentence for a Variable without a gradient."""
    return f"{name}.{attribute} is None after backward(); expected a number for every Variable."


def sharing_hint(observed: float, expected: float, uses: int) -> str:
    """Return a hint where a node that is used several times has only a part of its gradient."""
    if uses < 2 or not abs(observed) < abs(expected):  # also where NaN came back
        return ""
    return (
        f"That Variable is used {uses} times: its gradient is the sum over all uses "
        "(+= and not =), and it may be passed on only when the sum is complete."
    )


def exponential(levels: int) -> str:
    """Return the sentence for work that grows with the number of paths."""
    return (
        f"backward() did not finish on {levels} levels of y = y + y. That graph has {levels + 1} "
        f"nodes but 2^{levels} paths: visit each node once, in topological order, "
        "instead of following every path."
    )


def also_wrong(names: list[str]) -> str:
    """Return the sentence that names further checks that failed."""
    return f"Not right either: {listed(names)}."
