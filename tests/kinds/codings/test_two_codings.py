"""`two_codings`: one function, two derivatives; what is refused, and why."""

from __future__ import annotations

import warnings
from copy import deepcopy
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from grader.records import Failure, Observation, Outcome, Status
from tests.kinds import course
from tests.kinds.student import COURSE, Result, grade, judge, module, observe, part, plan, reference

PROBLEM = ("autodiff-basics", "p4-two-codings")
JUMP = course.asked(*PROBLEM)["p4-two-codings"]
SMOOTH = course.asked(*PROBLEM)["p4-extra"]
NONE = reference()


def f(x: Any) -> Any:
    return (2 * x * torch.sign(x) + 1) * torch.sign(x)


def g(x: Any) -> Any:
    if x > 0:
        return 2 * x + 1
    if x < 0:
        return 2 * x - 1
    return 2 * x


def jump(**names: Any) -> Result:
    return grade(JUMP, NONE, **{"p4_f": f, "p4_g": g, "p4_x0": 0.0, **names})


def line(x: Any) -> Any:
    return 2 * x


def smooth(first: Any, second: Any = line, x0: Any = 0.0) -> Result:
    return grade(SMOOTH, NONE, p4_smooth_f=first, p4_smooth_g=second, p4_smooth_x0=x0)


# ---- a jump: what passes -------------------------------------------------------------------------


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


@pytest.mark.parametrize("x0", [0, 0.0, np.float64(0), torch.tensor(0.0), np.array(0.0)])
def test_the_point_may_be_any_number(x0: Any) -> None:
    assert jump(p4_x0=x0).points == 6


def test_the_jump_may_be_elsewhere_than_the_point() -> None:
    def floor(x: Any) -> Any:
        return torch.floor(x)

    def sloped(x: Any) -> Any:
        return torch.floor(x) + (2 * (x - 0.5) if x == 0.5 else 0 * x)

    assert jump(p4_f=floor, p4_g=sloped, p4_x0=0.5).points == 6


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


# ---- a jump: what fails --------------------------------------------------------------------------


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


# ---- what is refused -----------------------------------------------------------------------------


class Own(torch.autograd.Function):
    @staticmethod
    def forward(_: Any, x: Any) -> Any:
        return 2 * x + torch.sign(x)

    @staticmethod
    def backward(_: Any, grad: Any) -> Any:
        return 2 * grad


def own_function(x: Any) -> Any:
    return Own.apply(x)  # type: ignore[no-untyped-call]


def with_hook(x: Any) -> Any:
    value = f(x)
    value.register_hook(lambda grad: grad + 2)
    return value


def without_graph(x: Any) -> Any:
    with torch.no_grad():
        value = f(x)
    return value + 2 * x - 2 * x


@torch.no_grad()
def decorated(x: Any) -> Any:
    return f(x)


def for_inference(x: Any) -> Any:
    with torch.inference_mode():
        value = float(f(x))
    return value + 0 * x


def detached(x: Any) -> Any:
    return f(x).detach() + 2 * (x - x.detach())


def through_item(x: Any) -> Any:
    return f(x).item() + 2 * x - 2 * x.item()


def through_float(x: Any) -> Any:
    return 0 * x + float(f(x))


def through_numpy(x: Any) -> Any:
    return 0 * x + torch.from_numpy(f(x).detach().numpy())


def through_a_list(x: Any) -> Any:
    return 0 * x + f(x).tolist()


def through_data(x: Any) -> Any:
    return 0 * x + f(x).data


def through_a_copy(x: Any) -> Any:
    return 0 * x + torch.tensor(f(x))


def into_data(x: Any) -> Any:
    value = 2 * x
    value.data = f(x).data
    return value


def without_gradient(x: Any) -> Any:
    return f(x.clone().detach_().requires_grad_(requires_grad=False)) + 0 * x


