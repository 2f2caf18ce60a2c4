"""What a kind of problem is: plan + judge, and the contexts that they are given.

A kind is a class with a pydantic model of its YAML fields, `plan()` (trusted: chooses inputs,
computes what is expected) and `judge()` (trusted: compares what was observed).  Where calling a
function is not enough it names a probe, the half that runs beside student code in the sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from grader.records import Call, Observation, PartResult
from grader.spec.asked import Asked
from grader.spec.marks import Mark
from grader.spec.models import Part
from grader.spec.reference import Reference
from grader.spec.secret import derived
from grader.spec.variants import is_per_student

PartT = TypeVar("PartT", bound=Part)

PUBLIC_SEED = 0x73656C662D636865636B
"""Of cases that students may have: no seed of an assignment is as long by accident."""


@dataclass(frozen=True, slots=True)
class Planning:
    """What a plan may use."""

    reference: Reference
    seed: int
    data: Mapping[str, Path] = field(default_factory=dict)  # what assignment.yaml names under data
    assignment: str = ""  # its id
    secret: bytes | None = field(default=None, repr=False)  # of the course
    student: str = ""  # for parts that are each student's own

    def rng(self, part: Part) -> np.random.Generator:
        """Return the random generator of a part: the same in every run, wherever that is.

        It is the same for every student, unless the part is per student.
        """
        if self.secret is None:
            return np.random.default_rng([self.seed, *part.id.encode()])
        student = self.student if is_per_student(part) else None
        seed = derived(self.secret, self.assignment, self.seed, part.id, student)
        return np.random.default_rng(seed)

    def public(self) -> Planning:
        """Return the planning of what is given away: its seed is known to everybody."""
        return replace(self, seed=PUBLIC_SEED, secret=None)


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


@dataclass(frozen=True, slots=True)
class Released:
    """What a student gets of a part for a check of their own: nothing that is graded unseen."""

    fields: Mapping[str, Any]  # of the part's YAML, as JSON data
    plan: PartPlan | None = None  # visible cases; None: made where it is read, from a public seed


class Kind(Generic[PartT]):
    """A kind of problem; subclasses are registered in `grader.kinds.registry`."""

    name: ClassVar[str]
    model: type[PartT]
    probes: ClassVar[tuple[str, ...]] = ()
    by_person: ClassVar[bool] = False  # whatever is handed in, a person judges it
    exhaustive: ClassVar[bool] = False  # it is tried on every input that there is
    expects: ClassVar[Any] = None  # the type of an entry of `PartPlan.expected`, to read it back

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

    def tried(self, call: Call) -> int:
        """Return how many drawn inputs a call tries."""
        del call
        return 1

    def mistaken(self, part: PartT, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return an example of each declared mistake: of a student who makes just that one.

        An audit judges them: each has to be recognised as itself.  Raises NotImplementedError for
        a kind that cannot say; parts that declare no mistakes are not asked.
        """
        raise NotImplementedError

    def asked(self, part: PartT) -> tuple[Asked, ...]:
        """Return what students write into answers.yaml for a part."""
        del part
        return ()

    def released(self, part: PartT, planning: Planning) -> Released | None:
        """Return what a student gets of a part; None: a check of what is there, and no verdict.

        No part of it may be an answer, a hidden case, or a name or value of a declared mistake.
        Where a plan hides no case (`visible` is None), the cases that are given away are drawn
        with `planning.public()`, so that they are not those that are graded.
        """
        del part, planning
        return None

    def taken_back(self, fields: Mapping[str, Any]) -> PartT:
        """Return the part of a release.  Raises ValueError for fields that are none of this kind.

        What a release withholds has something in its place that the judge never asks for.
        """
        return self.model.model_validate(dict(fields))

    def completed(self, part: PartT, plan: PartPlan) -> PartPlan:
        """Return the plan of a release with what can be computed without the reference."""
        del part
        return plan
