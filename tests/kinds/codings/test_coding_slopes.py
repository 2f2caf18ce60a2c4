"""Secants: where they contradict autograd, and whether they come together at a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.kinds.codings.coding_records import STEPS, Coding, Seen
from grader.kinds.codings.coding_slopes import FAR, POWERS, RATIOS, gap, slopes_at

Function = Callable[[Any], Any]
NOTHING = np.zeros(1)


def coding(function: Function, slope: Function, points: Any) -> Coding:
    rows = []
    for x in points:
        row = [x, slope(x), function(x)]
        for step in STEPS:
            h = step * max(1.0, abs(x))
            row += [function(x - h), function(x + h)]
        rows.append(row)
    table = np.array(rows, dtype=float)
    return Coding("f", NOTHING, NOTHING, NOTHING, np.zeros((0, 5)), 0, (), table, 0, "")


POINTS = np.random.default_rng(0).normal(scale=3, size=40)


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (np.sign, lambda _: 0.0),
        (lambda x: 2 * x * np.sign(x), lambda x: 2 * np.sign(x)),
        (np.floor, lambda _: 0.0),
        (lambda x: np.round(x * 1e3) / 1e3, lambda _: 0.0),
        (lambda x: np.round(x * 1e4) / 1e4, lambda _: 0.0),
        (np.exp, np.exp),
        (lambda x: x**3, lambda x: 3 * x**2),
        (lambda x: np.sin(50 * x), lambda x: 50 * np.cos(50 * x)),
        (lambda x: np.sin(1e7 * x), lambda x: 1e7 * np.cos(1e7 * x)),
        (lambda x: float(np.float32(x)) * 2, lambda _: 2.0),
        (lambda x: float(np.float32(np.exp(np.float32(x)))), np.exp),
        (lambda x: 1e9 + x * 1e-9, lambda _: 1e-9),
        (lambda x: 1e9 + x, lambda _: 1.0),
        (np.sign, lambda _: np.nan),
    ],
)
def test_a_coding_with_the_slope_of_its_values_is_not_cut(function: Any, slope: Any) -> None:
    assert gap(coding(function, slope, POINTS)) is None


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (np.sign, lambda _: 2.0),
        (lambda x: 2 * x + np.sign(x), lambda _: 0.0),
        (np.exp, lambda _: 0.0),
        (lambda x: np.floor(x * 2.0**50) / 2.0**50, lambda _: 0.0),
        (lambda x: 1e3 * x, lambda _: 1.1e3),
    ],
)
def test_a_coding_with_another_slope_is_cut(function: Any, slope: Any) -> None:
    found = gap(coding(function, slope, POINTS))
    assert found is not None
    assert found.count > 30
    assert found.total == 40
    assert found.x == POINTS[np.argmin(abs(POINTS))]
    assert found.autograd == slope(found.x)


def test_two_points_may_be_chance() -> None:
    def off_at(count: int) -> Function:
        few = set(POINTS[:count].tolist())
        return lambda x: 5.0 if float(x) in few else 0.0

    assert gap(coding(np.sign, off_at(2), POINTS)) is None
    assert gap(coding(np.sign, off_at(3), POINTS)) is not None


@given(st.lists(st.floats(), min_size=22, max_size=22))
def test_any_numbers_have_a_verdict(numbers: list[float]) -> None:
    table = np.array(numbers * 2).reshape(-1, 11)
    some = Coding("f", NOTHING, NOTHING, NOTHING, np.zeros((0, 5)), 0, (), table, 0, "")
    with np.errstate(all="ignore"):
        gap(some)


# ---- a derivative at the point -------------------------------------------------------------------


def verdict(function: Function, x0: float = 0.0) -> str:
    steps = [2.0**-power * ratio for power in POWERS for ratio in RATIOS]
    steps += [2.0**-power * ratio for power in FAR for ratio in RATIOS[:3]]
    away = np.array(steps)
    x = np.unique(np.concatenate([x0 - away, [x0], x0 + away]))
    values = np.array([function(one) for one in x], dtype=float)
    some = Coding("f", values, values, values, np.zeros((0, 5)), 0, (), np.zeros((0, 11)), 0, "")
    return slopes_at(some, Seen(x0, x, (some, some))).verdict


def at_zero(function: Function) -> Function:
    return lambda x: 0.0 if x == 0 else function(x)


@pytest.mark.parametrize(
    ("function", "x0"),
    [
        (lambda x: 2 * x, 0),
        (lambda _: 5.0, 0),
        (lambda x: x**2, 0),
        (lambda x: x**2, 1000),
        (np.exp, 1),
        (np.sin, 3),
        (lambda x: np.sin(1000 * x), 0),
        (lambda x: np.sin(1e6 * x), 0),
        (lambda x: np.exp(-((1e4 * x) ** 2)), 0),
        (lambda x: abs(x) ** 1.5, 0),
        (lambda x: abs(x) ** 1.1, 0),
        (lambda x: abs(x - 1) ** 1.5, 1),
        (at_zero(lambda x: x**2 * np.sin(1 / x)), 0),
        (lambda x: (x + 1000) ** 2 - 1e6, 0),
        (lambda x: (x + 1000) - 1000, 0),
        (lambda x: 0.1 * x + 0.7, 3),
        (lambda x: 1e-9 * x**2, 0),
    ],
)
def test_a_differentiable_function_is_smooth(function: Any, x0: float) -> None:
    assert verdict(function, x0) == "smooth"


@pytest.mark.parametrize(
    ("function", "x0"),
    [
        (abs, 0),
        (lambda x: abs(x - 1), 1),
        (lambda x: 1e-7 * abs(x), 0),
        (lambda x: 1000 * x + 1e-4 * abs(x), 0),
        (lambda x: 1000 * x + 1e-4 * abs(x) + x**2, 0),
        (lambda x: x**2 + 1e-3 * abs(x - 2), 2),
        (lambda x: abs(x) if abs(x) < 2.0**-21 else 0.0, 0),
        (at_zero(lambda x: x * np.sin(2 * np.pi * np.log2(abs(x)))), 0),
        (at_zero(lambda x: x * (1 + 1e-3 * np.sin(np.pi * np.log2(abs(x))))), 0),
        (at_zero(lambda x: x * np.sin(1 / x)), 0),
        (at_zero(lambda x: x * np.log(abs(x))), 0),
        (np.cbrt, 0),
        (lambda x: abs(x) ** 0.5, 0),
        (np.sign, 0),
        (lambda x: 1e-13 * np.sign(x), 0),
        (lambda x: 1.02 * x if x > 0 else x, 0),
    ],
)
def test_a_function_without_a_derivative_has_a_kink(function: Any, x0: float) -> None:
    assert verdict(function, x0) == "kink"


@pytest.mark.parametrize(
    ("function", "x0"),
    [
        (at_zero(lambda x: x / np.log(abs(x) / 1e9)), 0),
        (lambda x: abs(x - 1) ** 1.1, 1),
        (lambda x: x, 1e300),
    ],
)
def test_what_settles_slowly_is_unclear(function: Any, x0: float) -> None:
    assert verdict(function, x0) == "unclear"
