"""Q3 of sheet 002: gradient, Hessian and stationary points of a quartic in two variables.

    f(x) = (x1 + x2)(x1 x2 + x1 x2^2) = u g     with  u = x1 + x2,  g = x1 x2 (1 + x2)

**Gradient**, by the product rule, with ∇u = (1, 1) and ∇g = (x2 + x2^2, x1 + 2 x1 x2):

    ∂f/∂x1 = g + u (x2 + x2^2)   = x2 (1 + x2)(2 x1 + x2)
    ∂f/∂x2 = g + u (x1 + 2x1 x2) = x1 (x1 + 2 x1 x2 + 2 x2 + 3 x2^2)

**Hessian**, differentiating once more:

    ∂²f/∂x1²    = 2 x2 + 2 x2^2
    ∂²f/∂x1∂x2  = 2 x1 + 4 x1 x2 + 2 x2 + 3 x2^2
    ∂²f/∂x2²    = 2 x1^2 + 2 x1 + 6 x1 x2

**Stationary points.**  The first entry of the gradient vanishes in three cases.

- x2 = 0: the second entry is x1^2, so x1 = 0.
- x2 = -1: the second entry is x1 (1 - x1), so x1 = 0 or x1 = 1.
- x1 = -x2/2: the second entry is x1 (3/2 x2 + 2 x2^2), so x2 = 0 (again the origin) or x2 = -3/4.

That makes (0, 0), (0, -1), (1, -1) and (3/8, -3/4), and no other.

**What they are.**  At (3/8, -3/4) the Hessian is [[-3/8, -3/16], [-3/16, -21/32]] with trace
-33/32 and determinant 27/128, so its eigenvalues are -3/4 and -9/32: a maximum.  At (0, -1) and
(1, -1) the Hessian is [[0, 1], [1, 0]] and [[0, -1], [-1, -2]], both with determinant -1:
saddles.  At the origin the Hessian is zero and says nothing; on the line x1 = x2 = t there
f = 2 t^3 (1 + t) changes its sign with t, so it is neither a maximum nor a minimum.
"""

from __future__ import annotations

import numpy as np
import torch


def f(x: torch.Tensor) -> torch.Tensor:
    """Return f at a point x of shape (2,)."""
    x1, x2 = x[0], x[1]
    return (x1 + x2) * (x1 * x2 + x1 * x2**2)


def q3_gradient(x: np.ndarray) -> np.ndarray:
    """Return the gradient of f at x, shape (2,)."""
    x1, x2 = x
    return np.array(
        [
            x2 * (1 + x2) * (2 * x1 + x2),
            x1 * (x1 + 2 * x1 * x2 + 2 * x2 + 3 * x2**2),
        ]
    )


def q3_hessian(x: np.ndarray) -> np.ndarray:
    """Return the Hessian of f at x, shape (2, 2)."""
    x1, x2 = x
    mixed = _mixed(x1, x2)
    return np.array([[2 * x2 + 2 * x2**2, mixed], [mixed, 2 * x1**2 + 2 * x1 + 6 * x1 * x2]])


def all_stationary_points() -> np.ndarray:
    """Return every stationary point of f, shape (4, 2)."""
    return np.array([[0.0, 0.0], [0.0, -1.0], [1.0, -1.0], [3 / 8, -3 / 4]])


def _mixed(x1: float, x2: float) -> float:
    return 2 * x1 + 4 * x1 * x2 + 2 * x2 + 3 * x2**2


# Known wrong gradients.


def gradient_first_factor_constant(x: np.ndarray) -> np.ndarray:
    """Return u ∇g: the factor x1 + x2 was held constant."""
    x1, x2 = x
    return (x1 + x2) * np.array([x2 + x2**2, x1 + 2 * x1 * x2])


def gradient_second_factor_constant(x: np.ndarray) -> np.ndarray:
    """Return g ∇u: the factor x1 x2 + x1 x2^2 was held constant."""
    x1, x2 = x
    g = x1 * x2 + x1 * x2**2
    return np.array([g, g])


