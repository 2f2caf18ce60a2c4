"""How far an expected value moves when its inputs are perturbed by a rounding unit.

Where large terms cancel, it may stay where it is whatever its inputs do, and yet nobody can compute
it to the last digit: each term was rounded on the way.  What that does is seen by computing it in
single precision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

UNITS = {"float64": 2.0**-53, "float32": 2.0**-24}
"""The rounding unit of each working precision: half the gap between 1 and the next number."""

_DRAWS = 4  # of full steps with random signs, and as many of random length
# A formula rounds at every step and not only at its inputs; a handful of steps are allowed for.
_STEPS = 8
_SINGLE_DRAWS = 2
# Of the largest value, or of 1: what is farther off in single precision is not rounding any more,
# but beyond what that precision can do.
_MOST_ROUNDING = 1e-3
_MOST_SHARED = 1e-4  # likewise, for entries that are nearer themselves


def conditioning(
    function: Callable[..., np.ndarray],
    inputs: Mapping[str, Any],
    expected: np.ndarray,
    rng: np.random.Generator,
    *,
    rounding: bool = False,
) -> dict[str, np.ndarray]:
    """Return, per precision, the largest movement of `function(**inputs)` entry by entry.

    Each float input is perturbed by its unit with random signs, a few times, and a few times by
    less: equal steps of two numbers leave their quotient where it is.  The movement is found at
    the size of single precision and scaled: it is linear in so small a step, while at the size of
    double precision the function's own rounding would drown it.

    With `rounding`, the function works in single precision if its inputs are; how far it then is
    off counts for that precision.  Double precision needs no more than its table.
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
    moves = {name: _STEPS * moved * (size / unit) for name, size in UNITS.items()}
    if rounding:
        moves["float32"] = np.maximum(moves["float32"], _rounding(function, inputs, expected))
    return moves


def _rounding(
    function: Callable[..., np.ndarray],
    inputs: Mapping[str, Any],
    expected: np.ndarray,
) -> np.ndarray:
    """Return how far the function in single precision is from what is expected, with room.

    Rounding is kind to some entries by chance, and to others for whoever rounds in another order:
    each may be off as far as the farthest, if that is little.
    """
    rng = np.random.default_rng(0)  # the caller's draws what comes next, and stays where it is
    off = np.zeros(expected.shape)
    for _ in range(_SINGLE_DRAWS):
        near = {
            name: _single(_nudge(value, UNITS["float32"], rng, full=False))
            for name, value in inputs.items()
        }
        try:
            with np.errstate(all="ignore"):
                step = np.abs(np.asarray(function(**near), dtype=np.float64) - expected)
        except Exception:  # noqa: BLE001  (a reference need not work in single precision)
            return np.zeros(expected.shape)
        if step.shape == expected.shape:
            off = np.maximum(off, np.where(np.isfinite(step), step, 0.0))
    largest = float(np.abs(expected).max(initial=1.0))
    each = _STEPS * np.minimum(off, _MOST_ROUNDING * largest)
    shared = min(_STEPS * float(off.max(initial=0.0)), _MOST_SHARED * largest)
    return np.asarray(np.maximum(each, shared))


def _single(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(np.float32) if array.dtype.kind == "f" else value


def _nudge(value: Any, unit: float, rng: np.random.Generator, *, full: bool) -> Any:
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return value
    if full:
        return array * (1 + unit * rng.choice([-1.0, 1.0], size=array.shape))
    return array * (1 + unit * rng.uniform(-1, 1, size=array.shape))
