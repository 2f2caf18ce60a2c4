"""What a student is told about a part, outside of the pages."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from grader.records import Failure, Frame, PartOutline, PartResult, ProblemOutline, Status
from grader.report.exports.feedback import markdown
from grader.report.exports.rows import PartRow

FRAMES = (Frame("solution.py", 40_404, "slope", "raise Error(x)"),)
RESULT = PartResult(
    "p1", Status.CRASHED, Fraction(0), Fraction(2), "slope stopped with ValueError."
)
OUTLINE = PartOutline("p1", "Slope", "gradient", Fraction(2))
PROBLEM = ProblemOutline("q1", "A slope", "", (OUTLINE,))


@pytest.mark.parametrize(("message", "shown"), [("x is 3", True), ("", False)])
def test_the_traceback_of_a_hidden_case_is_not_told(message: str, shown: bool) -> None:
    result = replace(RESULT, failure=Failure("ValueError", message, FRAMES))
    told = markdown(PartRow(PROBLEM, OUTLINE, result))
    assert ("line 40404" in told) is shown
