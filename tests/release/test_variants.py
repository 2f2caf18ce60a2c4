"""A student's own release holds their numbers, nobody else's, and nothing of the secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.grading.plans import Plans
from grader.kinds.registry import part_models
from grader.release import gradescope, selfcheck
from grader.release.bundle import bundle
from grader.spec.course import Course
from grader.spec.loader import load
from tests import varied
from tests.tiny import Tiny


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    made = varied.make(tmp_path)
    starter = made.assignment / "starter"
    starter.mkdir()
    (starter / "solution.py").write_text("", encoding="utf-8")
    return made


def released(course: Tiny, student: str) -> dict[str, str]:
    files = bundle(varied.loaded(course), student).files
    return {name: content.decode() for name, content in files.items()}


def asked(course: Tiny, student: str) -> dict[str, str]:
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    return {item.part.id: item.part.statement for item in Plans(assignment).of(problem, student)}


def own(course: Tiny, student: str) -> set[str]:
    """Return the numbers that stand in a student's own statements, as they stand there."""
    parts = asked(course, student)
    names = ("growth-total", "growth-formula", "growth-code")
    found = {f"{number:.4f}" for name in names for number in varied.numbers(parts[name])}
    return {number.rstrip("0").rstrip(".") for number in found}


def test_a_release_of_ones_own_has_ones_own_numbers(course: Tiny) -> None:
    files = released(course, "ada")
    for name in ("statement.md", "statement.html"):
        for number in own(course, "ada"):
            assert number in files[name], (name, number)


def test_a_release_has_nothing_of_another_student_and_no_answer(course: Tiny) -> None:
    everything = "\n".join(released(course, "ada").values())
    a, b = varied.numbers(asked(course, "ada")["growth-total"])
    (rows,) = varied.numbers(asked(course, "ada")["growth-formula"])
    forbidden = {
        *own(course, "ben"),
        varied.SECRET,
        varied.SECRET.encode().hex(),
        f"{a * b:.4f}".rstrip("0").rstrip("."),
        f"{a + b:.4f}".rstrip("0").rstrip("."),
        f"{rows:.0f}*n",
        "{{",
        "total(",
    }
    assert [text for text in forbidden if text in everything] == []


def test_the_visible_cases_of_a_release_are_those_that_are_graded(
    course: Tiny, tmp_path: Path
) -> None:
    file = tmp_path / "self-check.json"
    file.write_bytes(bundle(varied.loaded(course), "ada").files[selfcheck.FILE])
    check = selfcheck.read(file)
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    graded = {item.part.id: item.plan for item in Plans(assignment).of(problem, "ada")}
    (given,) = check.assignment.problems
    shown = {item.part.id: item.plan for item in check.of(given)}
    for name in ("growth-code", "growth-half"):
        assert len(shown[name].calls) == 2
        for call, whole in zip(shown[name].calls, graded[name].calls, strict=False):
            assert str(call.arguments) == str(whole.arguments)


def test_a_release_for_nobody_cannot_have_numbers_of_ones_own(course: Tiny) -> None:
    with pytest.raises(CourseError) as caught:
        bundle(varied.loaded(course))
    assert str(caught.value) == "growth-total is per student; say for whom it is meant"


@pytest.mark.parametrize("line", ["    variant: per-student\n", ""])
def test_whoever_grades_elsewhere_needs_the_secret_for_what_was_asked(
    course: Tiny, line: str
) -> None:
    spec = course.assignment / "growth.yaml"
    text = spec.read_text(encoding="utf-8").replace("    variant: per-student\n", line)
    spec.write_text(text, encoding="utf-8")
    load(course.assignment, course.root / "reference", part_models())
    assert any("secret" in note for note in gradescope.notes(Course(course.root), "doubling"))
    assert varied.SECRET.encode() in gradescope_secret(course)


def gradescope_secret(course: Tiny) -> bytes:
    import io  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    packed = gradescope.build(Course(course.root), "doubling")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read("course/secret.key")
