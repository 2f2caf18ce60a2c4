"""What a wrong answer looks like, taken over all cases at once.

A single case proves little: 4 for 2 may be a factor or a constant.  A pattern is named only if
every case that has right and wrong entries fits it, and at least one case tells it from the right
answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from grader import messages


@dataclass(frozen=True, slots=True)
class Sample:
    """One case: its inputs, what was expected, and the numbers that came back."""

    inputs: Mapping[str, Any]
    expected: np.ndarray
    observed: np.ndarray


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A named pattern and the sentence that explains it."""

    name: str
    says: str


_RTOL = 1e-5  # looser than any tolerance: a float32 answer with a wrong sign still shows it


def diagnose(samples: Sequence[Sample]) -> Diagnosis | None:
    """Return the first pattern that all samples fit, from the most to the least telling."""
    samples = [sample for sample in samples if sample.expected.size]
    if not samples:
        return None
    for pattern in _PATTERNS:
        found = pattern(samples)
        if found is not None:
            return found
    return None


def _same(left: np.ndarray, right: np.ndarray) -> bool:
    if left.shape != right.shape:
        return False
    scale = max(float(np.max(np.abs(right), initial=0.0)), 1e-6)
    with np.errstate(invalid="ignore"):
        return bool(np.all(np.abs(left - right) <= _RTOL * scale))


def _all(samples: Sequence[Sample], change: Callable[[Sample], np.ndarray]) -> bool:
    return all(_same(sample.observed, change(sample)) for sample in samples)


def _not_finite(samples: Sequence[Sample]) -> Diagnosis | None:
    if any(np.all(np.isfinite(sample.observed)) for sample in samples):
        return None
    return Diagnosis("not-finite", messages.ALWAYS_NOT_FINITE)


def _zero(samples: Sequence[Sample]) -> Diagnosis | None:
    if any(np.any(sample.observed) for sample in samples):
        return None
    return Diagnosis("zero", messages.ALWAYS_ZERO)


def _sign(samples: Sequence[Sample]) -> Diagnosis | None:
    if not _all(samples, lambda s: -s.expected):
        return None
    return Diagnosis("sign", messages.SIGN)


def _transposed(samples: Sequence[Sample]) -> Diagnosis | None:
    if any(s.expected.ndim < 2 for s in samples):
        return None
    if _all(samples, lambda s: s.expected.T):
        return Diagnosis("transposed", messages.TRANSPOSED)
    swapped = _all(samples, lambda s: np.swapaxes(s.expected, -1, -2))
    return Diagnosis("permuted-axes", messages.PERMUTED_AXES) if swapped else None


def _factor(samples: Sequence[Sample]) -> Diagnosis | None:
    """One constant factor in every case: 2, 1/2, or one over the number of rows."""
    ratios = []
    for sample in samples:
        if sample.observed.shape != sample.expected.shape:
            return None
        at = np.unravel_index(int(np.argmax(np.abs(sample.expected))), sample.expected.shape)
        if sample.expected[at] == 0:
            continue
        ratio = sample.observed[at] / sample.expected[at]
        if not _same(sample.observed, ratio * sample.expected):
            return None
        ratios.append(ratio)
    if not ratios or np.iscomplexobj(ratios) or not np.isfinite(ratios).all():
        return None
    ratio = float(ratios[0])
    if any(abs(other - ratio) > _RTOL * max(abs(ratio), 1e-6) for other in ratios):
        return _one_over_size(samples)
    nearest = Fraction(ratio).limit_denominator(64)
    is_simple = abs(float(nearest) - ratio) <= _RTOL * abs(ratio) and nearest != 1
    return Diagnosis("factor", messages.factor(str(nearest))) if is_simple else None


def _one_over_size(samples: Sequence[Sample]) -> Diagnosis | None:
    """The factor differs from case to case as the number of rows does."""

    def averaged(sample: Sample) -> np.ndarray:
        rows = [np.shape(value)[0] for value in sample.inputs.values() if np.ndim(value) > 1]
        return sample.expected / (rows[0] if rows else 1)

    return Diagnosis("mean", messages.MEAN_FOR_SUM) if _all(samples, averaged) else None


def _missing_constant(samples: Sequence[Sample]) -> Diagnosis | None:
    rests = [_rest(sample) for sample in samples]
    if any(rest is None for rest in rests) or len(samples) < 2:
        return None
    first = rests[0]
    if first is None or not all(rest is not None and _same(rest, first) for rest in rests):
        return None
    flat = first.reshape(-1)
    if not _same(flat, np.full(flat.shape, flat[0])):
        return None
    return Diagnosis("constant", messages.constant_offset(float(flat[0])))


def _missing_input(samples: Sequence[Sample]) -> Diagnosis | None:
    """What is missing is a multiple of one of the inputs: a forgotten regulariser, say."""
    for name in samples[0].inputs:
        for multiple in (1, -1, 2, -2, 0.5, -0.5):

            def short(sample: Sample, name: str = name, multiple: float = multiple) -> np.ndarray:
                value = np.asarray(sample.inputs[name])
                if value.shape != sample.expected.shape or value.dtype.kind != "f":
                    return np.full(sample.expected.shape, np.nan)
                return sample.expected - multiple * value

            if _all(samples, short):
                return Diagnosis("missing-term", messages.missing_input(name, multiple))
    return None


def _rest(sample: Sample) -> np.ndarray | None:
    if sample.observed.shape != sample.expected.shape:
        return None
    rest: np.ndarray = sample.observed - sample.expected
    return rest if np.all(np.isfinite(rest)) else None


def _rolled(samples: Sequence[Sample]) -> Diagnosis | None:
    if any(s.expected.ndim < 1 or s.expected.shape[0] < 2 for s in samples):
        return None
    if _all(samples, lambda s: s.expected[::-1]):
        return Diagnosis("reversed", messages.REVERSED)
    for shift in (1, -1):
        if _all(samples, lambda s, shift=shift: np.roll(s.expected, shift, axis=0)):  # type: ignore[misc]
            return Diagnosis("off-by-one", messages.OFF_BY_ONE)
    return None


def _entries(samples: Sequence[Sample]) -> Diagnosis | None:
    """The same entries are wrong in every case where anything is, and the others right."""
    shape = samples[0].expected.shape
    if any(s.observed.shape != shape or s.expected.shape != shape for s in samples) or not shape:
        return None
    wrong = np.zeros(shape, bool)
    for sample in samples:
        scale = max(float(np.max(np.abs(sample.expected))), 1e-6)
        with np.errstate(invalid="ignore"):
            close = np.abs(sample.observed - sample.expected) <= 1e-6 * scale
        wrong |= ~close
    if wrong.all() or not wrong.any():
        return None
    at = [tuple(int(i) for i in index) for index in np.argwhere(wrong)]
    return Diagnosis("entries", messages.wrong_entries(at, wrong.size))


def _rounding(samples: Sequence[Sample]) -> Diagnosis | None:
    for sample in samples:
        if sample.observed.shape != sample.expected.shape:
            return None
        scale = max(float(np.max(np.abs(sample.expected))), 1e-6)
        with np.errstate(invalid="ignore"):
            if not np.all(np.abs(sample.observed - sample.expected) <= 1e-4 * scale):
                return None
    return Diagnosis("rounding", messages.NEARLY)


_PATTERNS: tuple[Callable[[Sequence[Sample]], Diagnosis | None], ...] = (
    _not_finite,
    _rounding,
    _zero,
    _sign,
    _transposed,
    _factor,
    _missing_constant,
    _missing_input,
    _rolled,
    _entries,
)
