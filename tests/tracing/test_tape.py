"""Numbers that record what is done with them, and what NumPy does with them."""

from __future__ import annotations

import copy
import gc
import math
import sys
from collections.abc import Callable
from functools import reduce
from math import exp
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import zeros

from grader.probes import tracing as probe
from grader.tracing import codes
from grader.tracing.record import read
from grader.tracing.replay import in_floats
from grader.tracing.scalars import CannotTraceError
from grader.tracing.tape import Tape

from .runs import costs, flat, raw, run, vector
from .test_counting import STEPS, Step, program

Function = Callable[..., Any]


def filled_zeros(v: Any, y: Any) -> Any:
    matrix = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            matrix[i, j] = v[i] * y[j]
    return matrix


def accumulated(v: Any, y: Any) -> Any:
    total = np.zeros(3)
    total += v
    total[1:] -= y[:2]
    total *= 2
    total /= y
    total **= 2
    return total


def filled_empty(v: Any, y: Any) -> Any:
    made, like = np.empty(3), np.empty_like(v)
    for i in range(3):
        made[i] = v[i] + y[i]
    like[:] = made * v
    return like


def blocks(v: Any, y: Any) -> Any:
    left = np.vstack([v, y])
    right = np.stack([y, v], axis=1)
    return np.concatenate([left @ right, np.eye(2), np.ones((1, 2)) * v[0]])


def softmax(v: Any, y: Any) -> Any:
    e = np.exp(v - np.max(v))
    return e / e.sum() + y


def by_math(v: Any, y: Any) -> Any:
    return [
        math.sqrt(a * a + 1)
        + math.log(b * b + 2)
        + math.log(b * b + 2, 3)
        + math.pow(a, 2)
        + math.pow(2.5, b)
        + math.hypot(a, b)
        + math.atan2(a, b)
        + math.fabs(a)
        + math.tanh(a)
        + math.asinh(b)
        + exp(a)
        + math.exp(1.5)
        + math.floor(a * 10)
        + math.ceil(a)
        for a, b in zip(v, y, strict=True)
    ]


def by_numpy(v: Any, y: Any) -> Any:
    bounded = np.maximum(v, 0) + np.minimum(v, y) + np.clip(v, -1, None) + np.clip(y, None, 1)
    smooth = np.tanh(v) + np.square(v) + np.sqrt(v * v) + np.cbrt(v) + np.log1p(v * v)
    other = np.abs(v) + np.sign(v) + np.hypot(v, y) + np.arctan2(v, y) + np.round(v, 1)
    return bounded + smooth + other + np.exp(np.array([0.0, 1.0, 2.0]))


def statistics(v: Any, y: Any) -> Any:
    matrix = np.outer(v, y)
    return [
        np.mean(v) + v.mean() + np.var(v) + np.std(y) + np.prod(v) + v.sum() + np.trace(matrix),
        np.linalg.norm(v) + np.linalg.norm(matrix) + np.linalg.norm(v, 1) + np.sum(matrix),
        math.fsum(v) + math.prod(y) + math.fsum([1.5, 2.5]) + sum(v) + np.average(v, weights=y),
    ]


def products(v: Any, y: Any) -> Any:
    return np.inner(v, y) + np.vdot(v, y) + np.dot(v, y) + v.dot(y) + np.matmul(v, y)


def contractions(v: Any, y: Any) -> Any:
    matrix = np.einsum("i,j->ij", v, y)
    first = np.tensordot(matrix, v, 1) + np.linalg.multi_dot([v[:, None], y[None], v])
    second = np.einsum("i,j,j->i", v, y, v, optimize=True) + np.einsum(v, [0], y, [0], [0])
    return first + second + np.kron(v, y).reshape(3, 3).T @ y


def shapes(v: Any, y: Any) -> Any:
    grid = v[:, None] * y[None, :] + 1
    return (np.triu(grid)[::-1, 1:] * np.flip(v)[:, None]).T.reshape(-1)[1:5]


def cumulative(v: Any, y: Any) -> Any:
    return np.cumsum(v) + np.cumprod(y) + np.convolve(v, y)[:3] + np.cross(v, y) + np.roll(v, 1)


def plain_python(v: Any, y: Any) -> Any:
    rows = [[a * b for b in y.tolist()] for a in list(v)]
    return [reduce(lambda a, b: a + b, row) + max(row) - min(row) + abs(row[0]) for row in rows]


def powers(v: Any, y: Any) -> Any:
    return v**2 + v**-1 + v**0 + v**3 + np.abs(v) ** 0.5 + 2.0**v + np.power(y, 2)


