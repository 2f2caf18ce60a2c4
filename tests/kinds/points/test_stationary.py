"""`stationary_points`: a set, judged by distance."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from grader.errors import CourseError
from grader.gradebook import codec
from grader.records import Failure, Observation, Outcome, Status
from tests.kinds.student import Result, grade, judge, part, plan, reference, taught

QUARTIC = taught("q3_calculus")
QUADRATIC = taught("q4_saddle")
TRUE = np.array([[0.0, 0.0], [0.0, -1.0], [1.0, -1.0], [3 / 8, -3 / 4]])
BASE = {"of": "f", "all_points": "all_stationary_points", "function": "points", "points": 3}


def found(points: Any, **given: Any) -> Result:
    asked = part("stationary_points", **{**BASE, "at_least": 3, **given})
    return grade(asked, QUARTIC, points=lambda: points)


@pytest.mark.parametrize(
    "points",
    [
        TRUE,
        TRUE[:3],
        TRUE[[3, 1, 0]],
        TRUE[[0, 1, 1, 3, 3]],
        TRUE.tolist(),
        tuple(map(tuple, TRUE)),
        [np.array(point) for point in TRUE],
        torch.tensor(TRUE, dtype=torch.float32),
        TRUE.astype(np.float16),
        TRUE + 0j,
        TRUE + 3e-7,
        (TRUE + 3e-6).astype(np.float32),
        [[0, 0], [0, -1], [1, -1]],
    ],
)
def test_three_true_points_are_right_in_any_order_and_form(points: Any) -> None:
    result = found(points)
    assert (result.status, result.points) == (Status.CORRECT, 3)


def test_half_precision_beside_a_point_does_not_make_it_right() -> None:
    result = found([[np.float16(0), -1.0015], [1, -1], [0, 0]])
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(3 * 2, 4))


def test_the_summary_counts_different_points() -> None:
    assert found(TRUE[[0, 1, 2, 2]]).summary == "Right: 3 stationary points."
    assert found(TRUE[[0, 1, 2, 2]]).visible[0].message == (
        "(1, -1) stands more than once and counts once."
    )


def test_too_few_points_earn_their_share() -> None:
    result = found(TRUE[[0, 3]])
    assert (result.status, result.points) == (Status.PARTIAL, 2)
    assert result.summary == "2 different stationary points found; expected at least 3."


def test_a_repeated_point_counts_once() -> None:
    result = found(TRUE[[1, 1, 1]])
    assert (result.status, result.points) == (Status.PARTIAL, 1)
    assert result.summary == (
        "(0, -1) stands more than once and counts once. "
        "1 different stationary point found; expected at least 3."
    )


def test_a_false_point_costs_and_is_named_with_the_nearest_true_one() -> None:
    result = found([*TRUE[:3], [0.5, -0.75]])
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(9, 4))
    assert result.summary == (
        "(0.5, -0.75) is not stationary: the gradient there is (-0.046875, -0.03125). "
        "The nearest stationary point is (0.375, -0.75), 0.12 away."
    )


def test_a_self_check_does_not_name_the_true_point() -> None:
    asked = part("stationary_points", **{**BASE, "at_least": 3})
    seen = [Observation(Outcome.RETURNED, [[0.5, -0.75]])]
    result = judge(asked, QUARTIC, plan(asked, QUARTIC), seen, self_check=True)
    assert result.summary == (
        "(0.5, -0.75) is not stationary: the gradient there is (-0.046875, -0.03125). "
        "0 different stationary points found; expected at least 3."
    )


def test_a_point_near_the_degenerate_one_is_false_however_small_its_gradient() -> None:
    result = found([*TRUE[1:3], [1e-4, 1e-4]])
    assert result.points == Fraction(3, 2)
    assert result.summary == (
        "(0.0001, 0.0001) is not stationary: the gradient there is (3.0003e-08, 3.0005e-08). "
        "The nearest stationary point is (0, 0), 0.00014 away. "
        "2 different stationary points found; expected at least 3."
    )


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_spray_of_a_thousand_points_earns_next_to_nothing(dtype: type) -> None:
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 31)] * 2), axis=-1).reshape(-1, 2)
    result = found(np.concatenate([TRUE, grid])[:1000].astype(dtype))
    assert result.status is Status.PARTIAL
    assert result.points < Fraction(1, 50)
    assert "further points are not stationary either." in result.summary
    assert len(result.summary) < 700


def test_a_false_point_that_is_repeated_is_one_false_point() -> None:
    assert found([*TRUE, *[[5.0, 5.0]] * 10]).points == Fraction(9, 4)


def test_more_points_than_can_be_meant_are_not_looked_at() -> None:
    result = found(np.zeros((1001, 2)))
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary == "1001 points came back; at most 1000 are looked at."


@pytest.mark.parametrize(
    ("points", "summary"),
    [
        ([], "No point came back."),
        (None, "The function returned None; is there a return statement on every path?"),
        (
            TRUE[:3].T,
            "The result has shape (2, 3); expected (k, 2): one row of 2 numbers for each point.",
        ),
        (
            TRUE.reshape(1, 4, 2),
            "The result has shape (1, 4, 2); expected (k, 2): one row of 2 numbers for each point.",
        ),
        (
            [[np.nan, 0.0]],
            "Among the coordinates there are numbers that are not finite or not real.",
        ),
        (
            [[1j, 0.0]],
            "Among the coordinates there are numbers that are not finite or not real.",
        ),
        (
            [[0.0, 0.0], [1.0]],
            "The lists that came back have rows of different lengths; they form no array.",
        ),
        ({"a": 1}, "A dict came back; a number, a list or an array was expected."),
    ],
)
def test_what_is_no_list_of_points_is_told(points: Any, summary: str) -> None:
    result = found(points)
    assert (result.status, result.points, result.summary) == (Status.WRONG, 0, summary)


def test_a_coordinate_as_large_as_can_be_is_just_a_false_point() -> None:
    result = found([*TRUE, [1.7e308, -1.7e308]])
    assert result.points == Fraction(9, 4)


def only(points: Any) -> Result:
    asked = part("stationary_points", **{**BASE, "points": 5})
    return grade(asked, QUADRATIC, points=lambda: points)


@pytest.mark.parametrize("points", [[[-4, 3]], [-4.0, 3.0], np.array([[-4.0, 3.0]] * 2)])
def test_where_all_points_are_asked_for_the_only_one_is_enough(points: Any) -> None:
    result = only(points)
    assert (result.status, result.points) == (Status.CORRECT, 5)
    assert result.summary == "Right: 1 stationary point."


def test_where_all_points_are_asked_for_each_has_to_be_there() -> None:
    asked = part("stationary_points", **BASE)
    result = grade(asked, QUARTIC, points=lambda: TRUE[:3])
    assert result.points == Fraction(9, 4)
    assert result.summary == "3 different stationary points found; expected 4."
    assert result.visible[0].expected == "exactly 4 stationary points"


def test_where_all_points_are_asked_for_one_too_many_costs_half() -> None:
    assert only([[-4, 3], [4, -3]]).points == Fraction(5, 2)


def test_points_on_a_line_may_come_without_their_second_axis() -> None:
    course = reference(f=lambda x: (x[0] ** 2 - 1) ** 2, all_points=lambda: [[-1.0], [0.0], [1.0]])
    asked = part("stationary_points", of="f", all_points="all_points", function="points")
    assert grade(asked, course, points=lambda: [0, 1, -1]).status is Status.CORRECT


def test_an_exception_is_told_with_its_text() -> None:
    asked = part("stationary_points", **BASE)
    seen = Observation(Outcome.RAISED, failure=Failure("ValueError", "no"))
    result = judge(asked, QUARTIC, plan(asked, QUARTIC), [seen])
    assert (result.status, result.summary) == (
        Status.CRASHED,
        "points stopped with ValueError: no.",
    )


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[0.0, 0.5]], r"gives \[0.0, 0.5\], where the gradient is 0.375"),
        ([[0.0, -1.0], [0.0, -1.0]], r"gives \[0.0, -1.0\] twice"),
    ],
)
def test_a_reference_with_false_points_is_a_fault_of_the_course(
    points: list[list[float]], message: str
) -> None:
    course = reference(f=QUARTIC.function("f"), all_stationary_points=lambda: points)
    with pytest.raises(CourseError, match=message):
        plan(part("stationary_points", **BASE), course)


def states(result: Result) -> dict[str, list[tuple[float, float]]]:
    (figure,) = result.figures
    found: dict[str, list[tuple[float, float]]] = {}
    for spot in figure.spots:
        found.setdefault(spot.state, []).append((spot.x, spot.y))
    return found


def self_checked(points: Any) -> Result:
    asked = part("stationary_points", **{**BASE, "at_least": 3})
    seen = [Observation(Outcome.RETURNED, points)]
    return judge(asked, QUARTIC, plan(asked, QUARTIC), seen, self_check=True)


def test_the_picture_marks_what_was_found_claimed_wrongly_and_missed() -> None:
    result = found([[0, 0], [1, -1], [0.5, -0.5]])
    assert states(result) == {
        "right": [(0, 0), (1, -1)],
        "wrong": [(0.5, -0.5)],
        "missed": [(0, -1), (0.375, -0.75)],
    }
    assert result.figures[0].text == (
        "Contour lines of the function, darker where it is larger. Marked as found: (0, 0), "
        "(1, -1). Marked as not stationary: (0.5, -0.5). Marked as missed: (0, -1), (0.375, -0.75)."
    )


def test_no_point_is_missed_where_enough_were_found() -> None:
    assert states(found(TRUE[:3])) == {"right": [(0, 0), (0, -1), (1, -1)]}


def test_the_picture_holds_the_function_on_a_grid_around_the_points() -> None:
    grid = found([[0, 0], [3, 1]]).figures[0].contours
    assert grid is not None
    x, y, z = (np.array(values) for values in (grid.x, grid.y, grid.z))
    assert z.shape == (len(y), len(x))
    assert x[0] < -0.3
    assert x[-1] >= 3
    assert y[0] < -1.3
    assert y[-1] >= 1
    columns, rows = np.meshgrid(x, y)
    want = (columns + rows) * (columns * rows + columns * rows**2)
    assert np.allclose(z, want, rtol=2e-3, atol=1e-3 * np.max(np.abs(want)))


def test_a_point_far_away_is_told_and_does_not_shrink_the_picture() -> None:
    near, far = found(TRUE), found([*TRUE, [900.0, 0.0], [1.7e308, 0.0]])
    assert near.figures[0].contours == far.figures[0].contours
    assert far.figures[0].text.endswith(" 2 points lie outside of the picture.")


def test_pictures_of_one_plan_share_their_grid() -> None:
    asked = part("stationary_points", **{**BASE, "at_least": 3})
    planned = plan(asked, QUARTIC)
    first, second = (
        judge(asked, QUARTIC, planned, [Observation(Outcome.RETURNED, points)]).figures[0]
        for points in (TRUE.tolist(), TRUE[:2].tolist())
    )
    assert first.contours is second.contours


def test_a_stored_picture_is_small() -> None:
    assert len(codec.dump(found([*TRUE, [0.5, -0.5]]))) < 20_000


def test_a_self_check_shows_no_missed_point() -> None:
    assert states(self_checked([[0, 0], [0.5, -0.5]])) == {
        "right": [(0, 0)],
        "wrong": [(0.5, -0.5)],
    }


def test_the_window_of_a_self_check_does_not_depend_on_the_missed_points() -> None:
    asked = part("stationary_points", **BASE)
    seen = [Observation(Outcome.RETURNED, [[7.0, 5.0]])]
    first, second = (
        judge(asked, course, plan(asked, course), seen, self_check=True).figures[0].contours
        for course in (QUARTIC, QUADRATIC)
    )
    assert (first.x, first.y) == (second.x, second.y)


def test_a_self_check_with_nothing_near_has_no_picture() -> None:
    assert self_checked([[1e300, 0.0]]).figures == ()


def test_a_function_of_one_variable_has_no_picture() -> None:
    course = reference(f=lambda x: (x[0] ** 2 - 1) ** 2, all_points=lambda: [[-1.0], [0.0], [1.0]])
    asked = part("stationary_points", of="f", all_points="all_points", function="points")
    assert grade(asked, course, points=lambda: [0, 1, 5]).figures == ()


@pytest.mark.parametrize("elsewhere", [lambda x: x[0] / 0, lambda x: x[9]])
def test_where_the_function_has_no_values_the_points_are_shown_alone(elsewhere: Any) -> None:
    def f(x: Any) -> Any:
        near = bool(torch.all(torch.abs(x) < 0.1))
        return x[0] ** 2 + x[1] ** 2 if near else elsewhere(x)

    course = reference(f=f, all_points=lambda: [[0.0, 0.0]])
    asked = part("stationary_points", of="f", all_points="all_points", function="points")
    result = grade(asked, course, points=lambda: [[0.0, 0.0]])
    assert states(result) == {"right": [(0, 0)]}
    assert result.figures[0].contours is None
