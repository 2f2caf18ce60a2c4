"""What may cross between the grader and student code, and in which form it arrives."""

from __future__ import annotations

import struct
import sys
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from itertools import count
from typing import Any

import msgspec
import numpy as np
import pytest
import sympy  # type: ignore[import-untyped]
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader import values
from grader.values import NotDataError, WireError, dump, load, plain, size_bytes

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | hnp.arrays(
        st.sampled_from(sorted(values.DTYPES)),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
DATA = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def through_the_wire(value: Any) -> Any:
    return arrived(b"".join(dump(value)))


def arrived(frame: bytes) -> Any:
    rest = memoryview(frame)

    def read_into(memory: memoryview) -> None:
        nonlocal rest
        if len(rest) < len(memory):
            raise EOFError
        memory[:] = rest[: len(memory)]
        rest = rest[len(memory) :]

    value = load(read_into)
    assert not rest
    return value


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same to the last bit, types included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(map(same, left.values(), right.values()))
    if isinstance(left, np.ndarray):
        return (left.dtype, left.shape) == (right.dtype, right.shape) and (
            left.tobytes() == right.tobytes()
        )
    return repr(left) == repr(right)  # NaN and -0.0 included


@given(DATA)
def test_what_is_sent_arrives(value: Any) -> None:
    assert same(through_the_wire(value), value)


@given(DATA)
def test_plain_data_stays_as_it_is(value: Any) -> None:
    assert same(plain(value), value)


@given(
    st.recursive(
        LEAVES | st.fractions() | st.integers().map(np.float64),
        lambda inner: (
            st.lists(inner, max_size=3).map(tuple)
            | st.dictionaries(st.integers(), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_making_plain_twice_changes_nothing_more(value: Any) -> None:
    once = plain(value)
    assert same(plain(once), once)


@given(st.binary(max_size=200))
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    frame = struct.pack("<I", len(noise)) + noise
    try:
        value = arrived(frame)
    except (WireError, EOFError, AssertionError):
        return
    assert same(through_the_wire(value), value)


def test_the_size_of_a_value_is_that_of_everything_in_it() -> None:
    many: list[Any] = [[] for _ in range(1000)]
    assert size_bytes(np.zeros(10**6)) >= 8 * 10**6
    assert size_bytes({"a": many}) >= 1000 * sys.getsizeof([])
    assert size_bytes(None) < 100


def test_a_returned_array_is_a_copy() -> None:
    mine = np.zeros(2)
    theirs = plain(mine)
    mine[0] = 1
    np.testing.assert_array_equal(theirs, [0, 0])


def test_an_array_in_fortran_order_arrives_in_the_right_order() -> None:
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(through_the_wire(array), array)


Pair = namedtuple("Pair", "a b")  # noqa: PYI024  (what students write)


@dataclass
class Held:
    held: Any


class Colour(StrEnum):
    RED = "red"


class Word(str, Enum):  # noqa: UP042  (what students write; its str() is "Word.SADDLE")
    SADDLE = "saddle"


class Vain(float):
    def __float__(self) -> float:
        return 3.0


class Size(IntEnum):
    BIG = 3


@pytest.mark.parametrize(
    ("returned", "data"),
    [
        ((1, 2.5), [1, 2.5]),
        (range(3), [0, 1, 2]),
        (Pair(1, (2,)), [1, [2]]),
        ({"a": 1}.keys(), ["a"]),
        ((x for x in "ab"), ["a", "b"]),
        ((1, (x for x in [(2, 3)])), [1, [[2, 3]]]),
        (iter([("a", 1)]), [["a", 1]]),
        (map(int, "12"), [1, 2]),
        (zip("ab", [1, 2], strict=True), [["a", 1], ["b", 2]]),
        (reversed([1, 2]), [2, 1]),
        (enumerate("a"), [[0, "a"]]),
        (Held((1, 2)), {"held": [1, 2]}),
        ([Held("a")], [{"held": "a"}]),
        (np.array([1, None], dtype=object), [1, None]),
        (np.array([1, "a"], dtype=object), [1, "a"]),
        (np.array([["a", [1]], ["b", [2]]], dtype=object), [["a", [1]], ["b", [2]]]),
        (np.array([Held("a"), Held(1)], dtype=object), [{"held": "a"}, {"held": 1}]),
        ({"a": (1,)}.values(), [[1]]),
        ({1: 2}, {"1": 2}),
        (OrderedDict(a=(1,)), {"a": [1]}),
        (Fraction(1, 4), 0.25),
        (2**70, float(2**70)),
        (Colour.RED, "red"),
        (Size.BIG, 3),
        (Word.SADDLE, "saddle"),
        (Vain(99), 99.0),
        (Decimal("0.375"), 0.375),
        (sympy.Rational(3, 8), 0.375),
        (sympy.Matrix([[1, 2], [3, sympy.Rational(1, 2)]]), [[1.0, 2.0], [3.0, 0.5]]),
        (np.array(["saddle", "maximum"]), ["saddle", "maximum"]),
        (np.array(["saddle", "maximum"], dtype=object), ["saddle", "maximum"]),
        (np.array([["a"], ["b"]]), [["a"], ["b"]]),
        ([np.str_("saddle")], ["saddle"]),
    ],
)
def test_what_only_looks_different_is_the_same_data(returned: Any, data: Any) -> None:
    assert same(plain(returned), data)


@pytest.mark.parametrize(
    ("returned", "dtype", "data"),
    [
        (np.float32(1.5), "float32", 1.5),
        (np.array([1, 2.5], dtype=object), "float64", [1, 2.5]),
        (np.array([np.float64(1), np.float64(2)], dtype=object), "float64", [1, 2]),
        (np.array([torch.tensor(1.0), torch.tensor(2.0)], dtype=object), "float32", [1, 2]),
        (np.array([Fraction(1, 2), 3], dtype=object), "float64", [0.5, 3]),
        (np.array([], dtype=object), "float64", []),
        (np.array([1, 2], dtype=">f8"), "float64", [1, 2]),
        (np.array([1, 2], dtype=np.longdouble), "float64", [1, 2]),
        (np.array([1, 2j], dtype=np.clongdouble), "complex128", [1, 2j]),
        (np.ma.MaskedArray([1.0, 2.0]), "float64", [1, 2]),
        (torch.tensor([1.0, 2.0], requires_grad=True), "float32", [1, 2]),
        (torch.tensor([1.0, 2.0], dtype=torch.bfloat16), "float32", [1, 2]),
        (torch.tensor([1 + 2j]).conj(), "complex64", [1 - 2j]),
        (torch.nn.Parameter(torch.ones(2, dtype=torch.float64)), "float64", [1, 1]),
        (torch.eye(2).to_sparse(), "float32", [[1, 0], [0, 1]]),
    ],
)
def test_every_kind_of_array_becomes_a_plain_one(returned: Any, dtype: str, data: Any) -> None:
    array = plain(returned)
    assert type(array) is np.ndarray
    assert array.dtype.name == dtype
    np.testing.assert_array_equal(array, data)


class AlwaysEqual(np.ndarray):
    def __array_ufunc__(self, *_: Any, **__: Any) -> bool:
        return True


def test_a_subclass_of_ndarray_keeps_its_numbers_and_loses_its_behaviour() -> None:
    array = plain(np.array([3.0]).view(AlwaysEqual))
    assert type(array) is np.ndarray
    assert array[0] == 3


def inside(levels: int) -> list[Any]:
    nested: list[Any] = []
    for _ in range(levels):
        nested = [nested]
    return nested


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ({1, 2}, "a value of type set is not data"),
        (print, "a value of type builtin_function_or_method is not data"),
        (Decimal, "a value of type type is not data"),
        (Decimal("sNaN"), "a value of type decimal.Decimal is not a number"),
        (
            count(),
            "a value of type itertools.count is not data",
        ),
        (
            (x for x in count()),
            "a value of type generator with more than 10000 items is not data; return a list",
        ),
        (
            map(str, count()),
            "a value of type map with more than 10000 items is not data; return a list",
        ),
        ([(x for x in [{1}])], "a value of type set is not data"),
        (Held(print), "a value of type builtin_function_or_method is not data"),
        (Held, "a value of type type is not data"),
        ({(1, 2): 3}, "a dict with a key of type tuple is not data; use str keys"),
        ({True: 3}, "a dict with a key of type bool is not data; use str keys"),
        (inside(40), "a value nested more than 32 levels deep is not data"),
        (10**400, "a whole number with more than 300 digits is not data"),
        (
            np.ma.MaskedArray([1.0, 2.0], mask=[True, False]),
            "a masked array with masked entries has no values to compare",
        ),
        (np.array([1, print], dtype=object), "a value of type builtin_function_or_method is not"),
        (np.array([b"a"]), "an array of dtype |S1 is not data"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), "an array of dtype datetime64[D] is not"),
    ],
)
def test_what_is_no_data_is_named_by_its_type(returned: Any, message: str) -> None:
    with pytest.raises(NotDataError) as caught:
        plain(returned)
    assert str(caught.value).startswith(message)


def test_a_list_that_contains_itself_is_no_data() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(NotDataError):
        plain(loop)


@pytest.mark.parametrize("value", [object(), np.array([object()]), np.float64(1.0)])
def test_only_data_can_be_sent(value: Any) -> None:
    with pytest.raises(NotDataError):
        dump(value)


def test_too_much_text_is_not_sent() -> None:
    with pytest.raises(WireError, match="bytes of plain data; at most 1048576 may cross"):
        dump("x" * (values.MAX_HEADER_BYTES + 1))


def test_too_large_arrays_are_not_sent() -> None:
    wide = np.broadcast_to(np.zeros(1), (values.MAX_ARRAY_BYTES // 8 + 1,))
    with pytest.raises(WireError, match="bytes of arrays; at most 67108864 may cross"):
        dump(np.array(wide))


def frame(value: Any) -> bytes:
    header = msgspec.msgpack.encode(value)
    return struct.pack("<I", len(header)) + header


def announced(dtype: str, shape: tuple[int, ...]) -> bytes:
    return frame(msgspec.msgpack.Ext(1, msgspec.msgpack.encode((dtype, shape))))


@pytest.mark.parametrize(
    "forged",
    [
        struct.pack("<I", values.MAX_HEADER_BYTES + 1),
        announced("<f8", (2**40,)),
        announced("<f8", (-1,)),
        announced("<f8", (1,) * 40),
        announced("|O", (1,)),
        announced("<M8[D]", (1,)),
        frame(msgspec.msgpack.Ext(7, b"")),
        frame(msgspec.msgpack.Ext(2, b"short")),
        frame(datetime(2026, 1, 1, tzinfo=UTC)),
        frame([{1: 2}]),
    ],
    ids=[
        "long header",
        "huge",
        "negative",
        "many axes",
        "objects",
        "dates",
        "code",
        "complex",
        "timestamp",
        "key",
    ],
)
def test_a_forged_frame_is_refused(forged: bytes) -> None:
    with pytest.raises(WireError):
        arrived(forged)


def test_a_frame_that_ends_early_is_the_readers_error() -> None:
    whole = b"".join(dump(np.arange(4.0)))
    with pytest.raises(EOFError):
        arrived(whole[:-1])


def test_a_type_is_named_with_its_module_unless_it_is_built_in() -> None:
    assert values.type_name(1) == "int"
    assert values.type_name(Fraction(1)) == "fractions.Fraction"


def test_an_object_array_of_arrays_becomes_a_list_of_them() -> None:
    ragged = np.empty(2, dtype=object)
    ragged[:] = [np.ones(2), np.ones(3)]
    first, second = plain(ragged)
    assert (first.shape, second.shape) == ((2,), (3,))


def test_an_object_array_that_contains_itself_is_no_data() -> None:
    array = np.array([None, 1], dtype=object)
    array[0] = array
    with pytest.raises(NotDataError, match="more than 32 levels deep"):
        plain(array)


def test_what_a_generator_raises_is_the_students_exception() -> None:
    with pytest.raises(ZeroDivisionError):
        plain(1 / x for x in (1, 0))
