"""`two_codings`, a differentiable function."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.records import Status
from tests.kinds.codings.coded import (
    f,
    line,
    smooth,
)


def test_the_extra_of_the_worked_solution_is_right() -> None:
    result = smooth(lambda x: 2 * x * torch.sign(x) * torch.sign(x))
    assert (result.status, result.points) == (Status.CORRECT, 2)


@pytest.mark.parametrize(
    ("first", "second", "x0"),
    [
        (lambda x: x**2, lambda x: x**2 if x != 0 else 3 * x, 0),
        (lambda x: torch.relu(x) - torch.relu(-x), lambda x: 1 * x, 0.0),
        (lambda x: x**3, lambda x: x**3 if x != -2 else -8 + 0 * x, -2),
        (torch.sin, lambda x: torch.sin(x) if x != 3 else np.sin(3.0) + 7 * (x - 3), 3.0),
        (
            lambda x: x**2 * torch.sin(1 / x) if x != 0 else 0 * x,
            lambda x: x**2 * torch.sin(1 / x) if x != 0 else x,
            0.0,
        ),
        (
            lambda x: x.abs() ** 1.5 if x != 0 else 0 * x,
            lambda x: x.abs() ** 1.5 if x != 0 else x,
            0.0,
        ),
        # It jumps, but elsewhere.
        (lambda x: x * (x < 1), lambda x: x * (x < 1) if x != 0 else 0 * x, 0.0),
        (lambda x: 1e6 * x, lambda x: 1e6 * x if x != 0 else x, 0.0),
        (lambda x: abs(x) ** 1.1 if x != 0 else 0 * x, lambda x: abs(x) ** 1.1 if x != 0 else x, 0),
        (lambda x: torch.sin(1e6 * x), lambda x: torch.sin(1e6 * x) if x != 0 else x, 0),
    ],
)
def test_any_function_with_a_derivative_there_is_right(first: Any, second: Any, x0: Any) -> None:
    assert smooth(first, second, x0).points == 2


@pytest.mark.parametrize(
    "kinked",
    [
        torch.abs,
        torch.relu,
        lambda x: 1e-3 * torch.abs(x) + x,
        f,
        lambda x: x * torch.sin(1 / x) if x != 0 else 0 * x,
        lambda x: x.abs() ** 0.5 if x != 0 else 0 * x,
        lambda x: 5 + 0 * x if x == 0 else x,
        lambda x: x * torch.sin(2 * np.pi * torch.log2(x.abs())) if x != 0 else 0 * x,
        lambda x: 1e-7 * torch.abs(x),
        lambda x: 1000 * x + 1e-4 * torch.abs(x),
        lambda x: 1e-13 * torch.sign(x),
    ],
)
def test_a_function_without_a_derivative_there_is_told(kinked: Any) -> None:
    result = smooth(kinked, lambda x: kinked(x) if x != 0 else kinked(x) + 4 * x)
    assert (result.status, result.points, result.mistake) == (
        Status.WRONG,
        0,
        "not-differentiable",
    )


def test_what_settles_slowly_is_left_to_a_person() -> None:
    def slow(x: Any) -> Any:
        return x / torch.log(x.abs() / 1e9) if x != 0 else 0 * x

    result = smooth(slow, lambda x: slow(x) if x != 0 else x)
    assert (result.status, result.points) == (Status.PENDING, 0)
    assert result.summary.endswith("cannot be told from the values, and a person decides.")
    assert smooth(slow, slow).mistake == "same-derivative"


def test_secants_that_never_settle_are_told() -> None:
    def waves(x: Any) -> Any:
        return x * torch.sin(2 * np.pi * torch.log2(x.abs())) if x != 0 else 0 * x

    assert "do not come together as the steps shrink" in smooth(waves, waves).summary


def test_both_slopes_are_told_at_a_kink() -> None:
    assert smooth(torch.abs, torch.abs).summary == (
        "p4_smooth_f does not seem to be differentiable at x = 0: the slope of its secant over a "
        "step of 9e-10 is -1 to the left and 1 to the right."
    )


def test_one_derivative_twice_is_told_for_a_smooth_function() -> None:
    result = smooth(line)
    assert (result.points, result.mistake) == (0, "same-derivative")
    assert result.summary == (
        "At x = 0, autograd gives 2 for the derivatives of p4_smooth_f and p4_smooth_g alike; "
        "expected two different numbers."
    )


def test_different_functions_are_told_for_a_smooth_function() -> None:
    assert smooth(lambda x: 3 * x).mistake == "different-functions"


def test_a_derivative_that_is_not_finite_is_none() -> None:
    result = smooth(lambda x: torch.sqrt(x**4), lambda x: x**2)
    assert result.summary == (
        "At x = 0, autograd gives nan for the derivative of p4_smooth_f; expected a finite number."
    )
