"""Codings that cannot be tried, and answers of a run that cannot be trusted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.records import Failure, Observation, Outcome, Status
from tests.kinds.codings.coded import (
    JUMP,
    NONE,
    SMOOTH,
    answer,
    f,
    g,
    jump,
)
from tests.kinds.student import grade, judge, plan


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"p4_g": None}, "solution.py has no p4_g."),
    ],
)
def test_what_is_missing_is_named(names: dict[str, Any], says: str) -> None:
    result = jump(**names)
    assert (result.status, result.summary) == (Status.MISSING, says)


def test_a_point_that_is_missing_is_named() -> None:
    result = grade(JUMP, NONE, p4_f=f, p4_g=g)
    assert (result.status, result.summary) == (Status.MISSING, "solution.py has no p4_x0.")


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"p4_x0": "zero"}, "p4_x0 is of type str; expected a number."),
        ({"p4_x0": None}, "p4_x0 is None; expected a number."),
        ({"p4_x0": np.zeros(2)}, "p4_x0 is of type numpy.ndarray; expected a number."),
        (
            {"p4_x0": 10**400},
            "p4_x0 is not finite; expected a point at which both functions can be tried.",
        ),
        (
            {"p4_x0": np.inf},
            "p4_x0 is not finite; expected a point at which both functions can be tried.",
        ),
        (
            {"p4_f": lambda x: x * torch.ones(3)},
            "p4_f(x) at x = 0 returned a tensor of shape (3,); expected one number.",
        ),
        (
            {"p4_g": lambda x: [x]},
            ("p4_g(x) at x = 0 returned a value of type list; expected a tensor with one number."),
        ),
    ],
)
def test_what_is_no_number_is_told(names: dict[str, Any], says: str) -> None:
    result = jump(**names)
    assert (result.status, result.points, result.summary) == (Status.WRONG, 0, says)


def test_an_exception_is_told_with_the_point() -> None:
    def stops(x: Any) -> Any:
        if x > 3:
            raise ValueError("too large")
        return g(x)

    result = jump(p4_g=stops)
    assert result.status is Status.CRASHED
    assert result.summary.startswith("p4_g(x) at x = 3.0000000000000004 ")
    assert result.summary.endswith(": too large.")


def test_the_starter_is_missing_and_not_wrong() -> None:
    def untouched(_: Any) -> Any:
        raise NotImplementedError

    assert jump(p4_f=untouched).status is Status.MISSING


def test_a_call_that_gave_nothing_is_told() -> None:
    failure = Failure("AttributeError", "solution.py has no p4_f")
    seen = [Observation(Outcome.MISSING, failure=failure)]
    assert judge(JUMP, NONE, plan(JUMP, NONE), seen).summary == "solution.py has no p4_f."


@pytest.mark.parametrize("key", ["x0", "x", "functions"])
@pytest.mark.parametrize("value", [None, "x", [1], {}, np.nan, np.zeros((2, 2)), np.array([])])
def test_any_answer_of_the_run_gets_a_verdict(key: str, value: Any) -> None:
    seen = [Observation(Outcome.RETURNED, {**answer(), key: value})]
    assert judge(JUMP, NONE, plan(JUMP, NONE), seen).status is Status.WRONG


@pytest.mark.parametrize(
    "key", ["values", "slopes", "states", "jumps", "left", "cuts", "secants", "rounded"]
)
@pytest.mark.parametrize("value", [None, "x", np.zeros((2, 2)), np.zeros(3), {}])
def test_any_answer_about_one_function_gets_a_verdict(key: str, value: Any) -> None:
    found = answer()
    found["functions"][0][key] = value
    seen = [Observation(Outcome.RETURNED, found)]
    result = judge(JUMP, NONE, plan(JUMP, NONE), seen)
    assert (result.status, result.summary) == (
        Status.WRONG,
        "What came back from the run cannot be read.",
    )


@pytest.mark.parametrize(
    "stopped",
    [{}, {"x": "a", "function": 3}, {"shape": "a", "frames": 7}, {"frames": [[1, 2], ["a"] * 4]}],
)
def test_any_account_of_a_stop_gets_a_verdict(stopped: Any) -> None:
    seen = [Observation(Outcome.RETURNED, {"stopped": stopped})]
    assert judge(JUMP, NONE, plan(JUMP, NONE), seen).status is Status.CRASHED


@pytest.mark.parametrize("key", ["values", "slopes", "states", "jumps", "secants"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308, -5.0])
def test_any_numbers_in_an_answer_get_a_verdict(key: str, value: float) -> None:
    found = answer()
    for one in found["functions"]:
        one[key] = np.full(np.shape(one[key]), value)
    found["functions"][0]["says"] = 7
    with np.errstate(all="ignore"):
        for asked in (JUMP, SMOOTH):
            seen = [Observation(Outcome.RETURNED, found)]
            assert judge(asked, NONE, plan(asked, NONE), seen).points <= asked.points


def test_nan_in_an_answer_is_no_agreement() -> None:
    found = answer()
    found["functions"][1]["slopes"] = found["functions"][1]["slopes"] * np.nan
    result = judge(JUMP, NONE, plan(JUMP, NONE), [Observation(Outcome.RETURNED, found)])
    assert result.points == 4
    found["functions"][1]["values"] = found["functions"][1]["values"] * np.nan
    result = judge(JUMP, NONE, plan(JUMP, NONE), [Observation(Outcome.RETURNED, found)])
    assert result.points == 0
