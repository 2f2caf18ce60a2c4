"""The course's training with a student's operation, and the figures that a student declares."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import CourseError
from grader.kinds.base import Judging, PartPlan, Planning
from grader.kinds.registry import kinds
from grader.kinds.training.retraining import RetrainingPart
from grader.messages import training as says
from grader.records import Observation, Outcome, Status
from tests.kinds.student import COURSE, Result, module, observe, part, reference

STARTER = COURSE / "assignments" / "tensor-autograd" / "starter"
DATA = {"small-autograd": STARTER / "small_autograd.py", "train-mlp": STARTER / "train_mlp.py"}
FIELDS: dict[str, Any] = {
    "function": "ReLU",
    "scripts": {"small_autograd": "small-autograd", "train_mlp": "train-mlp"},
    "operation": "Sigmoid",
    "given": "sigmoid",
    "own": "relu",
    "least": 0.93,
    "shares": {"learns": 1, "given": "1/2", "own": "1/2"},
}


class ReLU:
    @staticmethod
    def forward(context: dict[str, Any], x: np.ndarray) -> Any:
        context["passes"] = x > 0
        return x * context["passes"]

    @staticmethod
    def backward(context: dict[str, Any], grad: np.ndarray) -> Any:
        return (grad * context["passes"],)


class Dead(ReLU):
    @staticmethod
    def forward(context: dict[str, Any], x: np.ndarray) -> np.ndarray:
        context["passes"] = x > 0
        return 0 * x


class Blocked(ReLU):
    @staticmethod
    def backward(context: dict[str, Any], grad: np.ndarray) -> Any:
        del context
        return 0 * grad


class Unmasked(ReLU):
    @staticmethod
    def backward(context: dict[str, Any], grad: np.ndarray) -> Any:
        del context
        return grad


class Exploding(ReLU):
    @staticmethod
    def backward(context: dict[str, Any], grad: np.ndarray) -> Any:
        del context
        return np.full_like(grad, np.nan)


class Crashing(ReLU):
    @staticmethod
    def backward(context: dict[str, Any], grad: np.ndarray) -> Any:
        del grad
        return context["nothing"]


@cache
def asked() -> RetrainingPart:
    made: RetrainingPart = part("retraining", **FIELDS)
    return made


def plan(asked_for: RetrainingPart, data: Mapping[str, Path] = DATA, **names: Any) -> PartPlan:
    course = reference(**(names or {"ReLU": ReLU}))
    return kinds()["retraining"].plan(asked_for, Planning(course, 0, data))


@cache
def planned() -> PartPlan:
    return plan(asked())


def measured() -> tuple[float, float]:
    runs = planned().expected[0]
    return runs.given.accuracy, runs.own.accuracy


def answers(sigmoid: Any = None, relu: Any = None) -> dict[str, Any]:
    right = measured()
    return {
        "p1-sigmoid": right[0] if sigmoid is None else sigmoid,
        "p1-relu": right[1] if relu is None else relu,
    }


def judge(seen: Observation, given_answers: Any = None, **judging: Any) -> Result:
    found = answers() if given_answers is None else given_answers
    made = Judging(reference(), answers=found, **judging)
    return kinds()["retraining"].judge(asked(), planned(), [seen], made)


def graded(operation: type, given_answers: Any = None, **judging: Any) -> Result:
    return judge(trained(operation), given_answers, **judging)


@cache
def trained(operation: type) -> Observation:
    (call,) = planned().calls
    return observe(call, module(ReLU=operation))


def test_a_right_operation_and_right_figures_are_right() -> None:
    result = graded(ReLU)
    assert (result.status, result.points, result.summary) == (Status.CORRECT, 2, says.RETRAINED)
    assert [check.points for check in result.checks] == [1, Fraction(1, 2), Fraction(1, 2)]


def test_the_course_learns_and_both_accuracies_differ() -> None:
    sigmoid, relu = measured()
    # Farther apart than a figure may be off, so that swapped figures are noticed.
    assert sigmoid + 0.05 < relu
    assert relu > 0.96


@pytest.mark.parametrize(
    "form",
    ["{share:.4f}", "{share:.2f}", "{percent:.1f} %", "{percent:.1f}%", "{percent:.2f}", "{comma}"],
)
def test_a_figure_may_be_a_share_or_in_percent(form: str) -> None:
    share = measured()[1]
    text = form.format(share=share, percent=100 * share, comma=f"{share:.3f}".replace(".", ","))
    assert graded(ReLU, answers(relu=text)).status is Status.CORRECT


def test_a_list_of_all_epochs_counts_by_its_last() -> None:
    result = graded(ReLU, answers(relu=[0.5, 0.7, measured()[1]]))
    assert result.status is Status.CORRECT


@pytest.mark.parametrize("off", [-0.0199, 0.0199])
def test_a_figure_may_be_off_a_little(off: float) -> None:
    assert graded(ReLU, answers(sigmoid=measured()[0] + off)).status is Status.CORRECT


@pytest.mark.parametrize("off", [-0.03, 0.03])
def test_a_figure_that_is_off_costs_its_share(off: float) -> None:
    sigmoid = measured()[0]
    result = graded(ReLU, answers(sigmoid=sigmoid + off))
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(3, 2))
    assert result.checks[1].says == says.declared(sigmoid + off, sigmoid, 0.02)
    assert result.summary == f"p1-sigmoid: {result.checks[1].says}"


def test_a_self_check_does_not_tell_the_figure() -> None:
    result = graded(ReLU, answers(sigmoid=0.5), self_check=True)
    assert result.checks[1].says == says.declared_hidden(0.5, 0.02)


def test_swapped_figures_are_recognised() -> None:
    sigmoid, relu = measured()
    result = graded(ReLU, answers(sigmoid=relu, relu=sigmoid))
    assert result.points == 1
    assert result.summary.endswith(says.SWAPPED)


@pytest.mark.parametrize(
    "given_figure", ["high", "0.9.8", True, -0.98, "98 percent", {"a": 1}, 980, "1e9", "inf"]
)
def test_what_is_no_accuracy_is_told(given_figure: Any) -> None:
    result = graded(ReLU, answers(relu=given_figure))
    assert result.points == Fraction(3, 2)
    assert result.checks[2].says == says.figure_expected(str(given_figure))


def test_a_figure_that_is_not_there_is_missing() -> None:
    result = graded(ReLU, {"p1-relu": measured()[1]})
    assert result.checks[1].status is Status.MISSING
    assert result.checks[1].says == "answers.yaml has no answer for p1-sigmoid."


def test_answers_that_cannot_be_read_are_told() -> None:
    result = graded(ReLU, {}, answers_problem="answers.yaml: line 3 is odd.")
    assert result.checks[1].says == "answers.yaml: line 3 is odd."


def test_a_loss_that_stays_at_guessing_is_recognised() -> None:
    result = graded(Dead, answers(relu=0.5))
    last = result.checks[0].says
    assert last.startswith("The loss stays at 0.69")
    assert "about 0.6931, which is what guessing costs" in last
    # The figure is what the student's own run gives, so it is right.
    assert (result.points, result.checks[2].status) == (1, Status.CORRECT)


@pytest.mark.parametrize("operation", [Blocked, Unmasked])
def test_an_operation_with_a_wrong_backward_learns_too_little(operation: type) -> None:
    result = graded(operation)
    assert result.checks[0].status is Status.WRONG
    assert result.checks[0].says.startswith("The validation accuracy with this ReLU is 0.")


@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_loss_that_is_no_number_is_told() -> None:
    result = graded(Exploding)
    assert result.checks[0].says == says.loss_blows_up(1)
    for figure in result.figures:
        assert all(y is None or np.isfinite(y) for curve in figure.curves for y in curve.y)


def test_a_crash_is_told_and_the_given_figure_still_counts() -> None:
    result = graded(Crashing)
    assert [check.status for check in result.checks] == [
        Status.CRASHED, Status.CORRECT, Status.WRONG,
    ]  # fmt: skip
    assert result.checks[0].says.startswith("ReLU stopped with KeyError")
    assert result.checks[2].says == says.NOT_MEASURED


def test_an_operation_that_is_not_there_is_missing() -> None:
    (call,) = planned().calls
    result = judge(observe(call, module()))
    assert result.checks[0].status is Status.MISSING
    assert result.points == Fraction(1, 2)


def test_an_operation_may_stand_on_the_starters_own_class() -> None:
    names: dict[str, Any] = {}
    source = (STARTER / "small_autograd.py").read_text(encoding="utf-8")
    exec(compile(source, "small_autograd.py", "exec"), names)  # noqa: S102
    made = type("ReLU", (ReLU, names["Op"]), {})
    assert graded(made).checks[0].status is Status.CORRECT


def test_the_losses_are_drawn() -> None:
    (figure,) = graded(ReLU).figures
    assert [curve.label for curve in figure.curves] == ["ReLU, yours", "sigmoid", "ReLU, reference"]
    assert [curve.dashed for curve in figure.curves] == [False, True, True]
    assert figure.curves[0].y == figure.curves[2].y


def test_two_runs_give_the_same() -> None:
    (call,) = planned().calls
    again = judge(observe(call, module(ReLU=ReLU)))
    assert again.figures == graded(ReLU).figures


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"train-mlp": DATA["train-mlp"]}, "names no data 'small-autograd'"),
        ({**DATA, "train-mlp": STARTER / "nothing.py"}, r"nothing.py: No such file"),
    ],
)
def test_scripts_that_are_not_there_are_a_fault_of_the_course(data: Any, text: str) -> None:
    with pytest.raises(CourseError, match=text):
        plan(asked(), data)


def test_a_reference_that_does_not_learn_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError, match=r"the course's own training reaches 0\."):
        plan(asked(), ReLU=Dead)


def test_an_operation_that_the_scripts_do_not_have_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError, match="the scripts have no Tanh"):
        plan(part("retraining", **{**FIELDS, "operation": "Tanh"}))


def test_two_figures_need_two_names() -> None:
    with pytest.raises(ValidationError, match="given and own are both 'relu'"):
        part("retraining", **{**FIELDS, "given": "relu"})


def test_the_shares_are_what_the_part_is_divided_into() -> None:
    assert asked().point_shares() == (Fraction(1), Fraction(1, 2), Fraction(1, 2))


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["losses", "accuracies"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(value=garbage)
def test_a_forged_answer_is_never_a_fault(value: Any) -> None:
    result = judge(Observation(Outcome.RETURNED, value), {})
    assert result.points <= 1


@given(figure=garbage)
def test_no_figure_is_a_fault(figure: Any) -> None:
    seen = Observation(Outcome.RETURNED, {"losses": [0.1], "accuracies": [0.98]})
    assert judge(seen, {"p1-relu": figure}).points <= Fraction(3, 2)
