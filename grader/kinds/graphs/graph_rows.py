"""A computation graph that a student hands in: rows (node, operation, inputs), read and evaluated.

Rows are data from the sandbox.  Reading them gives a graph in which every operand is known and
stands before its use, or a `RowsError` whose text tells the student which row to mend.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from pydantic import Field, field_validator

from grader import messages
from grader.kinds.graphs import graph_operations as operations
from grader.kinds.graphs.graph_operations import OPERATIONS
from grader.spec.models import Model

MAX_ROWS = 500
_LONGEST = 60  # characters of a name that a message repeats

Operand: TypeAlias = "str | float"  # the name of an input or a node, or a plain number


class RowsError(ValueError):
    """What came back is no graph that can be evaluated; the message is for the student."""


class Operations(Model):
    """The operations that a graph may use."""

    operations: tuple[str, ...] = Field(
        min_length=1, description=f"Some of {', '.join(OPERATIONS)}."
    )

    @field_validator("operations")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in OPERATIONS:
                raise ValueError(f"expected some of {', '.join(OPERATIONS)}, found {name!r}")
        return names


@dataclass(frozen=True, slots=True)
class Row:
    """A node that is the result of an operation."""

    name: str
    operation: str
    operands: tuple[Operand, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The operands that are nodes or inputs."""
        return tuple(operand for operand in self.operands if isinstance(operand, str))

    def label(self) -> str:
        """Return the row as it is drawn: ``v4 = mul: v1, 2``."""
        operands = (o if isinstance(o, str) else f"{o:g}" for o in self.operands)
        return f"{self.name} = {self.operation}: {', '.join(operands)}"


