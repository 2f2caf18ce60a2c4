"""What a kind of problem is: plan + judge, and the contexts that they are given.

A kind is one file: a pydantic model of its YAML fields, `plan()` (trusted: chooses inputs, computes
what is expected) and `judge()` (trusted: compares what was observed).  Where calling a function is
not enough it names a probe, the half that runs beside the student's code in the sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from grader.records import Call, Observation, PartResult
from grader.spec.marks import Mark
from grader.spec.models import Part
from grader.spec.reference import Reference

PartT = TypeVar("PartT", bound=Part)


@dataclass(frozen=True, slots=True)
class Planning:
    """What a plan may use."""

    reference: Reference
    seed: int
    data: Mapping[str, Path] = field(default_factory=dict)  # what assignment.yaml names under data

    def rng(self, part: Part) -> np.random.Generator:
        """Return the random generator of a part: the same for every student and every run."""
        return np.random.default_rng([self.seed, *part.id.encode()])


@dataclass(frozen=True, slots=True)
class PartPlan:
    """What to run for a part and, kept apart, what is expected of it."""

    calls: tuple[Call, ...] = ()
    expected: tuple[Any, ...] = ()  # one entry per call, in the kind's own form; never sent
    visible: int | None = None  # the first so many calls are shown; None: all serve a self-check
    fresh: bool = False  # the calls are made in a process of their own
    fair: bool = False  # each has its share of the time, so that one that hangs stops no other


@dataclass(frozen=True, slots=True)
class Judging:
    """What a judge may use beside the observations."""

    reference: Reference
    answers: Mapping[str, Any] = field(default_factory=dict)  # answers.yaml
    answers_problem: str = ""  # why answers.yaml could not be read
    files: Sequence[str] = ()  # the names of the submission's files
    sources: Mapping[str, bytes] = field(default_factory=dict)  # the files that could be read
    earlier: Mapping[str, PartResult] = field(default_factory=dict)  # parts before this one
    mark: Mark | None = None  # what a person gave
    self_check: bool = False  # a student's own check: no answer may be read off from it


@dataclass(frozen=True, slots=True)
class Example:
    """What is handed in by a student who makes one declared mistake."""

    mistake: str
    observations: tuple[Observation, ...] = ()  # one for each call of the plan
    answers: Mapping[str, Any] = field(default_factory=dict)  # in answers.yaml


class Kind(Generic[PartT]):
    """A kind of problem; subclasses are registered in `grader.kinds.registry`."""

    name: ClassVar[str]
    model: type[PartT]
    probes: ClassVar[tuple[str, ...]] = ()
    by_person: ClassVar[bool] = False  # whatever is handed in, a person judges it

    def plan(self, part: PartT, planning: Planning) -> PartPlan:
        """Return the calls and what is expected of them; none for written answers."""
        raise NotImplementedError

    def judge(
        self,
        part: PartT,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Return the verdict on one submission."""
        raise NotImplementedError

    def mistaken(self, part: PartT, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return an example of each declared mistake: of a student who makes just that one.

        An audit judges them: each has to be recognised as itself.  Raises NotImplementedError for
        a kind that cannot say; parts that declare no mistakes are not asked.
        """
        raise NotImplementedError
