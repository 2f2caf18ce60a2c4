"""Training functions that students write, on data so small that it takes no time."""

from __future__ import annotations

import re
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
from grader.spec.marks import Mark
from grader.spec.reference import Reference
from tests.kinds.student import (
    Result,
    grade,
    judge,
    module,
    observe,
    part,
    plan,
    reference,
    texts,
)

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


@pytest.mark.parametrize("loss", [float("inf"), float("nan")])
def test_a_loss_that_is_not_finite_is_noted_where_the_predictions_are_good(loss: float) -> None:
    result = graded(returning([1.0, loss], LABELS))
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.checks[0].says == f"100 % of the test set. {says.not_finite_note(2, loss)}"


def test_a_loss_that_is_not_finite_explains_bad_predictions() -> None:
    result = graded(returning([1.0, float("nan")], np.zeros(10)))
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.checks[0].says.startswith(says.history_not_finite(2, float("nan")))


class Adagrad:
    """Steps that change nothing."""

    def step(self) -> None:
        """Do nothing."""


class RMSprop(Adagrad):
    """The same, inherited."""


class Adam(Adagrad):
    """The same, with a step of its own."""

    def step(self) -> None:
        """Do nothing."""


CLASSES = {"Adagrad": Adagrad, "RMSprop": RMSprop, "Adam": Adam}


def stepping(used: dict[str, Any]) -> Result:
    """Return the verdict on a training that takes one step with the class for each optimizer."""

    def train(optimizer: str, *rest: Any) -> Any:
        made = used.get(optimizer)
        if made is not None:
            made().step()
        return perfect(optimizer, *rest)

    return grade(asked(), course(), module(p3_train=train, **CLASSES))


def test_a_training_with_its_own_classes_is_right() -> None:
    result = stepping({"adagrad": Adagrad, "rmsprop": RMSprop, "adam": Adam})
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert "took no step" not in result.summary
    assert not any("took no step" in check.says for check in result.checks)


def test_a_class_that_takes_no_step_is_noted_and_not_named_as_the_way() -> None:
    result = stepping({"adagrad": Adam, "rmsprop": Adam, "adam": Adam})
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary.startswith(
        "Right: 100 % for adagrad (its class took no step), 100 % for rmsprop (its class took no "
        "step), 100 % with adam."
    )
    assert result.checks[0].says.endswith(says.no_steps("adagrad"))
    assert result.checks[0].status is Status.CORRECT


def test_a_training_without_any_step_waits_for_a_person() -> None:
    result = stepping({})
    assert (result.status, result.points) == (Status.PENDING, 0)
    assert result.summary.endswith(says.NO_STEP_AT_ALL)


def test_a_persons_mark_decides() -> None:
    seen = [Observation(Outcome.RETURNED, {"history": [1.0], "predictions": LABELS})] * 3
    mark = Mark(rubric={"trained": Fraction(1)}, comment="kNN")
    result = judge(asked(), course(), planned(), seen, mark=mark)
    assert (result.status, result.points, result.summary) == (Status.PARTIAL, 1, "kNN")
    assert len(result.figures) == 3


def test_a_file_without_such_classes_may_train_in_its_own_way() -> None:
    assert graded(perfect).status is Status.CORRECT


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
    told = result.checks[1].says
    assert re.fullmatch(r"p3_train stopped with ValueError in line \d+ of solution\.py\.", told)


def raising(*values: Any) -> Any:
    raise KeyError(tuple(values[3][0]))


def test_the_text_of_an_exception_is_not_told_since_it_can_hold_test_data() -> None:
    result = graded(raising)
    assert (result.status, result.points) == (Status.CRASHED, 0)
    assert not any("np." in text or "0.25" in text for text in texts(result))


def test_the_text_of_an_exception_is_told_in_a_self_check() -> None:
    seen = [observe(call, module(p3_train=raising)) for call in planned().calls]
    result = judge(asked(), course(), planned(), seen, self_check=True)
    assert "0.25" in result.summary


def test_each_training_has_its_share_of_the_time_in_a_process_of_its_own() -> None:
    assert (planned().fair, planned().fresh) == (True, True)


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
            "optimizer", "pictures", "labels", "unseen", "seed", "scale", "optimizers", "forbids",
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


keys = ["history", "predictions", "returned", "forbidden", "steps", "adam"]
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
