"""Q9 of sheet 004, first half: the operation ReLU.

    y = max(x, 0),     ∂L/∂x = G where x > 0, and 0 where x < 0,   G = ∂L/∂y

At x = 0 the function has a kink: from the left its derivative is 0, from the right 1, and either is
accepted.  ✗ With the op of 004 the training stood still at the loss ln 2, which no right ReLU does
there; the mistakes below are what gives such a layer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

_SHAPES = ((1,), (5,), (3, 4), (2, 3, 2))


class ReLU:
    """The operation max(x, 0), entry by entry."""

    @staticmethod
    def forward(context: dict[str, Any], x: np.ndarray) -> np.ndarray:
        """Return max(x, 0), of the shape of x; what backward needs goes into the context."""
        context["positive"] = x > 0
        return np.maximum(x, 0)

    @staticmethod
    def backward(context: dict[str, Any], grad: np.ndarray) -> np.ndarray:
        """Return the gradient of the loss by x, of its shape."""
        return np.where(context["positive"], grad, 0.0)


def relu(x: torch.Tensor) -> torch.Tensor:
    """Return max(x, 0)."""
    return torch.relu(x)


def numbers(rng: np.random.Generator, sizes: dict[str, int]) -> dict[str, np.ndarray]:
    """Return an array x of one to three axes, with numbers far beyond 6, tiny ones and zeros."""
    del sizes
    shape = _SHAPES[rng.integers(len(_SHAPES))]
    x = np.round(rng.normal(scale=5, size=shape), 1)
    x = x * rng.choice([1.0, 1.0, 1.0, 1.0, 10.0, 1e3, 1e-4], size=shape)
    return {"x": np.where(rng.random(shape) < 0.1, 0.0, x)}


# Known wrong operations: values, and gradients of the loss.


def relu6(x: np.ndarray) -> np.ndarray:
    """Return x cut off at 0 and at 6."""
    return np.clip(x, 0, 6)


def relu6_backward(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient of `relu6`."""
    return grad * ((x > 0) & (x < 6))


def leaky(x: np.ndarray) -> np.ndarray:
    """Return x, times 0.01 where it is negative."""
    return np.where(x > 0, x, 0.01 * x)


def leaky_backward(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient of `leaky`."""
    return np.where(x > 0, grad, 0.01 * grad)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + e^-x)."""
    return 0.5 * (1 + np.tanh(0.5 * x))  # the same, without overflow


def sigmoid_backward(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient of `sigmoid`."""
    return grad * sigmoid(x) * (1 - sigmoid(x))


def absolute(x: np.ndarray) -> np.ndarray:
    """Return |x|."""
    return np.abs(x)


def absolute_backward(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient of `absolute`."""
    return grad * np.sign(x)


def gradient_missing(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the local derivative, 0 or 1, without the incoming gradient."""
    del grad
    return (x > 0).astype(np.float64)


def mask_by_gradient(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return max(G, 0): the incoming gradient was compared with 0, and not x."""
    del x
    return np.maximum(grad, 0)


def mask_always_true(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return G, as a comparison of the output with >= 0 lets everything pass."""
    del x
    return grad


def mask_inverted(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return G where x is negative."""
    return grad * (x < 0)


def input_for_derivative(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return G times the output max(x, 0) in place of the derivative."""
    return grad * np.maximum(x, 0)
