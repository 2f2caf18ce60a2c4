"""The kind `cost`: values, growth, and declarations that equal what the code does."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from grader.records import Failure, Observation, Outcome, Status
from tests.kinds import student

from .costing import (
    ANSWERS,
    COURSE,
    HALF,
    QUARTER,
    checks,
    forward,
    grade,
    part,
    product,
    recorded,
    says,
    two,
)

# ---- what is right -------------------------------------------------------------------------------


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


# ---- several algorithms, numbers and conditions --------------------------------------------------


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
