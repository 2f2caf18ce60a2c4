"""Training functions that students write, on data so small that it takes no time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
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
from grader.kinds.training.training import TrainingPart
from grader.messages import optimizers
from grader.messages import training as says
from grader.records import Failure, Observation, Outcome, Status
from grader.spec.reference import Reference
from tests.kinds.student import Result, grade, judge, part, plan, reference

X = np.arange(40, dtype=np.uint8).reshape(20, 2)
LABELS = np.arange(10) % 5


def dataset(paths: Any) -> dict[str, Any]:
    del paths
    return {
        "name": "tiny", "scale": 4, "X": X, "y": np.arange(20) % 5, "X_test": X[:10],
        "y_test": LABELS,
    }  # fmt: skip


def perfect(optimizer: str, X: Any, y: Any, X_test: Any, seed: int) -> Any:
    """Return what a training that has learnt everything would."""
    del optimizer, X, y, seed
    return [1.0, 0.5], np.arange(len(X_test)) % 5


FIELDS: dict[str, Any] = {
    "function": "p3_train",
    "data": "dataset",
    "trainer": "trainer",
    "optimizers": ["adagrad", "rmsprop", "adam"],
    "enough": 2,
    "thresholds": {"tiny": 0.9},
}


@cache
def asked() -> TrainingPart:
    made: TrainingPart = part("training", **FIELDS)
    return made


def course(**changes: Any) -> Reference:
    return reference(**{"dataset": dataset, "trainer": perfect, **changes})


@cache
def planned() -> PartPlan:
    return plan(asked(), course())


def graded(train: Callable[..., Any]) -> Result:
    return grade(asked(), course(), p3_train=train)


def returning(history: Any, predictions: Any) -> Callable[..., Any]:
    return lambda *values: (history, predictions)  # noqa: ARG005


def right_for(*names: str) -> Callable[..., Any]:
    def train(optimizer: str, *rest: Any) -> Any:
        history, predictions = perfect(optimizer, *rest)
        if optimizer not in names:
            predictions = (predictions + 1) % 5
        return history, predictions

    return train


def test_three_accurate_trainings_are_right() -> None:
    result = graded(perfect)
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary == (
        "Right: 100 % with adagrad, 100 % with rmsprop, 100 % with adam. Asked for were 90 % with "
        "2 optimizers."
    )
    assert [check.name for check in result.checks] == ["adagrad", "rmsprop", "adam"]
    assert {check.status for check in result.checks} == {Status.CORRECT}
    assert {check.max_points for check in result.checks} == {Fraction(0)}
    assert (result.cases_right, result.cases_total) == (3, 3)


def test_two_are_enough() -> None:
    result = graded(right_for("adagrad", "adam"))
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary.startswith("Right: 100 % with adagrad, 100 % with adam. ")
    assert result.checks[1].status is Status.WRONG
    assert result.checks[1].says == (
        "0 % of the test set. 90 % are asked for: 90 points are lacking."
    )


def test_one_is_not_enough() -> None:
    result = graded(right_for("adam"))
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary.startswith(
        "90 % on the test set are asked for with 2 of 3 optimizers; only adam got there. adagrad: "
    )


def test_an_accuracy_at_the_threshold_is_enough() -> None:
    labels = LABELS.copy()
    labels[0] += 1
    assert graded(returning([1.0], labels)).status is Status.CORRECT
    labels[1] += 1
    assert graded(returning([1.0], labels)).status is Status.WRONG


@pytest.mark.parametrize(
    "history",
    [
        [1.0, 0.5],
        (1, 0),
        np.array([1.0, 0.5]),
        np.array([[1.0], [0.5]]),
        torch.tensor([1.0, 0.5], requires_grad=True),
        [torch.tensor(1.0, requires_grad=True), torch.tensor(0.5)],
        [np.float32(1.0)],
        0.5,
    ],
)
def test_a_history_may_have_any_form(history: Any) -> None:
    assert graded(returning(history, LABELS)).status is Status.CORRECT


@pytest.mark.parametrize(
    "predictions",
    [
        LABELS.tolist(),
        tuple(LABELS),
        torch.tensor(LABELS),
        LABELS.reshape(-1, 1),
        LABELS.astype(np.float32),
        LABELS.astype(np.uint8),
        torch.tensor(LABELS).reshape(1, -1),
    ],
)
def test_predictions_may_have_any_form(predictions: Any) -> None:
    assert graded(returning([1.0], predictions)).status is Status.CORRECT


@pytest.mark.parametrize(
    ("returned", "sentence"),
    [
        (([], LABELS), says.HISTORY_EMPTY),
        (({"loss": [1.0]}, LABELS), says.HISTORY_SHAPE),
        ((None, LABELS), says.HISTORY_SHAPE),
        ((np.ones((2, 2)), LABELS), says.HISTORY_SHAPE),
        (([1.0, float("nan")], LABELS), says.history_not_finite(2, float("nan"))),
        (([float("inf")], LABELS), says.history_not_finite(1, float("inf"))),
        (([1.0], LABELS[:9]), says.prediction_shape((9,), 10)),
        (([1.0], np.zeros((10, 5))), says.prediction_shape((10, 5), 10)),
        (
            ([1.0], None),
            says.prediction_type(
                "The function returned None; is there a return statement on every path?"
            ),
        ),
        (None, says.not_a_pair("NoneType")),
        (LABELS, says.not_a_pair("numpy.ndarray")),
        (([1.0], LABELS, 3), says.not_a_pair("tuple")),
    ],
)
def test_what_cannot_be_judged_is_told(returned: Any, sentence: str) -> None:
    result = graded(lambda *values: returned)  # noqa: ARG005
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.checks[0].says == sentence
    assert result.summary.endswith(f"none got there. adagrad: {sentence}")


def test_a_network_that_was_not_trained_is_recognised() -> None:
    result = graded(returning([1.0, 0.9], np.zeros(10)))
    assert result.mistake == "not-trained"
    assert result.checks[0].says == (
        f"{says.CONSTANT} 20 % of the test set. 90 % are asked for: 70 points are lacking."
    )


def test_a_loss_that_grows_is_recognised() -> None:
    result = graded(returning([1.0, 2.0, 3.0, 2.9, 4.0, 9.0], LABELS[::-1]))
    assert result.mistake == "diverged"
    assert result.checks[0].says.startswith(says.DIVERGED)


def test_predictions_that_are_nan_are_wrong() -> None:
    assert graded(returning([1.0], np.full(10, np.nan))).status is Status.WRONG


def test_the_losses_are_drawn_beside_those_of_the_reference() -> None:
    figures = graded(right_for("adam")).figures
    assert [figure.title for figure in figures] == [
        "adagrad: loss per epoch", "rmsprop: loss per epoch", "adam: loss per epoch",
    ]  # fmt: skip
    yours, there = figures[0].curves
    assert (yours.label, yours.x, yours.y, yours.dashed) == ("yours", (1, 2), (1.0, 0.5), False)
    assert (there.label, there.dashed) == ("reference", True)


def test_a_loss_that_is_not_finite_breaks_the_line() -> None:
    figure = graded(returning([1.0, float("inf"), 2.0], LABELS)).figures[0]
    assert figure.curves[0].y == (1.0, None, 2.0)


def test_a_very_long_history_is_drawn_in_part() -> None:
    figure = graded(returning(np.ones(5000), LABELS)).figures[0]
    assert len(figure.curves[0].x) == 1000


def test_a_crash_with_one_optimizer_leaves_the_others() -> None:
    def train(optimizer: str, *rest: Any) -> Any:
        if optimizer == "rmsprop":
            raise ValueError("no such thing")
        return perfect(optimizer, *rest)

    result = graded(train)
    assert result.status is Status.CORRECT
    assert result.failure is None
    assert result.checks[1].status is Status.CRASHED
    assert result.checks[1].says.startswith("p3_train stopped with ValueError")


def test_time_that_is_used_up_is_told() -> None:
    late = Observation(Outcome.TIMED_OUT, failure=Failure("", "it had 60 s"))
    not_run = Observation(Outcome.NOT_RUN, failure=Failure("", ""))
    result = judge(asked(), course(), planned(), [late, not_run, not_run])
    assert (result.status, result.points) == (Status.TIMED_OUT, 0)
    assert "adagrad: p3_train did not finish in time. It had 60 s." in result.summary


def test_a_function_that_is_not_there_is_missing() -> None:
    result = grade(asked(), course())
    assert (result.status, result.points) == (Status.MISSING, 0)


def test_pictures_come_as_double_precision_from_0_on() -> None:
    seen = []

    def train(optimizer: str, X: Any, y: Any, X_test: Any, seed: int) -> Any:
        seen.append((X.dtype, float(X.max()), y.dtype, seed))
        return perfect(optimizer, X, y, X_test, seed)

    graded(train)
    assert seen == [(np.float64, 39 / 4, np.int64, 0)] * 3


def test_the_labels_of_the_test_set_are_not_sent() -> None:
    for call in planned().calls:
        assert set(call.arguments) == {
            "optimizer", "pictures", "labels", "unseen", "seed", "scale", "forbids",
        }  # fmt: skip
        sent: list[Any] = list(call.arguments.values())
        assert not any(np.array_equal(item, LABELS) for item in sent)


def test_the_built_in_optimizers_are_refused() -> None:
    def train(*values: Any) -> Any:
        getattr(torch, "mitpo"[::-1]).SGD([torch.zeros(1)], lr=0.1)
        return perfect(*values)

    result = graded(train)
    assert (result.status, result.points) == (Status.REFUSED, 0)
    assert result.summary == optimizers.reached("torch.optim.sgd.SGD.__init__")


def test_a_reference_below_the_threshold_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError, match="the reference itself reaches 0 % with adagrad"):
        plan(asked(), course(trainer=right_for("adam")))


def test_data_without_a_threshold_is_a_fault_of_the_course() -> None:
    other = course(dataset=lambda paths: {**dataset(paths), "name": "other"})
    with pytest.raises(CourseError, match="thresholds has none for the data 'other'"):
        plan(asked(), other)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"enough": 4}, "enough is 4; expected at most 3, the number of optimizers"),
        ({"thresholds": {"tiny": 98}}, "the threshold for tiny is 98; expected a share up to 1"),
        ({"thresholds": {"tiny": 0}}, "the threshold for tiny is 0; expected a share up to 1"),
        ({"forbids": ["torch-optim"]}, "String should match pattern"),
    ],
)
def test_faults_of_the_model_are_explained(change: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        part("training", **{**FIELDS, **change})


keys = ["history", "predictions", "returned", "forbidden"]
garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(keys), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(value=garbage)
def test_a_forged_answer_is_never_a_fault(value: Any) -> None:
    seen = [Observation(Outcome.RETURNED, value)] * 3
    assert judge(asked(), course(), planned(), seen).points == 0


def test_every_number_of_a_picture_is_finite() -> None:
    forged = {"history": [float("nan"), 1e300], "predictions": LABELS}
    seen = [Observation(Outcome.RETURNED, forged)] * 3
    for figure in judge(asked(), course(), planned(), seen).figures:
        for curve in figure.curves:
            assert all(y is None or np.isfinite(y) for y in curve.y)


def test_a_self_check_is_judged_like_the_rest() -> None:
    seen = [replace(Observation(Outcome.RETURNED), value={"history": [1.0], "predictions": LABELS})]
    result = judge(asked(), course(), planned(), seen * 3, self_check=True)
    assert result.status is Status.CORRECT
