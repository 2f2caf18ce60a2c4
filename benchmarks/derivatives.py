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

Tensors: TypeAlias = list[torch.Tensor]
Fault: TypeAlias = Callable[[torch.Tensor, int], torch.Tensor]
Way: TypeAlias = Callable[[Example, Sequence[torch.Tensor], torch.Tensor], Tensors]

CHANGE = 1e-3 * (1 - 1e-6)  # of an entry, relative, for a fault to count
# Of the largest entry of all gradients of a sample: what is smaller is rounding, or might be.
ROUNDING = 1e-12
_DRAWS = 3  # cotangents with which it is seen whether a fault changes anything


# ---- wrong ones ----------------------------------------------------------------------------------


def _one_wrong(gradient: torch.Tensor, at: int) -> torch.Tensor:
    wrong = gradient.clone().reshape(-1)
    wrong[at] *= 1.1
    return wrong.reshape(gradient.shape)


def _transposed(gradient: torch.Tensor, _: int) -> torch.Tensor:
    square = gradient.ndim > 1 and gradient.shape[-1] == gradient.shape[-2]
    return gradient.mT if square else gradient


FAULTS: dict[str, Fault] = {
    "sign": lambda g, _: -g,
    "zero": lambda g, _: 0 * g,
    "times 2": lambda g, _: 2 * g,
    "last axis reversed": lambda g, _: g.flip(-1) if g.ndim else g,
    "one entry +10 %": _one_wrong,
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


def plant(example: Example, fault: Fault, rng: np.random.Generator) -> Planted | None:
    """Return a fault in one input, or None if it changes no value of its gradient by 0.1 %."""
    inputs = example.inputs
    with torch.no_grad():
        size = example(*inputs).numel()
    for index in map(int, rng.permutation(len(inputs))):
        entry = None
        for _ in range(_DRAWS):
            right = gradients(example, inputs, torch.as_tensor(rng.normal(size=size)))
            least = ROUNDING * max(float(each.abs().max()) for each in right)
            if entry is None:
                entry = _middle(right[index], least)
            planted = Planted(fault, index, entry)
            sizes, moved = right[index].abs(), (planted(right)[index] - right[index]).abs()
            if bool(((moved >= CHANGE * sizes) & (moved >= CHANGE * least) & (moved > 0)).any()):
                return planted
    return None


def _middle(gradient: torch.Tensor, least: float) -> int:
    """Return an entry that is neither the easiest to see nor the hardest."""
    flat = gradient.reshape(-1).abs()
    order = torch.argsort(flat)
    there = order[flat[order] > least]
    return int(there[len(there) // 2]) if len(there) else 0


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
