from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
import yaml

from grader.errors import CourseError
from grader.release import answers, sheets
from grader.release.sheets import PartSheet, ProblemSheet, Sheet
from grader.spec.asked import Asked
from grader.submissions import answers as handed_in

from . import course

ORDER = Asked(key="q1-time", form="order", names=("n", "m"))
HOURS = Asked(key="q2-hours", form="number", asks="How long?", least=0, most=99, optional=True)


def sheet(*groups: tuple[str, tuple[Asked, ...]]) -> Sheet:
    problems = tuple(
        ProblemSheet(title, title, "", (part(title, asked),)) for title, asked in groups
    )
    return Sheet("a", "An assignment", Fraction(2), "", "", problems)


def part(title: str, asked: tuple[Asked, ...]) -> PartSheet:
    return PartSheet("p", f"Part of {title}", Fraction(1), False, "", (), "", asked)


TWO = sheet(("Costs", (ORDER,)), ("Debriefing", (HOURS,)))


def test_a_file_has_every_key_with_a_comment() -> None:
    made = answers.completed(TWO, None)
    assert made is not None
    assert made.startswith(
        "# Your written answers. Write each one behind the colon of its key; what"
    )
    assert made.partition("# line.\n")[2] == (
        "\n"
        "# Costs\n"
        "# Part of Costs: an order in n and m, written O(…).\n"
        "q1-time:\n"
        "\n"
        "# Debriefing\n"
        "# How long? Expected: a number from 0 to 99; it may stay empty.\n"
        "q2-hours:\n"
    )


def test_what_the_course_has_begun_stays_and_is_completed() -> None:
    begun = "# Ours.\nq1-time: O(1)   \nother: [1,\n  2]"
    assert answers.completed(TWO, begun) == (
        "# Ours.\n"
        "# Part of Costs: an order in n and m, written O(…).\n"
        "q1-time: O(1)   \nother: [1,\n  2]\n"
        "\n"
        "# Debriefing\n"
        "# How long? Expected: a number from 0 to 99; it may stay empty.\n"
        "q2-hours:\n"
    )


def test_a_key_with_a_comment_of_its_own_gets_no_other() -> None:
    begun = "q1-time:  # an order\nq2-hours:  # a number\n"
    assert answers.completed(TWO, begun) == begun


def test_nested_keys_are_found_and_comments_stand_as_deep() -> None:
    begun = "q1:\n  time:\nq2:\n  hours:\n"
    assert answers.completed(TWO, begun) == (
        "q1:\n  # Part of Costs: an order in n and m, written O(…).\n  time:\n"
        "q2:\n  # How long? Expected: a number from 0 to 99; it may stay empty.\n  hours:\n"
    )


def test_line_endings_of_the_course_stay() -> None:
    made = answers.completed(TWO, "q1-time:\r\n")
    assert made is not None
    assert made.count("\r\n") == made.count("\n") == 6


def test_without_questions_nothing_is_made() -> None:
    assert answers.completed(sheet(("Code", ())), None) is None
    assert answers.completed(sheet(("Code", ())), "a: 1\n") == "a: 1\n"


@pytest.mark.parametrize(
    ("begun", "says"),
    [
        ("a: [1\n", "the starter's answers.yaml, line 2: "),
        ("- 1\n", "the starter's answers.yaml: expected lines of the form key: answer"),
    ],
)
def test_what_was_begun_has_to_be_yaml(begun: str, says: str) -> None:
    with pytest.raises(CourseError) as error:
        answers.completed(TWO, begun)
    assert str(error.value).startswith(says)


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        (Asked(key="k", form="expression", names=("n",)), "an expression in n"),
        (Asked(key="k", form="condition", names=("n",)), "a comparison of n, with <, <=, > or >="),
        (Asked(key="k", form="number"), "a number"),
        (Asked(key="k", form="number", count=3), "3 numbers in order, as a list"),
        (Asked(key="k", form="number", percent=True), "a share, such as 0.25 or 25 %"),
        (Asked(key="k", form="choice", choices=("a", "b", "c")), "one of a, b, c"),
        (Asked(key="k", form="choice", choices=("yes",)), "yes"),
        (Asked(key="k", form="text"), "a text"),
        (Asked(key="k", form="text", files=("q*.md",)), "a text, or a file: q*.md"),
    ],
)
def test_every_form_is_said_in_words(asked: Asked, form: str) -> None:
    assert sheets.form(asked) == form


@pytest.mark.parametrize("name", course.NAMES)
def test_the_sheet_of_the_course_has_every_key_and_no_answer(name: str) -> None:
    content = course.files(name)[answers.FILE]
    asked = [
        key.key
        for problem in sheets.sheet(course.assignment(name)).problems
        for each in problem.parts
        for key in each.answers
    ]
    found = yaml.safe_load(content)
    assert asked
    assert set(asked) == set(found)
    assert set(found.values()) == {None}
    read = handed_in.read({answers.FILE: content}, [p.id for p in course.assignment(name).parts])
    assert (read.problem, read.notes) == ("", ())


@pytest.mark.parametrize("name", course.NAMES)
def test_nothing_of_the_sheet_that_the_course_began_is_lost(name: str) -> None:
    begun = (course.assignment(name).folder / "starter" / answers.FILE).read_text("utf-8")
    made = course.files(name)[answers.FILE].decode().splitlines()
    at = 0
    for line in begun.splitlines():
        at = made.index(line, at) + 1


def test_a_comment_is_wrapped() -> None:
    long = replace(TWO.problems[0].parts[0], title="word " * 30)
    made = answers.completed(replace(TWO, problems=(replace(TWO.problems[0], parts=(long,)),)), "")
    assert made is not None
    assert all(len(line) <= 100 for line in made.splitlines())
    assert all(re.match(r"# |q1-time:|# Costs|$", line) for line in made.splitlines())
