"""The probe that asks for a student's points and for what is said of them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.probes.points import points_and_values


def student(**functions: Any) -> ModuleType:
    module = ModuleType("solution")
    vars(module).update(functions)
    return module


def test_points_values_and_the_own_function_at_each_point_come_back() -> None:
    written = student(points=lambda: ((1, 2), (3, 4)), labels=lambda: ("a", "b"), own=sum)
    found = points_and_values(written, "labels", "points", "own")
    assert (found["points"], found["values"]) == ([[1, 2], [3, 4]], ["a", "b"])
    assert [float(item) for item in found["own"]] == [3, 7]


def test_a_single_bare_point_is_a_point() -> None:
    written = student(points=lambda: [1.0, 2.0], labels=lambda: "a", own=lambda x: x * 2)
    (own,) = points_and_values(written, "labels", "points", "own")["own"]
    np.testing.assert_array_equal(own, [2, 4])


@pytest.mark.parametrize("missing", ["points", "labels"])
def test_a_function_that_is_missing_is_named(missing: str) -> None:
    written = student(points=list, labels=list)
    delattr(written, missing)
    assert points_and_values(written, "labels", "points", "") == {"missing": missing}


def test_where_the_own_function_fails_there_is_nothing_to_follow() -> None:
    def own(x: np.ndarray) -> Any:
        if x[0] > 1:
            raise ValueError
        return {1, 2} if x[0] < 0 else 5

    written = student(points=lambda: [[-1.0], [1.0], [2.0]], labels=list, own=own)
    assert points_and_values(written, "labels", "points", "own")["own"] == [None, 5, None]


@pytest.mark.parametrize("own", [{}, {"own": 3}])
def test_an_own_function_that_is_not_there_is_not_followed(own: dict[str, Any]) -> None:
    written = student(points=lambda: [[1.0]], labels=list, **own)
    assert points_and_values(written, "labels", "points", "own")["own"] == []


@pytest.mark.parametrize("points", [[[1.0], [1.0, 2.0]], "text", [None]])
def test_points_that_are_none_are_sent_as_they_are(points: Any) -> None:
    written = student(points=lambda: points, labels=list, own=lambda x: x)
    found = points_and_values(written, "labels", "points", "own")
    assert found["points"] == points


def test_the_own_function_cannot_change_the_points() -> None:
    def own(x: np.ndarray) -> int:
        x[:] = 0
        return 1

    written = student(points=lambda: np.ones((1, 2)), labels=list, own=own)
    np.testing.assert_array_equal(
        points_and_values(written, "labels", "points", "own")["points"], [[1, 1]]
    )


def test_the_own_function_is_not_called_at_more_points_than_are_looked_at() -> None:
    written = student(points=lambda: np.ones((2000, 1)), labels=list, own=lambda _: 1)
    assert len(points_and_values(written, "labels", "points", "own")["own"]) == 1000
