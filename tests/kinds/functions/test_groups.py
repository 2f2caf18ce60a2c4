"""Groups of cases: what came back is told apart array by array."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.kinds.functions.groups import Case, compared, separated, tell_apart
from tests.kinds.student import part

ZEROS = {"float64": np.zeros(2), "float32": np.zeros(2)}
PAIR = Case("", "f", {}, ("By x", "By y"), (np.ones(2), np.full(2, 2.0)), (ZEROS, ZEROS))


@pytest.mark.parametrize(
    ("value", "shapes", "found"),
    [
        ([1.0, 2.0], [(2,)], [[1.0, 2.0]]),
        ([[1.0, 2.0]], [(2,)], [[1.0, 2.0]]),
        ([[[1.0], [2.0, 3.0]]], [(2,)], [[[[1.0], [2.0, 3.0]]]]),
        ([1, 2], [(), ()], [1, 2]),
        ([1, 2, 3], [(), ()], None),
        (None, [(), ()], None),
    ],
)
def test_a_value_is_separated_into_as_many_items_as_there_are_shapes(
    value: Any, shapes: Any, found: Any
) -> None:
    assert separated(value, shapes) == found


def test_several_arrays_of_one_shape_may_come_as_one() -> None:
    rows = separated(np.array([[1.0, 1.0], [2.0, 2.0]]), [(2,), (2,)])
    assert rows is not None
    assert [row.tolist() for row in rows] == [[1, 1], [2, 2]]
    assert separated(np.ones((2, 2)), [(2,), (3,)]) is None
    assert separated(np.ones((3, 2)), [(2,), (2,)]) is None


def test_arrays_in_the_wrong_order_are_both_wrong() -> None:
    result = compared([np.full(2, 2.0), np.ones(2)], PAIR, None)
    assert not result.right
    assert [item.right for item in result.parts] == [False, False]
    assert result.message.startswith("By x: 2 of 2 entries differ")


def test_single_precision_anywhere_is_the_precision_of_all() -> None:
    close = [np.ones(2, np.float32), np.full(2, 2.0) + 5e-6]
    assert compared(close, PAIR, None).right
    assert not compared([np.ones(2), np.full(2, 2.0) + 5e-6], PAIR, None).right


def test_nothing_is_right_where_the_arrays_cannot_be_told_apart() -> None:
    assert not compared(np.ones(3), PAIR, None).right


def test_a_mistake_that_fails_everywhere_tells_nothing_apart() -> None:
    mistake = {"name": "never", "function": "g", "says": "It always stops there."}
    asked = part("vjp", of="f", function="f", inputs={"x": {"normal": [2]}}, mistakes=[mistake])
    case = Case("", "f", {}, (), (np.ones(2),), (ZEROS,), {"never": None})
    with pytest.raises(Exception, match="'never' equals the right answer in every case"):
        tell_apart(asked, asked.mistakes, [case])
