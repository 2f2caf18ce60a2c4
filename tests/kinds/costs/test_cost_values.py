"""The values that code of kind `cost` gives, and how fast what it takes may grow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.records import Status

from .costing import (
    ANSWERS,
    FORWARD,
    HALF,
    WIDE,
    Function,
    checks,
    forward,
    grade,
    in_one_line,
    part,
    says,
    wide,
)

# ---- values --------------------------------------------------------------------------------------


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


def test_a_transpose_is_named_as_one() -> None:
    result = grade(lambda v, a, b: in_one_line(v, a, b).T, ANSWERS, FORWARD, WIDE)
    assert says(result, "value") == "The result is the transpose of what was expected."


@pytest.mark.parametrize("size", [3, 4, 5, 6, 7, 8, 9, 10, 17, 40])
def test_values_are_tried_at_every_size_from_the_smallest_on_and_far_out(size: int) -> None:
    result = grade(lambda v, y: v if len(v) == size else v * (v @ y))
    assert checks(result)["value"] == (Status.WRONG, 0)


# ---- all that may not grow -----------------------------------------------------------------------


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


def slow_if_wide(v: Any, a: Any, b: Any) -> Any:
    if len(b) > 2 * len(v):
        return np.outer(v, v) @ np.outer(a, b)
    matrix = np.outer(a, b)
    row = v @ matrix
    return np.outer(v, row)


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


# ---- counts that are no polynomial ---------------------------------------------------------------


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
