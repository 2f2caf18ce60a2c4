"""Products with the Jacobian of torch functions, against the whole Jacobian."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.kinds.functions.automatic import derivative, forward_value, jvp, several, vjp

VALUES = {"a": np.array([0.3, -1.2, 2.0]), "b": np.array([[1.0, -0.5, 0.2], [0.1, 2.0, -1.0]])}


def function(a: Any, b: Any) -> Any:
    return torch.sin(b @ a) * a.sum()


def jacobians() -> tuple[np.ndarray, np.ndarray]:
    tensors = tuple(torch.tensor(value) for value in VALUES.values())
    found = torch.autograd.functional.jacobian(function, tensors)  # type: ignore[no-untyped-call]
    return found[0].numpy(), found[1].numpy()


def test_a_vjp_is_the_transposed_jacobian_times_the_cotangent() -> None:
    cotangent = np.array([0.7, -2.0])
    by_a, by_b = vjp(function, VALUES, ["a", "b"], cotangent)
    first, second = jacobians()
    np.testing.assert_allclose(by_a, cotangent @ first)
    np.testing.assert_allclose(by_b, np.tensordot(cotangent, second, 1))


def test_a_jvp_is_the_jacobian_times_the_tangents() -> None:
    tangents = [np.array([1.0, 2.0, -1.0]), np.arange(6.0).reshape(2, 3)]
    first, second = jacobians()
    expected = first @ tangents[0] + np.tensordot(second, tangents[1], 2)
    np.testing.assert_allclose(jvp(function, VALUES, ["a", "b"], tangents), expected)


@pytest.mark.parametrize("flat", [torch.ones_like, torch.sign])
def test_a_jvp_of_a_function_without_slope_is_zero(flat: Any) -> None:
    values = {"a": np.array([1.0, -2.0])}

    def reached(a: Any) -> Any:
        return flat(a).double() + 0 * a

    np.testing.assert_array_equal(jvp(reached, values, ["a"], [np.ones(2)]), [0, 0])


def test_values_and_products_are_in_double_precision() -> None:
    (value,) = forward_value(function)(**VALUES)
    assert value.dtype == np.float64
    assert all(array.dtype == np.float64 for array in vjp(function, VALUES, ["a"], np.ones(2)))


def test_texts_and_whole_numbers_reach_the_function_as_they_are() -> None:
    def picked(name: str, a: Any, at: Any) -> Any:
        assert name == "sin"
        assert at.dtype == torch.int64
        return torch.sin(a)[at]

    values = {"name": "sin", "a": np.array([0.5, 1.0]), "at": np.array([1, 1])}
    (found,) = vjp(picked, values, ["a"], np.array([2.0, 3.0]))
    np.testing.assert_allclose(found, [0, 5 * np.cos(1.0)])


def test_a_reference_that_changes_its_input_does_not_change_the_case() -> None:
    def careless(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a += 1
        return a, 2 * a

    given = np.zeros(2)
    first, second = several(careless)(a=given)
    np.testing.assert_array_equal([given, first, second], [[0, 0], [1, 1], [2, 2]])


def cubic(x: Any, weights: Any) -> Any:
    return (weights * x**3).sum() + x[0] * x[1]


X, WEIGHTS = np.array([0.5, -1.5, 2.0]), np.array([1.0, 2.0, -3.0])


def test_a_gradient_is_the_one_by_hand() -> None:
    found = derivative(cubic, "grad", 0)(x=X, weights=WEIGHTS)
    np.testing.assert_allclose(found, 3 * WEIGHTS * X**2 + np.array([X[1], X[0], 0.0]), rtol=1e-14)


@pytest.mark.parametrize("argument", [0, 1])
def test_a_gradient_is_that_of_torch_func(argument: int) -> None:
    wanted = torch.func.grad(cubic, argnums=argument)(torch.tensor(X), torch.tensor(WEIGHTS))
    found = derivative(cubic, "grad", argument)(x=X, weights=WEIGHTS)
    np.testing.assert_allclose(found, wanted.numpy(), rtol=1e-14)


def test_a_hessian_is_that_of_torch_func() -> None:
    other = torch.func.jacrev(torch.func.jacrev(cubic))
    wanted = other(torch.tensor(X), torch.tensor(WEIGHTS)).numpy()
    found = derivative(cubic, "hessian", 0)(x=X, weights=WEIGHTS)
    np.testing.assert_allclose(found, wanted, rtol=1e-14)


def test_a_jacobian_has_the_axes_of_the_output_first() -> None:
    found = derivative(lambda m, x: m @ x, "jacrev", 1)(m=np.arange(6.0).reshape(2, 3), x=X)
    np.testing.assert_array_equal(found, np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize(
    ("transform", "shape"), [("grad", (3,)), ("hessian", (3, 3)), ("jacrev", (3,))]
)
def test_what_does_not_depend_on_the_argument_has_a_derivative_of_zero(
    transform: str, shape: tuple[int, ...]
) -> None:
    found = derivative(lambda _, weights: weights.sum() * 2, transform, 0)(x=X, weights=WEIGHTS)
    np.testing.assert_array_equal(found, np.zeros(shape))


def test_the_hessian_of_a_linear_function_is_zero() -> None:
    found = derivative(lambda x: x.sum(), "hessian", 0)(x=X)
    np.testing.assert_array_equal(found, np.zeros((3, 3)))


@pytest.mark.parametrize("transform", ["grad", "hessian"])
def test_a_gradient_is_that_of_one_number(transform: str) -> None:
    with pytest.raises(ValueError, match=r"^expected one number, found the shape \(3,\)$"):
        derivative(lambda x: x * 2, transform, 0)(x=X)


def test_integers_beside_the_argument_stay_integers() -> None:
    found = derivative(lambda x, at: x[at] ** 2, "grad", 0)(x=X, at=2)
    np.testing.assert_array_equal(found, [0.0, 0.0, 4.0])


def test_a_cotangent_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a cotangent of the shape \(2,\), found \(2, 1\)"):
        vjp(function, VALUES, ["a"], np.ones((2, 1)))


def test_a_value_that_is_cut_off_from_the_inputs_has_no_products() -> None:
    def cut(a: Any, b: Any) -> Any:
        return function(a, b).detach()

    with pytest.raises(ValueError, match="depends on the inputs, found a constant"):
        vjp(cut, VALUES, ["a"], np.ones(2))
    with pytest.raises(ValueError, match="depends on the inputs, found a constant"):
        jvp(cut, VALUES, ["a"], [np.ones(3)])


@pytest.mark.parametrize("at", [[0.0, -1.0], [1e-320, 1e308], [np.inf, np.nan]])
def test_a_vjp_is_what_torch_gives_where_values_are_not_finite(at: list[float]) -> None:
    tensor = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    cotangent = np.array([0.5, -2.0])
    for of in (torch.log, torch.reciprocal, torch.sqrt, torch.exp):
        (wanted,) = torch.autograd.grad(of(tensor), tensor, torch.tensor(cotangent))
        (found,) = vjp(of, {"a": np.array(at)}, ["a"], cotangent)
        np.testing.assert_array_equal(found, wanted.numpy())
