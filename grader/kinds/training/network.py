"""`network`: a torch module with a given number of weight layers, and a loss that fits it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from pydantic import Field

from grader import messages
from grader.kinds import outcomes, releases
from grader.kinds.base import Judging, Kind, PartPlan, Planning, Released
from grader.kinds.training import forbidden
from grader.records import Call, Observation, Outcome, PartResult, Status
from grader.spec.models import FileName, Model, Part, PythonName

PROBE = "grader.probes.training:network"

_ENDLESS = 1e6  # times the first loss: so deep falls what has no lower bound
_FALLS = 1e-4  # of the first loss, at least; a network that learns loses far more


class NetworkSize(Model):
    """For what the network is made."""

    inputs: int = Field(ge=2, le=10_000, description="The length of a row of X.")
    classes: int = Field(ge=2, le=1000)


class NetworkPart(Part):
    """A network and its loss."""

    kind: Literal["network"]
    function: PythonName = Field(description="(inputs, classes) -> torch.nn.Module.")
    loss: PythonName = Field(description="(output, target) -> a tensor with one number.")
    file: FileName = "solution.py"
    layers: int = Field(3, ge=1, le=100, description="So many matrices or kernels.")
    sizes: tuple[NetworkSize, ...] = Field(min_length=1)
    samples: int = Field(40, ge=4, le=1000)
    steps: int = Field(40, ge=2, le=1000, description="Of plain gradient descent.")
    forbids: tuple[forbidden.DottedName, ...] = ("torch.optim",)

    @property
    def source_file(self) -> str:
        """The file with both functions."""
        return self.file


class Network(Kind[NetworkPart]):
    """`network`: its layers are counted, and gradient descent is tried on its loss."""

    name = "network"
    model = NetworkPart
    probes = (PROBE,)

    def plan(self, part: NetworkPart, planning: Planning) -> PartPlan:
        """Draw classes that can be told apart, with numbers from 0 to 1 as pictures have them."""
        rng = planning.rng(part)
        calls = []
        for number, size in enumerate(part.sizes):
            centres = rng.uniform(0.2, 0.8, size=(size.classes, size.inputs))
            labels = np.arange(part.samples) % size.classes
            labels[: part.samples // 3] = 0  # so that even the last bias has something to learn
            noise = 0.1 * rng.normal(size=(part.samples, size.inputs))
            arguments = {
                "loss": part.loss,
                "inputs": np.clip(centres[labels] + noise, 0, 1),
                "labels": labels,
                "classes": size.classes,
                "steps": part.steps,
                "forbids": list(part.forbids),
            }
            calls.append(Call(part.function, arguments, PROBE, seed=number))
        return PartPlan(tuple(calls), part.sizes)

    def tried(self, call: Call) -> int:
        """Return how many pictures are drawn."""
        labels: Any = call.arguments["labels"]
        return len(labels)

    def judge(
        self,
        part: NetworkPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Say what is wrong with the first size for which something is."""
        refused = forbidden.refused(part, part.forbids, observations, judging)
        if refused is not None:
            return refused
        faults = [
            "" if o.outcome is not Outcome.RETURNED else _fault(part, size, o.value)
            for o, size in zip(observations, plan.expected, strict=True)
        ]
        statuses = [
            _loss_status(o.value)
            if fault and _loss_raised(o.value)
            else outcomes.status(o, right=not fault)
            for o, fault in zip(observations, faults, strict=True)
        ]
        tally = outcomes.Tally.of(part, statuses, len(observations))
        if tally.all_right:
            return replace(tally.correct(()), summary=messages.training.NETWORK_RIGHT)
        return tally.failed(observations, (), next(filter(None, faults), ""))

    def released(self, part: NetworkPart, planning: Planning) -> Released:
        """Return the fields: classes are drawn where they are read, from a public seed."""
        del planning
        names = ("function", "loss", "file", "layers", "sizes", "samples", "steps", "forbids")
        return Released(releases.fields(part, names))


def _fault(part: NetworkPart, size: NetworkSize, value: Any) -> str:
    """Return what is wrong with a network, an empty string if nothing is."""
    answer = value if isinstance(value, dict) else {}
    return (
        _wrong_type(part, answer)
        or _wrong_output(part, size, answer)
        or _wrong_layers(part, answer)
        or _wrong_descent(answer)
    )


