"""Gradients that torch is to compute: values, and that it was torch."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import CourseError
from grader.kinds.base import PartPlan
from grader.kinds.training.torch_gradients import TorchGradientsPart
from grader.messages import training as says
from grader.records import Observation, Outcome, Status
from tests.kinds.student import Result, grade, judge, part, plan, reference


def f(x: torch.Tensor, A: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return ((A @ x - b) ** 2).sum()


def by_hand(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
    return 2 * np.outer(A @ x - b, x), -2 * (A @ x - b)


COURSE = reference(f=f, by_hand=by_hand)
FIELDS: dict[str, Any] = {
    "function": "g",
    "of": "f",
    "wrt": ["A", "b"],
    "by_hand": "by_hand",
    "sizes": {"m": [1, 3], "n": [1, 4]},
    "inputs": {"x": {"normal": ["n"]}, "A": {"normal": ["m", "n"]}, "b": {"normal": ["m"]}},
    "cases": {"count": 6, "visible": 2},
}


@cache
def asked() -> TorchGradientsPart:
    made: TorchGradientsPart = part("torch_gradients", **FIELDS)
    return made


@cache
def planned() -> PartPlan:
    return plan(asked(), COURSE)


def graded(function: Callable[..., Any]) -> Result:
    return grade(asked(), COURSE, g=function)


def leaves(*arrays: np.ndarray, dtype: torch.dtype = torch.float64) -> list[torch.Tensor]:
    return [torch.tensor(array, dtype=dtype, requires_grad=True) for array in arrays]


def by_torch(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
    A_, b_ = leaves(A, b)
    f(torch.tensor(x), A_, b_).backward()  # type: ignore[no-untyped-call]
    return A_.grad, b_.grad


def by_func(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
    return torch.func.grad(f, argnums=(1, 2))(*map(torch.tensor, (x, A, b)))


def as_dict(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
    return dict(zip(("A", "b"), by_torch(x, A, b), strict=True))


def as_g(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
    return dict(zip(("b.g", "A.g"), by_torch(x, A, b)[::-1], strict=True))


def as_arrays(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
    return [item.numpy().tolist() for item in by_torch(x, A, b)]


def in_single(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
    A_, b_ = leaves(A, b, dtype=torch.float32)
    loss = f(torch.tensor(x, dtype=torch.float32), A_, b_)
    return torch.autograd.grad(loss, [A_, b_])


@pytest.mark.parametrize("function", [by_torch, by_func, as_dict, as_g, as_arrays, in_single])
def test_any_way_and_any_form_is_right(function: Callable[..., Any]) -> None:
    result = graded(function)
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary == f"Right in all 6 cases. {says.GRADIENTS_RIGHT}"


def test_right_values_without_autograd_are_wrong_and_told_why() -> None:
    result = graded(by_hand)
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary == says.BY_HAND
    assert [report.right for report in result.visible] == [False, False]
    assert result.visible[0].message == says.BY_HAND


def test_wrong_values_without_autograd_are_told_both() -> None:
    def rough(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
        first, second = by_hand(x, A, b)
        return first + 0.1 * np.abs(first) ** 1.5, second

    result = graded(rough)
    assert result.status is Status.WRONG
    assert result.summary.startswith("A: ")
    assert result.summary.endswith("torch's automatic differentiation did not run in the call.")


def test_a_constant_factor_is_named_with_its_gradient() -> None:
    def half(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
        first, second = by_torch(x, A, b)
        return first, second / 2

    result = graded(half)
    assert result.status is Status.WRONG
    assert result.summary.startswith("b: ")
    assert result.summary != result.visible[0].message


def test_swapped_gradients_are_wrong() -> None:
    result = graded(lambda x, A, b: by_torch(x, A, b)[::-1])
    assert result.status is Status.WRONG
    assert result.points == 0


@pytest.mark.parametrize(
    "returned", [None, 3.0, [], "x", {"A": 1.0}, [np.zeros(2)], np.zeros((3, 2))]
)
def test_what_is_no_list_of_gradients_is_told(returned: Any) -> None:
    def function(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
        by_torch(x, A, b)
        return returned

    result = graded(function)
    assert (result.status, result.visible[0].message) == (Status.WRONG, says.gradient_count(2))


def test_a_crash_is_told_with_its_line() -> None:
    result = graded(lambda x, A, b: by_torch(x, A, b)[5])
    assert result.status is Status.CRASHED
    assert result.summary.startswith("g stopped with IndexError")


def test_visible_cases_show_both() -> None:
    report = graded(by_torch).visible[0]
    assert report.right
    assert report.call.startswith("g(np.array([")
    assert report.observed.startswith("A: [[")
    assert "\nb: [" in report.expected


def test_a_self_check_without_visible_cases_says_so() -> None:
    empty = PartPlan((), (), 0)
    assert judge(asked(), COURSE, empty, []).status is Status.SKIPPED


def test_gradients_by_hand_that_disagree_are_a_fault_of_the_course() -> None:
    def off(x: np.ndarray, A: np.ndarray, b: np.ndarray) -> Any:
        first, second = by_hand(x, A, b)
        return first, -second

    with pytest.raises(CourseError, match="by_hand disagrees with automatic differentiation"):
        plan(asked(), reference(f=f, by_hand=off))


def test_a_gradient_that_is_not_finite_is_a_fault_of_the_course() -> None:
    def root(x: torch.Tensor, A: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return f(x, A, b) + torch.sqrt((0 * b).sum())

    fields = {**FIELDS, "by_hand": None}
    with pytest.raises(CourseError, match="a gradient that is not finite"):
        plan(part("torch_gradients", **fields), reference(f=root))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"wrt": ["C"]}, "wrt names 'C'; the inputs are x, A, b"),
        (
            {"mistakes": [{"name": "m", "function": "f", "says": "Something is off."}]},
            "expected neither mistakes nor groups: this kind has none",
        ),
    ],
)
def test_faults_of_the_model_are_explained(change: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        part("torch_gradients", **{**FIELDS, **change})


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["returned", "ran", "A", "b"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(value=garbage)
def test_a_forged_answer_is_never_a_fault(value: Any) -> None:
    seen = [Observation(Outcome.RETURNED, value)] * len(planned().calls)
    assert judge(asked(), COURSE, planned(), seen).points == 0
