"""`quantities`: what is right, what follows, what proves nothing, and what is said of it."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import make_dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from grader import values
from grader.errors import CourseError
from grader.kinds.base import PartPlan, Planning
from grader.kinds.functions.quantities import Quantities
from grader.records import Check, Failure, Observation, Outcome, Status
from tests.kinds import course
from tests.kinds.course import taught
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

Student = Callable[..., Any]

# a = x y,  b = sin a,  c = a b, whose adjoints are c: 1, b: a, a: b + (adjoint of b) cos a, x: y a.


def trace(x: Any, y: Any) -> dict[str, Any]:
    a = x * y
    b = torch.sin(a)
    return {"a": a, "b": b, "c": a * b}


def rule(name: str, known: Any, x: Any, y: Any) -> Any:
    a = x * y
    steps: dict[str, Callable[[], Any]] = {
        "c": lambda: 1.0,
        "b": lambda: known["c"] * a,
        "a": lambda: known["c"] * np.sin(a) + known["b"] * np.cos(a),
        "x": lambda: known["a"] * y,
        "y": lambda: known["a"] * x,
    }
    return steps[name]()


def one_path(known: Any, x: Any, y: Any) -> Any:
    return known["c"] * np.sin(x * y)


COURSE = reference(trace=trace, rule=rule, one_path=one_path)
NUMBER = {"uniform": {"low": 0.5, "high": 1.4}}
MISTAKE = {"name": "one-path", "quantity": "a", "function": "one_path", "says": "Only one path."}
NAMES = ("c", "b", "a", "x")


def adjoints(**given: Any) -> Any:
    base = {
        "function": "g",
        "of": "trace",
        "wants": "adjoints",
        "output": "c",
        "quantities": list(NAMES),
        "rule": "rule",
        "inputs": {"x": NUMBER, "y": NUMBER},
        "cases": {"count": 8, "visible": 2},
    }
    return part("quantities", **{**base, **given})


def with_wrong(**wrong: Callable[..., Any]) -> Student:
    """Return a student who goes by the rule, but for these quantities."""

    def g(x: Any, y: Any) -> dict[str, Any]:
        known: dict[str, Any] = {}
        for name in NAMES:
            known[name] = wrong[name](known, x, y) if name in wrong else rule(name, known, x, y)
        return known

    return g


def graded(student: Student, **given: Any) -> Result:
    return grade(adjoints(**given), COURSE, g=student)


def states(result: Result) -> dict[str, str]:
    return {node.name: node.state for node in result.figures[0].nodes}


def check(result: Result, name: str) -> Check:
    (found,) = [item for item in result.checks if item.name == name]
    assert isinstance(found, Check)
    return found


# ---- what is right -------------------------------------------------------------------------------


def test_right_quantities_earn_all() -> None:
    result = graded(with_wrong())
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary == "Right in all 8 cases."
    assert [c.points for c in result.checks] == [Fraction(1, 2)] * 4
    assert (result.cases_right, result.cases_total) == (8, 8)


@pytest.mark.parametrize(
    "form",
    [float, np.float64, np.float32, torch.tensor, np.asarray, lambda v: torch.tensor(v) + 0j],
)
def test_right_quantities_pass_in_any_form(form: Callable[[Any], Any]) -> None:
    student = with_wrong()
    result = graded(lambda x, y: {k: form(v) for k, v in student(x, y).items()})
    assert result.points == 2


def test_a_student_in_single_precision_passes() -> None:
    def g(x: Any, y: Any) -> Any:
        single = with_wrong()(np.float32(x), np.float32(y))
        return {name: np.float32(value) for name, value in single.items()}

    assert graded(g, cases={"count": 200}).points == 2


def test_a_number_in_a_list_passes_only_where_the_spec_says_so() -> None:
    student = with_wrong()

    def g(x: Any, y: Any) -> Any:
        return {name: [value] for name, value in student(x, y).items()}

    assert graded(g).points == 0
    accepted = graded(g, shapes="columns")
    assert accepted.points == 2
    assert accepted.summary.endswith("Shape (1,) was read as () (a single number).")


def test_further_keys_are_told_and_cost_nothing() -> None:
    student = with_wrong()
    result = graded(lambda x, y: {**student(x, y), "z0": 1})
    assert result.points == 2
    assert result.summary == "Right in all 8 cases. Not looked at: z0."


def test_an_optional_quantity_may_be_left_out_given_right_or_given_wrong() -> None:
    student = with_wrong()
    optional = {"optional": ["y"]}
    assert graded(student, **optional).summary == "Right in all 8 cases."
    right = graded(lambda x, y: {**student(x, y), "y": rule("y", student(x, y), x, y)}, **optional)
    assert (right.points, right.summary) == (2, "Right in all 8 cases.")
    wrong = graded(lambda x, y: {**student(x, y), "y": 7 * x}, **optional)
    assert (wrong.status, wrong.points) == (Status.CORRECT, 2)
    assert wrong.summary == "Right in all 8 cases. y is wrong, which costs nothing."


# ---- what follows --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["b", "a", "x"])
def test_one_wrong_step_costs_its_own_share_only(name: str) -> None:
    wrong = {name: lambda known, x, y: 3 * rule(name, known, x, y) + x}
    result = graded(with_wrong(**wrong))
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(3, 2))
    assert [c.name for c in result.checks if not c.points] == [name]
    assert result.summary.startswith(f"First wrong in the order of reverse mode: {name}. ")


def test_what_follows_is_named_with_what_it_follows_from() -> None:
    result = graded(with_wrong(b=lambda known, x, _: known["c"] * x))
    assert result.summary.endswith("Credited, as following from your earlier steps: a, x.")
    assert check(result, "a").says == "Credited: it follows from your b."
    assert check(result, "x").says == "Credited: it follows from your a."
    assert states(result) == {"c": "right", "b": "wrong", "a": "follows", "x": "follows"}
    assert result.figures[0].text == "Right: c. Wrong: b. Follows: a, x."
    assert set(result.figures[0].edges) == {("c", "b"), ("c", "a"), ("b", "a"), ("a", "x")}


def test_a_seed_of_two_costs_the_seed() -> None:
    result = graded(with_wrong(c=lambda *_: 2.0))
    assert result.points == Fraction(3, 2)
    assert check(result, "c").says == (
        "Every value is 2 times what was expected: look for a constant factor."
    )


def test_two_wrong_steps_cost_two_shares_and_both_are_named() -> None:
    result = graded(with_wrong(b=lambda _, x, __: x, x=lambda known, *_: known["a"] + 1))
    assert result.points == 1
    assert "Not right either: x." in result.summary


def test_a_step_computed_from_right_quantities_counts_beside_a_wrong_one() -> None:
    right = with_wrong()
    result = graded(lambda x, y: {**right(x, y), "b": x})
    assert [c.name for c in result.checks if not c.points] == ["b"]


def test_a_missing_quantity_costs_its_share_and_is_named_with_the_key_that_was_meant() -> None:
    student = with_wrong()

    def g(x: Any, y: Any) -> Any:
        found = student(x, y)
        found["A"] = found.pop("a")
        return found

    result = graded(g)
    assert result.points == Fraction(3, 2)
    assert check(result, "a").status is Status.MISSING
    assert result.summary == (
        "First wrong in the order of reverse mode: a. There is no a in the answer. "
        "Is 'A' meant for it? Not looked at: A."
    )


def test_a_declared_mistake_is_named_also_where_it_starts_from_wrong_quantities() -> None:
    alone = graded(with_wrong(a=one_path), mistakes=[MISTAKE])
    assert (alone.mistake, alone.points) == ("one-path", Fraction(3, 2))
    assert check(alone, "a").says == "Only one path."
    after = graded(with_wrong(c=lambda *_: 2.0, a=one_path), mistakes=[MISTAKE])
    assert check(after, "a").says == "Only one path."
    assert after.mistake is None  # the seed is the first that is wrong


def test_a_declared_mistake_may_keep_a_part_of_its_share() -> None:
    mistake = {**MISTAKE, "credit": "1/2"}
    result = graded(with_wrong(a=one_path), mistakes=[mistake])
    assert result.points == Fraction(7, 4)
    assert check(result, "a").status is Status.PARTIAL


def test_a_wrong_value_in_hidden_cases_only_is_told_without_its_numbers() -> None:
    planned = plan(adjoints(), COURSE)
    hidden = dict(planned.calls[5].arguments)

    def sneaky(known: Any, x: Any, y: Any) -> Any:
        return rule("a", known, x, y) + (0.25 if x == hidden["x"] else 0)

    result = graded(with_wrong(a=sneaky))
    assert check(result, "a").says == ("The cases shown below are right, but hidden ones are not.")
    assert result.points == Fraction(3, 2)  # x follows in the one case


# ---- what proves nothing -------------------------------------------------------------------------


def zeros(*_: Any) -> dict[str, float]:
    return dict.fromkeys(NAMES, 0.0)


@pytest.mark.parametrize(
    "student",
    [
        zeros,
        lambda *_: dict.fromkeys(NAMES, float("nan")),
        lambda *_: dict.fromkeys(NAMES, float("inf")),
        lambda *_: dict.fromkeys(NAMES, 1e308),
        lambda *_: dict.fromkeys(NAMES),
        lambda *_: dict.fromkeys(NAMES, "text"),
        lambda *_: {name: {"x": [1, [2]]} for name in NAMES},
        lambda *_: {name: [[1], [2, 3]] for name in NAMES},
        lambda x, y: {k: 1e-11 * v for k, v in with_wrong()(x, y).items()},
        lambda x, y: {k: v + 1j for k, v in with_wrong()(x, y).items()},
        lambda *_: {},
        lambda *_: None,
        lambda *_: [2, 2, 3, 4],
        lambda *_: [1, 2, 3],
        lambda *_: 1.0,
        lambda *_: np.ones((4, 4)),
    ],
)
def test_what_says_nothing_earns_nothing(student: Student) -> None:
    result = graded(student)
    assert result.points == 0
    assert result.summary


def test_a_table_of_one_example_earns_only_what_is_the_same_in_every_case() -> None:
    example = with_wrong()(1.0, 2.0)
    result = graded(lambda *_: example)
    assert [c.name for c in result.checks if c.points] == ["c"]


def test_a_zero_after_a_zero_does_not_follow() -> None:
    result = graded(with_wrong(b=lambda *_: 0.0, a=lambda *_: 0.0))
    assert [c.name for c in result.checks if c.points] == ["c"]


FORWARD = {"wants": "tangents", "output": None, "along": "x", "rule": "forward"}


def forward(name: str, known: Any, x: Any, y: Any) -> Any:
    steps: dict[str, Callable[[], Any]] = {
        "a": lambda: x * y,
        "da": lambda: y,
        "e": lambda: 3 * known["a"],
        "de": lambda: 3 * known["da"],
        "s": lambda: known["a"] * known["e"],
        "ds": lambda: known["da"] * known["e"] + known["a"] * known["de"],
    }
    return steps[name]()


def forward_trace(x: Any, y: Any) -> dict[str, Any]:
    a = x * y
    return {"a": a, "e": 3 * a, "s": a * 3 * a}


FORWARD_COURSE = reference(trace=forward_trace, forward=forward)


def forward_graded(student: Student, **given: Any) -> Result:
    asked = adjoints(**FORWARD, quantities=["a", "e", "s"], **{"form": "rows", **given})
    return grade(asked, FORWARD_COURSE, g=student)


def rows(x: Any, y: Any, tangent: Callable[[Any, Any], Any]) -> np.ndarray:
    known: dict[str, Any] = {}
    for name in ("a", "da", "e", "de", "s", "ds"):
        known[name] = tangent(x, y) if name == "da" else forward(name, known, x, y)
    return np.array([[known[n], known[f"d{n}"]] for n in ("a", "e", "s")])


def test_a_constant_that_follows_counts_if_what_varies_follows_from_it() -> None:
    # The tangent y was taken for 1: then 3·1 is right, and its use in the last step proves it.
    result = forward_graded(lambda x, y: rows(x, y, lambda *_: 1.0))
    assert [c.name for c in result.checks if not c.points] == ["da/dx"]
    assert result.points == Fraction(5, 3)


def test_constants_that_nothing_varies_with_are_taken_back() -> None:
    def g(x: Any, y: Any) -> Any:
        found = rows(x, y, lambda *_: 1.0)
        found[2, 1] = 7.0
        return found

    result = forward_graded(g)
    assert [c.name for c in result.checks if not c.points] == ["da/dx", "de/dx", "ds/dx"]
    assert check(result, "de/dx").says == (
        "It agrees with your earlier quantities, but with zeros or constants where the right "
        "values vary: from those nothing can be followed."
    )


# ---- rows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        lambda r: r,
        lambda r: r.tolist(),
        lambda r: [tuple(pair) for pair in r],
        torch.tensor,
        lambda r: [torch.tensor(pair) for pair in r],
        lambda r: dict(zip(("a", "e", "s"), r.tolist(), strict=True)),
    ],
)
def test_rows_pass_in_any_form(form: Callable[[np.ndarray], Any]) -> None:
    result = forward_graded(lambda x, y: form(rows(x, y, lambda _, y: y)))
    assert (result.points, len(result.checks)) == (2, 6)


def test_rows_of_another_shape_are_told_theirs() -> None:
    result = forward_graded(lambda x, y: rows(x, y, lambda _, y: y).T)
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary == "The result has shape (2, 3); expected (3, 2)."


def test_a_pair_of_another_length_costs_both_of_its_shares() -> None:
    def g(x: Any, y: Any) -> Any:
        found: dict[str, Any] = dict(zip("aes", rows(x, y, lambda _, y: y).tolist(), strict=True))
        found["e"] = [1.0, 2.0, 3.0]
        return found

    result = forward_graded(g)
    assert [c.name for c in result.checks if not c.points] == ["e", "de/dx"]


# ---- calls that give no value --------------------------------------------------------------------


def test_a_call_that_fails_speaks_for_the_part() -> None:
    def g(x: Any, _: Any) -> Any:
        raise ValueError(f"secret {x}")

    result = graded(g, cases={"count": 3, "visible": 0})
    assert (result.status, result.points) == (Status.CRASHED, 0)
    assert "secret" not in result.summary
    assert {c.status for c in result.checks} == {Status.CRASHED}


def test_a_missing_function_is_named() -> None:
    result = grade(adjoints(), COURSE)
    assert (result.status, result.summary) == (Status.MISSING, "solution.py has no g.")


def test_nothing_visible_is_said_in_a_self_check() -> None:
    result = judge(adjoints(), COURSE, PartPlan((), (), 0), ())
    assert result.status is Status.SKIPPED


def test_visible_cases_show_each_quantity_beside_what_was_expected() -> None:
    result = graded(with_wrong(b=lambda known, x, _: known["c"] * x))
    first, _ = result.visible
    assert first.call.startswith("g(")
    assert [line.split(" = ")[0] for line in first.observed.splitlines()] == list(NAMES)
    assert [line.split(" = ")[0] for line in first.expected.splitlines()] == list(NAMES)
    assert not first.right
    assert first.message.startswith("b: The result is ")


def test_a_changed_input_is_told() -> None:
    asked = part(
        "quantities",
        function="g",
        of="double",
        quantities=["a"],
        rule="rule",
        inputs={"x": {"normal": [3]}},
        cases={"count": 3},
    )
    course = reference(double=lambda x: {"a": 2 * x}, rule=lambda _n, _k, x: 2 * x)

    def g(x: Any) -> Any:
        x *= 2
        return {"a": x}

    result = grade(asked, course, g=g)
    assert result.summary == "Right in all 3 cases. Note: the call changes its input x in place."


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*NAMES, "q"]), inner, max_size=5)
    ),
    max_leaves=8,
)


@given(value=GARBAGE)
@settings(max_examples=150, deadline=None)
def test_whatever_comes_from_the_sandbox_there_is_a_verdict(value: Any) -> None:
    asked = adjoints(cases={"count": 2, "visible": 1})
    seen = [Observation(Outcome.RETURNED, value)] * 2
    result = judge(asked, COURSE, PLANNED, seen)
    assert 0 <= result.points < 2


PLANNED = plan(adjoints(cases={"count": 2, "visible": 1}), COURSE)


def test_a_call_that_is_killed_after_others_has_its_status() -> None:
    asked = adjoints(cases={"count": 2, "visible": 1})
    right = observe(PLANNED.calls[0], module(g=with_wrong()))
    died = Observation(Outcome.TIMED_OUT, failure=Failure("", "2 s"))
    result = judge(asked, COURSE, PLANNED, [right, died])
    assert (result.status, result.summary) == (
        Status.TIMED_OUT,
        "g did not finish in time. 2 s.",
    )


# ---- faults of the course ------------------------------------------------------------------------


def test_a_rule_that_disagrees_with_automatic_differentiation_is_a_fault_of_the_course() -> None:
    def off(name: str, known: Any, x: Any, y: Any) -> Any:
        return rule(name, known, x, y) + (name == "a")

    with pytest.raises(CourseError, match="p1: the rule for a disagrees with automatic diff"):
        plan(adjoints(), reference(trace=trace, rule=off))


def test_a_rule_that_uses_what_comes_later_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError, match="the rule for b uses c, which is not before it"):
        plan(adjoints(quantities=["b", "c", "a", "x"]), COURSE)


def test_a_mistake_that_equals_the_right_answer_is_a_fault_of_the_course() -> None:
    course = reference(trace=trace, rule=rule, one_path=lambda k, x, y: rule("a", k, x, y))
    with pytest.raises(CourseError, match="'one-path' equals the right answer in every case"):
        plan(adjoints(mistakes=[MISTAKE]), course)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"output": None}, "wants is adjoints; expected output"),
        ({"along": "x"}, "wants is adjoints; expected nothing for along"),
        ({"quantities": ["c", "c"]}, "'c' stands twice among the quantities"),
        ({"mistakes": [{**MISTAKE, "quantity": "q"}]}, "is about 'q'; expected one of c, b, a, x"),
        ({"wants": "tangents", "output": None, "along": "q"}, "along names 'q'; the inputs are x"),
        (
            {"groups": [{"name": "far", "points": 1, "inputs": {"x": {"value": 9}}}]},
            "this kind has no groups",
        ),
    ],
)
def test_a_part_that_cannot_be_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        adjoints(**given)


# ---- the course ----------------------------------------------------------------------------------

PARTS = [
    ("autodiff-basics", "p2-two-modes", "p2-forward"),
    ("autodiff-basics", "p2-two-modes", "p2-reverse"),
    ("autodiff-and-optimizers", "p2-network-gradients", "p2-values"),
    ("autodiff-and-optimizers", "p2-network-gradients", "p2-gradients"),
    ("backprop-and-costs", "q2-backprop", "q2-backward"),
]


def by_rule(
    asked: Any, course: Any, kink: float = 0.0, wrong: Mapping[str, Student] = MappingProxyType({})
) -> Student:
    """Return a student who goes by the course's rule, but for quantities that are wrong."""

    def solution(*inputs: Any) -> Any:
        known: dict[str, Any] = {}
        for step in asked.steps:
            if step in wrong:
                known[step] = wrong[step](known, *inputs)
                continue
            value = course.function(asked.rule)(step, known, *inputs)
            both = isinstance(value, tuple)
            known[step] = (1 - kink) * value[0] + kink * value[1] if both else value
        if asked.wants == "tangents":
            return np.array([[known[name], known[f"d{name}"]] for name in asked.quantities])
        return known

    return solution


