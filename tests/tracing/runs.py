"""Recorded runs of functions that a test writes."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from grader.probes.tracing import record
from grader.tracing.counting import Counts, count
from grader.tracing.record import Record, read

Function = Callable[..., Any]


def module_of(function: Function) -> ModuleType:
    """Return a student's module with this function and all that stands in its file."""
    made = ModuleType("solution")
    made.__dict__.update(target=function)
    return made


def raw(function: Function, *inputs: Any) -> dict[str, Any]:
    """Return the record of a call as data, as it would cross the wire."""
    return record(module_of(function), "target", list(inputs))


def size(inputs: tuple[Any, ...]) -> int:
    """Return how many numbers are recorded of these inputs."""
    return sum(np.size(item) for item in inputs if np.asarray(item).dtype.kind == "f")


def run(function: Function, *inputs: Any) -> Record:
    """Return the record of a call, read."""
    return read(raw(function, *inputs), size(inputs))


def costs(function: Function, *inputs: Any) -> Counts:
    """Return the costs of a call."""
    return count(run(function, *inputs))


def vector(length: int, seed: int = 0) -> np.ndarray:
    """Return random numbers of both signs."""
    return np.random.default_rng([length, seed]).normal(size=length)


def flat(*inputs: Any) -> list[float]:
    """Return the numbers of all inputs in order."""
    return [float(entry) for item in inputs for entry in np.asarray(item).reshape(-1)]
