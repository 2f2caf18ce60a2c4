"""P2 of sheet 000: forward and reverse mode along one evaluation trace.

    f(w1, w2) = [sin(2π w1/w2) + 3 w1/w2 - exp(2 w2)] [3 w1/w2 - exp(2 w2)]

    z1 = w1/w2,  z2 = sin(2π z1),  z3 = exp(2 w2),  z4 = 3 z1 - z3,  z5 = z2 + z4,  z6 = z4 z5

Forward mode goes along with the values and applies the chain rule to each step; the tangent of
z3 is zero, since w1 does not occur in it.  Reverse mode starts with dz6/dz6 = 1 and gives each node
the sum over its users: z4 is used by z5 and z6, z1 by z2 and z4, w2 by z1 and z3.

The worked solution has two slips of the pen.  Its step 7 of forward mode writes 3 z1 z3, without
the minus; and its reverse step for w1 has ∂z2/∂w1 where ∂z1/∂w1 belongs (the factor 1/w2 beside it
is right).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

Known = Mapping[str, float]
NAMES = ("z1", "z2", "z3", "z4", "z5", "z6")


def trace(w1: torch.Tensor, w2: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return every step of the evaluation, in torch."""
    z1 = w1 / w2
    z2 = torch.sin(2 * torch.pi * z1)
    z3 = torch.exp(2 * w2)
    z4 = 3 * z1 - z3
    z5 = z2 + z4
    return {"z1": z1, "z2": z2, "z3": z3, "z4": z4, "z5": z5, "z6": z4 * z5}


def value_step(name: str, z: Known, w1: float, w2: float) -> float:
    """Return the value of a step from the values of earlier ones."""
    match name:
        case "z1":
            return w1 / w2
        case "z2":
            return float(np.sin(2 * np.pi * z["z1"]))
        case "z3":
            return float(np.exp(2 * w2))
        case "z4":
            return 3 * z["z1"] - z["z3"]
        case "z5":
            return z["z2"] + z["z4"]
        case _:
            return z["z4"] * z["z5"]


def forward_step(name: str, known: Known, w1: float, w2: float) -> float:
    """Return a value z_t, or a tangent dz_t = dz_t/dw1, from the earlier ones."""
    match name:
        case "dz1":
            return 1 / w2
        case "dz2":
            return 2 * np.pi * float(np.cos(2 * np.pi * known["z1"])) * known["dz1"]
        case "dz3":
            return 0.0
        case "dz4":
            return 3 * known["dz1"] - known["dz3"]
        case "dz5":
            return known["dz2"] + known["dz4"]
        case "dz6":
            return known["z5"] * known["dz4"] + known["z4"] * known["dz5"]
        case _:
            return value_step(name, known, w1, w2)


def reverse_step(name: str, known: Known, w1: float, w2: float) -> float:
    """Return dz6/d(name) from those of the nodes that use it."""
    z = _values(w1, w2)
    match name:
        case "z6":
            return 1.0
        case "z5":
            return known["z6"] * z["z4"]
        case "z4":
            return known["z5"] + known["z6"] * z["z5"]
        case "z3":
            return -known["z4"]
        case "z2":
            return known["z5"]
        case "z1":
            return _through_sine(known, z) + 3 * known["z4"]
        case "w1":
            return known["z1"] / w2
        case _:
            return -known["z1"] * w1 / w2**2 + 2 * z["z3"] * known["z3"]


def p2_forward(w1: float, w2: float) -> np.ndarray:
    """Return (z_t, dz_t/dw1) for t = 1 … 6, shape (6, 2)."""
    known: dict[str, float] = {}
    for name in NAMES:
        for step in (name, f"d{name}"):
            known[step] = forward_step(step, known, w1, w2)
    return np.array([[known[name], known[f"d{name}"]] for name in NAMES])


def p2_reverse(w1: float, w2: float) -> dict[str, float]:
    """Return dz6/dz_t for every t, and the gradient of f under w1 and w2."""
    known: dict[str, float] = {}
    for name in (*reversed(NAMES), "w1", "w2"):
        known[name] = reverse_step(name, known, w1, w2)
    return known


def _values(w1: float, w2: float) -> dict[str, float]:
    z: dict[str, float] = {}
    for name in NAMES:
        z[name] = value_step(name, z, w1, w2)
    return z


def _through_sine(known: Known, z: Known) -> float:
    return 2 * np.pi * float(np.cos(2 * np.pi * z["z1"])) * known["z2"]


# Known wrong steps of forward mode: from the earlier values and tangents, and the inputs.


