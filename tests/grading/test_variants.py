"""Two students with numbers of their own, from the statement that each reads to the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.grading.plans import Plans
from grader.grading.run import GradingRun, Settings
from grader.records import PartResult, Status
from grader.spec.course import Course
from tests import varied
from tests.tiny import Tiny

OWN = ("growth-total", "growth-formula")


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return varied.make(tmp_path)


def statements(course: Tiny, student: str) -> dict[str, str]:
    """Return what a student is asked, by part."""
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    plans = Plans(assignment)
    return {item.part.id: item.part.statement for item in plans.of(problem, student)}


def exact(number: float) -> str:
    """Return a number with four decimals, without zeros at its end."""
    return f"{number:.4f}".rstrip("0").rstrip(".")


def answers(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what a student writes who can calculate."""
    a, b = varied.numbers(asked["growth-total"])
    (rows,) = varied.numbers(asked["growth-formula"])
    return {
        "growth-total": exact(a * b),
        "growth-formula": f"1 + n*{rows:.0f}",
        "growth-sign": "positive",
    }


def hand_in(course: Tiny, student: str, written: Mapping[str, str]) -> None:
    text = "".join(f"{part}: {answer}\n" for part, answer in written.items())
    course.hand_in(student, varied.SOLUTION, answers_yaml=text)


def graded(course: Tiny) -> dict[str, dict[str, PartResult]]:
    """Return what every submission got, by part; the pages are written as well."""
    with GradingRun(Course.find(course.root), Settings(reports=course.reports, jobs=2)) as run:
        grading = run.grading("doubling")
        run.require_sandbox()
        names = grading.stale_submissions()
        run.start({("doubling", name) for name in names})
        for name in names:
            run.wait("doubling", name)
        run.write_reports()
        report = run.gradebook.report("doubling")
        assert report is not None
        return {
            found.submission: {part.id: part for part in found.parts}
            for found in report.submissions
        }


def statuses(parts: Mapping[str, PartResult]) -> dict[str, Status]:
    return {name: part.status for name, part in parts.items()}


def ran(course: Tiny) -> list[str]:
    with GradingRun(Course.find(course.root), Settings(reports=course.reports)) as run:
        return run.grading("doubling").stale_submissions()


ALL_RIGHT = dict.fromkeys(
    ("growth-total", "growth-formula", "growth-code", "growth-half", "growth-sign"),
    Status.CORRECT,
)


@pytest.fixture
def both(course: Tiny) -> dict[str, dict[str, str]]:
    return {name: answers(statements(course, name)) for name in ("ada", "ben")}


def test_each_student_is_right_with_their_own_answers(
    course: Tiny, both: dict[str, dict[str, str]]
) -> None:
    for student, written in both.items():
        hand_in(course, student, written)
    found = graded(course)
    assert {name: statuses(parts) for name, parts in found.items()} == {
        "ada": ALL_RIGHT,
        "ben": ALL_RIGHT,
    }
    assert ran(course) == []


def test_each_student_is_wrong_with_the_answers_of_the_other(
    course: Tiny, both: dict[str, dict[str, str]]
) -> None:
    hand_in(course, "ada", both["ben"])
    hand_in(course, "ben", both["ada"])
    found = graded(course)
    wrong = {**ALL_RIGHT, **dict.fromkeys(OWN, Status.WRONG)}
    assert {name: statuses(parts) for name, parts in found.items()} == {"ada": wrong, "ben": wrong}
    for student, other in (("ada", "ben"), ("ben", "ada")):
        total = found[student]["growth-total"]
        told, expected = (both[name]["growth-total"] for name in (other, student))
        assert total.summary == f"Read as {told}; expected {expected}."


def test_a_wrong_answer_that_is_known_is_known_for_ones_own_numbers(course: Tiny) -> None:
    a, b = varied.numbers(statements(course, "ada")["growth-total"])
    hand_in(course, "ada", {"growth-total": exact(a + b)})
    total = graded(course)["ada"]["growth-total"]
    assert (total.mistake, total.summary) == ("added", f"You added {exact(a)} and {exact(b)}.")
    assert total.hint == f"Count {a:.0f} rows."


def test_a_student_who_copies_code_with_the_others_number_is_wrong(course: Tiny) -> None:
    rates = {}
    for student in ("ada", "ben"):
        (rates[student],) = varied.numbers(statements(course, student)["growth-code"])
    for student, rate in (("ada", rates["ada"]), ("ben", rates["ada"])):
        course.hand_in(student, f"def grow(x, rate):\n    return {rate:.0f} * x\n")
    found = graded(course)
    assert [found[name]["growth-code"].status for name in ("ada", "ben")] == [
        Status.CORRECT,
        Status.WRONG,
    ]


