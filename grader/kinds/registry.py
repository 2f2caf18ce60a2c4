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
from grader.kinds.base import Kind
from grader.kinds.codings.two_codings import TwoCodings
from grader.kinds.costs.cost import Cost
from grader.kinds.frameworks.autograd_framework import AutogradFramework
from grader.kinds.frameworks.autograd_functions import AutogradFunctions
from grader.kinds.frameworks.operation import Operation
from grader.kinds.functions.derivatives import Gradient, Hessian, Jacobian, Value
from grader.kinds.functions.products import Jvp, Vjp
from grader.kinds.functions.quantities import Quantities
from grader.kinds.graphs.computation_graph import ComputationGraph
from grader.kinds.graphs.evaluation_trace import EvaluationTrace
from grader.kinds.networks.hard_coded_network import HardCodedNetwork
from grader.kinds.points.classification import ClassificationOfPoints
from grader.kinds.points.hessians import HessiansAtPoints
from grader.kinds.points.stationary import StationaryPoints
from grader.kinds.training.network import Network
from grader.kinds.training.optimizer import Optimizer
from grader.kinds.training.retraining import Retraining
from grader.kinds.training.torch_gradients import TorchGradients
from grader.kinds.training.training import Training
from grader.kinds.written.choices import Choice
from grader.kinds.written.formulas import WrittenCondition, WrittenExpression, WrittenOrder
from grader.kinds.written.texts import Text
from grader.kinds.written.written import Declaration, Manual, Survey
from grader.kinds.written.written_numbers import Number
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
    Vjp,
    Jvp,
    Operation,
    HardCodedNetwork,
    TorchGradients,
    Cost,
    Optimizer,
    Network,
    Training,
    Retraining,
    Quantities,
    ComputationGraph,
    EvaluationTrace,
    WrittenExpression,
    WrittenOrder,
    WrittenCondition,
    Number,
    Choice,
    Text,
    TwoCodings,
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
