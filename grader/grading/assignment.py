"""Grading one assignment: what is still to be done, and doing it for one submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from grader import messages
from grader.errors import CourseError, SandboxError
from grader.gradebook.store import Gradebook
from grader.grading import keys, verdicts
from grader.grading.lateness import Arrivals
from grader.grading.plans import Planned, Plans
from grader.kinds.base import Judging, PartPlan
from grader.records import (
    Call,
    Limits,
    Observation,
    PartResult,
    ProblemResult,
    RunOutcome,
    RunRequest,
    Status,
    SubmissionResult,
)
from grader.spec.loader import Assignment, LoadedProblem
from grader.spec.marks import Mark
from grader.spec.models import Part
from grader.spec.tests import CourseTest, CourseTests
from grader.submissions import answers
from grader.submissions.folder import SOLUTION, Collection, Submission


class Caller(Protocol):
    """A session in which one call after the other is made."""

    def call(self, file: str, call: Call, wall_s: float) -> Observation:
        """Return what one call did."""
        ...


class Runner(Protocol):
    """What runs student code: a sandbox of any kind, or a fake one in tests."""

    def run(
        self, request: RunRequest, on_call: Callable[[str, int, int], None] | None = None
    ) -> RunOutcome:
        """Return what every part of a submission did; raises SandboxError if it fails itself.

        `on_call` is told as each call begins: of which part, its number from 1, and how many the
        part has.
        """
        ...

    def open(self, files: Mapping[str, bytes], limits: Limits) -> AbstractContextManager[Caller]:
        """Return a session on a submission's files, for calls that depend on one another."""
        ...


class PlansOfAll(Protocol):
    """The plans of an assignment."""

    @property
    def now(self) -> str:
        """A part that is being planned, if one is."""
        ...

    def of(self, problem: LoadedProblem, student: str) -> tuple[Planned, ...]:
        """Return the plans of a problem's parts, in order, for one student."""
        ...


@dataclass(frozen=True, slots=True)
class Mode:
    """How this grading differs from the usual one; part of every key."""

    visible_only: bool = False
    unconfined: bool = False


