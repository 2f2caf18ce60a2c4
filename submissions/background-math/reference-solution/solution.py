"""Q3 and Q4. The derivations are in derivations.md."""

import numpy as np


# Q3: f(x) = (x1 + x2)(x1 x2 + x1 x2^2) = x1^2 x2 + x1^2 x2^2 + x1 x2^2 + x1 x2^3


def q3_gradient(x):
    x1, x2 = x
    return np.array(
        [
            2 * x1 * x2 + 2 * x1 * x2**2 + x2**2 + x2**3,
            x1**2 + 2 * x1**2 * x2 + 2 * x1 * x2 + 3 * x1 * x2**2,
        ]
    )


def q3_hessian(x):
    x1, x2 = x
    mixed = 2 * x1 + 4 * x1 * x2 + 2 * x2 + 3 * x2**2
    return np.array(
        [
            [2 * x2 + 2 * x2**2, mixed],
            [mixed, 2 * x1**2 + 2 * x1 + 6 * x1 * x2],
        ]
    )


def q3_stationary_points():
    return np.array([[0, 0], [0, -1], [1, -1], [3 / 8, -3 / 4]])


def q3_hessians():
    return np.stack([q3_hessian(point) for point in q3_stationary_points()])


def q3_classification():
    # eigenvalues: (0, 0); (-1, 1); -1 -+ sqrt(2); (-3/4, -9/32)
    return ["degenerate", "saddle", "saddle", "maximum"]


# Q4: f(x) = 8 x1 + 12 x2 + x1^2 - 2 x2^2


def q4_stationary_points():
    # 8 + 2 x1 = 0 and 12 - 4 x2 = 0
    return np.array([[-4.0, 3.0]])


def q4_hessian(x):
    return np.array([[2.0, 0.0], [0.0, -4.0]])


def q4_classification():
    return "saddle"
