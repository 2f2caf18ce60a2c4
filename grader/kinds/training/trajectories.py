"""Where an optimizer may go, right and wrong, and which way a student's class went."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np

from grader import messages
from grader.compare import arrays
from grader.kinds.training import update_rules
from grader.records import Failure, Observation, Outcome
from grader.spec.models import Mistake

_EXACT = 1e-9
SINGLE = 5e-6
"""Ten times what a state in single precision has been seen to deviate."""


WrongWays: TypeAlias = tuple[tuple[str, list[np.ndarray]], ...]
"""Known wrong ways to go in a case: the mistake and the trajectory of each."""


@dataclass(frozen=True, slots=True)
class Way:
    """What one case does, and the ways to go in it: the right ones and the known wrong ones."""

    objective: str
    options: Mapping[str, Any]
    form: str
    steps: int
    right: Mapping[str, list[np.ndarray]]  # by the place of ε
    wrong: WrongWays = ()  # no plan has them: they are found when something is wrong
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back of one case."""

    path: tuple[np.ndarray, ...] | None = None
    cleared: bool = True
    signature: str = ""

    @property
    def moved(self) -> bool:
        """Whether any parameter moved at all."""
        return self.path is None or any(bool(np.any(item != item[:1])) for item in self.path)


# ---- the ways ------------------------------------------------------------------------------------


def right_ways(rule: str, arguments: Mapping[str, Any]) -> dict[str, list[np.ndarray]]:
    """Return where the right rules go in a case, by the place of ε."""
    return {
        variant.placement: _trajectory(variant, arguments) for variant in update_rules.right(rule)
    }


_found: dict[tuple[str, int], tuple[Mapping[str, Any], WrongWays]] = {}
_MOST_FOUND = 64


def wrong_ways(rule: str, arguments: Mapping[str, Any]) -> WrongWays:
    """Return where the known wrong rules go in a case, with the names of the mistakes.

    What was found for the very same arguments, those of a plan, is not looked for again.
    """
    at = rule, id(arguments)
    kept = _found.get(at)
    if kept is not None and kept[0] is arguments:
        return kept[1]
    found = tuple(
        (variant.mistake, _trajectory(variant, arguments)) for variant in update_rules.wrong(rule)
    )
    if len(_found) >= _MOST_FOUND:
        _found.clear()
    _found[at] = arguments, found
    return found


def _trajectory(variant: update_rules.Variant, arguments: Mapping[str, Any]) -> list[np.ndarray]:
    objective = arguments["objective"]
    if objective["name"] == "quadratic":
        gradient = update_rules.quadratic(objective["A"], objective["b"])
    else:
        gradient = update_rules.network(objective["X"], objective["Y"])
    start, options, steps = (arguments[name] for name in ("start", "options", "steps"))
    return update_rules.trajectory(variant, gradient, start, options, steps)


# ---- which of them was taken ---------------------------------------------------------------------


def agree(
    seen: Sequence[np.ndarray], wanted: Sequence[np.ndarray], tolerance: float, nan: bool = False
) -> bool:
    """Return whether two ways are one: every parameter, at every step."""
    return all(
        np.allclose(found, there, rtol=tolerance, atol=tolerance, equal_nan=nan)
        for found, there in zip(seen, wanted, strict=True)
    )


def goes(seen: Seen, wanted: Sequence[np.ndarray], tolerance: float, nan: bool = False) -> bool:
    """Return whether a case went a way; one that gave no trajectory went none."""
    return seen.path is not None and agree(seen.path, wanted, tolerance, nan)


def seen_of(way: Way, observation: Observation) -> Seen:
    """Return what came back of a case, as far as it is what a probe returns."""
    value = observation.value if observation.outcome is Outcome.RETURNED else None
    if not isinstance(value, dict):
        return Seen()
    if "signature" in value:
        return Seen(signature=str(value["signature"])[:200])
    path = value.get("trajectory")
    wanted = [item.shape for item in way.right["outside"]]
    if not (isinstance(path, list) and len(path) == len(wanted)):
        return Seen()
    try:
        found = tuple(arrays.as_array(item) for item in path)
    except arrays.NotNumbersError:
        return Seen()
    fits = [item.shape for item in found] == wanted and not any(map(np.iscomplexobj, found))
    return Seen(found if fits else None, value.get("cleared") is not False)


