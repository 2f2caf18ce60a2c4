"""Q2 of sheet 004: the backward of a function that acts on every entry.

    F(X)_i = f(X_i)   for every index i, of a tensor of any shape

∂F_i/∂X_j is f'(X_i) where i = j and 0 elsewhere.  With G = ∂L/∂F, the sum over the outputs keeps a
single term:

    ∂L/∂X_j = Σ_i G_i ∂F_i/∂X_j = G_j f'(X_j)

✗ 004 writes the product for one entry and concludes that the backward is element-wise; that the
other terms of the sum vanish, which is what was to be shown, is missing there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

Function = Callable[[np.ndarray], np.ndarray]

TORCH: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "exp": torch.exp,
    "sin": torch.sin,
    "square": torch.square,
}


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


VALUES: dict[str, Function] = {
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "exp": np.exp,
    "sin": np.sin,
    "square": np.square,
}
DERIVATIVES: dict[str, Function] = {
    "sigmoid": lambda x: _sigmoid(x) * (1 - _sigmoid(x)),
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "exp": np.exp,
    "sin": np.cos,
    "square": lambda x: 2 * x,
}


def elementwise(name: str, X: torch.Tensor) -> torch.Tensor:
    """Return the function of this name, entry by entry."""
    return TORCH[name](X)


def q2_backward(name: str, X: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient of the loss by X, of its shape."""
    return DERIVATIVES[name](X) * grad


# Known wrong gradients.


def gradient_missing(name: str, X: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return f'(X) without the incoming gradient."""
    del grad
    return DERIVATIVES[name](X)


def function_for_derivative(name: str, X: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return f(X) times the incoming gradient."""
    return VALUES[name](X) * grad


def output_formula_at_input(name: str, X: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return y(1-y) or 1-y² with X in place of the output y; the other functions are right."""
    formulas: dict[str, Function] = {"sigmoid": lambda x: x * (1 - x), "tanh": lambda x: 1 - x**2}
    return formulas.get(name, DERIVATIVES[name])(X) * grad


def derivative_at_output(name: str, X: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return f'(f(X)) times the incoming gradient: X was taken for the output of f."""
    return DERIVATIVES[name](VALUES[name](X)) * grad


def minus_sine(name: str, X: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient with (sin x)' = -cos x; the other functions are right."""
    sign = -1.0 if name == "sin" else 1.0
    return sign * q2_backward(name, X, grad)
