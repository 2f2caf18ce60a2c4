"""What is expected of a random graph: values, gradients, and how far rounding moves them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.compare.conditioning import UNITS, conditioning
from grader.errors import CourseError
from grader.kinds.frameworks.graphs import Group, Program

_DRAWS = 4
_ROOM = 8  # a student may round in another order, and more often


@dataclass(frozen=True, slots=True)
class ExpectedGraph:
    """A graph with the value and the gradient of every node, and how far they move."""

    group: Group
    program: Program
    values: np.ndarray
    grads: np.ndarray
    values_move: Mapping[str, np.ndarray]
    grads_move: Mapping[str, np.ndarray]


def expect(group: Group, program: Program, rng: np.random.Generator) -> ExpectedGraph:
    """Return a program with its values and gradients, and how far rounding moves them."""
    numbers = {
        f"n{at}_{place}": np.asarray(operand)
        for at, node in enumerate(program.nodes)
        for place, operand in enumerate(node.operands)
        if isinstance(operand, float)
    }

    def both(**changed: Any) -> np.ndarray:
        return np.stack(_evaluate(program, changed))

    values, slopes = _evaluate(program, numbers)
    if not (np.all(np.isfinite(values)) and np.all(np.isfinite(slopes))):
        raise CourseError(f"a graph has no finite gradient:\n{program.source()}")
    # A whole exponent means a power, also of a negative number; it must not be nudged.
    kept = {f"n{at}_1" for at, node in enumerate(program.nodes) if node.operation in {"pow", "Pow"}}
    nudged = {name: number for name, number in numbers.items() if name not in kept}
    rounded = _rounded(program, nudged, rng)
    moves = conditioning(both, nudged, np.stack([values, slopes]), rng)
    value_moves, slope_moves = ({name: m[at] for name, m in moves.items()} for at in (0, 1))
    return ExpectedGraph(
        group,
        program,
        values,
        slopes,
        _with_rounding(value_moves, rounded[0]),
        _with_rounding(slope_moves, rounded[1]),
    )


def _rounded(
    program: Program, numbers: Mapping[str, np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return how far values and gradients in single precision are from those in double.

    Where the terms of a sum cancel, the result does not move with the inputs, but each term was
    rounded on its way.  A few draws nearby, since rounding may be kind at a point.
    """
    apart = []
    for _ in range(_DRAWS):
        near = {name: number * (1 + 1e-3 * rng.normal()) for name, number in numbers.items()}
        single, double = (_evaluate(program, near, name) for name in ("float32", "float64"))
        with np.errstate(invalid="ignore"):
            apart.append([np.abs(s - d) for s, d in zip(single, double, strict=True)])
    values, slopes = (np.max([draw[at] for draw in apart], axis=0) for at in (0, 1))
    return np.nan_to_num(values, posinf=0.0), np.nan_to_num(slopes, posinf=0.0)


def _with_rounding(moves: Mapping[str, np.ndarray], rounded: np.ndarray) -> dict[str, np.ndarray]:
    """Return a conditioning with room for the rounding of intermediate results."""
    units = {name: UNITS[name] / UNITS["float32"] for name in moves}
    return {name: moved + _ROOM * units[name] * rounded for name, moved in moves.items()}


def _evaluate(
    program: Program, numbers: Mapping[str, Any], precision: str = "float64"
) -> tuple[np.ndarray, np.ndarray]:
    """Return value and gradient of every node by torch.

    `numbers` replaces plain numbers and the values of inputs; what is left out keeps its own.
    """
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    made: list[torch.Tensor] = []
    dtype = getattr(torch, precision)
    for at, node in enumerate(program.nodes):
        operands = [
            made[operand]
            if isinstance(operand, int)
            else torch.tensor(float(numbers.get(f"n{at}_{place}", operand)), dtype=dtype)
            for place, operand in enumerate(node.operands)
        ]
        if node.operation == "input":
            made.append(operands[0].requires_grad_())
        else:
            # A node of plain numbers only has a gradient as well.
            made.append(_TORCH[node.operation](torch, *operands).requires_grad_())
    slopes = torch.autograd.grad(made[-1], made)
    values = np.array([float(tensor.detach()) for tensor in made])
    return values, np.array([float(slope) for slope in slopes])


_TORCH: dict[str, Callable[..., Any]] = {
    "add": lambda _, a, b: a + b,
    "sub": lambda _, a, b: a - b,
    "mul": lambda _, a, b: a * b,
    "div": lambda _, a, b: a / b,
    "pow": lambda torch, a, b: torch.pow(a, b),
    "neg": lambda _, a: -a,
    "Inv": lambda torch, a: torch.reciprocal(a),
    "Ln": lambda torch, a: torch.log(a),
    "Sin": lambda torch, a: torch.sin(a),
    "Cos": lambda torch, a: torch.cos(a),
    "Tan": lambda torch, a: torch.tan(a),
    "Min": lambda torch, a, b: torch.minimum(a, b),
    "Max": lambda torch, a, b: torch.maximum(a, b),
}
