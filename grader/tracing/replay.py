"""Doing again what a record says, on inputs that its maker never saw.

Exactly, modulo a prime, where the run took nothing but + - * / and whole powers of exact numbers;
else in doubles.  A run that compared numbers is good for inputs with which every comparison comes
out as it did: `same_branch` says whether it does.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.tracing import codes
from grader.tracing.field import PRIME, NotInFieldError, Residue, inverse, power, residue
from grader.tracing.record import NONE, Record, Refusal, RefusedRecordError

Function = Callable[..., Any]

_FIELD = {codes.ADD, codes.SUB, codes.MUL, codes.DIV, codes.NEG, codes.POW}

_FLOATS: dict[int, Callable[..., Any]] = {
    codes.ADD: operator.add,
    codes.SUB: operator.sub,
    codes.MUL: operator.mul,
    codes.NEG: operator.neg,
    codes.DIV: np.divide,
    codes.POW: np.power,
    codes.MAXIMUM: np.maximum,
    codes.MINIMUM: np.minimum,
    codes.HYPOT: np.hypot,
    codes.ARCTAN2: np.arctan2,
    **{code: getattr(np, name) for name, code in codes.UNARY.items()},
}

_COMPARE = (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge)


def is_exact(record: Record) -> bool:
    """Return whether a record can be replayed modulo a prime."""
    used = {int(code) for code in np.unique(record.codes)}
    if not used <= _FIELD | {codes.RELEASE, codes.END}:
        return False
    powers = record.right[record.codes == codes.POW]
    try:
        for constant in record.constants.tolist():
            residue(constant)
    except NotInFieldError:
        return False
    exponents = record.constants[-1 - powers] if np.all(powers < 0) else np.array([0.5])
    return bool(np.all(exponents == np.round(exponents)))


def in_field(record: Record, inputs: Sequence[int]) -> list[int]:
    """Return the outputs modulo the prime, in order.  Raises NotInFieldError."""
    values = [*inputs]
    constants = [residue(number) for number in record.constants.tolist()]
    numbers = record.constants.tolist()
    for code, left, right in _operations(record):
        a = values[left] if left >= 0 else constants[-1 - left]
        if code == codes.NEG:
            values.append(-a % PRIME)
            continue
        if code == codes.POW:
            values.append(power(a, int(numbers[-1 - right])))
            continue
        b = values[right] if right >= 0 else constants[-1 - right]
        if code == codes.MUL:
            values.append(a * b % PRIME)
        elif code == codes.ADD:
            values.append((a + b) % PRIME)
        elif code == codes.SUB:
            values.append((a - b) % PRIME)
        else:
            values.append(a * inverse(b) % PRIME)
    outputs = record.outputs.reshape(-1).tolist()
    return [values[at] if at >= 0 else constants[-1 - at] for at in outputs]


def in_floats(record: Record, inputs: Sequence[float]) -> tuple[np.ndarray, bool]:
    """Return the outputs in doubles, in their shape, and whether every comparison held."""
    values, same = _run(record, inputs)
    constants = record.constants.tolist()
    outputs = record.outputs.reshape(-1).tolist()
    found = [values[at] if at >= 0 else constants[-1 - at] for at in outputs]
    return np.array(found, np.float64).reshape(record.outputs.shape), same


def all_in_floats(record: Record, inputs: Sequence[float]) -> list[float]:
    """Return every value of a record in doubles, the inputs first."""
    return [float(value) for value in _run(record, inputs)[0]]


def _run(record: Record, inputs: Sequence[float]) -> tuple[list[Any], bool]:
    values: list[Any] = [float(number) for number in inputs]
    constants = record.constants.tolist()
    same = True
    with np.errstate(all="ignore"):
        for code, left, right in _operations(record):
            a = values[left] if left >= 0 else constants[-1 - left]
            if right == NONE:
                values.append(_FLOATS[code](a))
                continue
            b = values[right] if right >= 0 else constants[-1 - right]
            if code >= codes.COMPARISONS_FROM:
                place, was = divmod(code - codes.COMPARISONS_FROM, 2)
                same = same and bool(_COMPARE[place](a, b)) == bool(was)
            else:
                values.append(_FLOATS[code](a, b))
    return values, same


def _operations(record: Record) -> list[tuple[int, int, int]]:
    kept = record.operations | (record.codes >= codes.COMPARISONS_FROM)
    columns = record.codes[kept].tolist(), record.left[kept].tolist(), record.right[kept].tolist()
    return list(zip(*columns, strict=True))


def expected_in_field(
    function: Function, shapes: Sequence[tuple[int, ...]], inputs: Sequence[int]
) -> np.ndarray | None:
    """Return what a trusted function gives modulo the prime, as an object array of ints.

    None where it does something other than field arithmetic.  `shapes` are those of its arguments,
    whose entries `inputs` gives in order.
    """
    arguments, at = [], 0
    for shape in shapes:
        size = int(np.prod(shape))
        made = np.empty(size, dtype=object)
        made[:] = [Residue(number) for number in inputs[at : at + size]]
        arguments.append(made.reshape(shape) if shape else made[0])
        at += size
    try:
        found = np.array(function(*arguments), dtype=object)
        flat = [_whole(item) for item in found.reshape(-1).tolist()]
    except (TypeError, ValueError, AttributeError, ArithmeticError):
        return None
    made = np.empty(len(flat), dtype=object)
    made[:] = flat
    return made.reshape(found.shape)


def _whole(item: Any) -> int:
    return item.value if type(item) is Residue else residue(item)


def require_inputs(record: Record, needed: Sequence[int]) -> None:
    """Refuse a record in which an input that the function depends on leads to no output."""
    reached = np.zeros(record.values, bool)
    reached[record.outputs[record.outputs >= 0]] = True
    for operands in (record.left, record.right):  # what is compared decides the way of the run
        compared = operands[record.codes >= codes.COMPARISONS_FROM]
        reached[compared[compared >= 0]] = True
    made = np.flatnonzero(record.operations)[::-1]
    rows = zip(
        record.results[made].tolist(),
        record.left[made].tolist(),
        record.right[made].tolist(),
        strict=True,
    )
    for result, left, right in rows:
        if reached[result]:
            if left >= 0:
                reached[left] = True
            if right >= 0:
                reached[right] = True
    for number in needed:
        if not reached[number]:
            raise RefusedRecordError(Refusal.UNUSED_INPUT, number)
