"""`survey`, `declaration`, `manual`: answers in words."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from grader.records import Status
from grader.spec.marks import Mark
from tests.kinds.student import Result, judge, part, plan, reference

COURSE = reference()


def answered(asked: Any, answers: Mapping[str, Any] | None = None, **judging: Any) -> Result:
    return judge(asked, COURSE, plan(asked, COURSE), [], answers=answers or {}, **judging)


SURVEY = part(
    "survey",
    id="debrief",
    points=0,
    questions=[
        {"id": "hours", "asks": "How long?", "number": [0, 200]},
        {"id": "difficulty", "asks": "How hard?", "choices": ["easy", "moderate", "difficult"]},
        {"id": "alone", "asks": "Alone?", "yes_no": True},
        {"id": "comments", "asks": "Else?", "text": True, "optional": True},
    ],
)
GIVEN = {"debrief-hours": 6, "debrief-difficulty": "moderate", "debrief-alone": True}


def test_a_survey_that_is_answered_thanks_and_keeps_the_answers() -> None:
    result = answered(SURVEY, {**GIVEN, "debrief-comments": " fine "})
    assert (result.status, result.points, result.summary) == (
        Status.CORRECT,
        0,
        "Answered; thank you.",
    )
    assert result.answers == {
        "hours": "6",
        "difficulty": "moderate",
        "alone": "yes",
        "comments": "fine",
    }


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"debrief-hours": "6.5"}, {"hours": "6.5"}),
        ({"debrief-hours": "6,5"}, {"hours": "6.5"}),
        ({"debrief-hours": "80%"}, {"hours": "80"}),
        ({"debrief-hours": " 80 % "}, {"hours": "80"}),
        ({"debrief-hours": 0}, {"hours": "0"}),
        ({"debrief-hours": 200.0}, {"hours": "200"}),
        ({"debrief-difficulty": " Difficult "}, {"difficulty": "difficult"}),
        ({"debrief-alone": "NO"}, {"alone": "no"}),
        ({"debrief-alone": False}, {"alone": "no"}),
        ({"debrief-alone": "t"}, {"alone": "yes"}),
    ],
)
def test_an_answer_is_read_kindly(given: dict[str, Any], kept: dict[str, str]) -> None:
    result = answered(SURVEY, {**GIVEN, **given})
    assert result.status is Status.CORRECT
    assert kept.items() <= result.answers.items()


@pytest.mark.parametrize(
    ("given", "summary"),
    [
        ({"debrief-hours": "six"}, "debrief-hours: expected a number, found 'six'."),
        ({"debrief-hours": True}, "debrief-hours: expected a number, found 'True'."),
        (
            {"debrief-hours": 201},
            "debrief-hours: expected a number from 0 to 200, found 201.",
        ),
        (
            {"debrief-hours": -1},
            "debrief-hours: expected a number from 0 to 200, found -1.",
        ),
        (
            {"debrief-hours": float("nan")},
            "debrief-hours: expected a number from 0 to 200, found nan.",
        ),
        (
            {"debrief-difficulty": "hard"},
            "debrief-difficulty: expected one of easy, moderate, difficult; found 'hard'.",
        ),
        ({"debrief-alone": "mostly"}, "debrief-alone: expected one of yes, no; found 'mostly'."),
    ],
)
def test_an_answer_that_does_not_fit_is_told(given: dict[str, Any], summary: str) -> None:
    result = answered(SURVEY, {**GIVEN, **given})
    assert (result.status, result.summary) == (Status.WRONG, summary)


@pytest.mark.parametrize("blank", [None, "", "   ", []])
def test_a_question_without_an_answer_is_named(blank: Any) -> None:
    result = answered(SURVEY, {**GIVEN, "debrief-hours": blank})
    assert (result.status, result.summary) == (
        Status.PARTIAL,
        "answers.yaml has no answer for debrief-hours.",
    )


def test_what_does_not_fit_and_what_is_missing_are_both_told() -> None:
    result = answered(SURVEY, {"debrief-hours": "six", "debrief-alone": "yes"})
    assert (result.status, result.summary) == (
        Status.WRONG,
        (
            "debrief-hours: expected a number, found 'six'. "
            "answers.yaml has no answer for debrief-difficulty."
        ),
    )


def test_a_survey_without_any_answer_is_missing() -> None:
    result = answered(SURVEY)
    assert result.status is Status.MISSING
    assert result.summary == (
        "answers.yaml has no answer for debrief-hours, debrief-difficulty, debrief-alone."
    )


def test_a_survey_is_never_scored() -> None:
    with pytest.raises(ValidationError, match="a survey is never scored"):
        part("survey", questions=[{"id": "a", "asks": "A?", "text": True}])


def test_a_question_has_one_form() -> None:
    question = {"id": "a", "asks": "A?", "text": True, "yes_no": True}
    with pytest.raises(ValidationError, match="exactly one of number, choices, yes_no, text"):
        part("survey", points=0, questions=[question])


BAD = "answers.yaml cannot be read: line 3: found a tab."


# ---- declarations --------------------------------------------------------------------------------

DECLARATION = part(
    "declaration",
    id="p0",
    statements=[
        {"id": "collaborators", "says": "With whom?"},
        {"id": "certification", "says": "My own work.", "must_be_true": True},
    ],
)
DECLARED = {"p0-collaborators": "none", "p0-certification": "yes"}


def test_a_declaration_with_every_statement_earns_its_points() -> None:
    result = answered(DECLARATION, DECLARED)
    assert (result.status, result.points, result.summary) == (Status.CORRECT, 2, "Declared.")


@pytest.mark.parametrize("given", [False, "no", "perhaps"])
def test_a_statement_that_has_to_be_true_is_refused_otherwise(given: Any) -> None:
    result = answered(DECLARATION, {**DECLARED, "p0-certification": given})
    assert (result.status, result.points, result.summary) == (
        Status.WRONG,
        0,
        "p0-certification has to be true.",
    )


def test_a_statement_that_is_missing_is_named() -> None:
    result = answered(DECLARATION, {"p0-certification": True, "p0-collaborators": " "})
    assert (result.status, result.summary) == (
        Status.WRONG,
        "answers.yaml has no answer for p0-collaborators.",
    )


def test_a_declaration_of_nothing_is_missing() -> None:
    assert answered(DECLARATION).status is Status.MISSING


# ---- manual --------------------------------------------------------------------------------------

MANUAL = part(
    "manual",
    id="q1",
    points=5,
    hint="Draw it.",
    files=["q1.*", "proofs.pdf"],
    rubric=[
        {"id": "left", "says": "The left inequality.", "points": 3},
        {"id": "right", "says": "The right one.", "points": 2},
    ],
)


@pytest.mark.parametrize("name", ["q1.pdf", "q1.md", "proofs.pdf", "Q1.PDF", "scans/q1.jpg"])
def test_a_file_that_was_handed_in_waits_for_a_person(name: str) -> None:
    result = answered(MANUAL, files=("solution.py", name))
    assert (result.status, result.points, result.hint) == (Status.PENDING, 0, "")
    assert result.summary == f"Waits for a person to review it. Handed in: {name}."
    assert [check.max_points for check in result.checks] == [3, 2]


def test_text_that_was_handed_in_waits_for_a_person() -> None:
    result = answered(MANUAL, {"q1": "Let x be …"})
    assert result.status is Status.PENDING
    assert result.summary == (
        "Waits for a person to review it. Handed in: the text under q1 in answers.yaml."
    )


@pytest.mark.parametrize("files", [(), ("solution.py", "q10.pdf", "q2.pdf")])
def test_nothing_handed_in_is_missing(files: tuple[str, ...]) -> None:
    result = answered(MANUAL, {"q1": "  "}, files=files)
    assert (result.status, result.points, result.hint) == (Status.MISSING, 0, "Draw it.")
    assert result.summary == (
        "Nothing handed in; expected a file (q1.*, proofs.pdf) or text under q1 in answers.yaml."
    )


@pytest.mark.parametrize(
    ("rubric", "status", "points"),
    [
        ({"left": 3, "right": 2}, Status.CORRECT, Fraction(5)),
        ({"left": 2.5}, Status.PARTIAL, Fraction(5, 2)),
        ({"left": "1/3", "right": 2}, Status.PARTIAL, Fraction(7, 3)),
        ({}, Status.WRONG, Fraction(0)),
        ({"left": 30, "right": 0}, Status.PARTIAL, Fraction(3)),
    ],
)
def test_the_marks_of_a_person_are_the_points(
    rubric: dict[str, Any], status: Status, points: Fraction
) -> None:
    mark = Mark.model_validate({"rubric": rubric, "comment": "See page 2."})
    result = answered(MANUAL, files=("q1.pdf",), mark=mark)
    assert (result.status, result.points, result.summary) == (status, points, "See page 2.")


def test_each_item_of_the_rubric_shows_what_it_got() -> None:
    mark = Mark.model_validate({"rubric": {"left": 3, "right": 1}})
    result = answered(MANUAL, mark=mark)
    assert result.summary == "Reviewed."
    assert [(check.status, check.points) for check in result.checks] == [
        (Status.CORRECT, 3),
        (Status.PARTIAL, 1),
    ]


# ---- an answers.yaml that cannot be read ---------------------------------------------------------


@pytest.mark.parametrize("asked", [SURVEY, DECLARATION])
def test_answers_that_cannot_be_read_are_told_and_not_called_wrong(asked: Any) -> None:
    result = answered(asked, answers_problem=BAD)
    assert (result.status, result.points, result.summary) == (Status.REFUSED, 0, BAD)


def test_a_person_looks_at_answers_that_no_machine_can_read() -> None:
    result = answered(MANUAL, answers_problem=BAD)
    summary = f"Waits for a person to review it. {BAD}"
    assert (result.status, result.points, result.summary) == (Status.PENDING, 0, summary)
    assert all(check.status is Status.PENDING for check in result.checks)


@pytest.mark.parametrize("yes", ["Yes, I certify.", "**Yes**", "TRUE.", "yes!"])
def test_a_declaration_may_say_more_than_yes(yes: str) -> None:
    assert answered(DECLARATION, {**DECLARED, "p0-certification": yes}).status is Status.CORRECT


@pytest.mark.parametrize("no", ["No, I do not.", "yes, no", "I certify", "x"])
def test_a_declaration_needs_a_yes(no: str) -> None:
    assert answered(DECLARATION, {**DECLARED, "p0-certification": no}).status is Status.WRONG


def test_a_file_counts_even_where_the_answers_cannot_be_read() -> None:
    assert answered(MANUAL, answers_problem=BAD, files=("q1.pdf",)).status is Status.PENDING
