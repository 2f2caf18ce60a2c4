"""Q1 of sheet 003: networks whose weights are written by hand, for whole numbers.

**1.1** Units φ(z) = 1 where -1 <= z <= 1, else 0.  For whole numbers 2(x4 - xi) is 0 or at least 2
in size, so hi = φ(2(x4 - xi)) is 1 exactly where x4 = xi.  As x1, x2, x3 are distinct, at most one
hi is 1, and

    y = φ(2 (1 - Σ hi)) = φ(-2 Σ hi + 2)

is φ(0) = 1 where one is, and φ(2) = 0 where none is: W2 = -2 (1, 1, 1) and b2 = +2.

✗ 003 has the formula right but writes b2 = -2.  Then the unit gets -2 or -4, and the output is 0
for every list: wrong on each one that contains x4, and right on the others.

**1.2** One layer of nine units compares each of x1, x2, x3 with each of x4, x5, x6.  One of six
units, one for each permutation, is 1 where its three comparisons are (a sum of three).  The last is
1 where one of the six is.  Since the entries of each half are distinct, no two of them can be.
"""

from __future__ import annotations

from itertools import permutations
from typing import TypeAlias

import numpy as np

Weights: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray, float]
Layer: TypeAlias = tuple[np.ndarray, np.ndarray, tuple[float, float]]


def contains(rows: np.ndarray) -> np.ndarray:
    """Return for each row whether x4 is one of x1, x2, x3."""
    return np.any(rows[:, :3] == rows[:, 3:], axis=1)


def is_permutation(rows: np.ndarray) -> np.ndarray:
    """Return for each row whether its second half is a permutation of its first."""
    return np.all(np.sort(rows[:, :3], axis=1) == np.sort(rows[:, 3:], axis=1), axis=1)


def _differences(factor: float) -> np.ndarray:
    """Return the rows that compute factor (x4 - xi)."""
    return factor * np.hstack([-np.eye(3), np.ones((3, 1))])


def q1_element() -> Weights:
    """Return W1 (3, 4), b1 (3,), W2 (3,) and b2."""
    return _differences(2), np.zeros(3), np.full(3, -2.0), 2.0


def _comparisons() -> Layer:
    """Return nine units; unit 3i + j is 1 where x_(1+i) = x_(4+j)."""
    weights = np.zeros((9, 6))
    for i in range(3):
        for j in range(3):
            weights[3 * i + j, i], weights[3 * i + j, 3 + j] = 2, -2
    return weights, np.zeros(9), (-1, 1)


def _orders(orders: list[tuple[int, ...]]) -> Layer:
    """Return a unit for each order, 1 where its three comparisons are."""
    weights = np.zeros((len(orders), 9))
    for row, order in zip(weights, orders, strict=True):
        row[[3 * i + j for i, j in enumerate(order)]] = 1
    return weights, np.zeros(len(orders)), (3, 3)


def _any(units: int) -> Layer:
    return np.ones((1, units)), np.zeros(1), (1, 1)


def q1_permutation() -> list[Layer]:
    """Return three layers (W, b, (lo, hi))."""
    return [_comparisons(), _orders(list(permutations(range(3)))), _any(6)]


# Known wrong networks.


def element_wrong_sign() -> Weights:
    """Return the weights of 003, with b2 = -2."""
    first, bias, second, _ = q1_element()
    return first, bias, second, -2.0


def element_without_factor() -> Weights:
    """Return a network whose first layer computes x4 - xi: neighbours count as equal too."""
    return _differences(1), np.zeros(3), np.full(3, -2.0), 2.0


def element_inverted() -> Weights:
    """Return a network that is 1 where x4 is not in the list."""
    return _differences(2), np.zeros(3), np.full(3, 2.0), 0.0


def permutation_same_order() -> list[Layer]:
    """Return a network that accepts x4 = x1, x5 = x2, x6 = x3 only."""
    return [_comparisons(), _orders([(0, 1, 2)]), _any(1)]


def permutation_rotations() -> list[Layer]:
    """Return a network with the three rotations; the exchanges of two entries are missing."""
    return [_comparisons(), _orders([(0, 1, 2), (1, 2, 0), (2, 0, 1)]), _any(3)]


def permutation_sums() -> list[Layer]:
    """Return a network that compares the sums of the halves."""
    return [(np.array([[1.0, 1.0, 1.0, -1.0, -1.0, -1.0]]), np.zeros(1), (0, 0))]
