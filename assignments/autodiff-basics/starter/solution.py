"""What automatic differentiation does, and what it costs: your functions for P2, P4 and P5.

Arrays are NumPy arrays in double precision; in P4 the argument is a torch tensor without axes.
What you return may be a list, a tuple, a NumPy array or a torch tensor of the shape asked for.

Replace each `raise NotImplementedError` by your own code and keep the names of the functions.
Helpers of your own are welcome.
"""

import numpy as np
import torch

# P2: f(w1, w2) = [sin(2π w1/w2) + 3 w1/w2 - exp(2 w2)] [3 w1/w2 - exp(2 w2)], by its evaluation
# trace
#
#   z1 = w1/w2    z2 = sin(2π z1)    z3 = exp(2 w2)    z4 = 3 z1 - z3    z5 = z2 + z4    z6 = z4 z5


def p2_forward(w1: float, w2: float) -> np.ndarray:
    """Return the forward mode with respect to w1, shape (6, 2): row t-1 holds z_t and dz_t/dw1."""
    raise NotImplementedError


def p2_reverse(w1: float, w2: float) -> dict[str, float]:
    """Return the reverse mode: dz6/dz_t under "z6" to "z1", and the gradient under "w1", "w2"."""
    raise NotImplementedError


# P4: one function, coded twice, with two "derivatives" at the same point


def p4_f(x: torch.Tensor) -> torch.Tensor:
    """Return your function at x, coded so that autograd gives the derivative 0 at p4_x0."""
    raise NotImplementedError


def p4_g(x: torch.Tensor) -> torch.Tensor:
    """Return the same function at x, coded so that autograd gives the derivative 2 at p4_x0."""
    raise NotImplementedError


p4_x0 = 0.0


# P4, two points on top: the same with a function that is differentiable at the point


def p4_smooth_f(x: torch.Tensor) -> torch.Tensor:
    """Return a function that is differentiable at p4_smooth_x0."""
    raise NotImplementedError


def p4_smooth_g(x: torch.Tensor) -> torch.Tensor:
    """Return the same function, coded so that autograd gives another derivative there."""
    raise NotImplementedError


p4_smooth_x0 = 0.0


# P5: logistic regression with R classes.  W has shape (R-1, D), X has shape (N, D), and y has N
# whole numbers from 0 to R-1; label R-1 is the class without weights.


def p5_log_likelihood(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """Return the log-likelihood L, the sum over the samples."""
    raise NotImplementedError


def p5_gradient(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient of L with respect to every weight vector, shape (R-1, D)."""
    raise NotImplementedError


def p5_regularised_gradient(W: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """Return the gradient of L + (lam/2) Σ ‖w_l‖², shape (R-1, D)."""
    raise NotImplementedError
