from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.spec.course import Course
from tests import tiny


@pytest.mark.parametrize("inside", [".", "assignments", "assignments/doubling", "reference"])
def test_a_course_is_found_from_any_folder_in_it(tmp_path: Path, inside: str) -> None:
    tiny.make(tmp_path)
    assert Course.find(tmp_path / inside) == Course(tmp_path)


def test_outside_a_course_the_message_says_what_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Course.find(tmp_path)
    assert str(caught.value) == (
        f"no course here: {tmp_path} and the folders above it have no assignments/ folder; "
        "run this in the folder of the course"
    )


def test_a_folder_that_is_not_there_is_not_taken_for_one_above_it(tmp_path: Path) -> None:
    tiny.make(tmp_path)
    with pytest.raises(UsageError) as caught:
        Course.find(tmp_path / "nowhere")
    assert str(caught.value) == f"there is no folder {tmp_path / 'nowhere'}"


@pytest.mark.parametrize(
    ("given", "chosen"),
    [([], ["b-one", "doubling"]), (["doubling"], ["doubling"]), (["b-one"] * 2, ["b-one"])],
)
def test_the_named_assignments_are_chosen_or_all(
    tmp_path: Path, given: list[str], chosen: list[str]
) -> None:
    tiny.make(tmp_path)
    (tmp_path / "assignments" / "b-one").mkdir()
    (tmp_path / "assignments" / "b-one" / "assignment.yaml").touch()
    (tmp_path / "assignments" / "no-assignment").mkdir()
    assert Course(tmp_path).chosen(given) == chosen


def test_an_unknown_assignment_is_told_with_the_known_ones(tmp_path: Path) -> None:
    tiny.make(tmp_path)
    with pytest.raises(UsageError) as caught:
        Course(tmp_path).chosen(["dubling"])
    assert str(caught.value) == (
        "no assignment is called 'dubling'; there is doubling; did you mean 'doubling'?"
    )


def test_a_course_without_assignments_is_told(tmp_path: Path) -> None:
    (tmp_path / "assignments").mkdir()
    with pytest.raises(UsageError) as caught:
        Course(tmp_path).chosen([])
    assert str(caught.value) == f"{tmp_path}/assignments has no folder with an assignment.yaml"


def test_a_course_keeps_everything_in_folders_by_assignment(tmp_path: Path) -> None:
    course = Course(tmp_path)
    found = [course.assignment("a"), course.submissions("a"), course.marks("a")]
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "assignments/a",
        "submissions/a",
        "marks/a.yaml",
    ]
    assert (course.references, course.reports) == (tmp_path / "reference", tmp_path / "reports")
