"""`retraining`: the course's own training script, run again with the student's operation.

The scripts are files that assignment.yaml names under `data`, so that a student, the sandbox and
the reference all run the same text.  With the course's operations they are run here, in the plan;
with the student's they are run in the sandbox.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.errors import CourseError
from grader.kinds import outcomes
from grader.kinds.base import Judging, Kind, PartPlan, Planning
from grader.kinds.training.training import curve
from grader.probes import training as probe
from grader.records import Call, Check, Figure, Observation, Outcome, PartResult, Status
from grader.spec.asked import Asked
from grader.spec.models import FileName, Identifier, Model, Part, Path, Points, PythonName

PROBE = "grader.probes.training:retrain"

_STAYS = 0.02  # how near to the loss of guessing a training has remained there


class Shares(Model):
    """What each claim is worth."""

    learns: Points
    given: Points = Field(description="The figure for the operation that the course gives.")
    own: Points = Field(description="The figure for the student's own operation.")


class RetrainingPart(Part):
    """An operation that a training can learn with, and the figures that it printed."""

    kind: Literal["retraining"]
    function: PythonName = Field(description="The class of the operation.")
    file: FileName = "solution.py"
    scripts: dict[PythonName, Identifier] = Field(
        min_length=1,
        description="Modules to run, in order, each with its name under data in assignment.yaml; "
        "the last one has train(operation), which gives losses and accuracies per epoch.",
    )
    operation: PythonName = Field(description="The operation of the scripts to compare with.")
    of: PythonName | None = Field(
        None, description="The reference's own class; by default the one of the same name."
    )
    given: Identifier = Field(description="The component of the figure for the course's operation.")
    own: Identifier = Field(description="The component of the figure for the student's operation.")
    least: float = Field(gt=0, le=1, description="The accuracy from which on it learns.")
    within: float = Field(0.02, gt=0, lt=1, description="How far a declared figure may be off.")
    guessing: float = Field(math.log(2), description="The loss of guessing.")
    shares: Shares

    @property
    def source_file(self) -> str:
        """The file with the operation."""
        return self.file

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield the class that takes the student's place in the course's own training."""
        yield ("of",) if self.of else ("function",), self.of or self.function

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return what the three claims are worth."""
        return (self.shares.learns, self.shares.given, self.shares.own)

    @model_validator(mode="after")
    def _two_figures(self) -> RetrainingPart:
        if self.given == self.own:
            raise ValueError(f"given and own are both {self.given!r}; expected two components")
        return self


@dataclass(frozen=True, slots=True)
class Run:
    """A training: loss and validation accuracy per epoch."""

    losses: tuple[float, ...]
    accuracies: tuple[float, ...]

    @property
    def accuracy(self) -> float:
        """The accuracy after the last epoch."""
        return self.accuracies[-1]


@dataclass(frozen=True, slots=True)
class Runs:
    """What the course's own trainings gave."""

    given: Run
    own: Run  # with a right operation in the student's place


