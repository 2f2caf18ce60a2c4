"""Inputs drawn for the cases of a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.spec.models import CaseGroup, FunctionPart, InputSpec, Shape


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
    return own + [one(part, part.inputs, rng) for _ in range(part.cases.count)]


def draw_group(
    part: FunctionPart, group: CaseGroup, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Return the inputs of the cases of a group."""
    inputs = {**part.inputs, **group.inputs}
    return [one(part, inputs, rng) for _ in range(group.count)]


def one(
    part: FunctionPart, inputs: Mapping[str, InputSpec], rng: np.random.Generator
) -> dict[str, Any]:
    """Return one draw of all inputs, of sizes drawn before."""
    sizes = {
        name: int(rng.integers(low, high, endpoint=True))
        for name, (low, high) in part.sizes.items()
    }
    return {name: sample(spec, rng, sizes) for name, spec in inputs.items()}


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
