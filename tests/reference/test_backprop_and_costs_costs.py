"""The reference of Q2 to Q4 of `backprop-and-costs`: values, and the costs that the sheet has."""

from __future__ import annotations

import sys
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sympy  # type: ignore[import-untyped]
import torch
import yaml

from grader.expressions import algebra, grammar
from grader.probes.tracing import record
from grader.tracing.counting import Counts, count
from grader.tracing.polynomials import confirming, determining, recover, value
from grader.tracing.record import read

COURSE = Path(__file__).parents[2]
ASSIGNMENT = COURSE / "assignments" / "backprop-and-costs"
SIZES = [(3, 2), (4, 6), (5, 5)]


def module(name: str) -> ModuleType:
    sys.path.insert(0, str(COURSE / "reference"))
    try:
        return import_module(f"backprop_and_costs.{name}")
    finally:
        sys.path.remove(str(COURSE / "reference"))


Q2, Q3, Q4 = (module(name) for name in ("q2_hessian", "q3_vhp", "q4_tradeoff"))


def vectors(*lengths: int, seed: int = 1) -> list[np.ndarray]:
    rng = np.random.default_rng([seed, *lengths])
    return [rng.normal(size=length) for length in lengths]


def measured(home: ModuleType, name: str, *inputs: np.ndarray) -> Counts:
    found = record(home, name, list(inputs))
    return count(read(found, sum(item.size for item in inputs)))


# ---- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("name", ["q2_hessian", "two_matrices", "doubled_first"])
def test_the_hessian_agrees_with_torch(name: str, n: int) -> None:
    v, x = vectors(n, n)
    # Reverse mode twice: forward mode makes torch import what it itself has deprecated.
    gradient = torch.func.grad(lambda at: Q2.loss(at, torch.tensor(v)))
    automatic = torch.func.jacrev(gradient)(torch.tensor(x)).numpy()
    np.testing.assert_allclose(getattr(Q2, name)(v), automatic, rtol=1e-12, atol=1e-12)


def test_the_gradient_has_the_factor_two() -> None:
    v, x = (sympy.Matrix(sympy.symbols(f"{name}1:4")) for name in "vx")
    loss = (x.T * v * v.T * x)[0]
    gradient = sympy.Matrix([sympy.diff(loss, entry) for entry in x])
    assert sympy.simplify(gradient - 2 * v * v.T * x) == sympy.zeros(3, 1)
    assert sympy.hessian(loss, list(x)) == 2 * v * v.T


@pytest.mark.parametrize("name", ["q3_reverse", "q3_forward"])
def test_both_orders_of_q3_give_the_product(name: str) -> None:
    v, y = vectors(5, 5)
    np.testing.assert_allclose(getattr(Q3, name)(v, y), np.outer(v, v) @ y, rtol=1e-12)
    given = getattr(Q3, name)(np.array([1.0, 2.0, 3.0]), np.ones(3))
    np.testing.assert_array_equal(given, [6, 12, 18])


@pytest.mark.parametrize("name", ["q4_reverse", "q4_forward", "thrifty"])
@pytest.mark.parametrize(("n", "m"), SIZES)
def test_all_orders_of_q4_give_the_product(name: str, n: int, m: int) -> None:
    v, y1, y2 = vectors(n, n, m)
    expected = v[:, None] @ v[None] @ y1[:, None] @ y2[None]
    np.testing.assert_allclose(getattr(Q4, name)(v, y1, y2), expected, rtol=1e-12)


# ---- costs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [3, 4, 7])
def test_q2_costs_what_the_sheet_says(n: int) -> None:
    (v,) = vectors(n)
    in_place = measured(Q2, "q2_hessian", v)
    assert (in_place.multiplications, in_place.memory) == (2 * n**2, n**2 + n)
    second = measured(Q2, "two_matrices", v)
    assert (second.multiplications, second.memory) == (2 * n**2, 2 * n**2 + n)
    first = measured(Q2, "doubled_first", v)
    assert (first.multiplications, first.memory) == (n**2 + n, n**2 + 2 * n)


