"""Q2 of sheet 003, the Jacobian of softmax (its Lemma 1).

    p_i = e^{y_i} / Σ_k e^{y_k}

The quotient rule gives ∂p_i/∂y_j = ([i = j] e^{y_i} Σ - e^{y_i} e^{y_j}) / Σ² = [i = j] p_i - p_i
p_j:

    J = diag(p) - p pᵀ

J is symmetric, so the vector-Jacobian product is Jᵀg = p ⊙ (g - pᵀg), in which no matrix is needed.
With g of ones it is zero, whatever y is.  p does not change when a number is taken from every entry
of y; with the largest one taken, no exponential overflows.
"""

from __future__ import annotations

import numpy as np
import torch


def softmax(y: torch.Tensor) -> torch.Tensor:
    """Return the probabilities for the scores y, shape (n,)."""
    return torch.softmax(y, dim=0)


def _softmax(y: np.ndarray) -> np.ndarray:
    powers = np.exp(y - y.max())
    return powers / powers.sum()


def q2_softmax_jacobian(y: np.ndarray) -> np.ndarray:
    """Return the Jacobian of softmax at y, shape (n, n)."""
    p = _softmax(y)
    return np.diag(p) - np.outer(p, p)


def q2_softmax_vjp(y: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Return the vector-Jacobian product of softmax at y with g, shape (n,)."""
    p = _softmax(y)
    return p * (g - p @ g)


def scores(rng: np.random.Generator, sizes: dict[str, int]) -> dict[str, np.ndarray]:
    """Return scores y: mostly small ones, one time in three up to 1000 in size."""
    n = sizes["n"]
    if rng.random() < 2 / 3:
        return {"y": np.round(rng.normal(size=n), 2)}
    # Close to each other, so that the probabilities are not just 0 and 1.
    around = rng.choice([-1000.0, 0.0, 1000.0], size=n)
    return {"y": np.clip(np.round(around + rng.normal(size=n), 2), -1000, 1000)}


# Known wrong answers.


def jacobian_diagonal(y: np.ndarray) -> np.ndarray:
    """Return diag(p (1 - p)): each probability by its own score only."""
    p = _softmax(y)
    return np.diag(p * (1 - p))


def jacobian_without_outer(y: np.ndarray) -> np.ndarray:
    """Return diag(p): the sum below was held constant."""
    return np.diag(_softmax(y))


def jacobian_plus(y: np.ndarray) -> np.ndarray:
    """Return diag(p) + p pᵀ."""
    p = _softmax(y)
    return np.diag(p) + np.outer(p, p)


def vjp_diagonal(y: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Return p (1 - p) g: each probability by its own score only."""
    p = _softmax(y)
    return p * (1 - p) * g


def vjp_without_outer(y: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Return p g: the sum below was held constant."""
    return _softmax(y) * g


def vjp_unweighted_sum(y: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Return p (g - Σ g): the sum is not weighted with p."""
    return _softmax(y) * (g - g.sum())


def vjp_zero(y: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Return zeros, which is right for a g of ones only."""
    return np.zeros(y.shape) * g
