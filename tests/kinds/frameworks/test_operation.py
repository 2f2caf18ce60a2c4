"""`operation`: forward and backward of a class, alone, interleaved, and on arguments left alone."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from grader.errors import CourseError
from grader.kinds.base import PartPlan
from grader.records import Failure, Observation, Outcome, Status
from tests.kinds import course
from tests.kinds.student import Result, grade, judge, observe, part, plan, reference

RELU = ("tensor-autograd", "q9-relu", "q9-relu")
Step = Callable[..., Any]


def forward(context: Any, x: Any) -> Any:
    context["x"] = x
    return np.maximum(x, 0)


def backward(context: Any, grad: Any) -> Any:
    return grad * (context["x"] > 0)


def operation(forward: Step = forward, backward: Step = backward) -> type:
    return type("ReLU", (), {"forward": staticmethod(forward), "backward": staticmethod(backward)})


def relu(forward: Step = forward, backward: Step = backward) -> Result:
    return course.graded(*RELU, ReLU=operation(forward, backward))


def shares(result: Result) -> list[Any]:
    return [(check.status, check.points) for check in result.checks]


RIGHT, HALF = (Status.CORRECT, Fraction(2)), (Status.CORRECT, Fraction(1, 2))


# ---- what passes ---------------------------------------------------------------------------------


def test_a_right_operation_earns_every_share() -> None:
    result = relu()
    assert (result.status, result.points) == (Status.CORRECT, 3)
    assert result.summary == "Right: forward and backward in 33 cases, alone and interleaved."
    assert shares(result) == [RIGHT, HALF, HALF]
    assert [check.name for check in result.checks] == [
        "forward and backward",
        "two calls under way",
        "inputs left as they are",
    ]


class OnTheClass:
    """Plain functions, as Python lets them be called on the class."""

    def forward(context: Any, x: Any) -> Any:  # noqa: N805
        return forward(context, x)

    def backward(context: Any, grad: Any) -> Any:  # noqa: N805
        return backward(context, grad)


class OfTheClass:
    @classmethod
    def forward(cls, context: Any, x: Any) -> Any:
        return forward(context, x)

    @classmethod
    def backward(cls, context: Any, grad: Any) -> Any:
        return backward(context, grad)


class Several:
    @staticmethod
    def forward(context: Any, *inputs: Any) -> Any:
        return forward(context, *inputs)

    @staticmethod
    def backward(context: Any, *grads: Any) -> Any:
        return backward(context, *grads)


@pytest.mark.parametrize("written", [OnTheClass, OfTheClass, Several, OfTheClass()])
def test_any_way_to_write_functions_that_are_called_on_the_class_passes(written: Any) -> None:
    assert course.graded(*RELU, ReLU=written).points == 3


@pytest.mark.parametrize(
    "step",
    [
        lambda context, grad: (backward(context, grad),),
        lambda context, grad: backward(context, grad).tolist(),
        lambda context, grad: torch.tensor(backward(context, grad)),
        lambda context, grad: backward(context, grad).astype(np.float32),
    ],
)
def test_a_right_gradient_passes_in_any_form(step: Step) -> None:
    assert relu(backward=step).points == 3


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_at_the_kink_anything_between_the_sides_is_right(slope: float) -> None:
    def step(context: Any, grad: Any) -> Any:
        return backward(context, grad) + slope * grad * (context["x"] == 0)

    assert relu(backward=step).points == 3


# ---- known wrong operations ----------------------------------------------------------------------


@pytest.mark.parametrize("slope", [-0.5, 1.5, np.nan])
def test_at_the_kink_anything_else_is_wrong(slope: float) -> None:
    def step(context: Any, grad: Any) -> Any:
        return np.where(context["x"] == 0, slope * grad, backward(context, grad))

    result = relu(backward=step)
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary == (
        "Backward is right but where an input is 0: the function has a kink there. Expected is "
        "what the derivative from the left or from the right gives, times the incoming gradient."
    )


MISTAKES = [mistake.name for mistake in course.asked(*RELU[:2])[RELU[2]].mistakes]


@pytest.mark.parametrize("name", MISTAKES)
def test_every_declared_mistake_is_recognised(name: str) -> None:
    known = course.known(*RELU[:2]).loaded
    (mistake,) = [m for m in course.asked(*RELU[:2])[RELU[2]].mistakes if m.name == name]

    def value(context: Any, x: Any) -> Any:
        context["x"] = x
        return getattr(known, mistake.forward)(x) if mistake.forward else np.maximum(x, 0)

    result = relu(value, lambda context, grad: getattr(known, mistake.function)(context["x"], grad))
    assert (result.status, result.points, result.mistake) == (Status.WRONG, 0, name)


def test_the_ways_to_get_a_dead_layer_are_among_them() -> None:
    expected = {"relu6", "leaky-relu", "sigmoid", "absolute-value", "gradient-missing"}
    assert expected | {"mask-by-gradient", "mask-always-true"} <= set(MISTAKES)


def test_as_long_as_the_products_are_wrong_the_other_shares_wait() -> None:
    result = relu(backward=lambda context, grad: -backward(context, grad))
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert shares(result)[1:] == [(Status.SKIPPED, 0), (Status.SKIPPED, 0)]
    assert result.checks[1].says == "Counts once forward and backward are right."
    assert result.summary.startswith("Backward: Every value is right but for its sign")


def kept(store: dict[str, Any]) -> tuple[Step, Step]:
    def step(_: Any, x: Any) -> Any:
        store["x"] = x
        return np.maximum(x, 0)

    return step, lambda _, grad: grad * (store["x"] > 0)


def test_state_outside_the_context_is_recognised() -> None:
    result = relu(*kept({}))
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(5, 2))
    assert result.mistake == "state-outside-context"
    assert shares(result) == [RIGHT, (Status.WRONG, 0), HALF]
    assert "on the class or in a global variable" in result.summary


def test_a_stack_of_states_is_recognised_too() -> None:
    stack: list[Any] = []

    def step(_: Any, x: Any) -> Any:
        stack.append(x > 0)
        return np.maximum(x, 0)

    result = relu(step, lambda _, grad: grad * stack.pop())
    assert (result.points, result.mistake) == (Fraction(5, 2), "state-outside-context")


def test_state_that_is_gone_once_it_was_read_is_recognised() -> None:
    store: dict[str, Any] = {}

    def step(_: Any, x: Any) -> Any:
        store["x"] = x > 0
        return np.maximum(x, 0)

    result = relu(step, lambda _, grad: grad * store.pop("x"))
    assert (result.points, result.mistake) == (Fraction(5, 2), "state-outside-context")


def in_place(context: Any, x: Any) -> Any:
    x[x < 0] = 0
    context["x"] = x
    return x


def grad_in_place(context: Any, grad: Any) -> Any:
    grad[context["x"] <= 0] = 0
    return grad


@pytest.mark.parametrize(
    ("steps", "name", "changed"),
    [
        ({"forward": in_place}, "changes-input", "x"),
        ({"backward": grad_in_place}, "changes-gradient", "grad"),
        ({"forward": in_place, "backward": grad_in_place}, "changes-input", "x and grad"),
    ],
)
def test_a_change_in_place_costs_its_share(steps: dict[str, Step], name: str, changed: str) -> None:
    result = relu(**steps)
    assert (result.points, result.mistake) == (Fraction(5, 2), name)
    assert shares(result) == [RIGHT, HALF, (Status.WRONG, 0)]
    assert f"The call changes {changed} in place" in result.summary


def test_what_the_sandbox_saw_changed_counts_even_if_the_probe_was_fooled() -> None:
    asked, planned = course.asked(*RELU[:2])[RELU[2]], course.planned(*RELU)
    known = course.known(*RELU[:2])
    seen = [observe(call, known.loaded) for call in planned.calls]
    for changed, name in ((("inputs",), "changes-input"), (("grad",), "changes-gradient")):
        fooled = [Observation(Outcome.RETURNED, o.value, changed_inputs=changed) for o in seen]
        assert judge(asked, known, planned, fooled).mistake == name


# ---- what cannot be called -----------------------------------------------------------------------


class WithSelf:
    def forward(self, context: Any, x: Any) -> Any:
        return forward(context, x)

    def backward(self, context: Any, grad: Any) -> Any:
        return backward(context, grad)


def test_functions_of_an_object_are_told_how_they_are_called() -> None:
    result = course.graded(*RELU, ReLU=WithSelf)
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary == (
        "ReLU.forward is defined as forward(self, context: 'Any', x: 'Any') -> 'Any', but it is "
        "called on the class itself, as ReLU.forward(context, x). Put @staticmethod above it and "
        "leave out self: nothing is kept on an object."
    )


def test_other_parameters_are_told_as_well() -> None:
    result = relu(backward=lambda grad: grad)
    assert result.summary == (
        "ReLU.backward is defined as backward(grad), but it is called on the class itself, as "
        "ReLU.backward(context, grad). Check its parameters, and that @staticmethod stands above "
        "it."
    )


def test_a_missing_step_is_named() -> None:
    result = course.graded(*RELU, ReLU=type("ReLU", (), {"forward": staticmethod(forward)}))
    assert (result.status, result.summary) == (Status.MISSING, "ReLU has no function backward.")


def test_a_missing_class_is_named() -> None:
    asked, known = course.asked(*RELU[:2])[RELU[2]], course.known(*RELU[:2])
    planned = course.planned(*RELU)
    failure = Failure("AttributeError", "solution.py has no ReLU")
    seen = [Observation(Outcome.MISSING, failure=failure) for _ in planned.calls]
    result = judge(asked, known, planned, seen)
    assert (result.status, result.summary) == (Status.MISSING, "solution.py has no ReLU.")


def test_the_starter_is_missing_and_not_wrong() -> None:
    def untouched(*_: Any) -> Any:
        raise NotImplementedError

    assert relu(untouched).status is Status.MISSING


def test_a_context_with_attributes_is_told_what_a_context_is() -> None:
    def step(context: Any, x: Any) -> Any:
        context.x = x

    result = relu(step)
    assert result.status is Status.CRASHED
    assert result.summary.endswith(
        "context is a dict: write context['x'] = x, and read context['x']."
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        [],
        {},
        {"value": None, "product": None},
        {"value": "x", "product": {"a": 1}, "changed": 7},
        {"products": [1], "signature": 3},
        {"signature": [1]},
        {"products": "ab"},
    ],
)
def test_any_answer_of_the_run_gets_a_verdict(value: Any) -> None:
    asked, known, planned = (
        course.asked(*RELU[:2])[RELU[2]],
        course.known(*RELU[:2]),
        course.planned(*RELU),
    )
    seen = [Observation(Outcome.RETURNED, value) for _ in planned.calls]
    assert judge(asked, known, planned, seen).status is Status.WRONG


def test_any_answer_about_two_calls_gets_a_verdict() -> None:
    asked, known, planned = (
        course.asked(*RELU[:2])[RELU[2]],
        course.known(*RELU[:2]),
        course.planned(*RELU),
    )
    seen = [observe(call, known.loaded) for call in planned.calls]
    pairs = [n for n, call in enumerate(planned.calls) if "back" in call.arguments]
    for value in (None, {}, {"products": [None, None]}, {"products": [{"a": 1}, "x"]}):
        changed = list(seen)
        changed[pairs[0]] = Observation(Outcome.RETURNED, value)
        result = judge(asked, known, planned, changed)
        assert (result.status, result.points) == (Status.PARTIAL, Fraction(5, 2))
    died = list(seen)
    died[pairs[-1]] = Observation(Outcome.TIMED_OUT, failure=Failure("", "10 s"))
    assert judge(asked, known, planned, died).points == Fraction(5, 2)


# ---- plans ---------------------------------------------------------------------------------------


def test_a_self_check_has_the_visible_cases_and_one_pair() -> None:
    planned = course.planned(*RELU)
    assert planned.visible == 3
    assert ["back" in call.arguments for call in planned.calls[:3]] == [False, False, True]
    shown = PartPlan(planned.calls[:3], planned.expected[:3], 3)
    known = course.known(*RELU[:2])
    seen = [observe(call, known.loaded) for call in shown.calls]
    result = judge(course.asked(*RELU[:2])[RELU[2]], known, shown, seen)
    assert (result.status, len(result.visible)) == (Status.CORRECT, 2)


def test_the_cases_have_several_axes_numbers_beyond_six_and_zeros() -> None:
    arrays = [
        np.asarray(call.arguments["inputs"]["x"])
        for call in course.planned(*RELU).calls
        if "inputs" in call.arguments
    ]
    assert {array.ndim for array in arrays} == {1, 2, 3}
    everything = np.concatenate([array.reshape(-1) for array in arrays])
    assert everything.max() > 6
    assert (everything == 0).any()


TWO = {
    "of": "times",
    "function": "Times",
    "inputs": {"a": {"normal": [3]}, "b": {"normal": [3]}},
    "shares": {"products": 1, "interleaved": "1/2", "untouched": "1/2"},
}


def test_an_operation_of_two_inputs_returns_a_gradient_for_each() -> None:
    def step(context: Any, a: Any, b: Any) -> Any:
        context["both"] = a, b
        return a * b

    def back(context: Any, grad: Any) -> Any:
        a, b = context["both"]
        return grad * b, grad * a

    asked, known = part("operation", **TWO), reference(times=lambda a, b: a * b)
    assert grade(asked, known, Times=operation(step, back)).points == 2
    held = grade(asked, known, Times=operation(step, lambda c, g: (back(c, g)[0], g)))
    assert held.summary.startswith("Backward by b: ")


def test_a_mistake_that_equals_the_right_answer_is_a_fault_of_the_course() -> None:
    mistake = {"name": "none", "function": "product", "says": "Nothing is wrong here."}
    known = reference(times=lambda a, b: a * b, product=lambda a, b, grad: (grad * b, grad * a))
    with pytest.raises(CourseError, match="the mistake 'none' equals the right answer"):
        plan(part("operation", **TWO, mistakes=[mistake]), known)


def test_every_share_has_to_be_given() -> None:
    with pytest.raises(ValidationError, match="expected shares for products, interleaved, untouch"):
        part("operation", **{**TWO, "shares": {"products": 2}})


def test_the_forward_of_a_mistake_is_looked_for_in_the_reference() -> None:
    names = dict(course.asked(*RELU[:2])[RELU[2]].reference_names())
    assert names[("mistakes", 0, "forward")] == "relu6"


def first_in_first_out(queue: list[Any]) -> tuple[Step, Step]:
    def step(_: Any, x: Any) -> Any:
        queue.append(x > 0)
        return np.maximum(x, 0)

    return step, lambda _, grad: grad * queue.pop(0)


def by_identity(kept: dict[int, Any]) -> tuple[Step, Step]:
    def step(context: Any, x: Any) -> Any:
        kept[id(context)] = x > 0
        return np.maximum(x, 0)

    return step, lambda context, grad: grad * kept[id(context)]


def by_shape(kept: dict[Any, Any]) -> tuple[Step, Step]:
    def step(_: Any, x: Any) -> Any:
        kept[x.shape] = x > 0
        return np.maximum(x, 0)

    return step, lambda _, grad: grad * kept[grad.shape]


@pytest.mark.parametrize(
    "steps", [first_in_first_out([]), by_identity({}), by_shape({})], ids=["fifo", "id", "shape"]
)
def test_state_in_a_queue_or_by_identity_or_shape_is_outside_the_context(
    steps: tuple[Step, Step],
) -> None:
    result = relu(*steps)
    assert (result.points, result.mistake) == (Fraction(5, 2), "state-outside-context")


def test_the_pairs_go_back_in_both_orders() -> None:
    calls = [call.arguments for call in course.planned(*RELU).calls if "back" in call.arguments]
    assert [(len(given["calls"]), given["back"]) for given in calls[:3]] == [
        (2, [1, 0]),
        (3, [1, 2]),
        (3, [2, 1]),
    ]


def test_a_backward_that_overwrites_the_result_of_forward_costs_its_share() -> None:
    def step(context: Any, x: Any) -> Any:
        context["y"] = np.maximum(x, 0)
        return context["y"]

    def back(context: Any, grad: Any) -> Any:
        context["y"][context["y"] > 0] = 1
        context["y"] *= grad
        return context["y"]

    result = relu(step, back)
    assert (result.points, result.mistake) == (Fraction(5, 2), "changes-output")
    assert "backward changes the result of forward in place" in result.summary


@pytest.mark.parametrize("top", [8.5, 12.0, 20.0, 30.0, 100.0])
def test_values_that_are_cut_off_are_wrong_and_told_where(top: float) -> None:
    result = relu(
        lambda context, x: np.minimum(forward(context, x), top),
        lambda context, grad: backward(context, grad) * (context["x"] < top),
    )
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert f"right up to {top:g}, and all that should be larger are {top:g}" in result.summary


@pytest.mark.parametrize("least", [1e-3, 0.05])
def test_small_numbers_that_are_made_zero_are_wrong(least: float) -> None:
    result = relu(lambda context, x: np.where(x > least, forward(context, x), 0))
    assert (result.status, result.points) == (Status.WRONG, 0)
