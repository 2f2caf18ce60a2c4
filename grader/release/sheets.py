"""What a student is told of each part: what is asked, what goes where, and who judges it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from grader import messages
from grader.grading.plans import filled_in, planning_of
from grader.kinds.registry import kinds
from grader.spec.asked import Asked
from grader.spec.loader import Assignment
from grader.spec.models import Part
from grader.spec.written import written_names


@dataclass(frozen=True, slots=True)
class PartSheet:
    """A part."""

    id: str
    title: str
    points: Fraction
    bonus: bool
    statement: str  # Markdown with $formulas$, as the other texts
    hand_in: tuple[str, ...]  # sentences
    judged: str
    answers: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class ProblemSheet:
    """A problem."""

    id: str
    title: str
    statement: str
    parts: tuple[PartSheet, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An assignment."""

    id: str
    title: str
    points: Fraction
    statement: str
    student: str
    problems: tuple[ProblemSheet, ...]


def filled(assignment: Assignment, student: str) -> Assignment:
    """Return an assignment with the numbers of its parts in place; those of a student, if given.

    Raises CourseError for a part of each student's own without a student.
    """
    problems = []
    for problem in assignment.problems:
        planning = planning_of(assignment, problem, student)
        parts = tuple(filled_in(part, planning) for part in problem.spec.parts)
        spec = problem.spec.model_copy(update={"parts": parts})
        problems.append(replace(problem, spec=spec))
    return replace(assignment, problems=tuple(problems))


def sheet(assignment: Assignment, student: str = "") -> Sheet:
    """Return what a student is told of an assignment, whose numbers are filled in."""
    spec = assignment.spec
    return Sheet(
        spec.assignment,
        spec.title,
        spec.points,
        spec.statement,
        student,
        tuple(
            ProblemSheet(
                problem.spec.problem,
                problem.spec.title,
                problem.spec.statement,
                tuple(map(_part, problem.spec.parts)),
            )
            for problem in assignment.problems
        ),
    )


def _part(part: Part) -> PartSheet:
    kind = kinds()[part.kind]
    answers = kind.asked(part)
    judged = messages.release.BY_ITSELF
    if kind.by_person:
        judged = messages.release.BY_PERSON
    elif getattr(part, "rubric", ()):
        judged = messages.release.PARTLY_BY_PERSON
    return PartSheet(
        part.id,
        part.title,
        part.points,
        part.bonus,
        part.statement,
        tuple(_hand_in(part, answers)),
        judged,
        answers,
    )


def _hand_in(part: Part, answers: Sequence[Asked]) -> list[str]:
    said = []
    if part.source_file:
        said.append(messages.release.write_code(written_names(part), part.source_file))
    for asked in answers:
        if asked.files:
            said.append(messages.release.hand_in_files(asked.files, asked.key))
        else:
            said.append(messages.release.write_answer(asked.key, form(asked)))
    return said


def form(asked: Asked) -> str:
    """Return what an answer looks like."""
    found = _form(asked)
    if asked.files:
        return messages.release.or_file(found, asked.files)
    return messages.release.optional(found) if asked.optional else found


def _form(asked: Asked) -> str:
    says = messages.release
    formulas: Mapping[str, str] = {
        "expression": says.expression(asked.names),
        "order": says.order(asked.names),
        "condition": says.condition(asked.names),
    }
    if asked.form in formulas:
        return formulas[asked.form]
    if asked.form == "choice":
        return says.choice(asked.choices) if len(asked.choices) > 1 else says.YES
    if asked.form == "text":
        return says.TEXT
    if asked.count > 1:
        return says.numbers(asked.count)
    return says.share() if asked.percent else says.number(asked.least, asked.most)
