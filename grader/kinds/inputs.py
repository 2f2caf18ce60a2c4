"""Inputs drawn for the cases of a part."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.spec.models import FunctionPart, InputSpec


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
    drawn = [
        {name: sample(spec, rng) for name, spec in part.inputs.items()}
        for _ in range(part.cases.count)
    ]
    return own + drawn


def fixed(value: float | list[Any], *, whole: bool = False) -> Any:
    """Return a value from YAML as a student's function gets it: an array or a Python number.

    `whole` says that the argument is drawn from the integers; it then is one here as well.
    """
    dtype = np.int64 if whole else np.float64
    array = np.array(value, dtype=np.float64).astype(dtype)
    return array if array.ndim else array.item()


def sample(spec: InputSpec, rng: np.random.Generator) -> Any:
    """Return one draw: an array of the shape asked for, or a Python number for no shape."""
    if spec.value is not None:
        return fixed(spec.value)
    drawn: np.ndarray
    if spec.normal is not None:
        drawn = np.asarray(rng.normal(size=spec.normal))
    elif spec.uniform is not None:
        low, high = spec.uniform.low, spec.uniform.high
        drawn = np.asarray(rng.uniform(low, high, spec.uniform.shape))
        if spec.uniform.signs == "both":
            drawn = drawn * rng.choice([-1.0, 1.0], size=spec.uniform.shape)
    else:
        assert spec.integers is not None  # noqa: S101  (InputSpec has exactly one)
        whole = spec.integers
        drawn = np.asarray(rng.integers(whole.low, whole.high, whole.shape, endpoint=True))
    return drawn if drawn.ndim else drawn.item()