@pytest.mark.parametrize(("assignment", "problem", "name"), PARTS)
def test_the_reference_scores_full_marks(assignment: str, problem: str, name: str) -> None:
    asked, course = taught(assignment, problem, name)
    result = grade(asked, course, student=course.loaded)
    assert (result.status, result.points) == (Status.CORRECT, asked.points)


@pytest.mark.parametrize(("assignment", "problem", "name"), PARTS)
def test_every_declared_mistake_is_named_and_costs_one_share(
    assignment: str, problem: str, name: str
) -> None:
    asked, course = taught(assignment, problem, name)
    for mistake in asked.mistakes:
        wrong = {mistake.quantity: course.function(mistake.function)}
        result = grade(
            asked, course, module(**{asked.function: by_rule(asked, course, wrong=wrong)})
        )
        assert result.mistake == mistake.name
        assert result.points == asked.points * (1 - Fraction(1, len(asked.steps))), mistake.name


@pytest.mark.parametrize(("assignment", "problem", "name"), PARTS)
def test_each_declared_mistake_has_an_example_in_which_it_is_recognised(
    assignment: str, problem: str, name: str
) -> None:
    asked, course = taught(assignment, problem, name)
    planned = plan(asked, course)
    examples = Quantities().mistaken(asked, planned, Planning(course, 0))
    assert [example.mistake for example in examples] == [m.name for m in asked.mistakes]
    for example in examples:
        assert judge(asked, course, planned, example.observations).mistake == example.mistake


