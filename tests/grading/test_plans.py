"""What is for all is planned once; what is each student's own for each, and then forgotten."""

from __future__ import annotations

import gc
import hashlib
import hmac
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import CourseError
from grader.grading import keys
from grader.grading.plans import Planned, Plans, course_code, planning_of
from grader.kinds.base import Planning
from grader.kinds.functions.derivatives import Value
from grader.spec.loader import Assignment
from tests import tiny, varied
from tests.kinds.student import part, reference
from tests.tiny import Tiny


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return varied.make(tmp_path)


def planned(assignment: Assignment, student: str, **options: Any) -> dict[str, Planned]:
    plans = Plans(assignment, **options)
    (problem,) = assignment.problems
    items = {item.part.id: item for item in plans.of(problem, student)}
    assert all(not item.fault for item in items.values())
    return items


def drawn(item: Planned) -> list[Any]:
    """Return everything that a student gets of a part, and what is right."""
    arguments = [call.arguments for call in item.plan.calls]
    arrays = [np.asarray(value).tolist() for case in arguments for value in case.values()]
    answer = getattr(item.part, "answer", None)
    return [item.part.statement, arrays, answer]


OWN = ("growth-total", "growth-formula", "growth-code")
SHARED = ("growth-half", "growth-sign")


def test_every_run_plans_the_same(course: Tiny) -> None:
    first, second = (planned(varied.loaded(course), "ada") for _ in range(2))
    assert {name: drawn(item) for name, item in first.items()} == {
        name: drawn(item) for name, item in second.items()
    }


def test_another_student_has_other_numbers_where_they_are_per_student(course: Tiny) -> None:
    ada, ben = (planned(varied.loaded(course), name) for name in ("ada", "ben"))
    assert {name for name in ada if drawn(ada[name]) != drawn(ben[name])} == set(OWN)


def test_another_secret_draws_everything_anew(course: Tiny) -> None:
    assignment = varied.loaded(course)
    other = replace(assignment, secret=b"another secret of the course")
    first, second = planned(assignment, "ada"), planned(other, "ada")
    changed = {name for name in first if drawn(first[name]) != drawn(second[name])}
    assert changed >= {*OWN, "growth-half"}  # a choice of two may come out the same


def test_a_name_is_the_same_in_every_normal_form_of_unicode(course: Tiny) -> None:
    composed, apart = (planned(varied.loaded(course), name) for name in ("Zo\u00eb", "Zoe\u0308"))
    assert {name: drawn(item) for name, item in composed.items()} == {
        name: drawn(item) for name, item in apart.items()
    }


def test_what_is_for_all_is_planned_once(course: Tiny) -> None:
    assignment = varied.loaded(course)
    plans, (problem,) = Plans(assignment), assignment.problems
    ada, ben = ({item.part.id: item for item in plans.of(problem, name)} for name in ("ada", "ben"))
    assert {name for name in ada if ada[name] is ben[name]} == set(SHARED)


def test_the_plans_of_a_student_are_forgotten(course: Tiny) -> None:
    assignment = varied.loaded(course)
    plans, (problem,) = Plans(assignment), assignment.problems
    own = {item.part.id: item for item in plans.of(problem, "ada")}["growth-code"]
    watched = weakref.ref(own.plan.expected[0].value)
    del own
    gc.collect()
    assert watched() is None
    plans.of(problem, "ben")  # they still serve


def test_a_self_check_has_the_visible_cases_of_the_same_numbers(course: Tiny) -> None:
    whole = planned(varied.loaded(course), "ada")["growth-code"].plan
    shown = planned(varied.loaded(course), "ada", visible_only=True)["growth-code"].plan
    assert (len(whole.calls), len(shown.calls)) == (4, 2)
    for full, visible in zip(whole.calls[:2], shown.calls, strict=True):
        assert np.array_equal(full.arguments["x"], visible.arguments["x"])  # type: ignore[arg-type]
        assert full.arguments["rate"] == visible.arguments["rate"]


def test_the_argument_is_the_number_of_the_statement(course: Tiny) -> None:
    item = planned(varied.loaded(course), "ada")["growth-code"]
    (rate,) = varied.numbers(item.part.statement)
    assert {call.arguments["rate"] for call in item.plan.calls} == {rate}


def test_the_right_answer_follows_from_the_numbers_of_the_statement(course: Tiny) -> None:
    total = planned(varied.loaded(course), "ada")["growth-total"].part
    a, b = varied.numbers(total.statement)
    assert float(total.answer[0]) == pytest.approx(a * b)  # type: ignore[attr-defined]
    assert float(total.mistakes[0].answer[0]) == pytest.approx(a + b)  # type: ignore[attr-defined]


def test_a_part_per_student_is_of_some_student(course: Tiny) -> None:
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    faults = {item.part.id: item.fault for item in Plans(assignment).of(problem, "")}
    assert {name for name, fault in faults.items() if fault} == set(OWN)
    assert faults["growth-code"] == "growth-code is per student; say for whom it is meant"


