"""A class as large as one may be, made up from a seed and never run."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    CaseReport,
    Change,
    Failure,
    Frame,
    PartOutline,
    PartResult,
    PartScore,
    ProblemOutline,
    ProblemResult,
    Status,
    SubmissionResult,
)

MISTAKES = ("product-rule", "transposed", "missing-term", "factor", "off-by-one", "sign")
BEGAN = "2026-03-02T10:15:00.000Z"


def outline(parts: int = 14) -> AssignmentOutline:
    """Return an assignment with so many parts, a sixth of them for a person to read."""
    problems = tuple(
        ProblemOutline(
            f"problem-{number}",
            f"Problem {number} of this assignment",
            "",
            (
                PartOutline(
                    f"problem-{number}-answer",
                    f"Derivative of the function number {number}",
                    "manual" if number % 6 == 0 else "gradient",
                    Fraction(4),
                    file="solution.py",
                    functions=(f"answer_{number}",),
                ),
            ),
        )
        for number in range(parts)
    )
    return AssignmentOutline("large-class", "A large class", Fraction(4 * parts), "", problems)


def result(part: PartOutline, ability: float, random: Random) -> PartResult:
    """Return what a student of an ability from 0 to 1 reaches in a part."""
    if part.kind == "manual":
        return PartResult(part.id, Status.PENDING, Fraction(0), part.max_points, "Waits.")
    wall_s = random.uniform(0.001, 0.4)
    luck = random.random()
    if luck < ability:
        says = "All 50 cases are right."
        return PartResult(
            part.id,
            Status.CORRECT,
            part.max_points,
            part.max_points,
            says,
            None,
            "",
            50,
            50,
            wall_s=wall_s,
        )
    if luck > 0.97:
        failure = Failure(
            "IndexError", "", (Frame("solution.py", 3, part.functions[0], "return x[2]"),)
        )
        says = f"{part.functions[0]} stopped with IndexError in line 3."
        return PartResult(
            part.id,
            Status.CRASHED,
            Fraction(0),
            part.max_points,
            says,
            failure=failure,
            wall_s=wall_s,
        )
    name = random.choice(MISTAKES)
    credit = Fraction(random.randint(0, 3))
    case = CaseReport(1, False, f"{part.functions[0]}(np.array([1.0, 2.0]))", "[1, 2]", "[2, 1]")
    return PartResult(
        part.id,
        Status.PARTIAL if credit else Status.WRONG,
        credit,
        part.max_points,
        f"The answer shows the mistake {name}: one term is not what it should be.",
        name,
        "Differentiate once more, term by term.",
        50,
        random.randint(0, 40),
        (case,),
        wall_s=wall_s,
    )


def crowd(students: int, parts: int = 14, *, code_lines: int = 40) -> AssignmentReport:
    """Return the report of a class, the same for the same numbers."""
    random = Random(20260302)  # noqa: S311  (the same class each time)
    whole = outline(parts)
    sources = {
        "solution.py": "".join(
            f"def answer_{number}(x):\n    return [x[0] * {number}, x[1]]\n\n\n"
            for number in range(code_lines // 4)
        )
    }
    submissions = []
    for number in range(students):
        ability = random.betavariate(4, 2)
        problems = tuple(
            ProblemResult(p.id, "key", tuple(result(part, ability, random) for part in p.parts))
            for p in whole.problems
        )
        name = f"student-{number:04}"
        submissions.append(
            SubmissionResult("large-class", name, problems, sources=sources, wall_s=0.5)
        )
    return AssignmentReport(whole, tuple(submissions))


def regraded(report: AssignmentReport) -> tuple[Change, ...]:
    """Return what a mended reference changed for everybody: one part of each, by one point."""
    (part,) = report.outline.problems[1].parts
    return tuple(
        Change(
            each.submission,
            report.outline.problems[1].id,
            part.id,
            BEGAN,
            BEGAN,
            PartScore(Status.WRONG, Fraction(0), part.max_points),
            PartScore(Status.PARTIAL, Fraction(1), part.max_points),
            files_changed=False,
        )
        for each in report.submissions
    )
