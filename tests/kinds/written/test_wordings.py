"""Answers in one's own words: a wrong one is never accepted, a right one is never called wrong."""

# ruff: noqa: RUF001  (people write typographic quotes)

from __future__ import annotations

from pathlib import Path

import pytest

from grader.kinds.written.texts import judge_text
from grader.kinds.written.wording import heart, left_over
from grader.records import Status
from grader.spec import document
from tests.kinds.student import COURSE
from tests.kinds.written.test_answers_course import course_parts

WORDINGS = document.read(Path(__file__).with_name("wordings.yaml")).data
RIGHT = [(name, text) for name, both in WORDINGS.items() for text in both["right"]]
WRONG = [(name, text) for name, both in WORDINGS.items() for text in both["wrong"]]
# What a person has to read of the right answers, at most; the others are accepted at once.
PENDING = {
    "q5-graph-nodes-1": 5,
    "q5-graph-nodes-2": 8,
    "q5-graph-nodes-3": 2,
    "q5-graph-nodes-4": 4,
    "q6-opnode-1": 0,
    "q6-opnode-2": 6,
    "q6-opnode-3": 10,
    "q7-backward-line": 1,
}


def status(name: str, text: str) -> Status:
    return judge_text(course_parts()[name], text).status  # type: ignore[arg-type]


SAMPLES = sorted((COURSE / "submissions" / "tensor-autograd").iterdir())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda folder: folder.name)
def test_the_samples_get_what_they_expect(sample: Path) -> None:
    answers = document.read(sample / "answers.yaml").data
    expected = document.read(sample / "expect.yaml").data["parts"]
    found = {name: status(name, answers[name]).value for name in WORDINGS}
    assert found == {name: expected[name]["status"] for name in WORDINGS}


def test_there_are_many_wordings() -> None:
    assert len(RIGHT) > 230
    assert len(WRONG) > 270


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_a_right_answer_is_never_called_wrong(name: str, text: str) -> None:
    assert status(name, text) in {Status.CORRECT, Status.PENDING}


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_a_wrong_answer_is_never_accepted(name: str, text: str) -> None:
    assert status(name, text) in {Status.WRONG, Status.PENDING}


@pytest.mark.parametrize("name", sorted(WORDINGS))
def test_most_right_answers_are_accepted_at_once(name: str) -> None:
    waiting = [t for t in WORDINGS[name]["right"] if status(name, t) is not Status.CORRECT]
    assert len(waiting) <= PENDING[name], waiting


@pytest.mark.parametrize(("name", "text"), RIGHT)
@pytest.mark.parametrize("doubt", ["{} Or not.", "No: {}", "{} It is never so.", "Either {} or b."])
def test_doubt_makes_any_answer_one_for_a_person(name: str, text: str, doubt: str) -> None:
    assert status(name, doubt.format(text)) is Status.PENDING


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("c.value contains the sum.", "sum"),
        ("It is a class", "class"),
        ("This refers to the OpNode", "opnode"),
        ("A reference to `OpNode`", "opnode"),
        ("a + b", "a + b"),
        ("a and b", "a and b"),
        ("a.value", "a.value"),
        ("Its inputs", "inputs"),
        ("the *sum* of **a** and 'b'", "sum of a and b"),
        ("In Add’s forward (not in __add__)", "in add's forward (not in __add__)"),
        ("the class Add - a type", "class add, a type"),
        ("a - b", "a - b"),
    ],
)
def test_an_answer_is_read_without_what_stands_around_it(written: str, found: str) -> None:
    assert heart(written, ["c.value"]) == found


@pytest.mark.parametrize(
    ("text", "known", "rest"),
    [
        ("sum of a and b", ["sum", "of a and b"], ""),
        ("sum, namely (that is) it's the sum.", ["sum"], ""),
        ("sum of a and b", ["sum"], "of a b"),
        ("not the sum", ["sum"], "not"),
        ("a.value", ["a"], "a.value"),
        ("summand", ["sum"], "summand"),
        ("sum - a", ["sum"], "- a"),
    ],
)
def test_what_no_pattern_covers_is_left_over(text: str, known: list[str], rest: str) -> None:
    assert left_over(text, known) == rest
