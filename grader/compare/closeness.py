"""Whether observed numbers are close enough to the expected ones: one rule for every kind.

    |observed - expected| <= atol + rtol * |expected| + conditioning

atol and rtol come from the spec, or from one table by the precision that the student worked in.
`conditioning` is how far the expected value itself moves when its inputs are perturbed by that
precision's rounding unit.  Nothing grows with the size of an array, and NaN equals nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np

from grader import messages
from grader.compare import arrays

# (rtol, atol).  Over a million rounding units in double precision, where formulas that are equal
# on paper differ by some tens; about a hundred in single precision, where conditioning does more.
DEFAULTS = {"float64": (1e-9, 1e-10), "float32": (1e-5, 1e-6)}

_KEPT = 10_000  # entries of an array of the wrong size that are worth keeping, to be shown


class Tolerance(Protocol):
    """What a spec may say about closeness; None leaves it to the table."""

    @property
    def decimals(self) -> int | None:
        """Right to so many decimals; then rtol and atol are not given."""
        ...

    @property
    def rtol(self) -> float | None:
        """The relative tolerance."""
        ...

    @property
    def atol(self) -> float | None:
        """The absolute tolerance."""
        ...


class Difference(StrEnum):
    """In what way observed and expected differ."""

    NONE = "none"
    NOT_NUMBERS = "not_numbers"
    SHAPE = "shape"
    NOT_FINITE = "not_finite"
    VALUES = "values"


@dataclass(frozen=True, slots=True)
class Closeness:
    """The outcome of one comparison."""

    difference: Difference
    message: str = ""
    note: str = ""  # about a harmless deviation that was accepted
    observed: np.ndarray | None = None
    worst: tuple[int, ...] | None = None  # index of the entry farthest beyond its tolerance
    wrong: np.ndarray | None = None  # which entries are; None where the shape is another

    @property
    def right(self) -> bool:
        """Whether the observed numbers are accepted."""
        return self.difference is Difference.NONE


def bounds(tolerance: Tolerance | None, dtype: str) -> tuple[float, float]:
    """Return (rtol, atol) for numbers of a precision."""
    rtol, atol = DEFAULTS[dtype]
    if tolerance is None:
        return rtol, atol
    if tolerance.decimals is not None:
        # Half a unit of the last decimal, and a little for the rounding of the half itself.
        return 0.0, 0.5 * 10.0**-tolerance.decimals * (1 + 1e-9)
    return (
        rtol if tolerance.rtol is None else tolerance.rtol,
        atol if tolerance.atol is None else tolerance.atol,
    )


def compare(
    value: Any,
    expected: np.ndarray,
    *,
    tolerance: Tolerance | None = None,
    conditioning: Mapping[str, np.ndarray] | None = None,
    columns: bool = False,
    dtype: str | None = None,
) -> Closeness:
    """Return how a value from the sandbox compares with the expected array.

    With `columns`, a vector may come as (n,1) or (1,n), and a number as (1,) or (1,1); the
    closeness then says so in its note.  `dtype` is the precision that the student worked in, where
    the value no longer shows it.
    """
    try:
        observed = arrays.as_array(value)
    except arrays.NotNumbersError as error:
        return Closeness(Difference.NOT_NUMBERS, str(error))
    note = ""
    if observed.shape != expected.shape:
        if not (columns and _harmless(observed.shape, expected.shape)):
            says = messages.results.wrong_shape(observed.shape, expected.shape)
            kept = observed if observed.size <= max(expected.size, _KEPT) else None
            return Closeness(Difference.SHAPE, says, observed=kept)
        note = messages.results.accepted_shape(observed.shape, expected.shape)
        observed = observed.reshape(expected.shape)
    if bool((observed == expected).all()):  # nothing to weigh; a NaN equals nothing
        nowhere = np.zeros(expected.shape, np.bool_)
        return Closeness(Difference.NONE, "", note, observed, None, nowhere)
    dtype = dtype or arrays.working_dtype(value)
    rtol, atol = bounds(tolerance, dtype)
    allowed = atol + rtol * np.abs(expected)
    if conditioning is not None:
        allowed = allowed + conditioning[dtype]
    return _judge(observed, expected, allowed, note)


def _harmless(observed: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    if expected == ():
        return observed in {(1,), (1, 1)}
    return len(expected) == 1 and observed in {(*expected, 1), (1, *expected)}


def _judge(observed: np.ndarray, expected: np.ndarray, allowed: np.ndarray, note: str) -> Closeness:
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs(observed - expected)
    if bool((distance <= allowed).all()) and bool(np.isfinite(allowed).all()):  # as it is mostly
        return Closeness(Difference.NONE, "", note, observed, None, np.zeros(expected.shape, bool))
    # An expected infinity is met by the same infinity (their difference is NaN), and by that alone:
    # relative to infinity, every number would be close.
    distance = np.where(observed == expected, 0.0, distance)
    allowed = np.where(np.isfinite(expected), allowed, 0.0)
    # NaN compares false with everything, so a NaN is never within what is allowed.
    wrong = ~(distance <= allowed)
    if not wrong.any():
        return Closeness(Difference.NONE, "", note, observed, None, wrong)
    with np.errstate(invalid="ignore", over="ignore"):
        beyond = np.where(np.isnan(distance), np.inf, distance - allowed)
    excess = np.where(wrong, beyond, -1.0)
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(excess)), excess.shape))
    unexpected = ~np.isfinite(observed) & np.isfinite(expected)
    if unexpected.any():
        worst = tuple(int(i) for i in np.argwhere(unexpected)[0])
        says = messages.results.not_finite(observed[worst], int(unexpected.sum()), observed.size)
        return Closeness(Difference.NOT_FINITE, says, note, observed, worst, wrong)
    count = int(wrong.sum())
    says = messages.results.wrong_values(
        count, observed.size, worst, observed[worst], expected[worst]
    )
    return Closeness(Difference.VALUES, says, note, observed, worst, wrong)
