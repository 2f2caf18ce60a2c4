"""`hessians_at_points`: at the student's own points, with credit for what follows."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.records import Observation, Outcome, Status
from tests.kinds.student import Result, grade, judge, part, plan, taught

COURSE = taught("q3_calculus")
TRUE = COURSE.function("all_stationary_points")()
ASKED = part(
    "hessians_at_points",
    of="f",
    all_points="all_stationary_points",
    function="hessians",
    points_function="points",
    follows="hessian",
    at_least=3,
    points=1,
)


def hessian(x: Any) -> Any:
    return COURSE.function("q3_hessian")(x)


def half(x: Any) -> Any:
    return np.triu(hessian(x))


def given(points: Any, hessians: Any, own: Callable[..., Any] | None = None) -> Result:
    functions: dict[str, Any] = {"hessian": own} if own else {}
    return grade(ASKED, COURSE, points=lambda: points, hessians=lambda: hessians, **functions)


@pytest.mark.parametrize(
    ("points", "form"),
    [
        (TRUE, np.array),
        (TRUE[[2, 0, 1]], np.array),
        (TRUE, lambda matrices: [matrix.tolist() for matrix in matrices]),
        (TRUE, lambda matrices: np.array(matrices, dtype=np.float32)),
        ([[0.3, 0.7], [5.0, 2.0], [-1.0, 1.0]], np.array),
        (TRUE.tolist(), tuple),
    ],
)
def test_the_hessian_at_each_own_point_is_right(points: Any, form: Callable[..., Any]) -> None:
    result = given(points, form([hessian(point) for point in np.array(points)]))
    assert (result.status, result.points) == (Status.CORRECT, 1)
    assert result.summary == f"Right in all {len(points)} cases."


def test_single_precision_throughout_is_right() -> None:
    points = np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)
    result = given(points, np.stack([hessian(point) for point in points]))
    assert result.status is Status.CORRECT


def test_a_hessian_by_hand_is_right_at_a_point_found_by_iteration() -> None:
    points = TRUE + np.array([3e-8, -2e-8])
    assert given(points, [hessian(point) for point in TRUE]).status is Status.CORRECT


def test_what_follows_from_the_own_hessian_is_credited() -> None:
    result = given(TRUE, [half(point) for point in TRUE], half)
    assert (result.status, result.points) == (Status.CORRECT, 1)
    assert result.summary == (
        "Credited: 3 matrices follow from your own Hessian, whose mistake counts in its own part."
    )
    assert result.visible[1].message == (
        "At (0, -1). It follows from your own Hessian, whose mistake is counted in its own part."
    )


def test_what_follows_from_nothing_is_wrong() -> None:
    result = given(TRUE, [half(point) for point in TRUE], hessian)
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(1, 4))
    assert result.summary == (
        "At (0, -1). 1 of 4 entries differ; the farthest off is entry [1, 0]: "
        "0 where 1 was expected."
    )


@pytest.mark.parametrize(
    "own", [lambda _: np.zeros(5), lambda _: None, lambda _: "0", lambda x: x.no_such_attribute]
)
def test_only_a_matrix_can_be_followed(own: Callable[..., Any]) -> None:
    assert given(TRUE, np.zeros((4, 5)), own).points == 0


def test_a_repeated_point_neither_earns_nor_costs() -> None:
    places = TRUE[[0, 1, 2, 2]]
    assert given(places, [hessian(point) for point in places]).points == 1
    places = TRUE[[1, 1, 1]]
    result = given(places, [hessian(point) for point in places])
    assert result.points == Fraction(1, 3)
    assert result.summary == "1 right, at different points; expected at least 3."


@pytest.mark.parametrize("shift", [1e-9, -0.0])
def test_points_that_are_one_up_to_rounding_count_once(shift: float) -> None:
    places = np.array([[0.0, 1.0], [shift, 1.0], [2 * shift, 1.0]])
    assert given(places, [hessian(point) for point in places]).points == Fraction(1, 3)


def test_a_single_point_may_come_with_a_bare_matrix() -> None:
    result = given([0.0, -1.0], hessian(TRUE[1]))
    assert result.points == Fraction(1, 3)


@pytest.mark.parametrize(
    ("matrices", "summary"),
    [
        (
            np.zeros((2, 2, 2)),
            "2 matrices came back for 4 points; expected one for each, in their order.",
        ),
        (
            np.zeros((1, 2, 2)),
            "1 matrix came back for 4 points; expected one for each, in their order.",
        ),
        (
            [],
            "0 matrices came back for 4 points; expected one for each, in their order.",
        ),
        (np.array(1.0), "The result has shape () (a single number); expected (4, 2, 2)."),
        (1.0, "The result has shape () (a single number); expected (4, 2, 2)."),
        (None, "The function returned None; is there a return statement on every path?"),
        ("no", "Text came back ('no'); numbers were expected."),
        ({"a": 1}, "A dict came back; a number, a list or an array was expected."),
        (np.zeros((4, 2)), "At (0, 0). The result has shape (2,); expected (2, 2)."),
        (
            [None] * 4,
            "At (0, 0). The function returned None; is there a return statement on every path?",
        ),
    ],
)
def test_what_is_no_list_of_matrices_is_told(matrices: Any, summary: str) -> None:
    result = given(TRUE, matrices)
    assert (result.status, result.points, result.summary) == (Status.WRONG, 0, summary)


def test_points_that_are_none_are_told_with_their_function() -> None:
    result = given([], [])
    assert (result.status, result.summary) == (Status.WRONG, "points: No point came back.")


def test_a_missing_function_is_named() -> None:
    result = grade(ASKED, COURSE, hessians=lambda: TRUE)
    assert (result.status, result.summary) == (
        Status.MISSING,
        "solution.py has no function points.",
    )


@pytest.mark.parametrize(
    "answer", [None, 3, {}, {"missing": np.zeros(2)}, {"missing": "x" * 10**6}]
)
def test_a_forged_answer_is_missing_and_never_a_fault(answer: Any) -> None:
    planned = plan(ASKED, COURSE)
    result = judge(ASKED, COURSE, planned, [Observation(Outcome.RETURNED, answer)])
    assert (result.status, result.summary) == (
        Status.MISSING,
        "solution.py has no function hessians.",
    )


def test_the_function_that_stopped_is_named_and_not_the_one_of_the_part() -> None:
    def points() -> Any:
        raise NotImplementedError

    result = grade(ASKED, COURSE, points=points, hessians=lambda: TRUE)
    assert (result.status, result.summary) == (
        Status.MISSING,
        "Not there yet: points still raises NotImplementedError.",
    )

    def hessians() -> Any:
        raise NotImplementedError

    result = grade(ASKED, COURSE, points=lambda: TRUE, hessians=hessians)
    assert result.summary == "Not there yet: hessians still raises NotImplementedError."


def test_zeros_do_not_follow_from_a_hessian_of_zeros() -> None:
    result = given(TRUE, np.zeros((4, 2, 2)), own=lambda _: np.zeros((2, 2)))
    assert (result.status, result.points) == (
        Status.PARTIAL,
        Fraction(1, 4),
    )  # at (0, 0) it is right


def test_a_hessian_that_leaves_the_process_gives_nothing_to_follow() -> None:
    def leave(_: Any) -> Any:
        raise SystemExit

    right = [hessian(point) for point in TRUE]
    assert given(TRUE, right, own=leave).status is Status.CORRECT
