"""The kinds that a course can use: the built-in ones, and those that installed packages add.

A package adds a kind through the entry-point group ``grader.kinds``; the entry names a subclass of
`grader.kinds.base.Kind`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from grader.errors import CourseError
from grader.kinds.autograd_framework import AutogradFramework
from grader.kinds.autograd_functions import AutogradFunctions
from grader.kinds.base import Kind
from grader.kinds.classification import ClassificationOfPoints
from grader.kinds.functions import Gradient, Hessian, Jacobian, Value
from grader.kinds.hessians import HessiansAtPoints
from grader.kinds.stationary import StationaryPoints
from grader.kinds.written import Declaration, Manual, Survey
from grader.spec.models import PartModels

BUILT_IN: tuple[type[Kind[Any]], ...] = (
    Value,
    Gradient,
    Jacobian,
    Hessian,
    StationaryPoints,
    HessiansAtPoints,
    ClassificationOfPoints,
    AutogradFunctions,
    AutogradFramework,
    Survey,
    Declaration,
    Manual,
)


@cache
def kinds() -> Mapping[str, Kind[Any]]:
    """Return every kind by name.  Raises CourseError if two have the same name."""
    found: dict[str, Kind[Any]] = {}
    added = [entry.load() for entry in entry_points(group="grader.kinds")]
    for kind in (*BUILT_IN, *added):
        if kind.name in found:
            raise CourseError(f"two kinds are called {kind.name!r}: {found[kind.name]} and {kind}")
        found[kind.name] = kind()
    return found


def part_models() -> PartModels:
    """Return the YAML model of every kind by name."""
    return {name: kind.model for name, kind in kinds().items()}


def probes(names: Iterable[str]) -> tuple[str, ...]:
    """Return the probes that the named kinds need, each once."""
    table = kinds()
    return tuple(dict.fromkeys(probe for name in names for probe in table[name].probes))