def gradient_product_of_derivatives(x: np.ndarray) -> np.ndarray:
    """Return ∇u ∇g, entry by entry: the derivative of a product taken as that of its factors."""
    x1, x2 = x
    return np.array([x2 + x2**2, x1 + 2 * x1 * x2])


def gradient_with_minus(x: np.ndarray) -> np.ndarray:
    """Return the gradient of (x1 + x2)(x1 x2 - x1 x2^2)."""
    x1, x2 = x
    g, u = x1 * x2 - x1 * x2**2, x1 + x2
    return np.array([g + u * (x2 - x2**2), g + u * (x1 - 2 * x1 * x2)])


def gradient_without_power_rule(x: np.ndarray) -> np.ndarray:
    """Return the gradient with ∂(x1 x2^2)/∂x2 = x1 x2: the factor 2 is lost."""
    x1, x2 = x
    first, _ = q3_gradient(x)
    return np.array([first, x1 * x2 + x1 * x2**2 + (x1 + x2) * (x1 + x1 * x2)])


def gradient_coefficient_lost(x: np.ndarray) -> np.ndarray:
    """Return the gradient with ∂(x1 x2^2)/∂x2 = 2 x2: the factor x1 is lost."""
    x1, x2 = x
    first, _ = q3_gradient(x)
    return np.array([first, x1 * x2 + x1 * x2**2 + (x1 + x2) * (x1 + 2 * x2)])


def gradient_swapped(x: np.ndarray) -> np.ndarray:
    """Return (∂f/∂x2, ∂f/∂x1)."""
    return q3_gradient(x)[::-1].copy()


# Known wrong Hessians.


def hessian_diagonal_only(x: np.ndarray) -> np.ndarray:
    """Return the Hessian with zeros for the mixed partial derivatives."""
    return np.diag(np.diag(q3_hessian(x)))


def hessian_upper_only(x: np.ndarray) -> np.ndarray:
    """Return the Hessian with the entry below the diagonal left at zero."""
    return np.triu(q3_hessian(x))


def hessian_mixed_without_square(x: np.ndarray) -> np.ndarray:
    """Return the Hessian whose mixed partial lacks 3 x2^2."""
    x1, x2 = x
    return _with_mixed(x, 2 * x1 + 4 * x1 * x2 + 2 * x2)


def hessian_mixed_without_product(x: np.ndarray) -> np.ndarray:
    """Return the Hessian whose mixed partial lacks 4 x1 x2."""
    x1, x2 = x
    return _with_mixed(x, 2 * x1 + 2 * x2 + 3 * x2**2)


def hessian_one_outer_product(x: np.ndarray) -> np.ndarray:
    """Return u ∇²g + ∇u ∇gᵀ, without the transposed outer product."""
    x1, x2 = x
    slope = np.array([x2 + x2**2, x1 + 2 * x1 * x2])
    return (x1 + x2) * _hessian_of_g(x1, x2) + np.outer(np.ones(2), slope)


def hessian_first_factor_constant(x: np.ndarray) -> np.ndarray:
    """Return u ∇²g: the factor x1 + x2 was held constant in both derivatives."""
    x1, x2 = x
    return (x1 + x2) * _hessian_of_g(x1, x2)


def hessian_of_wrong_gradient(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian of `gradient_first_factor_constant`, correctly differentiated."""
    x1, x2 = x
    slope = np.array([x2 + x2**2, x1 + 2 * x1 * x2])
    return (x1 + x2) * _hessian_of_g(x1, x2) + np.outer(slope, np.ones(2))


def hessian_outer_product_of_gradient(x: np.ndarray) -> np.ndarray:
    """Return ∇f ∇fᵀ: first derivatives multiplied in place of second derivatives."""
    gradient = q3_gradient(x)
    return np.outer(gradient, gradient)


def _hessian_of_g(x1: float, x2: float) -> np.ndarray:
    return np.array([[0.0, 1 + 2 * x2], [1 + 2 * x2, 2 * x1]])


def _with_mixed(x: np.ndarray, mixed: float) -> np.ndarray:
    matrix = q3_hessian(x)
    matrix[0, 1] = matrix[1, 0] = mixed
    return matrix
