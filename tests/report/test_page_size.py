"""Every page stays small enough to be sent by mail and to open at once: 300 KB without plots."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from grader.messages.text import counted
from grader.records import (
    CaseReport,
    Check,
    Grid,
    ProblemResult,
    Status,
    SubmissionResult,
)
from grader.report.evidence import LONGEST
from grader.report.overview import overview
from grader.report.pages import changes_html, class_html, submission_html
from grader.report.submission_page import submission_page

from . import crowd, sample
from .page import Page

MOST_BYTES = 300_000


def test_the_pages_of_a_thousand_students() -> None:
    report = crowd.crowd(1_000)
    view = overview(replace(report, changes=crowd.regraded(report)))
    assert len(class_html(view)) < MOST_BYTES
    assert len(changes_html(view)) < MOST_BYTES


def _long_code(functions: int, lines: int) -> str:
    body = "".join(
        f"    total{n} = np.exp(-x[{n} % 3] ** 2) * {n}.5 + np.sum(x)  # term {n}\n"
        for n in range(lines - 2)
    )
    return "".join(
        f"def answer_{number}(x):\n{body}    return total0\n" for number in range(functions)
    )


def test_the_page_of_a_submission_with_everything_wrong_in_seven_hundred_lines() -> None:
    report = crowd.crowd(1, parts=20)
    cells = tuple(("-12.345678", "0.00012345", "1e-09", "nan", "inf", "3.25") for _ in range(8))
    grid = Grid(
        (40, 40),
        tuple(range(8)),
        tuple(range(6)),
        cells,
        cells,
        tuple((i, j) for i in range(8) for j in range(6)),
    )
    text = ", ".join(["0.123456789"] * 200)
    cases = tuple(
        CaseReport(n, False, f"answer(np.array([{text}]))", text, text, text[:90], grid=grid)
        for n in (1, 2, 3)
    )
    checks = tuple(
        Check(f"Share {n}", Status.WRONG, Fraction(0), Fraction(1), "Said in words. " * 5)
        for n in range(4)
    )
    (student,) = report.submissions
    problems = tuple(
        ProblemResult(
            problem.problem,
            "key",
            tuple(
                replace(
                    part, status=Status.WRONG, visible=cases if n % 5 == 0 else (), checks=checks
                )
                for part in problem.parts
            ),
        )
        for n, problem in enumerate(student.problems)
    )
    wrong = replace(
        student, problems=problems, sources={"solution.py": _long_code(20, 35), "a.yaml": "a: 1\n"}
    )
    page = submission_html(submission_page(report, wrong), "fingerprint")
    assert len(page) < MOST_BYTES


def _saddle(case: CaseReport) -> SubmissionResult:
    part = sample.part("q4-saddle", Status.WRONG, 0, 5, "It is wrong.", visible=(case,))
    return replace(sample.worked(), problems=(ProblemResult("q4", "key", (part,)),), sources={})


def test_a_call_with_ten_thousand_columns_is_cut_and_says_so() -> None:
    call = f"q4_saddle(np.array([[{', '.join(['1.25'] * 10_000)}]]))"
    submission = _saddle(CaseReport(1, False, call, call, call))
    html = submission_html(submission_page(sample.report(submission), submission), "")
    page = Page(html)
    assert all(len(box.text) <= LONGEST + 1 for box in page.all("pre", "box"))
    assert f"the whole text has {len(call)} characters" in page.text
    assert counted(len(call), "character") not in page.all("pre", "box")[0].text


def test_code_with_ten_thousand_columns_is_shown_as_it_is() -> None:
    submission = replace(sample.worked(), sources={"q3.py": f"x = '{'a' * 10_000}'\n"})
    html = submission_html(submission_page(sample.report(submission), submission), "")
    assert "a" * 10_000 in Page(html).text