@pytest.mark.parametrize("n", [3, 4, 7])
def test_q3_costs_what_the_sheet_says(n: int) -> None:
    v, y = vectors(n, n)
    reverse, forward = (measured(Q3, name, v, y) for name in ("q3_reverse", "q3_forward"))
    assert (reverse.multiplications, reverse.memory) == (2 * n, 3 * n + 1)
    assert (forward.multiplications, forward.memory) == (2 * n**2, n**2 + 3 * n)


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_q4_costs_what_the_sheet_says(n: int, m: int) -> None:
    inputs = vectors(n, n, m)
    reverse, forward, thrifty = (
        measured(Q4, name, *inputs) for name in ("q4_reverse", "q4_forward", "thrifty")
    )
    assert (reverse.multiplications, reverse.memory) == (3 * m * n, 2 * (m + n + m * n))
    expected = n * (2 * n + m), 3 * n + m + n**2 + m * n
    assert (forward.multiplications, forward.memory) == expected
    assert thrifty.multiplications == 2 * n + n * m


@pytest.mark.parametrize(("n", "m"), [(n, m) for n in range(3, 8) for m in range(2, 9)])
def test_forward_is_better_exactly_when_m_is_larger_than_n(n: int, m: int) -> None:
    inputs = vectors(n, n, m)
    reverse, forward = (measured(Q4, name, *inputs) for name in ("q4_reverse", "q4_forward"))
    assert reverse.multiplications - forward.multiplications == 2 * n * (m - n)
    assert reverse.memory - forward.memory == (n + 1) * (m - n)


def test_the_counts_give_back_the_polynomials_of_the_sheet() -> None:
    start, degree = (3, 2), 3
    counts = {
        at: measured(Q4, "q4_forward", *vectors(at[0], at[0], at[1])).memory
        for at in [*determining(start, degree), confirming(start, degree)]
    }
    found = recover(counts, degree)
    expected = {(2, 0): 1, (1, 1): 1, (1, 0): 3, (0, 1): 1}
    assert found == {powers: Fraction(factor) for powers, factor in expected.items()}


# ---- the YAML --------------------------------------------------------------------------------


def algorithms() -> list[tuple[str, str, str, str, str]]:
    """Return module, function and what the YAML declares best, for every algorithm."""
    found = []
    for file in ("q2-hessian", "q3-vhp", "q4-tradeoff"):
        problem = yaml.safe_load((ASSIGNMENT / f"{file}.yaml").read_text(encoding="utf-8"))
        for item in problem["parts"][0]["algorithms"]:
            best = [str(item[quantity]["best"]) for quantity in ("multiplications", "memory")]
            inputs = ",".join(shape[0] for shape in item["inputs"].values())
            found.append((problem["reference"], item["function"], inputs, *best))
    return found


@pytest.mark.parametrize(("home", "function", "shapes", "times", "memory"), algorithms())
def test_the_best_known_costs_in_the_yaml_are_what_the_reference_takes(
    home: str, function: str, shapes: str, times: str, memory: str
) -> None:
    for sizes in SIZES:
        named: dict[str, Any] = dict(zip("nm", sizes, strict=True))
        inputs = vectors(*(named[name] for name in shapes.split(",")))
        found = measured(module(home), function, *inputs)
        for written, counted in ((times, found.multiplications), (memory, found.memory)):
            polynomial = algebra.polynomial(grammar.expression(written, "nm"), "nm")
            assert polynomial is not None
            assert value(polynomial, sizes) == counted


def test_points_add_up_in_each_part() -> None:
    for file, points in (("q2-hessian", 1), ("q3-vhp", 1.5), ("q4-tradeoff", 2.5)):
        problem = yaml.safe_load((ASSIGNMENT / f"{file}.yaml").read_text(encoding="utf-8"))
        assert [part["points"] for part in problem["parts"]] == [points]
