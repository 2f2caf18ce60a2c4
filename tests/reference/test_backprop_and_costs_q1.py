"""The reference of backprop-and-costs, Q1: the networks by their formulas, input by input."""

from __future__ import annotations

from itertools import permutations, product
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.spec.reference import Reference

COURSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def q1() -> ModuleType:
    return Reference(COURSE / "reference", "backprop_and_costs", "q1_networks").loaded


LISTS: list[tuple[int, ...]] = [
    (*three, x4) for three in permutations(range(-4, 5), 3) for x4 in range(-4, 5)
]
HALVES: list[tuple[int, ...]] = [
    (*first, *second) for first, second in product(permutations(range(-2, 3), 3), repeat=2)
]


def phi(z: Any) -> np.ndarray:
    return ((np.asarray(z) >= -1) & (np.asarray(z) <= 1)).astype(float)


def element(weights: Any, x: Any) -> float:
    first, bias, second, offset = weights
    return float(phi(second @ phi(first @ np.array(x) + bias) + offset))


def layers(network: Any, x: Any) -> float:
    values = np.array(x, dtype=float)
    for weights, bias, (low, high) in network:
        z = weights @ values + bias
        values = ((z >= low) & (z <= high)).astype(float)
    (output,) = values
    return float(output)


def test_the_first_network_is_right_on_every_list(q1: ModuleType) -> None:
    assert len(LISTS) == 4536
    weights = q1.q1_element()
    assert all(element(weights, x) == (x[3] in x[:3]) for x in LISTS)


def test_the_bias_of_the_worked_solution_is_wrong_on_each_list_with_the_number_and_no_other(
    q1: ModuleType,
) -> None:
    weights = q1.element_wrong_sign()
    assert [weights[2].tolist(), weights[3]] == [[-2, -2, -2], -2]
    wrong = [x for x in LISTS if element(weights, x) != (x[3] in x[:3])]
    assert wrong == [x for x in LISTS if x[3] in x[:3]]
    assert len(wrong) == 1512


def test_the_second_network_is_right_on_every_pair_of_halves(q1: ModuleType) -> None:
    assert len(HALVES) == 3600
    network = q1.q1_permutation()
    assert all(layers(network, x) == (set(x[:3]) == set(x[3:])) for x in HALVES)


def test_the_targets_are_what_they_say(q1: ModuleType) -> None:
    rows = np.array(LISTS)
    assert q1.contains(rows).tolist() == [x[3] in x[:3] for x in LISTS]
    rows = np.array(HALVES)
    assert q1.is_permutation(rows).tolist() == [sorted(x[:3]) == sorted(x[3:]) for x in HALVES]


def test_the_other_wrong_networks_are_what_they_say(q1: ModuleType) -> None:
    near, inverted = q1.element_without_factor(), q1.element_inverted()
    for x in LISTS[::7]:
        close = sum(abs(x[3] - other) <= 1 for other in x[:3])
        assert element(near, x) == (close == 1)
        assert element(inverted, x) == (x[3] not in x[:3])
    same, turned, sums = (
        q1.permutation_same_order(),
        q1.permutation_rotations(),
        q1.permutation_sums(),
    )
    for x in HALVES:
        assert layers(same, x) == (x[:3] == x[3:])
        assert layers(turned, x) == (x[3:] in {x[:3], (*x[1:3], x[0]), (x[2], *x[:2])})
        assert layers(sums, x) == (sum(x[:3]) == sum(x[3:]))