class Retraining(Kind[RetrainingPart]):
    """`retraining`: it learns, and the declared figures are those that were measured."""

    name = "retraining"
    model = RetrainingPart
    probes = (PROBE,)

    def plan(self, part: RetrainingPart, planning: Planning) -> PartPlan:
        """Read the scripts and run them with the course's operations."""
        sources = _sources(part, planning)
        right = planning.reference.function(part.of or part.function)
        with probe.course_modules(sources) as modules:
            operations = [getattr(module, part.operation, None) for module in modules]
            given_operation = next(filter(None, operations), None)
            if given_operation is None:
                raise CourseError(f"{part.id}: the scripts have no {part.operation}")
            given, own = (_run(modules[-1].train(item)) for item in (given_operation, right))
        if given is None or own is None:
            raise CourseError(f"{part.id}: train gives no losses and accuracies")
        if own.accuracy < part.least:
            raise CourseError(f"{part.id}: the course's own training reaches {own.accuracy:.4f}")
        call = Call(part.function, {"scripts": sources}, PROBE)
        return PartPlan((call,), (Runs(given, own),))

    def judge(
        self,
        part: RetrainingPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Judge the training, then each figure against its own measurement."""
        runs: Runs = plan.expected[0]
        observation = observations[0]
        returned = observation.outcome is Outcome.RETURNED
        run = _run(observation.value) if returned else None
        learns = _learning(part, observation, run)
        keys = f"{part.id}-{part.given}", f"{part.id}-{part.own}"
        figures = [_figure_given(judging.answers, key) for key in keys]
        checks = [
            learns,
            _declared(part, keys[0], part.shares.given, figures[0], runs.given, judging),
            _declared(part, keys[1], part.shares.own, figures[1], run, judging),
        ]
        result = outcomes.from_checks(
            part,
            checks,
            (),
            observation.failure,
            right_says=messages.training.RETRAINED,
        )
        summary = result.summary
        if result.status is not Status.CORRECT and _swapped(part, figures, runs.given, run):
            summary = f"{summary} {messages.training.SWAPPED}"
        return _with_picture(result, summary, runs, run)

    def asked(self, part: RetrainingPart) -> tuple[Asked, ...]:
        """Return the two figures."""
        return tuple(
            Asked(
                key=f"{part.id}-{name}",
                form="number",
                asks=messages.training.asks_accuracy(operation),
                percent=True,
            )
            for name, operation in ((part.given, part.operation), (part.own, part.function))
        )


def _sources(part: RetrainingPart, planning: Planning) -> dict[str, str]:
    """Return the text of every script, in order."""
    sources = {}
    for module, name in part.scripts.items():
        path = planning.data.get(name)
        if path is None:
            known = ", ".join(planning.data) or "none"
            raise CourseError(
                f"{part.id}: assignment.yaml names no data {name!r}; expected one of: {known}"
            )
        try:
            sources[module] = path.read_text(encoding="utf-8")
        except OSError as error:
            raise CourseError(f"{part.id}: {path}: {error.strerror}") from None
    return sources


def _run(value: Any) -> Run | None:
    """Return what a training gave; None if that is something else."""
    if not isinstance(value, dict):
        return None
    found = []
    for name in ("losses", "accuracies"):
        try:
            array = arrays.as_array(value.get(name))
        except arrays.NotNumbersError:
            return None
        if array.ndim != 1 or array.dtype.kind != "f" or not array.size:
            return None
        found.append(tuple(float(item) for item in array))
    losses, accuracies = found
    return Run(losses, accuracies)


def _learning(part: RetrainingPart, observation: Observation, run: Run | None) -> Check:
    worth = part.shares.learns
    nothing = Fraction(0)
    name = part.function
    if run is None:
        if observation.outcome is Outcome.RETURNED:
            return Check(name, Status.WRONG, nothing, worth, messages.training.SCRIPT_UNREADABLE)
        says = outcomes.sentence(observation, part.function, part.file)
        return Check(name, outcomes.status(observation, right=False), nothing, worth, says)
    for epoch, loss in enumerate(run.losses, 1):
        if not math.isfinite(loss):
            says = messages.training.loss_blows_up(epoch)
            return Check(name, Status.WRONG, nothing, worth, says)
    if run.accuracy >= part.least:
        return Check(name, Status.CORRECT, worth, worth, messages.training.LEARNS)
    last = run.losses[-1]
    if abs(last - part.guessing) <= _STAYS:
        says = messages.training.stays_at_chance(last, part.guessing)
    else:
        says = messages.training.learns_too_little(run.accuracy, part.least)
    return Check(name, Status.WRONG, nothing, worth, says)


def _figure_given(answers: Mapping[str, Any], key: str) -> tuple[float | None, str]:
    """Return a declared figure as a share, and what was written; None if it is none."""
    written = answers.get(key)
    if isinstance(written, list) and written:  # one for each epoch
        written = written[-1]
    text = "" if written is None else str(written).strip()
    if isinstance(written, bool):
        return None, text
    found = re.fullmatch(r"([0-9]{1,3}(?:[.,][0-9]{1,18})?|[.,][0-9]{1,18})\s{0,9}(%?)", text)
    if not found:
        return None, text
    number = float(found[1].replace(",", "."))
    share = number / 100 if found[2] or number > 1 else number
    return (share if share <= 1 else None), text


def _declared(
    part: RetrainingPart,
    key: str,
    worth: Fraction,
    figure: tuple[float | None, str],
    run: Run | None,
    judging: Judging,
) -> Check:
    nothing = Fraction(0)
    share, text = figure
    if judging.answers_problem:
        return Check(key, Status.REFUSED, nothing, worth, judging.answers_problem)
    if not text:
        return Check(key, Status.MISSING, nothing, worth, messages.written.unanswered([key]))
    if share is None:
        says = messages.training.figure_expected(text)
        return Check(key, Status.WRONG, nothing, worth, says)
    if run is None:
        return Check(key, Status.WRONG, nothing, worth, messages.training.NOT_MEASURED)
    measured = run.accuracy
    if _near(part, share, measured):
        says = messages.training.declared_right(share)
        return Check(key, Status.CORRECT, worth, worth, says)
    if judging.self_check:
        says = messages.training.declared_hidden(share, part.within)
    else:
        says = messages.training.declared(share, measured, part.within)
    return Check(key, Status.WRONG, nothing, worth, says)


def _near(part: RetrainingPart, share: float, measured: float) -> bool:
    return abs(share - measured) <= part.within + 1e-9


def _swapped(
    part: RetrainingPart,
    figures: Sequence[tuple[float | None, str]],
    given: Run,
    own: Run | None,
) -> bool:
    first, second = figures[0][0], figures[1][0]
    if first is None or second is None or own is None:
        return False
    return _near(part, first, own.accuracy) and _near(part, second, given.accuracy)


def _with_picture(result: PartResult, summary: str, runs: Runs, run: Run | None) -> PartResult:
    words = messages.training
    lines = [
        (words.SIGMOID_REFERENCE, runs.given, True),
        (words.RELU_REFERENCE, runs.own, True),
    ]
    if run is not None:
        lines.insert(0, (words.RELU_YOURS, run, False))
    told = [(label, item.losses[0], item.losses[-1]) for label, item, _ in lines]
    picture = Figure(
        words.retraining_title(),
        words.retraining_text(told),
        words.EPOCH,
        words.LOSS,
        tuple(curve(label, item.losses, dashed=dashed) for label, item, dashed in lines),
    )
    return replace(result, summary=summary, figures=(picture,))
