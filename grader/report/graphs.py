"""Graphs, such as an evaluation trace, in layers from the inputs down.

The layers are the topological generations; an edge that passes a layer gets a place in it, so that
it runs between the nodes and not behind them (Sugiyama, Tagawa and Toda 1981).
"""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

import networkx as nx
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Patch
from matplotlib.path import Path

from grader.records import Figure, Node
from grader.report import canvas
from grader.report.svg import COLOURS
from grader.report.text import printable, shortened
from grader.report.words import NODE_WORDS

MOST_NODES, MOST_EDGES = 150, 400
MOST_PLACES = 2_000

Place: TypeAlias = Hashable
"""A node by its name, or where an edge passes a layer: (edge, layer)."""

_LINE, _MOST_LINES, _CHARACTERS = 16.0, 4, 22
_GAP, _THROUGH, _BETWEEN, _MARGIN, _LEGEND = 18.0, 10.0, 34.0, 8.0, 26.0
_BULGE = 44.0  # how far an edge upwards keeps off what it passes
_STEEP = 0.3  # steeper than this, an edge would touch the nodes that it passes
_SWEEPS = 8
_BORDERS: Mapping[str, tuple[str, Literal["solid"] | tuple[int, tuple[float, ...]], float]] = {
    "plain": (COLOURS["muted"], "solid", 1.0),
    "right": (COLOURS["good"], "solid", 2.0),
    "wrong": (COLOURS["bad"], (0, (5.0, 2.5)), 3.0),
    "follows": (COLOURS["half"], (0, (1.2, 2.2)), 2.2),
}
"""Colour, line and width of a node's border: without its colour it still says the state."""


class TooLargeError(ValueError):
    """The graph has more nodes or edges than anybody could follow."""


@dataclass(slots=True)
class _Layers:
    """Every place in its layer, with its neighbours in the layers beside it."""

    rows: list[list[Place]]
    above: dict[Place, list[Place]] = field(default_factory=dict)
    below: dict[Place, list[Place]] = field(default_factory=dict)
    ways: dict[tuple[str, str], list[Place]] = field(default_factory=dict)


def drawn(figure: Figure) -> str:
    """Return the graph of a figure as SVG.  Raises TooLargeError."""
    nodes = {node.name: node for node in figure.nodes}
    edges = [(a, b) for a, b in dict.fromkeys(figure.edges) if a in nodes and b in nodes and a != b]
    if len(nodes) > MOST_NODES or len(edges) > MOST_EDGES:
        raise TooLargeError(f"{len(nodes)} nodes and {len(edges)} edges")
    labels = {name: _label(node) for name, node in nodes.items()}
    layers = _layers(list(nodes), edges)
    _untangle(layers)
    sizes = {name: _size(label) for name, label in labels.items()}
    across = _across(layers, sizes)
    heights = [
        max((sizes[p][1] for p in row if isinstance(p, str)), default=0.0) for row in layers.rows
    ]
    down = _down(layers.rows, heights)
    states = [state for state in NODE_WORDS if any(n.state == state for n in nodes.values())]
    upwards = any(down[a] >= down[b] for a, b in edges)
    width = max(across[p] + _width(p, sizes) / 2 for row in layers.rows for p in row)
    width += _MARGIN + _BULGE * upwards
    width = max(width, sum(60 + 7.2 * len(NODE_WORDS[state]) for state in states) + 2 * _MARGIN)
    total = 2 * _MARGIN + sum(heights) + _BETWEEN * (len(heights) - 1)
    legend = _LEGEND if states else 0.0
    made = canvas.sheet(width, total + legend)
    axes = made.add_axes((0, legend / (total + legend), 1, total / (total + legend)))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(total, 0)  # downwards
    for edge in edges:
        _draw_edge(axes, layers.ways[edge], across, down, sizes)
    for name, node in nodes.items():
        _draw_node(axes, node, labels[name], (across[name], down[name]), sizes[name])
    if states:
        handles = [_handle(state) for state in states]
        made.legend(
            handles=handles, ncols=len(states), loc="lower left", borderaxespad=0, borderpad=0.2
        )
    return canvas.written(made)


