"""P5 of autodiff-basics: the gradients by hand against torch.func and against SymPy."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import sympy  # type: ignore[import-untyped]
import torch

from grader.spec.reference import Reference

COURSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def p5() -> ModuleType:
    return Reference(COURSE / "reference", "autodiff_basics", "p5_multiclass_logistic").loaded


def drawn(seed: int, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    k, d, n = rng.integers(1, 5), rng.integers(1, 6), rng.integers(1, 9)
    return (
        scale * rng.normal(size=(k, d)),
        rng.normal(size=(n, d)),
        rng.integers(0, k, size=n, endpoint=True),
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_the_gradient_by_hand_agrees_with_torch(p5: ModuleType, seed: int, scale: float) -> None:
    W, X, y = drawn(seed, scale)
    tensors = torch.tensor(W), torch.tensor(X), torch.tensor(y)
    automatic = torch.func.grad(p5.log_likelihood)(*tensors).numpy()
    np.testing.assert_allclose(p5.p5_gradient(W, X, y), automatic, rtol=1e-11, atol=1e-11)
    lam = torch.tensor(0.7, dtype=torch.float64)
    automatic = torch.func.grad(p5.regularised_log_likelihood)(*tensors, lam).numpy()
    by_hand = p5.p5_regularised_gradient(W, X, y, 0.7)
    np.testing.assert_allclose(by_hand, automatic, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_the_value_by_hand_agrees_with_torch(p5: ModuleType, seed: int, scale: float) -> None:
    W, X, y = drawn(seed, scale)
    automatic = p5.log_likelihood(torch.tensor(W), torch.tensor(X), torch.tensor(y)).item()
    assert p5.p5_log_likelihood(W, X, y) == pytest.approx(automatic, rel=1e-12)


@pytest.mark.parametrize("label", [0, 1, 2])
def test_value_and_gradient_of_one_sample_agree_with_sympy(p5: ModuleType, label: int) -> None:
    weights = sympy.symbols("w:4", real=True)  # three classes, two of them with weights
    sample = (sympy.Rational(3, 2), sympy.Rational(-2, 3))
    scores = [weights[0] * sample[0] + weights[1] * sample[1]]
    scores += [weights[2] * sample[0] + weights[3] * sample[1], sympy.Integer(0)]
    value = sympy.log(sympy.exp(scores[label]) / sum(map(sympy.exp, scores)))
    at = dict(zip(weights, [sympy.Rational(1, 2), -1, sympy.Rational(1, 3), 2], strict=True))
    W = np.array([float(number) for number in at.values()]).reshape(2, 2)
    X, y = np.array([[1.5, -2 / 3]]), np.array([label])

    assert p5.p5_log_likelihood(W, X, y) == pytest.approx(float(value.subs(at)), rel=1e-13)
    gradient = [float(sympy.diff(value, weight).subs(at)) for weight in weights]
    np.testing.assert_allclose(p5.p5_gradient(W, X, y).ravel(), gradient, rtol=1e-12)


def test_the_probabilities_of_all_classes_add_up_to_one(p5: ModuleType) -> None:
    W, X, _ = drawn(3)
    each = [np.exp(p5.p5_log_likelihood(W, X[:1], np.array([k]))) for k in range(len(W) + 1)]
    assert sum(each) == pytest.approx(1)
