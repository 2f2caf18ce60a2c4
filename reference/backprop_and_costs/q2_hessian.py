"""Q2 of 003: the Hessian of L(x) = xᵀ v vᵀ x, and what it costs.

    L(x) = s²  with  s = vᵀx,      ∇L = 2 s v = 2 v vᵀ x,      H = 2 v vᵀ

The document writes ∇L = v vᵀ x, a factor 2 short; its Hessian has the 2 again, and is right.

Costs: v vᵀ takes n² multiplications, and doubling each entry n² more.  Doubled in place, the matrix
and v live: n² + n numbers.  `2 * np.outer(v, v)` makes a second matrix: 2n² + n.  Whoever doubles v
first, and multiplies then, needs n² + n multiplications and n² + 2n numbers.
"""

from __future__ import annotations

import numpy as np
import torch


def loss(x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Return L at x; both have shape (n,)."""
    return (v @ x) ** 2


def q2_hessian(v: np.ndarray) -> np.ndarray:
    """Return H = 2 v vᵀ, shape (n, n), doubled in place."""
    hessian = np.outer(v, v)
    hessian *= 2
    return hessian


def two_matrices(v: np.ndarray) -> np.ndarray:
    """Return H with a second matrix on the way."""
    return 2 * np.outer(v, v)


def doubled_first(v: np.ndarray) -> np.ndarray:
    """Return H with n multiplications instead of n² for the factor 2."""
    doubled = 2 * v
    return np.outer(doubled, v)
