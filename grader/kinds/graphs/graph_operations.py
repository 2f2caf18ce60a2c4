"""The operations of a computation graph: how each is computed, and its partial derivatives.

This is the grader's own table, in NumPy and float64: a graph that a student hands in is data, and
nothing of the student's code runs when it is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Partials = Callable[..., Sequence[float]]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation on so many operands; `most` is None where there may be any number."""

    name: str
    least: int
    most: int | None
    value: Callable[..., Any]
    partials: Partials | None = None  # of numbers, one for each operand; None for vectors

    def takes(self, operands: int) -> bool:
        """Whether it can have so many operands."""
        return self.least <= operands and (self.most is None or operands <= self.most)


def _product(*operands: Any) -> Any:
    result = operands[0]
    for operand in operands[1:]:
        result = result * operand
    return result


def _others(*operands: Any) -> list[Any]:
    """Return, for each operand, the product of the others: no division, zeros are allowed."""
    return [
        _product(1.0, *operands[:place], *operands[place + 1 :]) for place in range(len(operands))
    ]


def _softmax(scores: Any) -> Any:
    shifted = np.exp(scores - np.max(scores))  # exp of the scores themselves overflows at 710
    return shifted / np.sum(shifted)


def _log_at(probabilities: Any, index: Any) -> Any:
    if not 0 <= int(index) < len(probabilities):
        raise IndexError(f"there is no entry {int(index)} in a vector of {len(probabilities)}")
    return np.log(probabilities[int(index)])


def _sigmoid(scores: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(scores)))  # the same, without overflow


_TABLE = (
    Operation("add", 2, None, lambda *a: sum(a[1:], a[0]), lambda *a: [1.0] * len(a)),
    Operation("sub", 2, 2, lambda a, b: a - b, lambda _a, _b: [1.0, -1.0]),
    Operation("mul", 2, None, _product, _others),
    Operation("div", 2, 2, lambda a, b: a / b, lambda a, b: [1 / b, -a / b**2]),
    Operation("neg", 1, 1, lambda a: -a, lambda _a: [-1.0]),
    Operation("sin", 1, 1, np.sin, lambda a: [np.cos(a)]),
    Operation("cos", 1, 1, np.cos, lambda a: [-np.sin(a)]),
    Operation("exp", 1, 1, np.exp, lambda a: [np.exp(a)]),
    Operation("log", 1, 1, np.log, lambda a: [1 / a]),
    Operation("pow", 2, 2, np.power, lambda a, b: [b * a ** (b - 1), a**b * np.log(a)]),
    Operation("affine", 3, 3, lambda weights, x, bias: weights @ x + bias),
    Operation("relu", 1, 1, lambda a: np.maximum(a, 0.0)),
    Operation("sigmoid", 1, 1, _sigmoid),
    Operation("softmax", 1, 1, _softmax),
    Operation("log_at", 2, 2, _log_at),
)
OPERATIONS: Mapping[str, Operation] = {operation.name: operation for operation in _TABLE}

SYNONYMS: Mapping[str, str] = {
    "+": "add",
    "plus": "add",
    "sum": "add",
    "addition": "add",
    "-": "sub",
    "minus": "sub",
    "subtract": "sub",
    "subtraction": "sub",
    "*": "mul",
    "·": "mul",
    "times": "mul",
    "multiply": "mul",
    "multiplication": "mul",
    "prod": "mul",
    "product": "mul",
    "/": "div",
    "divide": "div",
    "division": "div",
    "negate": "neg",
    "negative": "neg",
    "sine": "sin",
    "cosine": "cos",
    "ln": "log",
    "**": "pow",
    "^": "pow",
    "power": "pow",
    "linear": "affine",
    "logat": "log_at",
}
"""Other names under which students know an operation."""

NO_OPERATION = frozenset({"input", "var", "variable", "const", "constant", "number", "value"})
"""What students write into rows for inputs and numbers, which need none."""


def known_as(name: str) -> str:
    """Return the name of an operation in the table: any case, and the common other names.

    A minus with a single operand is told from a difference where the operands are known.
    """
    plain = name.strip().lower()
    return SYNONYMS.get(plain, plain)


def evaluate(name: str, operands: Sequence[Any]) -> Any:
    """Return the value of an operation as a float64 array, NaN where it is not defined.

    Raises ValueError, with the reason, where the shapes of the operands do not fit.
    """
    arrays = [np.asarray(operand, dtype=np.float64) for operand in operands]
    with np.errstate(all="ignore"):
        try:
            value = np.asarray(OPERATIONS[name].value(*arrays))
        except (ValueError, IndexError, TypeError) as error:
            raise ValueError(str(error)) from None
    return np.asarray(value, dtype=np.float64)


def partials(name: str, operands: Sequence[float]) -> list[float]:
    """Return the partial derivatives at numbers; NaN where one does not exist.

    Raises ValueError for an operation on vectors, which has Jacobians and no such numbers.
    """
    operation = OPERATIONS[name]
    if operation.partials is None:
        raise ValueError(f"{name} works on vectors; its partial derivatives are no numbers")
    with np.errstate(all="ignore"):
        found = operation.partials(*(np.float64(operand) for operand in operands))
    return [float(partial) for partial in found]
