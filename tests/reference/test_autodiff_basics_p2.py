"""The reference of p2-two-modes: both modes by hand against torch and against SymPy."""

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
POINTS = [(0.7, 1.1), (-1.3, 0.6), (1.9, -0.8), (-0.4, -1.4)]

W1, W2 = sympy.symbols("w1 w2", real=True)
Z1 = W1 / W2
Z2, Z3 = sympy.sin(2 * sympy.pi * Z1), sympy.exp(2 * W2)
Z4 = 3 * Z1 - Z3
STEPS = [Z1, Z2, Z3, Z4, Z2 + Z4, Z4 * (Z2 + Z4)]
F = (sympy.sin(2 * sympy.pi * W1 / W2) + 3 * W1 / W2 - sympy.exp(2 * W2)) * (
    3 * W1 / W2 - sympy.exp(2 * W2)
)


@pytest.fixture(scope="module")
def p2() -> ModuleType:
    return Reference(COURSE / "reference", "autodiff_basics", "p2_two_modes").loaded


def at(expression: Any, point: tuple[float, float]) -> float:
    return float(expression.subs({W1: point[0], W2: point[1]}).evalf(30))


def test_the_steps_compute_the_function_of_the_sheet() -> None:
    assert sympy.simplify(STEPS[-1] - F) == 0


@pytest.mark.parametrize("point", POINTS)
def test_forward_mode_by_hand_agrees_with_sympy_and_torch(
    p2: ModuleType, point: tuple[float, float]
) -> None:
    symbolic = [[at(step, point), at(sympy.diff(step, W1), point)] for step in STEPS]
    np.testing.assert_allclose(p2.p2_forward(*point), symbolic, rtol=1e-11, atol=1e-11)

    w1 = torch.tensor(point[0], dtype=torch.float64, requires_grad=True)
    w2 = torch.tensor(point[1], dtype=torch.float64, requires_grad=True)
    for row, step in zip(p2.p2_forward(*point), p2.trace(w1, w2).values(), strict=True):
        (slope,) = torch.autograd.grad(
            step, w1, retain_graph=True, allow_unused=True, materialize_grads=True
        )
        np.testing.assert_allclose(row, [step.item(), slope.item()], rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("point", POINTS)
def test_reverse_mode_by_hand_agrees_with_torch(p2: ModuleType, point: tuple[float, float]) -> None:
    w1 = torch.tensor(point[0], dtype=torch.float64, requires_grad=True)
    w2 = torch.tensor(point[1], dtype=torch.float64, requires_grad=True)
    found = {**p2.trace(w1, w2), "w1": w1, "w2": w2}
    slopes = torch.autograd.grad(found["z6"], list(found.values()))
    by_hand = p2.p2_reverse(*point)
    assert list(by_hand) == ["z6", "z5", "z4", "z3", "z2", "z1", "w1", "w2"]
    for name, slope in zip(found, slopes, strict=True):
        assert by_hand[name] == pytest.approx(slope.item(), rel=1e-11)


@pytest.mark.parametrize("point", POINTS)
def test_reverse_mode_ends_at_the_gradient_that_sympy_finds(
    p2: ModuleType, point: tuple[float, float]
) -> None:
    gradient = [at(sympy.diff(F, w), point) for w in (W1, W2)]
    by_hand = p2.p2_reverse(*point)
    np.testing.assert_allclose([by_hand["w1"], by_hand["w2"]], gradient, rtol=1e-11)
    assert by_hand["w1"] == pytest.approx(p2.p2_forward(*point)[5, 1], rel=1e-11)