def constants(v: Any, y: Any) -> Any:
    scaled = np.float64(2) * v[0] + v[1] * np.float32(3) + np.int64(2) * v[2]
    listed = np.array([[v[0], 1.0], [y[0], 2]], dtype=float)
    return listed * scaled + np.asarray(y, dtype=np.float64)[0] + np.array([1, 2])


def branches(v: Any, y: Any) -> Any:
    chosen = [a if a > 0 else 0.0 for a in v]
    return np.where(v > 0, v, y) + chosen + (np.sort(v) if np.any(v > 100) else v[np.argmax(v)])


def comparisons(v: Any, y: Any) -> Any:
    a, b = v[0], y[0]
    signs = [a < b, a <= b, a == b, a != b, a >= b, bool(a), bool(np.isnan(a)), math.isnan(b)]
    return a * sum(signs)


def imported_by_name(v: Any, y: Any) -> Any:
    made = zeros(3)
    made[:] = [exp(a) for a in v]
    return made * y


def into_an_array(v: Any, y: Any) -> Any:
    made = np.zeros(3)
    np.multiply(v, y, out=made)
    return made


def whole_powers_and_quotients(v: Any, y: Any) -> Any:
    return 1 / v + v / 2 + v / y - np.reciprocal(y) + 3 - (-v)


ORDINARY: list[Function] = [
    filled_zeros,
    accumulated,
    filled_empty,
    blocks,
    softmax,
    by_math,
    by_numpy,
    statistics,
    products,
    contractions,
    shapes,
    cumulative,
    plain_python,
    powers,
    constants,
    branches,
    comparisons,
    imported_by_name,
    into_an_array,
    whole_powers_and_quotients,
]


@pytest.fixture
def solution(monkeypatch: pytest.MonkeyPatch) -> Callable[[Function], ModuleType]:
    """Return this file as if it were a student's, with a function to be called."""

    def made(function: Function) -> ModuleType:
        here = sys.modules[__name__]
        monkeypatch.setattr(here, "target", function, raising=False)
        return here

    return made


@pytest.mark.parametrize("function", ORDINARY, ids=lambda function: function.__name__)
def test_ordinary_numpy_and_python_is_recorded_as_it_computes(
    function: Function, solution: Callable[[Function], ModuleType]
) -> None:
    v, y = np.array([0.7, -1.3, 2.1]), np.array([1.1, 0.4, -0.6])
    record = read(probe.record(solution(function), "target", [v, y]), 6)
    other_v, other_y = v * 1.01, y * 0.99
    found, same = in_floats(record, flat(other_v, other_y))
    expected = np.asarray(function(other_v, other_y), dtype=float)
    assert same
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_numpy_and_math_are_as_before_afterwards(
    solution: Callable[[Function], ModuleType],
) -> None:
    originals = [np.zeros, np.exp, np.array, math.exp, zeros, exp, np.clip, math.fsum]
    probe.record(solution(by_numpy), "target", [vector(3), vector(3, 1)])
    with pytest.raises(ZeroDivisionError):
        probe.record(solution(lambda: 1 / 0), "target", [])
    assert [np.zeros, np.exp, np.array, math.exp, zeros, exp, np.clip, math.fsum] == originals


def test_replaced_functions_keep_what_else_they_are() -> None:
    def reduced(v: Any) -> Any:
        return np.maximum.reduce(v) + np.add.reduce(v) + np.zeros(3, dtype=int)[0] + np.exp.nin

    assert costs(reduced, vector(3)).comparisons == 2


def test_arrays_of_whole_numbers_stay_what_they_are() -> None:
    def indexed(v: Any) -> Any:
        places = np.zeros(2, dtype=int)
        places[1] = 2
        return v[places] + v[np.array([0, 1])] + v[np.arange(2)]

    assert run(indexed, vector(3)).outputs.shape == (2,)


@given(STEPS)
def test_a_replay_gives_what_the_program_computes(steps: list[Step]) -> None:
    compute = program(steps)
    other = vector(5, 9)
    with np.errstate(all="ignore"):
        expected = np.asarray(compute(other), dtype=float)
    found, same = in_floats(run(compute, vector(5)), flat(other))
    assert same
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-300)


def test_an_array_is_told_that_a_number_does_not_know_it() -> None:
    tape = Tape()
    number = tape.number(2.0, 0)
    for method in ("__add__", "__mul__", "__sub__", "__truediv__", "__pow__", "__lt__", "__eq__"):
        assert getattr(number, method)(np.ones(2)) is NotImplemented
        assert getattr(number, method)([1.0]) is NotImplemented


def test_every_value_is_released_once_or_lives_until_the_end() -> None:
    record = run(lambda v, y: np.outer(v, y) @ y, vector(4), vector(4, 1))
    kept = set(record.outputs.tolist()) | set(range(8))
    never = set(np.flatnonzero(record.released_at == len(record.codes)).tolist())
    assert never == kept


