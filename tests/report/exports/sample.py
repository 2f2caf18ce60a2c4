"""A small class in which everything happens that an export has to get right."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from grader import messages
from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    CaseReport,
    Check,
    Failure,
    Frame,
    PartOutline,
    PartResult,
    ProblemOutline,
    ProblemResult,
    Status,
    SubmissionResult,
)

HOSTILE = '=HYPERLINK("http://x.example"),\n<script>\u202e|`x`'
LEAK = "text of somebody else"


def outline() -> AssignmentOutline:
    def part(name: str, title: str, points: int, *, bonus: bool = False) -> PartOutline:
        return PartOutline(name, title, "value", Fraction(points), "", "slope.py", bonus)

    calculus = (part("slope", "The slope", 3), part("curve", "Curvature, |f''|", 5))
    proof = (part("proof", "A proof", 2), part("extra", "One more", 1, bonus=True))
    return AssignmentOutline(
        "slopes",
        "Slopes & curves",
        Fraction(10),
        "",
        (
            ProblemOutline("calculus", "Calculus", "", calculus),
            ProblemOutline("proof", "Proof", "", proof),
        ),
    )


def result(
    name: str, status: Status, points: Fraction | int, max_points: int, says: str, **more: object
) -> PartResult:
    return PartResult(
        name,
        status,
        Fraction(points),
        Fraction(max_points),
        says,
        **more,  # type: ignore[arg-type]
    )


def right(name: str, points: int) -> PartResult:
    return result(name, Status.CORRECT, points, points, "Right.", cases_total=9, cases_right=9)


def left_out() -> PartResult:
    return result("extra", Status.MISSING, 0, 1, "slope.py has no function extra.")


def submission(name: str, *parts: PartResult, **more: object) -> SubmissionResult:
    problems = (
        ProblemResult("calculus", "key", parts[:2]),
        ProblemResult("proof", "key", parts[2:]),
    )
    return SubmissionResult("slopes", name, problems, **more)  # type: ignore[arg-type]


def crashed() -> PartResult:
    frames = (
        Frame("slope.py", 7, "slope", "return inner(x)"),
        Frame("a, b: 100%.py", 12, "inner", "raise ValueError(x)"),
    )
    return result(
        "slope",
        Status.CRASHED,
        0,
        3,
        "ValueError in line 12 of a, b: 100%.py: ``` ::error::<b>|oops|\x00",
        hint="Try the numbers 1 and 2 first.",
        cases_total=9,
        failure=Failure("ValueError", "this text is not exported", frames),
    )


def nearly() -> PartResult:
    case = CaseReport(
        2, False, "curve([1, 2])", "[1., 9.]", "[1., 2.]", "1 of 2 entries differ.", "[1]", "9", "2"
    )
    checks = (
        Check("<i>*flat*</i>", Status.CORRECT, Fraction(44, 9), Fraction(44, 9)),
        Check("steep", Status.WRONG, Fraction(0), Fraction(1, 9), "The sign is turned."),
    )
    return result(
        "curve",
        Status.PARTIAL,
        Fraction(44, 9),
        5,
        "steep: The sign is turned.",
        mistake="sign",
        cases_total=9,
        cases_right=8,
        visible=(case,),
        checks=checks,
    )


def wrong() -> PartResult:
    case = CaseReport(1, False, "slope(3)", "4", "5")
    return result(
        "slope",
        Status.WRONG,
        0,
        3,
        "The result is 4; expected 5.",
        cases_total=9,
        cases_right=1,
        visible=(case,),
        wall_s=0.25,
    )


def pending() -> PartResult:
    check = Check("It is clear", Status.PENDING, Fraction(0), Fraction(2))
    return result("proof", Status.PENDING, 0, 2, "Waits for a person.", checks=(check,))


def full() -> SubmissionResult:
    """Return a submission with more than full marks."""
    return submission(
        "ada", right("slope", 3), right("curve", 5), right("proof", 2), right("extra", 1)
    )


def waiting() -> SubmissionResult:
    """Return a hostile submission of which a part waits for a person."""
    return submission(
        HOSTILE,
        crashed(),
        nearly(),
        pending(),
        left_out(),
        notes=("The file <b>x</b> was not read.",),
        sources={"slope.py": "", "a, b: 100%.py": ""},
        wall_s=1.2345,
    )


def plain() -> SubmissionResult:
    """Return a submission that is wholly graded, without full marks."""
    curve = result("curve", Status.PARTIAL, Fraction(4999, 1000), 5, "Nearly.")
    return submission(
        "grace",
        wrong(),
        curve,
        right("proof", 2),
        left_out(),
        sources={"slope.py": "x"},
        wall_s=0.25,
    )


def faulty() -> SubmissionResult:
    """Return a submission that the grader failed on."""
    fault = result("curve", Status.GRADER_FAULT, 0, 5, "The reference raised KeyError: secret.")
    return submission("zeno", right("slope", 3), fault, right("proof", 2), left_out())


def ungraded() -> SubmissionResult:
    """Return a submission of which a problem was left out of every run."""
    not_yet = result("proof", Status.SKIPPED, 0, 2, messages.calls.NOT_GRADED)
    return submission("yves", right("slope", 3), right("curve", 5), not_yet, left_out())


def report(*submissions: SubmissionResult, unconfined: bool = False) -> AssignmentReport:
    chosen = submissions or (full(), waiting(), plain(), faulty(), ungraded())
    return AssignmentReport(outline(), chosen, unconfined=unconfined)


def renamed(name: str) -> SubmissionResult:
    return replace(plain(), submission=name)
