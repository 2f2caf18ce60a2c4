from __future__ import annotations

import pytest

from tests.grading.mutants.slips import lines, slips


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("seen.add(a)", ["pass"]),
        ("a += 1", ["pass"]),
        ("a[0] = b", ["pass"]),
        ("a.grad = b", ["pass"]),
        ("a = b", []),
        ('"""What it does."""', []),
        ("print(a)", []),
        ("return a", []),
        ("raise ValueError(a + 1)", []),
        ("assert check(a)", []),
    ],
)
def test_a_step_is_left_out(given: str, become: list[str]) -> None:
    assert lines("statement", f"def f(a, b):\n    {given}\n", "f") == become


def test_a_jump_is_left_out() -> None:
    code = "def f(a):\n    for b in a:\n        if b:\n            break\n        continue\n"
    assert lines("statement", code, "f") == ["pass", "pass"]


def test_an_update_overwrites() -> None:
    assert lines("update", "def f(a, b):\n    a.grad += b\n", "f") == ["a.grad = b"]


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("np.exp(a)", ["a"]),
        ("a.sum(axis=1)", ["a"]),
        ("1 / (1 + np.exp(-a))", ["1 / (1 + (-a))"]),
        ("np.maximum(a, 0)", ["a"]),
        ("f(a, b)", ["a"]),
        ("c - max(a - b, 0)", ["c - (a - b)"]),
        ("[max(a - b, 0)]", ["[a - b]"]),
        ("np.eye()", []),
        ("range(a)", []),
        ("f(*a)", []),
    ],
)
def test_a_function_is_not_called(given: str, become: list[str]) -> None:
    assert slips("call", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("f(a, b)", ["f(b, a)"]),
        ("f(a, b, c)", ["f(b, a, c)", "f(a, c, b)"]),
        ("f(a, b, key=c)", ["f(b, a, key=c)"]),
        ("f(a, a)", []),
        ("f(a)", []),
        ("f(a, *b)", []),
        ("range(a, b)", []),
        ("a, b", ["b, a"]),
        ("[a, b]", []),
    ],
)
def test_two_arguments_are_exchanged(given: str, become: list[str]) -> None:
    assert slips("arguments", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("f(a, alpha=1)", ["f(a)"]),
        ("f(alpha=1, beta=2)", ["f(beta=2)", "f(alpha=1)"]),
        ("f(a, axis=1)", []),
        ("f(a, keepdims=True)", []),
        ("f(a)", []),
    ],
)
def test_an_argument_is_left_to_its_default(given: str, become: list[str]) -> None:
    assert slips("keyword", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("range(3)", ["range(4)", "range(2)", "range(1, 3)"]),
        ("range(1, n)", ["range(2, n)", "range(0, n)", "range(1, n + 1)", "range(1, n - 1)"]),
        ("range(a + b)", ["range((a + b) + 1)", "range((a + b) - 1)", "range(1, a + b)"]),
        ("f(3)", []),
    ],
)
def test_a_range_is_off_by_one(given: str, become: list[str]) -> None:
    assert slips("range", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a if b else c", ["a", "c"]),
        ("a and b", ["a or b", "a", "b"]),
        ("a or b", ["a and b", "a", "b"]),
        ("a or b or c", ["(a or b) and c", "a or b", "c", "a and b or c", "a or c", "b or c"]),
        ("[a for a in b if a > 0]", ["[a for a in b if True]", "[a for a in b if False]"]),
    ],
)
def test_a_condition_always_holds_or_never(given: str, become: list[str]) -> None:
    assert slips("condition", given) == become


def test_a_branch_is_always_or_never_taken_and_a_loop_never_entered() -> None:
    code = "def f(a):\n    if a > 0:\n        pass\n    while a < 9:\n        pass\n"
    assert lines("condition", code, "f") == ["if True:", "if False:", "while False:"]


def test_a_decorator_is_left_out() -> None:
    code = "class A:\n    @staticmethod\n    @cache\n    def f(a):\n        return a\n"
    assert lines("decorator", code, "A.f") == ["", ""]
