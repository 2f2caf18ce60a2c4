"""Sentences about what came back: shapes, values, NaN."""

from __future__ import annotations

RETURNED_NONE = "The function returned None; is there a return statement on every path?"
RETURNED_RAGGED = "The lists that came back have rows of different lengths; they form no array."


def returned_text(text: str) -> str:
    """Return the sentence for text where numbers were expected."""
    return f"Text came back ({text[:40]!r}); numbers were expected."


def returned_type(name: str) -> str:
    """Return the sentence for a container that holds no array."""
    return f"A {name} came back; a number, a list or an array was expected."


def returned_mixed(name: str) -> str:
    """Return the sentence for a list with something that is not a number."""
    return f"Among the numbers that came back there is {name}."


def wrong_shape(observed: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Return the sentence for a shape that does not match."""
    return f"The result has shape {shape_text(observed)}; expected {shape_text(expected)}."


def accepted_shape(observed: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Return the note for a harmless shape."""
    return f"Shape {shape_text(observed)} was read as {shape_text(expected)}."


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape in words: "() (a single number)" for none."""
    return str(shape) if shape else "() (a single number)"


def not_finite(value: object, count: int, size: int) -> str:
    """Return the sentence for NaN or infinity where a finite number was expected."""
    if size == 1:
        return f"The result is {value}; a finite number was expected."
    return f"{count} of {size} entries are not finite numbers; the first is {value}."


def wrong_values(
    count: int, size: int, worst: tuple[int, ...], observed: object, expected: object
) -> str:
    """Return the sentence for values that differ."""
    seen, there = two_numbers(observed, expected)
    if size == 1:
        return f"The result is {seen}; expected {there}."
    return (
        f"{count} of {size} entries differ; the farthest off is entry {index_text(worst)}: "
        f"{seen} where {there} was expected."
    )


def two_numbers(observed: object, expected: object) -> tuple[str, str]:
    """Return two numbers with as many digits as it takes to tell them apart."""
    texts = f"{observed:.10g}", f"{expected:.10g}"
    return texts if texts[0] != texts[1] else (f"{observed:.17g}", f"{expected:.17g}")


def index_text(index: tuple[int, ...]) -> str:
    """Return an index as it is written in Python: [0, 1]."""
    return f"[{', '.join(map(str, index))}]"
