"""Q3 of sheet 004: a linear layer and its backward.

X holds n inputs of f features, one in each row, W the weights from f inputs to m outputs.  The only
product of the two whose shapes fit for all n, f, m is

    Y = X W,   Y_ij = Σ_k X_ik W_kj,   of shape (n, m)

With G = ∂L/∂Y, of the shape of Y:

    ∂L/∂X_ik = Σ_j G_ij W_kj = (G Wᵀ)_ik,      ∂L/∂W_kj = Σ_i X_ik G_ij = (Xᵀ G)_kj

✗ 004 computes WᵀX.  W is (f, m) and X is (n, f): the inner dimensions of that product are f and n,
so that it exists only where the batch happens to have as many rows as there are features, and mixes
different inputs there.  Its backward gives X and Wᵀ, the local factors, with the incoming gradient
multiplied in from the left in both.
"""

from __future__ import annotations

import numpy as np
import torch


def linear(X: torch.Tensor, W: torch.Tensor) -> torch.Tensor:
    """Return the outputs of the layer, shape (n, m)."""
    return X @ W


def q3_forward(X: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Return the outputs of the layer, shape (n, m)."""
    return X @ W


def q3_backward(X: np.ndarray, W: np.ndarray, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of the loss by X, shape (n, f), and by W, shape (f, m)."""
    return grad @ W.T, X.T @ grad


# Known wrong answers.  Where their shapes do not fit they stop, as a student's code does.


def forward_transposed_weights(X: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Return WᵀX, which exists only for n = f."""
    return W.T @ X


def forward_weights_first(X: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Return WX, which exists only for m = n."""
    return W @ X


def local_derivatives(
    X: np.ndarray, W: np.ndarray, grad: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return Wᵀ and X, the local factors of 004, without the incoming gradient."""
    del grad
    return W.T, X


def gradient_from_the_left(
    X: np.ndarray, W: np.ndarray, grad: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return (G Wᵀ, G X): the order of the second product is the one of 004."""
    return grad @ W.T, grad @ X


def weights_not_transposed(
    X: np.ndarray, W: np.ndarray, grad: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return (G W, Xᵀ G)."""
    return grad @ W, X.T @ grad


def inputs_not_transposed(
    X: np.ndarray, W: np.ndarray, grad: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return (G Wᵀ, X G)."""
    return grad @ W.T, X @ grad


def gradients_swapped(
    X: np.ndarray, W: np.ndarray, grad: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return both gradients in the wrong order."""
    by_x, by_w = q3_backward(X, W, grad)
    return by_w, by_x


def mean_over_batch(
    X: np.ndarray, W: np.ndarray, grad: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient by W divided by the number of inputs."""
    return grad @ W.T, X.T @ grad / len(X)
