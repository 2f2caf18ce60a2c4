"""`classification_of_points`: a label for each point, and a Hessian where it is asked for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.errors import CourseError
from grader.records import Observation, Outcome, Status
from tests.kinds.student import Result, grade, judge, part, plan, reference, taught

QUARTIC = taught("q3_calculus")
QUADRATIC = taught("q4_saddle")
TRUE = QUARTIC.function("all_stationary_points")()
RIGHT = ["degenerate", "saddle", "saddle", "maximum"]
BASE = {"of": "f", "all_points": "all_stationary_points", "function": "labels"}
QUARTIC_PART: dict[str, Any] = {
    **BASE,
    "points_function": "where",
    "must_include": [[0.375, -0.75]],
    "also_accepted": [{"point": [0, 0], "labels": ["saddle"]}],
}


def labelled(points: Any, labels: Any, **given: Any) -> Result:
    asked = part("classification_of_points", **{**QUARTIC_PART, **given})
    return grade(asked, QUARTIC, where=lambda: points, labels=lambda: labels)


@pytest.mark.parametrize(
    ("points", "labels"),
    [
        (TRUE, RIGHT),
        (TRUE, ["saddle", "saddle", "saddle", "maximum"]),
        (TRUE, ("Degenerate", "SADDLE", " saddle ", "Maximum")),
        (TRUE, ["degenerate point", "saddle-point", "a saddle point.", "local maximum"]),
        (TRUE, ["degenerate", "saddle", "saddle", "strict local max"]),
        (TRUE, np.array(RIGHT)),
        (TRUE, np.array(RIGHT, dtype=object)),
        (TRUE[[3, 1]], ["maximum", "saddle"]),
        (TRUE[[3]], ["maximum"]),
        (TRUE[3], "maximum"),
        (TRUE.astype(np.float32), RIGHT),
        (TRUE[[3, 3, 1]], ["maximum", "maximum", "saddle"]),
    ],
)
def test_right_labels_are_right_in_any_form(points: Any, labels: Any) -> None:
    result = labelled(points, labels)
    assert (result.status, result.points) == (Status.CORRECT, 2)


def test_a_wrong_label_earns_the_share_of_the_others_and_is_told() -> None:
    result = labelled(TRUE, ["degenerate", "minimum", "saddle", "maximum"])
    assert (result.status, result.points) == (Status.PARTIAL, Fraction(3, 2))
    assert result.summary == "At (0, -1): 'minimum'; expected saddle."


def test_a_self_check_does_not_give_the_label_away() -> None:
    asked = part("classification_of_points", **QUARTIC_PART)
    value = {"points": TRUE, "values": ["degenerate", "minimum", "saddle", "maximum"]}
    seen = [Observation(Outcome.RETURNED, value)]
    result = judge(asked, QUARTIC, plan(asked, QUARTIC), seen, self_check=True)
    assert result.summary == "At (0, -1): 'minimum'; the eigenvalues of the Hessian say otherwise."
    assert [case.expected for case in result.visible if not case.right] == [""]


def test_both_labels_that_are_accepted_are_named() -> None:
    result = labelled(TRUE, ["maximum", "saddle", "saddle", "maximum"])
    assert result.summary == "At (0, 0): 'maximum'; expected degenerate or saddle."


def test_without_the_point_that_is_asked_for_there_is_half_at_most() -> None:
    result = labelled(TRUE[:3], RIGHT[:3])
    assert (result.status, result.points) == (Status.PARTIAL, 1)
    assert result.summary == "(0.375, -0.75) has to be among the points."


def test_with_a_wrong_label_at_that_point_there_is_half_at_most() -> None:
    result = labelled(TRUE, ["degenerate", "saddle", "saddle", "minimum"])
    assert result.points == 1
    assert result.summary == "At (0.375, -0.75): 'minimum'; expected maximum."


def test_a_point_that_stands_twice_with_two_labels_is_wrong() -> None:
    assert labelled(TRUE[[3, 3]], ["maximum", "minimum"]).points == 0


def test_no_label_is_right_at_a_false_point() -> None:
    result = labelled([[0.375, -0.75], [5.0, 5.0]], ["maximum", "saddle"])
    assert result.points == 1
    assert result.summary == "(5, 5) is not a stationary point, so no label is right there."


@pytest.mark.parametrize(
    ("labels", "summary"),
    [
        (["saddle"], "1 label came back for 4 points; expected one for each, in their order."),
        ([], "0 labels came back for 4 points; expected one for each, in their order."),
        ([1, 2, 3, 4], "Expected a list of words such as 'saddle', one for each point."),
        (None, "Expected a list of words such as 'saddle', one for each point."),
        ({"a": "saddle"}, "Expected a list of words such as 'saddle', one for each point."),
        (["saddle", None], "Expected a list of words such as 'saddle', one for each point."),
    ],
)
def test_what_is_no_list_of_labels_is_told(labels: Any, summary: str) -> None:
    result = labelled(TRUE, labels)
    assert (result.status, result.points, result.summary) == (Status.WRONG, 0, summary)


def test_a_long_label_is_cut() -> None:
    result = labelled(TRUE[[3]], ["x" * 10_000])
    assert len(result.summary) < 200
    assert len(result.visible[0].observed) == 40


@pytest.mark.parametrize(
    ("quadratic", "label"),
    [
        (lambda x: x[0] ** 2 + 3 * x[1] ** 2, "minimum"),
        (lambda x: -(x[0] ** 2) - x[1] ** 2, "maximum"),
        (lambda x: x[0] * x[1], "saddle"),
        (lambda x: x[0] ** 2 + x[1] ** 4, "degenerate"),
        (lambda x: x[0] ** 3 + x[1] ** 3, "degenerate"),
        (lambda x: 1e3 * (x[0] ** 2 + x[1] ** 2), "minimum"),
    ],
)
def test_the_eigenvalues_of_the_hessian_decide(quadratic: Any, label: str) -> None:
    course = reference(f=quadratic, all_stationary_points=lambda: [[0.0, 0.0]])
    asked = part("classification_of_points", **BASE)
    for given in ("minimum", "maximum", "saddle", "degenerate"):
        result = grade(asked, course, labels=lambda given=given: given)
        assert (result.status is Status.CORRECT) == (given == label)


@pytest.mark.parametrize(
    "field",
    [
        {"must_include": [[0.5, -0.75]]},
        {"must_include": [[0.375]]},
        {"also_accepted": [{"point": [1, 1], "labels": ["saddle"]}]},
    ],
)
def test_a_spec_that_names_a_false_point_is_a_fault_of_the_course(field: dict[str, Any]) -> None:
    with pytest.raises(CourseError, match="not a stationary point"):
        plan(part("classification_of_points", **{**QUARTIC_PART, **field}), QUARTIC)


# ---- with a Hessian ------------------------------------------------------------------------------

SADDLE = part(
    "classification_of_points",
    **BASE,
    points=5,
    hint="Eigenvalues.",
    hessian={"function": "hessian", "points": 2},
)


def saddle(labels: Any, hessian: Any) -> Result:
    return grade(SADDLE, QUADRATIC, labels=lambda: labels, hessian=lambda _: hessian)


@pytest.mark.parametrize(
    "hessian", [np.diag([2.0, -4.0]), [[2, 0], [0, -4]], np.diag([2, -4]).astype(np.float32)]
)
def test_the_label_and_the_hessian_together_are_right(hessian: Any) -> None:
    result = saddle("saddle", hessian)
    assert (result.status, result.points, result.hint) == (Status.CORRECT, 5, "")
    assert result.summary == "Right: the Hessian and the classification."
    assert [(check.name, check.points) for check in result.checks] == [
        ("Hessian", 2),
        ("classification", 3),
    ]


def test_a_wrong_hessian_costs_its_share_and_is_told_with_the_place() -> None:
    result = saddle("saddle", np.diag([2.0, 4.0]))
    assert (result.status, result.points, result.hint) == (Status.PARTIAL, 3, "Eigenvalues.")
    assert result.summary == (
        "Hessian: 1 of 4 entries differ; the farthest off is entry [1, 1]: 4 where -4 was expected."
    )
    assert result.visible[-1].call == "hessian(np.array([-4.0, 3.0]))"


def test_a_wrong_label_keeps_the_share_of_the_hessian() -> None:
    result = saddle("minimum", np.diag([2.0, -4.0]))
    assert (result.status, result.points) == (Status.PARTIAL, 2)
    assert result.summary == "classification: At (-4, 3): 'minimum'; expected saddle."


def test_with_both_wrong_there_is_nothing() -> None:
    result = saddle("minimum", np.eye(2))
    assert (result.status, result.points) == (Status.WRONG, 0)


def test_a_missing_hessian_is_told_beside_a_right_label() -> None:
    result = grade(SADDLE, QUADRATIC, labels=lambda: "saddle")
    assert (result.status, result.points) == (Status.PARTIAL, 3)
    assert result.summary == "Hessian: solution.py has no hessian."


def test_with_both_missing_the_part_is_missing() -> None:
    assert grade(SADDLE, QUADRATIC).status is Status.MISSING


def test_a_hessian_that_is_right_at_the_point_only_is_wrong() -> None:
    def hessian(x: Any) -> Any:
        return np.diag([2.0, -4.0]) if x[0] == -4 else np.zeros((2, 2))

    result = grade(SADDLE, QUADRATIC, labels=lambda: "saddle", hessian=hessian)
    assert result.points == 3


def test_a_check_of_the_visible_cases_tries_the_hessian_too() -> None:
    planned = plan(SADDLE, QUADRATIC)
    assert (planned.visible, len(planned.calls)) == (None, 7)