@dataclass(frozen=True)
class Graph:
    """Rows in order: each operand is an input, a number, or an earlier node."""

    inputs: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def output(self) -> str:
        """The node of the last row."""
        return self.rows[-1].name

    @cached_property
    def users(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows that use each node and each input, in order; twice used is listed once."""
        return {
            name: tuple(row for row in self.rows if name in row.names)
            for name in (*self.inputs, *(row.name for row in self.rows))
        }

    @cached_property
    def reaching(self) -> frozenset[str]:
        """The inputs and nodes from which the output is computed, with the output itself."""
        return self.leading_to([self.output])

    def leading_to(self, names: Iterable[str]) -> frozenset[str]:
        """Return the inputs and nodes from which some nodes are computed, with those nodes."""
        wanted = set(names)
        for row in reversed(self.rows):
            if row.name in wanted:
                wanted.update(row.names)
        return frozenset(wanted)

    @cached_property
    def varying(self) -> frozenset[str]:
        """The inputs and the nodes that are computed from at least one of them."""
        found = set(self.inputs)
        for row in self.rows:
            if found.intersection(row.names):
                found.add(row.name)
        return frozenset(found)

    @cached_property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """From each operand that has a name to the node that uses it."""
        return tuple(
            (operand, row.name) for row in self.rows for operand in dict.fromkeys(row.names)
        )

    def evaluate(self, inputs: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Return the value of every input and node, NaN where it is not defined.

        Raises RowsError where the shapes of vectors and matrices do not fit.
        """
        found = {name: np.asarray(inputs[name], dtype=np.float64) for name in self.inputs}
        for row in self.rows:
            operands = [found[o] if isinstance(o, str) else np.float64(o) for o in row.operands]
            try:
                found[row.name] = operations.evaluate(row.operation, operands)
            except ValueError as error:
                says = messages.traces.operands_do_not_fit(row.label(), str(error)[:200])
                raise RowsError(says) from None
        return found


def read(value: Any, inputs: Sequence[str], allowed: Sequence[str]) -> Graph:
    """Return the graph that rows from the sandbox describe.  Raises RowsError.

    A row is a list of name, operation and operands; the operands may stand in a list of their own,
    or alone where there is only one.  Rows may also come as dicts, or the whole as a dict from
    names to the rest.
    """
    raw = _listed(value)
    if not raw:
        raise RowsError(messages.traces.NO_ROWS)
    if len(raw) > MAX_ROWS:
        raise RowsError(messages.traces.too_many_rows(len(raw), MAX_ROWS))
    parts = [_parts(number, item) for number, item in enumerate(raw, 1)]
    defined = [name for name, _, _ in parts]
    rows: list[Row] = []
    for number, (name, operation, operands) in enumerate(parts, 1):
        _require_new(number, name, inputs, defined)
        known = [*inputs, *defined[: number - 1]]
        resolved = tuple(_operand(number, name, item, known, defined) for item in operands)
        rows.append(Row(name, _operation(number, name, operation, resolved, allowed), resolved))
    return Graph(tuple(inputs), tuple(rows))


def _listed(value: Any) -> list[Any]:
    """Return the rows as a list, whatever holds them."""
    if isinstance(value, dict):
        return [
            [name, *(rest if isinstance(rest, list) else [rest])] for name, rest in value.items()
        ]
    if not isinstance(value, list):
        found = "None" if value is None else type(value).__name__
        raise RowsError(messages.traces.not_rows(found))
    return value


def _parts(number: int, item: Any) -> tuple[str, str, list[Any]]:
    if isinstance(item, dict):
        item = list(item.values())
    whole = isinstance(item, list) and len(item) >= 3
    texts = whole and all(isinstance(text, str) and len(text) <= _LONGEST for text in item[:2])
    if not texts:
        raise RowsError(messages.traces.not_a_row(number, repr(item)[:_LONGEST]))
    alone = len(item) == 3 and isinstance(item[2], list)
    operands = item[2] if alone else item[2:]
    operands = [
        entry for o in operands for entry in (o.reshape(-1).tolist() if _is_array(o) else [o])
    ]
    return item[0].strip(), item[1], operands


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.size <= MAX_ROWS and value.dtype.kind in "iuf"


def _require_new(number: int, name: str, inputs: Sequence[str], defined: Sequence[str]) -> None:
    if name in inputs:
        raise RowsError(messages.traces.names_an_input(number, name))
    if name in defined[: number - 1]:
        first = defined.index(name) + 1
        raise RowsError(messages.traces.defined_twice(number, name, first))


def _operand(
    number: int, name: str, item: Any, known: Sequence[str], defined: Sequence[str]
) -> Operand:
    if isinstance(item, (int, float)):
        if math.isfinite(item):
            return float(item)
        raise RowsError(messages.traces.odd_operand(number, name, repr(item)))
    if not isinstance(item, str):
        shown = repr(item)[:_LONGEST]
        raise RowsError(messages.traces.odd_operand(number, name, shown))
    wanted = item.strip()
    if wanted in known:
        return wanted
    if wanted == name:
        raise RowsError(messages.traces.uses_itself(number, name))
    if wanted in defined:
        later = defined.index(wanted) + 1
        raise RowsError(messages.traces.used_too_early(number, name, wanted, later))
    try:
        as_number = float(wanted[:_LONGEST])  # an array of text turns numbers into text
    except ValueError:
        as_number = math.nan
    if math.isfinite(as_number):
        return as_number
    close = get_close_matches(wanted[:_LONGEST], known, n=1)
    meant = close[0] if close else ""
    raise RowsError(messages.traces.unknown_name(number, name, wanted[:_LONGEST], meant))


def _operation(
    number: int,
    name: str,
    written: str,
    operands: tuple[Operand, ...],
    allowed: Sequence[str],
) -> str:
    found = operations.known_as(written)
    if found == "sub" and len(operands) == 1 and written.strip().lower() in {"-", "minus"}:
        found = "neg"
    if found not in allowed:
        if found in operations.NO_OPERATION:
            raise RowsError(messages.traces.row_for_input(number, name, written))
        close = get_close_matches(found, allowed, n=1)
        meant = close[0] if close else ""
        says = messages.traces.unknown_operation(number, name, written, list(allowed), meant)
        raise RowsError(says)
    operation = OPERATIONS[found]
    if not operation.takes(len(operands)):
        raise RowsError(
            messages.traces.operand_count(
                number, name, found, len(operands), operation.least, operation.most
            )
        )
    return found


def partial(row: Row, name: str, numbers: Mapping[str, float]) -> float:
    """Return the derivative of a row by one of its operands, summed over its places in the row.

    `numbers` has the values of named operands.  Only places of that name are differentiated: a
    power with a plain exponent is fine at a negative base.
    """
    operands = [numbers[o] if isinstance(o, str) else o for o in row.operands]
    slopes = operations.partials(row.operation, operands)
    return sum(
        slope for slope, operand in zip(slopes, row.operands, strict=True) if operand == name
    )


def tangents(
    graph: Graph, numbers: Mapping[str, float], along: Mapping[str, float]
) -> dict[str, float]:
    """Return the tangent of every input and node, in the direction given for the inputs."""
    found = {name: float(along.get(name, 0.0)) for name in graph.inputs}
    for row in graph.rows:
        found[row.name] = tangent(row, numbers, found)
    return found


def tangent(row: Row, numbers: Mapping[str, float], known: Mapping[str, float]) -> float:
    """Return the tangent of a row from the values and the tangents of its operands."""
    return sum(
        partial(row, name, numbers) * known[name]
        for name in dict.fromkeys(row.names)
        if known[name]
    )


def adjoints(graph: Graph, numbers: Mapping[str, float]) -> dict[str, float]:
    """Return the derivative of the output by every node and input."""
    found: dict[str, float] = {}
    for name in visit_backwards(graph):
        found[name] = adjoint(graph, name, numbers, found)
    return found


def adjoint(
    graph: Graph, name: str, numbers: Mapping[str, float], known: Mapping[str, float]
) -> float:
    """Return the adjoint of a node from the values and the adjoints of the rows that use it."""
    seed = 1.0 if name == graph.output else 0.0
    return seed + sum(
        known[row.name] * partial(row, name, numbers)
        for row in graph.users[name]
        if known[row.name]
    )


def visit_backwards(graph: Graph) -> list[str]:
    """Return the nodes from the last to the first, then the inputs."""
    return [*(row.name for row in reversed(graph.rows)), *graph.inputs]
