"""Kinds that are answered in `answers.yaml` or in a file: `survey`, `declaration`, `manual`.

A part's answer stands under its id; where a part has several, under the id, a dash and the
component (`debrief-hours`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import Field, model_validator

from grader import messages
from grader.kinds import releases
from grader.kinds.base import Judging, Kind, PartPlan, PartT, Planning, Released
from grader.kinds.written.truths import read_truth
from grader.records import Check, Observation, PartResult, Status
from grader.spec.asked import Asked
from grader.spec.marks import Mark
from grader.spec.models import Identifier, Model, Part, Points
from grader.spec.variants import VariedPart


def _require_distinct(ids: list[str]) -> None:
    twice = [name for number, name in enumerate(ids) if name in ids[:number]]
    if twice:
        raise ValueError(f"the id {twice[0]!r} stands twice")


class Question(Model):
    """One question of a survey; exactly one of number, choices, yes_no, text says what fits."""

    id: Identifier
    asks: str = Field(min_length=1, description="The question itself.")
    number: tuple[float, float] | None = Field(None, description="The least and the most.")
    choices: tuple[str, ...] | None = None
    yes_no: bool = False
    text: bool = False
    optional: bool = False

    @model_validator(mode="after")
    def _one_form(self) -> Question:
        forms = [self.number is not None, self.choices is not None, self.yes_no, self.text]
        if sum(forms) != 1:
            raise ValueError("expected exactly one of number, choices, yes_no, text")
        return self


class SurveyPart(Part):
    """Feedback: required, never scored, summarised over the class."""

    kind: Literal["survey"]
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _without_points(self) -> SurveyPart:
        if self.points:
            raise ValueError(f"a survey is never scored: expected 0 points, found {self.points}")
        _require_distinct([question.id for question in self.questions])
        return self


class Statement(Model):
    """One statement that has to be there."""

    id: Identifier
    says: str = Field(min_length=1)
    must_be_true: bool = False


class DeclarationPart(Part):
    """Statements that a student makes; present, and true where that is asked for."""

    kind: Literal["declaration"]
    statements: tuple[Statement, ...] = Field(min_length=1)


class RubricItem(Model):
    """What a person looks for, and what it is worth."""

    id: Identifier
    says: str = Field(min_length=1)
    points: Points


class ManualPart(VariedPart):
    """A proof, a sketch, an explanation: judged by a person with a rubric."""

    kind: Literal["manual"]
    files: tuple[str, ...] = Field((), description="Patterns of files that count as handed in.")
    rubric: tuple[RubricItem, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct_items(self) -> ManualPart:
        _require_distinct([item.id for item in self.rubric])
        return self

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return the points of the rubric."""
        return tuple(item.points for item in self.rubric)


class WrittenKind(Kind[PartT]):
    """A kind for which nothing is run."""

    def plan(self, part: PartT, planning: Planning) -> PartPlan:
        """Return a plan without calls."""
        del part, planning
        return PartPlan()


