"""Q4 of sheet 002: a quadratic with a single stationary point, a saddle.

    f(x) = 8 x1 + 12 x2 + x1^2 - 2 x2^2

    ∇f = (8 + 2 x1, 12 - 4 x2),    ∇²f = diag(2, -4)

The gradient vanishes only where 2 x1 = -8 and 4 x2 = 12, at (-4, 3).  The Hessian is constant, with
a positive and a negative eigenvalue: f rises along x1 and falls along x2, so the point is a saddle
and neither a minimum nor a maximum.
"""

from __future__ import annotations

import numpy as np
import torch


def f(x: torch.Tensor) -> torch.Tensor:
    """Return f at a point x of shape (2,)."""
    x1, x2 = x[0], x[1]
    return 8 * x1 + 12 * x2 + x1**2 - 2 * x2**2


def q4_hessian(x: np.ndarray) -> np.ndarray:
    """Return the Hessian of f, shape (2, 2): the same at every x."""
    del x
    return np.diag([2.0, -4.0])


def all_stationary_points() -> np.ndarray:
    """Return every stationary point of f, shape (1, 2)."""
    return np.array([[-4.0, 3.0]])
