"""A record as the judge reads it, without trust: whatever cannot be is refused, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from grader.tracing import codes

NONE = -(2**31)
"""Stands for an operand that an event does not have; no constant has this number."""

_FUNCTION_CODES = tuple(codes.UNARY.values())
_OPERATIONS = np.zeros(256, bool)
_OPERATIONS[[codes.ADD, codes.SUB, codes.MUL, codes.DIV, codes.NEG, codes.POW]] = True
_OPERATIONS[[*codes.BINARY.values(), *_FUNCTION_CODES]] = True
_ARITY = np.full(256, -1)
_ARITY[codes.END] = 0
_ARITY[[codes.RELEASE, codes.NEG, *_FUNCTION_CODES]] = 1
_ARITY[[codes.ADD, codes.SUB, codes.MUL, codes.DIV, codes.POW, *codes.BINARY.values()]] = 2
_ARITY[codes.COMPARISONS_FROM : codes.END_OF_CODES] = 2

_DTYPES = {"codes": "|u1", "operands": "<i4", "constants": "<f8", "outputs": "<i4"}


class Refusal(StrEnum):
    """Why a record proves nothing."""

    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    OTHER_INPUTS = "other_inputs"
    FORWARD = "forward"
    AFTER_RELEASE = "after_release"
    RELEASED_TWICE = "released_twice"
    UNUSED_INPUT = "unused_input"
    OTHER_SHAPE = "other_shape"
    OTHER_FUNCTION = "other_function"
    OTHER_BRANCH = "other_branch"


class RefusedRecordError(ValueError):
    """A record that is not what it has to be."""

    def __init__(self, why: Refusal, number: int = 0, more: int = 0) -> None:
        super().__init__(why.value)
        self.why = why
        self.number = number  # the event, from 1, or the input, from 0
        self.more = more


@dataclass(frozen=True, slots=True)
class Record:
    """The events of one run, checked: every operand is there when it is used.

    `left`, `right` and `results` have an entry for each event; NONE stands where there is none.
    """

    inputs: int
    codes: np.ndarray  # (events,) of codes
    left: np.ndarray  # (events,) values, or -1 - k for a constant
    right: np.ndarray
    results: np.ndarray  # (events,) the value that an event makes
    released_at: np.ndarray  # (values,) the event that releases a value; `events` if none does
    constants: np.ndarray
    outputs: np.ndarray  # of the shape of what was returned

    @property
    def values(self) -> int:
        """How many numbers there are, the inputs included."""
        return len(self.released_at)

    @property
    def operations(self) -> np.ndarray:
        """Which events are operations with a result, as booleans."""
        made: np.ndarray = self.results != NONE
        return made

    @property
    def compares(self) -> bool:
        """Whether the run compared numbers: then it may have gone another way with others."""
        return bool(np.any(self.codes >= codes.COMPARISONS_FROM))


def read(value: Any, inputs: int, limit: int = codes.MAX_EVENTS) -> Record:
    """Return the record that came from the sandbox.

    `inputs` is how many numbers the function was given.  Raises RefusedRecordError for anything
    that no run could have left: it is data from beside the student's code, and not believed.
    """
    fields = _fields(value)
    for name, field in fields.items():
        if name in _DTYPES and field.size > 2 * limit:  # an event has two operands at most
            raise RefusedRecordError(Refusal.TOO_LONG, field.size, limit)
    events, operands = fields["codes"], fields["operands"].astype(np.int64)
    if len(events) > limit:
        raise RefusedRecordError(Refusal.TOO_LONG, len(events), limit)
    if value["inputs"] != inputs:
        raise RefusedRecordError(Refusal.OTHER_INPUTS, value["inputs"], inputs)
    arity = _ARITY[events]
    if np.any(arity < 0) or int(arity.sum()) != len(operands) or np.sum(events == codes.END) != 1:
        raise RefusedRecordError(Refusal.MALFORMED)
    left, right = _operands(arity, operands)
    results = np.full(len(events), NONE)
    made = _OPERATIONS[events]
    results[made] = inputs + np.arange(int(made.sum()))
    values = inputs + int(made.sum())
    outputs = fields["outputs"].astype(np.int64)
    _require_known(left, right, made, inputs, len(fields["constants"]))
    if outputs.size and (outputs.max() >= values or outputs.min() < -len(fields["constants"])):
        raise RefusedRecordError(Refusal.MALFORMED)
    released_at = _releases(events, left, values)
    _require_alive(events, left, right, released_at)
    returned = outputs[outputs >= 0]
    if np.any(released_at[returned] < len(events)):
        raise RefusedRecordError(Refusal.AFTER_RELEASE, len(events))
    return Record(inputs, events, left, right, results, released_at, fields["constants"], outputs)


def _fields(value: Any) -> Mapping[str, np.ndarray]:
    if not isinstance(value, dict) or type(value.get("inputs")) is not int:
        raise RefusedRecordError(Refusal.MALFORMED)
    for name, dtype in _DTYPES.items():
        field = value.get(name)
        if not isinstance(field, np.ndarray) or field.dtype.str != dtype:
            raise RefusedRecordError(Refusal.MALFORMED)
        if name != "outputs" and field.ndim != 1:
            raise RefusedRecordError(Refusal.MALFORMED)
    return value


def _operands(arity: np.ndarray, operands: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the second operand of every event, NONE where there is none."""
    at = np.concatenate([[0], np.cumsum(arity)])[:-1]
    padded = np.append(operands, [NONE, NONE])
    left = np.where(arity >= 1, padded[at], NONE)
    right = np.where(arity >= 2, padded[at + (arity >= 2)], NONE)
    return left, right


def _require_known(
    left: np.ndarray, right: np.ndarray, made: np.ndarray, inputs: int, constants: int
) -> None:
    """Refuse operands that do not exist yet, or never will."""
    before = inputs + np.concatenate([[0], np.cumsum(made)])[:-1]
    for operands in (left, right):
        ahead = operands >= before
        if np.any(ahead):
            raise RefusedRecordError(Refusal.FORWARD, int(np.argmax(ahead)) + 1)
        if np.any((operands < -constants) & (operands != NONE)):
            raise RefusedRecordError(Refusal.MALFORMED)


def _releases(events: np.ndarray, left: np.ndarray, values: int) -> np.ndarray:
    at = np.flatnonzero(events == codes.RELEASE)
    which = left[at]
    if np.any(which < 0):
        raise RefusedRecordError(Refusal.MALFORMED)
    released_at = np.full(values, len(events))
    released_at[which] = at
    again = released_at[which] != at
    if np.any(again):
        raise RefusedRecordError(Refusal.RELEASED_TWICE, int(at[np.argmax(again)]) + 1)
    return released_at


def _require_alive(
    events: np.ndarray, left: np.ndarray, right: np.ndarray, released_at: np.ndarray
) -> None:
    position = np.arange(len(events))
    uses = events != codes.RELEASE
    for operands in (left, right):
        known = uses & (operands >= 0)
        dead = np.zeros(len(events), bool)
        dead[known] = released_at[operands[known]] < position[known]
        if np.any(dead):
            raise RefusedRecordError(Refusal.AFTER_RELEASE, int(np.argmax(dead)) + 1)
