"""Sentences that say what a wrong answer looks like."""

from __future__ import annotations

from grader.messages.results import index_text

ALWAYS_NOT_FINITE = (
    "Every case has NaN or infinity in it: look for a division by zero, a logarithm of a number "
    "that is not positive, or an overflow in exp."
)
SOMETIMES_NOT_FINITE = (
    "NaN or infinity came back in every case that is wrong: look for a division by zero, a "
    "logarithm of a number that is not positive, or an overflow in exp."
)
ALWAYS_ZERO = "The result is zero in every case."
SIGN = "Every value is right but for its sign: a minus is missing, or there is one too many."
TRANSPOSED = "The result is the transpose of what was expected."
MEAN_FOR_SUM = "Every value is divided by the number of rows: a mean stands where a sum belongs."
SUM_FOR_MEAN = "Every value is multiplied by the number of rows: a sum stands where a mean belongs."
REVERSED = "The entries are right but stand in reversed order along the first axis."
OFF_BY_ONE = "The rows are right but shifted by one."
NEARLY = (
    "The values are close but not close enough: a constant was rounded, a step was taken by a "
    "finite difference, or lower precision was used on the way."
)


def factor(ratio: str) -> str:
    """Return the sentence for a constant factor."""
    return f"Every value is {ratio} times what was expected: look for a constant factor."


def permuted_axes(order: tuple[int, ...]) -> str:
    """Return the sentence for axes in another order than expected."""
    last_two = (*range(len(order) - 2), len(order) - 1, len(order) - 2)
    if order == last_two:
        return "The last two axes of the result are swapped."
    return f"The axes of the result are in another order: it is the right one, transposed{order}."


def constant_offset(offset: float, entry: tuple[int, ...] | None = None) -> str:
    """Return the sentence for the same number added in every case, everywhere or in one entry."""
    side = "too large" if offset > 0 else "too small"
    which = "Every value" if entry is None else f"Only entry {index_text(entry)} is wrong: it"
    return f"{which} is {side} by {abs(offset):.6g}: look for a constant term."


def missing_input(name: str, multiple: float, times: str = "") -> str:
    """Return the sentence for a term that is a multiple of an input, or a product of two."""
    number = {1.0: "", -1.0: "-"}.get(float(multiple), f"{multiple:g}·")
    term = f"{number}{times}·{name}" if times else f"{number}{name}"
    return f"What is missing in every case is the term {term}."


def wrong_entries(entries: list[tuple[int, ...]], size: int) -> str:
    """Return the sentence for entries that are wrong while the others are right."""
    shown = ", ".join(index_text(entry) for entry in entries[:4])
    more = f" and {len(entries) - 4} more" if len(entries) > 4 else ""
    noun, verb = ("Entry", "is") if len(entries) == 1 else ("Entries", "are")
    return f"{noun} {shown}{more} of {size} {verb} wrong; the others are right in every case."
