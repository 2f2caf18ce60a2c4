"""Reading numbers from what came over the wire, and writing them out again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.compare.arrays import NotNumbersError, array_text, as_array, call_text, working_dtype


@pytest.mark.parametrize(
    "value",
    [
        [1, 2],
        [1.0, 2.0],
        [np.array(1.0), 2],
        np.array([1, 2], dtype=np.int8),
        np.array([1, 2], dtype=np.float16),
        np.array([1 + 0j, 2]),
        [1 + 0j, 2.0],
    ],
)
def test_numbers_in_any_form_are_float64(value: Any) -> None:
    array = as_array(value)
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, [1, 2])


def test_a_nested_list_of_arrays_is_one_array() -> None:
    value = [[np.array([1.0, 2.0])], [[3, np.array(4, dtype=np.float32)]]]
    np.testing.assert_array_equal(as_array(value), [[[1, 2]], [[3, 4]]])


@pytest.mark.parametrize("value", [1 + 2j, [complex(1, float("nan"))], np.array([1j])])
def test_an_imaginary_part_that_is_not_zero_is_kept(value: Any) -> None:
    assert as_array(value).dtype == np.complex128


NOT_RAGGED = "Among the numbers that came back there is {}."


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "The function returned None; is there a return statement on every path?"),
        ("two", "Text came back ('two'); numbers were expected."),
        (b"2", "A bytes came back; a number, a list or an array was expected."),
        ({"a": 1}, "A dict came back; a number, a list or an array was expected."),
        ([[1], [2, 3]], "The lists that came back have rows of different lengths; they form no"),
        ([1, [2]], "The lists that came back have rows of different lengths; they form no array."),
        ([1, None], NOT_RAGGED.format("None")),
        ([[1.0], ["x"]], NOT_RAGGED.format("text")),
        ([1, {"a": 2}], NOT_RAGGED.format("a dict")),
        ([b"1"], NOT_RAGGED.format("bytes")),
    ],
)
def test_what_holds_no_numbers_is_told(value: Any, message: str) -> None:
    with pytest.raises(NotNumbersError) as caught:
        as_array(value)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1.0, "float64"),
        ([1, 2], "float64"),
        (np.zeros(2, np.int64), "float64"),
        (np.zeros(2, np.float32), "float32"),
        (np.zeros(2, np.complex64), "float32"),
        (np.zeros(2, np.complex128), "float64"),
        ([1.0, np.zeros((), np.float32)], "float32"),
        ({"a": np.zeros(2), "b": [np.zeros(2, np.float32)]}, "float32"),
        (np.zeros(2, np.float16), "float32"),
        ([], "float64"),
    ],
)
def test_the_precision_is_the_lowest_that_stands_in_the_value(value: Any, dtype: str) -> None:
    assert working_dtype(value) == dtype


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (np.array(0.1), "0.1"),
        (np.array([1.0, -0.5]), "[1, -0.5]"),
        (np.array([[1 / 3], [2]]), "[[0.3333333333],\n [2]]"),
        (np.array([np.nan, np.inf]), "[nan, inf]"),
        (np.array(1 + 2j), "1+2j"),
        (np.zeros((0, 2)), "[]"),
    ],
)
def test_an_array_is_written_with_ten_digits(array: np.ndarray, text: str) -> None:
    assert array_text(array) == text


def test_a_long_array_is_shortened() -> None:
    assert array_text(np.arange(1000.0)) == "[0, 1, 2, ..., 997, 998, 999]"


def test_a_call_can_be_pasted_with_every_digit() -> None:
    x = np.array([1 / 3, 2.0])
    line = call_text("f", {"x": x, "n": 3, "s": np.array(0.1)})
    assert line == "f(np.array([0.3333333333333333, 2.0]), 3, 0.1)"
