"""`vjp` and `jvp`: what passes, which wrong answers are known, and what a random vector shows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import CourseError
from grader.kinds.base import PartPlan
from grader.records import Observation, Outcome, Status
from tests.kinds import course
from tests.kinds.student import Result, grade, judge, part, plan, reference, texts


def divide(X: Any, Y: Any) -> Any:
    return X / Y


def right(X: Any, Y: Any, grad: Any) -> Any:
    return grad / Y, -grad * X / Y**2


def without_grad(X: Any, Y: Any, grad: Any) -> Any:
    del grad
    return 1 / Y, -X / Y**2


INPUTS = {
    "X": {"normal": [2, 3]},
    "Y": {"uniform": {"low": 0.5, "high": 2, "signs": "both", "shape": [2, 3]}},
}
COURSE = reference(divide=divide, without_grad=without_grad)
MISTAKE = {
    "name": "gradient-missing",
    "function": "without_grad",
    "says": "The factor grad is missing.",
    "credit": "1/4",
}


def vjp(**given: Any) -> Any:
    return part("vjp", **{"of": "divide", "function": "q", "inputs": INPUTS, **given})


def graded(function: Any, **given: Any) -> Result:
    return grade(vjp(**given), COURSE, q=function)


# ---- a single function ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        tuple,
        list,
        np.array,
        lambda pair: [torch.tensor(item) for item in pair],
        lambda pair: [item.tolist() for item in pair],
        lambda pair: [item.astype(np.float32) for item in pair],
    ],
)
def test_right_gradients_pass_in_any_form(form: Any) -> None:
    result = graded(lambda X, Y, grad: form(right(X, Y, grad)))
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary == "Right in all 20 cases."


def test_what_is_wrong_is_said_of_the_input_by_which_the_gradient_is() -> None:
    result = graded(lambda X, Y, grad: (grad / Y, grad * X / Y**2))
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary == (
        "By Y: Every value is right but for its sign: a minus is missing, or there is one too many."
    )
    first = result.visible[0]
    assert first.observed.startswith("By X: [[")
    assert "\nBy Y: [[" in first.expected
    assert first.worst_index.startswith("By Y [")


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (lambda _X, Y, grad: grad / Y, "one array of shape (2, 3)"),
        (lambda _X, _Y, grad: [grad, grad, grad], "a list of length 3"),
        (lambda _X, _Y, _grad: None, "None"),
        (lambda _X, _Y, grad: {"X": grad}, "a value of type dict"),
        (lambda _X, _Y, _grad: 3.0, "a value of type float"),
    ],
)
def test_another_number_of_arrays_is_told(answer: Any, found: str) -> None:
    assert graded(answer).summary == (
        f"Expected a tuple of 2 arrays, one gradient for each input; found {found}."
    )


def test_a_known_mistake_is_named_and_earns_its_credit() -> None:
    result = graded(without_grad, mistakes=[MISTAKE])
    assert (result.status, result.mistake) == (Status.PARTIAL, "gradient-missing")
    assert result.points == Fraction(1, 2)


def test_a_mistake_that_equals_the_right_answer_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError) as caught:
        plan(
            vjp(mistakes=[{**MISTAKE, "function": "right"}]), reference(divide=divide, right=right)
        )
    assert str(caught.value) == (
        "p1: the mistake 'gradient-missing' equals the right answer in every case"
    )


def test_a_gradient_by_hand_that_disagrees_with_autograd_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError, match=r"made_up\.py: the function by hand disagrees with auto"):
        plan(vjp(), reference(divide=divide, q=without_grad))


def test_a_reference_without_a_finite_value_is_a_fault_of_the_course() -> None:
    course_of_infinity = reference(divide=lambda X, Y: X / (Y * 0))
    with pytest.raises(CourseError, match="p1: the reference gives"):
        plan(vjp(), course_of_infinity)


def test_the_argument_to_differentiate_by_has_to_be_there() -> None:
    with pytest.raises(CourseError, match="p1: wrt names 'Z'; the inputs are X, Y"):
        plan(vjp(wrt=["Z"]), COURSE)


def test_the_arguments_of_the_function_have_to_be_there() -> None:
    with pytest.raises(CourseError, match="p1: arguments names 'Z'"):
        plan(vjp(arguments=["Z"]), COURSE)


def test_one_gradient_may_come_in_a_tuple_of_its_own() -> None:
    result = grade(vjp(wrt=["X"]), COURSE, q=lambda _X, Y, grad: (grad / Y,))
    assert result.status is Status.CORRECT


def test_an_input_that_does_not_reach_the_output_has_a_gradient_of_zeros() -> None:
    course_of_one = reference(divide=lambda X, _Y: 2 * X)
    result = grade(vjp(), course_of_one, q=lambda _X, Y, grad: (2 * grad, 0 * Y))
    assert result.status is Status.CORRECT


def test_a_cotangent_has_the_shape_of_the_output_and_is_never_all_alike() -> None:
    asked = vjp(sizes={"n": [2, 5]}, inputs={"X": {"normal": ["n"]}, "Y": {"value": 2}})
    calls = plan(asked, COURSE).calls
    lengths = set()
    for call in calls:
        grad = np.asarray(call.arguments["grad"])
        assert grad.shape == np.asarray(call.arguments["X"]).shape
        assert len(np.unique(grad)) == grad.size
        lengths.add(len(grad))
    assert lengths == {2, 3, 4, 5}


def test_a_cotangent_of_a_number_is_a_number() -> None:
    asked = vjp(inputs={"X": {"normal": []}, "Y": {"value": 2}}, wrt=["X"])
    (first, *_) = plan(asked, COURSE).calls
    assert type(first.arguments["grad"]) is float
    assert grade(asked, COURSE, q=lambda _X, Y, grad: grad / Y).status is Status.CORRECT


def test_whole_numbers_that_are_not_differentiated_by_stay_whole() -> None:
    course_of_rows = reference(pick=lambda w, y: w[y])
    inputs = {"w": {"normal": [4]}, "y": {"integers": {"low": 0, "high": 3, "shape": [6]}}}
    asked = part("vjp", of="pick", function="q", inputs=inputs, wrt=["w"])

    def scattered(_: np.ndarray, y: np.ndarray, grad: np.ndarray) -> np.ndarray:
        found = np.zeros(4)
        np.add.at(found, y, grad)
        return found

    assert grade(asked, course_of_rows, q=scattered).status is Status.CORRECT


def test_a_changed_input_is_told_and_costs_nothing() -> None:
    def careless(X: Any, Y: Any, grad: Any) -> Any:
        answer = right(X, Y, grad)
        grad[:] = 0
        return answer

    assert graded(careless).summary == (
        "Right in all 20 cases. Note: the call changes its input grad in place."
    )


def test_a_self_check_of_a_part_that_shows_no_case_runs_none() -> None:
    result = judge(vjp(), COURSE, PartPlan(visible=0), [])
    assert result.status is Status.SKIPPED


@pytest.mark.parametrize("value", [np.nan, "text", [[1.0], [2.0, 3.0]], [None, None], {}, []])
def test_any_answer_gets_a_verdict(value: Any) -> None:
    planned = plan(vjp(), COURSE)
    seen = [Observation(Outcome.RETURNED, value) for _ in planned.calls]
    assert judge(vjp(), COURSE, planned, seen).status is Status.WRONG


def test_a_hidden_case_shows_none_of_its_numbers() -> None:
    asked = vjp(cases={"count": 5, "visible": 1})
    planned = plan(asked, COURSE)

    def off(X: Any, Y: Any, grad: Any) -> Any:
        return grad / Y + 1e-3, -grad * X / Y**2

    told = " ".join(texts(grade(asked, COURSE, q=off)))
    for call in planned.calls[1:]:
        for value in call.arguments.values():
            for number in np.asarray(value).reshape(-1):
                assert f"{number:.6g}" not in told


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1), st.integers(0, 5), st.floats(1e-4, 1e3), st.integers(0, 19))
def test_a_single_wrong_entry_of_a_single_case_is_caught(
    which: int, entry: int, off: float, at: int
) -> None:
    planned = _PLANNED
    answers = [list(right(**call.arguments)) for call in planned.calls]
    answers[at][which] = answers[at][which].copy()
    answers[at][which].reshape(-1)[entry] += off
    seen = [Observation(Outcome.RETURNED, answer) for answer in answers]
    result = judge(vjp(), COURSE, planned, seen)
    assert (result.status, result.points, result.cases_right) == (Status.WRONG, 0, 19)


_PLANNED = plan(vjp(), COURSE)


# ---- several functions, several names ------------------------------------------------------------


def both(**given: Any) -> Any:
    return vjp(forward="f", shares={"forward": "1/2", "product": "3/2"}, **given)


def test_the_forward_is_judged_too_and_has_points_of_its_own() -> None:
    result = grade(both(), COURSE, f=divide, q=right)
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary == "Right: f and q, in 40 cases."
    wrong = grade(both(), COURSE, f=lambda X, Y: X * Y, q=right)
    assert (wrong.status, wrong.points) == (Status.PARTIAL, Fraction(3, 2))
    assert [(c.name, c.points, c.max_points) for c in wrong.checks] == [
        ("f", 0, Fraction(1, 2)),
        ("q", Fraction(3, 2), Fraction(3, 2)),
    ]
    assert wrong.summary.startswith("f: 6 of 6 entries differ")


def test_a_missing_forward_costs_its_own_share_only() -> None:
    result = grade(both(), COURSE, q=right)
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(3, 2))
    assert result.summary == "f: solution.py has no f."


def test_where_nothing_is_there_the_part_is_missing() -> None:
    assert grade(both(), COURSE).status is Status.MISSING


def test_a_credit_makes_a_part_partial_though_no_check_is_right() -> None:
    result = grade(both(mistakes=[MISTAKE]), COURSE, q=without_grad)
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(3, 8))
    assert result.mistake == "gradient-missing"


def test_what_is_visible_holds_every_function() -> None:
    planned = plan(both(cases={"count": 4, "visible": 2}), COURSE)
    assert planned.visible == 4
    assert [call.target for call in planned.calls[:4]] == ["f", "q", "f", "q"]


def test_a_self_check_judges_the_visible_cases_only() -> None:
    asked = both(cases={"count": 4, "visible": 1})
    planned = plan(asked, COURSE)
    shown = PartPlan(planned.calls[:2], planned.expected[:2], 2)
    answers = [divide(**shown.calls[0].arguments), list(right(**shown.calls[1].arguments))]
    result = judge(asked, COURSE, shown, [Observation(Outcome.RETURNED, a) for a in answers])
    assert (result.status, len(result.visible)) == (Status.CORRECT, 2)
    assert [report.number for report in result.visible] == [1, 2]


NAMED = {
    "of": "named",
    "function": "q",
    "choices": {"name": ["exp", "sin", "square"]},
    "wrt": ["x"],
    "inputs": {"x": {"normal": [3]}},
    "cases": {"count": 4, "visible": 1},
}
NAMES = reference(named=lambda name, x: getattr(torch, name)(x))
SLOPES: dict[str, Any] = {"exp": np.exp, "sin": np.cos, "square": lambda x: 2 * x}


def test_each_name_earns_an_equal_share_and_wrong_ones_are_named() -> None:
    asked = part("vjp", **NAMED)

    def mostly(name: str, x: Any, grad: Any) -> Any:
        return SLOPES[name](x) * grad if name == "sin" else grad

    result = grade(asked, NAMES, q=mostly)
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(2, 3))
    assert result.summary.startswith("exp: ")
    assert result.summary.endswith("Not right either: square.")
    assert plan(asked, NAMES).visible == 3


def test_every_name_right_is_told_by_name() -> None:
    result = grade(part("vjp", **NAMED), NAMES, q=lambda name, x, grad: SLOPES[name](x) * grad)
    assert result.summary == "Right: exp, sin and square, in 12 cases."


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"forward": "f"}, "expected shares for forward, product; found none"),
        ({"shares": {"product": 2}}, "expected shares for none; found product"),
        (
            {"forward": "f", "shares": {"forward": 1, "product": 1}, "choices": {"n": ["a"]}},
            "choices divide the points already; expected a single function",
        ),
        (
            {"mistakes": [{**MISTAKE, "of": "forward"}]},
            "the mistake 'gradient-missing' is of forward, not asked here",
        ),
    ],
)
def test_a_part_that_does_not_fit_together_is_refused(given: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        vjp(**given)


def test_the_shares_are_what_must_add_up_to_the_points() -> None:
    assert both().point_shares() == (Fraction(1, 2), Fraction(3, 2))
    assert vjp().point_shares() == ()


# ---- jvp -----------------------------------------------------------------------------------------


def test_a_jvp_takes_a_tangent_for_each_input() -> None:
    asked = part("jvp", of="divide", function="q", inputs=INPUTS)

    def jvp(X: Any, Y: Any, dX: Any, dY: Any) -> Any:
        return dX / Y - X * dY / Y**2

    assert grade(asked, COURSE, q=jvp).status is Status.CORRECT
    wrong = grade(asked, COURSE, q=lambda X, Y, dX, dY: dX / Y + X * dY / Y**2)
    assert wrong.status is Status.WRONG


def test_a_jvp_of_a_matrix_product_is_the_product_rule() -> None:
    matrices = reference(times=lambda A, B: A @ B)
    inputs = {"A": {"normal": [2, 3]}, "B": {"normal": [3, 4]}}
    asked = part("jvp", of="times", function="q", inputs=inputs)
    assert grade(asked, matrices, q=lambda A, B, dA, dB: dA @ B + A @ dB).status is Status.CORRECT
    held = grade(asked, matrices, q=lambda _A, B, dA, _dB: dA @ B)
    assert held.status is Status.WRONG


def test_a_jvp_by_some_of_the_inputs_has_tangents_for_those() -> None:
    asked = part("jvp", of="divide", function="q", inputs=INPUTS, wrt=["Y"])
    (first, *_) = plan(asked, COURSE).calls
    assert list(first.arguments) == ["X", "Y", "dY"]
    result = grade(asked, COURSE, q=lambda X, Y, dY: -X * dY / Y**2)
    assert result.status is Status.CORRECT


# ---- the course ----------------------------------------------------------------------------------

PROBLEMS = [
    ("tensor-autograd", "q1-divide", "q1-divide"),
    ("tensor-autograd", "q2-elementwise", "q2-elementwise"),
    ("tensor-autograd", "q3-linear", "q3-linear"),
    ("tensor-autograd", "q4-expand", "q4-expand"),
    ("tensor-autograd", "q8-normalize", "q8-normalize"),
    ("backprop-and-costs", "q2-softmax", "q2-softmax-jacobian"),
]
DECLARED = [
    (*problem, mistake.name)
    for problem in PROBLEMS
    for mistake in course.asked(*problem[:2])[problem[2]].mistakes
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem[2])
def test_the_reference_earns_every_point(problem: tuple[str, str, str]) -> None:
    result = course.graded(*problem)
    assert (result.status, result.points) == (Status.CORRECT, result.max_points)


@pytest.mark.parametrize(("assignment", "problem", "part_id", "name"), DECLARED)
def test_every_declared_mistake_is_recognised(
    assignment: str, problem: str, part_id: str, name: str
) -> None:
    asked = course.asked(assignment, problem)[part_id]
    (mistake,) = [item for item in asked.mistakes if item.name == name]
    wrong = getattr(course.known(assignment, problem).loaded, mistake.function)
    result = course.graded(assignment, problem, part_id, **{asked.functions()[mistake.of]: wrong})
    assert result.mistake == name
    assert result.points < result.max_points


def test_a_forward_that_only_fits_square_matrices_is_recognised_by_both() -> None:
    result = course.graded(
        "tensor-autograd", "q3-linear", "q3-linear", q3_forward=lambda X, W: W.T @ X
    )
    assert (result.mistake, result.points) == ("transposed-weights", 1)

    def stops_elsewhere(X: Any, W: Any) -> Any:
        return W.T @ X if X.shape[0] == X.shape[1] else X @ W

    other = course.graded("tensor-autograd", "q3-linear", "q3-linear", q3_forward=stops_elsewhere)
    assert other.mistake is None


def test_a_column_is_accepted_for_the_gradient_of_the_copies_and_told() -> None:
    result = course.graded(
        "tensor-autograd",
        "q4-expand",
        "q4-expand",
        q4_backward=lambda grad: grad.sum(axis=1, keepdims=True),
    )
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary.startswith("Right: q4_forward and q4_backward, in 42 cases. Shape (3, 1)")


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "exp", "sin", "square"])
def test_a_wrong_name_is_found_among_the_five(name: str) -> None:
    right_one = course.known("tensor-autograd", "q2-elementwise").loaded.q2_backward

    def wrong(asked: str, X: Any, grad: Any) -> Any:
        return X * grad + 1 if asked == name else right_one(asked, X, grad)

    result = course.graded("tensor-autograd", "q2-elementwise", "q2-elementwise", q2_backward=wrong)
    assert result.points == Fraction(8, 5)
    assert result.summary.startswith(f"{name}: ")


@pytest.mark.parametrize("function", ["q2_softmax_jacobian", "q2_softmax_vjp"])
def test_a_softmax_that_overflows_is_caught(function: str) -> None:
    def p(y: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.exp(y) / np.exp(y).sum()

    naive = {
        "q2_softmax_jacobian": lambda y: np.diag(p(y)) - np.outer(p(y), p(y)),
        "q2_softmax_vjp": lambda y, g: p(y) * (g - p(y) @ g),
    }
    result = course.graded(
        "backprop-and-costs", "q2-softmax", "q2-softmax-jacobian", **{function: naive[function]}
    )
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(1, 2))
    assert "overflow in exp" in result.summary


def test_a_cotangent_of_ones_would_hide_what_random_ones_show() -> None:
    # What earlier graders were fooled by: with ones, zero is right for softmax, the missing sum of
    # q8 is no different for rows of one entry only, and the first copy of q4 is the mean.
    softmax = course.known("backprop-and-costs", "q2-softmax").loaded
    expand = course.known("tensor-autograd", "q4-expand").loaded
    y = np.array([0.3, -1.0, 2.0])
    np.testing.assert_allclose(softmax.q2_softmax_vjp(y, np.ones(3)), 0, atol=1e-15)
    ones = np.ones((3, 16))
    np.testing.assert_array_equal(expand.backward_times_columns(ones), expand.q4_backward(ones))
    for problem, part_id, function, wrong in (
        ("q2-softmax", "q2-softmax-jacobian", "q2_softmax_vjp", softmax.vjp_zero),
        ("q4-expand", "q4-expand", "q4_backward", expand.backward_times_columns),
    ):
        assignment = "tensor-autograd" if problem == "q4-expand" else "backprop-and-costs"
        result = course.graded(assignment, problem, part_id, **{function: wrong})
        assert result.status is not Status.CORRECT


def _gradient_of_a_sign(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    size = np.abs(x)
    return np.asarray(grad * (3 * x**2 / size**3 - 3 * x**4 / size**5))  # zero, of large terms


SMALL = {"x": {"uniform": {"low": 0.01, "high": 0.1, "signs": "both", "shape": [50]}}}
SIGN = reference(sign=lambda x: x**3 / (x**2) ** 1.5)


def test_a_right_formula_in_single_precision_passes_where_everything_cancels() -> None:
    def single(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
        return _gradient_of_a_sign(x.astype(np.float32), grad.astype(np.float32))

    result = grade(part("vjp", of="sign", function="q", inputs=SMALL), SIGN, q=single)
    assert result.status is Status.CORRECT


def test_in_double_precision_what_cancels_has_to_vanish() -> None:
    def off(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
        return _gradient_of_a_sign(x, grad) + 1e-6

    result = grade(part("vjp", of="sign", function="q", inputs=SMALL), SIGN, q=off)
    assert result.status is Status.WRONG


STEEP = {"x": {"uniform": {"low": 0.05, "high": 1, "shape": [30]}}}  # gradients of 1 and of 1e7
POWER = reference(power=lambda x: x**-4)


def _gradient_of_a_power(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    single, cotangent = x.astype(np.float32), grad.astype(np.float32)
    return np.asarray(-4 * cotangent / single**5)


def test_a_right_formula_in_single_precision_passes_where_entries_differ_in_size() -> None:
    asked = part("vjp", of="power", function="q", inputs=STEEP)
    assert grade(asked, POWER, q=_gradient_of_a_power).status is Status.CORRECT


def test_in_single_precision_a_thousandth_is_seen_beside_entries_that_are_far_larger() -> None:
    def off(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
        found = _gradient_of_a_power(x, grad)
        found[np.argmax(x)] *= 1.001
        return found

    asked = part("vjp", of="power", function="q", inputs=STEEP)
    assert grade(asked, POWER, q=off).status is Status.WRONG


def _hinge(score: Any, label: Any) -> Any:
    other = torch.where(label == -1, torch.relu(score), 0 * score)
    return torch.where(label == 1, torch.relu(1 - score), other)


LABELS = {"score": {"normal": [4]}, "label": {"value": [1.0, -1.0, 1.0, -1.0]}}


@pytest.mark.parametrize(("factor", "status"), [(1, Status.CORRECT), (1.001, Status.WRONG)])
def test_labels_give_no_room_in_single_precision(factor: float, status: Status) -> None:
    def q(score: np.ndarray, label: np.ndarray, grad: np.ndarray) -> np.ndarray:
        single = score.astype(np.float32)
        slope = np.where(label == 1, -1.0 * (single < 1), 1.0 * (single > 0))
        return np.asarray(factor * slope * grad).astype(np.float32)

    asked = part("vjp", of="hinge", function="q", inputs=LABELS, wrt=["score"])
    assert grade(asked, reference(hinge=_hinge), q=q).status is status
