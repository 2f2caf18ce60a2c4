"""Q2 of 003: a gated network with a softmax, forwards as a graph and backwards by hand.

    z1 = W1 x + b1,  h = relu z1,  z2 = W2 x + b2,  g1 = sigmoid z2,  g2 = h ⊙ g1,
    y = W3 g2 + b3,  y' = softmax y,  S = log y'_t,  J = -S

The document writes W⁽²⁾ for the output weights too; the shapes only fit with a third matrix,
which is W3 here.  With a bar for the derivative of J:

    J̄ = 1,  S̄ = -J̄,  ȳ' = S̄ e_t / y'_t,  ȳ = y' ⊙ ȳ' - y' (y'ᵀ ȳ'),  ḡ2 = W3ᵀ ȳ,
    h̄ = ḡ2 ⊙ g1,  ḡ1 = ḡ2 ⊙ h,  z̄2 = g1 ⊙ (1 - g1) ⊙ ḡ1,  z̄1 = relu'(z1) ⊙ h̄,
    x̄ = W1ᵀ z̄1 + W2ᵀ z̄2

x has two users.  At the kink of relu, where an entry of z1 is zero, everything between the
one-sided derivatives 0 and 1 is a right choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

Known = Mapping[str, Any]
ADJOINTS = ("J", "S", "yp", "y", "g2", "h", "g1", "z2", "z1", "x")


def network(
    x: torch.Tensor,
    t: torch.Tensor,
    W1: torch.Tensor,
    b1: torch.Tensor,
    W2: torch.Tensor,
    b2: torch.Tensor,
    W3: torch.Tensor,
    b3: torch.Tensor,
) -> dict[str, torch.Tensor]:
    """Return every quantity of the forward pass, in torch."""
    z1 = W1 @ x + b1
    h = torch.relu(z1)
    z2 = W2 @ x + b2
    g1 = torch.sigmoid(z2)
    g2 = h * g1
    y = W3 @ g2 + b3
    yp = torch.softmax(y, dim=0)
    S = torch.log(yp[t])
    return {"z1": z1, "h": h, "z2": z2, "g1": g1, "g2": g2, "y": y, "yp": yp, "S": S, "J": -S}


def q2_graph() -> list[tuple[str, str, list[str]]]:
    """Return the graph as rows (node, op, inputs)."""
    return [
        ("z1", "affine", ["W1", "x", "b1"]),
        ("h", "relu", ["z1"]),
        ("z2", "affine", ["W2", "x", "b2"]),
        ("g1", "sigmoid", ["z2"]),
        ("g2", "mul", ["h", "g1"]),
        ("y", "affine", ["W3", "g2", "b3"]),
        ("yp", "softmax", ["y"]),
        ("S", "log_at", ["yp", "t"]),
        ("J", "neg", ["S"]),
    ]


def adjoint_step(name: str, known: Known, x: Any, t: int, W1: Any, b1: Any, *others: Any) -> Any:
    """Return the adjoint of a quantity from those of its users.

    That of z1 is a pair, of what relu's left and right derivatives make of it.
    """
    W2, _, W3, _ = others
    v = _forward(x, W1, b1, *others)
    steps: dict[str, Callable[[], Any]] = {
        "J": lambda: 1.0,
        "S": lambda: -known["J"],
        "yp": lambda: known["S"] * _one_hot(t, v["yp"]) / v["yp"][t],
        "y": lambda: v["yp"] * (known["yp"] - v["yp"] @ known["yp"]),
        "g2": lambda: W3.T @ known["y"],
        "h": lambda: known["g2"] * v["g1"],
        "g1": lambda: known["g2"] * v["h"],
        "z2": lambda: known["g1"] * v["g1"] * (1 - v["g1"]),
        "z1": lambda: (known["h"] * (v["z1"] > 0), known["h"] * (v["z1"] >= 0)),
        "x": lambda: W1.T @ known["z1"] + W2.T @ known["z2"],
    }
    return steps[name]()


def q2_backward(x: Any, t: int, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any) -> Any:
    """Return the adjoint of every quantity under its name; relu'(0) is 0."""
    known: dict[str, Any] = {}
    for name in ADJOINTS:
        step = adjoint_step(name, known, x, t, W1, b1, W2, b2, W3, b3)
        known[name] = step[0] if isinstance(step, tuple) else step
    return known