def test_a_course_without_a_secret_cannot_plan_what_is_per_student(tmp_path: Path) -> None:
    assignment = varied.loaded(varied.make(tmp_path, secret=""))
    with pytest.raises(CourseError) as caught:
        Plans(assignment)
    assert str(caught.value) == (
        "doubling: growth-total is per student, and the course has no secret to draw from. Make "
        "one in the folder of the course, and keep it: "
        'python -c "import secrets; print(secrets.token_hex(32))" > secret.key '
        "(or set GRADER_SECRET)"
    )


def test_a_reference_that_fails_for_one_student_is_a_fault_of_that_one_alone(course: Tiny) -> None:
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    plans = Plans(assignment)
    items = {item.part.id: item.part for item in plans.of(problem, "ada")}
    (number, _) = varied.numbers(items["growth-total"].statement)
    file = course.root / "reference" / "doubling" / "growth.py"
    text = file.read_text(encoding="utf-8")
    guard = f"    if a == {number:.0f}:\n        raise ValueError('no')\n"
    file.write_text(
        text.replace("    return a * b\n", f"{guard}    return a * b\n"), encoding="utf-8"
    )
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    plans = Plans(assignment)
    found = {
        name: [bool(item.fault) for item in plans.of(problem, name)] for name in ("ada", "ben")
    }
    assert found == {"ada": [True, False, False, False, False], "ben": 5 * [False]}


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), BaseException("no")])
def test_whatever_a_reference_raises_is_a_fault_of_the_course(error: BaseException) -> None:
    with pytest.raises(CourseError) as caught, course_code("planning p1 failed"):
        raise error
    assert str(caught.value) == f"planning p1 failed: {error!r}"


@pytest.mark.parametrize("error", [CourseError("in its own words"), KeyboardInterrupt()])
def test_a_fault_that_is_explained_stays_as_it_is_and_so_does_ctrl_c(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, course_code("planning p1 failed"):
        raise error
    assert caught.value is error


# ---- threads -------------------------------------------------------------------------------------


def test_threads_plan_what_one_thread_does(course: Tiny) -> None:
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    students = [f"s{number}" for number in range(12)]
    alone = Plans(assignment)
    expected = [[drawn(item) for item in alone.of(problem, name)] for name in students]
    plans = Plans(assignment)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda name: plans.of(problem, name), students))
    assert [[drawn(item) for item in items] for items in found] == expected
    assert len({id(item) for items in found for item in items if item.part.id in SHARED}) == 2
    assert plans.now == ""


def test_students_do_not_wait_for_each_other(course: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    plans = Plans(assignment)
    plans.of(problem, "first")
    meet = threading.Barrier(2, timeout=30)  # passed only if both are planned at the same time
    plan = Value.plan

    def waiting(self: Value, asked: Any, planning: Planning) -> Any:
        meet.wait()
        return plan(self, asked, planning)

    monkeypatch.setattr(Value, "plan", waiting)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda name: plans.of(problem, name), ("ada", "ben")))
    assert all(not item.fault for items in both for item in items)


# ---- seeds ---------------------------------------------------------------------------------------


def first_draw(planning: Planning, **fields: Any) -> float:
    asked = part("value", function="f", inputs={"x": {"normal": []}}, **fields)
    return float(planning.rng(asked).normal())


def test_without_a_secret_a_part_is_drawn_as_ever() -> None:
    ever = np.random.default_rng([7, *b"p1"]).normal()
    assert first_draw(Planning(reference(), 7)) == ever
    assert first_draw(Planning(reference(), 7, assignment="hw1", student="ada")) == ever


def test_with_a_secret_a_part_is_drawn_from_the_hmac() -> None:
    key = b"a secret of a course"
    planning = Planning(reference(), 7, assignment="hw1", secret=key, student="ada")
    for message, fields in (
        (b'["hw1",7,"p1"]', {}),
        (b'["hw1",7,"p1","ada"]', {"variant": "per-student"}),
    ):
        seed = int(hmac.new(key, message, hashlib.sha256).hexdigest(), 16)
        assert first_draw(planning, **fields) == np.random.default_rng(seed).normal()


def test_the_sample_course_has_no_secret_and_is_drawn_as_ever(tmp_path: Path) -> None:
    tiny.make(tmp_path)
    assignment = varied.loaded(Tiny(tmp_path))
    problem = assignment.problems[0]
    planning = planning_of(assignment, problem, "ada")
    first, *_ = problem.spec.parts
    assert planning.rng(first).normal() == np.random.default_rng([7, *b"twice-value"]).normal()


def test_a_secret_shows_in_no_text_of_a_plan(course: Tiny) -> None:
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    assert assignment.secret == varied.SECRET.encode()
    shown = f"{assignment!r} {planning_of(assignment, problem, 'ada')!r} {assignment.outline()!r}"
    assert varied.SECRET not in shown


# ---- keys ----------------------------------------------------------------------------------------


def test_a_changed_secret_makes_every_result_stale(course: Tiny) -> None:
    assignment = varied.loaded(course)
    (problem,) = assignment.problems
    secrets = (None, b"one secret of a course", b"two secrets of a course")
    digests = {
        keys.problem_digest(replace(assignment, secret=secret), problem) for secret in secrets
    }
    assert len(digests) == 3
    assert keys.problem_digest(varied.loaded(course), problem) == keys.problem_digest(
        assignment, problem
    )
