"""Q4 of sheet 004: sixteen copies of a vector as the columns of a matrix.

    Y_ij = x_i   for j = 1, …, 16

Every entry of x goes into sixteen entries of Y, and its gradient is the sum over all of them:

    ∂L/∂x_i = Σ_j G_ij,   G = ∂L/∂Y

004 writes this as the product of G with a vector z of ones, which is the same once z is a column.
"""

from __future__ import annotations

import numpy as np
import torch

COLUMNS = 16


def expand(x: torch.Tensor) -> torch.Tensor:
    """Return the matrix of shape (n, 16) whose columns are all x."""
    return x[:, None].repeat(1, COLUMNS)


def q4_forward(x: np.ndarray) -> np.ndarray:
    """Return the matrix of shape (n, 16) whose columns are all x."""
    return np.tile(x[:, None], (1, COLUMNS))


def q4_backward(grad: np.ndarray) -> np.ndarray:
    """Return the gradient of the loss by x, shape (n,)."""
    return grad.sum(axis=1)


# Known wrong answers.


def backward_mean(grad: np.ndarray) -> np.ndarray:
    """Return the mean over the columns."""
    return grad.mean(axis=1)


def backward_first_column(grad: np.ndarray) -> np.ndarray:
    """Return the gradient of one of the sixteen copies."""
    return grad[:, 0]


def backward_over_rows(grad: np.ndarray) -> np.ndarray:
    """Return the sum over the rows, shape (16,)."""
    return grad.sum(axis=0)


def backward_times_columns(grad: np.ndarray) -> np.ndarray:
    """Return sixteen times the gradient of one copy, as if all copies had the same."""
    return COLUMNS * grad[:, 0]


def backward_not_summed(grad: np.ndarray) -> np.ndarray:
    """Return the incoming gradient as it is, shape (n, 16)."""
    return grad
