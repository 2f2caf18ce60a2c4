"""A hunt from beginning to end: the course's files, a sandbox, and what was found."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from grader.errors import CourseError, SandboxError, UsageError
from grader.grading.audit import REFERENCE
from grader.grading.mutants import excuses
from grader.grading.mutants.bench import Bench
from grader.grading.mutants.hunt import Bag, Choice, Hunt
from grader.grading.run import packages
from grader.kinds.registry import part_models, probes
from grader.sandbox.host import Sandbox
from grader.sandbox.mechanisms import shortfall
from grader.spec.course import Course
from grader.spec.faults import suggestion
from grader.spec.loader import Assignment, load
from grader.submissions.folder import read


@dataclass(frozen=True, slots=True)
class Expedition:
    """How mutants are hunted: in how many sandboxed processes at once, and what is told."""

    course: Course
    choice: Choice
    jobs: int = 1
    unsafe: bool = False
    on_begin: Callable[[str, int], None] | None = None  # the assignment, and how many mutants
    on_done: Callable[[int, int], None] | None = None  # how many are graded, and of how many

    def assignments(self, names: list[str]) -> list[Assignment]:
        """Return those of the named assignments that hold a chosen part, loaded; all by default.

        Raises UsageError for a part that none of them has, CourseError for faults of their files.
        """
        only = self.choice.only
        references = self.course.references
        found = [load(self.course.assignment(n), references, part_models()) for n in names]
        known = [part.id for assignment in found for part in assignment.parts]
        for part in only:
            if part not in known:
                raise UsageError(f"no part is called {part!r}{suggestion(part, known)}")
        return [a for a in found if not only or {part.id for part in a.parts} & set(only)]

    def hunt(self, assignment: Assignment) -> Bag:
        """Return what became of the mutants of an assignment's reference solution.

        Raises CourseError if there is none, SandboxError if this machine cannot confine it.
        """
        folder = self.course.submissions(assignment.id) / REFERENCE
        if not folder.is_dir():
            raise CourseError(
                f"{assignment.id}: there is no {folder}; mutants are made of a submission that is "
                "right throughout"
            )
        package = assignment.spec.reference or assignment.id.replace("-", "_")
        excused = excuses.read(self.course.references / package / excuses.FILE)
        solution = read(folder, REFERENCE)
        used = sorted({part.kind for part in assignment.parts})
        with (
            Sandbox(
                preload=packages([solution]), probes=probes(used), confine=not self.unsafe
            ) as sandbox,
            ThreadPoolExecutor(self.jobs, thread_name_prefix="mutants") as pool,
        ):
            lacking = "" if self.unsafe else shortfall(sandbox.mechanisms, self.course.root)
            if lacking:
                raise SandboxError(lacking)
            bench = Bench(assignment, solution, lambda: sandbox)
            hunt = Hunt(bench, self.choice, excused, pool)
            if self.on_begin is not None:
                self.on_begin(assignment.id, len(hunt.mutants))
            return hunt.run(self.on_done)
