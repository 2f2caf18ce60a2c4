"""A course with a secret, whose parts are each student's own."""

from __future__ import annotations

import re
from pathlib import Path

from grader.kinds.registry import part_models
from grader.spec.loader import Assignment, load
from tests.tiny import Tiny

SECRET = "an example of a secret, not a secret"  # noqa: S105

ASSIGNMENT = """\
assignment: doubling
title: Numbers of one's own
points: 6
seed: 7
problems: [growth]
"""

GROWTH = """\
problem: growth
title: Growth
reference: growth
parts:
  - id: growth-total
    kind: number
    variant: per-student
    title: The total
    points: 2
    statement: What is {{a}} times {{b}}?
    hint: Count {{a}} rows.
    numbers:
      a: {integers: {low: 1000000, high: 9999999}}
      b: {uniform: {low: 10, high: 99, decimals: 4}}
    of: total
    mistakes:
      - {name: added, of: added, says: "You added {{a}} and {{b}}."}
  - id: growth-formula
    kind: expression
    variant: per-student
    title: A formula
    points: 1
    statement: What do $n$ rows of {{a}} hold, and one more?
    numbers: {a: {integers: {low: 1000000, high: 9999999}}}
    names: [n]
    of: formula
  - id: growth-code
    kind: value
    variant: per-student
    title: The code
    points: 1
    statement: Write `grow(x, rate)`. Your rate is {{rate}}.
    numbers: {rate: {integers: {low: 1000000, high: 9999999}}}
    function: grow
    inputs: {x: {normal: [3]}, rate: {number: rate}}
    cases: {count: 4, visible: 2}
  - id: growth-half
    kind: value
    title: The same for all
    points: 1
    statement: Write `half(x)`.
    function: half
    inputs: {x: {normal: [2]}}
    cases: {count: 4, visible: 2}
  - id: growth-sign
    kind: choice
    title: The sign, for all
    points: 1
    statement: What is {{c}} times {{c}}?
    numbers: {c: {choice: [-3, -2]}}
    choices: ["{{c}}", positive, zero]
    of: sign
"""

REFERENCE = """\
import numpy as np

def total(a, b):
    return a * b

def added(a, b):
    return a + b

def formula(a):
    return f"{a}*n + 1"

def grow(x, rate):
    return rate * np.asarray(x)

def half(x):
    return np.asarray(x) / 2

def sign(c):
    return "positive"
"""

SOLUTION = (
    "def grow(x, rate):\n    assert isinstance(rate, int)\n    return rate * x\n\n"
    "def half(x):\n    return x / 2\n"
)


def make(root: Path, *, secret: str = SECRET) -> Tiny:
    """Return the course, without submissions; an empty secret is none."""
    course = Tiny(root)
    write = {
        "assignments/doubling/assignment.yaml": ASSIGNMENT,
        "assignments/doubling/growth.yaml": GROWTH,
        "reference/doubling/__init__.py": "",
        "reference/doubling/growth.py": REFERENCE,
    }
    if secret:
        write["secret.key"] = f"{secret}\n"
    for name, text in write.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return course


def loaded(course: Tiny) -> Assignment:
    """Return its assignment."""
    return load(course.assignment, course.root / "reference", part_models())


def numbers(statement: str) -> list[float]:
    """Return the numbers of a statement, in order."""
    return [float(found) for found in re.findall(r"\d+(?:\.\d+)?", statement)]
