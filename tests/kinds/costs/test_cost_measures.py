"""What is counted of recorded runs, and the records that are not believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.records import Failure, Frame, Observation, Outcome, Status
from grader.tracing import codes
from tests.kinds import student

from .costing import ANSWERS, COURSE, HALF, Function, checks, grade, part, product, recorded, says

# ---- what cannot be followed ---------------------------------------------------------------------


def test_a_cast_is_named() -> None:
    result = grade(lambda v, y: v.astype(float) * float(v @ y))
    assert checks(result)["value"] == (Status.CORRECT, HALF)
    assert checks(result)["growth"] == (Status.WRONG, 0)
    assert says(result, "growth").startswith("With n = 3: z cannot be followed")
    assert "float(), int(), astype(float)" in says(result, "growth")
    assert checks(result)["memory"] == (Status.SKIPPED, 0)


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


def test_the_end_of_the_program_while_it_is_recorded_is_said() -> None:
    frame = Frame("solution.py", 7, "z", "sys.exit()")
    assert observed(Failure("SystemExit", "0", (frame,))) == (
        "With n = 3: z ends the program in line 7 of solution.py while its cost is measured, with "
        "sys.exit(), exit() or quit(). Let it return its value, or raise an exception that says "
        "what is wrong."
    )


def test_a_run_of_too_many_steps_is_said() -> None:
    def slow(v: Any, y: Any) -> Any:
        for _ in range(100_000):
            v = v * 1
        return v * (v @ y)

    assert says(grade(slow), "growth") == (
        "With n = 3: z cannot be followed: it takes more than 500000 steps at these sizes."
    )


# ---- what is measured is what runs ---------------------------------------------------------------


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


# ---- what counts depend on, and how they are proved ----------------------------------------------


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