@pytest.mark.parametrize(("assignment", "problem", "name"), PARTS)
def test_zeros_earn_no_more_than_the_quantities_that_are_zero(
    assignment: str, problem: str, name: str
) -> None:
    asked, course = taught(assignment, problem, name)
    right = by_rule(asked, course)

    def nothing(*inputs: Any) -> Any:
        found = right(*inputs)
        if isinstance(found, dict):
            return {key: 0 * np.asarray(value) for key, value in found.items()}
        return 0 * found

    result = grade(asked, course, module(**{asked.function: nothing}))
    assert {c.name for c in result.checks if c.points} <= {"dz3/dw1"}


@pytest.mark.parametrize("kink", [0.0, 0.5, 1.0])
def test_any_one_sided_derivative_of_relu_is_right_at_its_kink(kink: float) -> None:
    asked, course = taught(*PARTS[4])
    result = grade(asked, course, q2_backward=by_rule(asked, course, kink))
    assert (result.status, result.points) == (Status.CORRECT, 2)


def test_a_slope_beyond_the_one_sided_ones_is_wrong_at_the_kink() -> None:
    asked, course = taught(*PARTS[4])
    result = grade(asked, course, q2_backward=by_rule(asked, course, 2.0))
    assert [c.name for c in result.checks if not c.points] == ["z1"]


