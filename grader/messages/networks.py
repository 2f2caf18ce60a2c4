"""Sentences about networks whose weights are written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.messages.results import shape_text
from grader.messages.text import counted

NOT_FINITE = "holds NaN or infinity; expected numbers."
BOUND_NAN = "has NaN for a bound; expected two numbers, lo and hi."
ONE_OUTPUT = "The last layer has to be a single unit: its 0 or 1 is the answer."
NO_LAYERS = "No layer came back; expected a list of (W, b, (lo, hi))."
ALWAYS_ZERO = "The output is 0 for every input."
ALWAYS_ONE = "The output is 1 for every input."


def threshold_expected(hidden: int, inputs: int, found: str) -> str:
    """Return the sentence for something else than the four arrays of a two-layer network."""
    return (
        f"Expected W1 ({hidden}, {inputs}), b1 ({hidden},), W2 ({hidden},) and b2, a tuple of "
        f"four; found {found}."
    )


def layers_expected(found: str) -> str:
    """Return the sentence for something else than a list of layers."""
    return f"Expected a list of layers (W, b, (lo, hi)); found {found}."


def layer_expected(number: int, found: str) -> str:
    """Return the sentence for an item of the list that is no layer."""
    return f"Layer {number}: expected (W, b, (lo, hi)); found {found}."


def list_of(length: int) -> str:
    """Return what a list is."""
    return f"a list of length {length}"


def value_of(name: str) -> str:
    """Return what anything else is."""
    return f"a value of type {name}"


def wrong_shape(name: str, observed: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Return the sentence for an array of the wrong shape."""
    return f"{name} has shape {shape_text(observed)}; expected {shape_text(expected)}."


def weights_shape(name: str, observed: tuple[int, ...], inputs: int, where: str) -> str:
    """Return the sentence for a matrix that does not fit what comes into its layer."""
    return (
        f"{name} has shape {shape_text(observed)}; expected (units, {inputs}): a row for each unit "
        f"and a column for each of {where}."
    )


def the_inputs(count: int) -> str:
    """Return what the columns of the first matrix stand for."""
    return f"the {count} inputs"


def the_units(count: int, layer: int) -> str:
    """Return what the columns of a later matrix stand for."""
    return f"the {counted(count, 'unit')} of layer {layer}"


def about(name: str, says: str) -> str:
    """Return a sentence about one of the arrays."""
    return f"{name}: {says}"


def not_usable(name: str, says: str) -> str:
    """Return the sentence for an array with entries that cannot be weights."""
    return f"{name} {says}"


def too_large(work: int, limit: int) -> str:
    """Return the sentence for a network that cannot be tried on every input."""
    return (
        f"The network takes {work:.2g} steps for all inputs together; at most {limit:.2g} are "
        "made. Far smaller ones do it."
    )


def too_deep(layers: int, limit: int) -> str:
    """Return the sentence for a network of too many layers."""
    return f"The network has {layers} layers; at most {limit} are looked at."


def right(inputs: int) -> str:
    """Return the summary of a right network."""
    return f"Right on all {inputs} inputs."


def wrong_count(wrong: int, inputs: int) -> str:
    """Return on how many inputs a network is wrong."""
    return f"The output is wrong on {wrong} of {counted(inputs, 'input')}."


def by_class(wrong: int, total: int, which: str, wanted: int) -> str:
    """Return how a network does on the inputs with one and the same right output."""
    if wrong == total:
        return f"It is wrong on every input {which}, where {wanted} is right."
    if not wrong:
        return f"It is right on every input {which}."
    return f"It is wrong on {wrong} of the {total} inputs {which}, where {wanted} is right."


def first_wrong(row: str, output: int, wanted: int) -> str:
    """Return the first input on which a network is wrong."""
    return f"For x = {row} it gives {output}; expected {wanted}."


def inside(hidden: Sequence[str], total: str, low: str, high: str) -> str:
    """Return what the units hold at an input: hidden layers, and the sum at the output."""
    layers = "; ".join(
        f"hidden layer {number} is {values}" if len(hidden) > 1 else f"the hidden layer is {values}"
        for number, values in enumerate(hidden, start=1)
    )
    start = f"{layers[0].upper()}{layers[1:]}; the" if layers else "The"
    return f"{start} output unit gets {total}, and is 1 from {low} to {high}."


def row_text(row: Iterable[float]) -> str:
    """Return an input or a layer as (1, 2, 3)."""
    numbers = [f"{float(x):.6g}" for x in row]
    shown = numbers if len(numbers) <= 12 else [*numbers[:12], "…"]
    return f"({', '.join(shown)})"
