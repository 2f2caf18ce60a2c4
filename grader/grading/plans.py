"""The plans of an assignment, made by trusted code.

What is the same for all is planned once, when the first submission needs it; a part that is each
student's own is planned when that student is graded, and forgotten afterwards.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from grader.errors import CourseError
from grader.kinds.base import PartPlan, Planning
from grader.kinds.registry import kinds
from grader.records import Call
from grader.spec import secret
from grader.spec.loader import Assignment, LoadedProblem
from grader.spec.models import Part
from grader.spec.variants import VariedPart, is_per_student, numbers_of


@dataclass(frozen=True)
class Planned:
    """A part with its plan, or with the fault of the course for which there is none.

    A part with numbers is here with them in place of their names, and with the answers that follow.
    """

    part: Part
    plan: PartPlan
    fault: str = ""

    @cached_property
    def pieces(self) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
        """The calls of which something is shown, and the hidden ones, the same for everybody."""
        first = self.plan.visible
        return self.plan.calls[:first], self.plan.calls[first:] if first is not None else ()


class Plans:
    """The plans of all problems; several threads may ask at once."""

    def __init__(self, assignment: Assignment, *, visible_only: bool = False) -> None:
        """Plan nothing yet; with `visible_only`, leave hidden cases out of every plan.

        Raises CourseError for parts per student in a course without a secret.
        """
        require_secret(assignment)
        self._assignment = assignment
        self._visible_only = visible_only
        self._made: dict[str, dict[str, Planned]] = {}  # by problem and part, what is for all
        self._now: dict[int, str] = {}  # by thread, the part that it plans
        self._lock = threading.Lock()

    @property
    def now(self) -> str:
        """A part that is being planned, if one is."""
        return next(iter(list(self._now.values())), "")

    def of(self, problem: LoadedProblem, student: str) -> tuple[Planned, ...]:
        """Return the plans of a problem's parts, in order, for one student."""
        made = self._for_all(problem)
        planning = planning_of(self._assignment, problem, student)
        return tuple(made.get(part.id) or self._plan(part, planning) for part in problem.spec.parts)

    def _for_all(self, problem: LoadedProblem) -> dict[str, Planned]:
        # The lock is for these alone, which are planned once: students do not wait for each other.
        with self._lock:
            name = problem.spec.problem
            if name not in self._made:
                planning = planning_of(self._assignment, problem, "")
                self._made[name] = {
                    part.id: self._plan(part, planning)
                    for part in problem.spec.parts
                    if not is_per_student(part)
                }
            return self._made[name]

    def _plan(self, part: Part, planning: Planning) -> Planned:
        thread = threading.get_ident()
        self._now[thread] = part.id
        try:
            with course_code(f"planning {part.id} failed"):
                whole = filled_in(part, planning)
                plan = kinds()[part.kind].plan(whole, planning)
        except CourseError as error:
            return Planned(part, PartPlan(), str(error))
        finally:
            del self._now[thread]
        return Planned(whole, self._shortened(plan) if self._visible_only else plan)

    @staticmethod
    def _shortened(plan: PartPlan) -> PartPlan:
        shown = plan.visible
        if shown is None:
            return plan
        return replace(plan, calls=plan.calls[:shown], expected=plan.expected[:shown])


@contextmanager
def course_code(doing: str) -> Iterator[None]:
    """Raise whatever the code of a course raises as a CourseError that says what failed.

    A reference may raise anything, SystemExit and worse; only Ctrl-C is none of its doing.
    """
    try:
        yield
    except (CourseError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise CourseError(f"{doing}: {error!r}") from error


def require_secret(assignment: Assignment) -> None:
    """Raise CourseError if a part is each student's own and the course has no secret."""
    own = [part.id for part in assignment.parts if is_per_student(part)]
    if own and assignment.secret is None:
        raise CourseError(
            f"{assignment.id}: {own[0]} is per student, and the course has no secret to draw from. "
            f"Make one in the folder of the course, and keep it: {secret.HOW_TO_MAKE_ONE} "
            f"(or set {secret.VARIABLE})"
        )


def planning_of(assignment: Assignment, problem: LoadedProblem, student: str) -> Planning:
    """Return what the plans of a problem may use; `student` counts for parts per student."""
    return Planning(
        problem.reference,
        assignment.spec.seed,
        assignment.data,
        assignment=assignment.id,
        secret=assignment.secret,
        student=student,
    )


def filled_in(part: Part, planning: Planning) -> Part:
    """Return a part with its numbers in place of their names, and with the answers that follow.

    Raises CourseError for a part of each student's own without a student, and for numbers that the
    part or its reference cannot take.
    """
    if not isinstance(part, VariedPart):
        return part
    if is_per_student(part) and not planning.student:
        raise CourseError(f"{part.id} is per student; say for whom it is meant")
    numbers = numbers_of(
        part,
        secret=planning.secret,
        assignment=planning.assignment,
        seed=planning.seed,
        student=planning.student,
    )
    return part.filled_in(numbers, planning.reference)