@pytest.mark.parametrize(
    ("coding", "mistake"),
    [
        (own_function, "custom-function"),
        (with_hook, "hook"),
        (without_graph, "no-grad"),
        (decorated, "no-grad"),
        (for_inference, "no-grad"),
        (detached, "detached"),
        (through_item, "detached"),
        (through_float, "detached"),
        (through_numpy, "detached"),
        (through_a_list, "detached"),
        (through_data, "detached"),
        (through_a_copy, "detached"),
        (into_data, "detached"),
        (without_gradient, "detached"),
    ],
)
def test_a_way_around_autograd_is_seen_when_it_runs(coding: Any, mistake: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of some of it
        result = jump(p4_g=lambda x: coding(x) if x != 0 else 2 * x)
    assert (result.status, result.points, result.mistake) == (Status.REFUSED, 0, mistake)
    assert result.summary.startswith("p4_g takes a ")
    assert "ordinary operations and branches" in result.summary


SOURCE = """
import torch

class Own(torch.autograd.Function):
    '''Not reached.'''

def p4_f(x):
    # no_grad, detach() and hooks are not code here
    return (2 * x * torch.sign(x) + 1) * torch.sign(x)

def p4_g(x):
    if x.data > 0:
        return 2 * x + 1
    return {}

p4_x0 = 0.0
"""


def checked(last: str) -> Result:
    seen = [Observation(Outcome.RETURNED, answer())]
    sources = {"solution.py": SOURCE.replace("{}", last).encode()}
    return judge(JUMP, NONE, plan(JUMP, NONE), seen, sources=sources)


def test_the_source_is_read_for_what_the_functions_reach() -> None:
    assert checked("2 * x - 1").points == 6
    result = checked("2 * x.detach() - 1")
    assert (result.status, result.points, result.mistake) == (Status.REFUSED, 0, "detached")
    assert result.summary == (
        "Line 14 of solution.py has x.detach(): what is detached counts as a constant, whatever "
        "the function is. The two codings are to differ in ordinary operations and branches only, "
        "so that it is the chain rule itself that goes astray."
    )
    assert checked("Own.apply(x)").mistake == "custom-function"


def test_the_reference_is_not_refused() -> None:
    planned = course.planned(*PROBLEM, "p4-two-codings")
    known = course.known(*PROBLEM)
    path = COURSE / "reference" / "autodiff_basics" / "p4_two_codings.py"
    seen = [observe(call, known.loaded) for call in planned.calls]
    sources = {"solution.py": path.read_bytes()}
    assert judge(JUMP, known, planned, seen, sources=sources).points == 6


# ---- differentiable ------------------------------------------------------------------------------


def test_the_extra_of_the_worked_solution_is_right() -> None:
    result = smooth(lambda x: 2 * x * torch.sign(x) * torch.sign(x))
    assert (result.status, result.points) == (Status.CORRECT, 2)


@pytest.mark.parametrize(
    ("first", "second", "x0"),
    [
        (lambda x: x**2, lambda x: x**2 if x != 0 else 3 * x, 0),
        (lambda x: torch.relu(x) - torch.relu(-x), lambda x: 1 * x, 0.0),
        (lambda x: x**3, lambda x: x**3 if x != -2 else -8 + 0 * x, -2),
        (torch.sin, lambda x: torch.sin(x) if x != 3 else np.sin(3.0) + 7 * (x - 3), 3.0),
        (
            lambda x: x**2 * torch.sin(1 / x) if x != 0 else 0 * x,
            lambda x: x**2 * torch.sin(1 / x) if x != 0 else x,
            0.0,
        ),
        (
            lambda x: x.abs() ** 1.5 if x != 0 else 0 * x,
            lambda x: x.abs() ** 1.5 if x != 0 else x,
            0.0,
        ),
        # It jumps, but elsewhere.
        (lambda x: x * (x < 1), lambda x: x * (x < 1) if x != 0 else 0 * x, 0.0),
        (lambda x: 1e6 * x, lambda x: 1e6 * x if x != 0 else x, 0.0),
    ],
)
def test_any_function_with_a_derivative_there_is_right(first: Any, second: Any, x0: Any) -> None:
    assert smooth(first, second, x0).points == 2


@pytest.mark.parametrize(
    "kinked",
    [
        torch.abs,
        torch.relu,
        lambda x: 1e-3 * torch.abs(x) + x,
        f,
        lambda x: x * torch.sin(1 / x) if x != 0 else 0 * x,
        lambda x: x.abs() ** 0.5 if x != 0 else 0 * x,
        lambda x: 5 + 0 * x if x == 0 else x,
    ],
)
def test_a_function_without_a_derivative_there_is_told(kinked: Any) -> None:
    result = smooth(kinked, lambda x: kinked(x) if x != 0 else kinked(x) + 4 * x)
    assert (result.status, result.points, result.mistake) == (
        Status.WRONG,
        0,
        "not-differentiable",
    )


def test_both_slopes_are_told_at_a_kink() -> None:
    assert smooth(torch.abs, torch.abs).summary == (
        "p4_smooth_f does not seem to be differentiable at x = 0: the slope of its secant over a "
        "step of 1e-06 is -1 to the left and 1 to the right."
    )


def test_one_derivative_twice_is_told_for_a_smooth_function() -> None:
    result = smooth(line)
    assert (result.points, result.mistake) == (0, "same-derivative")
    assert result.summary == (
        "At x = 0, autograd gives 2 for the derivatives of p4_smooth_f and p4_smooth_g alike; "
        "expected two different numbers."
    )


def test_different_functions_are_told_for_a_smooth_function() -> None:
    assert smooth(lambda x: 3 * x).mistake == "different-functions"


def test_a_derivative_that_is_not_finite_is_none() -> None:
    result = smooth(lambda x: torch.sqrt(x**4), lambda x: x**2)
    assert result.summary == (
        "At x = 0, autograd gives nan for the derivative of p4_smooth_f; expected a finite number."
    )


# ---- what cannot be tried ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"p4_g": None}, "solution.py has no p4_g."),
        ({"p4_x0": None}, "solution.py has no p4_x0."),
    ],
)
def test_what_is_missing_is_named(names: dict[str, Any], says: str) -> None:
    result = jump(**names)
    assert (result.status, result.summary) == (Status.MISSING, says)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"p4_x0": "zero"}, "p4_x0 is of type str; expected a number."),
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
    assert result.summary.startswith("p4_g(x) at x = 3.0")
    assert result.summary.endswith(": too large.")


