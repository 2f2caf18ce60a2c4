"""Q4 of 003: Z = v vᵀ y1 y2ᵀ in two orders, with v and y1 of n entries and y2 of m.

Reverse mode goes from right to left: B1 = y1 y2ᵀ (n by m), B2 = vᵀ B1 (m), Z = v B2.  Each step
takes nm multiplications, 3mn together; v, y1, y2, B1, B2 and Z live, 2(m + n + mn) numbers.

Forward mode goes from left to right: A1 = v vᵀ (n by n), A2 = A1 y1 (n), Z = A2 y2ᵀ.  That takes
n² + n² + nm multiplications; v, y1, y2, A1, A2 and Z live, 3n + m + n² + mn numbers.

Reverse less forward is 2n(m - n) multiplications, and m - n + mn - n² = (n + 1)(m - n) numbers.  So
forward is the better choice when m > n, a wide Z; at m = n both cost the same.
"""

from __future__ import annotations

import numpy as np


def q4_reverse(v: np.ndarray, y1: np.ndarray, y2: np.ndarray) -> np.ndarray:
    """Return Z, shape (n, m), from right to left."""
    matrix = np.outer(y1, y2)
    row = v @ matrix
    return np.outer(v, row)


def q4_forward(v: np.ndarray, y1: np.ndarray, y2: np.ndarray) -> np.ndarray:
    """Return Z, shape (n, m), from left to right."""
    matrix = np.outer(v, v)
    column = matrix @ y1
    return np.outer(column, y2)


def thrifty(v: np.ndarray, y1: np.ndarray, y2: np.ndarray) -> np.ndarray:
    """Return Z with the number vᵀy1 first, which neither order does: n + n + nm multiplications."""
    number = v @ y1
    scaled = v * number
    return np.outer(scaled, y2)
