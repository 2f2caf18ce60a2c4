"""Networks of interval units, in double precision and exactly."""

from __future__ import annotations

import numpy as np
import pytest

from grader.kinds.networks.interval_networks import Layer, evaluate, evaluate_exactly

ROWS = np.array([[0, 0], [1, 2], [3, -1]])


def layer(weights: list[list[float]], bias: list[float], low: float, high: float) -> Layer:
    units = len(bias)
    return Layer(np.array(weights), np.array(bias), np.full(units, low), np.full(units, high))


@pytest.mark.parametrize("run", [evaluate, evaluate_exactly])
def test_a_unit_is_one_from_bound_to_bound_both_included(run: object) -> None:
    assert callable(run)
    found = run([layer([[1, 1]], [0.0], 0, 2)], ROWS)
    assert found.output.tolist() == [True, False, True]
    assert found.total.tolist() == [0, 3, 2]
    assert found.hidden == ()


def test_hidden_layers_are_kept_in_order() -> None:
    layers = [layer([[1, 0], [0, 1]], [0, 0], 1, 2), layer([[1, 1]], [0], 2, 2)]
    found = evaluate(layers, ROWS)
    assert [units.tolist() for units in found.hidden] == [[[0, 0], [1, 1], [0, 0]]]
    assert found.output.tolist() == [False, True, False]
    exact = evaluate_exactly(layers, ROWS)
    assert exact is not None
    np.testing.assert_array_equal(exact.hidden[0], found.hidden[0])


def test_exactly_a_tenth_three_times_is_three_tenths() -> None:
    layers = [layer([[0.1, 0.1]], [0.1], 0.3, 0.3)]
    ones = np.array([[1, 1]])
    exact = evaluate_exactly(layers, ones)
    assert exact is not None
    assert (evaluate(layers, ones).output[0], exact.output[0]) == (False, True)


def test_exactly_other_numbers_are_what_they_are() -> None:
    layers = [layer([[0.1 + 1e-15, 0.0]], [0.0], 0.1, 0.1)]
    exact = evaluate_exactly(layers, np.array([[1, 0]]))
    assert exact is not None
    assert not exact.output[0]


def test_infinite_bounds_bound_nothing() -> None:
    exact = evaluate_exactly([layer([[1, 1]], [0], 1, np.inf)], ROWS)
    assert exact is not None
    assert exact.output.tolist() == [False, True, True]


def test_a_large_network_is_not_evaluated_exactly() -> None:
    zeros = np.zeros(4_000_000)
    wide = Layer(np.full((4_000_000, 2), 0.1), zeros, zeros, zeros)
    assert evaluate_exactly([wide], ROWS) is None


@pytest.mark.parametrize(
    ("low", "high", "output"),
    [
        (-np.inf, np.inf, [True, True, True]),
        (0, np.inf, [True, True, True]),
        (1, np.inf, [False, True, True]),
        (-np.inf, 0, [True, False, False]),
        (np.inf, np.inf, [False, False, False]),
        (-np.inf, -np.inf, [False, False, False]),
    ],
)
@pytest.mark.parametrize("tiny", [5e-324, 1e-300, 1.0])
def test_infinite_bounds_go_with_the_smallest_weights(
    low: float, high: float, output: list[bool], tiny: float
) -> None:
    exact = evaluate_exactly([layer([[1, 1], [tiny, 0]], [0, 0], low, high)], ROWS)
    assert exact is not None
    alone = evaluate_exactly([layer([[1, 1]], [0], low, high)], ROWS)
    assert alone is not None
    assert alone.output.tolist() == exact.output.tolist() == output
