"""Networks by hand, backpropagation, and what derivatives cost: your functions.

Arrays are NumPy arrays in double precision.  What you return may be a list, a tuple, a NumPy array
or a torch tensor of the shape asked for.

Replace each `raise NotImplementedError` by your own code and keep the names of the functions.
Helpers of your own are welcome.
"""

import numpy as np

# Q1: networks whose weights you choose


def q1_element() -> tuple:
    """Return W1 (3, 4), b1 (3,), W2 (3,) and b2 of a network with output φ(W2 φ(W1 x + b1) + b2).

    φ(z) is 1 for -1 <= z <= 1 and 0 otherwise.  The output is 1 exactly when x4 is among x1, x2
    and x3.
    """
    raise NotImplementedError


def q1_permutation() -> list[tuple]:
    """Return the layers (W, b, (lo, hi)); a unit is 1 where lo <= W x + b <= hi, and 0 elsewhere.

    The output is 1 exactly when (x4, x5, x6) is a permutation of (x1, x2, x3).
    """
    raise NotImplementedError


# Q2: z1 = W1 x + b1, h = relu(z1), z2 = W2 x + b2, g1 = sigmoid(z2), g2 = h * g1 (element-wise),
#     y = W3 g2 + b3, yp = softmax(y), S = log yp[t], J = -S


def q2_graph() -> list[tuple]:
    """Return the computational graph of J, one row (node, operation, inputs) for each step.

    Nodes are z1 h z2 g1 g2 y yp S J; inputs are nodes of earlier rows, "x", "t" and the parameters.
    The operations are affine (W, x, b), relu, sigmoid, mul, softmax, log_at (y, t) and neg.
    """
    raise NotImplementedError


def q2_softmax_jacobian(y: np.ndarray) -> np.ndarray:
    """Return the Jacobian of softmax at y, shape (n, n)."""
    raise NotImplementedError


def q2_softmax_vjp(y: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Return the product of g with the Jacobian of softmax at y, shape (n,)."""
    raise NotImplementedError


def q2_backward(
    x: np.ndarray,
    t: int,
    W1: np.ndarray,
    b1: np.ndarray,
    W2: np.ndarray,
    b2: np.ndarray,
    W3: np.ndarray,
    b3: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return the derivatives of J by J, S, yp, y, g2, h, g1, z2, z1 and x, under those keys."""
    raise NotImplementedError


def q2_hessian(v: np.ndarray) -> np.ndarray:
    """Return the Hessian of L(x) = xᵀ v vᵀ x, shape (n, n)."""
    raise NotImplementedError


# Q3: v vᵀ y, in two orders.  v and y have n entries.


def q3_reverse(v: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return v (vᵀ y): the number first."""
    raise NotImplementedError


def q3_forward(v: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return (v vᵀ) y: the matrix first."""
    raise NotImplementedError


# Q4: v vᵀ y1 y2ᵀ, in two orders.  v and y1 have n entries, y2 has m; the result has shape (n, m).


def q4_reverse(v: np.ndarray, y1: np.ndarray, y2: np.ndarray) -> np.ndarray:
    """Return the product from right to left: y1 y2ᵀ first."""
    raise NotImplementedError


def q4_forward(v: np.ndarray, y1: np.ndarray, y2: np.ndarray) -> np.ndarray:
    """Return the product from left to right: v vᵀ first."""
    raise NotImplementedError
