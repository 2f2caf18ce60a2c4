"""What became of a training with one optimizer: how accurate it is, and what its losses did."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from grader import messages
from grader.compare import arrays
from grader.kinds import outcomes
from grader.records import Observation, Outcome, Status

_RISES = 0.8  # of all epochs: the loss of one that diverges grows nearly always


class Trainer(Protocol):
    """The part that asks for a training."""

    @property
    def function(self) -> str:
        """The training function."""

    @property
    def file(self) -> str:
        """The file with it."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is expected of the training with one optimizer."""

    optimizer: str
    labels: np.ndarray  # of the test set
    threshold: Fraction
    losses: tuple[float, ...]  # the reference's, per epoch


@dataclass(frozen=True, slots=True)
class Trained:
    """What became of the training with one optimizer."""

    status: Status
    says: str
    share: Fraction = Fraction(0)  # of the test set
    losses: tuple[float, ...] = ()
    mistake: str = ""
    steps: Mapping[str, int] = field(default_factory=dict)  # by the classes that are there

    @property
    def idle(self) -> bool:
        """Whether there are classes to train with, and none took a step."""
        return bool(self.steps) and not any(self.steps.values())


def trained(
    part: Trainer, target: Target, observation: Observation, *, self_check: bool
) -> Trained:
    """Return what became of one training.

    The text of an exception can hold pictures of the test set: it is told in a self-check only.
    """
    if observation.outcome is not Outcome.RETURNED:
        told = observation if self_check else outcomes.without_message(observation)
        says = outcomes.sentence(told, part.function, part.file)
        return Trained(outcomes.status(observation, right=False), says)
    answer = observation.value if isinstance(observation.value, dict) else {}
    if "returned" in answer:
        says = messages.training.not_a_pair(str(answer["returned"])[:100])
        return Trained(Status.WRONG, says)
    if not {"history", "predictions"} <= answer.keys():
        return Trained(Status.WRONG, messages.training.UNREADABLE)
    losses, fault = _losses(answer["history"])
    if fault:
        return Trained(Status.WRONG, fault, losses=losses)
    predictions, fault = _predictions(answer["predictions"], len(target.labels))
    if fault:
        return Trained(Status.WRONG, fault, losses=losses)
    share = Fraction(int(np.sum(predictions == target.labels)), len(target.labels))
    found = Trained(Status.WRONG, "", share, losses, steps=_steps(answer.get("steps")))
    return _judged(found, target, bool(np.all(predictions == predictions[0])))


def _judged(found: Trained, target: Target, constant: bool) -> Trained:
    """Return a training with what is said of it."""
    says = messages.training.accuracy(found.share, target.threshold)
    blown_up = next((n for n, loss in enumerate(found.losses, 1) if not math.isfinite(loss)), 0)
    if found.share >= target.threshold:
        notes = []
        if blown_up:
            notes.append(messages.training.not_finite_note(blown_up, found.losses[blown_up - 1]))
        if found.steps.get(target.optimizer) == 0:
            notes.append(messages.training.no_steps(target.optimizer))
        return replace(found, status=Status.CORRECT, says=" ".join([says, *notes]))
    if blown_up:
        fault = messages.training.history_not_finite(blown_up, found.losses[blown_up - 1])
        return replace(found, says=f"{fault} {says}")
    if constant:
        return replace(found, says=f"{messages.training.CONSTANT} {says}", mistake="not-trained")
    if _rises(found.losses):
        return replace(found, says=f"{messages.training.DIVERGED} {says}", mistake="diverged")
    return replace(found, says=says)


def _steps(value: Any) -> dict[str, int]:
    """Return how many steps were counted, by optimizer, as far as a probe can have said so."""
    given = value if isinstance(value, dict) else {}
    return {
        name: count
        for name, count in given.items()
        if isinstance(name, str) and type(count) is int and count >= 0
    }


def _losses(history: Any) -> tuple[tuple[float, ...], str]:
    """Return the loss of each epoch, and what is wrong with them."""
    try:
        found = arrays.as_array(history)
    except arrays.NotNumbersError:
        return (), messages.training.HISTORY_SHAPE
    if found.size == 0:
        return (), messages.training.HISTORY_EMPTY
    if found.ndim > 2 or max(found.shape, default=1) != found.size or np.iscomplexobj(found):
        return (), messages.training.HISTORY_SHAPE
    return tuple(float(loss) for loss in found.reshape(-1)), ""


def _predictions(value: Any, count: int) -> tuple[np.ndarray, str]:
    """Return the predicted labels, and what is wrong with them."""
    nothing = np.empty(0)
    try:
        found = arrays.as_array(value)
    except arrays.NotNumbersError as error:
        return nothing, messages.training.prediction_type(str(error))
    if found.shape not in {(count,), (count, 1), (1, count)}:
        return nothing, messages.training.prediction_shape(found.shape, count)
    return found.reshape(-1), ""


def _rises(losses: Sequence[float]) -> bool:
    steps = [after > before for before, after in pairwise(losses)]
    return len(steps) > 1 and sum(steps) >= _RISES * len(steps) and losses[-1] > losses[0]
