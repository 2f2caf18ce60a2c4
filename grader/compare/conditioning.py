"""How far an expected value moves when its inputs are perturbed by a rounding unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

UNITS = {"float64": 2.0**-53, "float32": 2.0**-24}
"""The rounding unit of each working precision: half the gap between 1 and the next number."""

_DRAWS = 4  # of full steps with random signs, and as many of random length
# A formula rounds at every step and not only at its inputs; a handful of steps are allowed for.
_STEPS = 8


def conditioning(
    function: Callable[..., np.ndarray],
    inputs: Mapping[str, Any],
    expected: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Return, per precision, the largest movement of `function(**inputs)` entry by entry.

    Each float input is perturbed by its unit with random signs, a few times, and a few times by
    less: equal steps of two numbers leave their quotient where it is.  The movement is found at
    the size of single precision and scaled: it is linear in so small a step, while at the size of
    double precision the function's own rounding would drown it.
    """
    unit = UNITS["float32"]
    moved = np.zeros(expected.shape)
    for draw in range(2 * _DRAWS):
        nudged = {
            name: _nudge(value, unit, rng, full=draw < _DRAWS) for name, value in inputs.items()
        }
        with np.errstate(all="ignore"):
            step = np.abs(function(**nudged) - expected)
        moved = np.maximum(moved, np.where(np.isfinite(step), step, 0.0))
    return {name: _STEPS * moved * (size / unit) for name, size in UNITS.items()}


def _nudge(value: Any, unit: float, rng: np.random.Generator, *, full: bool) -> Any:
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return value
    if full:
        return array * (1 + unit * rng.choice([-1.0, 1.0], size=array.shape))
    return array * (1 + unit * rng.uniform(-1, 1, size=array.shape))
