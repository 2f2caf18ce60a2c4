"""A course of one small assignment, for tests of what goes on around a grade."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ASSIGNMENT = """\
assignment: doubling
title: Doubling numbers
points: {points}
seed: 7
limits: {{wall_s: 2}}
problems: [twice, essay]
"""

TWICE = """\
problem: twice
title: Twice a number
statement: Doubling is $2x$.
reference: twice
parts:
  - id: twice-value
    kind: value
    title: The double
    points: 2
    function: twice
    inputs: {x: {normal: [2]}}
    cases: {count: 5, visible: 2}
    mistakes:
      - {name: squared, function: squared, says: "The numbers were squared, not doubled."}
  - id: twice-half
    kind: value
    title: The half
    points: 1
    function: half
    inputs: {x: {normal: [2]}}
    cases: {count: 5, visible: 2}
"""

ESSAY = """\
problem: essay
title: An essay
parts:
  - id: essay-text
    kind: manual
    title: Why
    points: 3
    rubric:
      - {id: clear, says: It is clear, points: 2}
      - {id: short, says: It is short, points: 1}
"""

REFERENCE = """\
import numpy as np

def twice(x):
    return 2 * np.asarray(x)

def half(x):
    return np.asarray(x) / 2

def squared(x):
    return np.asarray(x) ** 2
"""

COURSE_TEST = '''\
import numpy as np
import pytest

@pytest.mark.points(2)
def test_twice_is_linear(student):
    """Doubling a sum is the sum of the doubles."""
    assert np.allclose(student.twice(np.array([1.0, 3.0])), [2.0, 6.0]), "twice is not linear"

def test_half_is_there(student):
    student.half(np.ones(2))
'''

RIGHT = "def twice(x): return [2 * v for v in x]\ndef half(x): return [v / 2 for v in x]\n"
SQUARED = "def twice(x): return x**2\ndef half(x): return x / 2\n"


@dataclass(frozen=True)
class Tiny:
    """The course's folder, with helpers that change it."""

    root: Path

    @property
    def assignment(self) -> Path:
        """The folder of its assignment."""
        return self.root / "assignments" / "doubling"

    @property
    def submissions(self) -> Path:
        """The folder of its submissions."""
        return self.root / "submissions" / "doubling"

    @property
    def reports(self) -> Path:
        """Where its reports go."""
        return self.root / "reports"

    @property
    def results(self) -> Path:
        """The results of its assignment."""
        return self.reports / "doubling" / "results.json"

    def hand_in(self, student: str, solution: str, **files: str) -> None:
        """Write a submission; other files by name with _ for the dot."""
        folder = self.submissions / student
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "solution.py").write_text(solution, encoding="utf-8")
        for name, text in files.items():
            path = folder / ".".join(name.rsplit("_", 1))
            path.write_text(text, encoding="utf-8")


def make(root: Path, *, tests: bool = False) -> Tiny:
    """Return a course written to a folder, with one right and one wrong submission."""
    course = Tiny(root)
    course.assignment.mkdir(parents=True)
    write = {
        "assignments/doubling/assignment.yaml": ASSIGNMENT.format(points=8 if tests else 6),
        "assignments/doubling/twice.yaml": TWICE,
        "assignments/doubling/essay.yaml": ESSAY,
        "reference/doubling/__init__.py": "",
        "reference/doubling/twice.py": REFERENCE,
    }
    if tests:
        write["assignments/doubling/test_linearity.py"] = COURSE_TEST
    for name, text in write.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    course.hand_in("ada", RIGHT, answers_yaml="essay-text: Because.\n")
    course.hand_in("ben", SQUARED)
    return course


STARTER = (
    "def twice(x):\n    raise NotImplementedError\n\ndef half(x):\n    raise NotImplementedError\n"
)
EXPECTED = """\
parts:
  twice-value: {status: correct, points: 2}
  twice-half: {status: correct, points: 1}
  essay-text: {status: pending, points: 0}
"""
EXPECTED_OF_BEN = """\
parts:
  twice-value: {status: wrong, points: 0, mistake: squared}
  twice-half: {status: correct, points: 1}
  essay-text: {status: missing, points: 0}
"""


def make_auditable(root: Path) -> Tiny:
    """Return the course with a starter, a reference solution, and what its samples have to get."""
    course = make(root)
    answers = "essay-text: Because.\n"
    course.hand_in("reference-solution", RIGHT, answers_yaml=answers, expect_yaml=EXPECTED)
    course.hand_in("ben", SQUARED, expect_yaml=EXPECTED_OF_BEN)
    starter = course.assignment / "starter"
    starter.mkdir()
    (starter / "solution.py").write_text(STARTER, encoding="utf-8")
    return course
