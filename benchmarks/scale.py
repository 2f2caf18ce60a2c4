"""Whether a large class costs as much for each student as a small one.

    python benchmarks/scale.py --sizes 200 1000 5000

For each size a course with generated small submissions is graded, graded again with nothing
changed, and graded once more after one of its two problems changed.  Measured are wall and
processor time for a submission (children included) and the memory of the grader's own process at
its largest, reports included.  While the grading goes on, another process reads the gradebook.

The aims: time for a submission stays flat, the memory grows by less than 40 KB a submission, and an
unchanged class of 1,000 takes less than a second.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import GradebookError
from grader.gradebook.file import FILE
from grader.gradebook.store import Gradebook

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests import tiny  # noqa: E402

COMMAND = """\
import atexit, resource, sys
said = lambda: print("KIB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
atexit.register(said)
from grader.cli import main
main()
"""


@dataclass(frozen=True)
class Figures:
    """What one grading took."""

    wall_s: float
    cpu_s: float
    memory_kib: int


@dataclass
class Reader:
    """Reads a gradebook again and again while it is written."""

    file: Path
    times_s: list[float] = field(default_factory=list)
    refused: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Read until told to stop."""
        while not self._over.wait(0.5):
            if not self.file.is_file():
                continue
            began = time.perf_counter()
            try:
                with Gradebook(self.file) as gradebook:
                    gradebook.keys("doubling")
            except GradebookError:
                self.refused += 1
            self.times_s.append(time.perf_counter() - began)

    def stop(self) -> None:
        """Let the next look be the last."""
        self._over.set()


def cpu_of_children_s() -> float:
    """Return the processor time of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def grade(course: Path) -> Figures:
    """Return what grading a course took."""
    wall, cpu = time.perf_counter(), cpu_of_children_s()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", COMMAND, "grade", "--course", str(course)],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    memory_kib = int(done.stderr.split("KIB")[-1])
    return Figures(time.perf_counter() - wall, cpu_of_children_s() - cpu, memory_kib)


def make_course(folder: Path, students: int) -> tiny.Tiny:
    """Write a course with so many submissions, no two alike."""
    course = tiny.make(folder)
    for student in list(course.submissions.iterdir()):
        for file in student.iterdir():
            file.unlink()
        student.rmdir()
    for number in range(students):
        solution = (tiny.RIGHT, tiny.SQUARED)[number % 2]
        course.hand_in(f"student-{number:05}", f"# {number}\n{solution}")
    return course


def measure(students: int) -> tuple[Figures, Figures, Figures, Reader]:
    """Return what the first grading took, the second, the third, and who read meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        course = make_course(Path(name) / "course", students)
        reader = Reader(course.reports / FILE)
        thread = threading.Thread(target=reader.run)
        thread.start()
        try:
            first = grade(course.root)
        finally:
            reader.stop()
            thread.join()
        second = grade(course.root)
        essay = course.assignment / "essay.yaml"
        changed = essay.read_text(encoding="utf-8").replace("An essay", "A long essay")
        essay.write_text(changed, encoding="utf-8")
        return first, second, grade(course.root), reader


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 1000, 5000])
    options = parser.parse_args()
    columns = ("students", "CPU ms each", "wall ms each", "MiB", "unchanged s", "one changed s")
    print("".join(f"{column:>15}" for column in columns) + "  gradebook read")  # noqa: T201
    found = {}
    for students in options.sizes:
        first, second, third, reader = measure(students)
        found[students] = first
        cells = (
            str(students),
            f"{first.cpu_s / students * 1000:.1f}",
            f"{first.wall_s / students * 1000:.1f}",
            f"{first.memory_kib / 1024:.0f}",
            f"{second.wall_s:.2f}",
            f"{third.wall_s:.2f}",
        )
        reads = f"{len(reader.times_s)} times, {reader.refused} refused"
        print("".join(f"{cell:>15}" for cell in cells) + f"  {reads}")  # noqa: T201
    low, high = min(found), max(found)
    if low < high:
        time_ratio = found[high].wall_s / high / (found[low].wall_s / low)
        growth = (found[high].memory_kib - found[low].memory_kib) * 1.024 / (high - low)
        print(  # noqa: T201
            f"\nof {high} students each takes {time_ratio:.2f} times as long as of {low}, and "
            f"{growth:.1f} KB more memory (aims: 1, and 40 KB)"
        )


if __name__ == "__main__":
    main()