class AssignmentGrading:
    """The grading of one assignment's submissions.

    `selected` names the submissions to grade; all are listed in the gradebook all the same.
    `rerun` takes no stored result for good.
    """

    def __init__(
        self,
        assignment: Assignment,
        collection: Collection,
        gradebook: Gradebook,
        runner: Callable[[], Runner],
        *,
        marks: Mapping[str, Mapping[str, Mark]] | None = None,
        selected: Sequence[str] | None = None,
        rerun: bool = False,
        mode: Mode = Mode(),
        on_call: Callable[[str, str, int, int], None] | None = None,
        plans: PlansOfAll | None = None,
    ) -> None:
        """Find out what has to be graded; run nothing yet.

        `plans` are taken where they were made elsewhere, as those of a release; else they are made.
        `on_call` is told as each call of a part begins that may take longer than others do: of the
        submission, the part, the call's number from 1, and how many there are.
        """
        self.assignment = assignment
        self.collection = collection
        modules = {SOLUTION, *(part.source_file for part in assignment.parts)}
        self.submissions = {s.id: s.as_modules(modules) for s in collection.submissions}
        self.selected = list(self.submissions if selected is None else selected)
        self._gradebook = gradebook
        self._runner = runner
        self._marks = marks or {}
        self._mode = mode
        self._on_call = on_call
        self._arrivals = Arrivals(assignment, collection, timeless=mode.visible_only)
        self._plans = plans or Plans(assignment, visible_only=mode.visible_only)
        self._digests = {
            p.spec.problem: keys.problem_digest(assignment, p) for p in assignment.problems
        }
        self._digests |= {t.id: keys.tests_digest(assignment, t) for t in assignment.tests}
        self._submission_digests = {s.id: s.digest for s in self.submissions.values()}
        self._good: set[tuple[str, str]] = set()  # those whose stored result still holds
        if not rerun:
            self._good = {
                (submission, problem)
                for (submission, problem), key in gradebook.keys(assignment.id).items()
                if submission in self.submissions and problem in self._digests
                if key == self.key(submission, problem)
            }
        files = {tests.id for tests in assignment.tests}
        self._changed: dict[str, bool] = {}  # by problem, whether its files are not as they were
        self._kept_tests = {at for at in self._good if at[1] in files}
        students = {submission.student for submission in collection.submissions}
        unknown = [
            messages.intake.unknown_mark(name)
            for name in self._marks
            if name not in self.submissions and name not in students
        ]
        unchanged = {submission for submission, _ in self._good}
        self.outline = assignment.outline()
        gradebook.open_assignment(
            self.outline,
            self.submissions,
            (*collection.notes, *unknown, *self._arrivals.notes),
            unconfined=mode.unconfined,
            arrivals={name: self._arrivals.of[name] for name in sorted(unchanged)},
        )

    def key(self, submission: str, problem: str) -> str:
        """Return the key under which a result is good."""
        given = self._given(submission)
        marks = {part.id: given[part.id] for part in self._parts(problem) if part.id in given}
        return keys.result_key(
            self._digests[problem], self._submission_digests[submission], marks, repr(self._mode)
        )

    def _given(self, submission: str) -> Mapping[str, Mark]:
        """Return what people gave a submission: as its student's, or as the attempt that it is."""
        student = self.submissions[submission].student
        return {**self._marks.get(student, {}), **self._marks.get(submission, {})}

    def _parts(self, problem: str) -> Sequence[Part]:
        return next(
            (p.spec.parts for p in self.assignment.problems if p.spec.problem == problem), ()
        )

    def stale_problems(self, submission: str) -> list[LoadedProblem]:
        """Return the problems of a submission without a good result."""
        return [
            problem
            for problem in self.assignment.problems
            if (submission, problem.spec.problem) not in self._good
        ]

    def make_plans(self) -> None:
        """Make the plans of all that has to be graded, so that no submission waits for it.

        What is each student's own is planned for one, which finds out whether it can be.
        """
        stale = {
            p.spec.problem: (p, name) for name in self.selected for p in self.stale_problems(name)
        }
        for problem, name in stale.values():
            self._planned(problem, self.submissions[name].student)

    def planned(self, problem: LoadedProblem, student: str) -> tuple[Planned, ...]:
        """Return the plans of a problem's parts for one student, in order."""
        return self._plans.of(problem, student)

    def planning(self) -> str:
        """Return the part whose expected values are being computed, if one is."""
        return self._plans.now

    def stale_tests(self) -> list[str]:
        """Return the selected submissions for which a file of course tests has no good result."""
        return [
            name
            for name in self.selected
            if any((name, tests.id) not in self._kept_tests for tests in self.assignment.tests)
        ]

    def stale_submissions(self) -> list[str]:
        """Return the selected submissions that have something to be graded."""
        return [name for name in self.selected if self.stale_problems(name)]

    def result(self, submission: str, problem: str) -> ProblemResult | None:
        """Return the good result of a problem, if there is one."""
        if (submission, problem) not in self._good:
            return None
        return self._gradebook.result(self.assignment.id, submission, problem)

    def kept_tests(self, submission: str, tests: CourseTests) -> ProblemResult | None:
        """Return the good result of a file of course tests from an earlier run."""
        if (submission, tests.id) not in self._kept_tests:
            return None
        return self._gradebook.result(self.assignment.id, submission, tests.id)

    def grade(self, name: str) -> None:
        """Run, judge and commit whatever a submission has no good result for.

        Faults of the sandbox or of a judge become results of status grader_fault, which are kept
        without a key, so that the next run tries them again.
        """
        submission = self.submissions[name]
        stale = self.stale_problems(name)
        planned = {p.spec.problem: self._planned(p, submission.student) for p in stale}
        outcome: RunOutcome | None = None
        fault = ""
        try:
            outcome = self._run(submission, planned)
        except SandboxError as error:
            fault = str(error)
        written = self._written(submission)
        results = []
        for problem in stale:
            parts = self._judge(problem, planned, submission, written, outcome, fault)
            faulty = any(part.status is Status.GRADER_FAULT for part in parts)
            key = "" if faulty else self.key(name, problem.spec.problem)
            result = ProblemResult(problem.spec.problem, key, tuple(parts))
            results.append(result)
        self._commit(submission, results, outcome, written.notes)
        self._good.update((name, result.problem) for result in results)

    def _planned(self, problem: LoadedProblem, student: str) -> tuple[Planned, ...]:
        """Return the plans of a problem, or the fault that its files are not those of its key.

        A reference is imported after its key was taken; what came of it would be kept as good.
        """
        planned = self._plans.of(problem, student)
        name = problem.spec.problem
        if name not in self._changed:
            try:
                digest = keys.problem_digest(self.assignment, problem)
            except (CourseError, OSError):
                digest = ""
            self._changed[name] = digest != self._digests[name]
        if not self._changed[name]:
            return planned
        says = f"the files of {name} were changed while they were used"
        return tuple(Planned(item.part, PartPlan(), says) for item in planned)

    def commit_tests(self, name: str, tests: CourseTests, parts: Sequence[PartResult]) -> None:
        """Keep the results of a course's own tests; they are good if every test of the file ran."""
        found = {part.id: part for part in parts}
        complete = len(found) == len(tests.tests)
        sound = all(part.status is not Status.GRADER_FAULT for part in parts)
        key = self.key(name, tests.id) if complete and sound else ""
        in_order = tuple(found.get(test.id) or _not_graded(test) for test in tests.tests)
        result = ProblemResult(tests.id, key, in_order)
        submission = self.submissions[name]
        self._commit(submission, [result], None, self._written(submission).notes)
        self._good.add((name, tests.id))

    def _commit(
        self,
        submission: Submission,
        results: list[ProblemResult],
        outcome: RunOutcome | None,
        notes: Sequence[str],
    ) -> None:
        if outcome is not None:
            printed = len(outcome.output.encode()) / 1024
        else:  # nothing ran now, so what the code printed last is still so
            printed = self._gradebook.printed_kib(self.assignment.id, submission.id)
        self._gradebook.commit(
            SubmissionResult(
                self.assignment.id,
                submission.id,
                tuple(results),
                (*submission.notes, *notes),
                submission.sources(),
                round(printed, 1),
                notebooks=submission.notebooks,
                arrival=self._arrivals.of[submission.id],
            )
        )

    def _written(self, submission: Submission) -> answers.Answers:
        known = [part.id for problem in self.assignment.problems for part in problem.spec.parts]
        return answers.read(submission.files, known)

    def _run(
        self, submission: Submission, planned: Mapping[str, tuple[Planned, ...]]
    ) -> RunOutcome | None:
        limits = self.assignment.spec.limits.record()
        items = [item for group in planned.values() for item in group]
        request = verdicts.request(items, submission, limits)
        if request is None:
            return None
        slow = {part.part for part in request.parts if part.wall_s > limits.wall_s}
        told = self._on_call
        if told is None or not slow:
            return self._runner().run(request)

        def on_call(part: str, number: int, count: int) -> None:
            if part in slow:
                told(submission.id, part, number, count)

        return self._runner().run(request, on_call)

    def _judge(
        self,
        problem: LoadedProblem,
        planned: Mapping[str, tuple[Planned, ...]],
        submission: Submission,
        written: answers.Answers,
        outcome: RunOutcome | None,
        fault: str,
    ) -> list[PartResult]:
        earlier: dict[str, PartResult] = {}
        for item in planned[problem.spec.problem]:
            part = item.part
            judging = Judging(
                reference=problem.reference,
                answers=written.given,
                answers_problem=written.problem,
                files=(*submission.files, *submission.refused),
                sources=submission.files,
                earlier=earlier,
                mark=self._given(submission.id).get(part.id),
                self_check=self._mode.visible_only,
            )
            earlier[part.id] = verdicts.verdict(item, submission, outcome, judging, fault)
        return list(earlier.values())


def _not_graded(test: CourseTest) -> PartResult:
    nothing = Fraction(0)
    return PartResult(test.id, Status.SKIPPED, nothing, test.points, messages.calls.NOT_GRADED)
