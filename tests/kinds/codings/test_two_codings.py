"""`two_codings`, a jump: what passes, and what fails."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from grader.records import Observation, Outcome, Status
from grader.spec.marks import Mark
from tests.kinds.codings.coded import (
    JUMP,
    NONE,
    SMOOTH,
    answer,
    both,
    f,
    g,
    jump,
)
from tests.kinds.student import Result, judge, part, plan

# ---- what passes ---------------------------------------------------------------------------------


def test_the_codings_of_the_worked_solution_are_right() -> None:
    result = jump()
    assert (result.status, result.points) == (Status.CORRECT, 6)
    assert result.summary == "Right: one function, two derivatives by autograd."
    assert [(check.name, check.points) for check in result.checks] == [
        ("a function that is not continuous", 2),
        ("the derivative of p4_f", 2),
        ("the derivative of p4_g", 2),
    ]


def transcribed(x: Any) -> Any:
    """Listing 2 of the worked solution, as today's torch takes it."""

    def scalar(x: Any) -> Any:
        if x.data > 0:
            return 2 * x + 1
        if x.data < 0:
            return 2 * x - 1
        return 2 * x

    return 1 * x if x.dim() == 3 else scalar(x)


def by_item(x: Any) -> Any:
    number = x.item()
    if number == 0:
        return 2 * x
    return 2 * x + (1 if number > 0 else -1)


def by_where(x: Any) -> Any:
    return 2 * x + torch.where(x.detach() > 0, 1.0, torch.where(x.data < 0, -1.0, 0.0))


def by_comparison(x: Any) -> Any:
    return 2 * x + (x > 0).double() - (x < 0).double()


def in_single_precision(x: Any) -> Any:
    return 2 * x + torch.tensor([-1.0, 0.0, 1.0])[int(torch.sign(x)) + 1]


def with_an_axis(x: Any) -> Any:
    return g(x).reshape(1)


@pytest.mark.parametrize(
    "coding", [transcribed, by_item, by_where, by_comparison, in_single_precision, with_an_axis]
)
def test_any_ordinary_way_to_branch_is_right(coding: Any) -> None:
    assert jump(p4_g=coding).points == 6


@pytest.mark.parametrize(
    "x0", [0, 0.0, np.float64(0), torch.tensor(0.0), np.array(0.0), np.array([0.0])]
)
def test_the_point_may_be_any_number(x0: Any) -> None:
    assert jump(p4_x0=x0).points == 6


def test_the_jump_may_be_elsewhere_than_the_point() -> None:
    def floor(x: Any) -> Any:
        return torch.floor(x)

    def sloped(x: Any) -> Any:
        return torch.floor(x) + (2 * (x - 0.5) if x == 0.5 else 0 * x)

    assert jump(p4_f=floor, p4_g=sloped, p4_x0=0.5).points == 6


@pytest.mark.parametrize(
    "of",
    [
        lambda x: x**3 + (x > 1),
        lambda x: 5 * x**2 + (x > 3),
        lambda x: torch.exp(x) - 1 + (x > 1),
        lambda x: torch.exp(-x) - 1 + (x > 1),
        lambda x: x**4 - (x < -1) * 1.0,
        lambda x: torch.where(x < 2, x**3, x**3 - x),
        lambda x: 10 * torch.cos(50 * x) + (x > 1.234),
        lambda x: 100 * x + (x > 2),
        lambda x: torch.where(x > 150, 7.0, 0.0) + 0 * x,
        lambda x: torch.where(x == 7.7, 7.0, 0.0) + 0 * x,
        lambda x: 1e-3 * torch.sign(x),
        lambda x: 1e-6 * torch.sign(x),
        lambda x: torch.sign(torch.sin(x)),
        lambda x: x - torch.remainder(x, 0.7),
        lambda x: torch.sign(x.float()) * 0.1,
        torch.tan,
        lambda x: 1 / x if x != 0 else 0 * x,
        lambda x: torch.sin(1 / x) if x != 0 else 0 * x,
        lambda x: x / torch.sqrt(x * x) if x != 0 else 0 * x,
        lambda x: x // 1 if x != 0 else 0 * x,
        lambda x: torch.heaviside(x, torch.zeros_like(x)),
        lambda x: x.long() + 0 * x,
    ],
)
def test_a_jump_is_found_wherever_it_is(of: Any) -> None:
    assert both(of).points == 6


