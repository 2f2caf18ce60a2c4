"""Examples of declared mistakes, as an audit asks a kind for them."""

from __future__ import annotations

import numpy as np
import pytest

from grader.kinds.base import PartPlan, Planning
from grader.kinds.registry import kinds
from grader.records import Outcome, Status

from .student import judge, part, plan, reference

SAYS = "This is not what was asked for."


def squared(x: np.ndarray) -> np.ndarray:
    return np.asarray(x) ** 2


def halved(x: np.ndarray) -> np.ndarray:
    if np.max(np.abs(x)) > 100:
        raise OverflowError("too large")
    return np.asarray(x) / 2


COURSE = reference(double=lambda x: 2 * np.asarray(x), squared=squared, halved=halved)
MISTAKES = [
    {"name": "squared", "function": "squared", "says": SAYS},
    {"name": "halved", "function": "halved", "says": SAYS, "credit": "1/2"},
]
BASE = {"of": "double", "function": "double", "inputs": {"x": {"normal": [2]}}}


def test_each_example_is_recognised_as_its_mistake() -> None:
    asked = part("value", **BASE, mistakes=MISTAKES)
    planned = plan(asked, COURSE)
    examples = kinds()["value"].mistaken(asked, planned, Planning(COURSE, 0))
    assert [example.mistake for example in examples] == ["squared", "halved"]
    for example, points in zip(examples, (0, 1), strict=True):
        assert len(example.observations) == len(planned.calls)
        result = judge(asked, COURSE, planned, example.observations)
        assert (result.mistake, result.points) == (example.mistake, points)


def test_a_part_without_mistakes_has_no_examples() -> None:
    asked = part("value", **BASE)
    assert kinds()["value"].mistaken(asked, plan(asked, COURSE), Planning(COURSE, 0)) == []


def test_a_mistake_is_made_in_the_groups_too_and_may_fail_there() -> None:
    large = {"uniform": {"low": 200, "high": 300, "shape": [2]}}
    group = {"name": "large numbers", "points": 1, "count": 2, "inputs": {"x": large}}
    asked = part("value", **BASE, mistakes=MISTAKES, groups=[group])
    planned = plan(asked, COURSE)
    power, half = kinds()["value"].mistaken(asked, planned, Planning(COURSE, 0))
    assert {seen.outcome for seen in power.observations} == {Outcome.RETURNED}
    assert [seen.outcome for seen in half.observations[-2:]] == [Outcome.RAISED] * 2
    for example in (power, half):
        result = judge(asked, COURSE, planned, example.observations)
        assert result.mistake == example.mistake
        assert result.status is not Status.CORRECT


def test_a_kind_that_cannot_give_examples_says_so() -> None:
    asked = part("stationary_points", of="double", all_points="double", function="points")
    with pytest.raises(NotImplementedError):
        kinds()["stationary_points"].mistaken(asked, PartPlan(), Planning(COURSE, 0))
