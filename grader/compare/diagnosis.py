"""What a wrong answer looks like, taken over all cases at once.

A single case proves little: 4 for 2 may be a factor or a constant.  A pattern is named only if
every case fits it, the right ones too, and at least one case tells it from the right answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np

from grader import messages


@dataclass(frozen=True, slots=True)
class Sample:
    """One case: its inputs, what was expected, and the numbers that came back."""

    inputs: Mapping[str, Any]
    expected: np.ndarray
    observed: np.ndarray
    wrong: np.ndarray | None  # which entries are wrong; None where the shape is another


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A named pattern and the sentence that explains it."""

    name: str
    says: str
    measured: bool = False  # whether it says a number that was found in what came back


_RTOL = 1e-5  # looser than any tolerance: a float32 answer with a wrong sign still shows it
_NEAR = 1e-4  # what counts as nearly right
_MULTIPLES = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)


def nearly(observed: Any, expected: Any) -> str:
    """Return a hint if a wrong number is so near to the right one that the idea must be right."""
    with np.errstate(all="ignore"):
        near = abs(observed - expected) <= _NEAR * abs(expected)
    return messages.diagnosis.NEARLY if near else ""


def diagnose(samples: Sequence[Sample], *, shown: bool = True) -> Diagnosis | None:
    """Return the first pattern that all samples fit, from the most to the least telling.

    Where none of the cases is `shown`, no number is told that was found in the answers: it may be
    made up of what is hidden.
    """
    samples = [sample for sample in samples if sample.expected.size]
    if not any(sample.wrong is None or sample.wrong.any() for sample in samples):
        return None
    patterns = _PATTERNS
    if any(np.iscomplexobj(sample.observed) for sample in samples):
        patterns = (_not_finite, _entries)  # the others take real numbers for granted
    with np.errstate(all="ignore"):
        for pattern in patterns:
            found = pattern(samples)
            if found is not None and (shown or not found.measured):
                return found
    return None


def _same(left: np.ndarray, right: np.ndarray, rtol: float = _RTOL) -> bool:
    if left.shape != right.shape:
        return False
    scale = max(float(np.max(np.abs(right), initial=0.0)), 1e-6)
    return bool(np.all(np.abs(left - right) <= rtol * scale))


def _all(samples: Sequence[Sample], change: Callable[[Sample], np.ndarray]) -> bool:
    return all(_same(sample.observed, change(sample)) for sample in samples)


def _not_finite(samples: Sequence[Sample]) -> Diagnosis | None:
    wrong = [s for s in samples if s.wrong is None or s.wrong.any()]
    if any(np.all(np.isfinite(sample.observed)) for sample in wrong):
        return None
    if len(wrong) < len(samples):
        return Diagnosis("not-finite", messages.diagnosis.SOMETIMES_NOT_FINITE)
    return Diagnosis("not-finite", messages.diagnosis.ALWAYS_NOT_FINITE)


def _rounding(samples: Sequence[Sample]) -> Diagnosis | None:
    near = all(_same(sample.observed, sample.expected, _NEAR) for sample in samples)
    return Diagnosis("rounding", messages.diagnosis.NEARLY) if near else None


def _zero(samples: Sequence[Sample]) -> Diagnosis | None:
    if any(s.observed.shape != s.expected.shape or np.any(s.observed) for s in samples):
        return None
    return Diagnosis("zero", messages.diagnosis.ALWAYS_ZERO)


def _sign(samples: Sequence[Sample]) -> Diagnosis | None:
    return (
        Diagnosis("sign", messages.diagnosis.SIGN) if _all(samples, lambda s: -s.expected) else None
    )


def _permuted(samples: Sequence[Sample]) -> Diagnosis | None:
    """A transpose, or the axes in any other order."""
    axes = samples[0].expected.ndim
    if not 2 <= axes <= 4 or any(s.expected.ndim != axes for s in samples):
        return None
    backwards = tuple(reversed(range(axes)))
    for order in (backwards, *permutations(range(axes))):

        def moved(sample: Sample, order: tuple[int, ...] = order) -> np.ndarray:
            return np.transpose(sample.expected, order)

        if order != tuple(range(axes)) and _all(samples, moved):
            if order == backwards:
                return Diagnosis("transposed", messages.diagnosis.TRANSPOSED)
            return Diagnosis("permuted-axes", messages.diagnosis.permuted_axes(order))
    return None


def _factor(samples: Sequence[Sample]) -> Diagnosis | None:
    """One constant factor in every case: 2, 1/2, or one that goes with the number of rows."""
    ratios: list[float] = []
    entries = 0
    for sample in samples:
        if sample.observed.shape != sample.expected.shape:
            return None
        at = np.unravel_index(int(np.argmax(np.abs(sample.expected))), sample.expected.shape)
        largest = sample.expected[at]
        ratio = float(sample.observed[at] / largest) if largest else 1.0
        if not _same(sample.observed, ratio * sample.expected):
            return None
        entries += int(np.count_nonzero(sample.expected))
        ratios += [ratio] if largest else []
    # Two numbers always have some ratio, and two pairs may share one by chance.
    if entries < 3 or not ratios or not np.isfinite(ratios).all():
        return None
    by_rows = _by_rows(samples)
    if by_rows is not None:
        return by_rows
    ratio = ratios[0]
    if any(abs(other - ratio) > _RTOL * max(abs(ratio), 1e-6) for other in ratios):
        return None
    nearest = Fraction(ratio).limit_denominator(64)
    simple = abs(float(nearest) - ratio) <= _RTOL * abs(ratio)
    says = messages.diagnosis.factor(str(nearest) if simple else f"{ratio:.6g}")
    return Diagnosis("factor", says, measured=not simple)


