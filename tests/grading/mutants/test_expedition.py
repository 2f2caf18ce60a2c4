from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import CourseError, UsageError
from grader.grading.mutants.expedition import Expedition
from grader.grading.mutants.hunt import Choice
from grader.spec.course import Course
from tests import tiny
from tests.tiny import Tiny


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make_auditable(tmp_path)


def test_a_hunt_tells_how_far_it_is(course: Tiny) -> None:
    began: list[tuple[str, int]] = []
    done: list[tuple[int, int]] = []
    expedition = Expedition(
        Course.find(course.root),
        Choice(limit=3),
        on_begin=lambda name, count: began.append((name, count)),
        on_done=lambda count, of: done.append((count, of)),
    )
    bag = expedition.hunt(expedition.assignments(["doubling"])[0])
    assert len(bag.hunted) == 3
    assert (began, done) == ([("doubling", 3)], [(1, 3), (2, 3), (3, 3)])


def test_an_unknown_part_is_bad_usage(course: Tiny) -> None:
    expedition = Expedition(Course.find(course.root), Choice(("twice-hlf",)))
    with pytest.raises(UsageError, match=r"^no part is called 'twice-hlf'; did you mean"):
        expedition.assignments(["doubling"])


def test_assignments_without_a_chosen_part_are_passed_over(course: Tiny) -> None:
    other = course.root / "assignments" / "writing"
    other.mkdir()
    (other / "essay.yaml").write_text(
        tiny.ESSAY.replace("problem: essay", "problem: essay").replace("essay-text", "text"),
        encoding="utf-8",
    )
    (other / "assignment.yaml").write_text(
        "assignment: writing\ntitle: Writing\npoints: 3\nproblems: [essay]\n", encoding="utf-8"
    )
    expedition = Expedition(Course.find(course.root), Choice(("twice-half",)))
    assert [each.id for each in expedition.assignments(["doubling", "writing"])] == ["doubling"]


def test_without_a_reference_solution_there_is_nothing_to_change(course: Tiny) -> None:
    (course.submissions / "reference-solution").rename(course.submissions / "other")
    expedition = Expedition(Course.find(course.root), Choice())
    (assignment,) = expedition.assignments(["doubling"])
    with pytest.raises(CourseError, match=r"^doubling: there is no .*reference-solution; mutants"):
        expedition.hunt(assignment)
