from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import values
from grader.release import codec
from grader.release.codec import CodecError, decoded, encoded


@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    share: Fraction = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Other:
    number: int


@dataclass(frozen=True, slots=True)
class Outer:
    array: np.ndarray
    any_of: Inner | Other
    maybe: Inner | None = None
    pairs: tuple[tuple[str, float], ...] = ()
    by_name: Mapping[str, list[np.ndarray]] = field(default_factory=dict)
    loose: Any = None
    operand: int | float = 0
    mode: Literal["near", "far"] = "near"


def there_and_back(value: Any, kind: Any) -> Any:
    return decoded(json.loads(json.dumps(encoded(value, kind), allow_nan=False)), kind)


def same(left: Any, right: Any) -> bool:
    if isinstance(left, np.ndarray):
        return (
            isinstance(right, np.ndarray)
            and left.dtype == right.dtype
            and left.shape == right.shape
            and left.tobytes() == right.tobytes()
        )
    if isinstance(left, float):
        return type(right) is float and (left == right or (math.isnan(left) and math.isnan(right)))
    if isinstance(left, (list, tuple)):
        pairs = zip(left, right, strict=True)
        return type(left) is type(right) and all(same(one, other) for one, other in pairs)
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    return type(left) is type(right) and bool(left == right)


DTYPES = st.sampled_from(sorted(values.DTYPES)).map(np.dtype)
SHAPES = st.lists(st.integers(0, 3), max_size=3).map(tuple)


@st.composite
def some_arrays(draw: st.DrawFn) -> np.ndarray:
    dtype, shape = draw(DTYPES), draw(SHAPES)
    size = math.prod(shape)
    if dtype.kind == "c":
        numbers: Any = draw(st.lists(st.complex_numbers(width=64), min_size=size, max_size=size))
    elif dtype.kind == "f":
        width: Any = 8 * dtype.itemsize
        numbers = draw(st.lists(st.floats(width=width), min_size=size, max_size=size))
    elif dtype.kind == "b":
        numbers = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    else:
        least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
        numbers = draw(st.lists(st.integers(least, most), min_size=size, max_size=size))
    return np.array(numbers, dtype).reshape(shape)


def without_payload(array: np.ndarray) -> np.ndarray:
    """Return an array whose NaNs are all the same: which of them it was is not written down."""
    if array.dtype.kind not in "fc":
        return array
    made = array.copy()
    parts = (
        made.view(made.real.dtype)
        if made.size and made.ndim
        else made.reshape(-1).view(made.real.dtype)
    )
    parts[np.isnan(parts)] = np.nan
    return made


@given(some_arrays())
def test_every_array_comes_back_as_it_was(array: np.ndarray) -> None:
    wanted = without_payload(array)
    assert same(without_payload(there_and_back(wanted, np.ndarray)), wanted)
    assert same(without_payload(there_and_back(wanted, Any)), wanted)