def test_variables_are_released_after_the_end() -> None:
    def scaled(v: Any) -> Any:
        number = v @ v
        return v * number

    record = run(scaled, vector(3))
    (end,) = np.flatnonzero(record.codes == codes.END)
    number = record.results[record.codes == codes.ADD][-1]
    assert record.released_at[number] > end


def test_a_cast_of_any_kind_is_named() -> None:
    casts: list[Function] = [
        lambda v: float(v[0]),
        lambda v: int(v[0]),
        lambda v: complex(v[0]),
        lambda v: v.astype(float),
        lambda v: round(v[0]),
        lambda v: math.erf(v[0]),
        lambda v: [0, 1, 2][v[0]],
    ]
    for cast in casts:
        with pytest.raises(CannotTraceError, match=r"^cast$"):
            raw(cast, vector(3))


def test_a_cast_is_named_even_if_the_code_recovers_from_it() -> None:
    def recovers(v: Any) -> Any:
        try:
            return float(v[0]) * v
        except TypeError:
            return v[0] * v

    def fails_later(v: Any) -> Any:
        try:
            return v.astype(float)
        except TypeError:
            return v["later"]

    for function in (recovers, fails_later):
        with pytest.raises(CannotTraceError, match=r"^cast$"):
            raw(function, vector(3))


def single(v: Any, y: Any) -> Any:
    """Use a number as the float of NumPy that `v @ y` is."""
    number = v @ y
    assert number.shape == () == number.strides
    assert (number.ndim, number.size, number.imag) == (0, 1, 0)
    assert isinstance(number, float)
    assert isinstance(number, np.floating)
    assert np.isscalar(number)
    assert (np.shape(number), np.ndim(number), np.size(number)) == ((), 0, 1)
    same = [number.item(), number.T, number.real, number.copy(), number.tolist(), number.sum()]
    same += [number.mean(), number.prod(), number.squeeze(), number.conj(), np.sum(number)]
    same += [np.mean(number), np.real(number), np.squeeze(number), np.copy(number)[()]]
    same += [*number.ravel(), *number.flatten(), *number.reshape(1, 1)[0], *np.reshape(number, 1)]
    return v * sum(same)


def checked(v: Any, y: Any) -> Any:
    assert np.all(np.isfinite(v))
    assert not np.any(np.isinf(v))
    assert list(~np.isnan(v)) == [True] * 3
    assert np.allclose(v, v + 1e-12)
    assert list(np.isclose(v, [0.7, 5, 5])) == [True, False, False]
    assert math.isfinite(v[0])
    assert not math.isinf(v[0])
    assert math.isclose(v[0], v[0])
    assert not math.isclose(v[0], y[0])
    return v * y


def made_otherwise(v: Any, y: Any) -> Any:
    made = np.ndarray(v.shape)
    assert isinstance(made, np.ndarray)
    assert type(v) == np.ndarray  # noqa: E721  (as students write it)
    assert issubclass(type(v), np.ndarray)
    made[:] = v * y
    return made + np.fromiter((a * 2 for a in v), float) + np.fromiter(iter(y), float, 3)


def reduced(v: Any, y: Any) -> Any:
    chosen = np.array([True, False, True])
    return [
        np.sum(v * y, dtype=float),
        np.sum(v * y, 0, np.float64),
        np.sum(v, where=chosen),
        np.prod(v, dtype=float, where=chosen),
        np.mean(y, dtype=float),
        *np.cumsum(v, dtype=float),
        *np.cumprod(y),
    ]


def printed(v: Any, y: Any) -> Any:
    number = v @ y
    assert "%.2f" % number == f"{number:.2f}"  # noqa: UP031  (as students write it)
    assert "%d" % y[0] == "1"  # noqa: UP031
    text = "%g"
    text %= v[0]
    assert text == "0.7"
    return v * number


ATTRIBUTES: list[Function] = [single, checked, made_otherwise, reduced, printed]


@pytest.mark.parametrize("function", ATTRIBUTES, ids=lambda function: function.__name__)
def test_a_recorded_number_can_be_used_as_a_float_of_numpy(function: Function) -> None:
    v, y = np.array([0.7, -1.3, 2.1]), np.array([1.1, 0.4, -0.6])
    plain = np.asarray(function(v, y))
    record = read(raw(function, v, y), 6)
    found, same = in_floats(record, flat(v, y))
    assert same
    np.testing.assert_allclose(found, plain, rtol=1e-12)


def test_what_only_moves_a_number_costs_nothing() -> None:
    found = costs(single, vector(3), vector(3, 1))
    assert (found.multiplications, found.calls, found.comparisons) == (6, 0, 0)


