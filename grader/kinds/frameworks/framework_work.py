"""How much `backward()` of a small framework does, measured by numbers that record it."""

from __future__ import annotations

from grader import messages
from grader.records import Observation, Outcome

PROBE = "grader.probes.tracing:backward_work"
LEVELS = 10
"""Of y = y * y: enough to tell 2^10 paths from 10 nodes, few enough for either."""

_EXPONENTIAL = 1.5  # more than this times as much with each level
_STEADY = 1.25  # at most this times as much for each node, from the smallest graph to the largest


def note(observation: Observation) -> str:
    """Return what was measured, in a sentence; empty if nothing could be.

    It comes from beside the student's code and only says something; no point depends on it.
    """
    rows = _rows(observation)
    if len(rows) < 3:
        return ""
    (first, few), (before, less), (last, most) = rows[0], rows[-2], rows[-1]
    factor = (most / less) ** (1 / (last - before))
    if factor >= _EXPONENTIAL:
        return messages.costs.work_multiplies(factor, before, less, last, most)
    if most / last > _STEADY * few / first:
        return messages.costs.work_grows(few / first, first, most / last, last)
    return messages.costs.work_per_node(most / last)


def _rows(observation: Observation) -> list[tuple[int, int]]:
    """Return operations of the graph and multiplications of backward, growing; none for garbage."""
    answer = observation.value if observation.outcome is Outcome.RETURNED else None
    rows = answer.get("work") if isinstance(answer, dict) else None
    found: list[tuple[int, int]] = []
    for row in rows[:LEVELS] if isinstance(rows, list) else []:
        if not (isinstance(row, list) and len(row) == 3 and all(type(n) is int for n in row)):
            return []
        nodes, multiplications, _ = row
        if not 0 < nodes <= LEVELS or multiplications < 1 or (found and nodes <= found[-1][0]):
            return []
        found.append((nodes, min(multiplications, 10**9)))
    return found
