"""Q8 of sheet 004: every row divided by its sum, and the backward of that.

    N_ij = x_ij / s_i,   s_i = Σ_k x_ik

An entry of x stands in its own numerator and in the sum below every entry of its row:

    ∂N_ij/∂x_il = [j = l] / s_i - x_ij / s_i²

With G = ∂L/∂N, the gradient of the loss collects what goes out over all entries j of the row:

    ∂L/∂x_il = Σ_j G_ij ∂N_ij/∂x_il = G_il / s_i - Σ_j G_ij x_ij / s_i²

✗ The derivation in 004 differentiates N_i by the x_i of the same index only, and gets
G/s - G·x/s² without the sum.  The code that it is compared with does have the sum, so that the two
differ; equal they are only for rows of a single entry.
"""

from __future__ import annotations

import numpy as np
import torch


def normalize(x: torch.Tensor) -> torch.Tensor:
    """Return x with each row divided by its sum."""
    return x / x.sum(dim=1, keepdim=True)


def q8_forward(x: np.ndarray) -> np.ndarray:
    """Return x with each row divided by its sum."""
    return x / x.sum(axis=1, keepdims=True)


def q8_backward(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient of the loss by x, of its shape."""
    s = x.sum(axis=1, keepdims=True)
    return grad / s - (grad * x).sum(axis=1, keepdims=True) / s**2


def rows_with_sums(rng: np.random.Generator, sizes: dict[str, int]) -> dict[str, np.ndarray]:
    """Return a matrix x of entries of both signs, whose row sums are at least 0.5 in size."""
    shape = sizes["n"], sizes["f"]
    x = np.round(rng.normal(scale=1.5, size=shape), 2)
    while True:
        small = np.abs(x.sum(axis=1)) < 0.5
        if not small.any():
            return {"x": x}
        x[small] = np.round(rng.normal(scale=1.5, size=(int(small.sum()), shape[1])), 2)


# Known wrong answers.


def forward_columns(x: np.ndarray) -> np.ndarray:
    """Return x with each column divided by its sum."""
    return x / x.sum(axis=0, keepdims=True)


def forward_broadcast(x: np.ndarray) -> np.ndarray:
    """Return x / x.sum(axis=1): without keepdims the sums go along the columns."""
    return x / x.sum(axis=1)


def forward_absolute(x: np.ndarray) -> np.ndarray:
    """Return x with each row divided by the sum of its absolute values."""
    return x / np.abs(x).sum(axis=1, keepdims=True)


def backward_without_row_sum(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient of 004: each entry is differentiated by itself alone."""
    s = x.sum(axis=1, keepdims=True)
    return grad / s - grad * x / s**2


def backward_first_term(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return G / s, as if the sum were a constant."""
    return grad / x.sum(axis=1, keepdims=True)


def backward_not_transposed(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the Jacobian times G in place of its transpose times G."""
    s = x.sum(axis=1, keepdims=True)
    return grad / s - x * grad.sum(axis=1, keepdims=True) / s**2


def backward_without_square(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient with s in place of s² below the second term."""
    s = x.sum(axis=1, keepdims=True)
    return (grad - (grad * x).sum(axis=1, keepdims=True)) / s


def backward_plus(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient with a plus between its terms."""
    s = x.sum(axis=1, keepdims=True)
    return grad / s + (grad * x).sum(axis=1, keepdims=True) / s**2
