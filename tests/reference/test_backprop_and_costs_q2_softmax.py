"""The reference of backprop-and-costs, softmax: by hand against torch.func and against SymPy."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import sympy  # type: ignore[import-untyped]
import torch

from grader.spec.reference import Reference

COURSE = Path(__file__).resolve().parents[2]
RNG = np.random.default_rng(3)
SCORES = [
    *(RNG.normal(size=n) for n in (1, 2, 3, 5)),
    np.array([1000.0, 999.0, -1000.0]),
    np.full(4, -1000.0),
]


@pytest.fixture(scope="module")
def softmax() -> ModuleType:
    return Reference(COURSE / "reference", "backprop_and_costs", "q2_softmax").loaded


@pytest.mark.parametrize("y", SCORES)
def test_jacobian_and_product_by_hand_agree_with_torch(softmax: ModuleType, y: np.ndarray) -> None:
    g = np.random.default_rng(5).normal(size=y.shape)
    automatic = torch.func.jacrev(softmax.softmax)(torch.tensor(y)).numpy()
    np.testing.assert_allclose(softmax.q2_softmax_jacobian(y), automatic, atol=1e-15)
    np.testing.assert_allclose(softmax.q2_softmax_vjp(y, g), automatic.T @ g, atol=1e-14)


def test_the_jacobian_by_hand_agrees_with_sympy(softmax: ModuleType) -> None:
    y = sympy.symbols("y1:4", real=True)
    total = sum(sympy.exp(item) for item in y)
    symbolic = sympy.Matrix([sympy.exp(item) / total for item in y]).jacobian(y)
    at = np.array([0.3, -1.2, 2.0])
    expected = np.array(sympy.lambdify(y, symbolic)(*at))
    np.testing.assert_allclose(softmax.q2_softmax_jacobian(at), expected, rtol=1e-12)


def test_a_gradient_of_ones_has_the_product_zero(softmax: ModuleType) -> None:
    for y in SCORES:
        np.testing.assert_allclose(softmax.q2_softmax_vjp(y, np.ones(len(y))), 0, atol=1e-15)


def test_the_wrong_products_belong_to_the_wrong_jacobians(softmax: ModuleType) -> None:
    y, g = SCORES[3], np.random.default_rng(7).normal(size=5)
    np.testing.assert_allclose(softmax.jacobian_diagonal(y) @ g, softmax.vjp_diagonal(y, g))
    np.testing.assert_allclose(
        softmax.jacobian_without_outer(y) @ g, softmax.vjp_without_outer(y, g)
    )


def test_scores_are_small_and_large_and_never_beyond_a_thousand(softmax: ModuleType) -> None:
    rng = np.random.default_rng(0)
    drawn = [softmax.scores(rng, {"n": 4})["y"] for _ in range(60)]
    largest = np.array([np.abs(y).max() for y in drawn])
    assert largest.max() == 1000
    assert (largest > 990).sum() >= 10
    assert (largest < 5).sum() >= 30
