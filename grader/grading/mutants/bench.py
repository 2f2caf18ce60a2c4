"""Where mutants are graded: the parts of an assignment one by one, and what the reference gets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

from grader.errors import CourseError, SandboxError
from grader.grading.assignment import Runner
from grader.grading.mutants import marks, scopes
from grader.grading.mutants.scopes import MODULE
from grader.grading.mutants.sources import Mutant
from grader.grading.plans import course_code
from grader.kinds.base import Judging, PartPlan, Planning
from grader.kinds.registry import kinds
from grader.records import Observation, PartCalls, PartResult, RunRequest, Status
from grader.spec.loader import Assignment, LoadedProblem
from grader.spec.models import Part
from grader.submissions import answers
from grader.submissions.folder import Submission

LEAST_S = 5.0
_TIMES = 5  # as long as the reference may a mutant take
_MARKS_KIB = 1024


@dataclass(frozen=True, slots=True)
class Target:
    """A part that runs code, with its plan and what the reference solution gets in it."""

    part: Part
    problem: LoadedProblem
    plan: PartPlan
    result: PartResult
    observations: tuple[Observation, ...]
    wall_s: float  # that the reference took
    entered: frozenset[tuple[str, str]]  # what it ran, as (file, scope) or (file, scope@block)

    @property
    def allowed_s(self) -> float:
        """What a mutant may take before it counts as one that hangs."""
        return max(LEAST_S, _TIMES * self.wall_s)


class Bench:
    """An assignment with its reference solution, ready to grade what differs a little from it."""

    def __init__(
        self, assignment: Assignment, solution: Submission, runner: Callable[[], Runner]
    ) -> None:
        """Make no plan and run nothing yet."""
        self.assignment = assignment
        self.solution = solution
        self.targets: tuple[Target, ...] = ()
        self.faults: tuple[tuple[str, str], ...] = ()  # parts that mutants cannot be held against
        self._results: dict[str, dict[str, PartResult]] = {}  # of the reference, by problem
        self._runner = runner
        known = [part.id for part in assignment.parts]
        self._written = answers.read(solution.files, known)

    def prepare(self, pool: Executor, only: Collection[str] = ()) -> None:
        """Grade the reference solution, and find out which functions each part runs.

        `only` names parts: problems without one of them are left out.
        """
        files = {name: self._marked(name, raw) for name, raw in self.solution.runnable.items()}
        problems = [p for p in self.assignment.problems if _holds(p, only)]
        parts = [(problem, part) for problem in problems for part in problem.spec.parts]
        ready = []
        faults = []
        for problem, part in parts:
            if not _runs_code(part, files):
                continue
            plan = self.plan(problem, part, self.assignment.spec.seed)
            if isinstance(plan, str):
                faults.append((part.id, plan))
            elif plan.calls:
                ready.append((problem, part, plan))
        # The problems side by side, the parts of each in order: a later one may look at earlier.
        grouped = [[each for each in ready if each[0] is problem] for problem in problems]
        graded = pool.map(lambda group: self._first(group, files), grouped)
        found = [each for group in graded for each in group]
        wrong = [each for each in found if not _is_right(each)]
        says = "the reference solution is not right there: {}"
        faults += [(each.part.id, says.format(each.result.summary)) for each in wrong]
        self.targets = tuple(each for each in found if _is_right(each))
        self.faults = tuple(faults)

    def _marked(self, name: str, raw: bytes) -> bytes:
        return marks.marked(name, raw.decode()).encode() if name.endswith(".py") else raw

    def plan(self, problem: LoadedProblem, part: Part, seed: int) -> PartPlan | str:
        """Return the plan of a part with a seed, or why there is none."""
        planning = Planning(problem.reference, seed, self.assignment.data)
        try:
            with course_code(f"planning {part.id} failed"):
                return kinds()[part.kind].plan(part, planning)
        except CourseError as error:
            return str(error)

    def _first(
        self,
        ready: Sequence[tuple[LoadedProblem, Part, PartPlan]],
        files: Mapping[str, bytes],
    ) -> list[Target]:
        """Return the parts of one problem with what the reference gets in them."""
        found = []
        earlier: dict[str, PartResult] = {}
        for problem, part, plan in ready:
            wall_s = part.wall_s or self.assignment.spec.limits.wall_s
            limits = replace(self.assignment.spec.limits.record(), output_kib=_MARKS_KIB)
            calls = PartCalls(part.id, part.source_file, plan.calls, wall_s, plan.fresh, plan.fair)
            outcome = self._runner().run(RunRequest(files, (calls,), limits))
            seen = tuple(outcome.observations[part.id])
            result = self._judge(problem, part, plan, seen, self.solution.files, earlier)
            earlier[part.id] = result
            ran = marks.entered(outcome.output)
            found.append(Target(part, problem, plan, result, seen, outcome.wall_s, ran))
            self._results[problem.spec.problem] = earlier
        return found

    def entered(self, file: str) -> frozenset[str]:
        """Return the functions of a file that some part runs."""
        ran = {each for target in self.targets for each in target.entered}
        return frozenset(scope for name, scope in ran if name == file)

    def is_run(self, mutant: Mutant) -> bool:
        """Whether some part runs what a mutant changes, and not only the function around it."""
        change, inside = mutant.change, mutant.block
        where = (change.file, f"{change.scope}@{inside}")
        return not inside or any(where in target.entered for target in self.targets)

    def reached(self, mutant: Mutant) -> tuple[Target, ...]:
        """Return the parts that run what a mutant changes, those that ask for it first."""
        change = mutant.change
        where = (change.file, change.scope)
        reached = [each for each in self.targets if where in each.entered]
        asked = self._asking(mutant)
        near = {each.problem.spec.problem for each in reached if asked & _words(each.part)}
        # A stable sort: what a part needs of earlier parts of its problem stays before it.
        return tuple(sorted(reached, key=lambda each: each.problem.spec.problem not in near))

    def home(self, mutant: Mutant) -> str:
        """Return the part that a mutant is counted for: the first that asks for what it changes."""
        reached, asked = self.reached(mutant), self._asking(mutant)
        near = [each for each in reached if asked & _words(each.part)]
        return (near or reached)[0].part.id

    def _asking(self, mutant: Mutant) -> set[str]:
        """Return the names by which a part may ask for what a mutant changes."""
        change = mutant.change
        if change.scope != MODULE:
            return {change.scope.split(".")[0]}
        uses = scopes.used_names(self.solution.files[change.file].decode())
        asked = set(mutant.names)
        while more := {name for name, used in uses.items() if used & asked} - asked:
            asked |= more
        return asked

    def grade(
        self,
        target: Target,
        plan: PartPlan,
        files: Mapping[str, bytes],
        earlier: Mapping[str, PartResult] | None = None,
    ) -> tuple[PartResult, tuple[Observation, ...]]:
        """Return what other files get in a part by a plan, and what was observed.

        `earlier` holds what they got in earlier parts of the problem, where it is not what the
        reference got.  Raises SandboxError if the sandbox fails.
        """
        part, limits = target.part, self.assignment.spec.limits.record()
        wall_s = min(part.wall_s or limits.wall_s, target.allowed_s)
        calls = PartCalls(part.id, part.source_file, plan.calls, wall_s, plan.fresh, plan.fair)
        limits = replace(limits, wall_s=min(limits.wall_s, LEAST_S))
        outcome = self._runner().run(RunRequest(files, (calls,), limits))
        seen = tuple(outcome.observations[part.id])
        known = {**self._results[target.problem.spec.problem], **(earlier or {})}
        before = {name: result for name, result in known.items() if name != part.id}
        return self._judge(target.problem, part, plan, seen, files, before), seen

    def _judge(
        self,
        problem: LoadedProblem,
        part: Part,
        plan: PartPlan,
        seen: tuple[Observation, ...],
        files: Mapping[str, bytes],
        earlier: Mapping[str, PartResult],
    ) -> PartResult:
        judging = Judging(
            problem.reference,
            answers=self._written.given,
            answers_problem=self._written.problem,
            files=tuple(files),
            sources=files,
            earlier=earlier,
        )
        if len(seen) != len(plan.calls):
            raise SandboxError(f"{len(seen)} observations for {len(plan.calls)} calls")
        try:
            return kinds()[part.kind].judge(part, plan, seen, judging)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  (a judge that fails is a finding)
            says = f"judging failed: {error!r}"
            return PartResult(part.id, Status.GRADER_FAULT, part.points * 0, part.points, says)


def _holds(problem: LoadedProblem, only: Collection[str]) -> bool:
    return not only or any(part.id in only for part in problem.spec.parts)


def _runs_code(part: Part, files: Mapping[str, bytes]) -> bool:
    return part.source_file in files and not kinds()[part.kind].by_person


def _is_right(target: Target) -> bool:
    full = (Status.CORRECT, target.part.points)
    return (target.result.status, target.result.points) == full


def _words(part: Part) -> set[str]:
    """Return every text in the fields of a part: among them are the names that it asks for."""
    return set(_texts(part.model_dump()))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
