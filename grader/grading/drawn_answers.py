"""Auditing written answers that follow from drawn numbers: no sample can be right for all of them.

So the right answer is asked of the part itself, for the numbers of many students, and every mistake
that is declared has to be another answer for some of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.grading.plans import Planned, Plans, planning_of
from grader.kinds.base import Judging, Kind, Planning
from grader.kinds.registry import kinds
from grader.records import Status
from grader.spec.loader import Assignment, LoadedProblem
from grader.spec.models import Part, declared_mistakes
from grader.spec.variants import VariedPart, is_per_student

STUDENTS = tuple(f"student {number}" for number in range(1, 31))
"""For whom numbers are drawn: none of them is a folder of submissions."""


@dataclass(frozen=True, slots=True)
class Miss:
    """What a part makes of some numbers, and should not."""

    part: str
    where: str
    found: str
    expected: str
    advice: str


def is_drawn(part: Part) -> bool:
    """Return whether the right answer to a part follows from numbers that are drawn."""
    return isinstance(part, VariedPart) and part.answer_is_drawn


def misses(assignment: Assignment, plans: Plans) -> Iterator[Miss]:
    """Yield what is wrong with the answers that are drawn, with the assignment's own seed."""
    for problem in assignment.problems:
        for part in problem.spec.parts:
            if is_drawn(part):
                yield from _of_part(assignment, problem, part, plans)


def _of_part(
    assignment: Assignment, problem: LoadedProblem, part: Part, plans: Plans
) -> Iterator[Miss]:
    kind = kinds()[part.kind]
    students = STUDENTS if is_per_student(part) else STUDENTS[:1]
    kept: set[str] = set()
    for student in students:
        (item,) = (each for each in plans.of(problem, student) if each.part.id == part.id)
        kept.update(declared_mistakes(item.part))
        fault = item.fault or _not_right(kind, item, planning_of(assignment, problem, student))
        if fault:
            given = _numbers(item.part)
            yield Miss(
                part.id,
                f"its right answer{f' for {given}' if given else ''}",
                fault,
                "an answer that is right",
                "mend the function of the reference, or draw other numbers",
            )
            return  # one example will do
    for mistake in dict.fromkeys(declared_mistakes(part)):
        if mistake not in kept:
            yield Miss(
                part.id,
                f"the mistake {mistake}",
                "the same as another answer, whatever the numbers are",
                "an answer of its own",
                "mend what makes it",
            )


def _not_right(kind: Kind[Part], item: Planned, planning: Planning) -> str:
    """Return what else than right the right answer was found to be; nothing if all is well."""
    assert isinstance(item.part, VariedPart)  # noqa: S101  (is_drawn has seen to that)
    written = {item.part.id: item.part.right_answer()}
    try:
        judging = Judging(planning.reference, answers=written)
        result = kind.judge(item.part, item.plan, (), judging)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  (whatever it is, it is a finding)
        return f"judging it failed: {error!r}"
    return "" if result.status is Status.CORRECT else f"{written[item.part.id]}: {result.summary}"


def _numbers(part: Part) -> str:
    assert isinstance(part, VariedPart)  # noqa: S101  (is_drawn has seen to that)
    return ", ".join(
        f"{name} = {spec.value}" for name, spec in part.numbers.items() if spec.value is not None
    )
