from __future__ import annotations

import json

import pytest

from tests.pytest_plugin.conftest import Grade, Graded
from tests.tiny import Tiny


def _parts(course: Tiny, student: str) -> dict[str, dict[str, object]]:
    data = json.loads(course.results.read_text(encoding="utf-8"))
    (found,) = (s for s in data["submissions"] if s["id"] == student)
    return {part["id"]: part for part in found["parts"]}


def test_a_passing_test_earns_its_points(graded: Graded) -> None:
    part = _parts(graded.course, "ada")["test-twice-is-linear"]
    assert (part["status"], part["points"], part["max_points"]) == ("correct", 2.0, 2.0)


def test_a_failing_test_says_why(graded: Graded) -> None:
    part = _parts(graded.course, "ben")["test-twice-is-linear"]
    assert (part["status"], part["points"]) == ("wrong", 0.0)
    assert part["summary"] == "twice is not linear"


def test_a_test_without_a_mark_is_worth_nothing(graded: Graded) -> None:
    part = _parts(graded.course, "ada")["test-half-is-there"]
    assert (part["status"], part["max_points"]) == ("correct", 0.0)


def test_a_function_that_is_not_there_is_told(graded: Graded) -> None:
    part = _parts(graded.course, "cleo")["test-half-is-there"]
    assert part["status"] == "wrong"
    assert "half" in str(part["summary"])


def test_student_code_runs_in_the_sandbox(graded: Graded) -> None:
    part = _parts(graded.course, "cleo")["test-twice-is-linear"]
    assert part["status"] == "wrong"
    assert "ended the process" in str(part["summary"])


def test_an_error_in_a_notebook_is_told_by_cell_and_line(course: Tiny, grade: Grade) -> None:
    folder = course.submissions / "ada"
    (folder / "solution.py").unlink()
    cells = ["%cd there\ndef half(x):\n    return x / 0", "def twice(x):\n    return 2 * x"]
    document = {"cells": [{"cell_type": "code", "source": cell} for cell in cells]}
    (folder / "solution.ipynb").write_text(json.dumps(document), encoding="utf-8")
    file = course.assignment / "test_linearity.py"
    text = file.read_text(encoding="utf-8").replace("student.half(np.ones(2))", "student.half(1)")
    file.write_text(text, encoding="utf-8")
    grade("--reports", "reports", "-k", "ada")
    assert _parts(course, "ada")["test-twice-is-linear"]["status"] == "correct"
    assert _parts(course, "ada")["test-half-is-there"]["summary"] == (
        "half stopped with ZeroDivisionError in cell 1, line 3 of solution.ipynb: division by zero."
    )


def test_a_test_that_breaks_by_itself_is_a_fault_of_ours(course: Tiny, grade: Grade) -> None:
    file = course.assignment / "test_linearity.py"
    text = file.read_text(encoding="utf-8").replace("student.half(np.ones(2))", "1 / 0")
    file.write_text(text, encoding="utf-8")
    grade("--reports", "reports")
    assert _parts(course, "ada")["test-half-is-there"]["status"] == "grader_fault"


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


# One item for each parameter; and what pytest lets a test be.
MANY = """\
import numpy as np
import pytest

@pytest.mark.points(2)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_twice(student, k):
    assert np.allclose(student.twice(np.array([float(k)])), 2 * k), f"not the double of {k}"

def test_with_a_fixture(student, one_half):
    assert student.half(np.ones(1))[0] == one_half

@pytest.mark.skip(reason="not this year")
def test_skipped(student): ...

@pytest.mark.parametrize("k", [pytest.param(1, marks=pytest.mark.skip), 2])
def test_skipped_in_part(student, k): ...

@pytest.mark.xfail(reason="too hard")
def test_expected_to_fail(student):
    assert False

@pytest.mark.xfail(reason="too hard", strict=True)
def test_expected_to_fail_strictly(student): ...
"""


@pytest.fixture
def many(course: Tiny) -> Tiny:
    """The course with these tests; ben's squares are right for 2 alone."""
    (course.assignment / "test_linearity.py").write_text(MANY, encoding="utf-8")
    helper = "import pytest\n@pytest.fixture\ndef one_half(): return 0.5\n"
    (course.assignment / "conftest.py").write_text(helper, encoding="utf-8")
    return course


def _verdicts(course: Tiny, student: str) -> dict[str, tuple[object, object]]:
    parts = _parts(course, student).items()
    return {
        name: (part["status"], part["summary"]) for name, part in parts if name.startswith("test-")
    }


STRICT = (
    "The grader failed here, not the submission; nothing was taken off, and it is tried again next "
    "time. (the course's test test_expected_to_fail_strictly ended with [XPASS(strict)] too hard)"
)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_whatever_a_test_of_pytest_may_be_has_its_verdict(
    workers: str, many: Tiny, grade: Grade
) -> None:
    grade("--reports", "reports", "-n", workers)
    assert _verdicts(many, "ben") == {
        "test-twice": ("wrong", "not the double of 1"),
        "test-with-a-fixture": ("correct", "Right."),
        "test-skipped": ("skipped", "not this year"),
        "test-skipped-in-part": ("correct", "Right."),
        "test-expected-to-fail": ("skipped", "too hard"),
        "test-expected-to-fail-strictly": ("grader_fault", STRICT),
    }


def test_a_test_of_which_one_parameter_ran_is_not_graded_yet(many: Tiny, grade: Grade) -> None:
    grade("--reports", "reports", "-k", "(test_twice and ben-2) or (test_skipped and not part)")
    assert _verdicts(many, "ben") == {
        "test-twice": ("skipped", "Not graded yet."),
        "test-with-a-fixture": ("skipped", "Not graded yet."),
        "test-skipped": ("skipped", "not this year"),
        "test-skipped-in-part": ("skipped", "Not graded yet."),
        "test-expected-to-fail": ("skipped", "Not graded yet."),
        "test-expected-to-fail-strictly": ("skipped", "Not graded yet."),
    }


def test_the_fixture_outside_of_an_assignment_says_where_it_belongs(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile("def test_it(student): pass")
    result = pytester.runpytest_subprocess()
    result.stdout.fnmatch_lines(
        ["*the student fixture works in test files beside an assignment.yaml*"]
    )
