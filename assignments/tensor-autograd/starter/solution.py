"""The backward of an operation: your functions, and the class ReLU.

Arrays are NumPy arrays in double precision.  `grad` is the gradient of the loss with respect to the
output of the operation and has its shape; return the gradient with respect to the inputs.  What you
return may be a list, a tuple, a NumPy array or a torch tensor.

Replace each `raise NotImplementedError` by your own code and keep the names of functions and
classes.  Helpers of your own are welcome.
"""

import numpy as np


def q1_backward(X: np.ndarray, Y: np.ndarray, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients for X and Y of the element-wise quotient X / Y."""
    raise NotImplementedError


def q2_backward(name: str, X: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient for X of an element-wise function: sigmoid, tanh, exp, sin or square."""
    raise NotImplementedError


def q3_forward(X: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Return the outputs of a linear layer for a batch X (n, f) and weights W (f, m)."""
    raise NotImplementedError


def q3_backward(X: np.ndarray, W: np.ndarray, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients for X and W."""
    raise NotImplementedError


def q4_forward(x: np.ndarray) -> np.ndarray:
    """Return the matrix with 16 columns that are all equal to x, shape (n, 16)."""
    raise NotImplementedError


def q4_backward(grad: np.ndarray) -> np.ndarray:
    """Return the gradient for x, shape (n,)."""
    raise NotImplementedError


def q8_forward(x: np.ndarray) -> np.ndarray:
    """Return x with each row divided by its sum, shape (n, m)."""
    raise NotImplementedError


def q8_backward(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient for x, shape (n, m)."""
    raise NotImplementedError


class ReLU:
    """The operation max(0, x), element by element."""

    @staticmethod
    def forward(context: dict, x: np.ndarray) -> np.ndarray:
        """Return the output, and keep in `context` what backward needs."""
        raise NotImplementedError

    @staticmethod
    def backward(context: dict, grad: np.ndarray) -> np.ndarray:
        """Return the gradient for x."""
        raise NotImplementedError
