"""The reference of background-math: derivatives by hand against torch.func and against SymPy."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, cast

import numpy as np
import pytest
import sympy  # type: ignore[import-untyped]
import torch
import yaml

from grader.spec.reference import Reference

COURSE = Path(__file__).resolve().parents[2]
ASSIGNMENT = COURSE / "assignments" / "background-math"
SAMPLES = 40


def module(name: str) -> ModuleType:
    return Reference(COURSE / "reference", "background_math", name).loaded


@pytest.fixture(scope="module")
def q3() -> ModuleType:
    return module("q3_calculus")


@pytest.fixture(scope="module")
def q4() -> ModuleType:
    return module("q4_saddle")


@pytest.fixture(scope="module")
def q6() -> ModuleType:
    return module("q6_autograd")


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    return np.random.default_rng(7).normal(scale=2.0, size=(SAMPLES, 2))


X1, X2 = sympy.symbols("x1 x2", real=True)
QUARTIC = (X1 + X2) * (X1 * X2 + X1 * X2**2)
QUADRATIC = 8 * X1 + 12 * X2 + X1**2 - 2 * X2**2


Symbolic: TypeAlias = Callable[..., Any]


def symbolic_gradient(function: sympy.Expr) -> Symbolic:
    gradient = [sympy.diff(function, x) for x in (X1, X2)]
    return cast(Symbolic, sympy.lambdify((X1, X2), gradient))


def symbolic_hessian(function: sympy.Expr) -> Symbolic:
    hessian = sympy.hessian(function, (X1, X2)).tolist()
    return cast(Symbolic, sympy.lambdify((X1, X2), hessian))


def second_derivatives(function: Callable[[torch.Tensor], torch.Tensor], x: np.ndarray) -> Any:
    # Reverse mode twice: forward mode makes torch import what it itself has deprecated.
    return torch.func.jacrev(torch.func.grad(function))(torch.tensor(x)).numpy()


def exact_solutions(function: sympy.Expr) -> list[tuple[float, float]]:
    gradient = [sympy.diff(function, x) for x in (X1, X2)]
    found = sympy.solve(gradient, (X1, X2), dict=True)
    return sorted({(float(point[X1]), float(point[X2])) for point in found})


def test_the_gradient_by_hand_agrees_with_torch_and_sympy(
    q3: ModuleType, points: np.ndarray
) -> None:
    symbolic = symbolic_gradient(QUARTIC)
    for x in points:
        automatic = torch.func.grad(q3.f)(torch.tensor(x)).numpy()
        np.testing.assert_allclose(q3.q3_gradient(x), automatic, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(q3.q3_gradient(x), symbolic(*x), rtol=1e-11, atol=1e-11)


def test_the_hessian_by_hand_agrees_with_torch_and_sympy(
    q3: ModuleType, points: np.ndarray
) -> None:
    symbolic = symbolic_hessian(QUARTIC)
    for x in points:
        automatic = second_derivatives(q3.f, x)
        np.testing.assert_allclose(q3.q3_hessian(x), automatic, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(q3.q3_hessian(x), symbolic(*x), rtol=1e-11, atol=1e-11)


def test_the_stationary_points_of_the_quartic_are_all_there_are(q3: ModuleType) -> None:
    given = sorted(map(tuple, q3.all_stationary_points().tolist()))

    assert given == exact_solutions(QUARTIC)
    assert given == [(0, -1), (0, 0), (0.375, -0.75), (1, -1)]


@pytest.mark.parametrize(
    ("point", "eigenvalues"),
    [
        ((sympy.Rational(3, 8), sympy.Rational(-3, 4)), {"-3/4", "-9/32"}),
        ((0, -1), {"-1", "1"}),
        ((1, -1), {"-1 + sqrt(2)", "-sqrt(2) - 1"}),
        ((0, 0), {"0"}),
    ],
)
def test_the_eigenvalues_at_the_stationary_points(
    q3: ModuleType, point: tuple[sympy.Expr, sympy.Expr], eigenvalues: set[str]
) -> None:
    exact = sympy.hessian(QUARTIC, (X1, X2)).subs({X1: point[0], X2: point[1]}).eigenvals()
    assert set(exact) == {sympy.sympify(text) for text in eigenvalues}

    matrix = q3.q3_hessian(np.array([float(coordinate) for coordinate in point]))
    expected = sorted(float(value) for value, times in exact.items() for _ in range(times))
    np.testing.assert_allclose(np.linalg.eigvalsh(matrix), expected, atol=1e-12)


def test_the_quartic_changes_its_sign_around_the_origin() -> None:
    on_the_diagonal = sympy.lambdify(X1, QUARTIC.subs(X2, X1))

    assert on_the_diagonal(1e-3) > 0 > on_the_diagonal(-1e-3)


def test_gradient_ascent_by_hand_ends_at_the_maximum(q3: ModuleType, q6: ModuleType) -> None:
    point = np.array([1.0, -0.5])
    for _ in range(500):
        point = point + 0.05 * q3.q3_gradient(point)

    # Well within the 1e-2 that students are given.
    np.testing.assert_allclose(q6.gradient_ascent(), point, atol=2e-3)


def declared_mistakes() -> list[tuple[str, str]]:
    problem = yaml.safe_load((ASSIGNMENT / "q3-calculus.yaml").read_text(encoding="utf-8"))
    return [
        (part["function"], mistake["function"])
        for part in problem["parts"]
        for mistake in part.get("mistakes", ())
    ]


@pytest.mark.parametrize(("right", "wrong"), declared_mistakes())
def test_a_declared_mistake_differs_from_the_truth_at_almost_every_point(
    q3: ModuleType, points: np.ndarray, right: str, wrong: str
) -> None:
    truth, mistake = getattr(q3, right), getattr(q3, wrong)

    assert all(truth(x).shape == mistake(x).shape for x in points)
    differs = [np.max(np.abs(truth(x) - mistake(x))) > 1e-3 for x in points]
    assert sum(differs) >= 0.9 * SAMPLES


@pytest.mark.parametrize("part", ["q3_gradient", "q3_hessian"])
def test_no_two_declared_mistakes_are_the_same(
    q3: ModuleType, points: np.ndarray, part: str
) -> None:
    names = [wrong for right, wrong in declared_mistakes() if right == part]
    everywhere = {name: np.array([getattr(q3, name)(x) for x in points]) for name in names}

    assert len(names) >= 7
    for number, name in enumerate(names):
        for other in names[:number]:
            assert not np.allclose(everywhere[name], everywhere[other]), (name, other)


def test_mistakes_that_lack_the_product_rule_are_what_they_say(
    q3: ModuleType, points: np.ndarray
) -> None:
    factor = sympy.lambdify((X1, X2), [sympy.diff(X1 * X2 + X1 * X2**2, x) for x in (X1, X2)])
    wrong = [(X1 + X2) * sympy.diff(X1 * X2 + X1 * X2**2, x) for x in (X1, X2)]
    jacobian = sympy.lambdify(
        (X1, X2), [[sympy.diff(entry, x) for x in (X1, X2)] for entry in wrong]
    )
    for x in points:
        held = q3.gradient_first_factor_constant(x)
        other = q3.gradient_second_factor_constant(x)
        np.testing.assert_allclose(held, x.sum() * np.array(factor(*x)))
        np.testing.assert_allclose(held + other, q3.q3_gradient(x), atol=1e-11)
        np.testing.assert_allclose(q3.hessian_of_wrong_gradient(x), jacobian(*x), atol=1e-11)


def test_the_one_outer_product_and_its_transpose_make_the_hessian(
    q3: ModuleType, points: np.ndarray
) -> None:
    for x in points:
        one = q3.hessian_one_outer_product(x)
        without = q3.hessian_first_factor_constant(x)
        np.testing.assert_allclose(one + (one - without).T, q3.q3_hessian(x), atol=1e-11)


def test_the_quadratic_has_one_stationary_point_and_it_is_a_saddle(q4: ModuleType) -> None:
    assert list(map(tuple, q4.all_stationary_points().tolist())) == exact_solutions(QUADRATIC)

    low, high = np.linalg.eigvalsh(q4.q4_hessian(np.zeros(2)))
    assert (low, high) == (-4, 2)


def test_the_hessian_of_the_quadratic_agrees_with_torch_and_sympy(
    q4: ModuleType, points: np.ndarray
) -> None:
    symbolic = symbolic_hessian(QUADRATIC)
    for x in points:
        automatic = second_derivatives(q4.f, x)
        np.testing.assert_array_equal(q4.q4_hessian(x), automatic)
        np.testing.assert_array_equal(q4.q4_hessian(x), symbolic(*x))


# Value and partial derivatives of each operation, written by hand.
OPERATIONS: dict[str, Callable[..., tuple[float, list[float]]]] = {
    "inv": lambda a: (1 / a, [-1 / a**2]),
    "add": lambda a, b: (a + b, [1, 1]),
    "ln": lambda a: (math.log(a), [1 / a]),
    "pow": lambda a, b: (a**b, [b * a ** (b - 1), a**b * math.log(a) if a > 0 else math.nan]),
    "sin": lambda a: (math.sin(a), [math.cos(a)]),
    "cos": lambda a: (math.cos(a), [-math.sin(a)]),
    "tan": lambda a: (math.tan(a), [1 + math.tan(a) ** 2]),
    "minimum": lambda a, b: (min(a, b), [float(a < b), float(b < a)]),
    "maximum": lambda a, b: (max(a, b), [float(a > b), float(b > a)]),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_the_partial_derivatives_written_by_hand(
    q6: ModuleType, name: str
) -> None:
    rng = np.random.default_rng(11)
    arity = OPERATIONS[name].__code__.co_argcount
    for _ in range(SAMPLES):
        numbers = rng.uniform(0.2, 3.0, size=arity)
        if name not in {"ln", "pow"}:
            numbers *= rng.choice([-1.0, 1.0], size=arity)
        value, slopes = torch_value(getattr(q6, name), numbers)
        by_hand = OPERATIONS[name](*numbers)
        assert value == pytest.approx(by_hand[0], rel=1e-12)
        assert slopes == pytest.approx(by_hand[1], rel=1e-9)


@pytest.mark.parametrize(("base", "exponent"), [(-2.0, 3.0), (-1.5, 2.0), (-0.5, -2.0)])
def test_at_a_negative_base_only_the_partial_by_the_base_exists(
    q6: ModuleType, base: float, exponent: float
) -> None:
    value, (by_base, by_exponent) = torch_value(q6.pow, [base, exponent])

    assert value == pytest.approx(base**exponent)
    assert by_base == pytest.approx(exponent * base ** (exponent - 1))
    assert math.isnan(by_exponent)


def torch_value(
    function: Callable[..., torch.Tensor], numbers: np.ndarray | list[float]
) -> tuple[float, list[float]]:
    tensors = [torch.tensor(float(x), dtype=torch.float64, requires_grad=True) for x in numbers]
    result = function(*tensors)
    return result.item(), [slope.item() for slope in torch.autograd.grad(result, tensors)]
