"""Figures of two codings: what is drawn, where the line breaks, and the words for it."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite
from typing import Any

import pytest
import torch

from grader.records import Figure, Status
from tests.kinds import course
from tests.kinds.student import grade, reference

JUMP = course.asked("autodiff-basics", "p4-two-codings")["p4-two-codings"]
SMOOTH = course.asked("autodiff-basics", "p4-two-codings")["p4-extra"]


def f(x: Any) -> Any:
    return (2 * x * torch.sign(x) + 1) * torch.sign(x)


def g(x: Any) -> Any:
    return 2 * x + (x > 0).double() - (x < 0).double()


def drawn(**names: Any) -> tuple[Figure, ...]:
    figures: tuple[Figure, ...] = grade(
        JUMP, reference(), **{"p4_f": f, "p4_g": g, "p4_x0": 0.0, **names}
    ).figures
    return figures


@pytest.fixture(scope="module")
def right() -> tuple[Figure, ...]:
    return drawn()


def test_each_coding_has_a_figure_with_its_derivative(right: tuple[Figure, ...]) -> None:
    assert [figure.title for figure in right] == [
        "p4_f and its derivative by autograd",
        "p4_g and its derivative by autograd",
    ]
    first, second = right[0].curves
    assert (first.label, first.dashed) == ("p4_f", False)
    assert (second.label, second.dashed) == ("derivative of p4_f by autograd", True)
    assert right[0].x_label == "x"


def test_the_point_is_marked_with_value_and_derivative(right: tuple[Figure, ...]) -> None:
    spots = [[(spot.label, spot.x, spot.y, spot.state) for spot in f.spots] for f in right]
    assert spots == [
        [("value at 0", 0.0, 0.0, "plain"), ("derivative at 0", 0.0, 0.0, "right")],
        [("value at 0", 0.0, 0.0, "plain"), ("derivative at 0", 0.0, 2.0, "right")],
    ]


def test_the_words_say_what_the_picture_shows(right: tuple[Figure, ...]) -> None:
    assert right[1].text == (
        "p4_g and its derivative by autograd for x from -2 to 2. At x = 0 the value is 0. "
        "Autograd gives 2 for the derivative there. It jumps at x = 0, between -1 and 0."
    )


def test_the_line_is_broken_on_both_sides_of_the_jump(right: tuple[Figure, ...]) -> None:
    for figure in right:
        for curve in figure.curves:
            assert len(curve.x) == len(curve.y)
            at = [n for n, y in enumerate(curve.y) if y is None]
            assert len(at) == 2
            assert curve.x[at[0]] < 0 == curve.x[at[1]]
        values = right[0].curves[0].y
        steps = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
        assert max(steps) < 0.1


def test_every_number_of_a_figure_is_finite() -> None:
    figures = drawn(p4_g=lambda x: g(x) if x != 0 else torch.tensor(0.0))
    for figure in figures:
        for curve in figure.curves:
            assert all(map(isfinite, curve.x))
            assert all(y is None or isfinite(y) for y in curve.y)
        assert all(isfinite(spot.x) and isfinite(spot.y) for spot in figure.spots)
    assert figures[1].text.endswith(
        "Autograd gives no derivative there. It jumps at x = 0, between -1 and 0."
    )
    assert len(figures[1].spots) == 1


def test_a_wrong_derivative_is_marked_as_wrong() -> None:
    assert drawn(p4_f=g)[0].spots[1].state == "wrong"


def test_a_figure_is_not_drawn_without_a_value_at_the_point() -> None:
    assert [figure.title[:4] for figure in drawn(p4_f=lambda x: 1 / x)] == ["p4_g"]


def test_a_smooth_function_has_unbroken_lines_and_no_verdict_on_its_slopes() -> None:
    names: dict[str, Any] = {
        "p4_smooth_f": lambda x: 2 * x * torch.sign(x) ** 2,
        "p4_smooth_g": lambda x: 2 * x,
    }
    result = grade(SMOOTH, reference(), **names, p4_smooth_x0=0.0)
    assert result.status is Status.CORRECT
    assert None not in result.figures[0].curves[0].y
    assert [figure.spots[1].state for figure in result.figures] == ["plain", "plain"]
    assert "jumps" not in result.figures[0].text


def test_a_figure_holds_no_more_points_than_can_be_seen(right: tuple[Figure, ...]) -> None:
    assert all(len(curve.x) <= 700 for figure in right for curve in figure.curves)
