"""Q3 of 003: z = v vᵀ y in two orders.

Reverse mode computes the number M = vᵀy and then z = M v: 2n multiplications; v, y, M and z live at
the end, 3n + 1 numbers.  Forward mode computes the matrix H = v vᵀ and then z = H y: 2n²
multiplications; v, y, H and z live, n² + 3n numbers.

For v = (1, 2, 3) and y = (1, 1, 1): M = 6 and z = (6, 12, 18).
"""

from __future__ import annotations

import numpy as np


def q3_reverse(v: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return v (vᵀ y), shape (n,): the number first."""
    number = v @ y
    return v * number


def q3_forward(v: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return (v vᵀ) y, shape (n,): the matrix first."""
    matrix = np.outer(v, v)
    return matrix @ y
