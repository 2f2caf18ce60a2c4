"""`optimizer`: Adagrad, RMSprop or Adam as a class, judged by the way it takes.

What is expected is the trajectory of `torch.optim` in float64, computed in the plan by the same
probe that drives the student's class.  The hyperparameters are far from the defaults, where wrong
rules coincide with right ones, and ε is large enough for its place to show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
from pydantic import Field

from grader import messages
from grader.compare import arrays
from grader.errors import CourseError
from grader.kinds import outcomes, releases
from grader.kinds.base import Judging, Kind, PartPlan, Planning, Released
from grader.kinds.training import forbidden, trajectories, update_rules
from grader.kinds.training.trajectories import Seen, Way
from grader.probes import optimizers as probe
from grader.records import Call, CaseReport, Observation, Outcome, PartResult
from grader.spec.models import FileName, Part, PythonName

PROBE = "grader.probes.optimizers:trajectory"
NAMES = {"adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam"}

# Where a gradient is small the step is lr/ε times as long: with a large ratio, or steps that go to
# and fro about the minimum, the last digit grows until it is one of the first.
SETTINGS: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "adagrad": ({"lr": 0.3, "eps": 0.5}, {"lr": 0.15, "eps": 0.2}),
    "rmsprop": ({"lr": 0.02, "alpha": 0.8, "eps": 0.1}, {"lr": 0.01, "alpha": 0.6, "eps": 0.1}),
    "adam": (
        {"lr": 0.1, "betas": [0.7, 0.95], "eps": 0.05},
        {"lr": 0.04, "betas": [0.8, 0.9], "eps": 0.02},
    ),
}

_AGREEMENT = 1e-11  # between torch and the rules here: both are double precision
_UNUSED_STEPS = 3

_OF_ANY_RULE = ("not-in-place", "zero-grad", "generator-used-up", "state-on-the-class")


class OptimizerPart(Part):
    """A class with `step()` and `zero_grad()`."""

    kind: Literal["optimizer"]
    rule: Literal["adagrad", "rmsprop", "adam"]
    function: PythonName = Field(description="The class that the student writes.")
    file: FileName = "solution.py"
    steps: int = Field(50, ge=5, le=1000)
    long_run: int = Field(120, ge=5, le=2000, description="The steps of the longest case.")
    forbids: tuple[forbidden.DottedName, ...] = ("torch.optim",)

    @property
    def source_file(self) -> str:
        """The file with the class."""
        return self.file

    def known_mistakes(self) -> tuple[str, ...]:
        """Return the mistakes of the rule, and those that any optimizer can have."""
        return (*update_rules.MISTAKES[self.rule], *_OF_ANY_RULE)


class Optimizer(Kind[OptimizerPart]):
    """`optimizer`: the trajectory on a quadratic and on a small network."""

    name = "optimizer"
    model = OptimizerPart
    probes = (PROBE,)
    expects = Way

    def plan(self, part: OptimizerPart, planning: Planning) -> PartPlan:
        """Let torch's own optimizer go the way, and every known variant."""
        rng = planning.rng(part)
        first, second = SETTINGS[part.rule]
        calls, expected = [], []
        for name, options, form, steps, judged in (
            ("quadratic", first, "list", part.steps, True),
            ("network", second, "list", part.steps, True),
            ("quadratic", second, "generator", part.long_run, True),
            ("network", first, "list", _UNUSED_STEPS, False),
        ):
            objective, start = _OBJECTIVES[name](rng)
            if not judged:
                start.append(rng.normal(size=3))
            arguments = {
                "objective": objective,
                "start": start,
                "options": options,
                "steps": steps,
                "form": form,
            }
            sent = {**arguments, "forbids": list(part.forbids)}
            calls.append(Call(part.function, sent, PROBE))
            expected.append(
                _way(part, arguments)
                if judged
                else Way(name, options, form, steps, {}, judged=False)
            )
        return PartPlan(tuple(calls), tuple(expected), visible=1)

    def tried(self, call: Call) -> int:
        """Return how many steps a run takes: each has a gradient of its own."""
        steps: Any = call.arguments["steps"]
        return int(steps)

    def judge(
        self,
        part: OptimizerPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Find the variant that went the same way, right or wrong."""
        refused = forbidden.refused(part, part.forbids, observations, judging)
        if refused is not None:
            return refused
        cases = [
            (way, observation)
            for way, observation in zip(plan.expected, observations, strict=True)
            if way.judged
        ]
        ways, judged = [way for way, _ in cases], [observation for _, observation in cases]
        seen = [trajectories.seen_of(way, observation) for way, observation in cases]
        unused = [o for w, o in zip(plan.expected, observations, strict=True) if not w.judged]
        placement, tolerance = trajectories.best(ways, seen)
        right = [
            trajectories.goes(item, way.right[placement], tolerance) and item.cleared
            for way, item in zip(ways, seen, strict=True)
        ]
        statuses = [
            outcomes.status(observation, right=good)
            for observation, good in zip(judged, right, strict=True)
        ]
        tally = outcomes.Tally.of(part, statuses, plan.visible or 0)
        visible = (_report(part, ways[0], seen[0], judged[0], placement, right[0]),)
        if tally.all_right:
            notes = [messages.optimizers.SINGLE] if tolerance == trajectories.SINGLE else []
            if any(o.outcome is Outcome.RAISED for o in unused):
                notes.append(messages.optimizers.UNUSED)
            longest = max(way.steps for way in ways)
            says = messages.optimizers.right(NAMES[part.rule], longest, placement)
            return replace(tally.correct(visible), summary=" ".join([says, *notes]))
        with_wrong = _with_wrong(part, plan, ways)
        mistake = trajectories.known_mistake(with_wrong, seen, placement, tolerance)
        if mistake is None and right[0]:
            mistake = trajectories.state_left_over(ways, seen, judged)
        if mistake is not None:
            return tally.known_mistake(mistake, visible)
        return tally.failed(judged, visible, _pattern(part, ways, seen, right), _advice(judged))

    def released(self, part: OptimizerPart, planning: Planning) -> Released:
        """Return the first case; the wrong ways are the kind's own, not the course's."""
        names = ("rule", "function", "file", "steps", "long_run", "forbids")
        plan = releases.shown(self.plan(part, planning))
        return Released(releases.fields(part, names), plan)


def _quadratic(rng: np.random.Generator) -> tuple[dict[str, Any], list[np.ndarray]]:
    # Two of one shape, and two of one size: a state that is kept by either mixes them up.
    shapes = [(3,), (3,), (2, 2), (4,), (2,)]
    size = 14  # of all but the last, which has the gradient zero
    turn, _ = np.linalg.qr(rng.normal(size=(size, size)))
    matrix = turn @ np.diag(np.linspace(0.5, 4.0, size)) @ turn.T
    start = [rng.normal(size=shape) for shape in shapes]
    return {"name": "quadratic", "A": matrix, "b": rng.normal(size=size)}, start


def _network(rng: np.random.Generator) -> tuple[dict[str, Any], list[np.ndarray]]:
    shapes = [(3, 3), (3,), (3, 3), (3,)]
    inputs = rng.normal(size=(12, 3))
    first, second, third = inputs.T
    targets = np.stack([np.sin(first + second + third), first * second, np.cos(third)], axis=1)
    start = [0.7 * rng.normal(size=shape) for shape in shapes]
    return {"name": "network", "X": inputs, "Y": targets}, start


_OBJECTIVES = {"quadratic": _quadratic, "network": _network}


def _way(part: OptimizerPart, arguments: Mapping[str, Any]) -> Way:
    """Return all ways from a start, the right one taken by torch's own optimizer."""
    import torch  # noqa: PLC0415  (a course without optimizers does not load it)

    made: Any = SimpleNamespace(built_in=getattr(torch.optim, NAMES[part.rule]))
    with torch.random.fork_rng(devices=[]):
        oracle = probe.trajectory(made, "built_in", **arguments)["trajectory"]
    right = trajectories.right_ways(part.rule, arguments)
    if not trajectories.agree(oracle, right["outside"], _AGREEMENT):
        raise CourseError(f"{part.id}: torch.optim.{NAMES[part.rule]} goes another way than here")
    right["outside"] = oracle
    options, form, steps = (arguments[name] for name in ("options", "form", "steps"))
    return Way(arguments["objective"]["name"], options, form, steps, right)


def _with_wrong(part: OptimizerPart, plan: PartPlan, ways: Sequence[Way]) -> list[Way]:
    """Return the ways of a plan that are judged, with the wrong ones.

    They take seconds to find, and where all is right nobody needs them.
    """
    calls = [call for call, way in zip(plan.calls, plan.expected, strict=True) if way.judged]
    return [
        replace(way, wrong=trajectories.wrong_ways(part.rule, call.arguments))
        for call, way in zip(calls, ways, strict=True)
    ]


def _pattern(
    part: OptimizerPart, ways: Sequence[Way], seen: Sequence[Seen], right: Sequence[bool]
) -> str:
    """Return what is wrong in the first case that is, if it returned anything."""
    at = right.index(False)
    way, item = ways[at], seen[at]
    if item.signature and not at:  # that of a hidden case may be made up of what is hidden
        return messages.optimizers.signature(part.function, item.signature, way.options)
    return "" if item.path is None else trajectories.difference(way, item, hidden=at > 0)


def _advice(observations: Sequence[Observation]) -> str:
    for observation in observations:
        failure = observation.failure
        if observation.outcome is Outcome.RAISED and failure is not None:
            if "requires grad" in failure.message and "in-place" in failure.message:
                return messages.optimizers.NO_GRAD
            if failure.type == "ZeroDivisionError":
                return messages.optimizers.TIME_FROM_ONE
    return ""


def _report(
    part: OptimizerPart,
    way: Way,
    item: Seen,
    observation: Observation,
    placement: str,
    right: bool,
) -> CaseReport:
    call = messages.optimizers.made(part.function, way.options, way.form, way.steps, way.objective)
    wanted = _last(way.right[placement])
    if item.path is not None:
        says = "" if right else trajectories.difference(way, item, hidden=False)
        return CaseReport(1, right, call, _last(item.path), wanted, says)
    if item.signature:
        says = messages.optimizers.signature(part.function, item.signature, way.options)
    elif observation.outcome is Outcome.RETURNED:
        says = messages.optimizers.UNREADABLE
    else:
        says = outcomes.sentence(observation, part.function, part.file)
    return CaseReport(1, False, call, "", wanted, says)


def _last(path: Sequence[np.ndarray]) -> str:
    return "\n".join(arrays.array_text(item[-1]) for item in path)
