from __future__ import annotations

import pytest
from pydantic import ValidationError

from grader.spec.functions import FunctionPart, InputSpec

PART = {
    "id": "a",
    "kind": "value",
    "title": "t",
    "points": 1,
    "function": "f",
    "inputs": {"x": {"normal": [2]}},
}


@pytest.mark.parametrize("value", [0.5, -1.5, [], [1, 2], [[1, 2], [3, 4.5]], [[]], float("nan")])
def test_numbers_and_arrays_of_numbers_can_be_inputs(value: object) -> None:
    assert repr(InputSpec.model_validate({"value": value}).value) == repr(value)


@pytest.mark.parametrize(
    "value", ["1", True, [True], ["a"], [1, [2]], [[1], 2], [[1, 2], [3]], [[1], []], {}]
)
def test_what_forms_no_array_cannot_be_an_input(value: object) -> None:
    with pytest.raises(ValidationError):
        InputSpec.model_validate({"value": value})


@pytest.mark.parametrize(
    "spec",
    [
        {"normal": []},
        {"normal": [2, 0]},
        {"uniform": {"low": 0, "high": 1e-9, "shape": [3], "signs": "both"}},
        {"integers": {"low": 3, "high": 3}},
        {"integers": {"low": -(2**63), "high": 2**63 - 1}},
    ],
)
def test_an_input_can_be_drawn_in_one_way(spec: object) -> None:
    assert InputSpec.model_validate(spec).model_dump(exclude_none=True, exclude_unset=True) != {}


@pytest.mark.parametrize(
    "changes",
    [
        {"cases": {"count": 1}},
        {"cases": {"count": 0}, "also": [{"x": 1}]},
        {"cases": {"count": 0}, "inputs": {}},
    ],
)
def test_a_part_with_a_case_is_accepted(changes: dict[str, object]) -> None:
    assert FunctionPart.model_validate(PART | changes).function == "f"
