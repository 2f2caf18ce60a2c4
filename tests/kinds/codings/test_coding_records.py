"""What two codings did, as it is read from what came back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.kinds.codings.coding_records import Coding, read


def answer(**changed: Any) -> dict[str, Any]:
    one = {
        "values": np.array([3.0, 1.0, 2.0]),
        "slopes": np.array([1.0, np.nan, 0.0]),
        "states": np.array([0, 1, 0]),
        "jumps": np.array([[0.0, 5e-324, 0.0, 1.0, 0.0]]),
        "secants": np.zeros((2, 11)),
        "rounded": 0,
        "says": "no derivative\nat all",
        "left": 0,
        "cuts": ["hook", "made up"],
    }
    return {"x0": 0.0, "x": np.array([1.0, -1.0, 0.0]), "functions": [one, one], **changed}


def test_points_come_in_rising_order_with_what_belongs_to_them() -> None:
    seen = read(("f", "g"), answer())
    assert seen is not None
    assert seen.x.tolist() == [-1, 0, 1]
    assert seen.codings[0].values.tolist() == [1, 2, 3]
    assert seen.codings[1].states.tolist() == [1, 0, 0]
    assert (seen.at, seen.codings[1].name) == (1, "g")


def test_only_known_cuts_are_kept() -> None:
    seen = read(("f", "g"), answer())
    assert seen is not None
    assert seen.codings[0].cuts == ("hook",)


def test_the_point_has_to_be_among_the_points() -> None:
    assert read(("f", "g"), answer(x0=0.5)) is None
    assert read(("f", "g"), answer(x=np.array([1.0, np.inf, 0.0]))) is None
    assert read(("f", "g"), answer(functions=[])) is None


def test_of_what_torch_says_the_first_line_is_kept() -> None:
    seen = read(("f", "g"), answer())
    assert seen is not None
    assert seen.codings[0].says == "no derivative"


def jumps(*rows: tuple[float, float, float, float, float]) -> Coding:
    nothing = np.zeros(1)
    table = np.array(rows).reshape(-1, 5)
    return Coding("f", nothing, nothing, nothing, table, 0, (), np.zeros((0, 11)), 0, "")


BESIDE = float(np.nextafter(1.0, 2))


def test_the_largest_jump_between_neighbouring_numbers_is_told() -> None:
    jump = jumps((0, 1, 0, 9, 0), (1, BESIDE, 0, 1, 0), (1, BESIDE, 0, 3, 0)).jump()
    assert jump is not None
    assert jump.tolist() == [1, BESIDE, 0, 3, 0]


@pytest.mark.parametrize(
    "row",
    [
        (0, 1, 0, 9, 0),
        (1, BESIDE, 0, 1e-8, 0),
        (1, BESIDE, 1e12, 1e12 + 1, 0),
        (1, BESIDE, 0, np.inf, 0),
        (1, BESIDE, np.nan, 0, 0),
        (1, BESIDE, 0, 1, np.inf),
        (1, BESIDE, 0, 6e-6, 0.01),  # a cube root
    ],
)
def test_a_gap_that_may_be_continuous_is_no_jump(row: Any) -> None:
    assert jumps(row).jump() is None


def test_nothing_has_no_jump() -> None:
    assert jumps().jump() is None


@pytest.mark.parametrize(
    "row",
    [
        (0, 2.0**-300, 0, 1, 0),
        (1, BESIDE, 0, 7, 7),  # a single point
        (0, 2.0**-290, 0, 0.97, 1.9),  # an oscillation without end
        (1, 1 + 1e-9, 0, 1e40, 1e40),  # a pole
        (1, BESIDE, 0, 1e-3, 1e-3),
    ],
)
def test_each_kind_of_discontinuity_is_a_jump(row: Any) -> None:
    assert jumps(row).jump() is not None
