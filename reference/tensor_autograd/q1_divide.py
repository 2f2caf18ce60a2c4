"""Q1 of sheet 004: the backward of element-wise division.

    F = X / Y,   F_ij = X_ij / Y_ij

An entry of F depends on one entry of X and one of Y, so that with G = ∂L/∂F

    ∂L/∂X_ij = G_ij / Y_ij,      ∂L/∂Y_ij = -G_ij X_ij / Y_ij²

✗ 004 derives 1/Y and -X/Y² and stops there: these are the local derivatives.  A backward returns
the derivative of the loss, and the factor G belongs to it.
"""

from __future__ import annotations

import numpy as np
import torch


def divide(X: torch.Tensor, Y: torch.Tensor) -> torch.Tensor:
    """Return X / Y, entry by entry."""
    return X / Y


def q1_backward(X: np.ndarray, Y: np.ndarray, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of the loss by X and by Y."""
    return grad / Y, -grad * X / Y**2


# Known wrong gradients.


def local_derivatives(
    X: np.ndarray, Y: np.ndarray, grad: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return 1/Y and -X/Y², without the incoming gradient."""
    del grad
    return 1 / Y, -X / Y**2


def without_minus(X: np.ndarray, Y: np.ndarray, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient by Y with the wrong sign."""
    return grad / Y, grad * X / Y**2


def without_square(X: np.ndarray, Y: np.ndarray, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient by Y with Y in place of Y²."""
    return grad / Y, -grad * X / Y


def without_numerator(
    X: np.ndarray, Y: np.ndarray, grad: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient by Y of 1 / Y: the numerator X is lost."""
    del X
    return grad / Y, -grad / Y**2


def gradients_swapped(
    X: np.ndarray, Y: np.ndarray, grad: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return both gradients in the wrong order."""
    by_x, by_y = q1_backward(X, Y, grad)
    return by_y, by_x
