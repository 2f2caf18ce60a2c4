"""Whether a mutant that no case sees differs at all: the same part with inputs of other seeds."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import values
from grader.grading.mutants.bench import Bench, Target
from grader.kinds.base import PartPlan
from grader.kinds.registry import kinds
from grader.messages.text import counted
from grader.records import Call, PartResult

INPUTS = 1000
MOST_SEEDS = 400
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Drawn:
    """The plans of a part with other seeds; `inputs` counts the calls that are new in them."""

    plans: tuple[tuple[int, PartPlan], ...] = ()
    inputs: int = 0
    problem: str = ""  # why they decide nothing


class FurtherInputs:
    """Further inputs for the parts of an assignment, drawn when the first survivor asks."""

    def __init__(self, bench: Bench) -> None:
        """Draw nothing yet."""
        self._bench = bench
        self._drawn: dict[str, Drawn] = {}
        self._locks = {target.part.id: threading.Lock() for target in bench.targets}

    def compare(self, target: Target, files: Mapping[str, bytes]) -> Comparison:
        """Return whether files get in a part what the reference gets, whatever the inputs.

        Raises SandboxError if the sandbox fails.
        """
        if kinds()[target.part.kind].exhaustive:
            return Comparison(True, f"{target.part.id}: right for every input that there is")
        if not any(map(_takes_inputs, target.plan.calls)):
            _, seen = self._bench.grade(target, target.plan, files)
            both = zip(seen, target.observations, strict=True)
            if all(alike(one.value, other.value) for one, other in both):
                return Comparison(True, f"{target.part.id}: takes no inputs, and gives the same")
        with self._locks[target.part.id]:
            if target.part.id not in self._drawn:
                self._drawn[target.part.id] = self._draw(target)
        drawn = self._drawn[target.part.id]
        for seed, plan in drawn.plans:
            result, _ = self._bench.grade(target, plan, files)
            if worse(result, target.result):
                says = f"{target.part.id}, seed {seed}: {result.status}: {result.summary}"
                return Comparison(False, says)
        if drawn.problem:
            return Comparison(None, drawn.problem)
        return Comparison(True, f"{target.part.id}: {counted(drawn.inputs, 'further input')}")

    def _draw(self, target: Target) -> Drawn:
        own, name = self._bench.assignment.spec.seed, target.part.id
        kind = kinds()[target.part.kind]
        known = {_call_digest(call) for call in target.plan.calls}
        plans: list[tuple[int, PartPlan]] = []
        inputs = 0
        for seed in range(own + 1, own + 1 + MOST_SEEDS):
            plan = self._bench.plan(target.problem, target.part, seed)
            if isinstance(plan, str):
                return Drawn(problem=f"{name}, seed {seed}: {plan}")
            new = {_call_digest(call): kind.tried(call) for call in plan.calls}
            more = sum(count for digest, count in new.items() if digest not in known)
            if not more:
                break
            known |= new.keys()
            result, _ = self._bench.grade(target, plan, self._bench.solution.runnable)
            if worse(result, target.result):
                says = f"{name}, seed {seed}: the reference is not right: {result.summary}"
                return Drawn(problem=says)
            plans.append((seed, plan))
            inputs += more
            if inputs >= INPUTS:
                return Drawn(tuple(plans), inputs)
        drawn = counted(inputs, "further input") if inputs else "no further inputs"
        return Drawn(tuple(plans), inputs, f"{name}: {drawn} can be drawn")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether something is the same in a part as the reference; None: it cannot be said."""

    same: bool | None
    says: str


def worse(result: PartResult, than: PartResult) -> bool:
    """Whether a verdict is lower than another."""
    return result.points < than.points or result.status is not than.status


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same up to rounding; a list of numbers is an array."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    try:
        first, second = np.asarray(one), np.asarray(other)
    except ValueError:  # a list of lists that are not equally long, or of other things
        first = second = np.asarray(None)
    if first.dtype.kind in "biufc" and second.dtype.kind in "biufc":
        close = first.shape == second.shape and np.allclose(
            first, second, rtol=_ROUNDING, atol=_ROUNDING, equal_nan=True
        )
        return bool(close)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and bool(one == other)


def _takes_inputs(call: Call) -> bool:
    """Whether a call is given more than names of what else to look at."""
    return not all(isinstance(value, str) for value in call.arguments.values())


def _call_digest(call: Call) -> str:
    return _digest([call.target, call.probe, call.seed, dict(call.arguments)])


def _digest(value: Any) -> str:
    return hashlib.sha256(b"".join(values.dump(value))).hexdigest()