class Survey(WrittenKind[SurveyPart]):
    """`survey`: every question that is not optional has an answer that fits."""

    name = "survey"
    model = SurveyPart

    def judge(
        self,
        part: SurveyPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Say what is missing or does not fit; keep the answers for the summary of the class."""
        del plan, observations
        if judging.answers_problem:
            return _written(part, Status.REFUSED, judging.answers_problem)
        answers: dict[str, str] = {}
        faults: list[str] = []
        unanswered: list[str] = []
        for question in part.questions:
            key = f"{part.id}-{question.id}"
            given = judging.answers.get(key)
            if _blank(given):
                unanswered += [] if question.optional else [key]
                continue
            answer, fault = _fits(question, key, given)
            faults += [fault] if fault else []
            answers |= {} if fault else {question.id: answer}
        found = Status.WRONG if faults else Status.PARTIAL if answers else Status.MISSING
        if unanswered:
            faults.append(messages.written.unanswered(unanswered))
        if faults:
            return _written(part, found, " ".join(faults), answers)
        return _written(part, Status.CORRECT, messages.written.SURVEY_DONE, answers)

    def asked(self, part: SurveyPart) -> tuple[Asked, ...]:
        """Return every question."""
        return tuple(_question(part, question) for question in part.questions)

    def released(self, part: SurveyPart, planning: Planning) -> Released:
        """Return the whole part: nothing in it is secret."""
        del planning
        return Released(releases.fields(part, ("questions",)), PartPlan())


def _question(part: SurveyPart, question: Question) -> Asked:
    least, most = question.number or (None, None)
    choices = ("yes", "no") if question.yes_no else question.choices or ()
    return Asked(
        key=f"{part.id}-{question.id}",
        form="number" if question.number else "choice" if choices else "text",
        asks=question.asks,
        choices=choices,
        least=least,
        most=most,
        optional=question.optional,
    )


def _blank(given: Any) -> bool:
    """Whether there is no answer: nothing, an empty list, or only spaces."""
    return given is None or given == [] or (isinstance(given, str) and not given.strip())


def _fits(question: Question, key: str, given: Any) -> tuple[str, str]:
    """Return the answer as text, and a fault if it does not fit the question."""
    text = str(given).strip()[:4000]
    if question.number is not None:
        low, high = question.number
        try:
            number = float(text.removesuffix("%").replace(",", "."))
        except ValueError:
            return text, messages.written.number_expected(key, text)
        if not low <= number <= high:  # also where it is NaN
            return text, messages.written.number_between(key, text, low, high)
        return f"{number:g}", ""
    if question.choices is not None:
        fitting = [choice for choice in question.choices if choice.lower() == text.lower()]
        return (
            (fitting[0], "")
            if fitting
            else (text, messages.written.choice(key, text, question.choices))
        )
    if question.yes_no:
        truth = read_truth(given)
        if truth is None:
            return text, messages.written.choice(key, text, ("yes", "no"))
        return ("yes" if truth.value else "no"), ""
    return text, ""


def _is_true(given: Any) -> bool:
    truth = read_truth(given)
    return truth is not None and truth.value


class Declaration(WrittenKind[DeclarationPart]):
    """`declaration`: every statement is there, and true where it has to be."""

    name = "declaration"
    model = DeclarationPart

    def judge(
        self,
        part: DeclarationPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Name what is missing."""
        del plan, observations
        if judging.answers_problem:
            return _written(part, Status.REFUSED, judging.answers_problem)
        given = {s.id: judging.answers.get(f"{part.id}-{s.id}") for s in part.statements}
        absent = [f"{part.id}-{name}" for name, answer in given.items() if _blank(answer)]
        if absent:
            found = Status.MISSING if len(absent) == len(given) else Status.WRONG
            return _written(part, found, messages.written.unanswered(absent))
        untrue = [
            f"{part.id}-{statement.id}"
            for statement in part.statements
            if statement.must_be_true and not _is_true(given[statement.id])
        ]
        if untrue:
            return _written(part, Status.WRONG, messages.written.must_be_true(untrue))
        return _written(part, Status.CORRECT, messages.written.DECLARED)

    def asked(self, part: DeclarationPart) -> tuple[Asked, ...]:
        """Return every statement."""
        return tuple(
            Asked(
                key=f"{part.id}-{statement.id}",
                form="choice" if statement.must_be_true else "text",
                asks=statement.says,
                choices=("yes",) if statement.must_be_true else (),
            )
            for statement in part.statements
        )

    def released(self, part: DeclarationPart, planning: Planning) -> Released:
        """Return the whole part: nothing in it is secret."""
        del planning
        return Released(releases.fields(part, ("statements",)), PartPlan())


class Manual(WrittenKind[ManualPart]):
    """`manual`: waits for a person, once something was handed in."""

    name = "manual"
    by_person = True
    model = ManualPart

    def judge(
        self,
        part: ManualPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Take a person's marks; without them say that the part waits, or that nothing is there."""
        del plan, observations
        if judging.mark is not None:
            return _marked(part, judging.mark)
        handed_in = [name for name in judging.files if _matches(name, part.files)]
        if handed_in or not _blank(judging.answers.get(part.id)):
            rubric = _rubric_checks(part, Status.PENDING)
            where = messages.written.handed_in(handed_in, part.id)
            result = _written(part, Status.PENDING, f"{messages.written.WAITS} {where}")
            return _with_checks(result, rubric)
        if judging.answers_problem:
            # What cannot be read by a machine may well be read by a person.
            waiting = f"{messages.written.WAITS} {judging.answers_problem}"
            result = _written(part, Status.PENDING, waiting)
            return _with_checks(result, _rubric_checks(part, Status.PENDING))
        says = messages.written.nothing_handed_in(part.id, part.files)
        return _with_checks(
            _written(part, Status.MISSING, says), _rubric_checks(part, Status.MISSING)
        )

    def asked(self, part: ManualPart) -> tuple[Asked, ...]:
        """Return the text under the part's own key; a file may take its place."""
        return (Asked(key=part.id, form="text", files=part.files),)

    def released(self, part: ManualPart, planning: Planning) -> Released:
        """Return which files count; what a person looks for stays with the course."""
        del planning
        return Released(releases.fields(part, ("files",)), PartPlan())

    def taken_back(self, fields: Mapping[str, Any]) -> ManualPart:
        """Return the part of a release, with the whole of it as its only item."""
        item = {"id": "whole", "says": fields.get("title"), "points": fields.get("points")}
        return self.model.model_validate({**fields, "rubric": [item]})


def as_manual(part: Part, rubric: tuple[RubricItem, ...], hint: str) -> ManualPart:
    """Return a part of another kind as one that a person judges, as a mark says."""
    return ManualPart(
        id=part.id, kind="manual", title=part.title, points=part.points, hint=hint, rubric=rubric
    )


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether a file is meant by a pattern: in any folder, and in any case (q1.PDF)."""
    names = {name.lower(), PurePosixPath(name.lower()).name}
    return any(fnmatchcase(found, glob.lower()) for found in names for glob in patterns)


def _rubric_checks(part: ManualPart, status: Status) -> list[Check]:
    return [Check(item.says, status, Fraction(0), item.points) for item in part.rubric]


def _marked(part: ManualPart, mark: Mark) -> PartResult:
    checks = []
    for item in part.rubric:
        given = min(mark.rubric.get(item.id, Fraction(0)), item.points)
        full = given == item.points
        found = Status.CORRECT if full else Status.PARTIAL if given else Status.WRONG
        checks.append(Check(item.says, found, given, item.points))
    points = sum((check.points for check in checks), Fraction(0))
    full = points == part.points
    found = Status.CORRECT if full else Status.PARTIAL if points else Status.WRONG
    result = _written(part, found, mark.comment or messages.written.REVIEWED)
    return _with_checks(result, checks, points)


def _written(
    part: Part, status: Status, summary: str, answers: dict[str, str] | None = None
) -> PartResult:
    points = part.points if status is Status.CORRECT else Fraction(0)
    hint = "" if status in {Status.CORRECT, Status.PENDING} else part.hint
    return PartResult(
        part.id, status, points, part.points, summary, hint=hint, answers=answers or {}
    )


def _with_checks(
    result: PartResult, checks: Sequence[Check], points: Fraction | None = None
) -> PartResult:
    return replace(result, checks=tuple(checks), points=result.points if points is None else points)
