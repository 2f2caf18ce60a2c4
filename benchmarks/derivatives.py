"""Gradients of torch's operations: right ones in several forms, and wrong ones.

A right gradient of the same operation is computed in three ways: by torch's reverse mode; by its
reverse mode while operations are taken apart into others, so that other formulas are at work; and
by its forward mode, one entry of the inputs at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import torch
from torch.autograd import forward_ad
from torch.utils._python_dispatch import TorchDispatchMode

from benchmarks.operations import Example
from grader.compare.closeness import DEFAULTS

Tensors: TypeAlias = list[torch.Tensor]
Fault: TypeAlias = Callable[[torch.Tensor, int], torch.Tensor]
Answers: TypeAlias = list[Tensors]  # for each case the gradient by each input
Way: TypeAlias = Callable[[Example, Sequence[torch.Tensor], torch.Tensor], Tensors]

CHANGE = 1e-3 * (1 - 1e-6)  # of an entry, relative, for a fault to count
# Of the largest entry of all gradients of a sample: what is smaller is rounding, or might be.
ROUNDING = 1e-12
_STEP = 1e-3  # of numerical derivatives


# ---- wrong ones ----------------------------------------------------------------------------------


def _one_entry(factor: float) -> Fault:
    def fault(gradient: torch.Tensor, at: int) -> torch.Tensor:
        wrong = gradient.clone().reshape(-1)
        wrong[at] *= factor
        return wrong.reshape(gradient.shape)

    return fault


def _transposed(gradient: torch.Tensor, _: int) -> torch.Tensor:
    square = gradient.ndim > 1 and gradient.shape[-1] == gradient.shape[-2]
    return gradient.mT if square else gradient


FAULTS: dict[str, Fault] = {
    "sign": lambda g, _: -g,
    "zero": lambda g, _: 0 * g,
    "times 2": lambda g, _: 2 * g,
    "last axis reversed": lambda g, _: g.flip(-1) if g.ndim else g,
    "one entry +10 %": _one_entry(1.1),
    "one entry +0.1 %": _one_entry(1.001),
    "+0.3 %": lambda g, _: 1.003 * g,
    "+0.1 %": lambda g, _: 1.001 * g,
    "transposed": _transposed,
}


@dataclass(frozen=True)
class Planted:
    """A fault, and where it is."""

    fault: Fault
    input: int
    entry: int

    def __call__(self, gradients: Sequence[torch.Tensor]) -> Tensors:
        """Return the gradients with the fault in one of them."""
        wrong = list(gradients)
        wrong[self.input] = self.fault(wrong[self.input], self.entry)
        return wrong


def plant(right: Answers, fault: Fault, rng: np.random.Generator) -> Planted | None:
    """Return a fault in one input, or None if it changes no value of its gradient by 0.1 %."""
    for index in map(int, rng.permutation(len(right[0]))):
        planted = Planted(fault, index, _middle(right[0][index], _least(right[0])))
        for found in right:
            moved = (planted(found)[index] - found[index]).abs()
            if bool((moved >= CHANGE * found[index].abs().clamp(min=_least(found))).any()):
                return planted
    return None


def _least(found: Tensors) -> float:
    # Never zero: where every gradient is, no fault changes it.
    return max(ROUNDING * max(float(each.abs().max()) for each in found), 1e-300)


def _middle(gradient: torch.Tensor, least: float) -> int:
    """Return an entry that is neither the easiest to see nor the hardest."""
    flat = gradient.reshape(-1).abs()
    order = torch.argsort(flat)
    there = order[flat[order] > least]
    return int(there[len(there) // 2]) if len(there) else 0


def can_be_told(
    expected: Sequence[Sequence[np.ndarray]], forms: Sequence[Answers], planted: Planted
) -> bool:
    """Return whether a fault is more than what right answers of a precision may be off by.

    It is if it moves some entry by more than the table of tolerances allows there, and by more
    than twice the distance of the farthest right answer.
    """
    at = planted.input
    for case, wanted in enumerate(expected):
        right = [torch.as_tensor(array) for array in wanted]
        rtol, atol = DEFAULTS[str(forms[0][case][at].dtype).removeprefix("torch.")]
        moved = (planted(right)[at] - right[at]).abs()
        off = torch.stack([(answers[case][at] - right[at]).abs() for answers in forms]).amax(0)
        if bool((moved > atol + rtol * right[at].abs() + 2 * off).any()):
            return True
    return False


# ---- right ones ----------------------------------------------------------------------------------


def gradients(example: Example, values: Sequence[torch.Tensor], vector: torch.Tensor) -> Tensors:
    """Return the product of a vector with the Jacobian by each input."""
    inputs = [value.detach().requires_grad_() for value in values]
    with torch.enable_grad():
        output = example(*inputs)
    found = torch.autograd.grad(
        output, inputs, vector.to(output.dtype), allow_unused=True, materialize_grads=True
    )
    return [gradient.detach() for gradient in found]


class _TakenApart(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Operations, those of the backward too, become others where torch can say how."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        from torch._decomp import decomposition_table  # noqa: PLC0415  (it is slow to import)

        del types
        apart = decomposition_table.get(func)
        if apart is not None:
            found = apart(*args, **(kwargs or {}))
            if found is not NotImplemented:
                return found
        return func(*args, **(kwargs or {}))


def taken_apart(example: Example, values: Sequence[torch.Tensor], vector: torch.Tensor) -> Tensors:
    """Return the same from other formulas, where torch has others."""
    with _TakenApart():  # type: ignore[no-untyped-call]
        return gradients(example, values, vector)


def forward_of(example: Example, precision: torch.dtype) -> Way:
    """Return the product of a vector with the Jacobian from forward mode, at the sample itself."""
    known: Tensors = []

    def forward(_: Example, values: Sequence[torch.Tensor], vector: torch.Tensor) -> Tensors:
        known.extend(() if known else jacobians(example, precision))
        pairs = zip(known, values, strict=True)
        return [(whole @ vector).reshape(value.shape) for whole, value in pairs]

    return forward


def jacobians(example: Example, precision: torch.dtype = torch.float64) -> Tensors:
    """Return the Jacobian by each input, (entries, outputs): forward mode, one entry at a time."""
    values = [tensor.detach().to(precision) for tensor in example.inputs]
    found = []
    for index, value in enumerate(values):
        rows = []
        for entry in range(value.numel()):
            tangent = torch.zeros(value.numel(), dtype=value.dtype)
            tangent[entry] = 1
            with forward_ad.dual_level():
                dual = forward_ad.make_dual(value, tangent.reshape(value.shape))  # type: ignore[no-untyped-call]
                output = example(*values[:index], dual, *values[index + 1 :])
                along = forward_ad.unpack_dual(output).tangent  # type: ignore[no-untyped-call]
            rows.append(torch.zeros_like(output) if along is None else along)
        found.append(torch.stack(rows))
    return found


# ---- who is right --------------------------------------------------------------------------------


def numerical(example: Example, values: Sequence[torch.Tensor], vector: torch.Tensor) -> Tensors:
    """Return the product of a vector with the Jacobian from central differences in double.

    Three of them, each with half the step of the one before, are extrapolated: where there is no
    kink near, eleven digits are right.
    """
    found = []
    for index, value in enumerate(values):
        slopes = torch.zeros_like(value).reshape(-1)
        for entry in range(value.numel()):
            one, two, four = (
                _difference(example, values, vector, (index, entry), _STEP / part)
                for part in (1, 2, 4)
            )
            slopes[entry] = (one - 20 * two + 64 * four) / 45
        found.append(slopes.reshape(value.shape))
    return found


def _difference(
    example: Example,
    values: Sequence[torch.Tensor],
    vector: torch.Tensor,
    place: tuple[int, int],
    step: float,
) -> float:
    index, entry = place
    sides = []
    for side in (step, -step):
        moved = [value.clone(memory_format=torch.contiguous_format) for value in values]
        moved[index].reshape(-1)[entry] += side
        sides.append(float(example(*moved).detach() @ vector))
    return (sides[0] - sides[1]) / (2 * step)


def who_errs(found: Answers, expected: Answers, numbers: Answers) -> str:
    """Return which of two derivatives is ten times as far from numerical ones, if one is."""
    off, rest = (_farthest(each, numbers) for each in (found, expected))
    if off > 10 * rest:
        return "this form errs"
    return "reverse mode errs" if rest > 10 * off else ""


def _farthest(some: Answers, others: Answers) -> float:
    return max(
        float((one.double() - two).abs().max())
        for each, other in zip(some, others, strict=True)
        for one, two in zip(each, other, strict=True)
    )
