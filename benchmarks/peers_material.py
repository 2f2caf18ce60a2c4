"""Six checks and twenty submissions, in the form of each tool that they are given to.

The checks are functions of a module `checks`: for pytest, gradescope-utils, check50, nbgrader and
otter they are the same lines, called in each tool's own way.  For grader they are the six parts in
`benchmarks/peers_course.py`, whose cases the others get as a module `cases`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

Submissions: TypeAlias = Mapping[str, tuple[str, set[str]]]
"""By name, the text of each and the checks that it must not pass."""

CHECKS = ("value", "gradient", "hessian", "softmax_vjp", "stationary_point", "cube")
CASES = 10
RTOL, ATOL = "1.0e-6", "1.0e-8"  # as numpy.allclose and grader both mean them

REFERENCE = """\
import torch


def f(x):
    return (x @ x) ** 2 / 4 + torch.sin(x).sum()


def softmax(x):
    return torch.softmax(x, 0)


def cubed(x):
    return x**3


def value(x):
    return f(torch.as_tensor(x)).numpy()


def stationary_point():
    A = torch.tensor([[4.0, 1.0], [1.0, 3.0]], dtype=torch.float64)
    return torch.linalg.solve(A, torch.tensor([1.0, 2.0], dtype=torch.float64)).numpy()
"""

MODULE = f'''\
"""The six checks: each takes the submission's module and raises where something is wrong."""

import numpy as np
import torch

from cases import CASES
from reference import f, softmax, cubed, stationary_point as where


def same(found, expected):
    found, expected = np.asarray(found, dtype=float), np.asarray(expected)
    assert found.shape == expected.shape, f"shape {{found.shape}}, expected {{expected.shape}}"
    close = np.allclose(found, expected, rtol={RTOL}, atol={ATOL})
    assert close, f"{{found}}, expected {{expected}}"


def inputs(name):
    return [[np.array(argument) for argument in case] for case in CASES[name]]


def product(function, x, u):
    t = torch.tensor(x, requires_grad=True)
    return torch.autograd.grad(function(t), t, torch.tensor(u))[0].numpy()


def value(solution):
    for (x,) in inputs("value"):
        same(solution.value(x.copy()), f(torch.tensor(x)).numpy())


def gradient(solution):
    for (x,) in inputs("gradient"):
        t = torch.tensor(x, requires_grad=True)
        same(solution.gradient(x.copy()), torch.autograd.grad(f(t), t)[0].numpy())


def hessian(solution):
    for (x,) in inputs("hessian"):
        expected = torch.autograd.functional.hessian(f, torch.tensor(x)).numpy()
        same(solution.hessian(x.copy()), expected)


def softmax_vjp(solution):
    for x, u in inputs("softmax_vjp"):
        same(solution.softmax_vjp(x.copy(), u.copy()), product(softmax, x, u))


def stationary_point(solution):
    same(solution.stationary_point(), where())


def cube(solution):
    for x, u in inputs("cube"):
        same(solution.cube(x.copy(), u.copy()), product(cubed, x, u))
