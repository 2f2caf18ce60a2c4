"""How long a student waits for `grader check`, beside importing torch.

    python benchmarks/check.py --times 7 --strict

Each assignment of the course is released into a temporary folder, with the files of a sample in it.
Then, in turn and several times over: ``python -c "import torch"``, and ``grader check`` in each of
the folders.  What the student's own code took, in its calls, comes off the latter.  What is left is
to stay below 1.3 times importing torch; an assignment that needs no torch must not import it.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.kinds.registry import part_models
from grader.release import selfcheck
from grader.spec.course import Course
from grader.spec.loader import load

ROOT = Path(__file__).parents[1]
AIM = 1.3
TORCH = [sys.executable, "-c", "import torch"]
CHECK = [sys.executable, "-m", "grader", "check"]
# `grader check`, step by step, but for a last line on stderr: what the calls took.
TIMED = """
import sys
from pathlib import Path
from grader.cli import check
from grader.sandbox import processes
folder = Path().resolve()
started = processes.start(check.packages(folder), thorough=False)
from grader.cli import checking
whole = checking.Checking.check
def timed(*arguments):
    found = whole(*arguments)
    print(sum(result.wall_s for result in found.results.values()), file=sys.stderr)
    return found
checking.Checking.check = timed
sys.exit(checking.run(checking.Wanted(folder), started, watch=False))
"""
# Put behind a solution, it says what the student's process has imported.
TELL = "\nimport sys; open({file!r}, 'w').write(' '.join(sys.modules))\n"


@dataclass
class Measured:
    """An unpacked release with a sample's files, and how long each check of it took."""

    name: str
    folder: Path
    torch: bool = False
    seconds: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)  # of the seconds, those in the student's calls

    @property
    def rest_s(self) -> float:
        """The median of what the student's code did not take."""
        return statistics.median(a - b for a, b in zip(self.seconds, self.own, strict=True))


def unpack(name: str, sample: str, to: Path) -> Path:
    """Return the folder of a released assignment with the files of a sample in it."""
    course = Course(ROOT)
    assignment = load(course.assignment(name), course.references, part_models())
    folder = to / name
    shutil.copytree(course.assignment(name) / "starter", folder)
    shutil.copytree(course.submissions(name) / sample, folder, dirs_exist_ok=True)
    (folder / selfcheck.FILE).write_bytes(selfcheck.written(assignment))
    return folder


def imports_torch(folder: Path, place: Path) -> bool:
    """Return whether a check imports torch, in the grader's process or in the student's."""
    copy = place / f"{folder.name}-told"
    shutil.copytree(folder, copy)
    told = place / f"{folder.name}-modules"
    with (copy / "solution.py").open("a", encoding="utf-8") as file:
        file.write(TELL.format(file=str(told)))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-X", "importtime", *CHECK[1:]],
        cwd=copy,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    ours = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    return "torch" in ours or "torch" in told.read_text(encoding="utf-8").split()


def timed(command: Sequence[str], folder: Path) -> tuple[float, str]:
    """Return how long a command takes in a folder, and the last line that it complains with."""
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    took_s = time.perf_counter() - began
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr)
    return took_s, (done.stderr.splitlines() or [""])[-1]


def measure(sample: str, times: int, place: Path) -> tuple[float, list[Measured]]:
    """Return how long importing torch takes, and every assignment with its checks."""
    measured = [Measured(name, unpack(name, sample, place)) for name in Course(ROOT).names()]
    for each in measured:
        each.torch = imports_torch(each.folder, place)
    torch: list[float] = []
    for _ in range(times):
        torch.append(timed(TORCH, place)[0])
        for each in measured:
            took_s, own_s = timed([sys.executable, "-c", TIMED], each.folder)
            each.seconds.append(took_s)
            each.own.append(float(own_s))
    return statistics.median(torch), measured


def report(torch_s: float, measured: Sequence[Measured]) -> bool:
    """Print a table; return whether all of it is as it should be."""
    print(f"import torch: {torch_s:.2f} s\n")  # noqa: T201
    print(f"{'':26}{'check':>9}{'own work':>11}{'ratio':>8}  torch imported")  # noqa: T201
    good = True
    for each in measured:
        ratio = each.rest_s / torch_s
        good = good and ratio <= AIM
        check_s, own_s = statistics.median(each.seconds), statistics.median(each.own)
        row = f"{each.name:26}{check_s:>7.2f} s{own_s:>9.2f} s{ratio:>8.2f}"
        print(f"{row}  {'yes' if each.torch else 'no'}")  # noqa: T201
    print(f"\nratio: (check - own work) / import torch; the aim is at most {AIM}")  # noqa: T201
    return good


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sample", default="reference-solution", help="whose files are checked")
    parser.add_argument("--times", type=int, default=5, help="how often each thing is measured")
    parser.add_argument("--strict", action="store_true", help="exit code 1 above the aim")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        good = report(*measure(options.sample, options.times, Path(name)))
    if options.strict and not good:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