def test_messages_of_python_and_numpy_call_a_recorded_number_a_float() -> None:
    with pytest.raises(TypeError, match="'float' and 'str'"):
        raw(lambda v: v[0] + "text", vector(2))
    with pytest.raises(TypeError, match="unary ~: 'float'"):
        raw(np.invert, vector(2))


def test_numpy_is_as_it_was_afterwards() -> None:
    before = dict(vars(np)), dict(vars(math))
    raw(made_otherwise, vector(3), vector(3, 1))
    assert (vars(np), vars(math)) == before


@pytest.mark.parametrize("result", [None, "text", [[1.0], [1.0, 2.0]], {"a": 1}, [None], 1j])
def test_what_is_no_array_of_numbers_is_named(result: Any) -> None:
    with pytest.raises(CannotTraceError, match=r"^returned$"):
        raw(lambda v: result, vector(3))  # noqa: ARG005


def test_a_number_of_another_run_is_no_result() -> None:
    kept: list[Any] = []

    def keeps(v: Any) -> Any:
        kept.append(v[0] * v[1])
        return kept[0]

    raw(keeps, vector(3))
    with pytest.raises(CannotTraceError, match=r"^returned$"):
        raw(keeps, vector(3))


def test_a_run_that_is_too_long_is_broken_off() -> None:
    with pytest.raises(CannotTraceError, match=r"^length$"):
        Tape(20).run(lambda v: np.outer(v, v), [vector(4)])
    with pytest.raises(CannotTraceError, match=r"^length$"):
        Tape(20).run(lambda v: [a > 0 for a in v for _ in range(9)], [vector(4)])


def test_a_whole_number_beyond_doubles_is_named() -> None:
    with pytest.raises(CannotTraceError, match=r"^constant$"):
        raw(lambda v: v * 2**60, vector(3))


def test_nan_is_one_constant_and_infinity_another() -> None:
    found = raw(lambda v: [v[0] + math.nan, v[0] * math.nan, v[0] * math.inf], vector(1))
    np.testing.assert_array_equal(found["constants"], [math.nan, math.inf])


def test_sizes_are_passed_on_as_they_are() -> None:
    record = run(lambda v, n: v[:n] * n, vector(4), 2)
    assert (record.inputs, record.outputs.shape) == (4, (2,))


def test_a_float_becomes_an_input() -> None:
    record = run(lambda a, v: a * v, 2.5, vector(2))
    assert (record.inputs, record.left.tolist()[:1]) == (3, [0])


def test_division_by_zero_is_infinite_as_in_numpy() -> None:
    record = run(lambda v: 1.0 / (v - v) + v / (v - v), vector(2))
    assert record.codes.tolist().count(codes.DIV) == 4


def test_numbers_can_be_printed_and_copied() -> None:
    def printed(v: Any) -> Any:
        texts = [str(v[0]), f"{v[0]:.2f}", repr(v[1])]
        assert texts == ["0.5", "0.50", "-1.5"]
        return copy.deepcopy(v) * copy.copy(v[0]) * v.copy()

    assert costs(printed, np.array([0.5, -1.5])).multiplications == 4


def test_the_record_is_a_few_bytes_an_event() -> None:
    found = raw(lambda v, y: np.outer(v, v) @ y, vector(60), vector(60, 1))
    size = sum(field.nbytes for field in found.values() if isinstance(field, np.ndarray))
    assert size <= 10 * len(found["codes"])


def test_the_line_of_every_event_can_be_noted() -> None:
    here = sys.modules[__name__]
    found = probe.record(here, "filled_empty", [vector(3), vector(3, 1)], lines=True)
    first = filled_empty.__code__.co_firstlineno
    operations = np.isin(found["codes"], (codes.ADD, codes.MUL))
    assert found["lines"][operations].tolist() == [first + 3] * 3 + [first + 4] * 3
    assert len(found["lines"]) == len(found["codes"])


def test_the_garbage_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    raw(lambda v: v * 2, vector(2))
    assert gc.isenabled()


def test_a_patched_class_does_not_reach_the_next_run() -> None:
    def patches(v: Any) -> Any:
        type(v[0]).__mul__ = lambda self, _: self
        return v * v

    assert costs(patches, vector(3)).multiplications == 0
    assert costs(lambda v: v * v, vector(3)).multiplications == 3


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))
def test_a_matrix_product_of_any_shape_takes_abc(a: int, b: int, c: int) -> None:
    found = costs(lambda x, y: x @ y, vector(a * b).reshape(a, b), vector(b * c, 1).reshape(b, c))
    assert (found.multiplications, found.additions) == (a * b * c, a * (b - 1) * c)