'''

HEAD = """\
import numpy as np
import torch

# submission {number}
"""

RIGHT = {
    "value": "def value(x):\n    return float((x @ x) ** 2 / 4 + np.sin(x).sum())\n",
    "gradient": "def gradient(x):\n    return (x @ x) * x + np.cos(x)\n",
    "hessian": (
        "def hessian(x):\n"
        "    return (x @ x) * np.eye(len(x)) + 2 * np.outer(x, x) - np.diag(np.sin(x))\n"
    ),
    "softmax_vjp": (
        "def softmax_vjp(x, u):\n"
        "    s = np.exp(x - x.max())\n"
        "    s = s / s.sum()\n"
        "    return s * (u - s @ u)\n"
    ),
    "stationary_point": (
        "def stationary_point():\n"
        "    return np.linalg.solve(np.array([[4.0, 1.0], [1.0, 3.0]]), np.array([1.0, 2.0]))\n"
    ),
    "cube": (
        "class Cube(torch.autograd.Function):\n"
        "    @staticmethod\n"
        "    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n"
        "        return x**3\n\n"
        "    @staticmethod\n"
        "    def backward(ctx, grad):\n"
        "        (x,) = ctx.saved_tensors\n"
        "        return 3 * x**2 * grad\n\n\n"
        "def cube(x, u):\n"
        "    t = torch.tensor(x, requires_grad=True)\n"
        "    Cube.apply(t).backward(torch.tensor(u))\n"
        "    return t.grad.numpy()\n"
    ),
}
# What stands in the right text, and what a wrong submission has in its place.
SLIPS = {
    "value": (" / 4", " / 2"),
    "gradient": ("+ np.cos", "- np.cos"),
    "hessian": ("+ 2 *", "+"),
    "softmax_vjp": ("- s @ u", ""),
    "stationary_point": ("[1.0, 2.0]", "[2.0, 1.0]"),
    "cube": ("3 * x**2 * grad", "3 * x**2"),
}
_PAIRS = ("value cube", "gradient hessian", "hessian softmax_vjp", "stationary_point cube")
WRONG = (
    *("", "", "", *CHECKS, *_PAIRS),
    *("value gradient hessian", "softmax_vjp stationary_point cube", " ".join(CHECKS)),
    *("missing:hessian", "raises:gradient", "none:softmax_vjp", "nan:cube"),
)
"""Of each submission, what is wrong in it; the last four in a way of their own."""


def submissions(count: int = len(WRONG)) -> Submissions:
    """Return, by name, the text of each submission and the checks that it must not pass.

    Beyond twenty they come again, with a line that makes each a submission of its own.
    """
    made = {}
    for number in range(count):
        way, _, name = WRONG[number % len(WRONG)].rpartition(":")
        wrong = set(name.split())
        bodies = dict(RIGHT)
        for check in wrong:
            bodies[check] = _wrong(check, way)
        text = HEAD.format(number=number) + "".join(f"\n\n{body}" for body in bodies.values())
        made[f"student{number:03}"] = text, wrong
    return made


def _wrong(check: str, way: str) -> str:
    right = RIGHT[check]
    signature = f"def {check}" + right.partition(f"def {check}")[2].partition("\n")[0]
    if way == "missing":
        return ""
    if way == "raises":
        return f"{signature}\n    raise ValueError('not done yet')\n"
    if way == "none":
        return f"{signature}\n    return None\n"
    if way == "nan":
        return f"{signature}\n    return x * np.nan\n"
    old, new = SLIPS[check]
    assert old in right  # noqa: S101  (a slip that is none would prove nothing)
    return right.replace(old, new)


# ---- files of each tool --------------------------------------------------------------------------

PYTEST = "import checks\nimport solution\n\n" + "\n\n".join(
    f"def test_{name}():\n    checks.{name}(solution)\n" for name in CHECKS
)

PYTEST_SHARED = """\
import importlib.util
from pathlib import Path

import checks
import pytest

STUDENTS = sorted(Path("submissions").iterdir())


@pytest.fixture(scope="session", params=STUDENTS, ids=lambda path: path.name)
def solution(request):
    spec = importlib.util.spec_from_file_location(request.param.name, request.param / "solution.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


""" + "\n\n".join(f"def test_{name}(solution):\n    checks.{name}(solution)\n" for name in CHECKS)

GRADESCOPE = """\
import unittest

import checks
import solution
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


class TestAll(unittest.TestCase):
{tests}

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestAll)
    with open("results.json", "w") as file:
        JSONTestRunner(stream=file).run(suite)
""".format(
    tests="\n".join(
        f"    @weight(1)\n    def test_{name}(self):\n"
        f'        """{name}"""\n        checks.{name}(solution)\n'
        for name in CHECKS
    )
)

CHECK50 = """\
import sys
from pathlib import Path

import check50
import check50.py

sys.path.insert(0, str(Path(__file__).parent))

# Here and not in a check, so that torch is imported once: every check has a process of its own.
import checks


def run(name):
    solution = check50.py.import_("solution.py")
    try:
        getattr(checks, name)(solution)
    except Exception as error:
        raise check50.Failure(f"{{type(error).__name__}}: {{error}}")


{tests}
""".format(
    tests="\n\n".join(
        f'@check50.check()\ndef {name}():\n    """{name}"""\n    run("{name}")\n' for name in CHECKS
    )
)

OTTER_TEST = """\
OK_FORMAT = False

from otter.test_files import test_case

name = "{name}"
points = 1


@test_case(points=1, hidden=False)
def test_{name}(env):
    import types

    import checks

    checks.{name}(types.SimpleNamespace(**env))
"""

_CALL = "import checks, types\n\nchecks.{name}(types.SimpleNamespace(**globals()))"


def notebook(solution: str, *, cells: bool) -> str:
    """Return a notebook with a submission; with `cells`, those that nbgrader grades follow."""
    made = [_cell(solution, "solution", grade=False)]
    if cells:
        made += [_cell(_CALL.format(name=name), name, grade=True) for name in CHECKS]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _cell(text: str, name: str, *, grade: bool) -> dict[str, Any]:
    graded: dict[str, Any] = {
        "grade": grade, "grade_id": name, "locked": grade, "schema_version": 3,
        "solution": not grade, "task": False,
    }  # fmt: skip
    if grade:
        graded["points"] = 1
    return {
        "cell_type": "code", "execution_count": None, "id": name.replace("_", "-"),
        "metadata": {"nbgrader": graded}, "outputs": [], "source": text,
    }  # fmt: skip


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files by their paths."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