def _label(node: Node) -> list[str]:
    """Return the lines of a label, wrapped and at most so many."""
    lines = []
    for given in (node.label or node.name).split("\n"):
        text = printable(" ".join(given.split()))
        lines += textwrap.wrap(text, _CHARACTERS, max_lines=_MOST_LINES, placeholder="…")
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], shortened(f"{lines[_MOST_LINES - 1]} …", _CHARACTERS)]
    return lines or [" "]


def _size(label: Sequence[str]) -> tuple[float, float]:
    widest = max(map(len, label))
    return max(34.0, 7.4 * widest + 16), _LINE * len(label) + 10


def _width(place: Place, sizes: Mapping[str, tuple[float, float]]) -> float:
    return sizes[place][0] if isinstance(place, str) else _THROUGH


def _layers(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> _Layers:
    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from(edges)
    if not nx.is_directed_acyclic_graph(graph):
        # What a student handed in may run in a circle: then the order of the nodes decides, and
        # the edges against it are drawn without having a say.
        order = {name: number for number, name in enumerate(names)}
        graph.remove_edges_from([(a, b) for a, b in edges if order[a] > order[b]])
    rows: list[list[Place]] = [list(row) for row in nx.topological_generations(graph)]
    layer = {place: number for number, row in enumerate(rows) for place in row}
    found = _Layers(rows)
    for edge in edges:
        first, last = layer[edge[0]], layer[edge[1]]
        through: list[Place] = [(edge, at) for at in range(first + 1, last)]
        for at, place in zip(range(first + 1, last), through, strict=True):
            rows[at].append(place)
        found.ways[edge] = [edge[0], *through, edge[1]]
        if first < last:
            for upper, lower in pairwise(found.ways[edge]):
                found.below.setdefault(upper, []).append(lower)
                found.above.setdefault(lower, []).append(upper)
    if sum(map(len, rows)) > MOST_PLACES:
        raise TooLargeError(f"{sum(map(len, rows))} places in {len(rows)} layers")
    return found


def _untangle(layers: _Layers) -> None:
    """Order each layer by where the neighbours are, downwards and upwards in turn."""
    for sweep in range(_SWEEPS):
        rows = layers.rows if sweep % 2 == 0 else layers.rows[::-1]
        beside = layers.above if sweep % 2 == 0 else layers.below
        for before, row in pairwise(rows):
            at = {place: float(number) for number, place in enumerate(before)}
            centre = {
                place: _mean([at[p] for p in beside.get(place, [])], float(number))
                for number, place in enumerate(row)
            }
            row.sort(key=centre.__getitem__)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _across(layers: _Layers, sizes: Mapping[str, tuple[float, float]]) -> dict[Place, float]:
    """Return how far from the left each place is: near its neighbours, and apart from others."""
    width = {place: _width(place, sizes) for row in layers.rows for place in row}
    across: dict[Place, float] = {}
    for row in layers.rows:
        x = -sum(width[p] + _GAP for p in row) / 2
        for place in row:
            across[place] = x + width[place] / 2
            x += width[place] + _GAP
    for _ in range(_SWEEPS):
        for row in (*layers.rows, *layers.rows[::-1]):
            wanted = [
                _mean([across[n] for n in _neighbours(layers, place)], across[place])
                for place in row
            ]
            apart = [(width[a] + width[b]) / 2 + _GAP for a, b in pairwise(row)]
            across |= zip(row, _kept_apart(wanted, apart), strict=True)
    left = min(across[p] - width[p] / 2 for row in layers.rows for p in row) - _MARGIN
    return {place: x - left for place, x in across.items()}


def _neighbours(layers: _Layers, place: Place) -> Iterable[Place]:
    return (*layers.above.get(place, ()), *layers.below.get(place, ()))


def _kept_apart(wanted: Sequence[float], apart: Sequence[float]) -> list[float]:
    """Return places near the wanted ones, in their order and so far apart.

    Pushing all to the right and pushing all to the left both keep them apart; so does the mean.
    """
    right, left = list(wanted), list(wanted)
    for i, gap in enumerate(apart):
        right[i + 1] = max(wanted[i + 1], right[i] + gap)
    for i in range(len(apart) - 1, -1, -1):
        left[i] = min(wanted[i], left[i + 1] - apart[i])
    return [(a + b) / 2 for a, b in zip(right, left, strict=True)]


def _down(rows: Sequence[Sequence[Place]], heights: Sequence[float]) -> dict[Place, float]:
    down: dict[Place, float] = {}
    y = _MARGIN
    for row, height in zip(rows, heights, strict=True):
        down |= dict.fromkeys(row, y + height / 2)
        y += height + _BETWEEN
    return down


def _draw_edge(
    axes: Axes,
    way: Sequence[Place],
    across: Mapping[Place, float],
    down: Mapping[Place, float],
    sizes: Mapping[str, tuple[float, float]],
) -> None:
    start, *_, end = way
    assert isinstance(start, str)  # noqa: S101  (a way leads from a node to a node)
    assert isinstance(end, str)  # noqa: S101
    points = [(across[place], down[place]) for place in way]
    if down[start] < down[end]:
        points[0] = (points[0][0], points[0][1] + sizes[start][1] / 2)
        points[-1] = (points[-1][0], points[-1][1] - sizes[end][1] / 2 - 1)
        vertices = _smooth(points)
    else:
        (x0, y0), (x1, y1) = points
        x0, x1 = x0 + sizes[start][0] / 2, x1 + sizes[end][0] / 2 + 1
        beyond = max(x0, x1) + _BULGE
        vertices = [(x0, y0), (beyond, y0), (beyond, y1), (x1, y1)]
    codes = [Path.MOVETO, *[Path.CURVE4] * (len(vertices) - 1)]
    axes.add_patch(
        FancyArrowPatch(
            path=Path(vertices, codes),
            arrowstyle="-|>,head_length=5,head_width=2.6",
            mutation_scale=1,
            color=COLOURS["muted"],
            linewidth=1.1,
        )
    )


def _smooth(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a curve of cubic pieces through points, upright at its ends (Catmull and Rom 1974)."""
    slopes = []
    for (x0, y0), (x1, y1) in zip(points, points[2:], strict=False):
        steep = _STEEP * (y1 - y0)
        slopes.append((max(-steep, min(steep, x1 - x0)), y1 - y0))
    first, last = points[1][1] - points[0][1], points[-1][1] - points[-2][1]
    slopes = [(0.0, 3 * first), *slopes, (0.0, 3 * last)]
    vertices = [points[0]]
    for i, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        (u0, v0), (u1, v1) = slopes[i], slopes[i + 1]
        vertices += [(x0 + u0 / 6, y0 + v0 / 6), (x1 - u1 / 6, y1 - v1 / 6), (x1, y1)]
    return vertices


def _draw_node(
    axes: Axes,
    node: Node,
    label: Sequence[str],
    centre: tuple[float, float],
    size: tuple[float, float],
) -> None:
    colour, line, width = _BORDERS.get(node.state, _BORDERS["plain"])
    (x, y), (w, h) = centre, size
    axes.add_patch(
        FancyBboxPatch(
            (x - w / 2 + 4, y - h / 2 + 4),
            w - 8,
            h - 8,
            boxstyle="round,pad=4,rounding_size=5",
            facecolor=COLOURS["sheet"],
            edgecolor=colour,
            linestyle=line,
            linewidth=width,
        )
    )
    for number, text in enumerate(label):
        below = (number - (len(label) - 1) / 2) * _LINE
        axes.text(x, y + below, text, ha="center", va="center", fontsize=canvas.TEXT)


def _handle(state: str) -> Patch:
    colour, line, width = _BORDERS[state]
    return Patch(
        facecolor=COLOURS["sheet"],
        edgecolor=colour,
        linestyle=line,
        linewidth=width,
        label=NODE_WORDS[state],
    )