def z2_without_two_pi(known: Known, *_: Any) -> float:
    """Return sin z1."""
    return float(np.sin(known["z1"]))


def z4_without_minus(known: Known, *_: Any) -> float:
    """Return 3 z1 z3: the slip of the worked solution."""
    return 3 * known["z1"] * known["z3"]


def z4_with_plus(known: Known, *_: Any) -> float:
    """Return 3 z1 + z3."""
    return 3 * known["z1"] + known["z3"]


def dz1_without_quotient(_: Known, *__: Any) -> float:
    """Return 1: the denominator w2 was lost."""
    return 1.0


def dz1_by_w2(_: Known, w1: float, w2: float) -> float:
    """Return ∂z1/∂w2."""
    return -w1 / w2**2


def dz2_without_inner_factor(known: Known, *_: Any) -> float:
    """Return cos(2π z1) dz1: the factor 2π was lost."""
    return float(np.cos(2 * np.pi * known["z1"])) * known["dz1"]


def dz2_without_tangent(known: Known, *_: Any) -> float:
    """Return 2π cos(2π z1): the partial derivative, without the tangent of z1."""
    return 2 * np.pi * float(np.cos(2 * np.pi * known["z1"]))


def dz3_by_w2(_: Known, w1: float, w2: float) -> float:
    """Return dz3/dw2."""
    del w1
    return float(2 * np.exp(2 * w2))


def dz3_undifferentiated(_: Known, w1: float, w2: float) -> float:
    """Return z3 itself."""
    del w1
    return float(np.exp(2 * w2))


def dz4_without_three(known: Known, *_: Any) -> float:
    """Return dz1 - dz3."""
    return known["dz1"] - known["dz3"]


def dz6_product_of_tangents(known: Known, *_: Any) -> float:
    """Return dz4 dz5."""
    return known["dz4"] * known["dz5"]


def dz6_factors_swapped(known: Known, *_: Any) -> float:
    """Return z4 dz4 + z5 dz5."""
    return known["z4"] * known["dz4"] + known["z5"] * known["dz5"]


def dz6_one_term(known: Known, *_: Any) -> float:
    """Return z5 dz4: z5 was held constant."""
    return known["z5"] * known["dz4"]


# Known wrong steps of reverse mode: from the adjoints of the users, and the inputs.


def a5_is_z5(known: Known, w1: float, w2: float) -> float:
    """Return z5 times the adjoint of z6: the other factor of the product."""
    return known["z6"] * _values(w1, w2)["z5"]


def a4_through_z6_only(known: Known, w1: float, w2: float) -> float:
    """Return the contribution of z6 to the adjoint of z4."""
    return known["z6"] * _values(w1, w2)["z5"]


def a4_through_z5_only(known: Known, *_: Any) -> float:
    """Return the contribution of z5 to the adjoint of z4."""
    return known["z5"]


def a3_without_minus(known: Known, *_: Any) -> float:
    """Return the adjoint of z4."""
    return known["z4"]


def a1_through_z2_only(known: Known, w1: float, w2: float) -> float:
    """Return the contribution of z2 to the adjoint of z1."""
    return _through_sine(known, _values(w1, w2))


def a1_through_z4_only(known: Known, *_: Any) -> float:
    """Return the contribution of z4 to the adjoint of z1."""
    return 3 * known["z4"]


def a1_without_two_pi(known: Known, w1: float, w2: float) -> float:
    """Return the adjoint of z1 without the inner derivative 2π."""
    return _through_sine(known, _values(w1, w2)) / (2 * np.pi) + 3 * known["z4"]


def w1_without_quotient(known: Known, *_: Any) -> float:
    """Return the adjoint of z1."""
    return known["z1"]


def w2_through_z1_only(known: Known, w1: float, w2: float) -> float:
    """Return the contribution of z1 to the derivative by w2."""
    return -known["z1"] * w1 / w2**2


def w2_through_z3_only(known: Known, w1: float, w2: float) -> float:
    """Return the contribution of z3 to the derivative by w2."""
    return 2 * _values(w1, w2)["z3"] * known["z3"]


def w2_without_inner_factor(known: Known, w1: float, w2: float) -> float:
    """Return the derivative by w2 without the inner derivative 2 of exp(2 w2)."""
    return -known["z1"] * w1 / w2**2 + _values(w1, w2)["z3"] * known["z3"]


def w2_wrong_sign(known: Known, w1: float, w2: float) -> float:
    """Return the derivative by w2 with ∂z1/∂w2 = +w1/w2^2."""
    return known["z1"] * w1 / w2**2 + 2 * _values(w1, w2)["z3"] * known["z3"]
