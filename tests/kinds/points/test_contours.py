"""The values behind a picture of a function of two variables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from grader.kinds.points import contours

WINDOW = (-1.0, 2.0, -3.0, 1.0)


def counted(function: Callable[[Any], Any]) -> tuple[Callable[[Any], Any], list[None]]:
    calls: list[None] = []

    def counting(x: Any) -> Any:
        calls.append(None)
        return function(x)

    return counting, calls


def one_by_one(function: Callable[[Any], Any]) -> tuple[tuple[float, ...], ...]:
    """Return a surface as it is without any array but a single point."""

    def of_points(x: Any) -> Any:
        assert x.shape == (2,)
        return function(x)

    found = contours.surface(of_points)(WINDOW)
    assert found is not None
    return found.z


FUNCTIONS = [
    lambda x: (x[0] + x[1]) * x[0] * x[1] ** 2,
    lambda x: torch.exp(-(x**2).sum()),
    lambda x: x @ torch.tensor([[1.0, 2.0], [0.0, 3.0]], dtype=torch.float64) @ x,
    lambda x: x[0] if x[0] > x[1] else x[1] ** 2,
    lambda x: torch.maximum(x[0], x[1]) - x.max(),
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_surface_is_the_same_at_once_and_point_by_point(function: Callable[[Any], Any]) -> None:
    at_once = contours.surface(function)(WINDOW)
    assert at_once is not None
    np.testing.assert_allclose(at_once.z, one_by_one(function), rtol=1e-9, atol=1e-9)


def test_a_function_of_two_numbers_is_called_a_few_times() -> None:
    function, calls = counted(FUNCTIONS[0])
    contours.surface(function)(WINDOW)
    assert len(calls) == 8


def test_a_function_that_gives_something_else_at_once_is_called_for_every_point() -> None:
    function, calls = counted(lambda x: x[0] - x.max())
    found = contours.surface(function)(WINDOW)
    assert found is not None
    assert len(calls) > contours.GRID**2
    assert found.z[0][-1] == 0.0
    assert found.z[-1][0] == -2.0


def test_a_function_that_refuses_some_point_has_no_picture() -> None:
    def refusing(_x: Any) -> Any:
        raise ValueError

    assert contours.surface(refusing)(WINDOW) is None