def best(ways: Sequence[Way], seen: Sequence[Seen]) -> tuple[str, float]:
    """Return the place of ε, and the precision, at which most cases are right."""
    candidates = [
        (placement, tolerance) for tolerance in (_EXACT, SINGLE) for placement in ways[0].right
    ]

    def count(candidate: tuple[str, float]) -> int:
        placement, tolerance = candidate
        return sum(
            goes(item, way.right[placement], tolerance)
            for way, item in zip(ways, seen, strict=True)
        )

    return max(candidates, key=count)  # the first of equals: torch's own


def known_mistake(
    ways: Sequence[Way], seen: Sequence[Seen], placement: str, tolerance: float
) -> Mistake | None:
    """Return the known mistake that explains every case, if there is one."""
    returned = [(way, item) for way, item in zip(ways, seen, strict=True) if item.path is not None]
    if len(returned) < len(ways):
        return None
    if not any(item.moved for _, item in returned):
        return _mistake("not-in-place", messages.optimizers.NOT_IN_PLACE)
    right = [goes(item, way.right[placement], tolerance) for way, item in returned]
    if all(right):
        return _mistake("zero-grad", messages.optimizers.ZERO_GRAD)
    if all(good == (way.form == "list") for (way, _), good in zip(returned, right, strict=True)):
        stuck = [item for way, item in returned if way.form != "list"]
        if stuck and not any(item.moved for item in stuck):
            return _mistake("generator-used-up", messages.optimizers.GENERATOR)
    for name in _same(returned):
        return _mistake(name, messages.optimizers.mistake(name))
    return None


def _same(returned: Sequence[tuple[Way, Seen]]) -> Iterator[str]:
    """Yield the known mistakes that go the student's way in every case."""
    for tolerance in (_EXACT, SINGLE):
        for number, (name, _) in enumerate(returned[0][0].wrong):
            if all(goes(item, way.wrong[number][1], tolerance, True) for way, item in returned):
                yield name


def state_left_over(
    ways: Sequence[Way], seen: Sequence[Seen], observations: Sequence[Observation]
) -> Mistake | None:
    """Return the mistake of a state that outlives its run, if every run but the first shows it.

    Such a run is wrong from its first step.
    """

    def starts_wrong(way: Way, item: Seen, observation: Observation) -> bool:
        if item.path is None:
            failure = observation.failure or Failure("", "")
            shapes = "size" in failure.message or "shape" in failure.message
            return failure.type in {"RuntimeError", "ValueError"} and shapes
        wanted = way.right["outside"]
        starts = [found[:1] for found in item.path], [found[:1] for found in wanted]
        first = [found[:2] for found in item.path], [found[:2] for found in wanted]
        return agree(*starts, SINGLE) and not agree(*first, SINGLE)

    later = list(zip(ways, seen, observations, strict=True))[1:]
    if not later or not all(itertools.starmap(starts_wrong, later)):
        return None
    return _mistake("state-on-the-class", messages.optimizers.STATE_ON_THE_CLASS)


def _mistake(name: str, says: str) -> Mistake:
    return Mistake(name=name, function="mistake", says=says)


def difference(way: Way, item: Seen, *, hidden: bool) -> str:
    """Return where a trajectory leaves the right one."""
    path = cast(tuple[np.ndarray, ...], item.path)
    if not item.cleared and goes(item, way.right["outside"], SINGLE):
        return messages.optimizers.ZERO_GRAD
    off = [
        ~np.isclose(found, there, rtol=_EXACT, atol=_EXACT)
        for found, there in zip(path, way.right["outside"], strict=True)
    ]
    step = min(int(np.argwhere(item)[0][0]) for item in off if item.any())
    if hidden:
        return messages.optimizers.differs_hidden(way.objective, step)
    number = next(n for n, item in enumerate(off) if item[step].any())
    index = tuple(int(i) for i in np.argwhere(off[number][step])[0])
    values = path[number][step][index], way.right["outside"][number][step][index]
    return messages.optimizers.differs(way.objective, step, number + 1, index, *values)