def _by_rows(samples: Sequence[Sample]) -> Diagnosis | None:
    """A mean for a sum, or the other way round; with two rows it may as well be a factor."""
    rows = [_rows(sample.inputs) for sample in samples]
    if max(rows) < 3 or min(rows) < 1:
        return None
    pairs = list(zip(samples, rows, strict=True))
    if all(_same(sample.observed, sample.expected / n) for sample, n in pairs):
        return Diagnosis("mean", messages.diagnosis.MEAN_FOR_SUM)
    if all(_same(sample.observed, sample.expected * n) for sample, n in pairs):
        return Diagnosis("sum", messages.diagnosis.SUM_FOR_MEAN)
    return None


def _rows(inputs: Mapping[str, Any]) -> int:
    """Return the length of the first matrix among the inputs, or of the first array."""
    shapes = [np.shape(value) for value in inputs.values() if np.ndim(value)]
    shapes.sort(key=lambda shape: len(shape) == 1)
    return shapes[0][0] if shapes else 1


def _missing_constant(samples: Sequence[Sample]) -> Diagnosis | None:
    """The same number too much in every case: in all entries, or in a single one."""
    shape = samples[0].expected.shape
    if len(samples) < 2 or any({s.observed.shape, s.expected.shape} != {shape} for s in samples):
        return None
    rests = [sample.observed - sample.expected for sample in samples]
    if not np.any(rests[0]) or not all(_same(rest, rests[0]) for rest in rests):
        return None
    flat = rests[0].reshape(-1)
    if _same(flat, np.full(flat.shape, flat[0])):
        says = messages.diagnosis.constant_offset(float(flat[0]))
        return Diagnosis("constant", says, measured=True)
    largest = np.unravel_index(int(np.argmax(np.abs(rests[0]))), shape)
    alone = np.zeros(shape)
    alone[largest] = rests[0][largest]
    if not _same(rests[0], alone):
        return None
    entry = tuple(int(i) for i in largest)
    says = messages.diagnosis.constant_offset(float(alone[largest]), entry)
    return Diagnosis("constant", says, measured=True)


def _missing_input(samples: Sequence[Sample]) -> Diagnosis | None:
    """What is missing is a multiple of an input, or of two: a forgotten regulariser, say."""
    for name, times, multiple in _terms(samples[0].inputs):

        def short(
            sample: Sample, name: str = name, times: str = times, multiple: float = multiple
        ) -> np.ndarray:
            value = np.asarray(sample.inputs[name])
            if value.shape != sample.expected.shape or value.dtype.kind != "f":
                return np.full(sample.expected.shape, np.nan)
            return sample.expected - multiple * float(sample.inputs.get(times, 1.0)) * value

        if _all(samples, short):
            return Diagnosis(
                "missing-term", messages.diagnosis.missing_input(name, multiple, times)
            )
    return None


def _terms(inputs: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """Yield each input, alone and multiplied by another that is a number, with each multiple."""
    numbers = [name for name, value in inputs.items() if np.ndim(value) == 0]
    for name in inputs:
        for times in ("", *(other for other in numbers if other != name)):
            for multiple in _MULTIPLES:
                yield name, times, multiple


def _rolled(samples: Sequence[Sample]) -> Diagnosis | None:
    if any(s.expected.ndim < 1 or s.expected.shape[0] < 2 for s in samples):
        return None
    if _all(samples, lambda s: s.expected[::-1]):
        return Diagnosis("reversed", messages.diagnosis.REVERSED)
    if any(s.expected.shape != s.observed.shape or s.expected.shape[0] < 3 for s in samples):
        return None
    for there, here in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
        shifted = all(_same(s.observed[there], s.expected[here]) for s in samples)
        # Rows that are all alike look shifted in any case.
        if shifted and any(not _same(s.observed[there], s.expected[there]) for s in samples):
            return Diagnosis("off-by-one", messages.diagnosis.OFF_BY_ONE)
    return None


def _entries(samples: Sequence[Sample]) -> Diagnosis | None:
    """Some entries are right in every case, and the others are not."""
    shape = samples[0].expected.shape
    wrong = np.zeros(shape, bool)
    for sample in samples:
        if sample.wrong is None or sample.wrong.shape != shape:
            return None
        wrong |= sample.wrong
    if wrong.all():
        return None
    at = [tuple(int(i) for i in index) for index in np.argwhere(wrong)]
    return Diagnosis("entries", messages.diagnosis.wrong_entries(at, wrong.size))


_PATTERNS: tuple[Callable[[Sequence[Sample]], Diagnosis | None], ...] = (
    _not_finite,
    _rounding,
    _zero,
    _sign,
    _permuted,
    _factor,
    _missing_constant,
    _missing_input,
    _rolled,
    _entries,
)