def test_an_attempt_is_graded_with_the_numbers_of_its_student(course: Tiny) -> None:
    written = answers(statements(course, "ada"))
    hand_in(course, "ada/attempt-1", {"growth-total": "1"})
    hand_in(course, "ada/attempt-2", written)
    (parts,) = graded(course).values()
    assert statuses(parts) == ALL_RIGHT


def test_another_secret_grades_everything_again(
    course: Tiny, both: dict[str, dict[str, str]]
) -> None:
    hand_in(course, "ada", both["ada"])
    graded(course)
    assert ran(course) == []
    (course.root / "secret.key").write_text("another secret of this course", encoding="utf-8")
    assert ran(course) == ["ada"]
    wrong = {**ALL_RIGHT, **dict.fromkeys(OWN, Status.WRONG)}
    assert statuses(graded(course)["ada"]) == wrong


# ---- what is shown -------------------------------------------------------------------------------


def texts(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def own_numbers(course: Tiny, student: str) -> list[str]:
    """Return what nobody else may find on a page: numbers and answers, as they are shown."""
    asked = statements(course, student)
    parts = (*OWN, "growth-code")
    shown = [exact(number) for part in parts for number in varied.numbers(asked[part])]
    return [*shown, answers(asked)["growth-total"]]


def test_the_page_of_a_student_has_their_own_numbers_and_nobody_elses(
    course: Tiny, both: dict[str, dict[str, str]]
) -> None:
    for student, written in both.items():
        hand_in(course, student, written)
    graded(course)
    pages = {name: (course.reports / "doubling" / f"{name}.html") for name in ("ada", "ben")}
    for student, other in (("ada", "ben"), ("ben", "ada")):
        page = pages[student].read_text(encoding="utf-8")
        for number in own_numbers(course, student):
            assert number in page, number
        for number in own_numbers(course, other):
            assert number not in page, number
        assert "{{" not in page


def test_who_handed_nothing_in_is_shown_what_was_asked(course: Tiny) -> None:
    course.hand_in("ada", "")
    parts = graded(course)["ada"]
    assert statuses(parts)["growth-total"] is Status.MISSING
    assert {name: part.statement for name, part in parts.items() if part.statement} == {
        name: asked
        for name, asked in statements(course, "ada").items()
        if name != "growth-half"  # the same for all: the outline has it
    }


def test_a_fault_of_the_grader_does_not_show_the_numbers_of_another(course: Tiny) -> None:
    file = course.root / "reference" / "doubling" / "growth.py"
    text = file.read_text(encoding="utf-8").replace("return a * b", "raise ValueError")
    file.write_text(text, encoding="utf-8")
    course.hand_in("ada", varied.SOLUTION)
    total = graded(course)["ada"]["growth-total"]
    assert (total.status, total.statement) == (Status.GRADER_FAULT, "")
    page = (course.reports / "doubling" / "ada.html").read_text(encoding="utf-8")
    assert "{{" not in page


def test_the_secret_is_in_nothing_that_is_written(
    course: Tiny, both: dict[str, dict[str, str]]
) -> None:
    hand_in(course, "ada", both["ada"])
    course.hand_in("ben", "raise ValueError\n", answers_yaml="growth-total: [\n")
    graded(course)
    written = texts(course.reports)
    assert len(written) > 3
    secret = varied.SECRET.encode()
    assert [path for path, content in written.items() if secret in content] == []


SPY = """\
import os, pathlib, sys

def grow(x, rate):
    seen = [str(dict(os.environ))]
    places = [pathlib.Path(place) for place in PLACES]
    places += [pathlib.Path(f"/proc/{process}/environ") for process in (os.getppid(), "self", 1)]
    for place in places:
        try:
            seen.append(place.read_bytes().decode("utf-8", "replace"))
        except Exception as error:
            seen.append(type(error).__name__)
    raise ValueError(" ".join(seen)[:3000])
"""


def test_the_secret_does_not_reach_the_code_of_a_student(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_SECRET", varied.SECRET)
    places = [str(course.root / "secret.key"), str(course.assignment / "growth.yaml")]
    course.hand_in("ada", SPY.replace("PLACES", repr(places)))
    failure = graded(course)["ada"]["growth-code"].failure
    assert failure is not None
    assert failure.type == "ValueError"
    assert varied.SECRET not in failure.message
    assert "problem: growth" not in failure.message
