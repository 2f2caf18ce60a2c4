"""Derivatives of intermediate quantities, held against formulas by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.kinds.functions import intermediates

MATRIX = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]])
X = np.array([1.5, -2.0])
INPUTS = {"s": 0.7, "x": X, "t": 1}


def function(s: Any, x: Any, t: Any) -> dict[str, Any]:
    v = torch.tensor(MATRIX) @ (s**2 * x)
    return {"v": v, "w": torch.sin(v), "c": x * 2, "out": (v * torch.sin(v))[t]}


def test_values_are_those_of_the_function() -> None:
    found = intermediates.values(function, INPUTS)
    np.testing.assert_allclose(found["v"], 0.49 * MATRIX @ X)
    assert found["out"].shape == ()


def test_tangents_of_arrays_are_products_with_the_jacobian() -> None:
    v = 0.49 * MATRIX @ X
    dv = 1.4 * MATRIX @ X
    found = intermediates.tangents(function, INPUTS, "s")
    np.testing.assert_allclose(found["v"], dv)
    np.testing.assert_allclose(found["w"], np.cos(v) * dv)
    np.testing.assert_allclose(found["c"], [0, 0])  # s does not occur in it
    np.testing.assert_allclose(found["out"], (dv * (np.sin(v) + v * np.cos(v)))[1])


def test_adjoints_are_of_intermediate_quantities_and_of_inputs() -> None:
    v = 0.49 * MATRIX @ X
    found = intermediates.adjoints(function, INPUTS, "out")
    by_v = np.array([0, np.sin(v[1]) + v[1] * np.cos(v[1]), 0])
    np.testing.assert_allclose(found["v"], by_v)
    np.testing.assert_allclose(found["x"], 0.49 * MATRIX.T @ by_v)
    np.testing.assert_allclose(found["out"], 1)
    np.testing.assert_allclose(found["c"], [0, 0])  # the output does not use it
    assert "t" not in found  # a label has no derivative


def test_a_quantity_that_is_cut_off_from_the_inputs_has_no_tangent() -> None:
    with pytest.raises(ValueError, match="depends on the inputs, found a constant"):
        intermediates.tangents(lambda x: {"y": (x * x).detach()}, {"x": 2.0}, "x")