@pytest.mark.parametrize("name", ["p2-values", "p2-gradients"])
def test_four_decimals_are_enough_and_three_are_not(name: str) -> None:
    asked, course = taught("autodiff-and-optimizers", "p2-network-gradients", name)

    def rounded(decimals: int) -> Student:
        solution = getattr(course.loaded, asked.function)
        return lambda *inputs: {k: np.round(v, decimals) for k, v in solution(*inputs).items()}

    assert grade(asked, course, module(**{asked.function: rounded(4)})).status is Status.CORRECT
    assert grade(asked, course, module(**{asked.function: rounded(3)})).status is Status.PARTIAL


@pytest.mark.parametrize(("assignment", "problem", "name"), PARTS)
def test_a_solution_in_single_precision_passes(assignment: str, problem: str, name: str) -> None:
    asked, course = taught(assignment, problem, name)
    solution = getattr(course.loaded, asked.function)

    def single(*inputs: Any) -> Any:
        narrow = [v if isinstance(v, int) else np.float32(v) for v in inputs]
        found = solution(*narrow)
        if isinstance(found, dict):
            return {key: np.float32(value) for key, value in found.items()}
        return np.float32(found)

    result = grade(asked, course, module(**{asked.function: single}))
    assert (result.status, result.points) == (Status.CORRECT, asked.points)


