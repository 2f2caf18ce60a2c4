"""`hard_coded_network`: every input of a domain, any weights, and what is said of wrong ones."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import CourseError
from grader.records import Failure, Observation, Outcome, Status
from tests.kinds import course
from tests.kinds.student import Result, judge, part, plan, reference

ELEMENT = ("backprop-and-costs", "q1-networks", "q1-element")
PERMUTATION = ("backprop-and-costs", "q1-networks", "q1-permutation")
W1 = [[-2, 0, 0, 2], [0, -2, 0, 2], [0, 0, -2, 2]]


def element(*weights: Any) -> Result:
    return course.graded(*ELEMENT, q1_element=lambda: weights)


def permutation(layers: Any) -> Result:
    return course.graded(*PERMUTATION, q1_permutation=lambda: layers)


# ---- what passes ---------------------------------------------------------------------------------


def test_the_domains_are_those_of_the_sheet() -> None:
    rows = course.asked(*ELEMENT[:2])["q1-element"].domain.rows()
    assert rows.shape == (9 * 8 * 7 * 9, 4)
    other = course.asked(*ELEMENT[:2])["q1-permutation"].domain.rows()
    assert other.shape == ((5 * 4 * 3) ** 2, 6)
    assert len(np.unique(other, axis=0)) == len(other)


RIGHT: list[tuple[Any, ...]] = [
    (W1, [0, 0, 0], [-2, -2, -2], 2),
    (np.array(W1), np.zeros((1, 3)), np.full((1, 3), -2.0), np.array([2.0])),
    (np.array(W1), np.zeros((3, 1)), np.full((3, 1), -2.0), np.array([[2.0]])),
    (torch.tensor(W1), torch.zeros(3), torch.full((3,), -2.0), torch.tensor(2.0)),
    (-np.array(W1), [0, 0, 0], [2, 2, 2], -2),
    (5 * np.array(W1), [1, -1, 0.5], [-7, -7, -7], 7.5),
    (1.5 * np.array(W1), [0, 0, 0], [4, 4, 4], -4),
    # On paper the sum of the output unit is exactly 1, at the bound.
    (W1, [0, 0, 0], [-0.1, -0.1, -0.1], 1.1),
    (W1, [0, 0, 0], [-0.3, -0.3, -0.3], 1.3),
    (np.array(W1) * 0.7, [0.1, 0.1, 0.1], [-2, -2, -2], 2),
]


@pytest.mark.parametrize("weights", RIGHT)
def test_any_weights_that_do_it_are_right(weights: tuple[Any, ...]) -> None:
    result = element(*weights)
    assert (result.status, result.points) == (Status.CORRECT, 1)
    assert result.summary == "Right on all 4536 inputs."


def test_weights_may_come_by_name() -> None:
    named = {"W1": W1, "b1": [0, 0, 0], "W2": [-2, -2, -2], "b2": 2}
    assert course.graded(*ELEMENT, q1_element=lambda: named).points == 1


COMPARE = np.zeros((9, 6))
for _i in range(3):
    for _j in range(3):
        COMPARE[3 * _i + _j, [_i, 3 + _j]] = 2, -2
ORDERS = np.zeros((6, 9))
for _row, _order in zip(ORDERS, permutations(range(3)), strict=True):
    _row[[3 * _i + _j for _i, _j in enumerate(_order)]] = 1
INF = float("inf")


@pytest.mark.parametrize(
    "layers",
    [
        [(COMPARE, np.zeros(9), (-1, 1)), (ORDERS, np.zeros(6), (3, 3)), (np.ones(6), 0, (1, 1))],
        # Nine comparisons, three of which have to hold: two layers will do.
        [(COMPARE, np.zeros(9), (-1, 1)), (np.ones((1, 9)), [0], (3, INF))],
        [(COMPARE, np.zeros(9), [-1, 1]), (np.ones(9), -2.5, (0, 9))],
        # Bounds for each unit, and one layer more that hands the answer on.
        [
            (COMPARE, np.zeros(9), (np.full(9, -0.5), np.full(9, 0.5))),
            (np.ones(9), 0, (2.5, 3.5)),
            ([1.0], 0, (1, 1)),
        ],
        [(torch.tensor(COMPARE), torch.zeros(9), (0, 0)), ([1.0] * 9, 0, torch.tensor([3, 3]))],
        # A third, nine times: three of them are one on paper only.
        [(COMPARE, np.zeros(9), (-1, 1)), (np.full(9, 1 / 3), 0, (1, 1))],
        [(COMPARE, np.zeros(9), (-1, 1)), (np.full(9, 0.1), 0, (0.3, 0.3))],
        [
            (COMPARE.astype(np.float32), np.zeros(9), (-1, 1)),
            (np.full(9, 0.1, np.float32), 0, np.array([0.3, 0.3], np.float32)),
        ],
    ],
)
def test_any_number_of_layers_that_do_it_is_right(layers: Any) -> None:
    result = permutation(layers)
    assert (result.status, result.points) == (Status.CORRECT, 1)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.6, 50), st.sampled_from([-1, 1]), st.floats(2.01, 100))
def test_scaled_networks_stay_right(first: float, sign: int, second: float) -> None:
    # 2 · 0.6 is beyond 1 for neighbours, and the output leaves [-1, 1] where no unit is 1.
    weights = (first * sign * np.array(W1), [0, 0, 0], [-second] * 3, second)
    assert element(*weights).points == 1


# ---- what fails, and what is said ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "name"),
    [
        (problem, mistake.name)
        for problem in (ELEMENT, PERMUTATION)
        for mistake in course.asked(*problem[:2])[problem[2]].mistakes
    ],
)
def test_every_declared_mistake_is_recognised(problem: tuple[str, str, str], name: str) -> None:
    asked = course.asked(*problem[:2])[problem[2]]
    (mistake,) = [item for item in asked.mistakes if item.name == name]
    wrong = getattr(course.known(*problem[:2]).loaded, mistake.function)
    result = course.graded(*problem, **{asked.function: wrong})
    assert (result.status, result.points, result.mistake) == (Status.WRONG, 0, name)


@pytest.mark.parametrize("factor", [1.0, 0.75, 3.0])
def test_the_slip_of_the_worked_solution_is_recognised_in_any_scale_and_order(
    factor: float,
) -> None:
    rows = np.array(W1)[[2, 0, 1]] * factor * 2
    result = element(rows, [0, 0, 0], [-2 * factor] * 3, -2 * factor)
    assert result.mistake == "sign-of-output-bias"


def test_a_network_with_the_same_errors_for_another_reason_is_not_taken_for_it() -> None:
    result = element(np.zeros((3, 4)), [5, 5, 5], [0, 0, 0], -2)
    assert result.mistake is None
    assert result.summary == (
        "The output is wrong on 1512 of 4536 inputs. The output is 0 for every input. For x = "
        "(-4, -3, -2, -4) it gives 0; expected 1. The hidden layer is (0, 0, 0); the output unit "
        "gets -2, and is 1 from -1 to 1."
    )


def test_the_right_hidden_layer_with_another_output_is_not_taken_for_it_either() -> None:
    assert element(W1, [0, 0, 0], [0, 0, 0], -2).mistake is None


def test_errors_are_told_by_the_kind_of_input() -> None:
    # The third unit looks for x3 = x4 + 1.  It misses x4 = x3 (504 lists), is a second 1 beside
    # another (2 · 8 · 7), and a false one where x4 is not in the list (8 · 7 · 6).
    result = element(W1, [0, 0, 2], [-2, -2, -2], 2)
    assert result.summary.startswith(
        "The output is wrong on 952 of 4536 inputs. It is wrong on 616 of the 1512 inputs whose x4 "
        "is among x1, x2, x3, where 1 is right. It is wrong on 336 of the 3024 inputs whose x4 is "
        "not among x1, x2, x3, where 0 is right."
    )


def test_an_output_that_is_always_one_is_told() -> None:
    result = element(W1, [0, 0, 0], [0, 0, 0], 0)
    assert "The output is wrong on 3024 of 4536 inputs. The output is 1 for every input." in (
        result.summary
    )


def test_wrong_on_one_side_only_is_told() -> None:
    same = course.known(*PERMUTATION[:2]).loaded.permutation_same_order()
    result = permutation([*same, (np.ones(1), 0, (1, 1))])  # one layer more: no known mistake
    assert result.mistake is None
    assert "It is right on every input whose halves are not permutations" in result.summary


def test_the_first_wrong_inputs_are_shown_with_what_the_units_hold() -> None:
    result = element(W1, [0, 0, 0], [-2, -2, -2], -2)
    assert result.summary.endswith(
        "b2 has the wrong sign. The output is wrong on 1512 of 4536 inputs."
    )
    first = result.visible[0]
    assert (first.observed, first.expected) == ("0", "1")
    assert first.call == "q1_element()  # x = (-4, -3, -2, -4)"
    assert first.message == (
        "For x = (-4, -3, -2, -4) it gives 0; expected 1. The hidden layer is (1, 0, 0); the "
        "output unit gets -4, and is 1 from -1 to 1."
    )
    assert (len(result.visible), result.cases_total, result.cases_right) == (3, 3, 0)


def test_both_kinds_of_errors_are_among_those_shown() -> None:
    shown = element(W1, [0, 0, 2], [-2, -2, -2], 2).visible
    assert {report.expected for report in shown} == {"0", "1"}


# ---- what is no network --------------------------------------------------------------------------

FOUR = "Expected W1 (3, 4), b1 (3,), W2 (3,) and b2, a tuple of four; found "


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, f"{FOUR}None."),
        ([W1, [0, 0, 0]], f"{FOUR}a list of length 2."),
        ("W1", f"{FOUR}a value of type str."),
        ({"W1": W1}, f"{FOUR}a value of type dict."),
        ((np.array(W1).T, [0] * 3, [1] * 3, 0), "W1 has shape (4, 3); expected (3, 4)."),
        ((W1, [0] * 4, [1] * 3, 0), "b1 has shape (4,); expected (3,)."),
        ((W1, 0, [1] * 3, 0), "b1 has shape () (a single number); expected (3,)."),
        ((W1, [0] * 3, np.ones((3, 3)), 0), "W2 has shape (3, 3); expected (3,)."),
        ((W1, [0] * 3, [1] * 3, [0, 0]), "b2 has shape (2,); expected (1,)."),
        ((W1, [0, 0, np.nan], [1] * 3, 0), "b1 holds NaN or infinity; expected numbers."),
        ((W1, [0] * 3, [1, 1, 1j], 0), "W2 holds NaN or infinity; expected numbers."),
        (
            (W1, [0] * 3, [1] * 3, None),
            "b2: The function returned None; is there a return statement on every path?",
        ),
    ],
)
def test_what_is_not_the_four_arrays_is_told(value: Any, says: str) -> None:
    result = course.graded(*ELEMENT, q1_element=lambda: value)
    assert (result.status, result.points, result.summary) == (Status.WRONG, 0, says)


BIAS = np.zeros(9)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (3, "Expected a list of layers (W, b, (lo, hi)); found a value of type int."),
        (None, "Expected a list of layers (W, b, (lo, hi)); found None."),
        ([], "No layer came back; expected a list of (W, b, (lo, hi))."),
        ([(COMPARE, BIAS)], "Layer 1: expected (W, b, (lo, hi)); found a list of length 2."),
        ([(COMPARE, BIAS, 3)], "Layer 1: expected (W, b, (lo, hi)); found a value of type int."),
        (
            [(COMPARE, BIAS, (1, 2, 3))],
            "Layer 1: expected (W, b, (lo, hi)); found a list of length 3.",
        ),
        (
            [(COMPARE.T, BIAS, (0, 0))],
            (
                "W of layer 1 has shape (6, 9); expected (units, 6): a row for each unit and a "
                "column for each of the 6 inputs."
            ),
        ),
        (
            [(COMPARE, BIAS, (0, 0)), (np.ones((1, 6)), 0, (1, 1))],
            (
                "W of layer 2 has shape (1, 6); expected (units, 9): a row for each unit and a "
                "column for each of the 9 units of layer 1."
            ),
        ),
        (
            [(COMPARE, BIAS, (0, 0))],
            "The last layer has to be a single unit: its 0 or 1 is the answer.",
        ),
        ([(COMPARE, [0], (0, 0))], "b of layer 1 has shape (1,); expected (9,)."),
        (
            [(COMPARE, BIAS, (np.nan, 0))],
            "(lo, hi) of layer 1 has NaN for a bound; expected two numbers, lo and hi.",
        ),
        (
            [(COMPARE, BIAS + INF, (0, 0))],
            "b of layer 1 holds NaN or infinity; expected numbers.",
        ),
        ([([1.0] * 6, 0, (0, 0))] * 101, "The network has 101 layers; at most 100 are looked at."),
        (
            [(np.zeros((60_000, 6)), np.zeros(60_000), (0, 0)), (np.zeros(60_000), 0, (0, 0))],
            (
                "The network takes 2.6e+09 steps for all inputs together; at most 1e+08 are made. "
                "Far smaller ones do it."
            ),
        ),
    ],
)
def test_what_is_no_list_of_layers_is_told(value: Any, says: str) -> None:
    result = permutation(value)
    assert (result.status, result.points, result.summary) == (Status.WRONG, 0, says)


@pytest.mark.parametrize(
    "bounds",
    [
        (np.zeros(9), 0),
        (0, np.zeros(9)),
        (np.zeros((9, 1)), [0] * 9),
        [np.zeros(9), np.float64(0)],
        np.zeros((2, 9)),
    ],
)
def test_bounds_may_be_a_number_or_one_for_each_unit(bounds: Any) -> None:
    layers = [(COMPARE, BIAS, bounds), (np.ones((1, 9)), 0, (3, 3))]
    assert permutation(layers).status is Status.CORRECT


@pytest.mark.parametrize("bounds", [0, np.float64(0), np.array(0.0), (np.zeros(9),), None, "ab"])
def test_bounds_that_are_no_pair_are_told(bounds: Any) -> None:
    layers = [(COMPARE, BIAS, bounds), (np.ones((1, 9)), 0, (3, 3))]
    assert permutation(layers).status is Status.WRONG


@pytest.mark.parametrize("tiny", [5e-324, 1e-300])
@pytest.mark.parametrize("bounds", [(-INF, 0), (0, INF), (-INF, INF), (INF, INF)])
def test_the_smallest_weights_with_infinite_bounds_get_a_verdict(tiny: float, bounds: Any) -> None:
    layers = [(COMPARE * tiny, BIAS, bounds), (np.ones((1, 9)), 0, (3, 3))]
    assert permutation(layers).status is Status.WRONG


def test_weights_so_large_that_sums_overflow_are_judged_exactly() -> None:
    assert element(np.array(W1) * 8e307, [0] * 3, [-2] * 3, 2).status is Status.CORRECT
    assert element(np.array(W1) * 8e307, [0] * 3, [-8e307] * 3, 0).status is Status.WRONG


def test_a_call_that_gave_nothing_is_told() -> None:
    asked, known = course.asked(*ELEMENT[:2])["q1-element"], course.known(*ELEMENT[:2])
    failure = Failure("AttributeError", "solution.py has no q1_element")
    seen = [Observation(Outcome.MISSING, failure=failure)]
    result = judge(asked, known, course.planned(*ELEMENT), seen)
    assert (result.status, result.summary) == (Status.MISSING, "solution.py has no q1_element.")


# ---- faults of the course ------------------------------------------------------------------------

SMALL = {
    "function": "net",
    "form": "layers",
    "domain": {"low": 0, "high": 1, "size": 2},
    "target": "both",
    "where_one": "of ones",
    "where_zero": "with a zero",
}
AND = [([1, 1], 0, (2, 2))]


def both(rows: Any) -> Any:
    return rows.all(axis=1)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"both": both, "net": lambda: [([1, 1], 0, (1, 1))]}, "the network of the reference is w"),
        ({"both": both, "net": lambda: None}, "p1: Expected a list of layers"),
        ({"both": lambda rows: rows[:, 0] >= 0}, "both does not tell two kinds of inputs apart"),
    ],
)
def test_a_reference_that_cannot_be_right_is_a_fault_of_the_course(
    names: dict[str, Any], says: str
) -> None:
    with pytest.raises(CourseError, match=says):
        plan(part("hard_coded_network", **SMALL), reference(**names))


def test_a_mistake_that_is_right_is_a_fault_of_the_course() -> None:
    mistake = {"name": "and", "function": "wrong", "says": "It is not wrong at all."}
    with pytest.raises(CourseError, match="the mistake 'and' is a right network"):
        plan(
            part("hard_coded_network", **SMALL, mistakes=[mistake]),
            reference(both=both, wrong=lambda: AND),
        )


@pytest.mark.parametrize(
    ("domain", "says"),
    [
        ({"low": 1, "high": 0, "size": 2}, "expected low <= high, found 1 and 0"),
        ({"low": 0, "high": 9, "size": 9}, "expected at most 200000 lists"),
        ({"low": 0, "high": 1, "size": 2, "distinct": [[1, 3]]}, "distinct names entries from 1"),
    ],
)
def test_a_domain_that_cannot_be_listed_is_refused(domain: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        part("hard_coded_network", **{**SMALL, "domain": domain})
