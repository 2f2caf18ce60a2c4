"""How the arguments of a case are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.kinds.inputs import draw, draw_group

from .student import part


def drawn(spec: dict[str, Any], **given: Any) -> list[Any]:
    asked = part("value", function="h", inputs={"x": spec}, **given)
    return [case["x"] for case in draw(asked, np.random.default_rng(0))]


def test_the_own_cases_of_a_part_come_first_and_the_random_ones_after() -> None:
    cases = drawn({"normal": [2]}, also=[{"x": [1, 2]}], cases={"count": 3})
    np.testing.assert_array_equal(cases[0], [1, 2])
    assert len(cases) == 4


def test_numbers_without_a_shape_are_plain_python_numbers() -> None:
    assert all(type(x) is float for x in drawn({"normal": []}))
    assert all(type(x) is int for x in drawn({"integers": {"low": 0, "high": 3}}))


def test_integers_reach_both_ends_and_nothing_beyond() -> None:
    numbers = drawn({"integers": {"low": -1, "high": 1, "shape": [4]}})
    assert set(np.concatenate(numbers)) == {-1, 0, 1}
    assert numbers[0].dtype.kind == "i"


def test_a_uniform_number_may_have_either_sign() -> None:
    numbers = drawn({"uniform": {"low": 0.2, "high": 4, "signs": "both"}}, cases={"count": 200})
    assert all(0.2 <= abs(x) < 4 for x in numbers)
    assert min(numbers) < 0 < max(numbers)


def test_a_fixed_value_is_the_same_in_every_case() -> None:
    assert drawn({"value": 3}, cases={"count": 2}) == [3.0, 3.0]


@pytest.mark.parametrize(("given", "kind"), [([0, 1], "i"), (2, int)])
def test_an_own_case_of_whole_numbers_keeps_them_whole(given: Any, kind: Any) -> None:
    (x,) = drawn({"integers": {"low": 0, "high": 3}}, also=[{"x": given}], cases={"count": 0})
    assert type(x) is kind if isinstance(kind, type) else x.dtype.kind == kind


def test_an_own_case_of_real_numbers_is_in_double_precision() -> None:
    vector, number = drawn({"normal": []}, also=[{"x": [1, 2]}, {"x": 1}], cases={"count": 0})
    assert vector.dtype == np.float64
    assert type(number) is float


def test_without_inputs_there_is_a_single_case() -> None:
    asked = part("value", function="h")
    assert draw(asked, np.random.default_rng(0)) == [{}]


def test_named_sizes_are_drawn_for_every_case_and_shared_by_its_inputs() -> None:
    inputs = {
        "W": {"normal": ["k", "d"]},
        "X": {"uniform": {"low": 0, "high": 1, "shape": [3, "d"]}},
        "y": {"integers": {"low": 0, "high": "k", "shape": [3]}},
    }
    sizes = {"k": [1, 3], "d": [2, 4]}
    asked = part("value", function="h", inputs=inputs, sizes=sizes, cases={"count": 100})
    cases = draw(asked, np.random.default_rng(0))
    assert {case["W"].shape[0] for case in cases} == {1, 2, 3}
    assert {case["W"].shape[1] for case in cases} == {2, 3, 4}
    assert all(case["X"].shape == (3, case["W"].shape[1]) for case in cases)
    assert all(case["y"].max() <= case["W"].shape[0] for case in cases)
    assert any(case["y"].max() == case["W"].shape[0] for case in cases)


def test_a_group_draws_its_own_inputs_and_takes_the_others_from_the_part() -> None:
    inputs = {"x": {"normal": [2]}, "y": {"value": 3}}
    group = {"name": "Large", "points": 1, "count": 4}
    large = {"x": {"uniform": {"low": 900, "high": 1000, "shape": [2]}}}
    asked = part("value", function="h", inputs=inputs, groups=[{**group, "inputs": large}])
    cases = draw_group(asked, asked.groups[0], np.random.default_rng(0))
    assert len(cases) == 4
    assert all(case["x"].min() >= 900 and case["y"] == 3 for case in cases)


RANGES = {"n": [2, 4], "d": [1, 3], "one": [5, 5]}


def shapes(cases: Any) -> list[Any]:
    return [case["x"].shape for case in cases]


def test_the_first_hidden_cases_take_the_corners_of_the_sizes() -> None:
    asked = part(
        "value",
        function="h",
        sizes=RANGES,
        inputs={"x": {"normal": ["n", "d", "one"]}},
        cases={"count": 10, "visible": 3},
    )
    found = shapes(draw(asked, np.random.default_rng(0)))
    assert len(found) == 10
    assert found[3:7] == [(2, 1, 5), (4, 3, 5), (2, 3, 5), (4, 1, 5)]


def test_own_cases_count_among_the_visible_ones_and_groups_have_none() -> None:
    asked = part(
        "value",
        function="h",
        sizes=RANGES,
        inputs={"x": {"normal": ["n", "d"]}},
        also=[{"x": [[1, 2]]}],
        cases={"count": 4, "visible": 1},
        groups=[{"name": "large", "points": 1, "inputs": {}, "count": 2}],
    )
    assert shapes(draw(asked, np.random.default_rng(0)))[1:] == [(2, 1), (4, 3), (2, 3), (4, 1)]
    assert shapes(draw_group(asked, asked.groups[0], np.random.default_rng(0))) == [(2, 1), (4, 3)]
