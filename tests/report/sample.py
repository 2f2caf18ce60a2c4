"""A class of made-up students in a made-up assignment, modelled on one that is taught."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    CaseReport,
    Change,
    Check,
    Contours,
    Curve,
    Failure,
    Figure,
    Frame,
    Grid,
    Node,
    PartOutline,
    PartResult,
    PartScore,
    ProblemOutline,
    ProblemResult,
    Spot,
    Status,
    SubmissionResult,
)

QUARTIC = """\
Let $f\\colon \\mathbb{R}^2 \\to \\mathbb{R}$ be given by

$$f(x) = (x_1 + x_2)\\,(x_1 x_2 + x_1 x_2^2).$$

1. Derive the gradient $\\nabla f(x)$ and the Hessian $\\nabla^2 f(x)$ by hand.
2. Find at least **three** stationary points and say what each of them is.

Return float64 arrays, `np.array([...])`; see [the notes](https://example.org/notes.pdf).
"""

SADDLE = """\
A point is a *saddle* if the Hessian there has eigenvalues of both signs:

$$\\begin{aligned} \\lambda_{\\min} &< 0 \\\\ \\lambda_{\\max} &> 0 \\end{aligned}$$

This formula is broken on purpose: $\\nosuchcommand{x}$.
"""

BACKWARD = """\
Write the backward pass of $y = \\operatorname{softmax}(Ax)$:

| sign | means |
|------|------:|
| $\\bar{v}_i$ | the adjoint of $v_i$ |
| $\\frac{\\partial y}{\\partial v_i}$ | what it holds |

$$\\bar{A} = \\bar{z}\\,x^\\top,
\\mathbf{J} = \\begin{pmatrix} 1 & 0 \\\\ 0 & 1 \\end{pmatrix}$$
"""

SOURCE = '''\
"""Stationary points of a quartic."""

import numpy as np


def q3_gradient(x):
    a, b = x
    return np.array([2 * a * b + b**2 + 2 * a * b**2 + b**3, a**2 + 2 * a * b + 2 * a**2 * b])


def q3_hessian(x):
    a, b = x
    rows = [entry(i, a, b) for i in range(3)]
    return np.array(rows)


def entry(i, a, b):
    # the second derivatives, by hand
    return [[2 * b + 2 * b**2, 2 * a + 2 * b], [2 * a + 2 * b, 2 * a]][i]
'''

CLASSES = ("Add", "Sub", "Mul", "Div", "Pow", "Exp", "Log", "Sin", "MatMul")


CONTOURS = Figure(
    "Contours of the function, and your points",
    "Marked as found: (0, 0). Marked as missed: (1, -1).",
    "x₁",
    "x₂",
    spots=(Spot("(0, 0)", 0, 0, "right"), Spot("(1, -1)", 1, -1, "missed")),
    contours=Contours(
        (-1.0, 0.0, 1.0, 2.0),
        (-2.0, -1.0, 0.0, 1.0),
        tuple(tuple(x * x * y + x * y for x in (-1.0, 0.0, 1.0, 2.0)) for y in (-2, -1, 0, 1)),
    ),
)
LOSSES = Figure(
    "Loss in each epoch",
    "The loss falls from 2.3 to 0.1; that of the reference, to 0.05.",
    "epoch",
    "loss",
    curves=(
        Curve("yours", (1.0, 2.0, 3.0, 4.0), (2.3, 0.9, 0.4, 0.1)),
        Curve("reference", (1.0, 2.0, 3.0, 4.0), (2.3, 0.7, None, 0.05), dashed=True),
    ),
)
TRACE = Figure(
    "Your evaluation trace",
    "x1 and v1 are right, v2 is wrong, and v3 follows from v2.",
    nodes=(
        Node("x1", "x1\nv = 2", "right"),
        Node("v1", "v1 = ln x1\nv = 0.6931", "right"),
        Node("v2", "v2 = x1 v1\nv = 1.5", "wrong"),
        Node("v3", "v3 = v2 + x1\nv = 3.5", "follows"),
    ),
    edges=(("x1", "v1"), ("x1", "v2"), ("v1", "v2"), ("v2", "v3"), ("x1", "v3")),
)


def outline() -> AssignmentOutline:
    def part(name: str, title: str, kind: str, points: int, statement: str = "") -> PartOutline:
        file, functions = f"{name[:2]}.py", (name.replace("-", "_"),)
        return PartOutline(
            name, title, kind, Fraction(points), statement, file, functions=functions
        )

    problems = (
        ProblemOutline(
            "q1",
            "Convexity",
            "Show that $\\log \\sum_i \\exp x_i$ is convex.",
            (
                part("q1-convexity", "Convexity of log-sum-exp", "manual", 10),
                part("q2-jensen", "Jensen's inequality", "manual", 10),
            ),
        ),
        ProblemOutline(
            "q3",
            "Stationary points of a quartic",
            QUARTIC,
            (
                part("q3-gradient", "Gradient of $f$", "gradient", 2),
                part("q3-hessian", "Hessian of $f$", "hessian", 2),
                part("q3-stationary-points", "Stationary points", "stationary_points", 3),
            ),
        ),
        ProblemOutline(
            "q4",
            "Saddles",
            SADDLE,
            (part("q4-saddle", "A saddle that is no minimum", "value", 5),),
        ),
        ProblemOutline(
            "q6",
            "An autograd framework",
            "",
            (
                part("q6-functions", "Nine functions", "autograd_framework", 5),
                part("q7-backward", "Backward pass of a softmax", "vjp", 5, BACKWARD),
                part("q8-cost", "What a Jacobian costs", "cost", 8),
            ),
        ),
        ProblemOutline(
            "debrief",
            "Debrief",
            "How was it?",
            (part("debrief", "Questions about this assignment", "survey", 0),),
        ),
    )
    return AssignmentOutline(
        "background-math",
        "Background mathematics",
        Fraction(50),
        "Hand in **one folder** with your files; every function takes and gives NumPy arrays.",
        problems,
    )


def part(
    name: str,
    status: Status,
    points: Fraction | int,
    max_points: int,
    summary: str,
    **more: object,
) -> PartResult:
    return PartResult(
        name,
        status,
        Fraction(points),
        Fraction(max_points),
        summary,
        **more,  # type: ignore[arg-type]
    )


def pending(name: str, *items: tuple[str, int]) -> PartResult:
    checks = tuple(
        Check(text, Status.PENDING, Fraction(0), Fraction(points)) for text, points in items
    )
    return part(name, Status.PENDING, 0, 10, "A person will read this part.", checks=checks)


def by_hand() -> tuple[PartResult, PartResult]:
    return (
        pending(
            "q1-convexity",
            ("Writes $\\nabla^2 f$ as $\\operatorname{diag}(p) - p p^\\top$", 4),
            ("Shows $v^\\top \\nabla^2 f\\, v \\ge 0$", 4),
            ("Says when equality holds", 2),
        ),
        pending("q2-jensen", ("Base case", 3), ("Induction step", 5), ("Weights sum to 1", 2)),
    )


def worked() -> SubmissionResult:
    """Return the submission with something of everything."""
    gradient = part(
        "q3-gradient",
        Status.CORRECT,
        2,
        2,
        "All 50 cases are right.",
        cases_total=50,
        cases_right=50,
        visible=(
            CaseReport(1, True, "q3_gradient(np.array([1.0, 2.0]))", "[24., 9.]", "[24., 9.]"),
        ),
    )
    hessian = part(
        "q3-hessian",
        Status.CRASHED,
        0,
        2,
        "IndexError in line 19 of q3.py: list index out of range.",
        hint="The loop runs over three rows; f has two arguments.",
        cases_total=50,
        failure=Failure(
            "IndexError",
            "list index out of range",
            (
                Frame("q3.py", 13, "q3_hessian", "rows = [entry(i, a, b) for i in range(3)]"),
                Frame(
                    "q3.py",
                    19,
                    "entry",
                    "return [[2 * b + 2 * b**2, 2 * a + 2 * b], [2 * a + 2 * b, 2 * a]][i]",
                ),
            ),
        ),
    )
    stationary = part(
        "q3-stationary-points",
        Status.MISSING,
        0,
        3,
        "q3.py has no function q3_stationary_points.",
    )
    saddle = part(
        "q4-saddle",
        Status.PARTIAL,
        Fraction(5, 2),
        5,
        "The sign is turned: every entry is the negative of the expected one.",
        mistake="sign",
        hint="Look at the last step, where the eigenvalues are ordered.",
        cases_total=50,
        cases_right=42,
        figures=(CONTOURS,),
        visible=(
            CaseReport(
                1,
                True,
                "q4_saddle(np.array([0.0, 0.0]))",
                "array([[0., 0.],\n       [0., 0.]])",
                "array([[0., 0.],\n       [0., 0.]])",
            ),
            CaseReport(
                2,
                False,
                "q4_saddle(np.array([0.5, -1.0]))",
                "array([[-1. ,  2.25],\n       [ 2.25, -0.5 ]])",
                "array([[ 1. , -2.25],\n       [-2.25,  0.5 ]])",
                "4 of 4 entries differ.",
                "[0, 1]",
                "2.25",
                "-2.25",
            ),
            CaseReport(
                3,
                False,
                "q4_saddle(np.array([2.0, 1.0]))",
                "array([[-4. , -6. ],\n       [-6. , -4. ]])",
                "array([[ 4. ,  6. ],\n       [ 6. ,  4. ]])",
                "4 of 4 entries differ.",
                "[0, 1]",
                "-6.0",
                "6.0",
                Grid(
                    (2, 2),
                    (0, 1),
                    (0, 1),
                    (("-4", "-6"), ("-6", "-4")),
                    (("4", "6"), ("6", "4")),
                    ((0, 0), (0, 1), (1, 0), (1, 1)),
                ),
            ),
        ),
    )
    checks = tuple(
        Check(
            name,
            Status.WRONG if name == "Pow" else Status.CORRECT,
            Fraction(0) if name == "Pow" else Fraction(5, 9),
            Fraction(5, 9),
            "The gradient of the exponent is missing." if name == "Pow" else "",
        )
        for name in CLASSES
    )
    functions = part(
        "q6-functions",
        Status.PARTIAL,
        Fraction(40, 9),
        5,
        "8 of 9 classes are right; Pow is not.",
        cases_total=90,
        cases_right=84,
        checks=checks,
    )
    backward = part(
        "q7-backward",
        Status.WRONG,
        0,
        5,
        "Right for a cotangent of ones, wrong for random ones: the sum over the row is missing.",
        mistake="missing-term",
        figures=(TRACE, LOSSES),
        cases_total=20,
        cases_right=1,
        visible=(
            CaseReport(
                1,
                False,
                "q7_backward(A, x, np.array([0.25, -1.0, 2.0]))",
                "\n".join(
                    f"[{a: .6f}, {a * 2: .6f}, {a - 1: .6f}, {a / 7: .6f}, {a * 3: .6f}]"
                    for a in (0.090031, -0.244728, 1.665241)
                ),
                "\n".join(
                    f"[{a: .6f}, {a * 2: .6f}, {a - 1: .6f}, {a / 7: .6f}, {a * 3: .6f}]"
                    for a in (0.080031, -0.144728, 0.665241)
                ),
                "15 of 15 entries differ.",
                "[2, 4]",
                "4.995723",
                "1.995723",
            ),
        ),
    )
    cost = part(
        "q8-cost", Status.TIMED_OUT, 0, 8, "The calls of this part took longer than 10 seconds."
    )
    debrief = part(
        "debrief",
        Status.CORRECT,
        0,
        0,
        "Thank you for the answers.",
        answers={
            "Hours spent": "7.5",
            "Which problem taught you most?": "q6",
            "Anything else?": "The framework was fun.\nMore of that; less of <b>Jensen</b>.",
        },
    )
    return SubmissionResult(
        "background-math",
        "worked-solution",
        (
            ProblemResult("q1", "k1", by_hand()),
            ProblemResult("q3", "k3", (gradient, hessian, stationary)),
            ProblemResult("q4", "k4", (saddle,)),
            ProblemResult("q6", "k6", (functions, backward, cost)),
            ProblemResult("debrief", "k9", (debrief,)),
        ),
        notes=("The file notes.docx is not asked for and was not read.",),
        sources={
            "q3.py": SOURCE,
            "answers.yaml": "hours: 7.5  # more or less\nmost: q6\n",
        },
        output_kib=0.4,
        wall_s=0.1234,
    )


def finished() -> SubmissionResult:
    """Return a submission that a person has read too, just short of full marks."""
    rubric = (
        part("q1-convexity", Status.CORRECT, 10, 10, "Complete."),
        part("q2-jensen", Status.CORRECT, 10, 10, "Complete."),
    )
    calculus = (
        part("q3-gradient", Status.CORRECT, 2, 2, "All cases are right."),
        part("q3-hessian", Status.CORRECT, 2, 2, "All cases are right."),
        part("q3-stationary-points", Status.CORRECT, 3, 3, "All cases are right."),
    )
    saddle = (part("q4-saddle", Status.CORRECT, 5, 5, "All cases are right."),)
    autograd = (
        part("q6-functions", Status.PARTIAL, Fraction(4999, 1000), 5, "One case of 5000 is off."),
        part("q7-backward", Status.CORRECT, 5, 5, "All cases are right."),
        part("q8-cost", Status.CORRECT, 8, 8, "All cases are right."),
    )
    answers = {"Hours spent": "4", "Which problem taught you most?": "q6"}
    return SubmissionResult(
        "background-math",
        "Ada Lovelace",
        (
            ProblemResult("q1", "k1", rubric),
            ProblemResult("q3", "k3", calculus),
            ProblemResult("q4", "k4", saddle),
            ProblemResult("q6", "k6", autograd),
            ProblemResult(
                "debrief",
                "k9",
                (part("debrief", Status.CORRECT, 0, 0, "Thank you.", answers=answers),),
            ),
        ),
        wall_s=0.5,
    )


def faulty() -> SubmissionResult:
    """Return a submission with a hostile name that the grader failed on."""
    return SubmissionResult(
        "background-math",
        '<script>alert("x")</script>\u202e',
        (
            ProblemResult("q1", "k1", by_hand()),
            ProblemResult(
                "q3",
                "k3",
                (
                    part("q3-gradient", Status.REFUSED, 0, 2, "q3.py is larger than 1 MiB."),
                    part("q3-hessian", Status.OUT_OF_MEMORY, 0, 2, "It needed over 1024 MiB."),
                    part("q3-stationary-points", Status.SKIPPED, 0, 3, "q3-gradient comes first."),
                ),
            ),
            ProblemResult(
                "q4",
                "k4",
                (part("q4-saddle", Status.GRADER_FAULT, 0, 5, "The reference did not answer."),),
            ),
        ),
        sources={"q1.py": "print('</code></pre><script>alert(1)</script>')\n"},
    )


def report(*submissions: SubmissionResult, unconfined: bool = False) -> AssignmentReport:
    return AssignmentReport(
        outline(),
        submissions or (worked(), finished(), faulty()),
        notes=("The file grades-old.xlsx is not a submission and was passed over.",),
        unconfined=unconfined,
    )


def regraded() -> AssignmentReport:
    """Return the class after its reference was mended once, and a person had read once."""

    def change(student: str, problem: str, part: str, run: str, *scores: PartScore) -> Change:
        before, after = scores
        return Change(student, problem, part, run, run, before, after, files_changed=False)

    mended, read = "2026-03-02T10:15:00.000Z", "2026-03-09T16:40:00.000Z"
    ten, five = Fraction(10), Fraction(5)
    waits = PartScore(Status.PENDING, Fraction(0), ten)
    full = PartScore(Status.CORRECT, ten, ten)
    changes = (
        change(
            "worked-solution",
            "q4",
            "q4-saddle",
            mended,
            PartScore(Status.WRONG, Fraction(0), five),
            PartScore(Status.PARTIAL, Fraction(5, 2), five),
        ),
        change(
            "worked-solution",
            "q3",
            "q3-hessian",
            mended,
            PartScore(Status.WRONG, Fraction(0), Fraction(2)),
            PartScore(Status.CRASHED, Fraction(0), Fraction(2)),
        ),
        change(
            "Ada Lovelace",
            "q6",
            "q7-backward",
            mended,
            PartScore(Status.CORRECT, five, five),
            PartScore(Status.CRASHED, Fraction(0), five),
        ),
        change(
            "Ada Lovelace",
            "q6",
            "q7-backward",
            "2026-03-02T10:15:20.000Z",
            PartScore(Status.CRASHED, Fraction(0), five),
            PartScore(Status.CORRECT, five, five),
        ),
        change("Ada Lovelace", "q1", "q1-convexity", read, waits, full),
        change("Ada Lovelace", "q1", "q2-jensen", read, waits, full),
    )
    return replace(report(), changes=changes)
