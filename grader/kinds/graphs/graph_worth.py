"""What the trace of a graph is worth: which rows are work of their own, and what is hard in it.

Rows can be added to any graph that do nothing, v + 0 for one: they would thin out the share of the
others.  And a graph that does not compute the function may be far easier to trace than one that
does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from grader.kinds.graphs.graph_rows import Graph, Operand, Row

PRODUCT, TRIGONOMETRIC, EXPONENTIAL, SHARED = "product", "trigonometric", "exponential", "shared"
DIFFICULTIES = (PRODUCT, TRIGONOMETRIC, EXPONENTIAL, SHARED)
"""A product or quotient of nodes, sin or cos, exp or log or a power, a node with several users."""

Affine = tuple[str, float, float]  # a root, a factor and a summand


def counted(graph: Graph) -> list[str]:
    """Return the nodes that a trace has to have: from some input, and on the way to the output."""
    return [
        row.name for row in graph.rows if row.name in graph.reaching and row.name in graph.varying
    ]


def copies(graph: Graph) -> frozenset[str]:
    """Return the nodes that repeat another: plus 0, times 1, a minus that undoes a minus.

    A node that is a factor times an earlier one plus a summand, both constant, is a copy if the
    graph had the same factor and summand of the same node before.
    """
    constants: dict[str, float] = {}
    forms: dict[str, Affine] = {name: (name, 1.0, 0.0) for name in graph.inputs}
    seen = {_key(form) for form in forms.values()}
    found: set[str] = set()
    for row in graph.rows:
        if row.name not in graph.varying:
            constants[row.name] = float(graph_value(row, constants))
            continue
        form = _affine(row, forms, constants)
        if form is None:
            form = (row.name, 1.0, 0.0)
        elif _key(form) in seen:
            found.add(row.name)
        forms[row.name] = form
        seen.add(_key(form))
    return frozenset(found)


def graph_value(row: Row, known: Mapping[str, float]) -> float:
    """Return the value of a row whose operands are all known."""
    names = tuple(dict.fromkeys(row.names))
    value = Graph(names, (row,)).evaluate({name: known[name] for name in names})[row.name]
    return float(value) if value.ndim == 0 else math.nan


def _affine(row: Row, forms: Mapping[str, Affine], constants: Mapping[str, float]) -> Affine | None:
    """Return a row as a factor times a node plus a summand; None if it is not of that form."""
    places = [place for place, operand in enumerate(row.operands) if operand in forms]
    if len(places) != 1:
        return None
    if row.operation not in {"add", "sub", "mul", "div", "neg", "pow"}:
        return None
    (place,) = places
    if row.operation in {"div", "pow"} and place == 1:
        return None
    if row.operation == "pow" and _number(row.operands[1], constants) != 1.0:
        return None
    root, factor, summand = forms[str(row.operands[place])]
    # Of an affine row two values tell both numbers.
    at_zero, at_one = (_with(row, place, value, constants) for value in (0.0, 1.0))
    slope = at_one - at_zero
    return root, slope * factor, slope * summand + at_zero


def _number(operand: Operand, constants: Mapping[str, float]) -> float:
    return constants[operand] if isinstance(operand, str) else operand


def _with(row: Row, place: int, value: float, constants: Mapping[str, float]) -> float:
    """Return the value of a row with a number in one place."""
    operands = tuple(
        value if other == place else _number(operand, constants)
        for other, operand in enumerate(row.operands)
    )
    return graph_value(Row(row.name, row.operation, operands), {})


def _key(form: Affine) -> Affine:
    """Return a form without the last digits, which rounding makes differ."""
    root, factor, summand = form
    return root, round(factor, 9) + 0.0, round(summand, 9) + 0.0  # + 0.0 makes -0.0 a 0.0


def difficulties(graph: Graph) -> tuple[str, ...]:
    """Return what is hard in the graph, of DIFFICULTIES; only on the way to the output."""
    found = set()
    for row in graph.rows:
        if row.name not in graph.reaching or row.name not in graph.varying:
            continue
        places = [place for place, operand in enumerate(row.operands) if operand in graph.varying]
        found.add(_difficulty(row, places))
    users = {
        name: [row for row in rows if row.name in graph.reaching]
        for name, rows in graph.users.items()
    }
    if any(len(rows) > 1 for name, rows in users.items() if name in graph.varying):
        found.add(SHARED)
    return tuple(name for name in DIFFICULTIES if name in found)


def _difficulty(row: Row, places: Sequence[int]) -> str:
    """Return what is hard in a row whose operands vary in some places; empty for nothing."""
    match row.operation:
        case "mul":
            return PRODUCT if len(places) > 1 else ""
        case "div":
            return PRODUCT if 1 in places else ""
        case "sin" | "cos":
            return TRIGONOMETRIC
        case "exp" | "log":
            return EXPONENTIAL
        case "pow":
            return "" if _number_of(row) in {0.0, 1.0} else EXPONENTIAL
        case _:
            return ""


def _number_of(row: Row) -> float | None:
    """Return the exponent of a power where it is written as a number."""
    exponent = row.operands[1]
    return None if isinstance(exponent, str) else exponent
