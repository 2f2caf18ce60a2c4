"""Whatever a student's process says of a hidden case, its inputs are not in the verdict.

A student may write to the grader's channel, so every answer may be made up: here the right answers
of the reference solutions, with one of a hidden case replaced by what holds a mark everywhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.grading import verdicts
from grader.grading.plans import Planned, Plans
from grader.kinds.base import Judging
from grader.kinds.registry import part_models, probes
from grader.records import Failure, Frame, Observation, Outcome, PartResult, RunOutcome, Status
from grader.sandbox.host import Sandbox
from grader.spec.loader import LoadedProblem, load
from grader.submissions.folder import Submission, read

ROOT = Path(__file__).parents[2]
PARTS = {
    "background-math": ("q3-gradient", "q3-hessian"),
    "autodiff-and-optimizers": ("p2-values", "p2-torch", "p3-adam"),
    "tensor-autograd": ("q3-linear", "q9-relu"),
}
MARK, NUMBER, SIZE = "made_up_7f3a", 4321.987654, 1234567890123
TRACES = (MARK, "4321.98", "4321.99", "4322", str(SIZE))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is for Linux")


@dataclass(frozen=True)
class Graded:
    """The parts of an assignment with what its reference solution answers."""

    submission: Submission
    planned: Mapping[str, tuple[LoadedProblem, Planned]]
    outcome: RunOutcome

    def verdict(self, part: str, observations: tuple[Observation, ...]) -> PartResult:
        problem, item = self.planned[part]
        judging = Judging(
            reference=problem.reference,
            answers={},
            answers_problem="",
            files=tuple(self.submission.files),
            sources=self.submission.files,
            earlier={},
        )
        outcome = replace(self.outcome, observations={part: observations})
        return verdicts.verdict(item, self.submission, outcome, judging)


@cache
def graded(name: str) -> Graded:
    assignment = load(ROOT / "assignments" / name, ROOT / "reference", part_models())
    plans = Plans(assignment)
    planned = {
        item.part.id: (problem, item)
        for problem in assignment.problems
        if any(part.id in PARTS[name] for part in problem.spec.parts)
        for item in plans.of(problem, "ada")
        if item.part.id in PARTS[name]
    }
    modules = {part.source_file for part in assignment.parts}
    folder = ROOT / "submissions" / name / "reference-solution"
    submission = read(folder, "reference-solution").as_modules(modules)
    items = [item for _, item in planned.values()]
    request = verdicts.request(items, submission, assignment.spec.limits.record())
    assert request is not None
    kinds = sorted({item.part.kind for item in items})
    with Sandbox(probes=probes(kinds)) as sandbox:
        return Graded(submission, planned, sandbox.run(request))


@pytest.mark.parametrize(
    ("name", "part"), [(name, part) for name, parts in PARTS.items() for part in parts]
)
def test_a_made_up_answer_in_a_hidden_case_tells_nothing(name: str, part: str) -> None:
    solution = graded(name)
    right = solution.outcome.observations[part]
    assert solution.verdict(part, right).status is Status.CORRECT
    hidden = range(solution.planned[part][1].plan.visible or 0, len(right))
    for made_up in _made_up(right[hidden[-1]].value):
        seen = (*right[: hidden[-1]], made_up)
        result = solution.verdict(part, seen)
        assert result.status is not Status.GRADER_FAULT, (made_up, result.summary)
        text = repr(result)
        assert not [trace for trace in TRACES if trace in text], (made_up, result)


_CLAIMED = (
    *(Outcome.RAISED, Outcome.MISSING, Outcome.NOT_IMPORTED, Outcome.NOT_DATA),
    *(Outcome.OUT_OF_MEMORY, Outcome.DIED),
)
_KEYS = (
    *("missing", "forbidden", "signature", "stopped", "not_data", "error", "failure", "returned"),
    *("step", "reached", "type", "message", "frames", "unknown", "problem", "name", "changed"),
)


def _made_up(value: Any) -> Iterator[Observation]:
    """Yield what a process could say in place of a value."""
    for file in ("solution.py", MARK):
        failure = Failure(MARK, MARK, (Frame(file, 3, MARK, MARK), Frame(file, SIZE, MARK, MARK)))
        yield from (Observation(outcome, failure=failure) for outcome in _CLAIMED)
    frames = [["solution.py", 3, MARK, MARK]]
    told = {"step": MARK, "type": MARK, "message": MARK, "frames": frames, "not_data": MARK}
    for key in _KEYS:
        for claim in (MARK, [MARK, MARK], told, [3, MARK, MARK], f"torch.optim.{MARK}"):
            yield Observation(Outcome.RETURNED, {key: claim})
            if isinstance(value, dict):
                yield Observation(Outcome.RETURNED, {**value, key: claim})
    yield from (Observation(Outcome.RETURNED, changed) for changed in _changed(value))


def _changed(value: Any, depth: int = 0) -> Iterator[Any]:
    """Yield a value with one thing in it replaced, however deep."""
    yield from (MARK, [MARK], {MARK: MARK}, NUMBER, SIZE, None, np.zeros((SIZE, 0)))
    if isinstance(value, (np.ndarray, float)):
        yield from (value * NUMBER, value + NUMBER, np.full(np.shape(value), NUMBER))
    if isinstance(value, dict) and depth < 2:
        for key, item in value.items():
            yield from ({**value, key: changed} for changed in _changed(item, depth + 1))
    if isinstance(value, list) and depth < 2:
        for at, item in list(enumerate(value))[:3]:
            for changed in _changed(item, depth + 1):
                yield [*value[:at], changed, *value[at + 1 :]]
