"""A course of one assignment that is worth attacking: every way of being judged, in small.

`RIGHT` is a solution with full marks.  An attack adds definitions of its own, which replace those.
"""

from __future__ import annotations

from pathlib import Path

ASSIGNMENT = "vault"
WALL_S = 2.0
"""What a part may take, and the import of a file."""
SLOW_S = 20.0
"""What the part `third` may take: a library that draws is a second's work to import."""

PARTS = ("twice", "slope", "bend", "third", "descent", "size")
POINTS = {"twice": 2, "slope": 2, "bend": 2, "third": 2, "descent": 1, "size": 1}
CODE = PARTS[:5]

_FILES = {
    "assignments/vault/assignment.yaml": f"""\
assignment: vault
title: The vault
points: {sum(POINTS.values())}
seed: 20
limits: {{wall_s: {WALL_S}}}
problems: [numbers, steps]
""",
    "assignments/vault/numbers.yaml": f"""\
problem: numbers
title: Numbers
reference: numbers
parts:
  - id: twice
    kind: value
    title: The double
    points: 2
    function: twice
    inputs: {{x: {{normal: [3]}}}}
    cases: {{count: 6, visible: 2}}
    mistakes:
      - {{name: squared, function: squared_by_mistake, says: "The numbers were squared."}}
  - id: slope
    kind: gradient
    title: The gradient of a bowl
    points: 2
    of: bowl
    function: slope
    inputs: {{x: {{normal: [3]}}}}
    cases: {{count: 6, visible: 2}}
  - id: bend
    kind: jacobian
    title: The Jacobian of a curve
    points: 2
    of: curve
    function: bend
    inputs: {{x: {{normal: [2]}}}}
    cases: {{count: 5, visible: 1}}
  - id: third
    kind: value
    title: The third, all cases hidden
    points: 2
    function: third
    inputs: {{x: {{normal: [3]}}}}
    cases: {{count: 6, visible: 0}}
    wall_s: {SLOW_S}
""",
    "assignments/vault/steps.yaml": """\
problem: steps
title: Steps
reference: numbers
parts:
  - {id: descent, kind: optimizer, title: Adagrad, points: 1, function: Descent, rule: adagrad,
     steps: 5, long_run: 8}
  - {id: size, kind: number, title: How many weights, points: 1, answer: 1764}
""",
    "reference/vault/__init__.py": "",
    "reference/vault/numbers.py": '''\
"""The vault-reference: what is right."""

import numpy as np
import torch


def twice(numbers_of_the_vault):
    doubled_by_the_reference = np.asarray(numbers_of_the_vault) * 2.0
    return doubled_by_the_reference


def squared_by_mistake(numbers_of_the_vault):
    return np.asarray(numbers_of_the_vault) ** 2


def bowl(numbers_of_the_vault):
    return torch.dot(numbers_of_the_vault, numbers_of_the_vault) ** 2 / 4.0


def curve(vault):
    return torch.stack([torch.sin(vault[0]) * vault[1], vault[0] ** 2, torch.exp(vault[1] / 3.0)])


def third(numbers_of_the_vault):
    third_by_the_reference = np.asarray(numbers_of_the_vault) / 3.0
    return third_by_the_reference
''',
}

RIGHT = """\
import numpy as np
import torch


def twice(x):
    return 2 * x


def slope(x):
    return (x @ x) * x


def bend(x):
    a, b = x
    return np.array([[np.cos(a) * b, np.sin(a)], [2 * a, 0], [0, np.exp(b / 3) / 3]])


def third(x):
    return x / 3


class Descent:
    def __init__(self, params, lr=0.1, eps=1e-8):
        self.params, self.lr, self.eps = list(params), lr, eps
        self.sums = [torch.zeros_like(p) for p in self.params]

    def step(self):
        with torch.no_grad():
            for p, s in zip(self.params, self.sums):
                if p.grad is not None:
                    s += p.grad**2
                    p -= self.lr * p.grad / (s.sqrt() + self.eps)

    def zero_grad(self):
        for p in self.params:
            p.grad = None
"""

ANSWERS = "size: 1764\n"


def write(root: Path) -> Path:
    """Write the course, without submissions, and return the folder for them."""
    for name, text in _FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    submissions = root / "submissions" / ASSIGNMENT
    submissions.mkdir(parents=True)
    return submissions
