"""The kinds that a course can use: the built-in ones, and those that installed packages add.

A package adds a kind through the entry-point group ``grader.kinds``; the entry names a subclass of
`grader.kinds.base.Kind`.  A kind is imported when it is used, since all of them together take
longer than a check of many an assignment; packages are asked only for a name that is not built in,
or when all kinds are asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.kinds.base import Kind
    from grader.spec.models import Part, PartModels

BUILT_IN: Mapping[str, str] = {
    "value": "functions.derivatives:Value",
    "gradient": "functions.derivatives:Gradient",
    "jacobian": "functions.derivatives:Jacobian",
    "hessian": "functions.derivatives:Hessian",
    "stationary_points": "points.stationary:StationaryPoints",
    "hessians_at_points": "points.hessians:HessiansAtPoints",
    "classification_of_points": "points.classification:ClassificationOfPoints",
    "autograd_functions": "frameworks.autograd_functions:AutogradFunctions",
    "autograd_framework": "frameworks.autograd_framework:AutogradFramework",
    "vjp": "functions.products:Vjp",
    "jvp": "functions.products:Jvp",
    "operation": "frameworks.operation:Operation",
    "hard_coded_network": "networks.hard_coded_network:HardCodedNetwork",
    "torch_gradients": "training.torch_gradients:TorchGradients",
    "cost": "costs.cost:Cost",
    "optimizer": "training.optimizer:Optimizer",
    "network": "training.network:Network",
    "training": "training.training:Training",
    "retraining": "training.retraining:Retraining",
    "quantities": "functions.quantities:Quantities",
    "computation_graph": "graphs.computation_graph:ComputationGraph",
    "evaluation_trace": "graphs.evaluation_trace:EvaluationTrace",
    "expression": "written.formula_parts:WrittenExpression",
    "order": "written.formula_parts:WrittenOrder",
    "condition": "written.formula_parts:WrittenCondition",
    "number": "written.written_numbers:Number",
    "choice": "written.choices:Choice",
    "text": "written.texts:Text",
    "two_codings": "codings.two_codings:TwoCodings",
    "survey": "written.written:Survey",
    "declaration": "written.written:Declaration",
    "manual": "written.written:Manual",
}
"""Where the class of each kind is, below this package."""


class _Kinds(Mapping[str, "Kind[Any]"]):
    """Every kind by name, made on first use.  Raises CourseError if two have the same name."""

    def __init__(self) -> None:
        self._made: dict[str, Kind[Any]] = {}

    def __getitem__(self, name: str) -> Kind[Any]:
        if name not in BUILT_IN:
            return _added()[name]
        if name not in self._made:
            module, _, kind = BUILT_IN[name].partition(":")
            found = getattr(importlib.import_module(f"{__package__}.{module}"), kind)
            self._made.setdefault(name, found())  # another thread may have been faster
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        yield from BUILT_IN
        yield from _added()

    def __len__(self) -> int:
        return len(BUILT_IN) + len(_added())


class _Models(Mapping[str, "type[Part]"]):
    """The YAML model of every kind by name."""

    def __getitem__(self, name: str) -> type[Part]:
        model: type[Part] = kinds()[name].model
        return model

    def __iter__(self) -> Iterator[str]:
        return iter(kinds())

    def __len__(self) -> int:
        return len(kinds())


@cache
def kinds() -> Mapping[str, Kind[Any]]:
    """Return every kind by name; each is imported when it is asked for.

    Raises CourseError, once all are asked for or one that is not built in, if two have the same
    name.
    """
    return _Kinds()


def part_models() -> PartModels:
    """Return the YAML model of every kind by name."""
    return _Models()


def probes(names: Iterable[str]) -> tuple[str, ...]:
    """Return the probes that the named kinds need, each once."""
    table = kinds()
    return tuple(dict.fromkeys(probe for name in names for probe in table[name].probes))


@cache
def _added() -> Mapping[str, Kind[Any]]:
    from importlib.metadata import entry_points  # noqa: PLC0415  (a check does without)

    found: dict[str, Kind[Any]] = {}
    for kind in [entry.load() for entry in entry_points(group="grader.kinds")]:
        if kind.name in found or kind.name in BUILT_IN:
            other = found.get(kind.name) or BUILT_IN[kind.name]
            raise CourseError(f"two kinds are called {kind.name!r}: {other} and {kind}")
        found[kind.name] = kind()
    return found
