"""What two codings did, as it is read from what came back."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.kinds.codings.coding_records import Coding, read


def answer(**changed: Any) -> dict[str, Any]:
    one = {
        "values": np.array([3.0, 1.0, 2.0]),
        "slopes": np.array([1.0, np.nan, 0.0]),
        "states": np.array([0, 1, 0]),
        "jumps": np.array([[0.0, 5e-324, 0.0, 1.0]]),
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


def jumps(*rows: tuple[float, float, float, float]) -> Coding:
    nothing = np.zeros(1)
    return Coding("f", nothing, nothing, nothing, np.array(rows).reshape(-1, 4), 0, ())


def test_a_jump_is_between_neighbouring_numbers() -> None:
    beside = np.nextafter(1.0, 2)
    jump = jumps((0, 1, 0, 9), (1, beside, 0, 1), (1, beside, 0, 3)).jump()
    assert jump is not None
    assert jump.tolist() == [1, beside, 0, 3]
    assert jumps((0, 1, 0, 9)).jump() is None
    assert jumps((1, beside, 0, 1e-7)).jump() is None
    assert jumps((1, beside, 1e12, 1e12 + 1)).jump() is None
    assert jumps((1, beside, 0, np.inf), (1, beside, np.nan, 0)).jump() is None
    assert jumps().jump() is None
