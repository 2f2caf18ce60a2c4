"""Processor and wall time per submission, beside the least that it can cost.

    python -m benchmarks.throughput --submissions 200

A course is made in a temporary folder: the samples of background-math that end by themselves,
copied with a number in every function, so that no two are alike and no result is known from before.
`grader grade` grades all of them, reports included, and what it takes is divided by what
`benchmarks/floor.py` takes in the same run: a fork from a warm process, the same files imported,
the same calls made.  Of grader everything is counted, from the start of the command to its end; of
the floor not even its imports.  What one more submission takes is told as well: a tenth of them is
graded in another course, and what the others take on top is divided by their number.

The aims: at most 1.5 times the floor's processor time for a submission, and both cores of a machine
with two busy, which is a wall time of at most 0.6 times the processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.grading.plans import Plans
from grader.kinds.registry import part_models
from grader.spec.loader import load

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.floor import Work  # noqa: E402

ASSIGNMENT = "background-math"
# The first two wait for their time limits; the third ends its process, so that the floor would do
# less than is asked for; the fourth prints megabytes, beside which every grader is fast.
LEFT_OUT = {"infinite-loop", "exponential-framework", "exits-in-the-middle", "prints-a-lot"}
AIM_CPU, AIM_WALL = 1.5, 0.6


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

    @property
    def wall_by_cpu(self) -> float:
        """Wall time as a share of the processor time: 0.5 if two cores never waited."""
        return self.wall_s / self.cpu_s


def cpu_of_children_s() -> float:
    """Return the processor time of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(command: Sequence[str], count: int) -> Figures:
    """Return what a command took that deals with so many submissions."""
    wall, cpu = time.perf_counter(), cpu_of_children_s()
    subprocess.run(  # noqa: S603
        command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return Figures(count, time.perf_counter() - wall, cpu_of_children_s() - cpu)


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
            numbered = re.sub(
                rb"(?m)^([ \t]*def [^#\n]*:)[ \t]*(\r?)$",
                rb"\1  # %d\2" % number,
                source.read_bytes(),
            )
            source.write_bytes(numbered + b"\n# %d\n" % number)
        made.append(copy)
    return made


def write_work(course: Path, submissions: Sequence[Path], file: Path) -> None:
    """Write what `benchmarks/floor.py` has to do."""
    assignment = load(course / "assignments" / ASSIGNMENT, course / "reference", part_models())
    plans = Plans(assignment)
    parts = [
        (item.part.source_file, item.plan.calls)
        for problem in assignment.problems
        for item in plans.of(problem, "ada")
        if item.plan.calls
    ]
    work = Work(tuple(map(str, submissions)), tuple(parts))
    file.write_bytes(pickle.dumps(work))


def grade(folder: Path, count: int) -> tuple[Figures, list[Path]]:
    """Return what `grader grade` takes for a course with so many submissions, and their folders."""
    folder.mkdir()
    submissions = make_course(folder, count)
    command = [sys.executable, "-m", "grader", "grade", "--course", str(folder)]
    return timed(command, count), submissions


def measure(count: int) -> tuple[Figures, Figures, Figures]:
    """Return the figures of `grader grade`, of one more submission in it, and of the floor."""
    with tempfile.TemporaryDirectory() as name:
        few, _ = grade(Path(name) / "few", count // 10)
        folder = Path(name) / "many"
        graded, submissions = grade(folder, count)
        more = Figures(
            count - few.submissions, graded.wall_s - few.wall_s, graded.cpu_s - few.cpu_s
        )
        work = folder / "work.pickle"
        write_work(folder, submissions, work)
        told = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "benchmarks.floor", str(work)],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env={
                **os.environ,
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
                "MKL_NUM_THREADS": "1",
                "TORCHDYNAMO_DISABLE": "1",
            },
        )
    return graded, more, Figures(**json.loads(told.stdout))


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=200, help="200 if none is given")
    options = parser.parse_args()
    graded, more, floor = measure(options.submissions)
    heads = ("submissions", "CPU s each", "of the floor", "wall / CPU")
    print(f"{'':26}{''.join(f'{head:>13}' for head in heads)}")  # noqa: T201
    rows = {"grader grade": graded, "of these, after the start": more, "the floor": floor}
    for label, figures in rows.items():
        cells = (
            f"{figures.submissions}",
            f"{figures.cpu_each_s:.4f}",
            f"{figures.cpu_each_s / floor.cpu_each_s:.2f}",
            f"{figures.wall_by_cpu:.2f}",
        )
        print(f"{label:26}{''.join(f'{cell:>13}' for cell in cells)}")  # noqa: T201
    print(  # noqa: T201
        f"\naims: {AIM_CPU} times the processor time of the floor, and a wall time of at most "
        f"{AIM_WALL} of the processor time"
    )


if __name__ == "__main__":
    main()
