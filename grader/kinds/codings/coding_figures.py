"""Figures of two codings: each function with the derivative that autograd gives for it."""

from __future__ import annotations

import numpy as np

from grader import messages
from grader.kinds.codings.coding_records import Coding, Seen
from grader.records import Curve, Figure, Spot

_MOST = 600  # points of a curve


def figures(seen: Seen, window: float, wanted: tuple[float, float] | None) -> tuple[Figure, ...]:
    """Return a figure for each coding, around the point; jumps break the line."""
    expected = wanted or (None, None)
    drawn = [
        _figure(coding, seen, window, slope)
        for coding, slope in zip(seen.codings, expected, strict=True)
    ]
    return tuple(figure for figure in drawn if figure is not None)


def _figure(coding: Coding, seen: Seen, window: float, wanted: float | None) -> Figure | None:
    inside = abs(seen.x - seen.x0) <= window * (1 + 1e-12)
    x, values, slopes = (array[inside] for array in (seen.x, coding.values, coding.slopes))
    value, slope = float(coding.values[seen.at]), float(coding.slopes[seen.at])
    if not np.isfinite(value) or len(x) < 2:
        return None
    broken = _broken(x, coding)
    keep = _thinned(x, seen.x0, broken)
    curves = (
        _curve(coding.name, x, values, broken, keep, dashed=False),
        _curve(
            messages.codings.derivative_label(coding.name), x, slopes, broken, keep, dashed=True
        ),
    )
    low, high = float(x[0]), float(x[-1])
    text = [messages.codings.figure_text(coding.name, low, high, seen.x0, value)]
    spots = [Spot(messages.codings.value_at(seen.x0), seen.x0, value)]
    if np.isfinite(slope):
        state = "plain"
        if wanted is not None:
            state = "right" if abs(slope - wanted) <= 1e-6 * max(1.0, abs(wanted)) else "wrong"
        spots.append(Spot(messages.codings.derivative_at(seen.x0), seen.x0, slope, state))
        text.append(messages.codings.figure_derivative(slope))
    else:
        text.append(messages.codings.figure_no_derivative())
    jump = coding.jump()
    if jump is not None and low <= jump[0] <= high:
        at = float(round(jump[0], 9))
        text.append(messages.codings.figure_jump(at + 0.0, float(jump[2]), float(jump[3])))
    return Figure(
        messages.codings.figure_title(coding.name),
        " ".join(text),
        "x",
        "",
        curves,
        tuple(spots),
    )


def _broken(x: np.ndarray, coding: Coding) -> np.ndarray:
    """Return after which points the line is broken: those just before a jump, shape (N,)."""
    broken = np.zeros(len(x), bool)
    taken: list[tuple[float, float]] = []
    for low, high in sorted(coding.real_jumps()[:, :2].tolist(), key=lambda row: row[1] - row[0]):
        if any(low < end and start < high for start, end in taken):
            continue  # the same jump, less closely
        taken.append((low, high))
        at = int(np.searchsorted(x, low, side="right")) - 1
        if 0 <= at < len(x):
            broken[at] = True
    return broken


def _thinned(x: np.ndarray, x0: float, broken: np.ndarray) -> np.ndarray:
    """Return which points are drawn: evenly spread ones, the point, and both sides of a jump."""
    keep = np.zeros(len(x), bool)
    keep[np.linspace(0, len(x) - 1, min(len(x), _MOST)).astype(int)] = True
    keep |= x == x0
    keep |= broken
    keep[1:] |= broken[:-1]
    return keep


def _curve(
    label: str,
    x: np.ndarray,
    y: np.ndarray,
    broken: np.ndarray,
    keep: np.ndarray,
    *,
    dashed: bool,
) -> Curve:
    size = abs(y[np.isfinite(y)])
    # Beside a pole a few values are so large that nothing of the others would be seen.
    highest = 20 * float(np.quantile(size, 0.9)) + 1 if len(size) else 0.0
    xs: list[float] = []
    ys: list[float | None] = []
    for at in np.flatnonzero(keep):
        number = float(y[at])
        xs.append(float(x[at]))
        ys.append(number if abs(number) <= highest else None)
        if broken[at]:
            xs.append(float(x[at]))
            ys.append(None)
    return Curve(label, tuple(xs), tuple(ys), dashed)
