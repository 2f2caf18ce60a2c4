"""What two codings of a function did: values, derivatives, jumps, read from the probe's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

JUMP = 1e-6  # between neighbouring numbers: a continuous function would need a slope of 1e9
_MOST = 20_000  # points that are looked at; the probe makes far fewer
_CUT_KINDS = frozenset({"function", "hook", "no_grad", "detach", "data"})


@dataclass(frozen=True, slots=True)
class Coding:
    """What one coding did, as its process says."""

    name: str
    values: np.ndarray  # (N,)
    slopes: np.ndarray  # (N,); NaN where autograd gave none
    states: np.ndarray  # (N,); why it gave none
    jumps: np.ndarray  # (k, 4): a, b, f(a), f(b)
    left: int
    cuts: tuple[str, ...]

    def jump(self) -> np.ndarray | None:
        """Return the largest jump, as a row of `jumps`, or None."""
        table = self.jumps[np.isfinite(self.jumps).all(axis=1)]
        low, high, at_low, at_high = table.T
        narrow = high - low <= np.maximum(4e-16 * np.maximum(abs(low), abs(high)), 1e-28)
        scale = np.maximum(1.0, np.minimum(abs(at_low), abs(at_high)))
        gaps = np.where(narrow, abs(at_high - at_low), 0.0)
        real = gaps >= JUMP * scale
        return table[int(np.argmax(np.where(real, gaps, -1.0)))] if real.any() else None


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
    if any(vector is None or vector.shape != order.shape for vector in vectors):
        return None
    table = isinstance(jumps, np.ndarray) and jumps.ndim == 2 and jumps.shape[1:] == (4,)
    if not table or jumps.dtype != np.float64 or len(jumps) > _MOST:  # type: ignore[union-attr,arg-type]
        return None
    if not isinstance(left, int) or not isinstance(cuts, list):
        return None
    known = tuple(sorted({str(cut) for cut in cuts[:100]} & _CUT_KINDS))
    values, slopes, states = (vector[order] for vector in vectors if vector is not None)
    return Coding(name, values, slopes, states, np.asarray(jumps), left, known)


def _vector(value: Any) -> np.ndarray | None:
    if not isinstance(value, np.ndarray) or value.ndim != 1 or not 0 < len(value) <= _MOST:
        return None
    return value.astype(np.float64) if value.dtype.kind in "iuf" else None
