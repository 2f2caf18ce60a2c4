"""What a wrong answer is taken for, and what it is never taken for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import messages
from grader.compare.closeness import compare
from grader.compare.diagnosis import Sample, diagnose, nearly

SEEDS = st.integers(0, 2**32 - 1)
SHAPES = st.sampled_from([(3,), (5,), (2, 3), (3, 3), (2, 3, 4)])


def samples(
    expected: Sequence[np.ndarray],
    change: Callable[[np.ndarray], Any],
    inputs: Sequence[Mapping[str, Any]] | None = None,
) -> list[Sample]:
    """Return the cases of a student who gives `change(expected)` for what is expected."""
    made = []
    for number, right in enumerate(expected):
        result = compare(np.asarray(change(right)), right)
        assert result.observed is not None
        made.append(Sample(inputs[number] if inputs else {}, right, result.observed, result.wrong))
    return made


def drawn(seed: int, shape: tuple[int, ...], count: int = 4) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for _ in range(count)]


def name(found: Sequence[Sample]) -> str | None:
    diagnosis = diagnose(found)
    return diagnosis.name if diagnosis else None


def says(found: Sequence[Sample]) -> str:
    diagnosis = diagnose(found)
    assert diagnosis is not None
    return diagnosis.says


@given(SEEDS, SHAPES)
def test_a_right_answer_is_no_pattern(seed: int, shape: tuple[int, ...]) -> None:
    assert diagnose(samples(drawn(seed, shape), lambda right: right)) is None


@given(SEEDS, SHAPES)
def test_noise_is_no_pattern(seed: int, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng([seed, 1])
    noise = samples(drawn(seed, shape), lambda right: rng.normal(size=right.shape))
    assert diagnose(noise) is None


@given(SEEDS)
def test_two_single_numbers_have_no_pattern(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert diagnose(samples(drawn(seed, (), 1), lambda _: rng.uniform(0.1, 9))) is None


@given(SEEDS, SHAPES)
def test_a_sign_is_found(seed: int, shape: tuple[int, ...]) -> None:
    assert name(samples(drawn(seed, shape), lambda right: -right)) == "sign"


@given(SEEDS, SHAPES, st.sampled_from([2.0, 0.5, -3.0, 1 / 6, 2 * np.pi]))
def test_a_factor_is_found(seed: int, shape: tuple[int, ...], factor: float) -> None:
    assert name(samples(drawn(seed, shape), lambda right: factor * right)) == "factor"


@given(SEEDS, st.sampled_from([(2, 3), (3, 3), (4, 2)]))
def test_a_transpose_is_found(seed: int, shape: tuple[int, ...]) -> None:
    assert name(samples(drawn(seed, shape), lambda right: right.T)) == "transposed"


@given(SEEDS, st.sampled_from([(0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1)]))
def test_axes_in_another_order_are_found(seed: int, order: tuple[int, ...]) -> None:
    moved = samples(drawn(seed, (2, 3, 4)), lambda right: np.transpose(right, order))
    assert name(moved) == "permuted-axes"


@given(SEEDS, SHAPES, st.sampled_from([1.0, -0.25, 100.0]))
def test_a_missing_constant_is_found(seed: int, shape: tuple[int, ...], constant: float) -> None:
    assert name(samples(drawn(seed, shape), lambda right: right - constant)) == "constant"


@given(SEEDS, st.sampled_from([1.0, -1.0, 2.0, 0.5]))
def test_a_missing_input_is_found(seed: int, multiple: float) -> None:
    expected = drawn(seed, (2, 3))
    inputs = [{"X": x, "W": w} for x, w in zip(drawn(seed + 1, (4, 3)), drawn(seed + 2, (2, 3)))]  # noqa: B905
    found = [
        sample
        for right, given_ in zip(expected, inputs, strict=True)
        for sample in samples([right], lambda r, w=given_["W"]: r - multiple * w, [given_])  # type: ignore[misc]
    ]
    assert name(found) == "missing-term"


@pytest.mark.parametrize("shift", [1, -1])
@pytest.mark.parametrize("wrapped", [True, False])
def test_rows_off_by_one_are_found_with_or_without_the_row_that_fell_off(
    shift: int, wrapped: bool
) -> None:
    def moved(right: np.ndarray) -> np.ndarray:
        rolled = np.roll(right, shift, axis=0)
        if not wrapped:
            rolled[0 if shift > 0 else -1] = 0
        return rolled

    assert name(samples(drawn(3, (5, 2)), moved)) == "off-by-one"


def test_rows_that_are_all_alike_are_not_shifted() -> None:
    def first_wrong(right: np.ndarray) -> np.ndarray:
        return np.array([right[0] + 1 + right[0] ** 2, *right[1:]])

    alike = [np.full(4, value) for value in (1.0, 2.0, 3.0)]
    assert name(samples(alike, first_wrong)) == "entries"


def test_a_reversed_axis_is_found() -> None:
    assert name(samples(drawn(3, (5,)), lambda right: right[::-1])) == "reversed"


def test_an_average_is_found_where_the_number_of_rows_differs() -> None:
    inputs = [{"X": np.ones((rows, 2))} for rows in (3, 4, 7)]
    expected = drawn(0, (2,), 3)
    means, sums = [], []
    for right, given_ in zip(expected, inputs, strict=True):
        rows = len(given_["X"])
        means += samples([right], lambda r, n=rows: r / n, [given_])  # type: ignore[misc]
        sums += samples([right], lambda r, n=rows: r * n, [given_])  # type: ignore[misc]
    assert name(means) == "mean"
    assert name(sums) == "sum"


def test_an_average_is_named_as_such_where_every_case_has_as_many_rows() -> None:
    inputs = [{"x": np.ones(5)}] * 4
    assert name(samples(drawn(0, (2,)), lambda right: right / 5, inputs)) == "mean"


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_nan_in_every_case_that_is_wrong_is_found(odd: float) -> None:
    def broken(right: np.ndarray) -> np.ndarray:
        return np.where(np.arange(3) == 1, odd, right)

    always = samples(drawn(0, (3,)), broken)
    right = samples(drawn(9, (3,), 1), lambda right: right)
    finite = samples(drawn(8, (3,), 1), lambda right: right + np.arange(3))
    found = diagnose(always), diagnose([*always, *right])
    assert [item and item.says for item in found] == [
        messages.diagnosis.ALWAYS_NOT_FINITE,
        messages.diagnosis.SOMETIMES_NOT_FINITE,
    ]
    assert name([*always, *finite]) != "not-finite"


def test_zero_in_every_case_is_found() -> None:
    assert name(samples(drawn(0, (3,)), np.zeros_like)) == "zero"


def test_zeros_of_another_shape_are_not_called_zero() -> None:
    assert diagnose(samples(drawn(0, (3,)), lambda _: np.zeros(4))) is None


def test_a_finite_difference_is_nearly_right() -> None:
    assert name(samples(drawn(0, (3,)), lambda right: right * (1 + 1e-6))) == "rounding"


def test_a_pattern_has_to_fit_every_case() -> None:
    expected = drawn(0, (3,))
    mixed = [
        *samples(expected[:2], lambda right: -right),
        *samples(expected[2:], lambda right: 2 * right),
    ]
    assert diagnose(mixed) is None


def test_a_case_where_zero_is_expected_counts_against_a_factor() -> None:
    twice = samples(drawn(0, (3,)), lambda right: 2 * right)
    at_zero = samples([np.zeros(3)], lambda _: np.array([5.0, 0.0, 5.0]))
    assert diagnose([*twice, *at_zero]) is None
    assert name([*twice, *samples([np.zeros(3)], lambda right: right)]) == "factor"


def test_a_sign_in_some_cases_only_is_no_sign() -> None:
    expected = [np.array([1.0, 2.0, 4.0]), np.array([-1.0, 5.0, 2.0])]
    assert diagnose(samples(expected, np.abs)) is not None
    assert name(samples(expected, np.abs)) == "entries"


def test_an_entry_counts_as_right_only_if_the_judge_says_so() -> None:
    def change(right: np.ndarray) -> Any:
        return right + np.array([1.0, 1e-7, 0.0]) * (1 + right**2)

    assert says(samples(drawn(0, (3,)), change)) == (
        "Entries [0], [1] of 3 are wrong; the others are right in every case."
    )


@pytest.mark.parametrize("value", [1j, 2 + 1j, complex(np.nan, 1)])
def test_complex_numbers_are_diagnosed_without_a_crash(value: complex) -> None:
    found = samples(drawn(0, (3,)), lambda right: right + value)
    assert name(found) == (None if np.isfinite(value) else "not-finite")


def test_infinities_are_diagnosed_without_a_warning() -> None:
    expected = [np.array([0.0, 1.0]), np.array([2.0, 1.0])]
    inf = samples(expected, lambda right: np.where(right == 1, np.inf, right))
    assert name(inf) == "not-finite"


def test_empty_cases_say_nothing() -> None:
    assert diagnose(samples([np.zeros((0, 2))], lambda right: right)) is None


@pytest.mark.parametrize(
    ("shape", "change", "sentence"),
    [
        (
            (3,),
            lambda right: -right,
            "Every value is right but for its sign: a minus is missing, or there is one too many.",
        ),
        (
            (3,),
            lambda right: right / 2,
            "Every value is 1/2 times what was expected: look for a constant factor.",
        ),
        (
            (3,),
            lambda right: right * np.pi,
            "Every value is 3.14159 times what was expected: look for a constant factor.",
        ),
        ((2, 3), lambda right: right.T, "The result is the transpose of what was expected."),
        (
            (2, 3, 4),
            lambda right: np.swapaxes(right, 1, 2),
            "The last two axes of the result are swapped.",
        ),
        (
            (2, 3, 4),
            lambda right: np.transpose(right, (1, 0, 2)),
            (
                "The axes of the result are in another order: it is the right one, "
                "transposed(1, 0, 2)."
            ),
        ),
        ((3,), lambda right: right - 8, "Every value is too small by 8: look for a constant term."),
        (
            (3,),
            lambda right: right + np.array([0, 12, 0]),
            "Only entry [1] is wrong: it is too large by 12: look for a constant term.",
        ),
        ((3,), np.zeros_like, "The result is zero in every case."),
        (
            (3,),
            lambda right: right[::-1],
            "The entries are right but stand in reversed order along the first axis.",
        ),
        ((3,), lambda right: np.roll(right, 1), "The rows are right but shifted by one."),
        (
            (3,),
            lambda right: right * (1 + 1e-6),
            (
                "The values are close but not close enough: a constant was rounded, a step was "
                "taken by a finite difference, or lower precision was used on the way."
            ),
        ),
        (
            (3,),
            lambda right: right * np.array([1, 1, np.nan]),
            (
                "Every case has NaN or infinity in it: look for a division by zero, a logarithm of "
                "a number that is not positive, or an overflow in exp."
            ),
        ),
        (
            (3,),
            lambda right: right + np.array([0, 1, 0]) * right**2,
            "Entry [1] of 3 is wrong; the others are right in every case.",
        ),
        (
            (2, 4),
            lambda right: right + (np.arange(4) > 0) * right**2,
            (
                "Entries [0, 1], [0, 2], [0, 3], [1, 1] and 2 more of 8 are wrong; the others are "
                "right in every case."
            ),
        ),
    ],
)
def test_a_diagnosis_is_a_sentence(
    shape: tuple[int, ...], change: Callable[[np.ndarray], Any], sentence: str
) -> None:
    assert says(samples(drawn(5, shape), change)) == sentence


def test_an_average_is_told_in_a_sentence() -> None:
    inputs = [{"X": np.ones((6, 2))}] * 4
    mean = says(samples(drawn(0, (2,)), lambda right: right / 6, inputs))
    assert mean == (
        "Every value is divided by the number of rows: a mean stands where a sum belongs."
    )
    total = says(samples(drawn(0, (2,)), lambda right: right * 6, inputs))
    assert total == (
        "Every value is multiplied by the number of rows: a sum stands where a mean belongs."
    )


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        (lambda w, _: w, "What is missing in every case is the term W."),
        (lambda w, _: -w, "What is missing in every case is the term -W."),
        (lambda w, _: 2 * w, "What is missing in every case is the term 2·W."),
        (lambda w, lam: lam * w, "What is missing in every case is the term lam·W."),
        (lambda w, lam: -0.5 * lam * w, "What is missing in every case is the term -0.5·lam·W."),
    ],
)
def test_a_missing_term_is_told_in_a_sentence(
    term: Callable[[np.ndarray, float], np.ndarray], sentence: str
) -> None:
    rng = np.random.default_rng(0)
    found = []
    for right in drawn(1, (2, 3)):
        inputs: dict[str, Any] = {"W": rng.normal(size=(2, 3)), "lam": rng.uniform(0.1, 1)}
        short = right - term(inputs["W"], inputs["lam"])
        found += samples([right], lambda _, short=short: short, [inputs])  # type: ignore[misc]
    assert says(found) == sentence


@pytest.mark.parametrize(
    ("observed", "expected", "near"),
    [
        (1.00001, 1.0, True),
        (-2.0001, -2.0, True),
        (1.001, 1.0, False),
        (-1.0, 1.0, False),
        (1e-9, 0.0, False),
        (float("nan"), 1.0, False),
        (1.0, float("nan"), False),
        (1 + 1e-6j, 1.0, True),
    ],
)
def test_a_number_is_near_if_four_digits_are_right(
    observed: complex, expected: float, near: bool
) -> None:
    assert nearly(observed, expected) == (messages.diagnosis.NEARLY if near else "")


@given(SEEDS)
def test_no_number_of_an_answer_is_told_where_every_case_is_hidden(seed: int) -> None:
    right = drawn(seed, (3,))
    for change in (lambda value: value + 0.7125846, lambda value: value * 1.3717846):
        found = samples(right, change)
        assert diagnose(found, shown=True) is not None
        hidden = diagnose(found, shown=False)
        assert hidden is None or not hidden.measured
    assert diagnose(samples(right, lambda value: -value), shown=False) is not None