def test_the_starter_is_missing_and_not_wrong() -> None:
    def untouched(_: Any) -> Any:
        raise NotImplementedError

    assert jump(p4_f=untouched).status is Status.MISSING


def test_a_call_that_gave_nothing_is_told() -> None:
    failure = Failure("AttributeError", "solution.py has no p4_f")
    seen = [Observation(Outcome.MISSING, failure=failure)]
    assert judge(JUMP, NONE, plan(JUMP, NONE), seen).summary == "solution.py has no p4_f."


@cache
def observed() -> Any:
    (call,) = plan(JUMP, NONE).calls
    return observe(call, module(p4_f=f, p4_g=g, p4_x0=0.0)).value


def answer() -> dict[str, Any]:
    found = deepcopy(observed())
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("key", ["x0", "x", "functions"])
@pytest.mark.parametrize("value", [None, "x", [1], {}, np.nan, np.zeros((2, 2)), np.array([])])
def test_any_answer_of_the_run_gets_a_verdict(key: str, value: Any) -> None:
    seen = [Observation(Outcome.RETURNED, {**answer(), key: value})]
    assert judge(JUMP, NONE, plan(JUMP, NONE), seen).status is Status.WRONG


@pytest.mark.parametrize("key", ["values", "slopes", "states", "jumps", "left", "cuts"])
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


def test_nan_in_an_answer_is_no_agreement() -> None:
    found = answer()
    found["functions"][1]["slopes"] = found["functions"][1]["slopes"] * np.nan
    result = judge(JUMP, NONE, plan(JUMP, NONE), [Observation(Outcome.RETURNED, found)])
    assert result.points == 4
    found["functions"][1]["values"] = found["functions"][1]["values"] * np.nan
    result = judge(JUMP, NONE, plan(JUMP, NONE), [Observation(Outcome.RETURNED, found)])
    assert result.points == 0


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
