"""How far an expected value moves when its inputs are perturbed by a rounding unit.

Where large terms cancel, it may stay where it is whatever its inputs do, and yet nobody can compute
it to the last digit: each term was rounded on the way.  What that does is seen by computing it in
single precision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.compare.closeness import DEFAULTS

UNITS = {"float64": 2.0**-53, "float32": 2.0**-24}
"""The rounding unit of each working precision: half the gap between 1 and the next number."""

_DRAWS = 4  # of full steps with random signs, and as many of random length
# A formula rounds at every step and not only at its inputs; a handful of steps are allowed for.
_STEPS = 8
# Of the largest value, or of 1: what is farther off in single precision is not rounding any more,
# but beyond what that precision can do.
_MOST_ROUNDING = 1e-3
_SHARED = 0.1  # of that, for entries that are nearer themselves
# A step so many times smaller tells a slope from a jump: along a slope, even that of a root, the
# value then moves less than a quarter as far.
_FINER = 64
_JUMP = 4

# Rounding is kind to some entries by chance: it is seen at a few places nearby, and at more of them
# where it matters beside the tolerance table.
_NEAR = 1e-3  # relative
_PLACES = 2
_MORE_PLACES = 7
_MATTERS = 0.25


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

    Where an input stands at a jump of the value, as a label of 1 does, what counts is whether the
    input itself can be had in single precision: a label can.

    With `rounding`, the function works in single precision if its inputs are; how far it then is
    off counts for that precision.  Double precision needs no more than its table.
    """
    unit = UNITS["float32"]
    moved = _moved(function, inputs, expected, rng, unit)
    if bool((moved > _most(expected)).any()):
        moved = _without_jumps(function, inputs, expected, moved)
    with np.errstate(over="ignore"):
        moves = {name: _finite(moved * (_STEPS * size / unit)) for name, size in UNITS.items()}
    if rounding:
        moves["float32"] = np.maximum(moves["float32"], _rounding(function, inputs, expected))
    return moves


def _finite(moves: np.ndarray) -> np.ndarray:
    """Return movements with 0 for those that are no number, which would excuse everything."""
    return np.where(np.isfinite(moves), moves, 0.0)


def _moved(
    function: Callable[..., np.ndarray],
    inputs: Mapping[str, Any],
    expected: np.ndarray,
    rng: np.random.Generator,
    size: float,
) -> np.ndarray:
    """Return the largest movement of each entry when inputs are nudged by so much."""
    moved = np.zeros(expected.shape)
    for draw in range(2 * _DRAWS):
        nudged = {
            name: _nudge(value, size, rng, full=draw < _DRAWS) for name, value in inputs.items()
        }
        moved = np.maximum(moved, _step(function, nudged, expected))
    return moved


def _without_jumps(
    function: Callable[..., np.ndarray],
    inputs: Mapping[str, Any],
    expected: np.ndarray,
    moved: np.ndarray,
) -> np.ndarray:
    """Return the movement with, at jumps, that from rounding the inputs to single precision."""
    rng = np.random.default_rng(0)  # the caller draws what comes next, and that stays where it is
    finer = _moved(function, inputs, expected, rng, UNITS["float32"] / _FINER)
    jumps = (moved > _most(expected)) & (finer > moved / _JUMP)
    single = {name: _double(_single(value)) for name, value in inputs.items()}
    return np.where(jumps, _step(function, single, expected), moved)


def _step(
    function: Callable[..., np.ndarray], inputs: Mapping[str, Any], expected: np.ndarray
) -> np.ndarray:
    with np.errstate(all="ignore"):
        step = np.abs(function(**inputs) - expected)
    return _finite(step)


def _most(expected: np.ndarray) -> float:
    return _MOST_ROUNDING * float(np.abs(expected).max(initial=1.0))


def _rounding(
    function: Callable[..., np.ndarray],
    inputs: Mapping[str, Any],
    expected: np.ndarray,
) -> np.ndarray:
    """Return how far the function in single precision is off from itself in double, with room.

    Both get the same inputs, those of single precision, at a few places: at the inputs themselves
    and near them, so that no entry is spared by chance.  Some are spared by the formula, but not by
    another one: each may be as far off as the middle one of those that are off, if that is little.
    """
    rng = np.random.default_rng(0)  # the caller draws what comes next, and that stays where it is
    rtol, atol = DEFAULTS["float32"]
    off = np.zeros(expected.shape)
    for place in range(_PLACES + _MORE_PLACES):
        matters = _STEPS * off > _MATTERS * (atol + rtol * np.abs(expected))
        if place == _PLACES and not matters.any():
            break
        size = _NEAR if place else 0.0
        near = {
            name: _single(_nudge(value, size, rng, full=False)) for name, value in inputs.items()
        }
        wide = {name: _double(value) for name, value in near.items()}
        try:
            with np.errstate(all="ignore"):
                step = np.abs(function(**near) - np.asarray(function(**wide), dtype=np.float64))
        except Exception:  # noqa: BLE001  (a reference need not work in single precision, or there)
            break
        if step.shape == expected.shape:
            off = np.maximum(off, _finite(step))
    each = _STEPS * np.minimum(off, _most(expected))
    if not off.any():
        return np.asarray(each)
    middle = float(np.quantile(off[off > 0], 0.5, method="lower"))
    shared = min(_STEPS * middle, _SHARED * _most(expected))
    return np.asarray(np.maximum(each, shared))


def _single(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(np.float32) if array.dtype.kind == "f" else value


def _double(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(np.float64)[()] if array.dtype == np.float32 else value


def _nudge(value: Any, unit: float, rng: np.random.Generator, *, full: bool) -> Any:
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return value
    if full:
        return array * (1 + unit * rng.choice([-1.0, 1.0], size=array.shape))
    return array * (1 + unit * rng.uniform(-1, 1, size=array.shape))