LOOSE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text()
    | st.complex_numbers(allow_nan=False) | st.fractions(max_denominator=99),
    lambda inner: st.lists(inner, max_size=3)
    | st.lists(inner, max_size=3).map(tuple)
    | st.dictionaries(st.text().filter(lambda name: not name.startswith("$")), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


@given(LOOSE)
def test_any_value_comes_back_as_it_was(value: Any) -> None:
    assert same(there_and_back(value, Any), value)


def test_a_record_comes_back_as_it_was() -> None:
    outer = Outer(
        np.array([1.5, np.nan]),
        Other(3),
        Inner("x", Fraction(5, 9)),
        (("a", math.inf), ("b", 2.0)),
        {"n": [np.zeros((0, 2)), np.arange(3)]},
        {"x": [np.float32(1.5) * np.ones(2, np.float32), (1, 2)]},
        2.0,
        "far",
    )
    back = there_and_back(outer, Outer)
    assert type(back) is Outer
    for name in Outer.__slots__:
        assert same(getattr(back, name), getattr(outer, name)), name


def test_what_is_at_its_default_is_left_out() -> None:
    assert encoded(Outer(np.array([1.0]), Inner("x")), Outer) == {
        "array": [1.0],
        "any_of": {"record": "Inner", "name": "x"},
    }


def test_a_whole_number_stays_one_beside_a_float() -> None:
    assert there_and_back((1, 2.0), tuple[int | float, ...]) == (1, 2.0)
    assert [type(n) for n in there_and_back((1, 2.0), tuple[int | float, ...])] == [int, float]


def test_a_float_is_written_with_all_its_digits() -> None:
    assert json.dumps(encoded(np.array([0.1, 1 / 3]), np.ndarray)) == "[0.1, 0.3333333333333333]"


BESIDE = "the data: a shape stands beside empty arrays only"
PAIRS = "the data: expected pairs of real and imaginary parts"
TOO_LARGE = "the data: a number that is too large"


@pytest.mark.parametrize(
    ("data", "kind", "says"),
    [
        ({"name": "x", "more": 1}, Inner, "more: Inner has no such field"),
        ({}, Inner, "the data: name is missing"),
        ({"name": 3}, Inner, "name: expected text, found int"),
        ([], Inner, "the data: expected an object, found list"),
        ({"name": "x", "share": "1/0"}, Inner, "share: expected a fraction such as 5/9"),
        ({"name": "x", "share": "1e9999"}, Inner, "share: expected a fraction such as 5/9"),
        ([[1.0], [1.0, 2.0]], np.ndarray, "the data: rows of different lengths"),
        ([1.0, "x"], np.ndarray, "the data: expected a number, found str"),
        ({"dtype": "O", "array": [1]}, np.ndarray, "the data: there is no dtype 'O'"),
        ({"dtype": "int8", "array": [300]}, np.ndarray, f"{TOO_LARGE} for int8"),
        ({"dtype": "int64", "array": [1.5]}, np.ndarray, "the data: expected numbers of int64"),
        ({"array": [1.0], "shape": [0, 1]}, np.ndarray, BESIDE),
        ({"array": [], "shape": [10**9]}, np.ndarray, BESIDE),
        ({"dtype": "complex128", "array": [1.0]}, np.ndarray, PAIRS),
        (10**400, float, TOO_LARGE),
        ({"$pickle": "x"}, Any, "the data: there is no form $pickle"),
        ({"$tuple": [], "x": 1}, Any, "the data: $tuple stands alone"),
        ({"a": {"$array": 3, "b": 1}}, Any, "a: $array stands alone"),
        ([1, 2], tuple[int, int, int], "the data: expected 3 items, found 2"),
        ([1, True], tuple[int, ...], "[1]: expected a whole number, found bool"),
        ("middle", Literal["near", "far"], "the data: expected one of 'near', 'far'"),
        ({"record": "Third"}, Inner | Other, "the data: expected a record of Inner, Other"),
        ({"a": [1]}, dict[str, list[str]], "a[0]: expected text, found int"),
    ],
)  # fmt: skip
def test_data_of_another_type_is_refused(data: Any, kind: Any, says: str) -> None:
    with pytest.raises(CodecError) as error:
        decoded(data, kind)
    assert str(error.value) == says


def test_an_array_beyond_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "MAX_NUMBERS", 3)
    with pytest.raises(CodecError, match="more than 3 numbers"):
        decoded([1.0, 2.0, 3.0, 4.0], np.ndarray)


def test_an_array_nested_too_deep_is_refused() -> None:
    deep: Any = 1.0
    for _ in range(values.MAX_DEPTH + 1):
        deep = [deep]
    with pytest.raises(CodecError, match="an array with too many axes"):
        decoded(deep, np.ndarray)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (lambda: None, Any),
        ({"$x": 1}, Any),
        ({1: 2}, Any),
        (np.array([None]), np.ndarray),
        (Other(1), Inner),
        ("x", int | None),
        (1, set),
    ],
)
def test_what_cannot_be_written_is_refused(value: Any, kind: Any) -> None:
    with pytest.raises(TypeError):
        encoded(value, kind)