# ---- forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        lambda steps: {f" {name} ": value for name, value in steps.items()},
        lambda steps: namedtuple("Steps", list(NAMES))(**steps),  # noqa: PYI024
        lambda steps: make_dataclass("Steps", list(NAMES))(**steps),
    ],
)
def test_named_quantities_pass_in_other_containers(form: Callable[[Any], Any]) -> None:
    student = with_wrong()
    assert graded(lambda x, y: form({n: student(x, y)[n] for n in NAMES})).points == 2


def test_a_list_is_taken_in_the_order_asked_for_and_told_so() -> None:
    student = with_wrong()
    result = graded(lambda x, y: [student(x, y)[name] for name in NAMES])
    assert (result.points, result.summary) == (
        2,
        (
            "Right in all 8 cases. A list came back; its items were taken for c, b, a, x, in this "
            "order."
        ),
    )


TWO_MODES = ("autodiff-basics", "p2-two-modes")


@pytest.mark.parametrize(
    "form",
    [
        lambda rows: {n: tuple(row) for n, row in enumerate(rows, 1)},
        lambda rows: dict(enumerate(rows)),
        lambda rows: {f"z {n}": row for n, row in enumerate(rows, 1)},
        lambda rows: {f"z{n}": {"z": row[0], "dz": row[1]} for n, row in enumerate(rows, 1)},
        lambda rows: {f"z{n}": {"dz": row[1], "z": row[0]} for n, row in enumerate(rows, 1)},
        lambda rows: {
            key: value
            for n, row in enumerate(rows, 1)
            for key, value in ((f"z{n}", row[0]), (f"dz{n}", row[1]))
        },
        lambda rows: [{"dz": row[1], "value": row[0]} for row in rows],
        lambda rows: (tuple(row) for row in rows),
        lambda rows: np.array([list(map(Fraction, row)) for row in rows], dtype=object),
    ],
)
def test_forward_mode_passes_in_any_form(form: Callable[[Any], Any]) -> None:
    right = course.known(*TWO_MODES).loaded.p2_forward
    result = course.graded(*TWO_MODES, "p2-forward", p2_forward=lambda *w: form(right(*w)))
    assert (result.status, result.points) == (Status.CORRECT, 4)


