"""What a student is told of a function that returns one array, and what it earns.

A group of cases earns its points only where the ordinary cases are right, and an array has to come
as itself; in `groups` each group stands for itself, and an array may come in a tuple.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import Closeness, Difference, compare
from grader.compare.diagnosis import Sample, diagnose
from grader.compare.grids import grid
from grader.kinds import outcomes
from grader.kinds.base import PartPlan
from grader.records import CaseReport, Observation, Outcome, PartResult
from grader.spec.functions import FunctionPart
from grader.spec.models import Mistake


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one case."""

    inputs: Mapping[str, Any]
    value: np.ndarray
    conditioning: Mapping[str, np.ndarray]
    mistakes: Mapping[str, np.ndarray] = field(default_factory=dict)
    group: str = ""  # the name of the case's group, if it is in one


def judge_cases(
    part: FunctionPart, plan: PartPlan, observations: Sequence[Observation]
) -> PartResult:
    """Return the verdict on a function from what it returned for every case of a plan.

    What is expected of each case is an `Expected`.
    """
    cases = list(zip(plan.expected, observations, strict=True))
    names = list(dict.fromkeys(expected.group for expected in plan.expected))
    by_group = [(name, [pair for pair in cases if pair[0].group == name]) for name in names]
    if len(by_group) == 1:
        return _judge_group(part, by_group[0][1], plan.visible or 0)
    shares = {group.name: group.points for group in part.groups}
    shares[""] = part.points - sum(shares.values(), Fraction(0))
    results = {}
    for name, pairs in by_group:
        share = part.model_copy(update={"points": shares[name]})
        results[name] = _judge_group(share, pairs, 0 if name else plan.visible or 0)
    return outcomes.from_groups(part, results)


def _judge_group(
    part: FunctionPart, cases: Sequence[tuple[Expected, Observation]], shown: int
) -> PartResult:
    plan = [expected for expected, _ in cases]
    observations = [observation for _, observation in cases]
    results = [_closeness(part, observation, expected) for expected, observation in cases]
    statuses = [
        outcomes.status(observation, right=result is not None and result.right)
        for observation, result in zip(observations, results, strict=True)
    ]
    tally = outcomes.Tally.of(part, statuses, shown)
    visible = tuple(
        _report(part, index, plan[index], observations[index], results[index])
        for index in range(shown)
    )
    changed = outcomes.changed_inputs(observations)
    if tally.all_right:
        note = next((r.note for r in results if r is not None and r.note), "")
        return tally.correct(visible, notes=[note, changed])
    mistake = _known_mistake(part, plan, observations)
    if mistake is not None:
        return tally.known_mistake(mistake, visible)
    pattern = _pattern(plan, results, shown=bool(shown))
    return tally.failed(observations, visible, pattern, changed)


def _closeness(
    part: FunctionPart, observation: Observation, expected: Expected
) -> Closeness | None:
    if observation.outcome is not Outcome.RETURNED:
        return None
    return _compared(part, observation, expected, expected.value)


def _compared(
    part: FunctionPart, observation: Observation, case: Expected, wanted: np.ndarray
) -> Closeness:
    """Compare what came back with the right answer to a case, or with a wrong one."""
    same_shape = wanted.shape == case.value.shape  # a wrong answer may be transposed
    return compare(
        observation.value,
        wanted,
        tolerance=part.tolerance,
        conditioning=case.conditioning if same_shape else None,
        columns=part.shapes == "columns",
    )


def _known_mistake(
    part: FunctionPart, expected: Sequence[Expected], observations: Sequence[Observation]
) -> Mistake | None:
    if any(case.group for case in expected):
        return None  # a mistake is told by the ordinary cases
    for mistake in part.mistakes:
        if all(
            observation.outcome is Outcome.RETURNED
            and _compared(part, observation, case, case.mistakes[mistake.name]).right
            for observation, case in zip(observations, expected, strict=True)
        ):
            return mistake
    return None


def _pattern(
    expected: Sequence[Expected], results: Sequence[Closeness | None], *, shown: bool
) -> str:
    samples = []
    for case, result in zip(expected, results, strict=True):
        if result is None or result.observed is None:
            return ""  # a pattern is only named where every case returned numbers
        if result.difference is Difference.SHAPE and result.observed.ndim != case.value.ndim:
            return ""
        samples.append(Sample(case.inputs, case.value, result.observed, result.wrong))
    found = diagnose(samples, shown=shown)
    return found.says if found else ""


def _report(
    part: FunctionPart,
    index: int,
    expected: Expected,
    observation: Observation,
    result: Closeness | None,
) -> CaseReport:
    call = arrays.call_text(part.function, dict(expected.inputs))
    wanted = arrays.array_text(expected.value)
    if result is None:
        says = outcomes.sentence(observation, part.function, part.file)
        return CaseReport(index + 1, False, call, "", wanted, says)
    observed = repr(observation.value)[:400]
    worst = seen = there = ""
    table = None
    if result.observed is not None:
        observed = arrays.array_text(result.observed)
        table = grid(result, expected.value)
        if result.worst is not None and result.worst != ():
            worst = messages.results.index_text(result.worst)
            pair = result.observed[result.worst], expected.value[result.worst]
            seen, there = messages.results.two_numbers(*pair)
    says = result.message or result.note
    return CaseReport(
        index + 1, result.right, call, observed, wanted, says, worst, seen, there, table
    )
