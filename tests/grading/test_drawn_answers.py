"""An audit of answers that are drawn tries the numbers of many students, and no sample's."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.grading.audit import Audit, Finding, Outcome
from grader.grading.drawn_answers import misses
from grader.grading.plans import Plans
from grader.grading.run import GradingRun, Settings
from grader.kinds.registry import kinds
from grader.spec.course import Course
from tests import varied
from tests.tiny import Tiny

EXPECTED = """\
parts:
  growth-total: {status: correct, points: 2}
  growth-formula: {status: correct, points: 1}
  growth-code: {status: correct, points: 1}
  growth-half: {status: correct, points: 1}
  growth-sign: {status: correct, points: 1}
"""
ANSWERS = "growth-total: 1\ngrowth-formula: n\ngrowth-sign: positive\n"


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    made = varied.make(tmp_path)
    made.hand_in("reference-solution", varied.SOLUTION, answers_yaml=ANSWERS, expect_yaml=EXPECTED)
    starter = made.assignment / "starter"
    starter.mkdir()
    (starter / "solution.py").write_text("", encoding="utf-8")
    return made


def audited(course: Tiny) -> Outcome:
    with GradingRun(Course.find(course.root), Settings(jobs=2)) as run, Audit(run) as audit:
        audit.add("doubling")
        run.require_sandbox()
        audit.grade()
        (outcome,) = audit.outcomes()
    return outcome


def change(course: Tiny, old: str, new: str, *, file: str = "reference/doubling/growth.py") -> None:
    path = course.root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def said(found: Finding) -> tuple[str, str, str, str]:
    return found.part, found.where, found.found, found.expected


def test_samples_need_not_know_what_follows_from_the_secret(course: Tiny) -> None:
    assert audited(course).findings == ()


def test_samples_answer_for_the_other_parts(course: Tiny) -> None:
    half = varied.SOLUTION.replace("x / 2", "x / 3")
    course.hand_in("reference-solution", half, answers_yaml=ANSWERS, expect_yaml=EXPECTED)
    assert {found.part for found in audited(course).findings} == {"growth-half"}


def test_a_reference_that_fails_for_some_numbers_is_found(course: Tiny) -> None:
    change(course, "    return a * b\n", "    assert a % 4\n    return a * b\n")
    found = [each for each in audited(course).findings if each.part == "growth-total"]
    assert found
    assert all("AssertionError" in each.found for each in found)


def test_an_answer_that_cannot_be_read_for_some_numbers_is_found_with_them(course: Tiny) -> None:
    change(course, '    return f"{a}*n + 1"', '    return f"{a}*n + 1" if a % 4 else "4*m"')
    assignment = varied.loaded(course)
    (miss,) = misses(assignment, Plans(assignment))
    found = re.fullmatch(
        r"growth-formula: what the reference gives for a = (\d+): expected an expression in n; "
        r"found '4\*m': .*",
        miss.found,
    )
    assert found
    assert int(found[1]) % 4 == 0
    assert (miss.part, miss.where) == ("growth-formula", "its right answer")


def test_a_right_answer_that_would_be_judged_wrong_is_found_with_the_numbers(course: Tiny) -> None:
    change(course, "    return a * b\n", "    return [a * b] * 1001 if a % 4 == 0 else a * b\n")
    assignment = varied.loaded(course)
    (miss,) = misses(assignment, Plans(assignment))
    assert miss.part == "growth-total"
    assert miss.found.endswith("; expected a number or several")


def test_a_judge_that_fails_on_a_right_answer_is_found(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise BaseException("no such thing")  # noqa: TRY002  (the worst that there is)

    monkeypatch.setattr(type(kinds()["choice"]), "judge", fail)
    assignment = varied.loaded(course)
    (miss,) = misses(assignment, Plans(assignment))
    assert miss.part == "growth-sign"
    assert miss.found == "judging it failed: BaseException('no such thing')"


def test_a_mistake_that_is_always_right_is_found(course: Tiny) -> None:
    change(course, "    return a + b", "    return b * a")
    (found,) = audited(course).findings
    assert said(found) == (
        "growth-total",
        "the mistake added",
        "the same as another answer, whatever the numbers are",
        "an answer of its own",
    )


def test_a_mistake_that_is_right_for_some_numbers_only_is_none(course: Tiny) -> None:
    change(course, "    return a + b", "    return b * a if a % 2 else a + b")
    assert audited(course).findings == ()


def test_a_choice_that_is_none_of_them_is_found(course: Tiny) -> None:
    change(course, '    return "positive"', '    return "negative"')
    found = {each.found for each in audited(course).findings if each.part == "growth-sign"}
    assert any("found 'negative'; expected one of -" in told for told in found)


def test_without_a_secret_samples_are_held_to_numbers_for_all(course: Tiny) -> None:
    (course.root / "secret.key").unlink()
    change(
        course,
        "    variant: per-student\n    title: The total",
        "    title: The total",
        file="assignments/doubling/growth.yaml",
    )
    change(
        course,
        "    variant: per-student\n    title: A formula",
        "    title: A formula",
        file="assignments/doubling/growth.yaml",
    )
    change(
        course,
        "    variant: per-student\n    title: The code",
        "    title: The code",
        file="assignments/doubling/growth.yaml",
    )
    outcome = audited(course)
    assert {each.part for each in outcome.findings} == {"growth-total", "growth-formula"}
    assert all("the sample reference-solution" in each.where for each in outcome.findings)
    assert sum(part.points for part in varied.loaded(course).parts) == Fraction(6)
