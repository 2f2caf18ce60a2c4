"""Automatic differentiation of every intermediate quantity of a torch function, in float64.

The function takes the inputs in order and returns a dict of its quantities, each the very tensor
that the later ones are computed from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.kinds.functions.automatic import weighed

Function = Callable[..., Mapping[str, Any]]


def values(function: Function, inputs: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the value of every quantity."""
    found, _ = _run(function, inputs)
    return {name: _numpy(tensor) for name, tensor in found.items()}


def adjoints(function: Function, inputs: Mapping[str, Any], output: str) -> dict[str, np.ndarray]:
    """Return the gradient of a scalar quantity by every quantity, and by every float input."""
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    found, leaves = _run(function, inputs)
    targets = {**leaves, **found}
    slopes: tuple[Any, ...] = torch.autograd.grad(
        found[output], list(targets.values()), allow_unused=True
    )
    return {
        name: np.zeros(tuple(target.shape)) if slope is None else _numpy(slope)
        for (name, target), slope in zip(targets.items(), slopes, strict=True)
    }


def tangents(function: Function, inputs: Mapping[str, Any], along: str) -> dict[str, np.ndarray]:
    """Return the derivative of every quantity by one input that is a number.

    By reverse mode twice: the product of a cotangent u with the Jacobian is linear in u, and its
    derivative by u is the product of the Jacobian with a tangent.
    """
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    found, leaves = _run(function, inputs)
    made = {}
    for name, tensor in found.items():
        cotangent = torch.zeros_like(tensor, requires_grad=True)
        (pulled,) = torch.autograd.grad(
            weighed(tensor, cotangent), leaves[along], create_graph=True, allow_unused=True
        )
        if pulled is None or not pulled.requires_grad:
            made[name] = np.zeros(tuple(tensor.shape))
            continue
        (pushed,) = torch.autograd.grad(pulled.sum(), cotangent)
        made[name] = _numpy(pushed)
    return made


def _run(function: Function, inputs: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    tensors = {
        name: torch.tensor(value)
        if np.asarray(value).dtype.kind in "iu"
        else torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in inputs.items()
    }
    found = dict(function(*tensors.values()))
    return found, {name: tensor for name, tensor in tensors.items() if tensor.requires_grad}


def _numpy(tensor: Any) -> np.ndarray:
    return np.array(tensor.detach().numpy(), dtype=np.float64)
