"""The numbers that code knows, wherever they stand."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pytest

from grader.probes.coding_points import near_numbers

THRESHOLD = 4.125


def in_code(x: Any) -> Any:
    return x > 4.125


def in_a_variable(x: Any) -> Any:
    return x > THRESHOLD


def by_a_helper(x: Any) -> Any:
    return in_code(x)


def by_default(x: Any, at: float = 4.125) -> Any:
    return x > at


def folded(x: Any) -> Any:
    return x > 33 / 8


def nested(x: Any) -> Any:
    return list(filter(lambda y: y > THRESHOLD, [x]))


def closed(at: float) -> Any:
    return lambda x: x > at


class Step:
    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self, x: Any) -> Any:
        return x > self.at

    def method(self, x: Any) -> Any:
        return x > self.at


class Fixed:
    @staticmethod
    def step(x: Any) -> Any:
        return x > 4.125

    def __call__(self, x: Any) -> Any:
        return self.step(x)


@pytest.mark.parametrize(
    "function",
    [
        in_code,
        in_a_variable,
        by_a_helper,
        by_default,
        folded,
        nested,
        closed(4.125),
        Step(4.125),
        Step(4.125).method,
        Fixed(),
        functools.partial(by_default, at=4.125),
        functools.partial(closed, at=4.125),
        lambda x: x < -4.125,
        lambda x: [1, (4.125, 2)][x],
    ],
)
def test_a_number_is_tried_with_its_neighbours(function: Any) -> None:
    points = set(near_numbers([function], 0.0))
    for sign in (1, -1):
        at = sign * 4.125
        assert {at, np.nextafter(at, 9), np.nextafter(at, -9)} <= points


def test_the_middle_between_two_numbers_is_tried() -> None:
    assert 525 in near_numbers([lambda x: 150 < x < 900], 0.0)


def test_the_point_and_well_known_numbers_are_tried() -> None:
    points = set(near_numbers([], 0.3))
    assert {0.3, np.nextafter(0.3, 1), math.pi, -math.pi, math.e, 0.0} <= points


def test_nothing_is_tried_far_out_or_next_to_zero() -> None:
    points = near_numbers([lambda x: x in (1e300, 1e-300, math.inf, math.nan, 10**400)], 0.0)
    assert np.isfinite(points).all()
    assert np.abs(points).max() < 1e10
    assert np.abs(points[points != 0]).min() > 1e-90


def test_code_that_knows_very_many_numbers_is_tried_at_some() -> None:
    table = tuple(float(n) + 0.37 for n in range(1000))
    assert len(near_numbers([lambda x: table[x]], 0.0)) < 600


def test_objects_that_refuse_to_be_looked_into_are_left() -> None:
    class Shy:
        @property
        def __dict__(self) -> Any:  # type: ignore[override]
            raise RuntimeError

    assert 4.125 in near_numbers([Shy(), abs, np.sin, in_code], 0.0)
