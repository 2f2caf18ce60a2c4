"""The reference of tensor-autograd: backwards by hand against torch, and what 004 has instead."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sympy  # type: ignore[import-untyped]
import torch
import yaml

from grader.spec.reference import Reference

COURSE = Path(__file__).resolve().parents[2]
ASSIGNMENT = COURSE / "assignments" / "tensor-autograd"


def module(name: str) -> ModuleType:
    return Reference(COURSE / "reference", "tensor_autograd", name).loaded


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def automatic(function: Any, *values: np.ndarray, grad: np.ndarray) -> list[np.ndarray]:
    tensors = [torch.tensor(value, requires_grad=True) for value in values]
    found = torch.autograd.grad(function(*tensors), tensors, torch.tensor(grad))
    return [gradient.numpy() for gradient in found]


def test_the_backward_of_a_division_agrees_with_torch() -> None:
    q1 = module("q1_divide")
    X, Y, grad = rng().normal(size=(3, 4, 5))
    expected = automatic(q1.divide, X, Y, grad=grad)
    for mine, theirs in zip(q1.q1_backward(X, Y, grad), expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)


def test_what_004_derives_for_the_division_is_right_for_a_gradient_of_ones_only() -> None:
    q1 = module("q1_divide")
    X, Y, grad = rng().normal(size=(3, 4, 5))
    ones = np.ones((4, 5))
    np.testing.assert_allclose(q1.local_derivatives(X, Y, grad), q1.q1_backward(X, Y, ones))
    assert not np.allclose(q1.local_derivatives(X, Y, grad), q1.q1_backward(X, Y, grad))


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "exp", "sin", "square"])
def test_the_backward_of_an_elementwise_function_agrees_with_torch_and_sympy(name: str) -> None:
    q2 = module("q2_elementwise")
    X, grad = rng().normal(size=(2, 3, 2, 2))
    (expected,) = automatic(lambda x: q2.elementwise(name, x), X, grad=grad)
    np.testing.assert_allclose(q2.q2_backward(name, X, grad), expected, rtol=1e-10)
    x = sympy.symbols("x", real=True)
    formulas = {
        "sigmoid": 1 / (1 + sympy.exp(-x)),
        "tanh": sympy.tanh(x),
        "exp": sympy.exp(x),
        "sin": sympy.sin(x),
        "square": x**2,
    }
    slope = sympy.lambdify(x, sympy.diff(formulas[name], x))
    np.testing.assert_allclose(q2.DERIVATIVES[name](X), slope(X), rtol=1e-10)
    np.testing.assert_allclose(
        q2.VALUES[name](X), q2.elementwise(name, torch.tensor(X)).numpy(), rtol=1e-12
    )


@pytest.mark.parametrize(("n", "f", "m"), [(1, 1, 1), (2, 2, 2), (4, 3, 2), (1, 5, 3)])
def test_the_backward_of_a_linear_layer_agrees_with_torch(n: int, f: int, m: int) -> None:
    q3 = module("q3_linear")
    draws = rng()
    X, W, grad = draws.normal(size=(n, f)), draws.normal(size=(f, m)), draws.normal(size=(n, m))
    np.testing.assert_allclose(q3.q3_forward(X, W), q3.linear(torch.tensor(X), torch.tensor(W)))
    expected = automatic(q3.linear, X, W, grad=grad)
    for mine, theirs in zip(q3.q3_backward(X, W, grad), expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)


def test_the_product_of_004_exists_for_square_batches_only_and_is_another_one() -> None:
    q3 = module("q3_linear")
    draws = rng()
    square = draws.normal(size=(3, 3)), draws.normal(size=(3, 3))
    assert not np.allclose(q3.forward_transposed_weights(*square), q3.q3_forward(*square))
    with pytest.raises(ValueError, match="matmul"):
        q3.forward_transposed_weights(draws.normal(size=(2, 3)), draws.normal(size=(3, 4)))


def test_the_backward_of_sixteen_copies_agrees_with_torch() -> None:
    q4 = module("q4_expand")
    x, grad = rng().normal(size=5), rng().normal(size=(5, 16))
    (expected,) = automatic(q4.expand, x, grad=grad)
    np.testing.assert_allclose(q4.q4_backward(grad), expected, rtol=1e-12)
    np.testing.assert_array_equal(q4.q4_forward(x), q4.expand(torch.tensor(x)).numpy())
    # 004 writes it as a product with a vector of ones.
    np.testing.assert_allclose(q4.q4_backward(grad), grad @ np.ones(16), rtol=1e-12)


def test_the_backward_of_normalised_rows_agrees_with_torch_and_sympy() -> None:
    q8 = module("q8_normalize")
    x = q8.rows_with_sums(rng(), {"n": 4, "f": 3})["x"]
    grad = rng().normal(size=x.shape)
    (expected,) = automatic(q8.normalize, x, grad=grad)
    np.testing.assert_allclose(q8.q8_backward(x, grad), expected, rtol=1e-10)
    np.testing.assert_allclose(q8.q8_forward(x), q8.normalize(torch.tensor(x)))
    row = sympy.symbols("x1:4", real=True)
    jacobian = sympy.Matrix([item / sum(row) for item in row]).jacobian(row)
    at = np.array(sympy.lambdify(row, jacobian)(*x[0]))
    np.testing.assert_allclose(q8.q8_backward(x, grad)[0], at.T @ grad[0], rtol=1e-10)
    np.testing.assert_allclose(q8.backward_not_transposed(x, grad)[0], at @ grad[0], rtol=1e-10)


def test_what_004_derives_is_right_for_rows_of_one_entry_only() -> None:
    q8 = module("q8_normalize")
    single = q8.rows_with_sums(rng(), {"n": 5, "f": 1})["x"]
    grad = rng().normal(size=single.shape)
    np.testing.assert_allclose(
        q8.backward_without_row_sum(single, grad), q8.q8_backward(single, grad), atol=1e-15
    )
    rows = q8.rows_with_sums(rng(), {"n": 5, "f": 3})["x"]
    grad = rng().normal(size=rows.shape)
    assert not np.allclose(q8.backward_without_row_sum(rows, grad), q8.q8_backward(rows, grad))


def test_the_rows_have_both_signs_and_sums_away_from_zero() -> None:
    q8 = module("q8_normalize")
    draws = rng()
    for _ in range(50):
        x = q8.rows_with_sums(draws, {"n": 4, "f": 3})["x"]
        assert (np.abs(x.sum(axis=1)) >= 0.5).all()
    assert (x > 0).any()
    assert (x < 0).any()


def test_the_operation_relu_agrees_with_torch_away_from_the_kink() -> None:
    q9 = module("q9_relu")
    draws = rng()
    for _ in range(20):
        x = q9.numbers(draws, {})["x"]
        grad = draws.normal(size=x.shape)
        context: dict[str, Any] = {}
        np.testing.assert_array_equal(q9.ReLU.forward(context, x), np.maximum(x, 0))
        (expected,) = automatic(q9.relu, x, grad=grad)
        found = q9.ReLU.backward(context, grad)
        np.testing.assert_array_equal(found[x != 0], expected[x != 0])


@pytest.mark.parametrize(
    ("value", "product", "function"),
    [
        ("relu6", "relu6_backward", torch.nn.functional.relu6),
        ("leaky", "leaky_backward", torch.nn.functional.leaky_relu),
        ("sigmoid", "sigmoid_backward", torch.sigmoid),
        ("absolute", "absolute_backward", torch.abs),
    ],
)
def test_the_other_functions_taken_for_relu_have_their_own_right_gradients(
    value: str, product: str, function: Any
) -> None:
    q9 = module("q9_relu")
    x, grad = np.array([-7.0, -0.5, 0.5, 3.0, 8.0]), rng().normal(size=5)
    np.testing.assert_allclose(getattr(q9, value)(x), function(torch.tensor(x)).numpy())
    (expected,) = automatic(function, x, grad=grad)
    np.testing.assert_allclose(getattr(q9, product)(x, grad), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "problem", ["q1-divide", "q2-elementwise", "q3-linear", "q4-expand", "q8-normalize", "q9-relu"]
)
def test_no_two_declared_mistakes_have_one_name_or_one_function(problem: str) -> None:
    spec = yaml.safe_load((ASSIGNMENT / f"{problem}.yaml").read_text(encoding="utf-8"))
    for part in spec["parts"]:
        mistakes = part.get("mistakes", [])
        assert len({item["name"] for item in mistakes}) == len(mistakes)
        assert len({item["function"] for item in mistakes}) == len(mistakes)
