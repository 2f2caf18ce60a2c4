"""Differentiable operations of torch with its own sample inputs, as functions of real tensors.

torch tests its operations with a list, `op_db`, that gives sample inputs for each.  An `Example` is
one of these samples as a function of the tensors by which it is differentiated: all other arguments
are fixed, what is random is seeded, and all outputs that can be differentiated come in one vector.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch.utils import _pytree as pytree

SAMPLES = 3  # of an operation, as far as it has so many of different shapes
LOOKED_AT = 60  # of the samples that torch has
ENTRIES = 500  # most of them in the inputs, and in the outputs: a Jacobian has the product
ENOUGH = 40  # of them in the inputs show every fault; more take time
JACOBIAN = 2000  # likewise, of its entries


@dataclass(frozen=True)
class Example:
    """An operation at one of its samples."""

    operation: Any  # an OpInfo
    sample: Any  # a SampleInput

    @cached_property
    def leaves(self) -> tuple[list[Any], Any]:
        """All arguments in a row, and how they belong together."""
        given = (self.sample.input, self.sample.args, self.sample.kwargs)
        flat, structure = pytree.tree_flatten(given)
        return flat, structure

    @property
    def inputs(self) -> list[torch.Tensor]:
        """The tensors to differentiate by."""
        return [leaf for leaf in self.leaves[0] if _is_input(leaf)]

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the inputs."""
        return tuple(tuple(tensor.shape) for tensor in self.inputs)

    @property
    def entries(self) -> int:
        """How many numbers the inputs have."""
        return sum(tensor.numel() for tensor in self.inputs)

    def values(self) -> list[np.ndarray]:
        """Return copies of the inputs."""
        return [tensor.detach().numpy().copy() for tensor in self.inputs]

    def __call__(self, *tensors: torch.Tensor, seed: int = 0) -> torch.Tensor:
        """Return the outputs as one vector, in the precision of the tensors."""
        flat, structure = self.leaves
        precision = tensors[0].dtype
        rest = iter(tensors)
        leaves = [next(rest) if _is_input(leaf) else _cast(leaf, precision) for leaf in flat]
        first, args, kwargs = pytree.tree_unflatten(leaves, structure)
        torch.default_generator.manual_seed(seed)  # torch.manual_seed is many times slower
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = self.operation.gradcheck_wrapper(
                self.operation.get_op(), first, *args, **kwargs
            )
            found = self.sample.output_process_fn_grad(found)
        outputs = [_real(leaf) for leaf in pytree.tree_leaves(found) if _is_output(leaf)]
        if not outputs:
            raise NotUsableError("no output that can be differentiated")
        return torch.cat(outputs)


class NotUsableError(Exception):
    """An operation or a sample that cannot be used; the message says why in a few words."""


def _is_input(leaf: Any) -> bool:
    return isinstance(leaf, torch.Tensor) and leaf.requires_grad


def _is_output(leaf: Any) -> bool:
    floats = isinstance(leaf, torch.Tensor) and (leaf.is_floating_point() or leaf.is_complex())
    return floats and leaf.layout is torch.strided


def _real(tensor: torch.Tensor) -> torch.Tensor:
    tensor = torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor
    return tensor.reshape(-1).clone()


def _cast(leaf: Any, precision: torch.dtype) -> Any:
    """Return a fixed argument in a precision, if it is in double precision."""
    if isinstance(leaf, torch.Tensor) and leaf.dtype is torch.float64:
        return leaf.to(precision)
    return precision if leaf is torch.float64 else leaf


def examples(operation: Any) -> list[Example]:
    """Return a few examples of an operation, of different shapes.  Raises NotUsableError."""
    if not operation.supports_autograd or torch.float64 not in operation.dtypes:
        raise NotUsableError("not differentiable in double precision, says torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        samples = _some(operation.sample_inputs("cpu", torch.float64, requires_grad=True))
    if not samples:
        raise NotUsableError("no samples")
    usable, reasons = [], []
    for sample in samples:
        example = Example(operation, sample)
        try:
            usable.append((example, _outputs(example)))
        except NotUsableError as error:
            reasons.append(str(error))
    if not usable:
        raise NotUsableError(max(set(reasons), key=reasons.count))
    return _different(usable)


def _some(samples: Any) -> list[Any]:
    return [sample for sample, _ in zip(samples, range(LOOKED_AT), strict=False)]


def _outputs(example: Example) -> int:
    """Return how many outputs an example has.

    Raises NotUsableError if it cannot be judged as a function of real tensors.
    """
    tensors = example.inputs
    if not tensors:
        raise NotUsableError("no sample with an input to differentiate by")
    if any(t.dtype is not torch.float64 or t.layout is not torch.strided for t in tensors):
        raise NotUsableError("inputs that are complex or sparse")
    if not all(tensor.numel() for tensor in tensors):
        raise NotUsableError("empty inputs")
    if example.entries > ENTRIES:
        raise NotUsableError(f"more than {ENTRIES} entries in every sample")
    try:
        output = example(*tensors)
    except NotUsableError:
        raise
    except Exception as error:
        raise NotUsableError(f"it raises {type(error).__name__} when it is called") from error
    if not output.requires_grad:
        raise NotUsableError("no output that can be differentiated")
    if output.numel() > ENTRIES:
        raise NotUsableError(f"more than {ENTRIES} entries in every sample")
    if not output.numel():
        raise NotUsableError("empty outputs")
    return output.numel()


def _different(usable: Sequence[tuple[Example, int]]) -> list[Example]:
    """Return some examples: square matrices first, then many entries, no shapes twice if possible.

    A transposed gradient shows only where it is square, a wrong element only beside others.  What
    has a large Jacobian comes last.
    """

    def rank(pair: tuple[Example, int]) -> tuple[bool, bool, int]:
        example, outputs = pair
        square = any(len(s) > 1 and s[-1] == s[-2] > 1 for s in example.shapes)
        entries = example.entries
        small = entries * outputs <= JACOBIAN
        return small, square, entries if entries <= ENOUGH else -entries

    ordered = [example for example, _ in sorted(usable, key=rank, reverse=True)]
    seen: set[Any] = set()
    new: list[Example] = []
    again: list[Example] = []
    for example in ordered:
        (again if example.shapes in seen else new).append(example)
        seen.add(example.shapes)
    return (new + again)[:SAMPLES]


def is_random(example: Example) -> bool:
    """Return whether the output depends on the seed: another precision draws other numbers."""
    with torch.no_grad():
        return not torch.equal(example(*example.inputs), example(*example.inputs, seed=1))


def name_of(operation: Any) -> str:
    """Return the name of an operation with that of its variant."""
    variant = operation.variant_test_name
    return f"{operation.name}.{variant}" if variant else str(operation.name)
