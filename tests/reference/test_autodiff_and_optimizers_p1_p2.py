"""The reference of p1-scalar-graph and p2-network-gradients, against torch and SymPy."""

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
X = sympy.symbols("x1 x2 x3")
F = (X[0] * X[1] * sympy.sin(X[2]) + sympy.exp(X[0] * X[1])) / X[2]
OPERATIONS = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "sin": sympy.sin,
    "exp": sympy.exp,
}


@pytest.fixture(scope="module")
def p1() -> ModuleType:
    return Reference(COURSE / "reference", "autodiff_and_optimizers", "p1_scalar_graph").loaded


@pytest.fixture(scope="module")
def p2() -> ModuleType:
    package = "autodiff_and_optimizers"
    return Reference(COURSE / "reference", package, "p2_network_gradients").loaded


def symbolic_nodes(p1: ModuleType) -> dict[str, Any]:
    made: dict[str, Any] = {str(x): x for x in X}
    for name, operation, inputs in p1.p1_graph():
        made[name] = OPERATIONS[operation](*(made[i] for i in inputs))
    return made


def at_point(expression: Any) -> float:
    exact = {X[0]: 1, X[1]: sympy.Rational(3, 2), X[2]: 2}
    return float(sympy.sympify(expression).subs(exact).evalf(30))


def test_the_graph_is_the_function(p1: ModuleType) -> None:
    assert sympy.simplify(symbolic_nodes(p1)["v6"] - F) == 0


def test_forward_mode_agrees_with_sympy(p1: ModuleType) -> None:
    made = symbolic_nodes(p1)
    trace = p1.p1_forward()
    assert set(trace) == set(made)
    for name, (value, tangent) in trace.items():
        assert value == pytest.approx(at_point(made[name]), rel=1e-12)
        slope = at_point(sympy.diff(made[name], X[1]))
        assert tangent == pytest.approx(slope, rel=1e-12, abs=1e-15)


def test_reverse_mode_agrees_with_sympy(p1: ModuleType) -> None:
    """Each node becomes a symbol, on which those above it depend."""
    rows = p1.p1_graph()
    trace = p1.p1_reverse()
    values = {name: at_point(node) for name, node in symbolic_nodes(p1).items()}
    for name in trace:
        free = sympy.Symbol("free")
        made: dict[str, Any] = {str(x): values[str(x)] for x in X} | {name: free}
        for node, operation, inputs in rows:
            if node != name:
                made[node] = OPERATIONS[operation](*(made[i] for i in inputs))
        slope = float(sympy.diff(made["v6"], free).subs(free, values[name]))
        assert trace[name] == pytest.approx((values[name], slope), rel=1e-9)


def test_the_gradient_agrees_with_torch_and_the_sheet(p1: ModuleType) -> None:
    x = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in p1.POINT]
    slopes = [slope.item() for slope in torch.autograd.grad(p1.f(*x), x)]
    by_hand = [p1.p1_reverse()[name][1] for name in ("x1", "x2", "x3")]
    assert by_hand == pytest.approx(slopes, rel=1e-12)
    assert by_hand == pytest.approx([4.0432, 2.6955, -1.7735], abs=5e-5)
    assert p1.p1_forward()["v6"] == pytest.approx((2.9228, 2.6955), abs=5e-5)


def matrices(seed: int, sizes: tuple[int, int, int, int, int]) -> list[np.ndarray]:
    n, d, a, b, m = sizes
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in ((d, n), (m, n), (a, d), (b, a), (m, b))]


SIZES = [(50, 5, 4, 3, 2), (1, 3, 2, 5, 1), (7, 1, 6, 2, 4)]


@pytest.mark.parametrize("sizes", SIZES)
def test_both_passes_by_hand_agree_with_torch(
    p2: ModuleType, sizes: tuple[int, int, int, int, int]
) -> None:
    inputs = matrices(3, sizes)
    tensors = [torch.tensor(matrix, requires_grad=True) for matrix in inputs]
    found = p2.network(*tensors)
    values = p2.p2_forward(*inputs)
    assert set(values) == set(found)
    for name, tensor in found.items():
        np.testing.assert_allclose(values[name], tensor.detach(), rtol=1e-11, atol=1e-11)

    targets = {**found, **dict(zip(("X", "Y", "W1", "W2", "W3"), tensors, strict=True))}
    slopes = torch.autograd.grad(found["z"], list(targets.values()))
    expected = dict(zip(targets, slopes, strict=True))
    gradients = p2.p2_backward(*inputs)
    assert set(gradients) == set(targets) - {"Y"}
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-10, atol=1e-10)


def test_the_gradients_agree_with_difference_quotients(p2: ModuleType) -> None:
    """An oracle that shares no automatic differentiation with the other."""
    inputs = matrices(5, SIZES[0])
    gradients = p2.p2_backward(*inputs)
    for place, name in ((2, "W1"), (3, "W2"), (4, "W3"), (0, "X")):
        step = np.zeros_like(inputs[place])
        step[0, -1] = 1e-6
        sides = [
            p2.p2_forward(*(m + s * step if at == place else m for at, m in enumerate(inputs)))["z"]
            for s in (1, -1)
        ]
        assert gradients[name][0, -1] == pytest.approx((sides[0] - sides[1]) / 2e-6, rel=1e-6)


def test_the_objective_is_the_last_quantity(p2: ModuleType) -> None:
    tensors = [torch.tensor(matrix) for matrix in matrices(1, SIZES[0])]
    assert p2.objective(*tensors) == p2.network(*tensors)["z"]
