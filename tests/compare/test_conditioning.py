"""How far an expected value moves when its inputs are rounded."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare.closeness import compare
from grader.compare.conditioning import conditioning


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_a_function_that_ignores_its_inputs_does_not_move() -> None:
    moves = conditioning(lambda x: np.ones(2) + 0 * x, {"x": np.ones(2)}, np.ones(2), rng())
    for precision in ("float64", "float32"):
        np.testing.assert_array_equal(moves[precision], [0, 0])


def test_lower_precision_moves_a_value_farther() -> None:
    moves = conditioning(lambda x: np.exp(x) + 0, {"x": np.array([10.0])}, np.exp([10.0]), rng())
    assert moves["float64"] < moves["float32"]


@given(st.floats(0.1, 100))
def test_the_movement_of_a_power_is_its_exponent_times_the_rounding(x: float) -> None:
    value = np.array(x) ** 8
    moves = conditioning(lambda x: np.asarray(x) ** 8, {"x": x}, value, rng())
    assert moves["float32"] == pytest.approx(8 * 8 * 2.0**-24 * value, rel=1e-3)


@given(st.integers(0, 10_000))
def test_a_quotient_moves_whatever_is_drawn(seed: int) -> None:
    def quotient(a: Any, b: Any) -> np.ndarray:
        return np.asarray(a / b)

    at = {"a": 3.0, "b": 7.0}
    moves = conditioning(quotient, at, quotient(**at), np.random.default_rng(seed))
    assert moves["float32"] > 0.05 * 8 * 2.0**-24 * 3 / 7


def test_integers_are_not_nudged() -> None:
    def at(n: int, k: np.ndarray) -> Any:
        return np.arange(10.0)[k] + n

    arguments: dict[str, Any] = {"n": 3, "k": np.array([1, 2])}
    moves = conditioning(at, arguments, at(**arguments), rng())
    np.testing.assert_array_equal(moves["float32"], [0, 0])


def test_a_step_to_where_there_is_no_value_says_nothing() -> None:
    def root(x: np.ndarray) -> Any:
        return np.sqrt(1 - np.asarray(x))

    moves = conditioning(root, {"x": np.array(1.0)}, np.array(0.0), rng())
    assert np.isfinite(moves["float32"])


def test_a_float32_student_with_a_right_formula_passes_where_it_cancels() -> None:
    def difference(x: np.ndarray) -> Any:
        return x[0] ** 2 - x[1] ** 2

    generator = rng()
    for _ in range(200):
        x = generator.normal(size=1).repeat(2) * [1, 1 + 1e-3]
        expected = np.asarray(difference(x))
        moves = conditioning(difference, {"x": x}, expected, generator)
        value = np.asarray(difference(x.astype(np.float32)))
        assert compare(value, expected, conditioning=moves).right


def test_a_float64_student_gains_nothing_that_shows() -> None:
    x = np.linspace(0.5, 2, 7)
    moves = conditioning(lambda x: x**2, {"x": x}, x**2, rng())
    assert not compare(x**2 + 1e-6, x**2, conditioning=moves).right


def _nothing(x: np.ndarray) -> Any:
    return (1000 + x) - 1000 - x  # zero, wherever x is


def test_a_float32_student_with_a_right_formula_passes_where_everything_cancels() -> None:
    x = np.linspace(0.1, 0.9, 7)
    value = np.asarray(_nothing(x.astype(np.float32)))
    assert value.dtype == np.float32
    for rounding in (True, False):
        moves = conditioning(_nothing, {"x": x}, np.zeros(7), rng(), rounding=rounding)
        assert compare(value, np.zeros(7), conditioning=moves).right is rounding


def test_the_rounding_of_single_precision_is_no_excuse_in_double() -> None:
    x = np.linspace(0.1, 0.9, 7)
    with_it, without = (
        conditioning(_nothing, {"x": x}, np.zeros(7), rng(), rounding=rounding)["float64"]
        for rounding in (True, False)
    )
    np.testing.assert_array_equal(with_it, without)


def test_a_function_that_refuses_single_precision_has_no_rounding() -> None:
    def double_only(x: np.ndarray) -> Any:
        if np.asarray(x).dtype != np.float64:
            raise TypeError("double precision, please")
        return 2 * x

    x = np.ones(3)
    with_it, without = (
        conditioning(double_only, {"x": x}, 2 * x, rng(), rounding=rounding)["float32"]
        for rounding in (True, False)
    )
    np.testing.assert_array_equal(with_it, without)


@pytest.mark.parametrize("size", [0.5, 40.0])
def test_what_single_precision_cannot_do_is_not_taken_for_rounding(size: float) -> None:
    def single_is_far_off(x: np.ndarray) -> Any:
        return x if x.dtype == np.float64 else x + 1e30

    x = np.array([size, 0.1])
    moves = conditioning(single_is_far_off, {"x": x}, x, rng(), rounding=True)
    np.testing.assert_allclose(moves["float32"], 8 * 1e-3 * max(1, size))


@pytest.mark.parametrize("others", [1, 2, 5])
def test_one_entry_that_is_far_off_gives_no_room_to_the_others(others: int) -> None:
    def first_is_off(x: np.ndarray) -> Any:
        return x if x.dtype == np.float64 else x + np.array([50] + others * [1e-7], np.float32)

    x = np.array([1e6] + others * [1.0])
    moves = conditioning(first_is_off, {"x": x}, x, rng(), rounding=True)
    assert moves["float32"][0] > 8 * 49
    assert np.all(moves["float32"][1:] < 2e-6)


def test_entries_that_the_formula_spares_share_what_the_middle_one_has() -> None:
    def first_is_spared(x: np.ndarray) -> Any:
        return x if x.dtype == np.float64 else x + np.array([0, 1, 2, 3], np.float32) * 2.0**-20

    x = np.ones(4)
    moves = conditioning(first_is_spared, {"x": x}, x, rng(), rounding=True)
    np.testing.assert_allclose(moves["float32"], 8 * 2.0**-20 * np.array([2, 2, 2, 3]), rtol=0.1)


def test_what_is_shared_is_little() -> None:
    def others_are_off(x: np.ndarray) -> Any:
        return x if x.dtype == np.float64 else x + np.array([0, 0.01, 0.01], np.float32)

    x = np.ones(3)
    moves = conditioning(others_are_off, {"x": x}, x, rng(), rounding=True)
    np.testing.assert_allclose(moves["float32"], [1e-4, 8e-3, 8e-3])


def _cancels(scale: float, x: np.ndarray) -> Any:
    return (scale + x) - scale - x


def test_an_entry_that_rounding_spares_at_the_input_is_seen_nearby() -> None:
    x = np.array([1.0, 0.1])  # with 1 nothing is rounded, and one who adds up elsewhere rounds
    assert _cancels(100, x.astype(np.float32))[0] == 0
    moves = conditioning(partial(_cancels, 100), {"x": x}, np.zeros(2), rng(), rounding=True)
    assert np.all(moves["float32"] > 8 * 1e-6)


@given(st.lists(st.floats(0.1, 0.99), min_size=1, max_size=20), st.floats(50, 500))
def test_what_cancels_in_another_order_passes_in_single_precision(
    values: list[float], scale: float
) -> None:
    x = np.array(values)
    single = x.astype(np.float32)
    other = np.asarray((np.float32(scale) - single) - (np.float32(scale) - single / 2) + single / 2)
    moves = conditioning(
        lambda x: _cancels(scale, x), {"x": x}, np.zeros(x.shape), rng(), rounding=True
    )
    assert compare(other, np.zeros(x.shape), conditioning=moves).right


def test_a_formula_is_looked_at_in_few_places_where_its_rounding_cannot_matter() -> None:
    places: dict[str, int] = {"plain": 0, "cancels": 0}

    def counted(name: str, x: np.ndarray) -> Any:
        places[name] += x.dtype == np.float32
        return 2 * x if name == "plain" else _cancels(100, x)

    x = np.array([0.3])
    conditioning(partial(counted, "plain"), {"x": x}, 2 * x, rng(), rounding=True)
    conditioning(partial(counted, "cancels"), {"x": x}, 0 * x, rng(), rounding=True)
    assert places == {"plain": 2, "cancels": 9}


def test_what_rounds_at_its_inputs_keeps_that_though_it_fails_nearby() -> None:
    x = np.array([0.3])

    def only_here(x: np.ndarray) -> Any:
        if abs(x[0] - 0.3) > 1e-6:
            raise ValueError("there is no value there")
        return np.zeros(1) if x.dtype == np.float64 else np.full(1, 1e-5)

    moves = conditioning(only_here, {"x": x}, np.zeros(1), rng(), rounding=True)
    np.testing.assert_allclose(moves["float32"], 8e-5)


def _loss(score: np.ndarray, label: np.ndarray) -> Any:
    return np.where(label == 1, 1 - score, np.where(label == -1, np.maximum(0, score), 0))


@pytest.mark.parametrize("rounding", [True, False])
def test_a_label_is_not_rounded_away(rounding: bool) -> None:
    at = {"score": np.array([0.3, 0.4]), "label": np.array([1.0, -1.0])}
    moves = conditioning(_loss, at, _loss(**at), rng(), rounding=rounding)
    assert np.all(moves["float32"] < 1e-6)


def test_a_jump_that_single_precision_cannot_tell_is_no_fault() -> None:
    def step(x: np.ndarray) -> Any:
        return np.where(x > 0.3, 1.0, 0.0)

    # 0.3 itself is a little more in single precision: whoever rounds it is on the other side.
    x = np.array([0.3, 0.25])
    moves = conditioning(step, {"x": x}, step(x), rng())
    assert compare(step(x.astype(np.float32).astype(np.float64)).astype(np.float32), step(x),
                   conditioning=moves).right  # fmt: skip
    assert moves["float32"][1] == 0


def test_a_steep_slope_is_no_jump() -> None:
    x = np.array([1.0])
    moves = conditioning(lambda x: np.asarray(1e6 * (x - 1)), {"x": x}, np.zeros(1), rng())
    assert moves["float32"] == pytest.approx(8 * 1e6 * 2.0**-24)


def test_what_is_not_finite_in_single_precision_says_nothing() -> None:
    def overflowing(x: np.ndarray) -> Any:
        return x * np.exp(100 * x) / np.exp(100 * x)

    x = np.array([1.0, 0.5])
    moves = conditioning(overflowing, {"x": x}, x, rng(), rounding=True)
    assert np.all(moves["float32"] < 1e-4)


def test_asking_for_the_rounding_draws_nothing_more() -> None:
    with_it, without = rng(), rng()
    x = np.ones(2)
    conditioning(_nothing, {"x": x}, np.zeros(2), with_it, rounding=True)
    conditioning(_nothing, {"x": x}, np.zeros(2), without)
    assert with_it.random() == without.random()


def test_a_movement_that_no_number_holds_excuses_nothing() -> None:
    def huge_beside(x: np.ndarray) -> Any:
        return np.where(x == 0.1, 0.0, 1e308)

    moves = conditioning(huge_beside, {"x": np.array([0.1])}, np.zeros(1), rng())
    assert moves["float64"] == pytest.approx(1e308 * 2.0**-26)
    assert moves["float32"] == 0
    assert not compare([5e307], np.zeros(1), conditioning=moves, dtype="float32").right
