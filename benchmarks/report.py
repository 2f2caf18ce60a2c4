"""How long the reports of a large class take to write, to open and to sort.

    python benchmarks/report.py --students 1000

A class is made up from a seed and put straight into a gradebook: no code is run, and the results
are invented, but of the size that real ones have.  Measured are writing all pages, writing them
again with nothing changed, and writing them after one submission changed; and, where a Chromium is
installed, opening the page of the class and sorting and filtering its table.  Each figure stands
beside one of the same run that it can be held against: for the browser, an empty page.  With
--graded, a class of generated solutions to a small assignment is graded for real beside it.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.gradebook.store import Gradebook
from grader.grading.run import write_reports

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests import tiny  # noqa: E402
from tests.report import crowd  # noqa: E402  (the made-up class that the tests use as well)
from tests.report.browser import FLAGS, browser  # noqa: E402

EMPTY = "<!doctype html><title>empty</title><body><p>Nothing.</p></body>"
# Layout is forced after each step, so that what is timed is what is seen.
SCRIPT = """
addEventListener("load", () => {
  const seen = () => document.body.offsetHeight;
  seen();
  const told = {open: performance.now()};
  const timed = (name, step) => {
    const began = performance.now(); step(); seen(); told[name] = performance.now() - began;
  };
  const heads = [...document.querySelectorAll("thead button")];
  if (heads.length) {
    timed("sort by score", () => heads[1].click());
    timed("sort by name", () => heads[0].click());
    const field = document.getElementById("search");
    timed("filter", () => { field.value = "student-07"; field.dispatchEvent(new Event("input")); });
  }
  const pre = document.createElement("pre");
  pre.id = "answer"; pre.textContent = JSON.stringify(told); document.body.append(pre);
});
"""


def seconds(step: Callable[[], object]) -> float:
    """Return how long a step takes."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def fill(gradebook: Gradebook, students: int) -> None:
    """Put a made-up class into a gradebook."""
    report = crowd.crowd(students)
    names = [submission.submission for submission in report.submissions]
    gradebook.open_assignment(report.outline, names, (), unconfined=False)
    for submission in report.submissions:
        gradebook.commit(submission)


def change(gradebook: Gradebook) -> None:
    """Let one student have printed more."""
    first = crowd.crowd(1).submissions[0]
    gradebook.commit(replace(first, output_kib=9.5))


def opened(page: str, folder: Path, times: int) -> dict[str, float]:
    """Return the medians of what Chromium measures on a page, in milliseconds."""
    program = browser()
    assert program is not None  # noqa: S101  (the caller asks first)
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    file = folder / "measured.html"
    file.write_text(page.replace("</body>", f"<script>{SCRIPT}</script></body>"), encoding="utf-8")
    found: list[dict[str, Any]] = []
    for number in range(times):
        profile = f"--user-data-dir={folder / f'profile-{number}'}"
        done = subprocess.run(  # noqa: S603
            [program, *FLAGS, profile, "--dump-dom", file.as_uri()],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=True,
        )
        answer = re.search(r'<pre id="answer">(.*?)</pre>', done.stdout)
        if answer is None:
            raise SystemExit("Chromium gave no answer")
        found.append(json.loads(html.unescape(answer[1])))
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def say(label: str, value: str, beside: str = "") -> None:
    """Print a line of the table."""
    print(f"{label:44}{value:>12}  {beside}")  # noqa: T201


def measure_writing(gradebook: Gradebook, folder: Path, students: int) -> Path:
    """Print how long writing takes; return the page of the class."""
    first = seconds(lambda: write_reports(gradebook, folder))
    again = seconds(lambda: write_reports(gradebook, folder))
    change(gradebook)
    one = seconds(lambda: write_reports(gradebook, folder))
    say(f"write all pages of {students} students", f"{first:.2f} s", f"{students / first:.0f} /s")
    say("write them again, nothing changed", f"{again:.2f} s", f"{first / again:.1f} times faster")
    say(
        "write them after one submission changed", f"{one:.2f} s", f"{first / one:.1f} times faster"
    )
    return folder / "large-class" / "index.html"


def measure_reading(page: Path, folder: Path, times: int) -> None:
    """Print how long Chromium takes with the page of the class, beside an empty page."""
    size = page.stat().st_size
    say("size of the page of the class", f"{size / 1000:.0f} kB")
    largest = max(page.parent.glob("student-*.html"), key=lambda file: file.stat().st_size)
    say("size of the largest page of a student", f"{largest.stat().st_size / 1000:.0f} kB")
    if browser() is None:
        say("opening and sorting", "-", "no Chromium is installed")
        return
    empty = opened(EMPTY, folder, times)["open"]
    for name, ms in opened(page.read_text(encoding="utf-8"), folder, times).items():
        say(f"Chromium: {name}", f"{ms:.0f} ms", f"{ms / empty:.1f} times opening an empty page")


def measure_grading(folder: Path, students: int, times: int) -> None:
    """Grade a class of generated solutions for real, and open the page that comes of it."""
    course = tiny.make(folder / "course")
    for number in range(students):
        solution = (tiny.RIGHT, tiny.SQUARED)[number % 2]
        course.hand_in(f"student-{number:04d}", f"# {number}\n{solution}")
    command = [sys.executable, "-m", "grader", "grade", "--course", str(course.root)]

    def grade() -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)  # noqa: S603

    took = seconds(grade)
    say(
        f"grade {students} generated solutions",
        f"{took:.1f} s",
        f"{took / students * 1000:.1f} ms each",
    )
    say("grade them again, unchanged", f"{seconds(grade):.2f} s")
    measure_reading(course.reports / "doubling" / "index.html", folder, times)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--times", type=int, default=5, help="how often each page is opened")
    parser.add_argument("--graded", action="store_true", help="grade a class for real, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with Gradebook(folder / "grades.sqlite") as gradebook:
            fill(gradebook, options.students)
            page = measure_writing(gradebook, folder, options.students)
        measure_reading(page, folder, options.times)
        if options.graded:
            measure_grading(folder, options.students, options.times)


if __name__ == "__main__":
    main()
