from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.grading.mutants.further import alike
from grader.kinds.registry import kinds
from grader.records import Call

plain = st.recursive(
    st.none() | st.text(max_size=3) | st.integers(-9, 9) | st.floats(allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=6,
)


@given(plain)
def test_a_value_is_like_itself(value: Any) -> None:
    assert alike(value, value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1.0, 2.0], np.array([1.0, 2.0])),
        (0.1 + 0.2, 0.3),
        ([[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]])),
        (float("nan"), np.array(float("nan"))),
        ({"a": [1.0]}, {"a": np.ones(1)}),
        (["saddle", np.ones(2)], ["saddle", [1, 1]]),
    ],
)
def test_values_that_differ_in_form_or_by_rounding_are_alike(one: Any, other: Any) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1.0, 2.0], [1.0, 2.1]),
        ([1.0, 2.0], [[1.0, 2.0]]),
        (1.0, float("nan")),
        ({"a": 1}, {"b": 1}),
        (["saddle"], ["maximum"]),
        ([[1, 2], [3]], [[1, 2], [4]]),
        (None, 0),
        ("1", 1),
    ],
)
def test_values_that_differ_are_not_alike(one: Any, other: Any) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


@pytest.mark.parametrize(
    ("kind", "arguments", "count"),
    [
        ("value", {"x": np.ones(2)}, 1),
        ("autograd_functions", {"cases": [[1.0], [2.0], [3.0]]}, 3),
        ("optimizer", {"steps": 50, "start": []}, 50),
        ("two_codings", {"generic": np.ones(40), "grid": np.ones(7)}, 40),
    ],
)
def test_a_call_may_try_several_inputs(kind: str, arguments: dict[str, Any], count: int) -> None:
    assert kinds()[kind].tried(Call("f", arguments)) == count


def test_only_networks_written_by_hand_are_tried_on_every_input() -> None:
    assert [name for name, kind in kinds().items() if kind.exhaustive] == ["hard_coded_network"]
