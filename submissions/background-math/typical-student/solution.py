"""Background mathematics: your functions for Q3 and Q4.

A point x is a NumPy array of shape (2,), in double precision: x[0] is x1, x[1] is x2.  What you
return may be a list, a tuple, a NumPy array or a torch tensor of the shape asked for.
"""

import numpy as np

# Q3: f(x) = (x1 + x2)(x1 x2 + x1 x2^2)


def q3_gradient(x: np.ndarray) -> np.ndarray:
    """Return the gradient of f at x, shape (2,)."""
    x1 = x[0]
    x2 = x[1]
    # f is a product, so differentiate the bracket and keep (x1 + x2) in front
    df_dx1 = (x1 + x2) * (x2 + x2**2)
    df_dx2 = (x1 + x2) * (x1 + 2 * x1 * x2)
    return np.array([df_dx1, df_dx2])


def q3_hessian(x: np.ndarray) -> np.ndarray:
    """Return the Hessian of f at x, shape (2, 2)."""
    x1 = x[0]
    x2 = x[1]
    # easier after multiplying out: f = x1^2 x2 + x1^2 x2^2 + x1 x2^2 + x1 x2^3
    f11 = 2 * x2 + 2 * x2**2
    f12 = 2 * x1 + 4 * x1 * x2 + 2 * x2
    f22 = 2 * x1**2 + 2 * x1 + 6 * x1 * x2
    return np.array([[f11, f12], [f12, f22]])


def q3_stationary_points() -> np.ndarray:
    """Return at least three stationary points of f, one per row, shape (k, 2), in any order."""
    return np.array(
        [
            [0, 0],
            [1, -1],
            [1, 0],  # x2 = 0 makes the whole bracket zero
            [3 / 8, -6 / 8],
        ]
    )


def q3_hessians() -> np.ndarray:
    """Return the Hessian of f at each of your points, in their order, shape (k, 2, 2)."""
    return np.array([q3_hessian(p) for p in q3_stationary_points()])


def q3_classification() -> list[str]:
    """Return what each of your points is, in their order.

    The words are "maximum", "minimum", "saddle" and "degenerate".
    """
    return ["degenerate", "saddle", "saddle", "maximum"]


# Q4: f(x) = 8 x1 + 12 x2 + x1^2 - 2 x2^2


def q4_stationary_points() -> np.ndarray:
    """Return all stationary points of f, one per row, shape (k, 2)."""
    return np.array([[-4, 3]])


def q4_hessian(x: np.ndarray) -> np.ndarray:
    """Return the Hessian of f at x, shape (2, 2)."""
    return np.array([[2, 0], [0, -4]])


def q4_classification() -> str:
    """Return what the stationary point of f is: one of the four words of Q3."""
    # det = -8 < 0
    return "maximum"
