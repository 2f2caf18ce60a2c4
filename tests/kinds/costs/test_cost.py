"""The kind `cost`: values, growth, and declarations that equal what the code does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from grader import messages
from grader.errors import CourseError
from grader.records import Failure, Frame, Observation, Outcome, Status
from grader.tracing import codes
from tests.kinds import student

Function = Callable[..., Any]

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


def product(v: Any, y: Any) -> Any:
    number = v @ y
    return v * number


def forward(v: Any, y: Any) -> Any:
    matrix = np.outer(v, v)
    return matrix @ y


COURSE = student.reference(product=product)

ALGORITHM: dict[str, Any] = {
    "function": "z",
    "of": "product",
    "inputs": {"v": ["n"], "y": ["n"]},
    "points": HALF,
    "growth": {"at_most": "n^2", "points": HALF},
    "multiplications": {
        "best": "2n",
        "points": HALF,
        "mistakes": [
            {
                "name": "half",
                "answer": "n",
                "says": "The second product is missing.",
                "credit": "1/2",
            }
        ],
    },
    "memory": {"best": "3n + 1", "points": HALF},
}


def part(algorithm: Mapping[str, Any] | None = None, **more: Any) -> Any:
    fields = {"sizes": {"n": 3}, "degree": 2, "algorithms": [{**ALGORITHM, **(algorithm or {})}]}
    return student.part("cost", **{**fields, **more})


ANSWERS = {"p1-multiplications": "2n", "p1-memory": "3n+1"}


def grade(
    function: Function | None,
    answers: Mapping[str, Any] = ANSWERS,
    asked: Any = None,
    course: Any = COURSE,
    **judging: Any,
) -> student.Result:
    asked = asked or part()
    planned = student.plan(asked, course)
    written = student.module(**({"z": function} if function else {}))
    seen = [student.observe(call, written) for call in planned.calls]
    return student.judge(asked, course, planned, seen, answers=answers, **judging)


def checks(result: student.Result) -> dict[str, Any]:
    return {check.name: (check.status, check.points) for check in result.checks}


def says(result: student.Result, name: str) -> str:
    found: str = next(check.says for check in result.checks if check.name == name)
    return found


# ---- what is right ---------------------------------------------------------------------------


def test_a_right_function_with_right_declarations_is_right() -> None:
    result = grade(product)
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert result.summary == "Right: all 4 checks, with the costs measured on your own code."
    assert [check.name for check in result.checks] == [
        "value",
        "growth",
        "multiplications",
        "memory",
    ]
    assert result.answers == {
        "multiplications": "declared 2n · measured 2n · best known 2n",
        "memory": "declared 3n + 1 · measured 3n + 1 · best known 3n + 1",
    }
    assert says(result, "growth") == (
        "Measured for multiplications: 2n; for memory: 3n + 1. Both, additions and other calls are "
        "O(n²). The trace was replayed exactly, on inputs that the code had not seen."
    )


def test_a_declaration_is_held_against_the_students_own_code() -> None:
    honest = grade(forward, {"p1-multiplications": "2n^2", "p1-memory": "n^2 + 3n"})
    assert (honest.status, honest.points) == (Status.CORRECT, 2)
    copied = grade(forward)
    assert (copied.status, copied.points) == (Status.PARTIAL, 1)
    assert says(copied, "multiplications") == (
        "Declared 2n, but your code was measured to take 2n²; best known 2n. What is declared is "
        "the best known cost, but your code takes more: look for products that are computed more "
        "than once, or entry by entry where a single number would do."
    )
    assert says(copied, "memory").endswith(
        "look for arrays that are made on the way, such as the second matrix of 2 * A where A *= 2 "
        "makes none."
    )


def test_thriftier_code_may_declare_its_own_cost_or_the_best_known() -> None:
    def nested(v: Any, y: Any) -> Any:
        return v * (v @ y)

    own = grade(nested, {"p1-multiplications": "2n", "p1-memory": "3n"})
    assert (own.status, own.points) == (Status.CORRECT, 2)
    best = grade(nested)
    assert (best.status, best.points) == (Status.CORRECT, 2)
    assert says(best, "memory") == (
        "Declared 3n + 1, the best known; your code does with 3n, which would have been right as "
        "well."
    )


def test_any_way_to_write_an_expression_is_right() -> None:
    for written in ("n+n", "2*n", "n * 2", "$2n$", "(4n^2)/(2n)", " 2 N ".lower()):
        assert grade(product, {**ANSWERS, "p1-multiplications": written}).points == 2


def test_an_array_of_another_kind_is_as_good() -> None:
    def listed(v: Any, y: Any) -> Any:
        number = sum(a * b for a, b in zip(v, y, strict=True))
        return [number * a for a in v]

    assert grade(listed).status is Status.CORRECT


# ---- what is wrong ---------------------------------------------------------------------------


def test_a_known_mistake_is_named_and_may_keep_credit() -> None:
    result = grade(product, {**ANSWERS, "p1-multiplications": "n"})
    assert (result.mistake, result.points) == ("half", Fraction(7, 4))
    assert says(result, "multiplications") == "The second product is missing."


@pytest.mark.parametrize(
    ("declared", "hint"),
    [
        ("6n", "The declaration is 3 times what was measured."),
        ("2n + 3", "The two differ by 3 at every size."),
        ("n^3", ""),
        ("2n log n", ""),
    ],
)
def test_a_wrong_declaration_is_told_how_it_differs(declared: str, hint: str) -> None:
    result = grade(product, {**ANSWERS, "p1-multiplications": declared})
    assert checks(result)["multiplications"] == (Status.WRONG, 0)
    text = says(result, "multiplications")
    assert "but your code was measured to take 2n; best known 2n." in text
    assert text.endswith(hint or "best known 2n.")


def test_leading_terms_alone_are_told_what_is_missing() -> None:
    result = grade(forward, {"p1-multiplications": "2n^2", "p1-memory": "n^2"})
    assert says(result, "memory") == (
        "Declared n², but your code was measured to take n² + 3n; best known 3n + 1. The terms of "
        "the highest degree are right; the rest is not: what is missing is 3n."
    )


def test_an_order_is_no_exact_expression() -> None:
    result = grade(product, {**ANSWERS, "p1-multiplications": "O(n)"})
    assert checks(result)["multiplications"] == (Status.REFUSED, 0)
    assert messages.costs.ORDER_GIVEN in says(result, "multiplications")


@pytest.mark.parametrize("given", ["2k", "2n +", [1, 2], True, {"a": 1}, "n > 2"])
def test_what_cannot_be_read_is_refused(given: Any) -> None:
    result = grade(product, {**ANSWERS, "p1-multiplications": given})
    assert checks(result)["multiplications"] == (Status.REFUSED, 0)
    assert says(result, "multiplications").startswith("p1-multiplications cannot be read")


def test_a_missing_declaration_costs_its_own_points_only() -> None:
    result = grade(product, {"p1-memory": "3n + 1"})
    assert checks(result)["multiplications"] == (Status.MISSING, 0)
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(3, 2))
    unread = grade(product, {}, answers_problem="answers.yaml cannot be read.")
    assert says(unread, "memory") == "answers.yaml cannot be read."


def test_growth_beyond_the_limit_costs_its_points_and_the_honest_declarations() -> None:
    linear = part({"growth": {"at_most": "n", "points": HALF}})
    result = grade(forward, {"p1-multiplications": "2n^2", "p1-memory": "n^2 + 3n"}, linear)
    assert checks(result) == {
        "value": (Status.CORRECT, HALF),
        "growth": (Status.WRONG, 0),
        "multiplications": (Status.WRONG, 0),
        "memory": (Status.WRONG, 0),
    }
    assert says(result, "growth") == (
        "The number of multiplications grows too fast: measured 2n²; expected O(n)."
    )
    assert says(result, "memory") == (
        "Declared n² + 3n, which is what your code does; the algorithm asked for is O(n)."
    )


def test_memory_can_grow_too_fast_on_its_own() -> None:
    def hoards(v: Any, y: Any) -> Any:
        kept = [a + b for a in v for b in y]
        return v * (v @ y) if kept else v

    linear = part({"growth": {"at_most": "n", "points": HALF}})
    result = grade(hoards, ANSWERS, linear)
    assert says(result, "growth").startswith("The memory grows too fast: measured n² + ")


def test_a_wrong_value_leaves_nothing_to_measure() -> None:
    result = grade(lambda v, y: 2 * v * (v @ y))
    assert checks(result) == {
        "value": (Status.WRONG, 0),
        "growth": (Status.SKIPPED, 0),
        "multiplications": (Status.SKIPPED, 0),
        "memory": (Status.SKIPPED, 0),
    }
    assert result.points == 0
    assert says(result, "value") == (
        "Every value is 2 times what was expected: look for a constant factor."
    )
    assert says(result, "growth").startswith("Not judged: every value is 2 times what was")
    (report,) = result.visible
    assert report.call.startswith("z(np.array([")


def test_a_value_that_is_wrong_for_larger_sizes_only_is_wrong() -> None:
    result = grade(lambda v, y: v * (v[:3] @ y[:3]))
    assert checks(result)["value"] == (Status.WRONG, 0)
    assert says(result, "value").startswith("With n = ")


@pytest.mark.parametrize(
    ("function", "status"),
    [(None, Status.MISSING), (lambda v, y: 1 / 0, Status.CRASHED)],  # noqa: ARG005
)
def test_a_function_that_gives_no_value_has_the_status_of_that(
    function: Function | None, status: Status
) -> None:
    result = grade(function)
    assert (result.status, result.points) == (status, 0)
    assert checks(result)["value"] == (status, 0)


# ---- what cannot be followed -------------------------------------------------------------------


def test_a_cast_is_named() -> None:
    result = grade(lambda v, y: v.astype(float) * float(v @ y))
    assert checks(result)["value"] == (Status.CORRECT, HALF)
    assert checks(result)["growth"] == (Status.WRONG, 0)
    assert says(result, "growth").startswith("With n = 3: z cannot be followed")
    assert "float(), int(), astype(float)" in says(result, "growth")
    assert checks(result)["memory"] == (Status.SKIPPED, 0)


def recorded(planned: Any) -> list[int]:
    """Return the places of the recorded runs among the calls."""
    return [place for place, call in enumerate(planned.calls) if call.probe is not None]


def observed(failure: Failure, outcome: Outcome = Outcome.RAISED) -> str:
    """Return what is said of a recorded run that ended so."""
    asked, written = part(), student.module(z=product)
    planned = student.plan(asked, COURSE)
    seen = [student.observe(call, written) for call in planned.calls]
    seen[recorded(planned)[0]] = Observation(outcome, failure=failure)
    return says(student.judge(asked, COURSE, planned, seen, answers=ANSWERS), "growth")


def test_a_call_into_torch_is_named_with_its_line() -> None:
    frame = Frame("solution.py", 7, "z", "x = torch.tensor(v)")
    failure = Failure("TypeError", "can't convert np.ndarray of type numpy.object_", (frame,))
    assert observed(failure) == (
        "With n = 3: z cannot be followed in line 7 of solution.py: torch computes on memory of "
        "its own. Write this with NumPy or plain Python."
    )


def test_any_other_exception_is_named_with_its_line() -> None:
    frame = Frame("solution.py", 7, "z", "x = np.linalg.inv(v)")
    text = observed(Failure("TypeError", "no loop for objects", (frame,)))
    assert text.startswith(
        "With n = 3: z works with floats, but cannot be followed: TypeError in line 7 of "
        "solution.py: no loop for objects. While its cost is measured its arrays hold objects"
    )


def test_a_run_that_dies_or_takes_too_long_is_said() -> None:
    text = observed(Failure("", "It took more than 10 s."), Outcome.TIMED_OUT)
    assert text == "With n = 3: z did not finish in time. It took more than 10 s."


def test_a_run_of_too_many_steps_is_said() -> None:
    def slow(v: Any, y: Any) -> Any:
        for _ in range(100_000):
            v = v * 1
        return v * (v @ y)

    assert says(grade(slow), "growth") == (
        "With n = 3: z cannot be followed: it takes more than 500000 steps at these sizes."
    )


# ---- what is measured is what runs -------------------------------------------------------------


def by_type(v: Any, y: Any) -> Any:
    if v.dtype == object:
        return v * (v @ y)
    return np.outer(v, v) @ y


def by_type_in_a_line(v: Any, y: Any) -> Any:
    return v * (v @ y) if v.dtype == object else np.outer(v, v) @ y


def by_entries(v: Any, y: Any) -> Any:
    rows = len(v) if type(v[0]) is np.float64 else 1
    for _ in range(rows):
        z = v * (v @ y)
    return z


def by_exception(v: Any, y: Any) -> Any:
    try:
        return np.outer(v.astype(float), v.astype(float)) @ y
    except TypeError:
        return v * (v @ y)


@pytest.mark.parametrize("cheat", [by_type, by_type_in_a_line, by_entries])
def test_code_that_does_something_else_when_it_is_recorded_is_refused(cheat: Function) -> None:
    result = grade(cheat)
    assert checks(result) == {
        "value": (Status.CORRECT, HALF),
        "growth": (Status.REFUSED, 0),
        "multiplications": (Status.REFUSED, 0),
        "memory": (Status.REFUSED, 0),
    }
    assert says(result, "growth").startswith(
        "With n = 3: z takes another way when it is recorded: on the same numbers, as floats, it "
        "executes something else in line "
    )


def test_code_that_counts_its_calls_is_refused() -> None:
    calls: list[int] = []

    def counts(v: Any, y: Any) -> Any:
        calls.append(0)
        return v * (v @ y) if len(calls) % 3 == 0 else np.outer(v, v) @ y

    assert checks(grade(counts))["growth"] == (Status.REFUSED, 0)


def test_a_cast_is_named_even_if_the_code_goes_on_without_it() -> None:
    result = grade(by_exception)
    assert says(result, "growth").startswith("With n = 3: z cannot be followed")
    assert checks(result)["multiplications"] == (Status.SKIPPED, 0)


@pytest.mark.parametrize("way", [None, 3, "", "no place", "a/b.py:3", "x" * 200 + ":1"])
def test_a_way_that_is_no_place_in_a_file_is_refused_without_one(way: Any) -> None:
    def change(record: dict[str, Any]) -> None:
        record["way"] = way

    result = forged(change)
    if way == "":
        assert checks(result)["growth"] == (Status.CORRECT, HALF)
        return
    assert checks(result)["growth"] == (Status.REFUSED, 0)
    assert "it executes something else. What" in says(result, "growth")


def test_the_end_of_the_program_while_it_is_recorded_is_said() -> None:
    frame = Frame("solution.py", 7, "z", "sys.exit()")
    assert observed(Failure("SystemExit", "0", (frame,))) == (
        "With n = 3: z ends the program in line 7 of solution.py while its cost is measured, with "
        "sys.exit(), exit() or quit(). Let it return its value, or raise an exception that says "
        "what is wrong."
    )


# ---- all that may not grow ---------------------------------------------------------------------


def test_additions_may_not_grow_too_fast_either() -> None:
    def adds(v: Any, y: Any) -> Any:
        for a in v:
            for b in v:
                a + b
        number = v @ y
        return v * number

    linear = part({"growth": {"at_most": "n", "points": HALF}})
    result = grade(adds, ANSWERS, linear)
    assert says(result, "growth") == (
        "The number of additions grows too fast: measured n² + n \N{MINUS SIGN} 1; expected O(n)."
    )
    assert checks(result)["multiplications"] == (Status.CORRECT, HALF)


def test_other_calls_may_not_grow_too_fast_either() -> None:
    def multiplies(v: Any, y: Any) -> Any:
        for a in v:
            for b in v:
                np.sqrt(abs(a)), np.sqrt(abs(b))
        number = v @ y
        return v * number

    linear = part({"growth": {"at_most": "n", "points": HALF}})
    assert says(grade(multiplies, ANSWERS, linear), "growth") == (
        "The number of other calls grows too fast: measured 4n²; expected O(n)."
    )


def test_code_that_switches_far_out_is_found_out() -> None:
    def switches(v: Any, y: Any) -> Any:
        if len(v) > 11:
            return np.outer(v, v) @ y
        number = v @ y
        return v * number

    linear = part({"growth": {"at_most": "n", "points": HALF}})
    result = grade(switches, ANSWERS, linear)
    assert checks(result)["multiplications"] == (Status.WRONG, 0)
    assert says(result, "growth") == (
        "The number of multiplications grows too fast: it is 18 with n = 9 and 1800 with n = 30, "
        "which is faster than O(n)."
    )


@pytest.mark.parametrize("size", [3, 4, 5, 6, 7, 8, 9, 10, 17, 40])
def test_values_are_tried_at_every_size_from_the_smallest_on_and_far_out(size: int) -> None:
    result = grade(lambda v, y: v if len(v) == size else v * (v @ y))
    assert checks(result)["value"] == (Status.WRONG, 0)


# ---- two sizes, one of them much larger than the other -----------------------------------------


def in_one_line(v: Any, a: Any, b: Any) -> Any:
    return np.outer(np.outer(v, v) @ a, b)


def slow_if_wide(v: Any, a: Any, b: Any) -> Any:
    if len(b) > 2 * len(v):
        return np.outer(v, v) @ np.outer(a, b)
    matrix = np.outer(a, b)
    row = v @ matrix
    return np.outer(v, row)


def wide(at_most: str, times: str, memory: str) -> Any:
    return part(
        {
            "of": "in_one_line",
            "inputs": {"v": ["n"], "a": ["n"], "b": ["m"]},
            "growth": {"at_most": at_most, "points": HALF},
            "multiplications": {"best": times, "points": HALF},
            "memory": {"best": memory, "points": HALF},
        },
        sizes={"n": 3, "m": 2},
        degree=3,
    )


FORWARD = wide("n^2 + nm", "n(2n + m)", "3n + m + n^2 + mn")
WIDE = student.reference(in_one_line=in_one_line)


def declared(memory: str) -> student.Result:
    answers = {"p1-multiplications": "n(2n+m)", "p1-memory": memory}
    return grade(in_one_line, answers, FORWARD, WIDE)


def test_a_memory_that_is_a_maximum_can_be_declared() -> None:
    result = declared("3n + m + max(n^2, mn)")
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert says(result, "memory") == (
        "Declared 3n + m + max(n², mn); your code takes as many numbers at all 18 "
        "sizes that were tried; best known 3n + m + n² + mn."
    )
    assert "89 with n = 3, m = 20" not in result.answers["memory"]
    assert "89 with n = 3, m = 20" in result.answers["memory, as counted"]


@pytest.mark.parametrize("memory", ["2n^2 + 2n + m", "3n + m + max(n^2, 2mn)", "3n + m + mn"])
def test_another_expression_for_a_maximum_is_wrong(memory: str) -> None:
    result = declared(memory)
    assert checks(result)["memory"] == (Status.WRONG, 0)
    assert checks(result)["growth"] == (Status.CORRECT, HALF)


def test_the_best_known_memory_is_right_where_the_maximum_stays_below_it() -> None:
    assert declared("3n + m + n^2 + mn").points == 2


def test_a_maximum_that_is_a_polynomial_is_right() -> None:
    answers = {"p1-multiplications": "max(2n, n)", "p1-memory": "3n + min(1, n)"}
    assert grade(product, answers).points == 2


def test_code_that_is_slow_only_where_one_size_is_large_is_found_out() -> None:
    asked = wide("nm", "3mn", "2(m + n + mn)")
    answers = {"p1-multiplications": "3mn", "p1-memory": "2(m + n + mn)"}
    result = grade(slow_if_wide, answers, asked, WIDE)
    assert says(result, "growth") == (
        "The number of multiplications grows too fast: it is 249 with n = 3, m = 20 and 1716 with "
        "n = 6, m = 40, which is faster than O(nm)."
    )
    assert says(result, "multiplications").startswith(
        "Declared 3mn, which is 180 with n = 3, m = 20, but your code was measured to take 249 "
    )


def test_a_transpose_is_named_as_one() -> None:
    result = grade(lambda v, a, b: in_one_line(v, a, b).T, ANSWERS, FORWARD, WIDE)
    assert says(result, "value") == "The result is the transpose of what was expected."


# ---- records that prove nothing ------------------------------------------------------------------


def forged(change: Callable[[dict[str, Any]], None]) -> student.Result:
    """Return the verdict where every record was changed on its way."""
    asked, written = part(), student.module(z=product)
    planned = student.plan(asked, COURSE)
    seen = [student.observe(call, written) for call in planned.calls]
    for place in recorded(planned):
        record: Any = seen[place].value
        value = {
            name: item.copy() if isinstance(item, np.ndarray) else item
            for name, item in record.items()
        }
        change(value)
        seen[place] = replace(seen[place], value=value)
    return student.judge(asked, COURSE, planned, seen, answers=ANSWERS)


def other_function(record: dict[str, Any]) -> None:
    record["codes"][record["codes"] == codes.MUL] = codes.ADD


def known_values(record: dict[str, Any]) -> None:
    size = len(record["outputs"])
    record["constants"] = np.arange(1.0, size + 1)
    record["outputs"] = -1 - np.arange(size, dtype=np.int32)


def forward_reference(record: dict[str, Any]) -> None:
    record["operands"][1] = 10_000


def early_release(record: dict[str, Any]) -> None:
    record["codes"] = np.concatenate([np.array([codes.RELEASE], np.uint8), record["codes"]])
    record["operands"] = np.concatenate([np.array([0], np.int32), record["operands"]])


def more_inputs(record: dict[str, Any]) -> None:
    record["inputs"] += 1


def too_long(record: dict[str, Any]) -> None:
    record["codes"] = np.zeros(500_001, np.uint8)


def other_shape(record: dict[str, Any]) -> None:
    record["outputs"] = record["outputs"][:, None]


def twice_released(record: dict[str, Any]) -> None:
    again = np.array([record["operands"][-1]], np.int32)
    record["codes"] = np.concatenate([record["codes"], np.array([codes.RELEASE], np.uint8)])
    record["operands"] = np.concatenate([record["operands"], again])


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (other_function, "done again on other inputs, it gives other values than the function."),
        (known_values, "nothing that is returned depends on input 0, but the function does."),
        (forward_reference, "event 1 uses a value that is computed only later."),
        (early_release, "event 2 uses a value that was released before."),
        (more_inputs, "it claims 7 inputs; the function was given 6."),
        (too_long, "it has 500001 events; at most 500000 are read."),
        (other_shape, "what it computes has another shape than the function asked for."),
        (twice_released, "releases a value that was released before."),
        (dict.clear, "it is not a list of operations as the recorder writes it."),
    ],
)
def test_a_forged_record_is_refused_for_its_own_reason(
    change: Callable[[dict[str, Any]], None], detail: str
) -> None:
    result = forged(change)
    assert says(result, "growth").startswith("With n = 3: The trace of z proves no cost: ")
    assert detail in says(result, "growth")
    assert checks(result)["growth"] == (Status.WRONG, 0)
    assert result.points == HALF


def test_values_read_off_the_recorded_numbers_prove_nothing() -> None:
    def peeks(v: Any, y: Any) -> Any:
        first = np.array([getattr(a, "value", a) for a in v.tolist()])
        second = np.array([getattr(b, "value", b) for b in y.tolist()])
        return (first * (first @ second)).astype(object) + 0 * v * y[0]

    result = grade(peeks)
    assert checks(result)["growth"] == (Status.WRONG, 0)
    assert "proves no cost" in says(result, "growth")


@pytest.mark.parametrize("value", [None, 3, [], "text", {"codes": 1}, np.zeros(4)])
def test_garbage_from_the_sandbox_is_a_verdict(value: Any) -> None:
    asked = part()
    planned = student.plan(asked, COURSE)
    seen = [Observation(Outcome.RETURNED, value) for _ in planned.calls]
    result = student.judge(asked, COURSE, planned, seen, answers=ANSWERS)
    assert result.points == 0
    written = student.module(z=product)
    first = recorded(planned)[0]
    seen[:first] = [student.observe(call, written) for call in planned.calls[:first]]
    assert student.judge(asked, COURSE, planned, seen, answers=ANSWERS).points == HALF


# ---- counts that depend on more than the sizes ---------------------------------------------------


def test_a_function_that_compares_is_measured_on_its_branch() -> None:
    def positive(v: Any, y: Any) -> Any:
        number = v @ y
        return v * number if number > 0 else number * v

    result = grade(positive)
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert says(result, "growth").endswith(
        "The trace was replayed in double precision, on inputs that the code had not seen. The "
        "function compares numbers: its counts hold for inputs with which every comparison comes "
        "out as it did here."
    )


def test_counts_that_depend_on_the_values_are_said_to() -> None:
    def moody(v: Any, y: Any) -> Any:
        number = v @ y
        return v * np.prod([number, *(1 for a in v if a > 0)])

    asked = part({"growth": {"at_most": "n^2", "points": HALF}})
    result = grade(moody, ANSWERS, asked)
    says_so = (
        "The number of multiplications depends on the values of the inputs, not only on their "
        "sizes: with n = 9 once "
    )
    assert says(result, "growth").startswith(says_so)
    assert checks(result)["multiplications"] == (Status.WRONG, 0)
    assert says(result, "multiplications").startswith(says_so)


def halving(v: Any, y: Any) -> Any:
    """Return v (v y) with work of the order n log n."""

    def work(items: Any) -> Any:
        if len(items) < 2:
            return list(items)
        middle = len(items) // 2
        return [item * 1 for item in work(items[:middle]) + work(items[middle:])]

    return np.array(work(v)) * (v @ y)


def test_counts_that_are_no_polynomial_are_shown_as_a_table_apart() -> None:
    linear = part({"growth": {"at_most": "n", "points": HALF}})
    result = grade(halving, {"p1-multiplications": "n^2", "p1-memory": "3n + 1"}, linear)
    assert says(result, "growth") == (
        "The number of multiplications grows too fast: it is 47 with n = 9 and 208 with n = 30, "
        "which is faster than O(n)."
    )
    assert says(result, "multiplications") == (
        "Declared n², which is 9 with n = 3, but your code was measured to take 11 "
        "multiplications there; best known 2n."
    )
    assert result.answers["multiplications"] == (
        "declared n² · measured no polynomial of degree 2 or less · best known 2n"
    )
    assert result.answers["multiplications, as counted"] == (
        "11 with n = 3\n16 with n = 4\n22 with n = 5\n47 with n = 9\n208 with n = 30"
    )


def test_no_polynomial_that_grows_slowly_enough_keeps_the_points_for_growth() -> None:
    result = grade(halving, {"p1-multiplications": "2n", "p1-memory": "1"})
    assert checks(result)["growth"] == (Status.CORRECT, HALF)
    assert says(result, "growth").startswith(
        "Measured for multiplications: no polynomial of degree 2 or less; for memory: "
    )


def test_no_polynomial_within_the_best_known_cost_may_declare_that() -> None:
    generous = {"multiplications": {"best": "9n^2", "points": HALF}}
    answers = {"p1-multiplications": "9n^2", "p1-memory": "n^2"}
    memory = {"memory": {"best": "9n^2", "points": HALF}}
    result = grade(halving, answers, part({**generous, **memory}))
    assert checks(result)["growth"] == (Status.CORRECT, HALF)
    assert checks(result)["multiplications"] == (Status.CORRECT, HALF)


def test_a_polynomial_of_a_higher_degree_can_be_declared_but_grows_too_fast() -> None:
    def cubic(v: Any, y: Any) -> Any:
        n = len(v)
        extra = [a * b * c for a in v for b in v for c in v][:1]
        return v * (v @ y) + 0 * extra[0] if n else v

    result = grade(cubic, {"p1-multiplications": "2n^3 + 2n + 1", "p1-memory": "1"})
    assert checks(result)["multiplications"] == (Status.WRONG, 0)
    assert says(result, "multiplications").startswith("Declared 2n³ + 2n + 1, which is what")


# ---- a self-check shows no answer ----------------------------------------------------------------


def test_a_self_check_runs_the_code_and_only_reads_the_answers() -> None:
    answers = {"p1-multiplications": "7n", "p1-memory": "n"}
    result = grade(product, answers, self_check=True)
    assert (result.status, result.points) == (Status.CORRECT, 1)
    assert result.summary == (
        "Right as far as a self-check goes; the answers in answers.yaml are judged when it is "
        "graded."
    )
    assert checks(result)["multiplications"] == (Status.SKIPPED, 0)
    assert result.answers == {"multiplications": "7n", "memory": "n"}
    for text in student.texts(result):
        assert "2n" not in text
        assert "3n" not in text


def test_a_self_check_reads_whatever_an_answer_is_called() -> None:
    asked = part(numbers=[{"id": "best-growth", "answer": 3, "points": 0}])
    result = grade(product, {**ANSWERS, "p1-best-growth": 4}, asked, self_check=True)
    assert result.status is Status.CORRECT
    assert checks(result)["best-growth"] == (Status.SKIPPED, 0)


def test_a_self_check_says_what_is_wrong_with_the_code_without_the_limit() -> None:
    linear = part({"growth": {"at_most": "n", "points": HALF}})
    result = grade(forward, ANSWERS, linear, self_check=True)
    assert (result.status, result.points) == (Status.PARTIAL, HALF)
    assert says(result, "growth") == (
        "The number of multiplications grows faster than that of the algorithm asked for."
    )


def test_a_self_check_names_answers_that_cannot_be_read() -> None:
    result = grade(product, {**ANSWERS, "p1-memory": "3n +"}, self_check=True)
    assert checks(result)["memory"] == (Status.REFUSED, 0)
    assert result.status is Status.PARTIAL


# ---- several algorithms, numbers and conditions --------------------------------------------------


def two() -> Any:
    other = {
        **ALGORITHM,
        "name": "second",
        "function": "w",
        "growth": {"at_most": "n^2", "points": 0},
    }
    return part(
        {"name": "first"},
        algorithms=[{**ALGORITHM, "name": "first"}, {**other, "points": 0}],
        sizes={"n": 3, "m": 2},
        points=3,
        numbers=[{"id": "vector", "answers": [6, 12], "points": QUARTER}],
        conditions=[
            {
                "id": "condition",
                "answer": "m > n",
                "points": QUARTER,
                "alternatives": [{"answer": "m >= n", "note": "They cost the same at m = n."}],
            }
        ],
    )


TWO = {
    "p1-first-multiplications": "2n",
    "p1-first-memory": "3n+1",
    "p1-second-multiplications": "2n^2",
    "p1-second-memory": "n^2+3n",
    "p1-vector": "(6, 12)",
    "p1-condition": "n < m",
}


def grade_two(answers: Mapping[str, Any] = TWO, **functions: Any) -> student.Result:
    asked = two()
    planned = student.plan(asked, COURSE)
    written = student.module(**{"z": product, "w": forward, **functions})
    seen = [student.observe(call, written) for call in planned.calls]
    return student.judge(asked, COURSE, planned, seen, answers=answers)


def test_several_algorithms_are_judged_one_by_one() -> None:
    result = grade_two()
    assert (result.status, result.points) == (Status.CORRECT, Fraction(7, 2))
    assert [check.name for check in result.checks] == [
        *(f"first-{what}" for what in ("value", "growth", "multiplications", "memory")),
        *(f"second-{what}" for what in ("value", "growth", "multiplications", "memory")),
        "vector",
        "condition",
    ]
    broken = grade_two(w=lambda v, y: v)  # noqa: ARG005
    assert (broken.status, broken.points) == (Status.PARTIAL, Fraction(5, 2))


def test_a_recorded_run_that_ends_the_process_leaves_all_values_judged() -> None:
    asked, written = two(), student.module(z=product, w=forward)
    planned = student.plan(asked, COURSE)
    seen = [student.observe(call, written) for call in planned.calls]
    first = recorded(planned)[0]
    dead = Observation(Outcome.DIED, failure=Failure("", "It ended."))
    result = student.judge(
        asked, COURSE, planned, [*seen[:first], *[dead] * len(seen[first:])], answers=TWO
    )
    found = checks(result)
    assert found["first-value"] == (Status.CORRECT, HALF)
    assert found["second-value"][0] is Status.CORRECT
    assert found["second-growth"][0] is Status.WRONG


def test_numbers_and_conditions_are_judged_beside_the_costs() -> None:
    result = grade_two({**TWO, "p1-vector": "6, 13", "p1-condition": "m >= n"})
    assert checks(result)["vector"] == (Status.WRONG, 0)
    assert checks(result)["condition"] == (Status.CORRECT, QUARTER)
    assert says(result, "condition").endswith("They cost the same at m = n.")
    assert checks(grade_two({**TWO, "p1-condition": "m < n"}))["condition"] == (Status.WRONG, 0)


def test_an_argument_can_be_a_float_or_a_size() -> None:
    def scaled(a: Any, v: Any, n: int) -> Any:
        return a * v[:n]

    asked = part(
        {
            "of": "scaled",
            "inputs": {"a": [], "v": ["n"], "n": "n"},
            "multiplications": {"best": "n", "points": HALF},
            "memory": {"best": "2n + 1", "points": HALF},
        }
    )
    answers = {"p1-multiplications": "n", "p1-memory": "2n+1"}
    result = grade(scaled, answers, asked, student.reference(scaled=scaled))
    assert (result.status, result.points) == (Status.CORRECT, 2)
    assert "exactly" in says(result, "growth")


def test_a_function_beyond_polynomials_is_proved_in_doubles() -> None:
    def sigmoid(v: Any) -> Any:
        return 1 / (1 + np.exp(-v))

    asked = part(
        {
            "of": "sigmoid",
            "inputs": {"v": ["n"]},
            "multiplications": {"best": "n", "points": HALF},
            "memory": {"best": "4n", "points": HALF},
        }
    )
    answers = {"p1-multiplications": "n", "p1-memory": "4n"}
    result = grade(sigmoid, answers, asked, student.reference(sigmoid=sigmoid))
    assert checks(result)["multiplications"] == (Status.CORRECT, HALF)
    assert "in double precision" in says(result, "growth")


def test_the_evaluation_trace_is_drawn_where_it_is_small() -> None:
    (figure,) = grade(product).figures
    assert figure.title == "What z does with n = 3"
    assert figure.text.startswith("The evaluation trace: z1 = v[0] * y[0]; z2 = v[1] * y[1]; ")
    assert [node.label for node in figure.nodes][5:8] == [
        "y[2]",
        "z1 = v[0] * y[0]",
        "z2 = v[1] * y[1]",
    ]
    assert figure.edges[:2] == (("v[0]", "z1"), ("y[0]", "z1"))
    assert grade(product, asked=part(sizes={"n": 40})).figures == ()


# ---- the YAML ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"inputs": {"v": ["k"]}}, "found the size 'k'; sizes has n"),
        (
            {"growth": {"at_most": "log n", "points": 0}},
            "expected a polynomial in n; found 'log n'",
        ),
        ({"growth": {"at_most": "n +", "points": 0}}, "expected an expression in n; found 'n +'"),
        ({"memory": {"best": "2n log n", "points": 0}}, "expected a polynomial in n"),
        ({"surprise": 1}, "Extra inputs are not permitted"),
        ({"inputs": {}}, "at least 1 item"),
    ],
)
def test_a_fault_in_the_yaml_is_explained(fields: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as caught:
        part(fields)
    assert fault in str(caught.value)


def test_two_things_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="the name of 'value' stands twice"):
        part(algorithms=[ALGORITHM, ALGORITHM])
    clash = {"id": "memory", "answer": 1, "points": 0}
    with pytest.raises(ValidationError, match="the name of 'memory' stands twice"):
        part(numbers=[clash])
    number = {"id": "vector", "answer": 1, "points": 0}
    with pytest.raises(ValidationError, match="the name of 'vector' stands twice"):
        part(numbers=[number, number])


def test_the_mistakes_of_a_part_are_those_of_all_its_answers() -> None:
    number = {"name": "off-by-one", "answer": 2, "says": "One too many was counted."}
    asked = part(numbers=[{"id": "number", "answer": 1, "points": 0, "mistakes": [number]}])
    assert asked.known_mistakes() == ("half", "off-by-one")


def test_the_shares_of_a_part_are_those_of_its_checks() -> None:
    assert part().point_shares() == (HALF, HALF, HALF, HALF)
    assert sum(two().point_shares()) == Fraction(7, 2)
    assert [name for _, name in two().reference_names()] == ["product", "product"]


def test_a_reference_that_fails_is_a_fault_of_the_course() -> None:
    with pytest.raises(CourseError, match="p1: the reference fails for product"):
        student.plan(part(), student.reference(product=lambda v: v))
    with pytest.raises(CourseError, match="p1: the reference gives"):
        student.plan(part(), student.reference(product=lambda v, y: v + y * np.inf))
