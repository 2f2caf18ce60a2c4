"""What the secants of a coding say: whether autograd is cut off, and whether there is a slope."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np

from grader.kinds.codings.coding_records import STEPS, Coding, Seen

POWERS = range(4, 31)  # steps around the point are these powers of 1/2,
RATIOS = (1.0, 1.07, 1.19, 1.31, 1.43, 1.61, 1.79, 1.93)  # times these: an oscillation shows
FAR = range(40, 401, 20)  # powers that are tried as well where x0 is 0

_SETTLED = 1e-2  # the secants at a point agree, relative to the largest
_OFF = 5e-2  # autograd is off, likewise; a settled secant is nearer to the derivative than that
_POINTS = 3  # at which autograd has to be off: one could be chance
_FLAT = 1e-6  # a slope that counts for none, relative to the value or to 1
_EPS = 2.0**-52

Verdict: TypeAlias = Literal["smooth", "kink", "unclear"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Where autograd gives another slope than the values have, and at how many points of all."""

    x: float
    values: float
    autograd: float
    count: int
    total: int


def gap(coding: Coding) -> Gap | None:
    """Return where autograd is off away from jumps, or None where it is right.

    An ordinary operation has the derivative that autograd knows wherever the secants to either
    side settle, but for single points.  The least steps with settled secants decide: a staircase
    is flat, however fine it is.
    """
    table = coding.secants
    slopes = table[:, 1]
    off = np.zeros(len(table), bool)
    true = np.full(len(table), np.nan)
    with np.errstate(all="ignore"):
        least = _FLAT * np.maximum(1.0, abs(table[:, 2]))
        sides = [_sides(table, number) for number in range(len(STEPS))]
        for wide, fine in pairwise(sides):
            both = np.concatenate([wide, fine], axis=1)
            size = np.maximum(abs(both).max(axis=1), least)
            settled = (both.max(axis=1) - both.min(axis=1)) <= _SETTLED * size
            middle = fine.mean(axis=1)
            apart = abs(slopes - middle) > _OFF * np.maximum(size, abs(slopes))
            off = np.where(settled, apart, off)
            true = np.where(settled, middle, true)
        off &= np.isfinite(true) & np.isfinite(slopes)
    if off.sum() < _POINTS:
        return None
    at = int(np.argmin(np.where(off, abs(table[:, 0]), np.inf)))
    x, middle_there, slope = (float(v) for v in (table[at, 0], true[at], slopes[at]))
    return Gap(x, middle_there, slope, int(off.sum()), len(table))


def _sides(table: np.ndarray, number: int) -> np.ndarray:
    """Return the slopes of the secants to the left and to the right, shape (n, 2)."""
    h = STEPS[number] * np.maximum(1.0, abs(table[:, 0]))
    left, right = table[:, 3 + 2 * number], table[:, 4 + 2 * number]
    return np.stack([(table[:, 2] - left) / h, (right - table[:, 2]) / h], axis=1)


@dataclass(frozen=True, slots=True)
class Slopes:
    """Whether a function has a derivative at the point, with its secants at the least steps."""

    verdict: Verdict
    left: float = np.nan
    right: float = np.nan
    step: float = np.nan
    least: float = np.nan  # of all secants with about that step
    largest: float = np.nan


def slopes_at(coding: Coding, seen: Seen) -> Slopes:
    """Return whether the secants at the point come together as the steps shrink.

    In each octave of steps the spread of all slopes is taken, to both sides and at several ratios.
    For a differentiable function it shrinks from octave to octave, by half where there is a second
    derivative, until rounding takes over and it grows.  At a kink it stays.  It is unclear where
    it shrinks by a few per cent: |x|**1.01 and x / log|x| are differentiable, too.
    """
    tables = [_secants(coding, seen, power) for power in POWERS]
    valid = [
        n
        for n, t in enumerate(tables)
        if np.isfinite(t).all() and n and np.isfinite(tables[n - 1]).all()
    ]
    if len(valid) < 3:
        return Slopes("unclear")
    octaves = [np.concatenate([tables[n - 1], tables[n]], axis=1) for n in valid]
    spreads = np.array([float(table.max() - table.min()) for table in octaves])
    scales = np.array([float(abs(table).max()) for table in octaves])
    steps = np.array([2.0 ** -POWERS[n] for n in valid])
    value = abs(float(coding.values[seen.at]))
    noise = 64 * _EPS * np.maximum(value, abs(seen.x0) * scales) / steps
    loud = np.flatnonzero((spreads > 10 * noise) & (spreads > 1e-12 * scales))
    if not len(loud):
        return Slopes("smooth")
    last = int(loud[-1])
    verdict = _verdict(spreads, scales, last)
    if verdict == "unclear" and _settles_far_in(coding, seen, spreads[0]):
        verdict = "smooth"
    table = octaves[last]
    left, right = (float(slope) for slope in tables[valid[last]][:, 0])
    return Slopes(verdict, left, right, float(steps[last]), float(table.min()), float(table.max()))


def _verdict(spreads: np.ndarray, scales: np.ndarray, last: int) -> Verdict:
    first = max(0, last - 6)
    if last - first < 2:
        return "smooth"  # rounding takes over at once
    if spreads[first] > 0:
        rate = float(spreads[last] / spreads[first]) ** (1 / (last - first))
        if rate <= 0.9:
            return "smooth"
        if rate <= 0.985:
            return "unclear"
    least = int(np.argmin(spreads[: last + 1]))
    small = float(spreads[least] / scales[least]) if scales[least] else 0.0
    falls = spreads[least] <= spreads[0] / 16
    grows = spreads[last] >= 8 * spreads[least] > 0
    rounding = small <= 1e-9 or (small <= 1e-6 and falls)
    return "smooth" if grows and rounding else "kink"


def _settles_far_in(coding: Coding, seen: Seen, start: float) -> bool:
    """Whether the secants come together at last, where x0 is 0 and numbers are dense."""
    tables = [_secants(coding, seen, power)[:, :3] for power in FAR]
    spreads = [float(table.max() - table.min()) for table in tables if np.isfinite(table).all()]
    return len(spreads) == len(FAR) and spreads[-1] <= 1e-6 * start


def _secants(coding: Coding, seen: Seen, power: int) -> np.ndarray:
    """Return slopes to the left and right at each ratio, shape (2, ratios); NaN without a point."""
    steps = np.array(RATIOS) * 2.0**-power
    found = []
    for side in (-1.0, 1.0):
        wanted = seen.x0 + side * steps
        after = np.clip(np.searchsorted(seen.x, wanted), 1, len(seen.x) - 1)
        nearer = abs(seen.x[after - 1] - wanted) < abs(seen.x[after] - wanted)
        at = np.where(nearer, after - 1, after)
        run = seen.x[at] - seen.x0
        with np.errstate(all="ignore"):
            slopes = (coding.values[at] - coding.values[seen.at]) / run
        found.append(np.where(abs(side * run - steps) <= 0.02 * steps, slopes, np.nan))
    return np.array(found)
