"""`training`: a training function, run once for each optimizer and judged by its predictions.

The labels of the test set stay here.  The reference's own training, on the same data, is drawn
beside the student's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.errors import CourseError
from grader.kinds import outcomes
from grader.kinds.base import Judging, Kind, PartPlan, Planning
from grader.kinds.training import forbidden
from grader.kinds.training.trained import Target, Trained, trained
from grader.kinds.written.written import Manual, RubricItem, as_manual
from grader.records import Call, Check, Curve, Figure, Observation, PartResult, Status
from grader.spec.functions import WholeNumber
from grader.spec.models import FileName, Identifier, Part, Points, PythonName

PROBE = "grader.probes.training:train"
MAX_EPOCHS_SHOWN = 1000


class TrainingPart(Part):
    """Training with several optimizers; accurate enough with some of them."""

    kind: Literal["training"]
    function: PythonName = Field(
        description="(optimizer, X, y, X_test, seed) -> (history, predictions)."
    )
    file: FileName = "solution.py"
    data: PythonName = Field(
        description="Of the reference: takes the paths under data in assignment.yaml, by name, and "
        "gives a dict with name, scale, X, y, X_test, y_test."
    )
    trainer: PythonName = Field(description="The reference's own training function.")
    optimizers: tuple[str, ...] = Field(min_length=1)
    enough: int = Field(ge=1, description="So many of them have to reach the threshold.")
    thresholds: dict[Identifier, Points] = Field(
        min_length=1, description="The share of the test set, by the name of the data."
    )
    training_seed: WholeNumber = Field(0, ge=0, description="What is passed as seed.")
    forbids: tuple[forbidden.DottedName, ...] = ("torch.optim",)

    reference_fields: ClassVar[tuple[str, ...]] = ("data", "trainer")
    built_in_mistakes: ClassVar[tuple[str, ...]] = ("not-trained",)

    @property
    def source_file(self) -> str:
        """The file with the training function."""
        return self.file

    @property
    def rubric(self) -> tuple[RubricItem, ...]:
        """What a person may give points for, where it does not show what trained the network."""
        says = messages.training.BY_PERSON
        return (RubricItem(id="trained", says=says, points=self.points),)

    @model_validator(mode="after")
    def _possible(self) -> TrainingPart:
        if self.enough > len(self.optimizers):
            raise ValueError(
                f"enough is {self.enough}; expected at most {len(self.optimizers)}, the number of "
                "optimizers"
            )
        for name, share in self.thresholds.items():
            if not 0 < share <= 1:
                raise ValueError(f"the threshold for {name} is {share}; expected a share up to 1")
        return self


class Training(Kind[TrainingPart]):
    """`training`: one call for each optimizer."""

    name = "training"
    model = TrainingPart
    probes = (PROBE,)

    def plan(self, part: TrainingPart, planning: Planning) -> PartPlan:
        """Read the data, and let the reference train."""
        data = planning.reference.function(part.data)(dict(planning.data))
        threshold = part.thresholds.get(data["name"])
        if threshold is None:
            raise CourseError(f"{part.id}: thresholds has none for the data {data['name']!r}")
        calls, expected = [], []
        for optimizer in part.optimizers:
            arguments = {
                "optimizer": optimizer,
                "pictures": data["X"],
                "labels": data["y"],
                "unseen": data["X_test"],
                "seed": part.training_seed,
                "scale": float(data["scale"]),
                "optimizers": list(part.optimizers),
                "forbids": list(part.forbids),
            }
            calls.append(Call(part.function, arguments, PROBE, seed=part.training_seed))
            with _one_thread():
                losses, share = _reference_run(part, planning, data, optimizer)
            if share < threshold:
                raise CourseError(
                    f"{part.id}: the reference itself reaches {messages.training.percent(share)} "
                    f"with {optimizer}, less than the threshold"
                )
            labels = np.asarray(data["y_test"])
            expected.append(Target(optimizer, labels, threshold, losses))
        return PartPlan(tuple(calls), tuple(expected), fresh=True, fair=True)

    def judge(
        self,
        part: TrainingPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Count right predictions, and draw the losses."""
        shown = judging.self_check
        found = [
            trained(part, target, observation, self_check=shown)
            for target, observation in zip(plan.expected, observations, strict=True)
        ]
        figures = tuple(
            _figure(target, item)
            for target, item in zip(plan.expected, found, strict=True)
            if item.losses
        )
        if judging.mark is not None:
            marked = Manual().judge(as_manual(part, part.rubric, ""), PartPlan(), (), judging)
            return replace(marked, figures=figures)
        refused = forbidden.refused(part, part.forbids, observations, judging)
        if refused is not None:
            return refused
        checks = tuple(
            Check(target.optimizer, item.status, Fraction(0), Fraction(0), item.says)
            for target, item in zip(plan.expected, found, strict=True)
        )
        result = _summarised(part, plan.expected, found)
        told = [o if shown else outcomes.without_message(o) for o in observations]
        failures = [o.failure for o in told if o.failure is not None]
        wrong = result.status is not Status.CORRECT
        return replace(
            result,
            checks=checks,
            figures=figures,
            failure=failures[0] if failures and wrong else None,
            cases_total=len(found),
            cases_right=sum(item.status is Status.CORRECT for item in found),
        )


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch use one thread here, as in the sandbox: for small networks more only wait."""
    import torch  # noqa: PLC0415  (a course without training does not load it)

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _reference_run(
    part: TrainingPart, planning: Planning, data: Mapping[str, Any], optimizer: str
) -> tuple[tuple[float, ...], Fraction]:
    scale = data["scale"]
    history, predictions = planning.reference.function(part.trainer)(
        optimizer,
        np.asarray(data["X"], dtype=np.float64) / scale,
        np.asarray(data["y"], dtype=np.int64),
        np.asarray(data["X_test"], dtype=np.float64) / scale,
        part.training_seed,
    )
    right = int(np.sum(np.asarray(predictions) == data["y_test"]))
    return tuple(float(loss) for loss in history), Fraction(right, len(data["y_test"]))


def _summarised(
    part: TrainingPart, targets: Sequence[Target], runs: Sequence[Trained]
) -> PartResult:
    there = [
        (target, item)
        for target, item in zip(targets, runs, strict=True)
        if item.status is Status.CORRECT
    ]
    threshold = targets[0].threshold
    nothing = Fraction(0)
    if len(there) >= part.enough:
        found = [
            (target.optimizer, item.share, item.steps.get(target.optimizer) == 0)
            for target, item in there
        ]
        says = messages.training.accuracies(found, part.enough, threshold)
        if all(item.idle for _, item in there):
            says = f"{says} {messages.training.NO_STEP_AT_ALL}"
            return PartResult(part.id, Status.PENDING, nothing, part.points, says)
        return PartResult(part.id, Status.CORRECT, part.points, part.points, says)
    at, worst = next((n, item) for n, item in enumerate(runs) if item.status is not Status.CORRECT)
    names = [target.optimizer for target, _ in there]
    says = messages.training.too_few(names, part.enough, len(targets), threshold)
    detail = messages.training.each(targets[at].optimizer, worst.says)
    status = Status.WRONG if there else worst.status
    return PartResult(
        part.id,
        status,
        nothing,
        part.points,
        f"{says} {detail}",
        mistake=worst.mistake or None,
        hint=part.hint,
    )


def _figure(target: Target, item: Trained) -> Figure:
    return Figure(
        messages.training.history_title(target.optimizer),
        messages.training.history_text(target.optimizer, item.losses, target.losses),
        messages.training.EPOCH,
        messages.training.LOSS,
        (
            curve(messages.training.YOURS, item.losses),
            curve(messages.training.REFERENCE, target.losses, dashed=True),
        ),
    )


def curve(label: str, losses: Sequence[float], *, dashed: bool = False) -> Curve:
    """Return losses per epoch, from 1, as a line that is broken where they are not finite."""
    shown = losses[:MAX_EPOCHS_SHOWN]
    return Curve(
        label,
        tuple(float(epoch) for epoch in range(1, len(shown) + 1)),
        tuple(loss if math.isfinite(loss) else None for loss in shown),
        dashed,
    )
