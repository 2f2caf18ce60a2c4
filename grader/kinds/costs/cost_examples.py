"""What is handed in by a student whose code is the reference's and who declares a known mistake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from grader import values
from grader.kinds.base import Example, PartPlan, Planning
from grader.kinds.costs.cost_measures import QUANTITIES
from grader.kinds.costs.cost_parts import CostPart, NumbersItem
from grader.probes import tracing
from grader.records import Call, Observation, Outcome


def examples(part: CostPart, plan: PartPlan, planning: Planning) -> Sequence[Example]:
    """Return one for each declared mistake.

    The reference is recorded in this process, which patches NumPy while it runs: nothing else may
    run at the same time.
    """
    seen = tuple(
        _observed(call, part.algorithms[expected.algorithm].expected, planning)
        for call, expected in zip(plan.calls, plan.expected, strict=True)
    )
    return [Example(name, seen, {key: answer}) for key, name, answer in _wrong_answers(part)]


def _observed(call: Call, function: str, planning: Planning) -> Observation:
    arguments: dict[str, Any] = dict(call.arguments)
    if call.probe is None:
        found = planning.reference.function(function)(*arguments.values())
    else:
        found = tracing.record(planning.reference.loaded, function, **arguments)
    return Observation(Outcome.RETURNED, values.plain(found))


def _wrong_answers(part: CostPart) -> Iterator[tuple[str, str, object]]:
    """Yield the key in answers.yaml, the name and the answer of every declared mistake."""
    for algorithm in part.algorithms:
        for quantity in QUANTITIES:
            key = f"{part.id}-{algorithm.label(quantity)}"
            for mistake in algorithm.declared(quantity).mistakes:
                yield key, mistake.name, mistake.answer
    for item in part.others:
        for wrong in item.mistakes:
            answer = wrong.answer
            given = [str(n) for n in answer] if isinstance(item, NumbersItem) else answer
            yield f"{part.id}-{item.id}", wrong.name, given