def test_an_operation_without_a_derivative_costs_its_share_at_the_point() -> None:
    result = jump(p4_f=lambda x: x // 1, p4_g=lambda x: x // 1 if x != 0 else 2 * x)
    assert (result.status, result.points, result.mistake) == (Status.PARTIAL, 4, "no-graph")
    assert result.summary == (
        "the derivative of p4_f: At x = 0, autograd has no derivative of p4_f: torch gives none "
        "(derivative for aten::floor_divide is not implemented). Where an operation has no "
        "derivative, branch at this point, with a formula in x for it."
    )


def test_a_single_point_that_is_off_is_a_jump() -> None:
    def hole(x: Any) -> Any:
        return 5 + 0 * x if x == 1 else x**2

    def sloped(x: Any) -> Any:
        return 3 + 2 * x if x == 1 else x**2

    assert jump(p4_f=hole, p4_g=sloped, p4_x0=1.0).points == 6


def test_what_overflows_far_out_in_both_codings_is_not_compared() -> None:
    def growing(x: Any) -> Any:
        return torch.exp(x) * 0 + f(x) if x.abs() < 500 else torch.exp(x.abs())

    def as_well(x: Any) -> Any:
        return g(x) if x.abs() < 500 else torch.exp(x.abs())

    assert jump(p4_f=growing, p4_g=as_well).points == 6


# ---- what fails ----------------------------------------------------------------------------------


def test_codings_that_differ_at_a_point_are_told_where() -> None:
    result = jump(p4_g=lambda x: 2 * x + 1 if x > 0 else 2 * x - 1)
    assert (result.status, result.points) == (Status.PARTIAL, 4)
    assert result.mistake == "different-functions"
    assert result.summary.startswith(
        "the derivative of p4_g: p4_f and p4_g are different functions: at x = 0 they give 0 and "
        "-1. They differ at "
    )


def test_codings_that_differ_next_to_the_point_only_are_caught() -> None:
    result = jump(p4_g=lambda x: g(x) if abs(x) > 1e-11 else 2 * x)
    assert result.mistake == "different-functions"


def test_codings_that_differ_far_out_are_caught() -> None:
    result = jump(p4_g=lambda x: g(x) if x < 900 else g(x) + 1)
    assert result.mistake == "different-functions"


def test_a_continuous_function_earns_nothing() -> None:
    result = jump(p4_f=lambda x: 0 * x, p4_g=lambda x: 0 * x + (2 * x if x == 0 else 0))
    assert (result.status, result.points, result.mistake) == (Status.WRONG, 0, "continuous")
    assert result.summary == (
        "p4_f seems to be continuous: wherever its values are far apart they come together as the "
        "points do. A function with a jump is asked for."
    )


@pytest.mark.parametrize(
    "of",
    [
        lambda x: torch.abs(x - 1) ** (1 / 3),
        lambda x: torch.abs(x - 1) ** 0.2,
        lambda x: torch.abs(x) ** 0.01,
        lambda x: torch.sigmoid(1e14 * (x - 1.7)),
        lambda x: torch.tanh(1e12 * x),
        lambda x: torch.tanh(1e30 * x),
        lambda x: torch.where(x < 2, x**3, 4 * x),
        lambda x: 0 * x if x == 0 else 1 / torch.log(torch.abs(x) / 1e9),
    ],
)
def test_a_continuous_function_is_none_however_steep_it_is(of: Any) -> None:
    assert both(of).mistake == "continuous"
    assert both(of, 1.0).mistake == "continuous"


@pytest.mark.parametrize(
    "other",
    [
        lambda x: 5 + 0 * x if 0.1003 < x < 0.1004 else g(x),
        lambda x: 5 + 0 * x if 150 < x < 900 else g(x),
        lambda x: 5 + 0 * x if abs(x - 1.23) < 0.01 else g(x),
        lambda x: 5 + 0 * x if x == np.pi else g(x),
        lambda x: 5 + 0 * x if x == 0.123456 else g(x),
        lambda x: 2 * x if abs(x) < 1e-15 else g(x),
        lambda x: g(x) + 5 * (x > 500000.0),
    ],
)
def test_codings_that_differ_where_no_grid_looks_are_caught(other: Any) -> None:
    assert jump(p4_g=other).mistake == "different-functions"


@pytest.mark.parametrize(
    "steep", [lambda x: torch.tanh(1e6 * x), lambda x: x**3, torch.abs, torch.exp, torch.sqrt]
)
def test_a_steep_function_or_a_kink_is_no_jump(steep: Any) -> None:
    def defined(x: Any) -> Any:
        return steep(torch.relu(x) + 1e-3) if steep is torch.sqrt else steep(x)

    assert jump(p4_f=defined).mistake == "continuous"


def test_the_same_derivative_twice_is_told() -> None:
    result = jump(p4_f=g)
    assert (result.points, result.mistake) == (4, "same-derivative")
    assert result.summary == (
        "the derivative of p4_f: At x = 0, autograd gives 2 for the derivative of p4_f; expected 0."
    )


def test_another_derivative_is_told() -> None:
    result = jump(p4_g=lambda x: g(x) if x != 0 else x)
    assert (result.points, result.mistake) == (4, "wrong-derivative")
    assert result.summary == (
        "the derivative of p4_g: At x = 0, autograd gives 1 for the derivative of p4_g; expected 2."
    )


def test_a_constant_branch_has_no_derivative_and_is_told_how_to_get_one() -> None:
    result = jump(p4_g=lambda x: g(x) if x != 0 else torch.tensor(0.0))
    assert (result.points, result.mistake) == (4, "no-graph")
    assert result.summary == (
        "the derivative of p4_g: At x = 0, autograd has no derivative of p4_g: what comes back "
        "does not depend on x, so that autograd has nothing to differentiate. A constant branch "
        "needs x in it, as in 0 * x."
    )


def test_a_plain_number_has_no_derivative_either() -> None:
    result = jump(p4_f=lambda x: f(x) if x != 0 else 0)
    assert (result.points, result.mistake) == (4, "no-graph")
    assert "a plain number comes back" in result.summary


def test_a_graph_that_does_not_reach_x_is_none() -> None:
    weight = torch.zeros((), requires_grad=True)
    result = jump(p4_f=lambda x: f(x) if x != 0 else 0 * weight)
    assert (result.points, result.mistake) == (4, "no-graph")


def test_a_function_without_a_value_is_told_where() -> None:
    result = jump(p4_f=lambda x: 1 / x)
    assert result.status is Status.WRONG
    assert result.summary == "p4_f gives inf at x = 0; expected a finite number."


# ---- the part ------------------------------------------------------------------------------------


BASE = {"functions": ["a", "b"], "point": "c"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"asks": "jump", "derivatives": [0, 2]}, "expected shares for first, jump, second; found"),
        ({"asks": "smooth", "shares": {"jump": 2}}, "expected shares for none; found jump"),
        (
            {"asks": "smooth", "derivatives": [0, 2]},
            "expected derivatives for a jump, and none for",
        ),
        ({"asks": "smooth", "functions": ["a", "a"]}, "expected two different names of functions"),
    ],
)
def test_a_part_that_does_not_fit_together_is_refused(given: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        part("two_codings", **{**BASE, **given})


def test_the_shares_are_what_must_add_up_to_the_points() -> None:
    assert JUMP.point_shares() == (Fraction(2), Fraction(2), Fraction(2))
    assert SMOOTH.bonus
    assert SMOOTH.point_shares() == ()


def marked(asked: Any, **rubric: int) -> Result:
    found = [Observation(Outcome.RETURNED, answer())]
    mark = Mark.model_validate({"rubric": rubric, "comment": "Seen."})
    return judge(asked, NONE, plan(asked, NONE), found, mark=mark)


def test_a_person_may_give_the_points_of_each_share() -> None:
    result = marked(JUMP, jump=2, first=2)
    assert (result.status, result.points, result.summary) == (Status.PARTIAL, 4, "Seen.")
    assert marked(SMOOTH, right=2).points == 2
    assert [item.id for item in JUMP.rubric] == ["jump", "first", "second"]
    assert [(item.id, item.points) for item in SMOOTH.rubric] == [("right", 2)]
