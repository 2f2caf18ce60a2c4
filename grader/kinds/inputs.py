"""Inputs drawn for the cases of a part.

Sizes that are drawn independently hardly ever are all at an end of their range at once, as one
sample with one feature.  So the first hidden cases take the corners: all sizes as small as may be,
all as large, and each alone as small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.spec.functions import CaseGroup, FunctionPart, InputSpec, Shape


def draw(part: FunctionPart, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return the inputs of every case: the part's own first, then random ones.

    A part without inputs has one case.
    """
    if not part.inputs:
        return [{}]
    own = [
        {
            name: fixed(case[name], whole=spec.integers is not None)
            for name, spec in part.inputs.items()
        }
        for case in part.also
    ]
    shown = max(0, part.cases.visible - len(own))
    at: list[dict[str, int]] = [{} for _ in range(shown)] + _corners(part)
    return own + _drawn(part, part.inputs, rng, part.cases.count, at)


def draw_group(
    part: FunctionPart, group: CaseGroup, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Return the inputs of the cases of a group."""
    inputs = {**part.inputs, **group.inputs}
    return _drawn(part, inputs, rng, group.count, _corners(part))


def _drawn(
    part: FunctionPart,
    inputs: Mapping[str, InputSpec],
    rng: np.random.Generator,
    count: int,
    at: Sequence[Mapping[str, int]],
) -> list[dict[str, Any]]:
    """Return draws of all inputs, the first of them of the sizes given."""
    cases = []
    for number in range(count):
        lengths = draw_sizes(part, rng)
        lengths |= at[number] if number < len(at) else {}
        cases.append({name: sample(spec, rng, lengths) for name, spec in inputs.items()})
    return cases


def draw_sizes(part: FunctionPart, rng: np.random.Generator) -> dict[str, int]:
    """Return a draw of the named sizes of a part."""
    return {
        name: int(rng.integers(low, high, endpoint=True))
        for name, (low, high) in part.sizes.items()
    }


def _corners(part: FunctionPart) -> list[dict[str, int]]:
    """Return the sizes all low, all high, and each alone low; nothing for a part without sizes."""
    lowest = {name: low for name, (low, _) in part.sizes.items()}
    highest = {name: high for name, (_, high) in part.sizes.items()}
    alone = [{**highest, name: low} for name, low in lowest.items()]
    corners = [lowest, highest, *alone] if part.sizes else []
    return [sizes for number, sizes in enumerate(corners) if sizes not in corners[:number]]


def fixed(value: float | list[Any], *, whole: bool = False) -> Any:
    """Return a value from YAML as a student's function gets it: an array or a Python number.

    `whole` says that the argument is drawn from the integers; it then is one here as well.
    """
    dtype = np.int64 if whole else np.float64
    array = np.array(value, dtype=np.float64).astype(dtype)
    return array if array.ndim else array.item()


def sample(spec: InputSpec, rng: np.random.Generator, sizes: Mapping[str, int] = {}) -> Any:
    """Return one draw: an array of the shape asked for, or a Python number for no shape."""
    if spec.value is not None:
        return fixed(spec.value)
    drawn: np.ndarray
    if spec.normal is not None:
        drawn = np.asarray(rng.normal(size=_lengths(spec.normal, sizes)))
    elif spec.uniform is not None:
        low, high = spec.uniform.low, spec.uniform.high
        shape = _lengths(spec.uniform.shape, sizes)
        drawn = np.asarray(rng.uniform(low, high, shape))
        if spec.uniform.signs == "both":
            drawn = drawn * rng.choice([-1.0, 1.0], size=shape)
    else:
        assert spec.integers is not None  # noqa: S101  (InputSpec has exactly one)
        whole = spec.integers
        most = sizes[whole.high] if isinstance(whole.high, str) else whole.high
        shape = _lengths(whole.shape, sizes)
        drawn = np.asarray(rng.integers(whole.low, most, shape, endpoint=True))
    return drawn if drawn.ndim else drawn.item()


def _lengths(shape: Shape, sizes: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sizes[length] if isinstance(length, str) else length for length in shape)
