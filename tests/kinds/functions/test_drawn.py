"""Inputs that a function of the reference draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from grader.errors import CourseError
from grader.kinds.base import Planning
from grader.kinds.functions.drawn import inputs_of
from tests.kinds.student import part, reference


def rows(rng: np.random.Generator, sizes: dict[str, int]) -> dict[str, Any]:
    return {"x": rng.normal(size=sizes["n"]), "k": sizes["n"]}


COURSE = reference(f=lambda x, k: x * k, rows=rows, other=lambda _rng, _sizes: {"z": 1.0})


def asked(**given: Any) -> Any:
    base = {"of": "f", "function": "q", "draw": "rows", "sizes": {"n": [2, 4]}}
    return part("vjp", **{**base, **given})


def drawn(spec: Any) -> list[dict[str, Any]]:
    return inputs_of(spec, Planning(COURSE, 0), np.random.default_rng(0))


def test_the_function_gets_the_sizes_and_gives_the_inputs_by_name() -> None:
    cases = drawn(asked(cases={"count": 30}))
    assert len(cases) == 30
    assert all(len(case["x"]) == case["k"] for case in cases)
    assert {case["k"] for case in cases} == {2, 3, 4}


def test_own_cases_come_first_with_the_inputs_in_the_order_of_the_function() -> None:
    cases = drawn(asked(also=[{"k": 1, "x": [1, 2]}], cases={"count": 1}))
    assert [list(case) for case in cases] == [["x", "k"], ["x", "k"]]
    np.testing.assert_array_equal(cases[0]["x"], [1, 2])


def test_own_cases_alone_will_do() -> None:
    assert len(drawn(asked(also=[{"x": [1], "k": 1}], cases={"count": 0, "visible": 1}))) == 1


def test_own_cases_and_the_function_have_to_agree_on_the_inputs() -> None:
    with pytest.raises(CourseError, match="p1: other and the cases under 'also' name other inputs"):
        drawn(asked(draw="other", also=[{"x": [1], "k": 1}]))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"inputs": {"x": {"normal": [2]}}}, "expected either inputs or draw: rows draws every"),
        ({"draw": None}, "it has no inputs; expected inputs, or draw"),
        ({"cases": {"count": 0}}, "it has no case; expected a count above 0"),
        ({"also": [{"x": [1]}, {"y": [1]}]}, "a case under 'also' gives y; expected x"),
        (
            {"draw": None, "inputs": {"x": {"normal": [2]}}, "also": [{"y": [1]}]},
            "a case under 'also' gives y; expected x",
        ),
    ],
)
def test_a_part_that_does_not_fit_together_is_refused(given: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        asked(**given)


def test_groups_are_refused() -> None:
    group = {"name": "large", "points": 1, "inputs": {"x": {"normal": [3]}}}
    with pytest.raises(ValidationError, match="groups are for kinds that call a single function"):
        asked(draw=None, inputs={"x": {"normal": [2]}}, groups=[group])


def test_the_function_that_draws_is_looked_for_in_the_reference() -> None:
    assert (("draw",), "rows") in list(asked().reference_names())
