"""P2 of sheet 001: a network of three layers, with every quantity of both passes as a matrix.

    V1 = W1 X,  V2 = relu V1,  V3 = W2 V2,  V4 = relu V3,  V5 = W3 V4,  D = Y - V5,  z = |D|²/2

With columns for samples, and G for the gradient of z: G(z) = 1, G(D) = D, G(V5) = -G(D), and for
each product V' = W V both G(W) = G(V') Vᵀ and G(V) = Wᵀ G(V').  A relu passes on where its input
is positive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

Known = Mapping[str, Any]
VALUES = ("V1", "V2", "V3", "V4", "V5", "D", "z")
GRADIENTS = ("z", "D", "V5", "W3", "V4", "V3", "W2", "V2", "V1", "W1")


def network(
    X: torch.Tensor, Y: torch.Tensor, W1: torch.Tensor, W2: torch.Tensor, W3: torch.Tensor
) -> dict[str, torch.Tensor]:
    """Return every quantity of the forward pass, in torch."""
    V1 = W1 @ X
    V2 = torch.relu(V1)
    V3 = W2 @ V2
    V4 = torch.relu(V3)
    V5 = W3 @ V4
    D = Y - V5
    return {"V1": V1, "V2": V2, "V3": V3, "V4": V4, "V5": V5, "D": D, "z": (D**2).sum() / 2}


def objective(
    X: torch.Tensor, Y: torch.Tensor, W1: torch.Tensor, W2: torch.Tensor, W3: torch.Tensor
) -> torch.Tensor:
    """Return z, the objective, in torch."""
    return network(X, Y, W1, W2, W3)["z"]


def value_step(
    name: str, known: Known, X: Any, Y: Any, W1: np.ndarray, W2: np.ndarray, W3: np.ndarray
) -> Any:
    """Return a quantity of the forward pass from the earlier ones."""
    steps: dict[str, Callable[[], Any]] = {
        "V1": lambda: W1 @ X,
        "V2": lambda: _relu(known["V1"]),
        "V3": lambda: W2 @ known["V2"],
        "V4": lambda: _relu(known["V3"]),
        "V5": lambda: W3 @ known["V4"],
        "D": lambda: Y - known["V5"],
        "z": lambda: np.sum(known["D"] ** 2) / 2,
    }
    return steps[name]()


def gradient_step(
    name: str, known: Known, X: Any, Y: Any, W1: np.ndarray, W2: np.ndarray, W3: np.ndarray
) -> Any:
    """Return the gradient by a quantity from those by the quantities that use it."""
    v = p2_forward(X, Y, W1, W2, W3)
    steps: dict[str, Callable[[], Any]] = {
        "z": lambda: 1.0,
        "D": lambda: known["z"] * v["D"],
        "V5": lambda: -known["D"],
        "W3": lambda: known["V5"] @ v["V4"].T,
        "V4": lambda: W3.T @ known["V5"],
        "V3": lambda: known["V4"] * (v["V3"] > 0),
        "W2": lambda: known["V3"] @ v["V2"].T,
        "V2": lambda: W2.T @ known["V3"],
        "V1": lambda: known["V2"] * (v["V1"] > 0),
        "W1": lambda: known["V1"] @ X.T,
        "X": lambda: W1.T @ known["V1"],
    }
    return steps[name]()


def p2_forward(X: Any, Y: Any, W1: np.ndarray, W2: np.ndarray, W3: np.ndarray) -> dict[str, Any]:
    """Return every quantity of the forward pass."""
    known: dict[str, Any] = {}
    for name in VALUES:
        known[name] = value_step(name, known, X, Y, W1, W2, W3)
    return known


def p2_backward(X: Any, Y: Any, W1: np.ndarray, W2: np.ndarray, W3: np.ndarray) -> dict[str, Any]:
    """Return the gradient of z by every quantity, by X as well."""
    known: dict[str, Any] = {}
    for name in (*GRADIENTS, "X"):
        known[name] = gradient_step(name, known, X, Y, W1, W2, W3)
    return known


def _relu(value: np.ndarray) -> np.ndarray:
    return np.maximum(value, 0)


# Known wrong quantities of the forward pass.


def relu_forgotten_v2(known: Known, *_: Any) -> np.ndarray:
    """Return V1: the first relu was left out."""
    return np.asarray(known["V1"])


def relu_forgotten_v4(known: Known, *_: Any) -> np.ndarray:
    """Return V3: the second relu was left out."""
    return np.asarray(known["V3"])


def difference_reversed(known: Known, _X: Any, Y: np.ndarray, *_: Any) -> np.ndarray:
    """Return V5 - Y."""
    return np.asarray(known["V5"] - Y)


def loss_without_half(known: Known, *_: Any) -> float:
    """Return |D|²."""
    return float(np.sum(known["D"] ** 2))


def loss_without_square(known: Known, *_: Any) -> float:
    """Return |D|/2."""
    return float(np.sqrt(np.sum(known["D"] ** 2)) / 2)


def loss_as_mean(known: Known, *_: Any) -> float:
    """Return |D|²/2 divided by the number of samples."""
    return float(np.sum(known["D"] ** 2) / 2 / known["D"].shape[1])


# Known wrong gradients.


def seed_is_value(known: Known, X: Any, Y: Any, W1: Any, W2: Any, W3: Any) -> float:
    """Return z in place of the gradient of z by itself."""
    del known
    return float(p2_forward(X, Y, W1, W2, W3)["z"])


def residual_doubled(known: Known, X: Any, Y: Any, W1: Any, W2: Any, W3: Any) -> np.ndarray:
    """Return 2 D: the half before the norm was not used."""
    return np.asarray(2 * known["z"] * p2_forward(X, Y, W1, W2, W3)["D"])


def residual_as_mean(known: Known, X: Any, Y: Any, W1: Any, W2: Any, W3: Any) -> np.ndarray:
    """Return D divided by the number of samples."""
    return np.asarray(known["z"] * p2_forward(X, Y, W1, W2, W3)["D"] / X.shape[1])


def sign_lost(known: Known, *_: Any) -> np.ndarray:
    """Return G(D): V5 is subtracted in D, which was overlooked."""
    return np.asarray(known["D"])


def w3_transposed(known: Known, X: Any, Y: Any, W1: Any, W2: Any, W3: Any) -> np.ndarray:
    """Return V4 G(V5)ᵀ."""
    return np.asarray(p2_forward(X, Y, W1, W2, W3)["V4"] @ known["V5"].T)


def w2_transposed(known: Known, X: Any, Y: Any, W1: Any, W2: Any, W3: Any) -> np.ndarray:
    """Return V2 G(V3)ᵀ."""
    return np.asarray(p2_forward(X, Y, W1, W2, W3)["V2"] @ known["V3"].T)


def w1_transposed(known: Known, X: Any, *_: Any) -> np.ndarray:
    """Return X G(V1)ᵀ."""
    return np.asarray(X @ known["V1"].T)


def w2_of_unclipped(known: Known, X: Any, Y: Any, W1: Any, W2: Any, W3: Any) -> np.ndarray:
    """Return G(V3) V1ᵀ: the input of the relu in place of its output."""
    return np.asarray(known["V3"] @ p2_forward(X, Y, W1, W2, W3)["V1"].T)


def w3_of_unclipped(known: Known, X: Any, Y: Any, W1: Any, W2: Any, W3: Any) -> np.ndarray:
    """Return G(V5) V3ᵀ: the input of the relu in place of its output."""
    return np.asarray(known["V5"] @ p2_forward(X, Y, W1, W2, W3)["V3"].T)


def v3_without_mask(known: Known, *_: Any) -> np.ndarray:
    """Return G(V4): the derivative of the relu was left out."""
    return np.asarray(known["V4"])


def v1_without_mask(known: Known, *_: Any) -> np.ndarray:
    """Return G(V2): the derivative of the relu was left out."""
    return np.asarray(known["V2"])


def v3_relu_of_gradient(known: Known, *_: Any) -> np.ndarray:
    """Return relu(G(V4))."""
    return _relu(np.asarray(known["V4"]))


def v1_relu_of_gradient(known: Known, *_: Any) -> np.ndarray:
    """Return relu(G(V2))."""
    return _relu(np.asarray(known["V2"]))


def v3_times_relu(known: Known, X: Any, Y: Any, W1: Any, W2: Any, W3: Any) -> np.ndarray:
    """Return G(V4) ⊙ relu(V3): the relu itself in place of its derivative."""
    return np.asarray(known["V4"] * p2_forward(X, Y, W1, W2, W3)["V4"])


def v1_times_relu(known: Known, X: Any, Y: Any, W1: Any, W2: Any, W3: Any) -> np.ndarray:
    """Return G(V2) ⊙ relu(V1): the relu itself in place of its derivative."""
    return np.asarray(known["V2"] * p2_forward(X, Y, W1, W2, W3)["V2"])
