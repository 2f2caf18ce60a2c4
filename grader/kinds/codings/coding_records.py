"""What two codings of a function did: values, derivatives, jumps, read from the probe's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

JUMP = 1e-7  # between neighbouring numbers, relative to the values or to 1
_SIDE = 2.5  # jumps that a function may move beside one, within a millionth; see `jump`
_POLE = 1e30  # values of it are not narrowed down to neighbouring numbers: they overflow before
# Of secants, relative to x or to 1: no staircase has just these.
STEPS = (1.12347e-3, 1.31713e-4, 1.70929e-5, 1.90331e-6)
_MOST = 20_000  # points that are looked at; the probe makes far fewer
_TEXT = 200  # characters of what torch says
_CUT_KINDS = frozenset({"function", "hook", "no_grad", "detach", "data"})


@dataclass(frozen=True, slots=True)
class Coding:
    """What one coding did, as its process says."""

    name: str
    values: np.ndarray  # (N,)
    slopes: np.ndarray  # (N,); NaN where autograd gave none
    states: np.ndarray  # (N,); why it gave none
    jumps: np.ndarray  # (k, 5): a, b, f(a), f(b), how far f moves beside them
    left: int
    cuts: tuple[str, ...]
    secants: np.ndarray  # (n, 3 + 2 * len(STEPS)): x, derivative, f(x), f(x - h), f(x + h), …
    rounded: int
    says: str  # by torch, why there is no derivative

    def real_jumps(self) -> np.ndarray:
        """Return the rows of `jumps` at which the function is not continuous.

        A cube root or a steep sigmoid has a gap between neighbouring numbers, too.  But it goes on
        moving beside them, by far more than that gap; beside a jump a function is nearly still.
        An isolated point moves by just the jump on one side, and an oscillation by twice as much.
        """
        table = self.jumps[np.isfinite(self.jumps).all(axis=1)]
        low, high, at_low, at_high, side = table.T
        with np.errstate(over="ignore"):
            gaps = abs(at_high - at_low)
        widths = np.maximum(64 * np.spacing(np.maximum(abs(low), abs(high))), 1e-80)
        narrow = (high - low <= widths) | (gaps >= _POLE)
        scale = np.maximum(1.0, np.minimum(abs(at_low), abs(at_high)))
        rows: np.ndarray = table[narrow & (gaps >= JUMP * scale) & (side <= _SIDE * gaps)]
        return rows

    def jump(self) -> np.ndarray | None:
        """Return the largest jump, as a row of `jumps`, or None."""
        rows = self.real_jumps()
        return rows[int(np.argmax(abs(rows[:, 3] - rows[:, 2])))] if len(rows) else None


@dataclass(frozen=True, slots=True)
class Seen:
    """Both codings at the same points."""

    x0: float
    x: np.ndarray  # (N,), in rising order
    codings: tuple[Coding, Coding]

    @property
    def at(self) -> int:
        """The index of the point."""
        return int(np.argmin(abs(self.x - self.x0)))


def read(names: Sequence[str], answer: Mapping[str, Any]) -> Seen | None:
    """Return what came back in order, or None if it is not what the probe returns."""
    x0, x, functions = (answer.get(key) for key in ("x0", "x", "functions"))
    points = _vector(x)
    if not isinstance(x0, float) or points is None or not isinstance(functions, list):
        return None
    if len(functions) != 2 or not np.isfinite(points).all() or not (points == x0).any():
        return None
    order = np.argsort(points, kind="stable")
    codings = []
    for name, found in zip(names, functions, strict=True):
        coding = _coding(name, found, order) if isinstance(found, dict) else None
        if coding is None:
            return None
        codings.append(coding)
    return Seen(x0, points[order], (codings[0], codings[1]))


def _coding(name: str, found: Mapping[str, Any], order: np.ndarray) -> Coding | None:
    vectors = [_vector(found.get(key)) for key in ("values", "slopes", "states")]
    jumps, left, cuts = (found.get(key) for key in ("jumps", "left", "cuts"))
    secants, rounded, says = (found.get(key) for key in ("secants", "rounded", "says"))
    if any(vector is None or vector.shape != order.shape for vector in vectors):
        return None
    if not _table(jumps, 5) or not _table(secants, 3 + 2 * len(STEPS)):
        return None
    if not isinstance(left, int) or not isinstance(rounded, int) or not isinstance(cuts, list):
        return None
    known = tuple(sorted({str(cut) for cut in cuts[:100]} & _CUT_KINDS))
    values, slopes, states = (vector[order] for vector in vectors if vector is not None)
    return Coding(
        name,
        values,
        slopes,
        states,
        np.asarray(jumps),
        left,
        known,
        np.asarray(secants),
        rounded,
        says.strip().partition("\n")[0][:_TEXT] if isinstance(says, str) else "",
    )


def _table(value: Any, columns: int) -> bool:
    if not isinstance(value, np.ndarray) or value.ndim != 2 or value.shape[1] != columns:
        return False
    return value.dtype == np.float64 and len(value) <= _MOST


def _vector(value: Any) -> np.ndarray | None:
    if not isinstance(value, np.ndarray) or value.ndim != 1 or not 0 < len(value) <= _MOST:
        return None
    return value.astype(np.float64) if value.dtype.kind in "iuf" else None
