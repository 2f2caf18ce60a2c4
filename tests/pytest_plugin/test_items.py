from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.pytest_plugin.conftest import Grade, Graded
from tests.tiny import Tiny

# Per student: twice-value, twice-half, essay-text, and the two tests of the course.


def test_every_part_of_every_submission_is_an_item(course: Tiny, grade: Grade) -> None:
    result = grade("--collect-only", "-q")
    result.stdout.fnmatch_lines(
        [
            "*assignment.yaml::ada::twice-value",
            "*assignment.yaml::ada::twice-half",
            "*assignment.yaml::ada::essay-text",
            "*assignment.yaml::ben::twice-value",
            "*test_linearity.py::test_twice_is_linear[[]ada[]]",
            "*test_linearity.py::test_half_is_there[[]ben[]]",
        ]
    )
    assert not course.reports.exists()


def test_right_parts_pass_wrong_ones_fail_and_manual_ones_are_skipped(graded: Graded) -> None:
    assert "= 8 failed, 6 passed, 1 skipped in" in graded.printed


def test_a_failure_is_what_the_student_would_read(graded: Graded) -> None:
    assert (
        "twice-value: wrong, 0 of 2\n"
        "  The numbers were squared, not doubled.\n"
        "\n"
        "  >>> twice(np.array("
    ) in graded.printed
    assert "  Hidden cases: 0 of 3 right.\n" in graded.printed


def test_the_run_stops_at_the_first_failure_with_x(grade: Grade) -> None:
    result = grade("-x", "-k", "ben")
    result.assert_outcomes(failed=1, deselected=5)


def test_the_last_failures_run_again_with_lf(course: Tiny, grade: Grade) -> None:
    grade()
    assert not course.reports.exists()  # they are written only where it is asked for
    grade("--lf").assert_outcomes(failed=3, passed=0)


def test_junit_xml_has_a_case_for_every_item(graded: Graded) -> None:
    suite = ET.parse(graded.course.root / "junit.xml").getroot()[0]  # noqa: S314  (our own file)
    cases = {(case.get("classname", "").rsplit(".", 1)[-1], case.get("name")) for case in suite}
    assert ("ada", "twice-value") in cases
    assert suite.get("tests") == "15"
    assert suite.get("failures") == "8"
    assert suite.get("errors") == "0"


def test_two_workers_give_the_same_verdicts_and_one_report(course: Tiny, grade: Grade) -> None:
    grade("-n", "2", "--reports", "reports").assert_outcomes(passed=6, failed=3, skipped=1)
    shared = course.results.read_text(encoding="utf-8")
    grade("--reports", "alone")
    alone = (course.root / "alone/doubling/results.json").read_text(encoding="utf-8")
    assert _without_seconds(shared) == _without_seconds(alone)


def test_the_report_is_written_where_it_is_asked_for(graded: Graded) -> None:
    assert (graded.course.reports / "index.html").is_file()


def test_reports_that_cannot_be_written_end_the_run_with_the_reason(
    course: Tiny, grade: Grade
) -> None:
    course.reports.mkdir()
    (course.reports / "doubling").write_text("", encoding="utf-8")
    result = grade("--reports", "reports", "-k", "ada and twice-half")
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    result.stderr.fnmatch_lines(
        ["Exit: the reports cannot be written: reports/doubling/results.json: Not a directory; *"]
    )


def test_faults_of_the_course_are_errors_of_collection(course: Tiny, grade: Grade) -> None:
    spec = course.assignment / "twice.yaml"
    text = spec.read_text(encoding="utf-8").replace("points: 2", "ponits: 2")
    spec.write_text(text, encoding="utf-8")
    result = grade()
    result.stdout.fnmatch_lines(["*twice.yaml:9: parts[[]0].ponits: unknown key 'ponits'*"])
    assert result.ret == pytest.ExitCode.INTERRUPTED


def test_an_assignment_yaml_elsewhere_is_none_of_ours(pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("notes")
    (folder / "assignment.yaml").write_text("anything: [", encoding="utf-8")
    assert pytester.runpytest_subprocess("notes").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def _without_seconds(results: str) -> list[str]:
    return [line for line in results.splitlines() if '"seconds"' not in line]