def _forward(x: Any, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any) -> dict[str, Any]:
    z1, z2 = W1 @ x + b1, W2 @ x + b2
    h, g1 = np.maximum(z1, 0), 1 / (1 + np.exp(-z2))
    y = W3 @ (h * g1) + b3
    e = np.exp(y - np.max(y))
    return {"z1": z1, "h": h, "z2": z2, "g1": g1, "y": y, "yp": e / e.sum()}


def _one_hot(t: int, like: np.ndarray) -> np.ndarray:
    return np.asarray(np.arange(len(like)) == t, dtype=float)


# Known wrong adjoints: from those of the users, and the inputs.


def s_without_minus(known: Known, *_: Any) -> float:
    """Return the adjoint of J."""
    return float(known["J"])


def yp_everywhere(known: Known, x: Any, _t: int, *parameters: Any) -> Any:
    """Return S̄ / y' in every entry, not in entry t alone."""
    return known["S"] / _forward(x, *parameters)["yp"]


def yp_without_quotient(known: Known, x: Any, t: int, *parameters: Any) -> Any:
    """Return S̄ e_t: the derivative of the logarithm was left out."""
    return known["S"] * _one_hot(t, _forward(x, *parameters)["yp"])


def y_without_outer_product(known: Known, x: Any, _t: int, *parameters: Any) -> Any:
    """Return diag(y') ȳ'."""
    return _forward(x, *parameters)["yp"] * known["yp"]


def y_like_sigmoid(known: Known, x: Any, _t: int, *parameters: Any) -> Any:
    """Return y' (1 - y') ȳ': the diagonal of the Jacobian only."""
    yp = _forward(x, *parameters)["yp"]
    return yp * (1 - yp) * known["yp"]


def y_sign_flipped(known: Known, x: Any, _t: int, *parameters: Any) -> Any:
    """Return (y' y'ᵀ - diag y') ȳ'."""
    yp = _forward(x, *parameters)["yp"]
    return -yp * (known["yp"] - yp @ known["yp"])


def h_of_h(known: Known, x: Any, _t: int, *parameters: Any) -> Any:
    """Return ḡ2 ⊙ h, which is the adjoint of g1."""
    return known["g2"] * _forward(x, *parameters)["h"]


def g1_of_g1(known: Known, x: Any, _t: int, *parameters: Any) -> Any:
    """Return ḡ2 ⊙ g1, which is the adjoint of h."""
    return known["g2"] * _forward(x, *parameters)["g1"]


def z2_without_derivative(known: Known, *_: Any) -> Any:
    """Return ḡ1."""
    return known["g1"]


def z2_times_sigmoid(known: Known, x: Any, _t: int, *parameters: Any) -> Any:
    """Return ḡ1 ⊙ g1: the sigmoid itself in place of its derivative."""
    return known["g1"] * _forward(x, *parameters)["g1"]


def z2_of_g1(known: Known, x: Any, _t: int, *parameters: Any) -> Any:
    """Return sigmoid'(g1) ⊙ ḡ1: the derivative at g1 in place of that at z2."""
    again = 1 / (1 + np.exp(-_forward(x, *parameters)["g1"]))
    return known["g1"] * again * (1 - again)


def z1_without_mask(known: Known, *_: Any) -> Any:
    """Return h̄: the derivative of relu was left out."""
    return known["h"]


def z1_times_relu(known: Known, x: Any, _t: int, *parameters: Any) -> Any:
    """Return h̄ ⊙ h: relu itself in place of its derivative."""
    return known["h"] * _forward(x, *parameters)["h"]


def x_through_z1_only(known: Known, _x: Any, _t: int, W1: Any, *_: Any) -> Any:
    """Return W1ᵀ z̄1."""
    return W1.T @ known["z1"]


def x_through_z2_only(known: Known, _x: Any, _t: int, _W1: Any, _b1: Any, W2: Any, *_: Any) -> Any:
    """Return W2ᵀ z̄2."""
    return W2.T @ known["z2"]
