"""P1 of sheet 001: a scalar function as a graph, and its derivatives in both modes.

    f(x1, x2, x3) = (x1 x2 sin x3 + exp(x1 x2)) / x3

    v1 = x1 x2,  v2 = sin x3,  v3 = v1 v2,  v4 = exp v1,  v5 = v3 + v4,  v6 = v5 / x3

At (1, 1.5, 2) the output is v6 = 2.9228 with the tangent 2.6955 in the direction of x2; reverse
mode gives 4.0432, 2.6955 and -1.7735 by x1, x2 and x3.  x1 x2 has two users, and so has x3.
"""

from __future__ import annotations

import math

import torch

POINT = (1.0, 1.5, 2.0)


def f(x1: torch.Tensor, x2: torch.Tensor, x3: torch.Tensor) -> torch.Tensor:
    """Return f in torch."""
    return (x1 * x2 * torch.sin(x3) + torch.exp(x1 * x2)) / x3


def p1_graph() -> list[tuple[str, str, list[str]]]:
    """Return the graph as rows (node, op, inputs)."""
    return [
        ("v1", "mul", ["x1", "x2"]),
        ("v2", "sin", ["x3"]),
        ("v3", "mul", ["v1", "v2"]),
        ("v4", "exp", ["v1"]),
        ("v5", "add", ["v3", "v4"]),
        ("v6", "div", ["v5", "x3"]),
    ]


def p1_forward() -> dict[str, tuple[float, float]]:
    """Return value and tangent of every node at POINT, in the direction of x2."""
    v, x1, x3 = _values(), POINT[0], POINT[2]
    d1 = x1  # x2 has the tangent 1, the others 0
    d3 = d1 * v["v2"]
    d4 = v["v4"] * d1
    d5 = d3 + d4
    tangents = {"v1": d1, "v2": 0.0, "v3": d3, "v4": d4, "v5": d5, "v6": d5 / x3}
    inputs = {"x1": (POINT[0], 0.0), "x2": (POINT[1], 1.0), "x3": (POINT[2], 0.0)}
    return {**inputs, **{name: (v[name], tangent) for name, tangent in tangents.items()}}


def p1_reverse() -> dict[str, tuple[float, float]]:
    """Return value and adjoint of every node and input at POINT."""
    v, (x1, x2, x3) = _values(), POINT
    a6 = 1.0
    a5 = a6 / x3
    a4 = a3 = a5
    a2 = a3 * v["v1"]
    a1 = a3 * v["v2"] + a4 * v["v4"]
    adjoints = {"v6": a6, "v5": a5, "v4": a4, "v3": a3, "v2": a2, "v1": a1}
    a_x3 = a2 * math.cos(x3) - a6 * v["v5"] / x3**2
    inputs = {"x1": (x1, a1 * x2), "x2": (x2, a1 * x1), "x3": (x3, a_x3)}
    return {**{name: (v[name], adjoint) for name, adjoint in adjoints.items()}, **inputs}


def _values() -> dict[str, float]:
    x1, x2, x3 = POINT
    v1, v2 = x1 * x2, math.sin(x3)
    v3, v4 = v1 * v2, math.exp(v1)
    return {"v1": v1, "v2": v2, "v3": v3, "v4": v4, "v5": v3 + v4, "v6": (v3 + v4) / x3}


# Known wrong graphs.

Rows = list[tuple[str, str, list[str]]]


def graph_without_quotient() -> Rows:
    """Return x1 x2 sin x3 + exp(x1 x2)."""
    return p1_graph()[:-1]


def graph_first_term_divided() -> Rows:
    """Return x1 x2 sin(x3)/x3 + exp(x1 x2)."""
    return [*p1_graph()[:4], ("q", "div", ["v3", "x3"]), ("v5", "add", ["q", "v4"])]


def graph_second_term_divided() -> Rows:
    """Return x1 x2 sin x3 + exp(x1 x2)/x3."""
    return [*p1_graph()[:4], ("q", "div", ["v4", "x3"]), ("v5", "add", ["v3", "q"])]


def graph_multiplied() -> Rows:
    """Return x3 (x1 x2 sin x3 + exp(x1 x2))."""
    return [*p1_graph()[:-1], ("v6", "mul", ["v5", "x3"])]


def graph_sine_of_product() -> Rows:
    """Return (sin(x1 x2 x3) + exp(x1 x2)) / x3."""
    v1, _, _, v4, v5, v6 = p1_graph()
    return [v1, ("v2", "mul", ["v1", "x3"]), ("v3", "sin", ["v2"]), v4, v5, v6]