@pytest.mark.parametrize("missing", [1, 6])
def test_a_tangent_that_is_missing_among_single_keys_is_missed(missing: int) -> None:
    right = course.known(*TWO_MODES).loaded.p2_forward

    def flat(*w: Any) -> Any:
        rows = enumerate(right(*w), 1)
        given = {k: v for n, r in rows for k, v in ((f"z{n}", r[0]), (f"dz{n}", r[1]))}
        del given[f"dz{missing}"]
        return given

    result = course.graded(*TWO_MODES, "p2-forward", p2_forward=flat)
    assert f"dz{missing}/dw1" in [c.name for c in result.checks if not c.points]
    assert result.points < 4


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_a_derivative_in_a_small_array_passes_in_reverse_mode(shape: tuple[int, ...]) -> None:
    right = course.known(*TWO_MODES).loaded.p2_reverse

    def wrapped(*w: Any) -> Any:
        return {name: np.full(shape, value) for name, value in right(*w).items()}

    assert course.graded(*TWO_MODES, "p2-reverse", p2_reverse=wrapped).points == 4


# ---- what hidden cases do not tell ---------------------------------------------------------------


HIDDEN = "0.3981"


@pytest.mark.parametrize(
    "odd",
    [
        lambda right: {**right, HIDDEN: 1.0},
        lambda _: {HIDDEN: 1.0},
        lambda right: {**right, "a": HIDDEN},
        lambda right: {**right, "a": np.zeros((3, 981))},
        lambda _: np.zeros((3, 981)),
        lambda _: HIDDEN,
        lambda _: [HIDDEN],
    ],
)
@pytest.mark.parametrize("visible", [0, 2])
def test_nothing_made_up_of_hidden_inputs_is_told(odd: Callable[[Any], Any], visible: int) -> None:
    asked = adjoints(cases={"count": 8, "visible": visible})
    planned = plan(asked, COURSE)
    right = [observe(call, module(g=with_wrong())) for call in planned.calls]
    seen = [
        o if n < visible else Observation(Outcome.RETURNED, values.plain(odd(o.value)))
        for n, o in enumerate(right)
    ]
    result = judge(asked, COURSE, planned, seen)
    assert not [text for text in texts(result) if HIDDEN in text or "981" in text]