def _wrong_type(part: NetworkPart, answer: Mapping[str, Any]) -> str:
    if "missing" in answer:
        return messages.training.no_function(part.loss, part.file)
    if "loss_class" in answer:
        return messages.training.loss_class(part.loss, str(answer["loss_class"])[:100])
    if "not_module" in answer:
        return messages.training.not_module(str(answer["not_module"])[:100])
    if "not_tensor" in answer:
        return messages.training.not_tensor(str(answer["not_tensor"])[:100])
    return ""


def _loss_raised(value: Any) -> dict[str, Any]:
    """Return what is told of an exception of the loss, nothing if there was none."""
    raised = value.get("loss_raised") if isinstance(value, dict) else None
    return raised if isinstance(raised, dict) else {}


def _loss_status(value: Any) -> Status:
    there = _loss_raised(value).get("type") != "NotImplementedError"
    return Status.CRASHED if there else Status.MISSING


def _loss_sentence(part: NetworkPart, raised: Mapping[str, Any]) -> str:
    error, message, file = (str(raised.get(key, ""))[:500] for key in ("type", "message", "file"))
    if error == "NotImplementedError":
        return messages.calls.not_there_yet(part.loss)
    line = raised.get("line")
    at = messages.calls.at_line(file[:100], line) if file and type(line) is int else ""
    return messages.calls.raised(part.loss, error[:100], message, at)


def _wrong_output(part: NetworkPart, size: NetworkSize, answer: Mapping[str, Any]) -> str:
    shape = _shape(answer.get("output"))
    if shape is None:
        return messages.training.UNREADABLE
    wanted = (part.samples, size.classes)
    if tuple(n for at, n in enumerate(shape) if n != 1 or at == 0) != wanted:
        return messages.training.wrong_output(shape, wanted)
    if _loss_raised(answer):
        return _loss_sentence(part, _loss_raised(answer))
    if "loss_type" in answer:
        return messages.training.loss_type(part.loss, str(answer["loss_type"])[:100])
    if "loss_shape" in answer:
        return messages.training.loss_shape(part.loss, _shape(answer["loss_shape"]) or ())
    if "no_gradient" in answer:
        if not answer.get("parameters"):
            return messages.training.NO_PARAMETERS
        return messages.training.NO_GRADIENT
    return ""


def _wrong_layers(part: NetworkPart, answer: Mapping[str, Any]) -> str:
    found = answer.get("weights")
    shapes = [_shape(item) for item in found[:1000]] if isinstance(found, list) else [None]
    read = [shape for shape in shapes if shape is not None]
    if len(read) < len(shapes):
        return messages.training.UNREADABLE
    if len(read) != part.layers:
        return messages.training.layer_count(read[:20], part.layers)
    return ""


def _wrong_descent(answer: Mapping[str, Any]) -> str:
    losses = _floats(answer.get("losses"))
    margins = _floats(answer.get("margins"))
    wrong = _floats([answer.get("wrong")])
    if not losses or len(margins) != 2 or not wrong:
        return messages.training.UNREADABLE
    if not math.isfinite(losses[0]):
        return messages.training.loss_not_finite(losses[0])
    first, last = losses[0], losses[-1]
    before, after = margins
    endless = not math.isfinite(last) or last < first - _ENDLESS * max(1.0, abs(first))
    if endless and not after < before:
        return messages.training.UNBOUNDED
    if not last < first - _FALLS * abs(first):
        return messages.training.loss_stays(first, last)
    if not (after > before or after > 0):  # outputs that start far too large shrink at first
        return messages.training.LOSS_RISES_WITH_TRUTH
    if not last < wrong[0] + _FALLS * abs(last) or last == wrong[0]:
        return messages.training.LOSS_BLIND
    return ""


def _shape(value: Any) -> tuple[int, ...] | None:
    if not isinstance(value, list) or not all(type(item) is int for item in value):
        return None
    return tuple(value[:20])


def _floats(value: Any) -> list[float]:
    """Return a list of numbers, an empty one for anything else."""
    if not isinstance(value, list) or not all(type(item) in (int, float) for item in value):
        return []
    return [float(item) for item in value]
