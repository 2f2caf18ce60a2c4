"""`value`, `gradient`, `jacobian`, `hessian`: what passes, what fails, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from grader.errors import CourseError
from grader.kinds.base import PartPlan
from grader.records import Failure, Frame, Observation, Outcome, Status
from tests.kinds import student
from tests.kinds.student import Result, grade, judge, part, plan, reference, texts

# f(x) = x1^2 x2 + 3 x2, whose gradient is (2 x1 x2, x1^2 + 3).


def f(x: Any) -> Any:
    return x[0] ** 2 * x[1] + 3 * x[1]


def right(x: Any) -> Any:
    return np.array([2 * x[0] * x[1], x[0] ** 2 + 3])


def without_constant(x: Any) -> Any:
    return np.array([2 * x[0] * x[1], x[0] ** 2])


def in_first_quadrant(x: Any) -> Any:
    return np.abs(right(x))


COURSE = reference(f=f, without_constant=without_constant, half_right=in_first_quadrant)


def gradient(**given: Any) -> Any:
    base: dict[str, Any] = {"of": "f", "function": "g", "inputs": {"x": {"normal": [2]}}}
    return part("gradient", **{**base, **given})


ALSO = [{"x": [1.0, 2.0]}, {"x": [3.0, -1.0]}]
SMALL = {"also": ALSO, "cases": {"count": 4, "visible": 2}}


def graded(student_function: Callable[..., Any], **given: Any) -> Result:
    return grade(gradient(**{**SMALL, **given}), COURSE, g=student_function)


# ---- what passes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        list,
        tuple,
        lambda g: [np.array(g[0]), np.float64(g[1])],
        lambda g: torch.tensor(g, requires_grad=True),
        lambda g: torch.tensor(g, dtype=torch.float32),
        lambda g: g.astype(np.float32),
        lambda g: g.astype(object),
        lambda g: np.array([np.float64(g[0]), torch.tensor(g[1])], dtype=object),
        lambda g: g + 0j,
        lambda g: g.astype(np.longdouble),
        np.ma.MaskedArray,
        lambda g: g + 1e-14,
    ],
)
def test_a_right_answer_passes_in_any_form(form: Callable[[np.ndarray], Any]) -> None:
    result = graded(lambda x: form(right(x)))
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary == "Right in all 6 cases."
    assert (result.cases_right, result.cases_total) == (6, 6)


def test_a_student_who_works_in_single_precision_throughout_passes() -> None:
    result = graded(lambda x: right(x.astype(np.float32)), cases={"count": 300})
    assert result.status is Status.CORRECT


@pytest.mark.parametrize("answer", [[4, 4], (np.int8(4), True + 3), np.array([4, 4])])
def test_whole_numbers_are_numbers(answer: Any) -> None:
    result = graded(lambda _: answer, also=ALSO[:1], cases={"count": 0, "visible": 1})
    assert result.status is Status.CORRECT
    assert result.summary == "Right."


def test_a_column_passes_only_where_the_spec_says_so_and_is_told() -> None:
    def column(x: Any) -> Any:
        return right(x).reshape(2, 1)

    assert graded(column).summary == "The result has shape (2, 1); expected (2,)."
    accepted = graded(column, shapes="columns")
    assert accepted.status is Status.CORRECT
    assert accepted.summary == "Right in all 6 cases. Shape (2, 1) was read as (2,)."


def test_a_list_of_one_number_is_no_number_unless_the_spec_says_so() -> None:
    course = reference(h=lambda x: x**2)
    asked = {"function": "h", "inputs": {"x": {"normal": []}}}
    result = grade(part("value", **asked), course, h=lambda x: [x**2])
    assert result.summary == "The result has shape (1,); expected () (a single number)."
    accepted = grade(part("value", **asked, shapes="columns"), course, h=lambda x: [x**2])
    assert accepted.status is Status.CORRECT
    assert accepted.summary.endswith("Shape (1,) was read as () (a single number).")


def test_a_changed_input_is_told_and_costs_nothing() -> None:
    def careless(x: Any) -> Any:
        answer = right(x)
        x[0] = 7
        return answer

    result = graded(careless)
    assert result.status is Status.CORRECT
    assert result.summary == ("Right in all 6 cases. Note: the call changes its input x in place.")


def test_a_changed_input_is_told_beside_a_wrong_answer() -> None:
    def wiped(x: Any) -> Any:
        x[:] = 0
        return x

    result = graded(wiped)
    assert result.summary == (
        "The result is zero in every case. Note: the call changes its input x in place."
    )


# ---- what fails, and what is said ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "summary"),
    [
        (
            lambda x: right(x) * np.nan,
            (
                "Every case has NaN or infinity in it: look for a division by zero, a logarithm of "
                "a number that is not positive, or an overflow in exp."
            ),
        ),
        (
            lambda x: np.where(x[0] == 1, np.inf, right(x)),
            (
                "NaN or infinity came back in every case that is wrong: look for a division by "
                "zero, a logarithm of a number that is not positive, or an overflow in exp. (5 of "
                "6 cases are right.)"
            ),
        ),
        (
            lambda _: None,
            "The function returned None; is there a return statement on every path?",
        ),
        (lambda _: "4, 4", "Text came back ('4, 4'); numbers were expected."),
        (lambda _: [1.0, None], "Among the numbers that came back there is None."),
        (
            lambda _: [[1.0], [1.0, 2.0]],
            "The lists that came back have rows of different lengths; they form no array.",
        ),
        (
            lambda _: {"dx": 1.0},
            "A dict came back; a number, a list or an array was expected.",
        ),
        (
            lambda _: {1.0},
            (
                "g returned something that is not data: a value of type set is not data. "
                "Numbers, text, lists, tuples, NumPy arrays and torch tensors are."
            ),
        ),
        (lambda x: right(x)[:1], "The result has shape (1,); expected (2,)."),
        (lambda x: np.outer(right(x), [1, 1]), "The result has shape (2, 2); expected (2,)."),
        (
            lambda x: -right(x),
            "Every value is right but for its sign: a minus is missing, or there is one too many.",
        ),
        (
            lambda x: 2 * right(x),
            "Every value is 2 times what was expected: look for a constant factor.",
        ),
        (
            lambda x: right(x)[::-1],
            (
                "The entries are right but stand in reversed order along the first axis. "
                "(1 of 6 cases are right.)"
            ),
        ),
        (
            lambda x: right(x) + np.array([x[0] ** 2, 0]),
            "Entry [0] of 2 is wrong; the others are right in every case.",
        ),
        (
            lambda x: right(x) + np.array([0, 1.5]),
            "Only entry [1] is wrong: it is too large by 1.5: look for a constant term.",
        ),
        (
            lambda x: right(x) * np.array([1, 1.001]),
            "Entry [1] of 2 is wrong; the others are right in every case.",
        ),
        (
            lambda x: right(x) + 1e-6,
            (
                "The values are close but not close enough: a constant was rounded, a step was "
                "taken by a finite difference, or lower precision was used on the way."
            ),
        ),
        (
            lambda x: right(x) + np.array([2j, 1j]),
            "2 of 2 entries differ; the farthest off is entry [0]: 4+2j where 4 was expected.",
        ),
        (
            lambda x: [x[0], 3 * x[0] + x[1]],
            "2 of 2 entries differ; the farthest off is entry [0]: 1 where 4 was expected.",
        ),
    ],
)
def test_a_wrong_answer_fails_with_a_reason(wrong: Callable[..., Any], summary: str) -> None:
    result = graded(wrong)
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary == summary


@pytest.mark.parametrize("seed", range(5))
def test_an_error_in_one_hidden_case_alone_is_caught(seed: int) -> None:
    asked = gradient(cases={"count": 30, "visible": 2})
    planned = plan(asked, COURSE, seed)
    answers = [right(call.arguments["x"]) for call in planned.calls]
    answers[17] = answers[17] * (1 + 1e-3)
    result = judge(
        asked, COURSE, planned, [Observation(Outcome.RETURNED, answer) for answer in answers]
    )
    assert (result.status, result.points, result.cases_right) == (Status.WRONG, 0, 29)


def test_a_transposed_hessian_is_caught_where_the_matrix_is_not_symmetric() -> None:
    def y(x: Any) -> Any:
        return torch.stack([x[0] * x[1], x[1] ** 2 + x[0], 3 * x[0]])

    asked = part("jacobian", of="y", function="j", inputs={"x": {"normal": [2]}})

    def jacobian(x: Any) -> Any:
        return np.array([[x[1], x[0]], [1, 2 * x[1]], [3, 0]])

    course = reference(y=y)
    assert grade(asked, course, j=jacobian).status is Status.CORRECT
    flipped = grade(asked, course, j=lambda x: jacobian(x).T)
    assert flipped.status is Status.WRONG
    assert flipped.summary == "The result is the transpose of what was expected."


def test_a_hessian_is_that_of_automatic_differentiation() -> None:
    asked = part("hessian", of="f", function="h", inputs={"x": {"normal": [2]}})

    def hessian(x: Any) -> Any:
        return [[2 * x[1], 2 * x[0]], [2 * x[0], 0]]

    assert grade(asked, COURSE, h=hessian).status is Status.CORRECT
    assert grade(asked, COURSE, h=lambda x: np.triu(hessian(x))).status is Status.WRONG


def test_a_gradient_is_by_the_argument_that_the_spec_names() -> None:
    def loss(w: Any, y: Any) -> Any:
        return (w[y] ** 2).sum()

    inputs = {"w": {"normal": [4]}, "y": {"integers": {"low": 0, "high": 3, "shape": [5]}}}
    asked = part("gradient", of="loss", function="g", inputs=inputs, wrt="w", also=[
        {"w": [1.0, 2.0, 3.0, 4.0], "y": [0, 0, 1, 2, 3]}
    ])  # fmt: skip

    def by_w(w: np.ndarray, y: np.ndarray) -> np.ndarray:
        return 2 * w * np.bincount(y, minlength=4)

    assert grade(asked, reference(loss=loss), g=by_w).status is Status.CORRECT


def test_an_argument_that_is_not_there_cannot_be_differentiated_by() -> None:
    with pytest.raises(ValidationError, match="wrt names 'z'; the inputs are x"):
        gradient(wrt="z")


def test_a_self_check_of_a_part_that_shows_no_case_runs_none() -> None:
    asked = gradient(cases={"count": 2, "visible": 0})
    result = judge(asked, COURSE, PartPlan(visible=0), [])
    assert (result.status, result.summary) == (
        Status.SKIPPED,
        "All cases of this part are hidden; it is judged when it is graded.",
    )


# ---- visible cases -------------------------------------------------------------------------------


def test_a_visible_case_shows_both_values_the_worst_entry_and_a_call_to_paste() -> None:
    result = graded(lambda x: [x[0], 3 * x[0] + x[1]])
    first, second = result.visible
    assert (first.number, first.right) == (1, False)
    assert first.call == "g(np.array([1.0, 2.0]))"
    assert (first.observed, first.expected) == ("[1, 5]", "[4, 4]")
    assert (first.worst_index, first.observed_there, first.expected_there) == ("[0]", "1", "4")
    assert second.call == "g(np.array([3.0, -1.0]))"


def test_a_visible_case_without_a_value_says_what_happened() -> None:
    def stops(x: Any) -> Any:
        raise ValueError(f"cannot take {x[0]}")

    report = graded(stops).visible[0]
    assert (report.right, report.observed, report.expected) == (False, "", "[4, 4]")
    assert re.fullmatch(
        r"g stopped with ValueError in line \d+ of solution.py: cannot take 1.0.", report.message
    )


def test_the_hint_stands_beside_a_wrong_answer_only() -> None:
    assert graded(right, hint="Think.").hint == ""
    assert graded(lambda x: -right(x), hint="Think.").hint == "Think."


# ---- known mistakes ------------------------------------------------------------------------------

MISTAKE = {
    "name": "lost-constant",
    "function": "without_constant",
    "says": "The term 3 x2 was\nnot differentiated.",
    "credit": "1/4",
}


def test_a_known_mistake_is_named_and_earns_its_credit() -> None:
    result = graded(without_constant, mistakes=[MISTAKE])
    assert (result.status, result.mistake) == (Status.PARTIAL, "lost-constant")
    assert result.points == Fraction(1, 2)
    assert result.summary == "The term 3 x2 was not differentiated."


def test_a_known_mistake_in_single_precision_is_named_too() -> None:
    result = graded(lambda x: without_constant(x.astype(np.float32)), mistakes=[MISTAKE])
    assert result.mistake == "lost-constant"


def test_a_known_mistake_without_credit_is_wrong() -> None:
    result = graded(without_constant, mistakes=[{**MISTAKE, "credit": 0}])
    assert (result.status, result.points, result.mistake) == (Status.WRONG, 0, "lost-constant")


def test_a_known_mistake_has_to_agree_in_every_case() -> None:
    asked = gradient(**SMALL, mistakes=[MISTAKE])
    planned = plan(asked, COURSE)
    answers = [without_constant(call.arguments["x"]) for call in planned.calls]
    answers[-1] = right(planned.calls[-1].arguments["x"])
    seen = [Observation(Outcome.RETURNED, answer) for answer in answers]
    result = judge(asked, COURSE, planned, seen)
    assert (result.mistake, result.points) == (None, 0)


def test_a_known_mistake_that_crashes_once_is_not_named() -> None:
    def mostly(x: Any) -> Any:
        if x[0] == 3:
            raise ValueError
        return without_constant(x)

    assert graded(mostly, mistakes=[MISTAKE]).mistake is None


def test_a_right_answer_is_never_taken_for_a_mistake_that_sometimes_equals_it() -> None:
    mistake = {**MISTAKE, "name": "no-signs", "function": "half_right"}
    assert graded(right, mistakes=[mistake]).status is Status.CORRECT


# ---- hidden cases --------------------------------------------------------------------------------


def raises(error: Exception) -> Any:
    raise error


SPOILERS: list[Callable[..., Any]] = [
    lambda x: x + 1,
    lambda x: right(x) if x[0] in (1, 3) else x,
    lambda x: right(x) if x[0] in (1, 3) else None,
    lambda x: right(x) if x[0] in (1, 3) else x.tolist().hex(),
    lambda x: right(x) if x[0] in (1, 3) else {str(x.tolist()): 1},
    lambda x: right(x) if x[0] in (1, 3) else str(x.tolist()),
    lambda x: right(x) if x[0] in (1, 3) else [*x, None],
    lambda x: right(x) if x[0] in (1, 3) else dict[str, Any]()[str(x.tolist())],
    lambda x: right(x) if x[0] in (1, 3) else np.linalg.inv(x),
    lambda x: right(x) if x[0] in (1, 3) else raises(type(f"E{x.tolist()}", (Exception,), {})()),
    lambda x: right(x) if x[0] in (1, 3) else right(x) * np.nan,
    lambda x: right(x) + np.array([0, x[0]]),
    lambda x: [right(x)[0], 1],
]


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_nothing_that_is_told_holds_a_number_of_a_hidden_case(spoiler: Callable[..., Any]) -> None:
    asked = gradient(**SMALL, hint="A hint.")
    planned = plan(asked, COURSE)
    result = grade(asked, COURSE, g=spoiler)
    assert result.status is not Status.CORRECT
    told = " ".join(texts(result))
    hidden = planned.calls[planned.visible :]
    assert len(hidden) == 4
    for call in hidden:
        x = np.asarray(call.arguments["x"])
        for number in [*x, *right(x), *spoiled(spoiler, x)]:
            for digits in (str(number), f"{number:.4g}", f"{number:.10g}"):
                assert len(digits) < 5 or digits.lstrip("-") not in told


def spoiled(spoiler: Callable[..., Any], x: np.ndarray) -> list[float]:
    try:
        return [float(number) for number in spoiler(x)]
    except Exception:  # noqa: BLE001  (then it said nothing with numbers in it)
        return []


def test_where_only_hidden_cases_are_wrong_just_that_is_said() -> None:
    result = graded(lambda x: right(x) if x[0] in (1, 3) else x @ [[1, 2], [3, 4]])
    assert result.summary == (
        "The cases shown below are right, but hidden ones are not. (2 of 6 cases are right.)"
    )
    assert [report.right for report in result.visible] == [True, True]


def test_where_every_case_is_hidden_none_is_called_shown() -> None:
    result = graded(lambda x: x @ [[1, 2], [3, 4]], cases={"count": 4, "visible": 0})
    assert result.summary == "The cases of this part are hidden, and not all of them are right."
    assert result.visible == ()


FAILURE = Failure("ValueError", "cannot take 0.25", (Frame("solution.py", 7, "g", "raise …"),))


def observed(observation: Observation, at: int, visible: int = 2) -> Result:
    asked = gradient(**{**SMALL, "cases": {"count": 4, "visible": visible}})
    planned = plan(asked, COURSE)
    seen = [Observation(Outcome.RETURNED, right(call.arguments["x"])) for call in planned.calls]
    seen[at] = observation
    return judge(asked, COURSE, planned, seen)


def test_an_exception_in_a_visible_case_is_told_in_full() -> None:
    result = observed(Observation(Outcome.RAISED, failure=FAILURE), 1)
    assert (result.status, result.failure) == (Status.CRASHED, FAILURE)
    assert result.summary == (
        "g stopped with ValueError in line 7 of solution.py: cannot take 0.25. "
        "(5 of 6 cases are right.)"
    )


def test_an_exception_in_a_hidden_case_is_told_without_its_text() -> None:
    result = observed(Observation(Outcome.RAISED, failure=FAILURE), 3)
    frame = replace(FAILURE.frames[0], function="")
    told = replace(FAILURE, message="", frames=(frame,))
    assert (result.status, result.failure) == (Status.CRASHED, told)
    assert result.summary == (
        "g stopped with ValueError in line 7 of solution.py. (5 of 6 cases are right.)"
    )


@pytest.mark.parametrize("at", [0, 4])
@pytest.mark.parametrize(
    ("outcome", "says", "status", "summary"),
    [
        (Outcome.TIMED_OUT, "10 s", Status.TIMED_OUT, "g did not finish in time. 10 s."),
        (Outcome.NOT_RUN, "Not run.", Status.SKIPPED, "Not run."),
    ],
)
def test_the_end_of_a_call_is_told_wherever_it_was(
    at: int, outcome: Outcome, says: str, status: Status, summary: str
) -> None:
    result = observed(Observation(outcome, failure=Failure("", says)), at)
    assert result.status is status
    assert result.summary == f"{summary} (5 of 6 cases are right.)"


@pytest.mark.parametrize(("at", "more"), [(0, " 1 GiB."), (4, "")])
def test_what_memory_ran_out_with_is_told_of_a_shown_case_only(at: int, more: str) -> None:
    result = observed(Observation(Outcome.OUT_OF_MEMORY, failure=Failure("", "1 GiB")), at)
    assert result.status is Status.OUT_OF_MEMORY
    says = f"g used more memory than it may.{more} (5 of 6 cases are right.)"
    assert result.summary == says


def test_a_missing_function_is_named_even_where_every_case_is_hidden() -> None:
    result = grade(gradient(cases={"count": 2, "visible": 0}), COURSE)
    assert (result.status, result.summary) == (Status.MISSING, "solution.py has no g.")


def test_a_function_as_the_starter_left_it_is_missing_and_not_a_crash() -> None:
    def untouched(_: Any) -> Any:
        raise NotImplementedError

    result = graded(untouched)
    assert result.status is Status.MISSING
    assert result.summary == "Not there yet: g still raises NotImplementedError."


def test_the_text_of_an_exception_is_one_short_line_in_a_summary() -> None:
    def talks(_: Any) -> Any:
        raise ValueError("first line\n  second line\n" + "x" * 500)

    result = graded(talks)
    assert "\n" not in result.summary
    assert "first line second line xxx" in result.summary
    assert len(result.summary) < 400
    assert result.failure is not None
    assert "\n" in result.failure.message


# ---- faults of the course ------------------------------------------------------------------------


def test_a_derivative_by_hand_that_disagrees_with_autodiff_is_a_fault_of_the_course() -> None:
    course = reference(f=f, g=without_constant)
    with pytest.raises(CourseError) as caught:
        plan(gradient(**SMALL), course)
    assert str(caught.value) == (
        "made_up.py: g disagrees with automatic differentiation for part p1: "
        "g(np.array([1.0, 2.0])): 1 of 2 entries differ; the farthest off is entry [1]: "
        "1 where 4 was expected."
    )


def test_a_derivative_by_hand_that_agrees_is_fine() -> None:
    assert plan(gradient(**SMALL), reference(f=f, g=right)).visible == 2


def test_a_mistake_that_equals_the_right_answer_is_a_fault_of_the_course() -> None:
    mistake = {**MISTAKE, "function": "right"}
    with pytest.raises(CourseError) as caught:
        plan(gradient(**SMALL, mistakes=[mistake]), reference(f=f, right=right))
    assert str(caught.value) == (
        "p1: the mistake 'lost-constant' equals the right answer in every case"
    )


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_reference_without_a_finite_value_is_a_fault_of_the_course(value: float) -> None:
    asked = part("value", function="h", inputs={"x": {"value": 0}})
    with pytest.raises(CourseError) as caught:
        plan(asked, reference(h=lambda x: x + value))
    assert str(caught.value) == f"p1: the reference gives {value} for h(0.0)"


def test_a_reference_that_raises_is_a_fault_of_the_course() -> None:
    asked = part("value", function="h", inputs={"x": {"value": 0}})
    with pytest.raises(CourseError) as caught:
        plan(asked, reference(h=lambda x: 1 / x))
    assert str(caught.value) == (
        "p1: the reference fails for h(0.0): ZeroDivisionError('float division by zero')"
    )


def test_a_reference_with_complex_values_is_a_fault_of_the_course() -> None:
    asked = part("value", function="h", inputs={"x": {"value": 1}})
    with pytest.raises(CourseError, match="expected real numbers, found an array of dtype complex"):
        plan(asked, reference(h=lambda x: x + 1j))


def test_a_reference_that_changes_its_input_does_not_change_the_students() -> None:
    def careless(x: Any) -> Any:
        x *= 0
        return x

    asked = part("value", function="h", inputs={"x": {"value": [1.0, 2.0]}})
    (call, *_) = plan(asked, reference(h=careless)).calls
    np.testing.assert_array_equal(np.asarray(call.arguments["x"]), [1, 2])


# ---- plans ---------------------------------------------------------------------------------------


def test_a_plan_is_the_same_for_every_student_and_another_for_another_seed() -> None:
    def inputs(seed: int) -> list[list[float]]:
        return [list(call.arguments["x"]) for call in plan(gradient(), COURSE, seed).calls]  # type: ignore[call-overload]

    assert inputs(1) == inputs(1)
    assert inputs(1) != inputs(2)


def test_a_call_holds_inputs_only() -> None:
    for call in plan(gradient(), COURSE).calls:
        assert set(call.arguments) == {"x"}


def test_a_value_is_that_of_the_reference_function_of_the_same_name() -> None:
    asked = part("value", function="h", inputs={"n": {"integers": {"low": 1, "high": 9}}})
    course = reference(h=lambda n: torch.arange(n, dtype=torch.float64).sum())
    assert grade(asked, course, h=lambda n: sum(range(n))).status is Status.CORRECT


def test_a_function_without_inputs_has_one_case() -> None:
    asked = part("value", function="h", cases={"count": 20, "visible": 1})
    course = reference(h=lambda: np.array([3 / 8, -3 / 4]))
    assert grade(asked, course, h=lambda: [0.375, -0.75]).cases_total == 1


def test_the_tolerance_of_the_spec_takes_the_place_of_the_table() -> None:
    def ascent() -> Any:
        return [0.38, -0.745]

    asked = part("value", function="h", tolerance={"rtol": 0, "atol": 0.01})
    course = reference(h=lambda: np.array([0.375, -0.75]))
    assert grade(asked, course, h=ascent).status is Status.CORRECT


def test_the_taught_gradient_names_every_mistake_that_it_declares() -> None:
    import yaml  # noqa: PLC0415

    path = student.COURSE / "assignments/background-math/q3-calculus.yaml"
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))
    course = student.taught("q3_calculus")
    for given in spec["parts"][:2]:
        asked = part(**given)
        for mistake in asked.mistakes:
            names: dict[str, Any] = {asked.function: course.function(mistake.function)}
            result = grade(asked, course, **names)
            assert result.mistake == mistake.name
            assert result.points == asked.points * mistake.credit


def test_a_mistake_of_another_shape_than_the_right_answer_is_recognised() -> None:
    course = reference(h=lambda x: 2 * x, turned=lambda x: 2 * x.T)
    wrong = {"name": "turned", "function": "turned", "says": "It is the wrong way around."}
    asked = part(
        "value",
        function="h",
        inputs={"x": {"normal": [2, 3]}},
        cases={"count": 3},
        mistakes=[wrong],
    )
    assert grade(asked, course, h=lambda x: 2 * x.T).mistake == "turned"


# ---- groups of cases with points of their own ----------------------------------------------------

LARGE = {"x": {"uniform": {"low": 800, "high": 1000, "shape": [3]}}}
STABLE = {
    "function": "h",
    "inputs": {"x": {"normal": [3]}},
    "cases": {"count": 4, "visible": 1},
    "groups": [{"name": "Large arguments", "points": "1/2", "inputs": LARGE, "count": 3}],
}


def log_sum_exp(x: Any) -> Any:
    return np.max(x) + np.log(np.sum(np.exp(x - np.max(x))))


def overflowing(x: Any) -> Any:
    with np.errstate(over="ignore"):
        return np.log(np.sum(np.exp(x)))


def grouped(student_function: Callable[..., Any]) -> Result:
    return grade(part("value", **STABLE), reference(h=log_sum_exp), h=student_function)


def test_a_group_earns_its_points_beside_the_ordinary_cases() -> None:
    result = grouped(log_sum_exp)
    assert (result.status, result.points, result.summary) == (
        Status.CORRECT,
        2,
        "Right in all 7 cases.",
    )
    assert [(c.name, c.points, c.max_points) for c in result.checks] == [
        ("Ordinary inputs", Fraction(3, 2), Fraction(3, 2)),
        ("Large arguments", Fraction(1, 2), Fraction(1, 2)),
    ]


def test_a_group_that_is_wrong_costs_its_own_share_and_shows_no_case() -> None:
    result = grouped(overflowing)
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(3, 2))
    assert result.summary == (
        "Large arguments: Every case has NaN or infinity in it: look for a division by zero, a "
        "logarithm of a number that is not positive, or an overflow in exp."
    )
    assert (result.cases_right, result.cases_total, len(result.visible)) == (4, 7, 1)


def test_a_group_earns_nothing_where_the_ordinary_cases_are_wrong() -> None:
    result = grouped(np.max)  # which is what log-sum-exp tends to for large differences only
    by_name = {check.name: check for check in result.checks}
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert by_name["Ordinary inputs"].status is Status.WRONG
    result = grouped(lambda x: log_sum_exp(x) + (np.max(x) < 700))
    by_name = {check.name: check for check in result.checks}
    assert (by_name["Large arguments"].status, by_name["Large arguments"].points) == (
        Status.SKIPPED,
        0,
    )
    assert by_name["Large arguments"].says == "It counts once the ordinary inputs are right."


def test_a_self_check_sees_the_visible_cases_only_and_no_group() -> None:
    asked = part("value", **STABLE)
    course = reference(h=log_sum_exp)
    planned = plan(asked, course)
    shown = replace(planned, calls=planned.calls[:1], expected=planned.expected[:1])
    seen = [student.observe(call, student.module(h=overflowing)) for call in shown.calls]
    result = judge(asked, course, shown, seen, self_check=True)
    assert (result.status, result.summary) == (Status.CORRECT, "Right.")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"groups": [{"name": "A", "points": 2, "inputs": {}}]},
            "the groups have 2 of 2 points; expected fewer, since the other cases need some",
        ),
        (
            {"groups": [{"name": "A", "points": 1, "inputs": {"z": {"normal": []}}}]},
            "the group 'A' draws z; the inputs are x",
        ),
        ({"inputs": {"x": {"normal": ["n"]}}}, "the input x has the size n; the sizes are none"),
        (
            {"sizes": {"n": [3, 1]}},
            "expected 0 <= low <= high <= 100000, found 3 and 1",
        ),
        (
            {"sizes": {"n": 3}},
            "expected two whole numbers, the least and the most: [1, 5]",
        ),
    ],
)
def test_groups_and_sizes_that_do_not_fit_are_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(says)):
        part("value", **{**STABLE, "groups": [], **given})


# ---- the wrong array beside the expected one ----------------------------------------------------


def test_a_wrong_visible_case_has_its_array_beside_the_expected_one() -> None:
    found = graded(without_constant)
    first, second = found.visible
    assert first.grid is not None
    assert (first.grid.observed, first.grid.expected) == (
        (("4",), ("1",)),
        (("4",), ("4",)),
    )
    assert first.grid.wrong == ((1, 0),)
    assert second.grid is not None


def test_right_cases_and_single_numbers_have_no_table() -> None:
    assert [case.grid for case in graded(right).visible] == [None, None]
    values = part("value", of="f", function="g", inputs={"x": {"normal": [2]}}, **SMALL)
    found = grade(values, COURSE, g=lambda x: f(x) + 1)
    assert [case.grid for case in found.visible] == [None, None]
