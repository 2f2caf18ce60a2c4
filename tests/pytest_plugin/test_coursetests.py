from __future__ import annotations

import json

import pytest

from tests.pytest_plugin.conftest import Grade
from tests.tiny import Tiny


def _parts(course: Tiny, student: str) -> dict[str, dict[str, object]]:
    data = json.loads(course.results.read_text(encoding="utf-8"))
    (found,) = (s for s in data["submissions"] if s["id"] == student)
    return {part["id"]: part for part in found["parts"]}


def test_a_passing_test_earns_its_points(course: Tiny, grade: Grade) -> None:
    grade("--reports", "reports")
    part = _parts(course, "ada")["test-twice-is-linear"]
    assert (part["status"], part["points"], part["max_points"]) == ("correct", 2.0, 2.0)


def test_a_failing_test_says_why(course: Tiny, grade: Grade) -> None:
    grade("--reports", "reports")
    part = _parts(course, "ben")["test-twice-is-linear"]
    assert (part["status"], part["points"]) == ("wrong", 0.0)
    assert str(part["summary"]).startswith("twice is not linear")


def test_a_test_without_a_mark_is_worth_nothing(course: Tiny, grade: Grade) -> None:
    grade("--reports", "reports")
    part = _parts(course, "ada")["test-half-is-there"]
    assert (part["status"], part["max_points"]) == ("correct", 0.0)


def test_a_function_that_is_not_there_is_told(course: Tiny, grade: Grade) -> None:
    course.hand_in("ada", "def twice(x): return 2 * x\n")
    grade("--reports", "reports")
    part = _parts(course, "ada")["test-half-is-there"]
    assert part["status"] == "wrong"
    assert "half" in str(part["summary"])


def test_a_test_that_breaks_by_itself_is_a_fault_of_ours(course: Tiny, grade: Grade) -> None:
    file = course.assignment / "test_linearity.py"
    text = file.read_text(encoding="utf-8").replace("student.half(np.ones(2))", "1 / 0")
    file.write_text(text, encoding="utf-8")
    grade("--reports", "reports")
    assert _parts(course, "ada")["test-half-is-there"]["status"] == "grader_fault"


def test_student_code_runs_in_the_sandbox(course: Tiny, grade: Grade) -> None:
    course.hand_in("ada", "import os\ndef twice(x): os._exit(3)\ndef half(x): return x / 2\n")
    grade("--reports", "reports")
    part = _parts(course, "ada")["test-twice-is-linear"]
    assert part["status"] == "wrong"
    assert "ended the process" in str(part["summary"])


def test_an_unchanged_test_is_not_run_again(
    pytester: pytest.Pytester, course: Tiny, grade: Grade
) -> None:
    file = course.assignment / "test_linearity.py"
    counter = pytester.path / "runs.txt"
    text = file.read_text(encoding="utf-8")
    counting = f"    open({str(counter)!r}, 'a', encoding='utf-8').write('x')\n    student.half"
    file.write_text(text.replace("    student.half", counting), encoding="utf-8")
    first = grade("--reports", "reports").parseoutcomes()
    second = grade("--reports", "reports").parseoutcomes()
    assert first == second
    assert counter.read_text(encoding="utf-8") == "xx"  # once for ada, once for ben


def test_tests_that_were_left_out_are_not_graded_yet(course: Tiny, grade: Grade) -> None:
    grade("--reports", "reports", "-k", "ada and twice-value")
    part = _parts(course, "ada")["test-half-is-there"]
    assert (part["status"], part["summary"]) == ("skipped", "Not graded yet.")


def test_the_fixture_outside_of_an_assignment_says_where_it_belongs(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile("def test_it(student): pass")
    result = pytester.runpytest_subprocess()
    result.stdout.fnmatch_lines(
        ["*the student fixture works in test files beside an assignment.yaml*"]
    )
