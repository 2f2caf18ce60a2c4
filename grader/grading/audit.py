"""Auditing an assignment: whether its own material gets the verdicts that it has to get.

The reference solution has to be right, the starter worth nothing, every sample as it declares,
every declared mistake recognised as itself, and all of that whatever the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.errors import CourseError, GraderError, UsageError
from grader.gradebook.store import Gradebook
from grader.grading import drawn_answers
from grader.grading.assignment import AssignmentGrading, Mode
from grader.grading.plans import Planned, Plans, planning_of
from grader.grading.run import GradingRun
from grader.kinds.base import Example, Judging, Kind, Planning
from grader.kinds.functions.derivatives import DerivativePart
from grader.kinds.registry import kinds, part_models
from grader.messages.text import counted
from grader.records import PartResult, Status
from grader.spec import samples
from grader.spec.faults import SpecFaultsError
from grader.spec.loader import Assignment, LoadedProblem, load, read_marks
from grader.spec.models import Part, declared_mistakes
from grader.spec.samples import EXPECT_NAME, Expected, Verdict
from grader.submissions.folder import Collection, Submission, collect, read

REFERENCE = "reference-solution"
STARTER = "starter"
_STARTER_ID = "the starter"  # no folder of a student is called so: it is read apart


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a course that is not as it has to be."""

    assignment: str
    part: str  # empty: the assignment as a whole
    where: str  # which submission or mistake shows it
    found: str
    expected: str
    advice: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the audit of one assignment brought to light."""

    assignment: str
    checked: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


class Audit:
    """The audit of several assignments: each is graded with its own seed and with another."""

    def __init__(self, run: GradingRun, *, seed: int | None = None) -> None:
        """Begin with no assignment; `seed` is the other one, or else the next."""
        self.run = run
        self.labels: list[str] = []
        self._seed = seed
        self._stack = ExitStack()
        self._audits: list[_AssignmentAudit] = []

    def __enter__(self) -> Self:
        """Return the audit itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what was opened for it."""
        self._stack.close()

    def add(self, name: str) -> None:
        """Load an assignment, with what has to be graded; run nothing yet.

        Raises CourseError for faults in the course's files, UsageError for a seed that is its own.
        """
        course = self.run.course
        assignment = load(course.assignment(name), course.references, part_models())
        collection = _collection(assignment, course.submissions(name))
        marks = read_marks(course.marks(name), assignment)
        own = assignment.spec.seed
        other = own + 1 if self._seed is None else self._seed
        if other == own:
            raise UsageError(f"{own} is the seed of {name}; give another one to compare it with")
        on_call = self.run.settings.on_call
        gradings = {}
        for label, used in ((name, own), (f"{name} with seed {other}", other)):
            seeded = replace(assignment, spec=assignment.spec.model_copy(update={"seed": used}))
            gradings[used] = self.run.gradings[label] = AssignmentGrading(
                seeded,
                collection,
                self._stack.enter_context(Gradebook(None)),
                self.run.runner,
                marks=marks,
                mode=Mode(unconfined=self.run.settings.unsafe),
                on_call=on_call and partial(on_call, label),
            )
            self.labels.append(label)
        audit = _AssignmentAudit(assignment, course.submissions(name), gradings, self.run)
        self._audits.append(audit)

    def grade(self) -> None:
        """Grade everything; returns when it is done."""
        wanted = {
            (label, name)
            for label in self.labels
            for name in self.run.gradings[label].stale_submissions()
        }
        self.run.start(wanted)
        for label, name in sorted(wanted):
            try:
                self.run.wait(label, name)
            except GraderError:
                raise
            except Exception:  # noqa: BLE001, S112  (kept in run.failures, and found there)
                continue

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what was found out about each assignment."""
        for audit in self._audits:
            yield audit.outcome()


def _collection(assignment: Assignment, folder: Path) -> Collection:
    """Return the samples of an assignment, and its starter as one more submission."""
    found: list[Submission] = []
    if any(folder.glob(f"*/{EXPECT_NAME}")):
        given = collect(folder).submissions
        found = [each for each in given if (folder / each.id / EXPECT_NAME).is_file()]
    starter = assignment.folder / STARTER
    if starter.is_dir():
        found.append(read(starter, _STARTER_ID))
    return Collection(tuple(found))


