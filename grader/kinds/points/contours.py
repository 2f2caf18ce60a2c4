"""The picture of a function of two variables with its stationary points: found, false, missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import floor, log10
from typing import Any, TypeAlias

import numpy as np

from grader import messages
from grader.records import Contours, Figure, Spot

Window: TypeAlias = tuple[float, float, float, float]
"""Left, right, bottom and top of a picture."""
Surface: TypeAlias = Callable[[Window], Contours | None]

GRID = 41
_PROBES = ((0, 0), (0, GRID - 1), (GRID - 1, 3), (7, 11), (GRID // 2, GRID // 2), (29, 5), (13, 31))
WIDER = (1.0, 2.5, 6.0)
"""So many times as large as the true points need may a picture be, to hold what was claimed."""
MOST_FALSE = 50
_FAR = 1e6  # a coordinate beyond it is not meant
_DIGITS = 4
_LARGEST = 1e100
_AROUND = 0.75  # of the distance between the outermost points, on either side


def surface(function: Callable[..., Any]) -> Surface:
    """Return a torch function's values over a window; those of the latest windows are kept.

    What comes back is None unless the function has a value of a usual size everywhere.
    """

    @lru_cache(maxsize=16)
    def over(window: Window) -> Contours | None:
        import torch  # noqa: PLC0415  (the plan has loaded it)

        left, right, bottom, top = window
        x, y = np.linspace(left, right, GRID), np.linspace(bottom, top, GRID)
        points = torch.tensor(np.stack(np.meshgrid(x, y), axis=-1))
        try:
            with torch.no_grad():
                z = _at_once(function, points)
                if z is None:
                    z = np.array([[float(function(point)) for point in row] for row in points])
        except Exception:  # noqa: BLE001  (a reference may refuse points that nobody asked about)
            return None
        if not np.all(np.abs(z) < _LARGEST):  # which NaN is not either
            return None
        z_range = float(z.max() - z.min())
        rows = tuple(_short(row, z_range) for row in z)
        return Contours(_short(x, right - left), _short(y, top - bottom), rows)

    return over


def _at_once(function: Callable[..., Any], points: Any) -> np.ndarray | None:
    """Return a function's values at a grid of points, found in one call; None if it takes none.

    A function of two numbers is mostly one of two arrays as well, and a hundred times as fast; some
    of the points are asked for alone, since it need not be.
    """
    try:
        found = function(points.movedim(-1, 0)).numpy()
    except Exception:  # noqa: BLE001  (it was not made for this)
        return None
    if found.shape != points.shape[:-1]:
        return None
    alone = [(place, float(function(points[place]))) for place in _PROBES]
    z = np.array(found, dtype=np.float64)
    return z if all(np.isclose(z[place], value, rtol=1e-9) for place, value in alone) else None


def _short(values: np.ndarray, spread: float) -> tuple[float, ...]:
    """Return values with four digits, of their own or of what they spread over, the finer of both.

    Every result is stored with its picture, and a pixel shows no more.
    """
    return tuple(
        round(float(value), max(_decimals(float(value)), _decimals(spread))) for value in values
    )


def _decimals(size: float) -> int:
    return _DIGITS - 1 - floor(log10(abs(size))) if size else 0


def picture(
    over: Surface,
    found: Sequence[np.ndarray],
    false: Sequence[np.ndarray],
    missed: Sequence[np.ndarray],
    *,
    reveal: bool,
) -> Figure | None:
    """Return the picture of a student's points, or None for a function of other dimensions.

    Without `reveal`, neither the missed points nor a window around them give an answer away.
    """
    missed = missed if reveal else ()
    near = [point for point in false if np.max(np.abs(point)) <= _FAR]
    needed = [*found, *missed] or near[:1]
    if not needed or needed[0].shape != (2,):
        return None
    window = _window(needed, near)
    inside = [point for point in near if _holds(window, point)]
    outside = len(false) - len(inside)
    states = {"right": found, "wrong": inside[:MOST_FALSE], "missed": missed}
    return Figure(
        messages.points.PICTURE,
        messages.points.picture_text(found, inside, missed, outside),
        "x₁",
        "x₂",
        spots=tuple(
            Spot(messages.points.point_text(point, 3), float(point[0]), float(point[1]), state)
            for state, those in states.items()
            for point in those
        ),
        contours=over(window),
    )


def _window(needed: Sequence[np.ndarray], claimed: Sequence[np.ndarray]) -> Window:
    """Return a window around the needed points that also holds what was claimed near them."""
    corners = np.array(needed)
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle = low / 2 + high / 2
    widest = float(np.max(high / 2 - low / 2))
    # On an axis on which all of them agree, the other one or the distance from zero is a measure.
    half = np.maximum((high / 2 - low / 2) * (1 + _AROUND), 0.5 * widest)
    half = np.where(half > 0, half, np.maximum(1.0, np.abs(middle) / 2))
    windows = [_rounded(middle, times * half) for times in WIDER]
    near = [point for point in claimed if _holds(windows[-1], point)]
    return next((w for w in windows if all(_holds(w, point) for point in near)), windows[-1])


def _rounded(middle: np.ndarray, half: np.ndarray) -> Window:
    (left, right), (bottom, top) = (
        [float(f"{end:.{_DIGITS}g}") for end in (m - h, m + h)]
        for m, h in zip(middle, half, strict=True)
    )
    return left, right, bottom, top


def _holds(window: Window, point: np.ndarray) -> bool:
    left, right, bottom, top = window
    return bool(left <= point[0] <= right and bottom <= point[1] <= top)
