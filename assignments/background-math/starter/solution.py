"""Background mathematics: your functions for Q3 and Q4.

A point x is a NumPy array of shape (2,), in double precision: x[0] is x1, x[1] is x2.  What you
return may be a list, a tuple, a NumPy array or a torch tensor of the shape asked for.

Replace each `raise NotImplementedError` by your own code and keep the names of the functions.
Helpers of your own are welcome.
"""

import numpy as np

# Q3: f(x) = (x1 + x2)(x1 x2 + x1 x2^2)


def q3_gradient(x: np.ndarray) -> np.ndarray:
    """Return the gradient of f at x, shape (2,)."""
    raise NotImplementedError


def q3_hessian(x: np.ndarray) -> np.ndarray:
    """Return the Hessian of f at x, shape (2, 2)."""
    raise NotImplementedError


def q3_stationary_points() -> np.ndarray:
    """Return at least three stationary points of f, one per row, shape (k, 2), in any order."""
    raise NotImplementedError


def q3_hessians() -> np.ndarray:
    """Return the Hessian of f at each of your points, in their order, shape (k, 2, 2)."""
    raise NotImplementedError


def q3_classification() -> list[str]:
    """Return what each of your points is, in their order.

    The words are "maximum", "minimum", "saddle" and "degenerate".
    """
    raise NotImplementedError


# Q4: f(x) = 8 x1 + 12 x2 + x1^2 - 2 x2^2


def q4_stationary_points() -> np.ndarray:
    """Return all stationary points of f, one per row, shape (k, 2)."""
    raise NotImplementedError


def q4_hessian(x: np.ndarray) -> np.ndarray:
    """Return the Hessian of f at x, shape (2, 2)."""
    raise NotImplementedError


def q4_classification() -> str:
    """Return what the stationary point of f is: one of the four words of Q3."""
    raise NotImplementedError
