from __future__ import annotations

import pytest

from tests.grading.mutants.slips import lines, slips


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a + b", ["a - b"]),
        ("a - b", ["a + b"]),
        ("a * b", ["a / b", "a + b"]),
        ("a / b", ["a * b"]),
        ("a // b", ["a / b"]),
        ("a % b", ["a * b"]),
        ("a @ b", ["a * b"]),
        ("a**b", ["a*b"]),
        ("(a + b)", ["(a - b)"]),
        ("a | b", []),
    ],
)
def test_an_operator_becomes_another(given: str, become: list[str]) -> None:
    assert slips("operator", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a * b / c", ["a * b * c", "(a + b) / c"]),  # the quotient stays one of the sum
        ("c / a ** b", ["c * a ** b", "c / (a * b)"]),
        ("-a * b", ["-a / b", "-a + b"]),
        ("a - (b + c)", ["a + (b + c)", "a - (b - c)"]),
    ],
)
def test_another_operator_does_not_change_what_belongs_together(
    given: str, become: list[str]
) -> None:
    assert set(become) <= set(slips("operator", given))


@pytest.mark.parametrize(
    ("given", "become"),
    [("a += b", ["a -= b"]), ("a *= b", ["a /= b"]), ("a @= b", ["a *= b"]), ("a |= b", [])],
)
def test_an_update_becomes_another(given: str, become: list[str]) -> None:
    assert lines("operator", f"def f(a, b):\n    {given}\n", "f") == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a < b", ["a <= b", "a > b"]),
        ("a <= b", ["a < b", "a >= b"]),
        ("a > b", ["a >= b", "a < b"]),
        ("a >= b", ["a > b", "a <= b"]),
        ("a == b", ["a != b"]),
        ("a != b", ["a == b"]),
        ("a is None", ["a is not None"]),
        ("a is not None", ["a is None"]),
        ("a in b", ["a not in b"]),
        ("a not in b", ["a in b"]),
        ("a < b < c", ["a <= b < c", "a > b < c", "a < b <= c", "a < b > c"]),
    ],
)
def test_a_comparison_becomes_another(given: str, become: list[str]) -> None:
    assert slips("comparison", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("[-a]", ["[a]"]),
        ("b ** -a", ["-(b ** -a)", "b ** a"]),
        ("not a", ["a"]),
        ("a + b", ["-(a + b)"]),
        ("np.exp(a)", ["-np.exp(a)"]),
        ("a * b, c", ["-(a * b), c"]),
        ("a", []),
        ("a[-1]", ["-a[-1]"]),  # an index has an operator of its own
        ("np.exp(a + b)", ["-np.exp(a + b)"]),  # what is no result keeps its sign
    ],
)
def test_a_minus_is_lost_or_gained(given: str, become: list[str]) -> None:
    assert slips("sign", given) == become


def test_what_is_assigned_gets_a_minus_but_not_where_it_goes() -> None:
    assert lines("sign", "def f(a):\n    a[0] = a[1]\n", "f") == ["a[0] = -a[1]"]


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("0", ["1"]),
        ("1", ["0", "2"]),
        ("3", ["4", "2", "6"]),
        ("2", ["3", "1", "4"]),
        ("0.0", ["1.0"]),
        ("1.0", ["0.0", "2.0", "0.5"]),
        ("0.01", ["0.02", "0.005", "1.01"]),
        ("a**2", ["a**3", "a**1", "a**4"]),
        ("True", ["False"]),
        ("False", ["True"]),
        ("(3)", ["(4)", "(2)", "(6)"]),
        ("a[0]", []),
        ("a[-1]", []),
        ("a[1:2]", []),
        ("a[f(1)]", ["a[f(0)]", "a[f(2)]"]),
        ("range(3)", []),
        ("a.sum(axis=1)", []),
        ("a.sum(axis=(0, 1))", []),
        ("a.sum(1, keepdims=True)", ["a.sum(0, keepdims=True)", "a.sum(2, keepdims=True)"]),
        ("a.transpose(axes=(0, 1))", []),
        ("'1'", []),
        ("None", []),
    ],
)
def test_a_number_becomes_others(given: str, become: list[str]) -> None:
    assert slips("constant", given) == become


def test_a_default_is_a_number_as_well() -> None:
    assert lines("constant", "def f(a, steps=500):\n    return a\n", "f") == [
        "def f(a, steps=501):",
        "def f(a, steps=499):",
        "def f(a, steps=1000):",
    ]


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a + b", ["a", "b"]),
        ("a - b", ["a", "-b"]),
        ("a - b * c", ["a", "-(b * c)"]),
        ("c * (a + b)", ["c * (a)", "c * (b)"]),
        ("a + b + c", ["a + b", "c", "a + c", "b + c"]),
        ("a * b", []),
    ],
)
def test_a_term_is_lost(given: str, become: list[str]) -> None:
    assert slips("term", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a * b", ["a", "b"]),
        ("a / b", ["a", "b"]),
        ("a @ b", ["a", "b"]),
        ("a ** b", ["a"]),
        ("c - a * b", ["c - a", "c - b"]),
        ("a + b", []),
    ],
)
def test_a_factor_is_lost(given: str, become: list[str]) -> None:
    assert slips("factor", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a - b", ["b - a"]),
        ("a / b", ["b / a"]),
        ("a ** b", ["b ** a"]),
        ("a @ b.T", ["b.T @ a"]),
        ("a * b / c", ["c / (a * b)"]),
        ("a - a", []),
        ("a * b", []),
        ("a + b", []),
    ],
)
def test_operands_are_exchanged_where_their_order_counts(given: str, become: list[str]) -> None:
    assert slips("exchange", given) == become