def test_what_is_odd_in_visible_cases_is_told() -> None:
    assert "Not looked at: q." in graded(lambda x, y: {**with_wrong()(x, y), "q": 1}).summary
    assert "dict with the keys" in graded(lambda *_: 1.0).summary


# ---- chance, and constants -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "told"), [(0.12573, False), (-1.7, False), (2.0, True), (-1.0, False), (0.5, True)]
)
def test_a_number_for_a_one_is_no_factor_unless_it_is_simple(number: float, told: bool) -> None:
    says = check(graded(with_wrong(c=lambda *_: number)), "c").says
    assert ("look for a constant factor" in says) is told
    if number == 0.12573:
        assert says == "The result is 0.12573; expected 1."


def test_a_factor_of_numbers_that_vary_is_one_also_if_it_is_not_simple() -> None:
    result = graded(with_wrong(a=lambda known, x, y: 0.12573 * rule("a", known, x, y)))
    assert "0.12573 times what was expected" in check(result, "a").says


NETWORK = ("autodiff-and-optimizers", "p2-network-gradients")


@pytest.mark.parametrize("fill", [1.0, -1.0, 0.5])
def test_constant_arrays_of_changing_shapes_follow_from_nothing(fill: float) -> None:
    right = course.known(*NETWORK).loaded.p2_backward

    def constant(*inputs: Any) -> Any:
        made = {name: np.full(np.shape(v), fill) for name, v in right(*inputs).items()}
        return {**made, "V5": -made["D"], "z": 1.0}

    result = course.graded(*NETWORK, "p2-gradients", p2_backward=constant)
    assert [c.name for c in result.checks if c.points] == ["z"]
