from __future__ import annotations

import pytest

from tests.grading.mutants.slips import lines, slips


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a[0]", ["a[1]", "a[-1]"]),
        ("a[-1]", ["a[0]", "a[-2]"]),
        ("a[i]", ["a[i + 1]", "a[i - 1]"]),
        ("a[1:]", ["a[:]", "a[2:]", "a[0:]"]),
        ("a[:-1]", ["a[:]", "a[:0]", "a[:-2]"]),
        ("a[:n]", ["a[:]", "a[:n + 1]", "a[:n - 1]"]),
        ("a[::-1]", ["a[:]"]),
        ("a[:, 0]", ["a[:, 1]", "a[:, -1]", "a[0, :]"]),
        ("a[:, None]", ["a[None, :]"]),
        ("a[i, i]", ["a[i + 1, i]", "a[i - 1, i]", "a[i, i + 1]", "a[i, i - 1]"]),
        ("a['x']", []),
        ("a[f(i)]", []),
        ("a[None]", []),
    ],
)
def test_an_index_or_a_bound_is_another(given: str, become: list[str]) -> None:
    assert slips("index", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a.sum(axis=0)", ["a.sum(axis=1)", "a.sum()"]),
        ("a.sum(axis=1, keepdims=True)", ["a.sum(axis=0, keepdims=True)", "a.sum(keepdims=True)"]),
        ("np.max(a, axis=-1)", ["np.max(a, axis=0)", "np.max(a)"]),
        ("a.argmax(dim=1)", ["a.argmax(dim=0)", "a.argmax()"]),
        ("np.transpose(a, axes=(0, 2, 1))", ["np.transpose(a)"]),
        ("a.sum(0)", []),
    ],
)
def test_an_axis_is_another_or_none(given: str, become: list[str]) -> None:
    assert slips("axis", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a.sum(axis=1, keepdims=True)", ["a.sum(axis=1)"]),
        ("a.sum(keepdim=True, dim=1)", ["a.sum(dim=1)"]),
        ("a.sum(axis=1)", []),
    ],
)
def test_the_axis_is_not_kept(given: str, become: list[str]) -> None:
    assert slips("keepdims", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("a.T @ b", ["a @ b"]),
        ("(a + b).T", ["(a + b)"]),
        ("a.transpose(1, 0)", ["a"]),
        ("np.swapaxes(a, 0, 1)", ["a"]),
        ("a.t()", ["a"]),
        ("a.shape", []),
    ],
)
def test_a_transpose_is_missing(given: str, become: list[str]) -> None:
    assert slips("transpose", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("np.maximum(a, 0)", ["np.minimum(a, 0)"]),
        ("min(a, b)", ["max(a, b)"]),
        ("a.argmax(axis=1)", ["a.argmin(axis=1)"]),
        ("a.max", []),
        ("Max.forward(a)", []),
    ],
)
def test_the_smallest_stands_for_the_largest(given: str, become: list[str]) -> None:
    assert slips("extreme", given) == become


@pytest.mark.parametrize(
    ("given", "become"),
    [
        ("np.sin(a)", ["np.cos(a)"]),
        ("a.sum()", ["a.mean()"]),
        ("np.zeros_like(a)", ["np.ones_like(a)"]),
        ("np.hstack([a, b])", ["np.vstack([a, b])"]),
        ("np.exp(a)", []),
    ],
)
def test_a_function_is_taken_for_its_neighbour(given: str, become: list[str]) -> None:
    assert slips("function", given) == become


def test_the_functions_of_a_class_in_the_file_are_no_methods_of_an_array() -> None:
    code = "class Inv:\n    pass\n\ndef f(a, b):\n    return Inv.forward(a), b.forward(a)\n"
    assert lines("call", code, "f") == ["return a, b.forward(a)", "return Inv.forward(a), b"]
