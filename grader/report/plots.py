"""Curves, marked points and contours, drawn with matplotlib."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import isfinite, log10

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from grader.records import Contours, Curve, Figure, Spot
from grader.report import canvas
from grader.report.svg import COLOURS
from grader.report.text import shortened
from grader.report.words import SPOT_WORDS

WIDTH, HEIGHT = 520, 300
MOST_PLACES = 600
"""A curve of more places than this is thinned: a pixel has room for one."""
MOST_SPOTS, MOST_LABELS = 200, 8
MOST_CURVES = 12

_LEFT, _RIGHT, _TOP, _BOTTOM, _ROW = 64, 16, 12, 54, 18
_LARGEST = 1e150  # far beyond it, the length of an axis and its margins are no doubles any more
_DECADES = 3  # from so many decades on, small values would lie on the axis
_LEVELS = 14
_CURVE_COLOURS = ("accent", "half", "fault", "good", "bad", "ink")
_CURVE_MARKERS = ("o", "s", "^", "D", "v", "P")
_DASHES = (5, 3)
MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

# Each state has a shape of its own, so that nobody has to tell green from red.
_SPOTS = {
    "right": {"marker": "o", "color": COLOURS["good"], "markersize": 10},
    "wrong": {"marker": "X", "color": COLOURS["bad"], "markersize": 11},
    "missed": {
        "marker": "D",
        "color": COLOURS["half"],
        "markersize": 9,
        "markerfacecolor": COLOURS["sheet"],
        "markeredgewidth": 2,
    },
    "plain": {"marker": "s", "color": COLOURS["ink"], "markersize": 6},
}


def plotted(figure: Figure) -> str:
    """Return a figure of curves, spots and contours as SVG."""
    handles = [*_curve_handles(figure), *_spot_handles(figure.spots)]
    columns, rows = _legend_size([str(handle.get_label()) for handle in handles])
    height = _TOP + HEIGHT + _BOTTOM + _ROW * rows
    made = canvas.sheet(WIDTH, height)
    bottom = (height - _TOP - HEIGHT) / height
    width = (WIDTH - _LEFT - _RIGHT) / WIDTH
    axes = made.add_axes((_LEFT / WIDTH, bottom, width, HEIGHT / height))
    axes.set_xlabel(shortened(figure.x_label, 60))
    axes.set_ylabel(shortened(figure.y_label, 40))
    axes.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    if figure.contours is not None:
        _draw_contours(axes, figure.contours, figure.spots)
    _scale(axes, [y for curve in figure.curves for y in curve.y if y is not None and isfinite(y)])
    for number, curve in enumerate(figure.curves[:MOST_CURVES]):
        _draw_curve(axes, curve, number, alone=len(figure.curves) == 1)
    _draw_spots(axes, figure.spots[:MOST_SPOTS])
    if handles:
        made.legend(
            handles=handles,
            ncols=columns,
            loc="lower left",
            bbox_to_anchor=((_LEFT - 6) / WIDTH, 0),
            borderaxespad=0,
            handlelength=2.6,
            columnspacing=1.8,
        )
    return canvas.written(made)


def _curve_style(curve: Curve, number: int, *, alone: bool) -> dict[str, object]:
    """Return how a curve looks: colour, dashes and marks each tell it from the others."""
    colour = COLOURS[_CURVE_COLOURS[number % len(_CURVE_COLOURS)]]
    return {
        "color": colour,
        "linewidth": max(1.4, 3 - 0.6 * number),  # one that lies on another leaves it an edge
        "dashes": _DASHES if curve.dashed else (),
        "marker": None if alone else _CURVE_MARKERS[number % len(_CURVE_MARKERS)],
        "markersize": 6,
        "markerfacecolor": COLOURS["sheet"] if curve.dashed else colour,
    }


def _curve_handles(figure: Figure) -> Iterator[Line2D]:
    curves = figure.curves[:MOST_CURVES]
    alone = len(figure.curves) == 1
    for number, curve in enumerate(curves):
        label = shortened(curve.label, 48)
        if label and not (alone and label == figure.y_label):
            yield Line2D([], [], label=label, **_curve_style(curve, number, alone=alone))  # type: ignore[arg-type]


def _spot_handles(spots: Sequence[Spot]) -> Iterator[Line2D]:
    for state, word in SPOT_WORDS.items():
        count = sum(spot.state == state for spot in spots)
        if count:
            label = word if count == 1 else f"{word} ({count})"
            yield Line2D([], [], linestyle="none", label=label, **_SPOTS[state])  # type: ignore[arg-type]


def _legend_size(labels: Sequence[str]) -> tuple[int, int]:
    """Return the columns and the rows of a legend."""
    if not labels:
        return 1, 0
    widest = 52 + 7.2 * max(map(len, labels))
    columns = max(1, min(len(labels), int((WIDTH - _LEFT) / widest)))
    return columns, -(-len(labels) // columns)


def _scale(axes: Axes, values: Sequence[float]) -> None:
    """Take a logarithmic axis where a linear one would show the largest values only."""
    sizes = sorted(abs(value) for value in values if value)
    if len(sizes) < 2 or log10(sizes[-1]) - log10(sizes[len(sizes) // 20]) < _DECADES:
        return
    if min(values) > 0:
        axes.set_yscale("log")
    elif log10(sizes[-1]) - log10(sizes[len(sizes) // 2]) >= 2 * _DECADES:
        axes.set_yscale("symlog", linthresh=sizes[len(sizes) // 2])
    else:
        return
    axes.yaxis.set_major_formatter(FuncFormatter(_power))
    axes.minorticks_off()


def _power(value: float, _place: object = None) -> str:
    """Return the label of a place on a logarithmic axis."""
    exponent = log10(abs(value)) if value else 0.0
    if abs(exponent) < 4 or abs(exponent - round(exponent)) > 1e-9:
        return f"{value:g}".replace("-", MINUS)
    sign = MINUS if value < 0 else ""
    return f"{sign}10{str(round(exponent)).translate(_SUPERSCRIPT)}"


def _draw_curve(axes: Axes, curve: Curve, number: int, *, alone: bool) -> None:
    style = _curve_style(curve, number, alone=alone)
    pieces = [_thinned(piece, len(curve.x)) for piece in _pieces(curve)]
    places = sum(map(len, pieces))
    # Marks of different curves stand at different places, so that one seen behind another is seen.
    step = max(1, places // 9)
    first = step * (number % 3) // 3
    passed = 0
    for piece in pieces:
        x, y = np.clip(np.array(piece).T, -_LARGEST, _LARGEST)
        y = np.maximum(y, 1 / _LARGEST) if axes.get_yscale() == "log" else y
        marks = [i for i in range(len(piece)) if (passed + i) % step == first]
        if len(piece) == 1:  # between two breaks there is nothing to draw a line to
            style |= {"marker": _CURVE_MARKERS[number % len(_CURVE_MARKERS)]}
            marks = [0]
        axes.plot(x, y, markevery=marks, **style)  # type: ignore[arg-type]
        passed += len(piece)


def _pieces(curve: Curve) -> list[list[tuple[float, float]]]:
    """Return the unbroken pieces of a curve."""
    pieces = []
    for unbroken, run in groupby(zip(curve.x, curve.y, strict=False), key=_drawable):
        if unbroken:
            pieces.append([(x, y) for x, y in run if y is not None])
    return pieces


def _drawable(place: tuple[float, float | None]) -> bool:
    x, y = place
    return y is not None and isfinite(x) and isfinite(y)


def _thinned(piece: list[tuple[float, float]], of: int) -> list[tuple[float, float]]:
    """Return a piece with fewer places: of each stretch its ends, its lowest and its highest."""
    if of <= MOST_PLACES:
        return piece
    stretch = -(-of * 4 // MOST_PLACES)
    kept = []
    for start in range(0, len(piece), stretch):
        part = piece[start : start + stretch]
        numbers = range(len(part))
        lowest = min(numbers, key=lambda i: part[i][1])
        highest = max(numbers, key=lambda i: part[i][1])
        kept += [part[i] for i in sorted({0, lowest, highest, len(part) - 1})]
    return kept


def _draw_spots(axes: Axes, spots: Sequence[Spot]) -> None:
    for spot in spots:
        x, y = np.clip([spot.x, spot.y], -_LARGEST, _LARGEST)
        style = {"zorder": 5, "markeredgecolor": COLOURS["sheet"], "linestyle": "none"}
        style |= _SPOTS.get(spot.state, _SPOTS["plain"])
        if spot.state == "missed":
            style["markeredgecolor"] = style["color"]
        axes.plot([x], [y], **style)  # type: ignore[arg-type]
    if len(spots) > MOST_LABELS:
        return
    low, high = axes.get_xlim()
    for spot in spots:
        beyond = low + 0.75 * (high - low) < spot.x
        axes.annotate(
            shortened(spot.label, 30),
            (spot.x, spot.y),
            (-9 if beyond else 9, 8),
            textcoords="offset points",
            ha="right" if beyond else "left",
            color=COLOURS["note"],
            annotation_clip=True,
            zorder=6,
        )


def _draw_contours(axes: Axes, contours: Contours, spots: Sequence[Spot]) -> None:
    x, y, z = (np.array(each, dtype=float) for each in (contours.x, contours.y, contours.z))
    axes.grid(visible=False)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    axes.autoscale(enable=False)
    levels = _levels(x, y, z, spots)
    if len(levels) < 2:
        return
    bands = [(COLOURS["accent"], 0.34 * i / len(levels)) for i in range(len(levels) + 1)]
    axes.contourf(x, y, z, levels, colors=bands, extend="both")
    axes.contour(
        x, y, z, levels, colors=COLOURS["muted"], linewidths=0.7, linestyles="solid", alpha=0.8
    )


def _levels(x: np.ndarray, y: np.ndarray, z: np.ndarray, spots: Sequence[Spot]) -> list[float]:
    """Return levels that are close where the function is near its value at the spots.

    They are even in asinh((z - centre) / scale): linear near the value at the marked points,
    logarithmic far from it, so that a flat valley is seen beside a steep wall.
    """
    z = np.clip(z, -_LARGEST, _LARGEST)
    marked = [z[_nearest(y, spot.y), _nearest(x, spot.x)] for spot in spots]
    centre = float(np.median(marked or z))
    away = z / 2 - centre / 2  # halves, so that the difference of two huge numbers is no infinity
    scale = float(np.quantile(np.abs(away), 0.1)) or float(np.max(np.abs(away)))
    if not scale:
        return []
    even = np.linspace(np.arcsinh(away.min() / scale), np.arcsinh(away.max() / scale), _LEVELS + 2)
    found = [float(2 * scale * np.sinh(t)) + centre for t in even[1:-1]]
    return found if all(a < b for a, b in pairwise(found)) else []


def _nearest(places: np.ndarray, wanted: float) -> int:
    return int(np.argmin(np.abs(places - np.clip(wanted, places[0], places[-1]))))
