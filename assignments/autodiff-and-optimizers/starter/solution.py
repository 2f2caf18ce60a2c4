"""Automatic differentiation by hand, and three optimizers: your functions and classes.

In P1 and P2 arrays are NumPy arrays in double precision, and what you return may be a list, a
tuple, a NumPy array or a torch tensor.  In P3 everything of torch may be used but its optimizers,
and nothing of scikit-learn.

Replace each `raise NotImplementedError` by your own code and keep the names of functions and
classes.  Helpers of your own are welcome.
"""

from collections.abc import Iterable

import numpy as np
import torch

# P1: f(x1, x2, x3) = (x1 x2 sin(x3) + exp(x1 x2)) / x3


def p1_graph() -> list[tuple]:
    """Return the computational graph of f, one row (node, operation, inputs) for each step.

    Inputs are "x1", "x2", "x3", numbers, or nodes of earlier rows.  The operations are add, sub,
    mul, div, neg, sin, cos, exp, log and pow.  The last row is the value of f.  A row for x1² would
    be ("v1", "pow", ["x1", 2]).
    """
    raise NotImplementedError


def p1_forward() -> dict[str, tuple[float, float]]:
    """Return node -> (v, v̇) for every node of your graph at (1, 1.5, 2), in the direction of x2."""
    raise NotImplementedError


def p1_reverse() -> dict[str, tuple[float, float]]:
    """Return node -> (v, v̄) for every node of your graph at (1, 1.5, 2)."""
    raise NotImplementedError


# P2: f(W1, W2, W3) = ½ ‖Y - W3 relu(W2 relu(W1 X))‖²_F


def p2_forward(
    X: np.ndarray, Y: np.ndarray, W1: np.ndarray, W2: np.ndarray, W3: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the values of V1 = W1 X, V2 = relu(V1), V3, V4, V5, D = Y - V5 and z, by name."""
    raise NotImplementedError


def p2_backward(
    X: np.ndarray, Y: np.ndarray, W1: np.ndarray, W2: np.ndarray, W3: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the gradient of f with respect to z, D, V5, W3, V4, V3, W2, V2, V1 and W1, by name."""
    raise NotImplementedError


def p2_torch(
    X: np.ndarray, Y: np.ndarray, W1: np.ndarray, W2: np.ndarray, W3: np.ndarray
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the gradients with respect to W1, W2 and W3, computed by torch's autograd."""
    raise NotImplementedError


# P3: neither torch.optim nor scikit-learn may be used


def p3_network(inputs: int, classes: int) -> torch.nn.Module:
    """Return a network with three weight layers that takes a tensor of shape (n, inputs)."""
    raise NotImplementedError


def p3_loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the training loss of the network's output for labels of shape (n,), one number."""
    raise NotImplementedError


class Adagrad:
    """The Adagrad algorithm."""

    def __init__(self, params: Iterable[torch.Tensor], lr: float = 0.01, eps: float = 1e-10):
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        raise NotImplementedError

    def step(self) -> None:
        """Change all parameters by one step."""
        raise NotImplementedError


class RMSprop:
    """The RMSprop algorithm."""

    def __init__(
        self,
        params: Iterable[torch.Tensor],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
    ):
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        raise NotImplementedError

    def step(self) -> None:
        """Change all parameters by one step."""
        raise NotImplementedError


class Adam:
    """The Adam algorithm in its original form, with the correction of the initial bias."""

    def __init__(
        self,
        params: Iterable[torch.Tensor],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ):
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        raise NotImplementedError

    def step(self) -> None:
        """Change all parameters by one step."""
        raise NotImplementedError


def p3_train(
    optimizer: str, X: np.ndarray, y: np.ndarray, X_test: np.ndarray, seed: int
) -> tuple[list[float], np.ndarray]:
    """Return the loss after each epoch, and the labels predicted for X_test.

    `optimizer` is "adagrad", "rmsprop" or "adam"; X has shape (n, pixels) with values from 0 to 1,
    and y has n whole numbers.  Use `seed` for everything that is random.
    """
    raise NotImplementedError