@dataclass(frozen=True, slots=True)
class _AssignmentAudit:
    assignment: Assignment
    folder: Path
    gradings: Mapping[int, AssignmentGrading]  # by seed, the assignment's own first
    run: GradingRun

    @property
    def own(self) -> AssignmentGrading:
        """The grading with the assignment's own seed."""
        return next(iter(self.gradings.values()))

    def outcome(self) -> Outcome:
        """Return everything that is not as it has to be."""
        faults = [*self._plan_faults()]
        others = [
            *self._not_graded(),
            *self._reference(),
            *self._starter(),
            *self._samples(),
            *self._mistakes(),
            *self._drawn_answers(),
            *self._seeds(),
        ]
        # Without a plan, no submission gets a verdict; that is one thing to mend.
        broken = {finding.part for finding in faults}
        findings = [*faults, *(finding for finding in others if finding.part not in broken)]
        parts = counted(len(self.assignment.parts), "part")
        given = counted(len(self.own.submissions), "submission")
        seeds = " and ".join(map(str, self.gradings))
        return Outcome(
            self.assignment.id,
            f"{parts}, {given}, seeds {seeds}",
            tuple(dict.fromkeys(findings)),
            tuple(self._notes()),
        )

    def _finding(self, part: str, where: str, found: str, expected: str, advice: str) -> Finding:
        return Finding(self.assignment.id, part, where, found, expected, advice)

    def _planned(self) -> Iterator[tuple[int, LoadedProblem, Planned]]:
        for seed, grading in self.gradings.items():
            for problem in self.assignment.problems:
                for item in grading.planned(problem, REFERENCE):
                    yield seed, problem, item

    def _results(self, grading: AssignmentGrading, name: str) -> dict[str, PartResult]:
        """Return what a submission got, by part; the course's own tests do not run here."""
        found = [grading.result(name, p.spec.problem) for p in self.assignment.problems]
        return {part.id: part for result in found if result for part in result.parts}

    def _plan_faults(self) -> Iterator[Finding]:
        for seed, _, item in self._planned():
            if item.fault:
                yield self._finding(
                    item.part.id,
                    f"the plan with seed {seed}",
                    item.fault,
                    "inputs and expected values for every case",
                    "mend the reference or the part's fields in its YAML",
                )

    def _not_graded(self) -> Iterator[Finding]:
        for (label, name), error in self.run.failures.items():
            if self.run.gradings[label] in self.gradings.values():
                yield self._finding(
                    "", f"{label}/{name}", f"not graded: {error}", "a verdict", "run it again"
                )

    def _reference(self) -> Iterator[Finding]:
        if REFERENCE not in self.own.submissions:
            yield self._finding(
                "",
                f"the sample {REFERENCE}",
                "not there",
                f"a submission that is right throughout, with its {EXPECT_NAME}",
                f"write submissions/{self.assignment.id}/{REFERENCE}/",
            )
            return
        results = self._results(self.own, REFERENCE)
        for part in self.assignment.parts:
            result = results.get(part.id)
            if result is None or kinds()[part.kind].by_person or self._unsettled(part):
                continue
            if (result.status, result.points) != (Status.CORRECT, part.points):
                yield self._finding(
                    part.id,
                    f"the sample {REFERENCE}",
                    f"{_verdict(result)}: {result.summary}",
                    str(Verdict(Status.CORRECT, part.points)),
                    "mend the sample, or what refuses a right answer",
                )

    def _starter(self) -> Iterator[Finding]:
        if _STARTER_ID not in self.own.submissions:
            yield self._finding(
                "",
                "the starter",
                "not there",
                "the files that students begin with",
                f"write assignments/{self.assignment.id}/{STARTER}/",
            )
        for result in self._results(self.own, _STARTER_ID).values():
            if result.points or result.status in {Status.CORRECT, Status.PARTIAL}:
                yield self._finding(
                    result.id,
                    "the starter",
                    f"{_verdict(result)}: {result.summary}",
                    "nothing right before a student has written a line",
                    "take the answer out of the starter, or judge so that a blank is not right",
                )

    def _samples(self) -> Iterator[Finding]:
        ours = {part.id for part in self.assignment.parts if not self._unsettled(part)}
        for name in self.own.submissions:
            if name == _STARTER_ID:
                continue
            try:
                declared = samples.read(self.folder / name / EXPECT_NAME, self.assignment)
            except SpecFaultsError as error:
                for fault in error.faults:
                    yield self._finding(
                        "", f"the sample {name}", str(fault), "an expectation that fits", "mend it"
                    )
                continue
            results = self._results(self.own, name)
            results = {part: result for part, result in results.items() if part in ours}
            yield from self._compared(
                name, {part: each for part, each in declared.items() if part in ours}, results
            )

    def _compared(
        self,
        name: str,
        declared: Mapping[str, Expected],
        results: Mapping[str, PartResult],
    ) -> Iterator[Finding]:
        found = {part: _verdict(result) for part, result in results.items()}
        for miss in samples.differences(declared, found):
            summary = results[miss.part].summary if miss.part in results else ""
            yield self._finding(
                miss.part,
                f"the sample {name}",
                f"{miss.found}: {summary}" if summary else miss.found,
                miss.declared,
                f"look at which of the two is wrong, and mend it or {name}/{EXPECT_NAME}",
            )

    def _mistakes(self) -> Iterator[Finding]:
        for seed, problem, item in self._planned():
            mistakes = tuple(dict.fromkeys(declared_mistakes(item.part)))
            if mistakes and not item.fault:
                planning = planning_of(self.gradings[seed].assignment, problem, REFERENCE)
                yield from self._recognised(item, mistakes, planning)

    def _recognised(
        self, item: Planned, mistakes: Sequence[str], planning: Planning
    ) -> Iterator[Finding]:
        part, kind = item.part, kinds()[item.part.kind]
        try:
            examples = kind.mistaken(part, item.plan, planning)
        except NotImplementedError:
            yield self._finding(
                part.id,
                "its mistakes",
                "they cannot be audited",
                f"{type(kind).__name__}.mistaken gives an example of each",
                "write that method of the kind",
            )
            return
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  (a reference may raise anything)
            yield self._finding(
                part.id, "its mistakes", f"{error!r}", "an example of each", "mend the reference"
            )
            return
        shown = [(e.mistake, _judged(kind, item, e, planning)) for e in examples]
        given = {mistake for mistake, _ in shown}
        shown += [(mistake, "no example of it") for mistake in mistakes if mistake not in given]
        for mistake, found in shown:
            if found:
                yield self._finding(
                    part.id,
                    f"the mistake {mistake}, seed {planning.seed}",
                    found,
                    f"the mistake {mistake}",
                    "add a case that tells it from the other answer, or mend what makes it",
                )

    def _unsettled(self, part: Part) -> bool:
        """Whether what is right depends on the course's secret, so that no sample can know it."""
        return self.assignment.secret is not None and drawn_answers.is_drawn(part)

    def _drawn_answers(self) -> Iterator[Finding]:
        for miss in drawn_answers.misses(self.assignment, Plans(self.assignment)):
            yield self._finding(miss.part, miss.where, miss.found, miss.expected, miss.advice)

    def _seeds(self) -> Iterator[Finding]:
        (own, first), *others = self.gradings.items()
        drawn = {part.id for part in self.assignment.parts if drawn_answers.is_drawn(part)}
        for seed, grading in others:
            for name in self.own.submissions:
                results = self._results(grading, name)
                for part, result in self._results(first, name).items():
                    other = results.get(part)
                    if part in drawn or other is None or _verdict(result) == _verdict(other):
                        continue
                    yield self._finding(
                        part,
                        name if name == _STARTER_ID else f"the sample {name}",
                        f"{_verdict(other)} with seed {seed}: {other.summary}",
                        f"{_verdict(result)}, as with seed {own}",
                        "draw more cases, or keep inputs away from where the answer is unstable",
                    )

    def _notes(self) -> Iterator[str]:
        for problem in self.assignment.problems:
            for part in problem.spec.parts:
                if isinstance(part, DerivativePart) and not _by_hand(problem, part):
                    yield (
                        f"{part.id}: {problem.reference.path.name} has no {part.function}, so the "
                        "expected derivative is held against none that was written by hand"
                    )
        if self.assignment.tests:
            yield "the course's own tests are not audited"


def _verdict(result: PartResult) -> Verdict:
    return Verdict(result.status, result.points, result.mistake)


def _by_hand(problem: LoadedProblem, part: DerivativePart) -> bool:
    try:
        return hasattr(problem.reference.loaded, part.function)
    except CourseError:
        return True  # a fault of the plan already


def _judged(kind: Kind[Any], item: Planned, example: Example, planning: Planning) -> str:
    """Return what else than its mistake was found in an example; nothing if all is well."""
    try:
        judging = Judging(planning.reference, answers=example.answers)
        result = kind.judge(item.part, item.plan, example.observations, judging)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  (whatever it is, it is a finding)
        return f"judging it failed: {error!r}"
    if result.status is Status.CORRECT:
        return "the same as the right answer in every case"
    if result.mistake is None:
        return f"not recognised: {result.summary}"
    if result.mistake != example.mistake:
        return f"the same as the mistake {result.mistake} in every case"
    return ""
