"""The one rule of closeness."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.compare.closeness import DEFAULTS, Difference, bounds, compare
from grader.spec.models import Tolerance

FINITE = st.floats(-1e6, 1e6)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4)
ARRAYS = hnp.arrays(np.float64, SHAPES, elements=FINITE)


def message(value: Any, expected: Any, **options: Any) -> str:
    closeness = compare(value, np.asarray(expected, dtype=np.float64), **options)
    assert not closeness.right
    return closeness.message


@given(ARRAYS)
def test_an_array_is_close_to_itself(array: np.ndarray) -> None:
    assert compare(array, array).right


@given(ARRAYS, st.data())
def test_an_entry_that_is_not_finite_is_never_right(array: np.ndarray, data: st.DataObject) -> None:
    observed = array.copy()
    at = data.draw(st.integers(0, array.size - 1))
    odd = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    observed.reshape(-1)[at] = odd
    loose = Tolerance(rtol=0.9, atol=1e300)
    found = compare(observed, array, tolerance=loose)
    assert found.difference is Difference.NOT_FINITE
    assert found.worst == tuple(int(i) for i in np.unravel_index(at, array.shape))


@given(ARRAYS)
def test_an_expected_nan_equals_nothing(array: np.ndarray) -> None:
    expected = np.full(array.shape, np.nan)
    assert not compare(array, expected).right
    assert not compare(expected, expected).right


@pytest.mark.parametrize("observed", [0.0, 1e308, -np.inf, np.nan])
def test_an_expected_infinity_is_met_by_itself_alone(observed: float) -> None:
    assert compare(np.inf, np.array(np.inf)).right
    assert not compare(observed, np.array(np.inf)).right


@given(st.floats(-1e3, 1e3), st.sampled_from([0.5, 0.99, 1.01, 2.0, 50.0]), st.integers(1, 5000))
def test_the_verdict_on_an_entry_does_not_depend_on_how_many_there_are(
    value: float, share: float, size: int
) -> None:
    rtol, atol = DEFAULTS["float64"]
    right = np.full(size, value)
    many = right.copy()
    many[size // 2] += share * (atol + rtol * abs(value))
    assert compare(many, right).right == (share < 1)


@given(st.floats(0, 1), st.floats(-1e3, 1e3))
def test_whatever_is_nearer_than_a_right_answer_is_right_too(share: float, value: float) -> None:
    expected = np.array(value)
    rtol, atol = DEFAULTS["float64"]
    farthest = (atol + rtol * abs(value)) * 0.999
    assert compare(value + farthest, expected).right
    assert compare(value + share * farthest, expected).right


@given(ARRAYS, st.integers(-20, 20))
def test_scaling_both_by_a_power_of_two_changes_nothing_where_only_rtol_speaks(
    array: np.ndarray, power: int
) -> None:
    relative = Tolerance(rtol=1e-6, atol=0)
    observed = array * (1 + 1.2e-6 * np.cos(np.arange(array.size)).reshape(array.shape))
    assume(np.all((array == 0) | (np.abs(array) > 1e-200)))
    scaled = compare(observed * 2.0**power, array * 2.0**power, tolerance=relative)
    assert scaled.right == compare(observed, array, tolerance=relative).right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (1 + 1e-10, True),
        (1 + 1e-6, False),
        (np.float32(1) + np.zeros((), np.float32), True),
        (np.array(1 + 1e-6, dtype=np.float32), True),
        (np.array(1 + 1e-4, dtype=np.float32), False),
        (np.array(1, dtype=np.float16), True),
        (np.array(1 + 2e-3, dtype=np.float16), False),
    ],
)
def test_closeness_goes_by_the_precision_that_the_student_worked_in(
    value: Any, right: bool
) -> None:
    assert compare(value, np.array(1.0)).right is right


def test_one_entry_that_is_off_by_a_thousandth_is_found_among_many() -> None:
    expected = np.linspace(1, 2, 1000)
    observed = expected.copy()
    observed[617] *= 1.001
    assert compare(observed, expected).worst == (617,)


def test_conditioning_widens_what_is_allowed_by_itself_and_by_no_more() -> None:
    moves = {"float64": np.array([0.0, 0.5]), "float32": np.zeros(2)}
    expected = np.array([1.0, 1.0])
    assert compare([1.0, 1.5], expected, conditioning=moves).right
    assert not compare([1.0, 1.51], expected, conditioning=moves).right
    assert not compare([1.5, 1.0], expected, conditioning=moves).right


def test_conditioning_is_that_of_the_precision_in_question() -> None:
    moves = {"float64": np.array(0.0), "float32": np.array(0.5)}
    expected = np.array(1.0)
    assert compare(np.array(1.5, dtype=np.complex64), expected, conditioning=moves).right
    assert not compare(np.array(1.5, dtype=np.complex128), expected, conditioning=moves).right


def test_the_precision_can_be_said_where_the_value_no_longer_shows_it() -> None:
    assert not compare(1.000001, np.array(1.0)).right
    assert compare(1.000001, np.array(1.0), dtype="float32").right


@pytest.mark.parametrize(
    ("decimals", "value", "right"),
    [(4, 2.92285, True), (4, 2.92286, False), (2, 2.925, True), (0, 3.3, True), (0, 3.5, False)],
)
def test_decimals_allow_half_a_unit_of_the_last_one(
    decimals: int, value: float, right: bool
) -> None:
    expected = np.array(2.9228 if decimals == 4 else 2.92 if decimals == 2 else 2.9)
    assert compare(value, expected, tolerance=Tolerance(decimals=decimals)).right is right


def test_a_tolerance_that_is_half_given_takes_the_other_half_from_the_table() -> None:
    assert bounds(Tolerance(rtol=0.5), "float64") == (0.5, 1e-10)
    assert bounds(Tolerance(atol=0.5), "float32") == (1e-5, 0.5)
    assert bounds(None, "float32") == (1e-5, 1e-6)


def test_an_array_of_a_wrong_shape_is_kept_only_if_it_can_be_shown() -> None:
    small, large = compare(np.zeros((2, 3)), np.zeros(2)), compare(np.zeros(10**6), np.zeros(2))
    assert small.observed is not None
    assert large.observed is None
    assert large.message == "The result has shape (1000000,); expected (2,)."


def test_where_zero_is_expected_only_the_absolute_tolerance_speaks() -> None:
    assert compare([1e-11, 0], np.zeros(2)).right
    assert not compare([1e-9, 0], np.zeros(2)).right


def test_a_complex_number_is_right_if_its_imaginary_part_is_rounding() -> None:
    assert compare(np.array([1 + 1e-16j, 2]), np.array([1.0, 2.0])).right
    assert not compare(np.array([1 + 1e-3j, 2]), np.array([1.0, 2.0])).right


def test_a_nan_in_an_imaginary_part_is_not_right() -> None:
    assert not compare(complex(1, np.nan), np.array(1.0)).right


def test_empty_arrays_of_one_shape_are_equal() -> None:
    assert compare(np.zeros((0, 2)), np.zeros((0, 2))).right
    assert not compare([], np.zeros((0, 2))).right


@pytest.mark.parametrize("shape", [(3, 1), (1, 3)])
def test_a_column_is_a_vector_only_where_the_spec_says_so(shape: tuple[int, int]) -> None:
    expected = np.arange(3.0)
    observed = expected.reshape(shape)
    assert compare(observed, expected).difference is Difference.SHAPE
    accepted = compare(observed, expected, columns=True)
    assert accepted.right
    assert accepted.note == f"Shape {shape} was read as (3,)."


def test_a_vector_of_one_is_a_number_only_where_the_spec_says_so() -> None:
    says = "The result has shape (1,); expected () (a single number)."
    assert message([2.0], 2.0) == says
    accepted = compare([2.0], np.array(2.0), columns=True)
    assert accepted.right
    assert accepted.note == "Shape (1,) was read as () (a single number)."


@pytest.mark.parametrize(
    ("observed", "expected"),
    [((4,), (2, 2)), ((2, 2), (4,)), ((3, 2), (2, 3)), ((2, 3), (3,)), ((), (1,)), ((1, 1, 1), ())],
)
def test_no_other_shape_is_read_as_another(
    observed: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert not compare(np.ones(observed), np.ones(expected), columns=True).right


@pytest.mark.parametrize(
    ("value", "expected", "says"),
    [
        (3.0, 2.0, "The result is 3; expected 2."),
        (
            1 + 2e-9,
            1.0,
            "The result is 1.000000002; expected 1.",
        ),
        (
            [1.0, 2.5, 5.0],
            [1.0, 2.0, 3.0],
            "2 of 3 entries differ; the farthest off is entry [2]: 5 where 3 was expected.",
        ),
        (
            [[1.0, 0.0], [0.0, 1.0]],
            [[1.0, 0.0], [0.5, 1.0]],
            "1 of 4 entries differ; the farthest off is entry [1, 0]: 0 where 0.5 was expected.",
        ),
        (float("nan"), 2.0, "The result is nan; a finite number was expected."),
        (
            [1.0, float("inf"), float("nan")],
            [1.0, 2.0, 3.0],
            "2 of 3 entries are not finite numbers; the first is inf.",
        ),
        ([1.0, 2.0, 3.0], [1.0, 2.0], "The result has shape (3,); expected (2,)."),
        (None, [1.0], "The function returned None; is there a return statement on every path?"),
        (2j, 2.0, "The result is 0+2j; expected 2."),
    ],
)
def test_the_message_says_what_was_found_and_what_was_expected(
    value: Any, expected: Any, says: str
) -> None:
    assert message(value, expected) == says


def test_numbers_that_differ_late_are_written_with_all_their_digits() -> None:
    strict = Tolerance(rtol=0, atol=0)
    says = "The result is 1.0000000000000002; expected 1."
    assert message(1 + 2**-52, 1.0, tolerance=strict) == says


def test_the_wrong_entries_are_marked() -> None:
    closeness = compare([1.0, 5.0], np.array([1.0, 2.0]))
    assert closeness.wrong is not None
    np.testing.assert_array_equal(closeness.wrong, [False, True])
