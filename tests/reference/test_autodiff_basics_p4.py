"""P4 of autodiff-basics: the codings of the worked solution, against the formula."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from grader.spec.reference import Reference

COURSE = Path(__file__).resolve().parents[2]
POINTS = [0.0, *np.linspace(-3, 3, 31), 1e-300, -1e-300, 1e6, -1e6]


@pytest.fixture(scope="module")
def p4() -> ModuleType:
    return Reference(COURSE / "reference", "autodiff_basics", "p4_two_codings").loaded


def at(function: Any, x: float) -> tuple[float, float]:
    variable = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = function(variable)
    (slope,) = torch.autograd.grad(value, [variable])
    return value.item(), slope.item()


def test_both_codings_are_the_function_of_the_sheet(p4: ModuleType) -> None:
    for x in POINTS:
        expected = 2 * x + np.sign(x)
        assert at(p4.p4_f, x)[0] == pytest.approx(expected, abs=0)
        assert at(p4.p4_g, x)[0] == pytest.approx(expected, abs=0)


def test_the_function_jumps_at_the_point(p4: ModuleType) -> None:
    left, here, right = (at(p4.p4_f, x)[0] for x in (-1e-12, p4.p4_x0, 1e-12))
    assert (left, here, right) == pytest.approx((-1, 0, 1))


def test_autograd_gives_zero_for_one_coding_and_two_for_the_other(p4: ModuleType) -> None:
    assert at(p4.p4_f, p4.p4_x0)[1] == 0
    assert at(p4.p4_g, p4.p4_x0)[1] == 2


def test_elsewhere_both_have_the_slope_two(p4: ModuleType) -> None:
    for x in (-2.0, -1e-9, 1e-9, 3.0):
        assert at(p4.p4_f, x)[1] == at(p4.p4_g, x)[1] == 2


def test_the_smooth_codings_are_one_line_with_two_slopes_at_the_point(p4: ModuleType) -> None:
    for x in POINTS:
        assert at(p4.p4_smooth_f, x)[0] == at(p4.p4_smooth_g, x)[0] == 2 * x
    assert at(p4.p4_smooth_f, p4.p4_smooth_x0)[1] == 0
    assert at(p4.p4_smooth_g, p4.p4_smooth_x0)[1] == 2


def test_the_squared_sign_is_one_everywhere_but_at_zero() -> None:
    # The worked solution calls it the identity; it is the constant one, but for a single point.
    assert [float(np.sign(x) ** 2) for x in (-3.0, -1e-300, 0.0, 2.0)] == [1, 1, 0, 1]
