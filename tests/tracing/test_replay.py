"""Replays: exact modulo a prime, in doubles, and only on the same branches."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.tracing import replay
from grader.tracing.field import PRIME, NotInFieldError, Residue, inverse, power, residue

from .runs import flat, run, vector
from .test_counting import forward, forward_of_three, reverse, reverse_of_three

NUMBERS = st.integers(0, PRIME - 1)


def rational(v: Any, y: Any) -> Any:
    return (v * v + 0.5) / y - 3 * v**-2 + (-y) ** 3


@pytest.mark.parametrize("function", [forward, reverse, rational])
def test_a_replay_modulo_the_prime_is_what_the_function_gives_there(function: Any) -> None:
    record = run(function, vector(4), vector(4, 1))
    assert replay.is_exact(record)
    numbers = [int(n) for n in np.random.default_rng(3).integers(1, PRIME, 8)]
    expected = replay.expected_in_field(function, [(4,), (4,)], numbers)
    assert expected is not None
    assert replay.in_field(record, numbers) == expected.tolist()


def test_two_ways_to_the_same_matrix_agree_modulo_the_prime() -> None:
    inputs = vector(3), vector(3, 1), vector(2, 2)
    numbers = [int(n) for n in np.random.default_rng(4).integers(0, PRIME, 8)]
    first, second = (run(way, *inputs) for way in (forward_of_three, reverse_of_three))
    assert replay.in_field(first, numbers) == replay.in_field(second, numbers)


def test_a_slightly_different_function_does_not_agree() -> None:
    record = run(lambda v, y: v * (v @ y) + 2.0**-20, vector(3), vector(3, 1))
    numbers = [int(n) for n in np.random.default_rng(5).integers(0, PRIME, 6)]
    expected = replay.expected_in_field(reverse, [(3,), (3,)], numbers)
    assert expected is not None
    assert replay.is_exact(record)
    assert replay.in_field(record, numbers) != expected.tolist()


@pytest.mark.parametrize(
    "function",
    [
        lambda v: np.exp(v) + 1,
        lambda v: np.maximum(v, 0),
        lambda v: v**0.5,
        lambda v: 2**v,
        lambda v: v * 0.1,
        lambda v: v * np.inf,
        lambda v: [a for a in v if a > -100],
    ],
)
def test_what_is_no_exact_arithmetic_is_replayed_in_doubles(function: Any) -> None:
    assert not replay.is_exact(run(function, vector(3)))


def test_a_trusted_function_without_a_field_has_no_value_there() -> None:
    for function in (np.exp, lambda v: float(v[0]), lambda v: v**0.5, lambda v: str(v[0])):
        assert replay.expected_in_field(function, [(2,)], [1, 2]) is None


def test_a_trusted_function_of_a_number_gets_a_number() -> None:
    found = replay.expected_in_field(lambda a, v: [a * v[0], 3], [(), (1,)], [5, 7])
    assert found is not None
    assert found.tolist() == [35, 3]


def test_a_run_that_compared_is_good_for_the_same_branch_only() -> None:
    record = run(lambda v: [a if a > 0 else 0 * a for a in v], np.array([1.0, -1.0]))
    found, same = replay.in_floats(record, [2.0, -3.0])
    assert same
    np.testing.assert_array_equal(found, [2.0, 0.0])
    assert not replay.in_floats(record, [2.0, 3.0])[1]


def test_all_values_come_in_order() -> None:
    record = run(reverse, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    assert replay.all_in_floats(record, flat([1.0, 2.0, 3.0, 4.0])) == [
        *(1.0, 2.0, 3.0, 4.0),
        *(3.0, 8.0, 11.0, 11.0, 22.0),
    ]


# ---- the field -----------------------------------------------------------------------------------


@given(NUMBERS, NUMBERS, st.integers(0, 40))
def test_residues_compute_as_whole_numbers_do(a: int, b: int, k: int) -> None:
    x, y = Residue(a), Residue(b)
    assert (x + y).value == (a + b) % PRIME
    assert (x - y).value == (a - b) % PRIME
    assert (x * y).value == a * b % PRIME
    assert (x**k).value == pow(a, k, PRIME)
    assert ((-x).value, (+x).value) == (-a % PRIME, a)
    assert (3 + x).value == (x + 3).value == (a + 3) % PRIME
    assert (3 - x).value == (3 - a) % PRIME


@given(NUMBERS, st.integers(1, PRIME - 1))
def test_division_undoes_multiplication(a: int, b: int) -> None:
    assert (Residue(a) / Residue(b) * Residue(b)).value == a
    assert ((1 / Residue(b)) * b).value == 1
    assert power(b, -2) * power(b, 2) % PRIME == 1


@given(st.fractions(max_denominator=1000))
def test_a_fraction_is_the_quotient_of_its_parts(number: Fraction) -> None:
    assert residue(number) * number.denominator % PRIME == number.numerator % PRIME


def test_what_is_not_in_the_field_is_refused() -> None:
    with pytest.raises(NotInFieldError):
        inverse(0)
    with pytest.raises(NotInFieldError):
        Residue(0) ** -1
    with pytest.raises(NotInFieldError):
        Residue(2) ** 0.5
    for number in (0.1, float("nan"), float("inf"), 1 / 3):
        with pytest.raises(NotInFieldError):
            residue(number)
    with pytest.raises(TypeError):
        Residue(2) + "text"


def test_the_modulus_is_a_prime_of_61_bits() -> None:
    assert PRIME.bit_length() == 61
    assert all(pow(base, PRIME - 1, PRIME) == 1 for base in (2, 3, 5, 7, 11, 13))
