"""What is run for the kind `cost`: each algorithm for its values, and recorded for its costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from grader.compare import arrays
from grader.compare.conditioning import conditioning
from grader.errors import CourseError
from grader.kinds.base import PartPlan, Planning
from grader.kinds.costs.cost_measures import MOST_EVENTS, Run, needed_inputs
from grader.kinds.costs.cost_parts import Algorithm, CostPart
from grader.kinds.functions.automatic import Oracle, numeric
from grader.records import Call, Observation
from grader.tracing import polynomials
from grader.tracing.polynomials import Sizes

PROBE = "grader.probes.tracing:record"

_FAR_OUT = (17, 40)  # sizes at which values are tried, too


@dataclass(frozen=True, slots=True)
class Case:
    """Inputs with the value that is expected of them."""

    sizes: Sizes
    inputs: Mapping[str, Any]
    value: np.ndarray
    conditioning: Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Expected:
    """One call: of which of the algorithms, and what it takes to judge it."""

    algorithm: int  # its place in the part
    of: Case | Run


def plan(part: CostPart, planning: Planning) -> PartPlan:
    """Return the calls: all values first, so that no recorded run can stand in their way."""
    rng = planning.rng(part)
    oracles = [
        numeric(planning.reference.function(algorithm.expected)) for algorithm in part.algorithms
    ]
    calls: list[Call] = []
    expected: list[Expected] = []
    for place, (algorithm, oracle) in enumerate(zip(part.algorithms, oracles, strict=True)):
        for sizes in value_sizes(part, rng):
            case = _case(part, algorithm, sizes, oracle, rng)
            calls.append(Call(algorithm.function, case.inputs, seed=len(calls)))
            expected.append(Expected(place, case))
    for place, (algorithm, oracle) in enumerate(zip(part.algorithms, oracles, strict=True)):
        for sizes in traced_sizes(part):
            run = _run(part, algorithm, sizes, oracle, rng)
            arguments = {"inputs": list(run.inputs.values()), "limit": MOST_EVENTS, "ways": True}
            calls.append(Call(algorithm.function, arguments, PROBE, seed=len(calls)))
            expected.append(Expected(place, run))
    # While a call is recorded, NumPy is patched and the student holds recorded numbers.
    return PartPlan(tuple(calls), tuple(expected), fresh=True)


def of_algorithm(
    place: int, expected: Sequence[Expected], observations: Sequence[Observation]
) -> tuple[list[tuple[Case, Observation]], list[tuple[Run, Observation]]]:
    """Return the cases and the recorded runs of an algorithm, with what was seen of each."""
    cases: list[tuple[Case, Observation]] = []
    runs: list[tuple[Run, Observation]] = []
    for item, observation in zip(expected, observations, strict=True):
        if item.algorithm != place:
            continue
        if isinstance(item.of, Case):
            cases.append((item.of, observation))
        else:
            runs.append((item.of, observation))
    return cases, runs


def value_sizes(part: CostPart, rng: np.random.Generator) -> list[Sizes]:
    """Return sizes for the values: the smallest, all that follow, equal ones and some far out."""
    start = tuple(part.sizes.values())
    steps = np.arange(part.cases)
    columns = [start[0] + steps]
    columns += [size + np.append(0, rng.permutation(steps[1:])) for size in start[1:]]
    near = [tuple(map(int, at)) for at in zip(*columns, strict=True)]
    alike = [(max(start) + 1,) * len(start)] if len(start) > 1 else []
    turns = range(max(len(start), len(_FAR_OUT)))
    far = [
        tuple(size + _FAR_OUT[(place + turn) % 2] - 3 for place, size in enumerate(start))
        for turn in turns
    ]
    return [*near, *alike, *far]


def traced_sizes(part: CostPart) -> list[Sizes]:
    """Return the sizes of the recorded runs; one of them stands twice, for other inputs."""
    start = tuple(part.sizes.values())
    confirming = polynomials.confirming(start, part.degree)
    determining = polynomials.determining(start, part.degree)
    return [*determining, confirming, confirming, *polynomials.far(start)]


def _draw(
    algorithm: Algorithm, named: Mapping[str, int], rng: np.random.Generator
) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for name, shape in algorithm.inputs.items():
        if isinstance(shape, str):
            inputs[name] = named[shape]
            continue
        extents = [named[extent] if isinstance(extent, str) else extent for extent in shape]
        drawn = np.asarray(rng.normal(size=extents))
        inputs[name] = drawn if drawn.ndim else drawn.item()
    return inputs


def _inputs(
    part: CostPart, algorithm: Algorithm, sizes: Sizes, rng: np.random.Generator
) -> dict[str, Any]:
    return _draw(algorithm, dict(zip(part.names, sizes, strict=True)), rng)


def _case(
    part: CostPart, algorithm: Algorithm, sizes: Sizes, oracle: Oracle, rng: np.random.Generator
) -> Case:
    inputs = _inputs(part, algorithm, sizes, rng)
    value = _expect(part, algorithm, oracle, inputs)
    return Case(sizes, inputs, value, conditioning(oracle, inputs, value, rng))


def _run(
    part: CostPart, algorithm: Algorithm, sizes: Sizes, oracle: Oracle, rng: np.random.Generator
) -> Run:
    inputs = _inputs(part, algorithm, sizes, rng)
    _expect(part, algorithm, oracle, inputs)
    named = dict(zip(part.names, sizes, strict=True))
    return Run(sizes, inputs, needed_inputs(oracle, inputs), partial(_draw, algorithm, named))


def _expect(
    part: CostPart, algorithm: Algorithm, oracle: Oracle, inputs: Mapping[str, Any]
) -> np.ndarray:
    call = arrays.call_text(algorithm.expected, dict(inputs))
    try:
        with np.errstate(all="ignore"):
            value = oracle(**inputs)
    except Exception as error:
        raise CourseError(f"{part.id}: the reference fails for {call}: {error!r}") from error
    if not np.all(np.isfinite(value)):
        raise CourseError(f"{part.id}: the reference gives {value} for {call}")
    return value
