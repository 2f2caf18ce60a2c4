"""How long commands take before they have something to say, beside importing torch.

    python benchmarks/start.py --times 7 --sample typical-student

A copy of the course is made in a temporary folder, with one sample of each assignment, and graded
once.  Then, in turn and several times over: ``python -c "import torch"``, and each command.  For
`grader grade` it is the time to the line that says that the submission is done, and what the
student's own code took in its calls comes off it; the others are measured to their end.  Told are
medians and their ratio to importing torch; the aim for a first result is at most 1.3.  A student's
own check has `benchmarks/check.py`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.spec.course import Course

ROOT = Path(__file__).parents[1]
AIM = 1.3
TORCH = (sys.executable, "-c", "import torch")
GRADER = (sys.executable, "-m", "grader")
GRADED_IN = "graded"  # the reports folder that every unchanged run finds


@dataclass
class Command:
    """A command, what it took, and what of that was the student's own code."""

    label: str
    arguments: tuple[str, ...]
    first: str = ""  # it is measured to a line that begins so; else to its end
    aim: float | None = None
    fresh: bool = False  # into a reports folder of its own, so that nothing is known
    wall_s: list[float] = field(default_factory=list)
    own_s: list[float] = field(default_factory=list)

    def ratio(self, torch_s: float) -> float:
        """Return the median time without the student's own code, in imports of torch."""
        pairs = zip(self.wall_s, self.own_s, strict=True)
        return statistics.median(wall - own for wall, own in pairs) / torch_s


def make_course(folder: Path, sample: str) -> list[str]:
    """Write a copy of the course with a sample of each assignment; return their names."""
    for name in ("assignments", "reference"):
        shutil.copytree(ROOT / name, folder / name)
    course = Course(ROOT)
    for name in course.names():
        shutil.copytree(course.submissions(name) / sample, folder / "submissions" / name / sample)
    return course.names()


def commands(names: Sequence[str], sample: str) -> Iterator[Command]:
    """Yield everything that is measured."""
    for name in names:
        only = ("grade", name, "--only", sample, "--jobs", "1")
        yield Command(f"grade {name}", only, first="[1/1]", aim=AIM, fresh=True)
    yield Command("grade, unchanged", ("grade", "--reports", GRADED_IN))
    yield Command("report", ("report", "--reports", GRADED_IN))
    yield Command("validate", ("validate",))
    yield Command("--help", ("--help",))


def seconds(command: Sequence[str], folder: Path, first: str = "") -> float:
    """Return how long a command takes, to a line or to its end."""
    began = time.perf_counter()
    found = 0.0
    with subprocess.Popen(  # noqa: S603
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018
        for line in process.stdout:
            if first and not found and line.startswith(first):
                found = time.perf_counter() - began
        said = process.stderr.read()
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command)}: {said}")
    if first and not found:
        raise SystemExit(f"{' '.join(command)} says nothing that begins with {first}")
    return found or time.perf_counter() - began


def measure_once(command: Command, course: Path, place: Path) -> None:
    """Add a measurement to a command."""
    arguments = command.arguments
    if command.fresh:
        arguments = (*arguments, "--reports", str(place))
    command.wall_s.append(seconds([*GRADER, *arguments], course, command.first))
    own = 0.0
    if command.fresh:
        (results,) = place.glob("*/results.json")
        data = json.loads(results.read_text(encoding="utf-8"))
        own = sum(each["seconds"] for each in data["submissions"])
        shutil.rmtree(place)
    command.own_s.append(own)


def report(torch_s: float, measured: Sequence[Command]) -> bool:
    """Print a table; return whether all aims are met."""
    print(f"import torch: {torch_s:.2f} s\n")  # noqa: T201
    print(f"{'':32}{'seconds':>9}{'own work':>10}{'ratio':>8}{'aim':>6}")  # noqa: T201
    good = True
    for each in measured:
        ratio = each.ratio(torch_s)
        good = good and (each.aim is None or ratio <= each.aim)
        wall, own = statistics.median(each.wall_s), statistics.median(each.own_s)
        aim = f"{each.aim:>6.1f}" if each.aim else ""
        print(f"{each.label:32}{wall:>9.2f}{own:>10.2f}{ratio:>8.2f}{aim}")  # noqa: T201
    print("\nratio: (seconds - own work) / import torch, each a median")  # noqa: T201
    return good


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sample", default="reference-solution", help="whose files are graded")
    parser.add_argument("--times", type=int, default=5, help="how often each thing is measured")
    parser.add_argument("--strict", action="store_true", help="exit code 1 above an aim")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        course = Path(name) / "course"
        measured = list(commands(make_course(course, options.sample), options.sample))
        seconds([*GRADER, "grade", "--reports", GRADED_IN], course)
        torch: list[float] = []
        for _ in range(options.times):
            torch.append(seconds(TORCH, course))
            for each in measured:
                measure_once(each, course, Path(name) / "reports")
        good = report(statistics.median(torch), measured)
    if options.strict and not good:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
