"""The plans of an assignment: made once, when the first submission needs them, by trusted code."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from grader.errors import CourseError
from grader.kinds.base import PartPlan, Planning
from grader.kinds.registry import kinds
from grader.spec.loader import Assignment, LoadedProblem
from grader.spec.models import Part


@dataclass(frozen=True, slots=True)
class Planned:
    """A part with its plan, or with the fault of the course for which there is none."""

    part: Part
    plan: PartPlan
    fault: str = ""


class Plans:
    """The plans of all problems; several threads may ask at once."""

    def __init__(self, assignment: Assignment, *, visible_only: bool = False) -> None:
        """Plan nothing yet; with `visible_only`, leave hidden cases out of every plan."""
        self._assignment = assignment
        self._visible_only = visible_only
        self._made: dict[str, tuple[Planned, ...]] = {}
        self.now = ""  # the part that is being planned
        self._lock = threading.Lock()

    def of(self, problem: LoadedProblem) -> tuple[Planned, ...]:
        """Return the plans of a problem's parts, in order."""
        with self._lock:
            name = problem.spec.problem
            if name not in self._made:
                planning = Planning(
                    problem.reference, self._assignment.spec.seed, self._assignment.data
                )
                self._made[name] = tuple(self._plan(part, planning) for part in problem.spec.parts)
            return self._made[name]

    def _plan(self, part: Part, planning: Planning) -> Planned:
        self.now = part.id
        try:
            plan = kinds()[part.kind].plan(part, planning)
        except CourseError as error:
            return Planned(part, PartPlan(), str(error))
        except (Exception, SystemExit) as error:  # noqa: BLE001  (a reference may raise anything)
            return Planned(part, PartPlan(), f"planning {part.id} failed: {error!r}")
        finally:
            self.now = ""
        return Planned(part, self._shortened(plan) if self._visible_only else plan)

    @staticmethod
    def _shortened(plan: PartPlan) -> PartPlan:
        shown = plan.visible
        if shown is None:
            return plan
        return replace(plan, calls=plan.calls[:shown], expected=plan.expected[:shown])
