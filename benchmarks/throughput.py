"""Submissions per second, and processor time per submission, beside one pytest per submission.

    python benchmarks/throughput.py --submissions 200 --peers 16

A course is made in a temporary folder: the samples of background-math that keep their time limits,
copied with a number in each file, so that no result is known from before.  `grader grade` grades
all of them.  Then, for some of them, the same calls and comparisons are made by a fresh
``python -m pytest`` each: the work is the same, but for the sandbox, the diagnosis and the report,
which pytest does without.  Processor time is that of all processes, children included.
"""

from __future__ import annotations

import argparse
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.grading.plans import Plans
from grader.kinds.frameworks.expected_graphs import ExpectedGraph
from grader.kinds.functions.derivatives import Expected
from grader.kinds.registry import part_models
from grader.spec.loader import load

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "background-math"
# These wait for their time limits, which says nothing about speed.
LEFT_OUT = {"infinite-loop", "exponential-framework"}

SAME_WORK = """\
import os, pickle, sys
import numpy as np
import pytest
import torch  # as the tests of a course that checks derivatives do

sys.path.insert(0, os.environ["SUBMISSION"])
with open(os.environ["CASES"], "rb") as file:
    CASES = pickle.load(file)

def loaded(name):
    return __import__(name.removesuffix(".py"))

@pytest.mark.parametrize("part", CASES["functions"], ids=lambda part: part[0])
def test_function(part):
    _, file, function, cases = part
    for inputs, expected in cases:
        np.testing.assert_allclose(getattr(loaded(file), function)(*inputs), expected, rtol=1e-9)

@pytest.mark.parametrize("part", CASES["classes"], ids=lambda part: part[0])
def test_class(part):
    name, cases = part
    module = loaded("diy_autograd.py")
    for inputs, value, partials in cases:
        children = [module.Variable(number) for number in inputs]
        parent = getattr(module, name).forward(*children)
        np.testing.assert_allclose(parent.value, value, rtol=1e-9)
        slopes = getattr(module, name).backward(parent, children)
        np.testing.assert_allclose(np.nan_to_num(slopes), np.nan_to_num(partials), rtol=1e-9)

@pytest.mark.parametrize("graph", CASES["graphs"])
def test_graph(graph):
    rows, values, grads = graph
    from grader.probes.framework import graph as run
    found = run(loaded("diy_autograd.py"), "", rows)
    np.testing.assert_allclose(found["values"], values, rtol=1e-9)
    np.testing.assert_allclose(found["grads"], grads, rtol=1e-9)
"""


@dataclass(frozen=True)
class Figures:
    """What a number of submissions took."""

    submissions: int
    wall_s: float
    cpu_s: float

    @property
    def cpu_each_s(self) -> float:
        """Processor seconds per submission."""
        return self.cpu_s / self.submissions


def cpu_of_children_s() -> float:
    """Return the processor time of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(commands: Sequence[tuple[list[str], dict[str, str]]]) -> Figures:
    """Return what running the commands one after the other took."""
    wall, cpu = time.perf_counter(), cpu_of_children_s()
    for command, environment in commands:
        subprocess.run(  # noqa: S603
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    return Figures(len(commands), time.perf_counter() - wall, cpu_of_children_s() - cpu)


def make_course(folder: Path, count: int) -> list[Path]:
    """Write the course with `count` submissions; return their folders."""
    shutil.copytree(ROOT / "assignments" / ASSIGNMENT, folder / "assignments" / ASSIGNMENT)
    shutil.copytree(ROOT / "reference", folder / "reference")
    samples = [
        path
        for path in sorted((ROOT / "submissions" / ASSIGNMENT).iterdir())
        if path.is_dir() and path.name not in LEFT_OUT
    ]
    made = []
    for number in range(count):
        sample = samples[number % len(samples)]
        copy = folder / "submissions" / ASSIGNMENT / f"{sample.name}-{number:04}"
        shutil.copytree(sample, copy)
        for source in copy.glob("*.py"):
            with source.open("ab") as file:
                file.write(f"\n# {number}\n".encode())
        made.append(copy)
    return made


def write_cases(course: Path, file: Path) -> None:
    """Write the inputs of every call and what is expected, for the tests of `SAME_WORK`."""
    assignment = load(course / "assignments" / ASSIGNMENT, course / "reference", part_models())
    plans = Plans(assignment)
    cases: dict[str, list[Any]] = {"functions": [], "classes": [], "graphs": []}
    for planned in (item for problem in assignment.problems for item in plans.of(problem)):
        part: Any = planned.part
        expected = planned.plan.expected
        if expected and isinstance(expected[0], Expected):
            pairs = [(list(case.inputs.values()), case.value) for case in expected]
            cases["functions"].append((part.id, part.file, part.function, pairs))
        elif expected and isinstance(expected[0], ExpectedGraph):
            cases["graphs"] += [(e.program.rows(), e.values, e.grads) for e in expected]
        elif part.kind == "autograd_functions":
            for item, group in zip(part.classes, expected, strict=True):
                triples = [(case.inputs, case.value, case.partials) for case in group]
                cases["classes"].append((item.name, triples))
    with file.open("wb") as out:
        pickle.dump(cases, out)


def measure(count: int, peers: int) -> tuple[Figures, Figures]:
    """Return the figures of `grader grade` and of one pytest per submission."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        submissions = make_course(folder, count)
        grade = [sys.executable, "-m", "grader", "grade", "--course", name]
        graded = timed([(grade, dict(os.environ))])
        cases, tests = folder / "cases.pickle", folder / "test_same_work.py"
        write_cases(folder, cases)
        tests.write_text(SAME_WORK, encoding="utf-8")
        pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)]
        single = timed(
            [
                (pytest, dict(os.environ) | {"SUBMISSION": str(path), "CASES": str(cases)})
                for path in submissions[:peers]  # the first of each sample: the same mixture
            ]
        )
    return Figures(count, graded.wall_s, graded.cpu_s), single


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--peers", type=int, default=16, help="runs of pytest to compare with")
    options = parser.parse_args()
    ours, theirs = measure(options.submissions, options.peers)
    print(f"{'':28}{'submissions':>12}{'per second':>12}{'CPU s each':>12}")  # noqa: T201
    for label, figures in (("grader grade", ours), ("one pytest per submission", theirs)):
        rate = figures.submissions / figures.wall_s
        row = f"{label:28}{figures.submissions:>12}{rate:>12.2f}{figures.cpu_each_s:>12.4f}"
        print(row)  # noqa: T201
    ratio = theirs.cpu_each_s / ours.cpu_each_s
    print(f"\npytest takes {ratio:.1f} times the processor time of grader for a submission")  # noqa: T201


if __name__ == "__main__":
    main()
