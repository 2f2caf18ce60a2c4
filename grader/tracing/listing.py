"""A record as the evaluation trace of the courses: z1 = x1 * x2, and so on, and as a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.tracing import codes, counting
from grader.tracing.record import NONE, Record
from grader.tracing.replay import all_in_floats

_SIGNS = {codes.ADD: "+", codes.SUB: "-", codes.MUL: "*", codes.DIV: "/", codes.POW: "**"}
_NAMES = {code: name for name, code in {**codes.UNARY, **codes.BINARY}.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """One operation or comparison of a trace."""

    name: str  # z1; empty for a comparison
    text: str  # v[0] * y[0]
    line: int  # of the file, 0 if it is not known
    operation: str  # the sign or the name of the function
    operands: tuple[str, ...]
    value: float = 0.0
    cells: int = 0  # in use once the result is there
    in_cell: bool = False  # whether the result has one of its own
    releases: tuple[str, ...] = ()  # what is let go of before the next row


def input_names(shapes: Mapping[str, tuple[int, ...]]) -> list[str]:
    """Return the names of all recorded inputs, in order.

    >>> input_names({"v": (2,), "c": ()})
    ['v[0]', 'v[1]', 'c']
    """
    return [
        f"{name}[{', '.join(map(str, index))}]" if index else name
        for name, shape in shapes.items()
        for index in np.ndindex(*shape)
    ]


def rows(
    record: Record,
    names: Sequence[str],
    inputs: Sequence[float],
    lines: np.ndarray | None = None,
) -> list[Row]:
    """Return the operations of a record in order, with the values that they had.

    `names` and `inputs` are those of the recorded inputs; `lines` has a line for each event.
    """
    values = all_in_floats(record, inputs)
    every = [*names, *(f"z{number + 1}" for number in range(record.values - record.inputs))]
    registers = counting.registers(record)
    cells = iter(counting.cells_in_use(record).tolist())
    found: list[Row] = []
    waiting: list[str] = []
    events = zip(
        record.codes.tolist(),
        record.left.tolist(),
        record.right.tolist(),
        record.results.tolist(),
        (lines if lines is not None else np.zeros(len(record.codes), int)).tolist(),
        strict=True,
    )
    for code, left, right, result, line in events:
        if code == codes.RELEASE:
            waiting.append(every[left])
            continue
        found, waiting = _with_releases(found, waiting), []
        if code == codes.END:
            break
        operands = tuple(_operand(record, every, at) for at in (left, right) if at != NONE)
        sign, text = _written(code, operands)
        if result == NONE:
            found.append(Row("", text, line, sign, operands))
        else:
            own, value, used = not registers[result], values[result], next(cells)
            found.append(Row(every[result], text, line, sign, operands, value, used, own))
    return found


def output_names(record: Record, names: Sequence[str]) -> list[str]:
    """Return what was returned, in order, by the names of the trace."""
    every = [*names, *(f"z{number + 1}" for number in range(record.values - record.inputs))]
    return [_operand(record, every, at) for at in record.outputs.reshape(-1).tolist()]


def _with_releases(found: list[Row], names: list[str]) -> list[Row]:
    if not found or not names:
        return found
    found[-1] = replace(found[-1], releases=tuple(names))
    return found


def _operand(record: Record, every: Sequence[str], at: int) -> str:
    return every[at] if at >= 0 else f"{record.constants[-1 - at]:.10g}"


def _written(code: int, operands: tuple[str, ...]) -> tuple[str, str]:
    """Return the sign of an operation, and the operation in one line."""
    if code >= codes.COMPARISONS_FROM:
        place, was = divmod(code - codes.COMPARISONS_FROM, 2)
        sign = codes.COMPARISONS[place]
        return sign, f"{operands[0]} {sign} {operands[1]} is {bool(was)}"
    if code == codes.NEG:
        return "-", f"-{operands[0]}"
    if code in _SIGNS:
        return _SIGNS[code], f" {_SIGNS[code]} ".join(operands)
    return _NAMES[code], f"{_NAMES[code]}({', '.join(operands)})"


def graph(
    listed: Sequence[Row], names: Sequence[str]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the labels of all nodes by name, inputs first, and the edges from operands on.

    Constants stand in the label of the operation; comparisons are left out, and so are inputs that
    nothing is computed from.
    """
    known = {*names, *(row.name for row in listed if row.name)}
    edges = [
        (operand, row.name)
        for row in listed
        if row.name
        for operand in dict.fromkeys(row.operands)
        if operand in known
    ]
    used = {operand for operand, _ in edges}
    nodes = {name: name for name in names if name in used}
    nodes |= {row.name: f"{row.name} = {row.text}" for row in listed if row.name}
    return nodes, edges
