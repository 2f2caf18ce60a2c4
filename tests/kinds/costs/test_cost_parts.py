"""The fields of a part of kind `cost`, and what its plan finds wrong."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from grader.errors import CourseError
from tests.kinds import student

from .costing import ALGORITHM, HALF, part, two


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"inputs": {"v": ["k"]}}, "found the size 'k'; sizes has n"),
        (
            {"growth": {"at_most": "log n", "points": 0}},
            "expected a polynomial in n; found 'log n'",
        ),
        ({"growth": {"at_most": "n +", "points": 0}}, "expected an expression in n; found 'n +'"),
        ({"memory": {"best": "2n log n", "points": 0}}, "expected a polynomial in n"),
        ({"surprise": 1}, "Extra inputs are not permitted"),
        ({"inputs": {}}, "at least 1 item"),
    ],
)
def test_a_fault_in_the_yaml_is_explained(fields: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as caught:
        part(fields)
    assert fault in str(caught.value)


def test_two_things_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="the name of 'value' stands twice"):
        part(algorithms=[ALGORITHM, ALGORITHM])
    clash = {"id": "memory", "answer": 1, "points": 0}
    with pytest.raises(ValidationError, match="the name of 'memory' stands twice"):
        part(numbers=[clash])
    number = {"id": "vector", "answer": 1, "points": 0}
    with pytest.raises(ValidationError, match="the name of 'vector' stands twice"):
        part(numbers=[number, number])


def test_the_mistakes_of_a_part_are_those_of_all_its_answers() -> None:
    number = {"name": "off-by-one", "answer": 2, "says": "One too many was counted."}
    asked = part(numbers=[{"id": "number", "answer": 1, "points": 0, "mistakes": [number]}])
    assert asked.known_mistakes() == ("half", "off-by-one")


def test_the_shares_of_a_part_are_those_of_its_checks() -> None:
    assert part().point_shares() == (HALF, HALF, HALF, HALF)
    assert sum(two().point_shares()) == Fraction(7, 2)
    assert [name for _, name in two().reference_names()] == ["product", "product"]


def test_a_reference_that_fails_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError, match="p1: the reference fails for product"):
        student.plan(part(), student.reference(product=lambda v: v))
    with pytest.raises(CourseError, match="p1: the reference gives"):
        student.plan(part(), student.reference(product=lambda v, y: v + y * np.inf))
