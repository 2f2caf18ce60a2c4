"""The reference of q2-backprop, against torch and, for the softmax, against SymPy."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sympy  # type: ignore[import-untyped]
import torch

from grader.spec.reference import Reference

COURSE = Path(__file__).resolve().parents[2]
PARAMETERS = ("W1", "b1", "W2", "b2", "W3", "b3")


@pytest.fixture(scope="module")
def q2() -> ModuleType:
    return Reference(COURSE / "reference", "backprop_and_costs", "q2_backprop").loaded


def drawn(seed: int, n: int, k: int, m: int) -> list[Any]:
    rng = np.random.default_rng(seed)
    shapes = ((k, n), (k,), (k, n), (k,), (m, k), (m,))
    return [
        rng.normal(size=n),
        int(rng.integers(m)),
        *(rng.normal(size=shape) for shape in shapes),
    ]


def adjoints(q2: ModuleType, inputs: list[Any]) -> dict[str, np.ndarray]:
    x = torch.tensor(inputs[0], requires_grad=True)
    found = {"x": x, **q2.network(x, *(torch.as_tensor(item) for item in inputs[1:]))}
    slopes = torch.autograd.grad(found["J"], list(found.values()))
    return {name: slope.numpy() for name, slope in zip(found, slopes, strict=True)}


@pytest.mark.parametrize(("seed", "n", "k", "m"), [(1, 2, 3, 4), (2, 5, 2, 3), (3, 1, 4, 2)])
def test_the_backward_pass_by_hand_agrees_with_torch(
    q2: ModuleType, seed: int, n: int, k: int, m: int
) -> None:
    inputs = drawn(seed, n, k, m)
    expected = adjoints(q2, inputs)
    by_hand = q2.q2_backward(*inputs)
    assert tuple(by_hand) == ("J", "S", "yp", "y", "g2", "h", "g1", "z2", "z1", "x")
    for name, adjoint in by_hand.items():
        np.testing.assert_allclose(adjoint, expected[name], rtol=1e-10, atol=1e-12)


def test_the_derivative_by_x_agrees_with_difference_quotients(q2: ModuleType) -> None:
    inputs = drawn(7, 3, 4, 3)

    def loss(x: np.ndarray) -> float:
        tensors = [torch.as_tensor(item) for item in (x, *inputs[1:])]
        return float(q2.network(*tensors)["J"])

    step = 1e-6 * np.eye(3)
    quotients = [(loss(inputs[0] + s) - loss(inputs[0] - s)) / 2e-6 for s in step]
    np.testing.assert_allclose(q2.q2_backward(*inputs)["x"], quotients, rtol=1e-6, atol=1e-8)


def test_the_softmax_step_is_the_jacobian_that_sympy_finds(q2: ModuleType) -> None:
    y = sympy.symbols("y0:3")
    total = sum(sympy.exp(entry) for entry in y)
    jacobian = sympy.Matrix([sympy.exp(entry) / total for entry in y]).jacobian(y)
    inputs = drawn(11, 2, 2, 3)
    tensors = [torch.as_tensor(item) for item in inputs]
    scores = q2.network(*tensors)["y"].numpy()
    numbers = np.array(jacobian.subs(dict(zip(y, scores, strict=True))).tolist(), dtype=float)
    cotangent = np.array([0.3, -1.2, 0.7])
    step = q2.adjoint_step("y", {"yp": cotangent}, *inputs)
    np.testing.assert_allclose(step, numbers.T @ cotangent, rtol=1e-10)


def test_at_the_kink_both_one_sided_derivatives_are_given(q2: ModuleType) -> None:
    x, t, _, _, W2, b2, W3, b3 = drawn(4, 2, 2, 3)
    W1 = np.array([[1.0, 1.0], [2.0, -1.0]])
    b1 = -W1 @ x
    b1[1] += 1.0  # the first entry of z1 is zero, the second is not
    low, high = q2.adjoint_step("z1", {"h": np.array([3.0, 5.0])}, x, t, W1, b1, W2, b2, W3, b3)
    assert (W1 @ x + b1)[0] == 0
    assert low.tolist() == [0, 5]
    assert high.tolist() == [3, 5]


def test_the_graph_names_every_quantity(q2: ModuleType) -> None:
    inputs = drawn(9, 2, 3, 4)
    found = q2.network(*(torch.as_tensor(item) for item in inputs))
    assert [row[0] for row in q2.q2_graph()] == list(found)
    known = {"x", "t", *PARAMETERS}
    for name, _, operands in q2.q2_graph():
        assert set(operands) <= known
        known.add(name)
