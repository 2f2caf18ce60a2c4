"""What is held against the wishes: verdicts, neighbours, leaks, and what was left behind."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.gradebook.file import FILE
from grader.gradebook.store import Gradebook
from grader.kinds.registry import part_models
from grader.records import AssignmentReport, SubmissionResult
from grader.report.exports.registry import FORMATS
from grader.report.exports.request import Export
from grader.report.names import page_file
from grader.spec.loader import load
from tests.hostile import corpus, course
from tests.hostile.grading import Graded
from tests.release import leaks

SLACK_S = 1.0
"""What a submission may take beyond its limits."""
BUSY_S = 10.0
"""What a busy machine may add to that."""
_CONTROLS = ("\x1b]0;hostile", "\x1b[31m")  # what a terminal acts upon
_ACTS = (*_CONTROLS, "<script>hostile", "<img src=x")
_RENDERED = ("page.html", "github summary")  # what a browser shows as it is


@dataclass(frozen=True)
class Findings:
    """What a run over the corpus came to."""

    graded: Graded

    @property
    def folder(self) -> Path:
        """The reports of the assignment."""
        return self.graded.root / "reports" / course.ASSIGNMENT

    @cached_property
    def results(self) -> dict[str, dict[str, Any]]:
        """What results.json has of every submission."""
        data = json.loads((self.folder / "results.json").read_text(encoding="ascii"))
        return {each["id"]: each for each in data["submissions"]}

    @cached_property
    def report(self) -> AssignmentReport:
        """What the gradebook has."""
        with Gradebook(self.graded.root / "reports" / FILE) as gradebook:
            found = gradebook.report(course.ASSIGNMENT)
        assert found is not None
        return found

    @cached_property
    def secrets(self) -> leaks.Secrets:
        """What no student may find in anything that is made of their submission."""
        root = self.graded.root
        assignment = load(
            root / "assignments" / course.ASSIGNMENT, root / "reference", part_models()
        )
        return leaks.secrets(assignment)

    def verdicts(self, name: str) -> dict[str, str]:
        """Return the status of every part of an attack."""
        parts = self.results[corpus.folder_of(name)]["parts"]
        return {part["id"]: part["status"] for part in parts}

    def seconds(self, name: str) -> float:
        """Return how long an attack took, as the grader's own clock has it."""
        return self.graded.seconds.get(corpus.folder_of(name), 0.0)

    # ---- faults, each a sentence; there should be none -------------------------------------------

    def of(self, name: str) -> list[str]:
        """Return what is wrong with how an attack was graded."""
        if corpus.folder_of(name) not in self.results:
            return ["it has no result"]
        return [*self.of_verdict(name), *self.of_page(name)]

    def of_verdict(self, name: str) -> list[str]:
        """Return the parts whose status or points are not those that are wanted."""
        wanted = corpus.known()[name].statuses(self.graded.missing)
        found = []
        for part in self.results[corpus.folder_of(name)]["parts"]:
            status = part["status"]
            points = course.POINTS[part["id"]] if status == "correct" else 0
            if status not in wanted[part["id"]].split(" or "):
                found.append(
                    f"{part['id']} is {status}, not {wanted[part['id']]}: {part['summary'][:200]}"
                )
            if part["points"] != points:
                found.append(f"{part['id']} is {status} and has {part['points']} points")
        return found

    def of_page(self, name: str) -> list[str]:
        """Return what the student gets and must not: secrets, and what acts by itself."""
        told = self.told(name)
        found = leaks.found(told, self.secrets)
        pattern = corpus.known()[name].tells
        for file, content in told.items():
            text = content.decode("utf-8", "replace")
            acts = _ACTS if file in _RENDERED else _CONTROLS
            found += [f"{file}: {bad!r}" for bad in acts if bad in text]
            if pattern and re.search(pattern, text):
                found.append(f"{file}: {pattern}")
        return found

    def told(self, name: str) -> dict[str, bytes]:
        """Return all that is made of a submission for its student, by name."""
        folder = corpus.folder_of(name)
        page = (self.folder / page_file(folder)).read_bytes()
        told = {"page.html": page, "results": json.dumps(self.results[folder]).encode()}
        mine = [each for each in self.report.submissions if each.submission == folder]
        report = replace(self.report, submissions=tuple(mine))
        for each in FORMATS.values():
            for document in each.make(report, Export()).documents:
                told[f"{each.name} {document.name.rpartition('.')[0]}"] = document.content
        return told

    def of_time(self, name: str) -> list[str]:
        """Return whether an attack took longer than its limits and a second, on a busy machine."""
        late = [status for status in self.verdicts(name).values() if status == "timed_out"]
        allowed_s = (2 + len(late)) * course.WALL_S + SLACK_S + BUSY_S
        took_s = self.seconds(name)
        return [f"it took {took_s:.1f} s, not {allowed_s:.1f} s"] if took_s > allowed_s else []

    def of_neighbours(self) -> list[str]:
        """Return the neighbours that were graded in another way than the first of them."""
        neighbours = {
            each.submission: _timeless(each)
            for each in self.report.submissions
            if each.submission.endswith(corpus.NEIGHBOUR)
        }
        first, *others = neighbours
        pages = {name: self._page(name) for name in neighbours}
        found = [
            f"{name}: another record" for name in others if neighbours[name] != neighbours[first]
        ]
        found += [f"{name}: another page" for name in others if pages[name] != pages[first]]
        wanted = dict.fromkeys(course.PARTS, "correct") | {"slope": "wrong"}
        parts = {part["id"]: part["status"] for part in self.results[first]["parts"]}
        return found if parts == wanted else [*found, f"{first}: {parts}"]

    def _page(self, name: str) -> str:
        text = (self.folder / page_file(name)).read_text(encoding="utf-8")
        text = re.sub(r"\d+\.\d\d(?= seconds)|<meta name=\"grader-made-from\".*", "", text)
        return text.replace(html.escape(name), "").replace(page_file(name), "")

    def of_run(self) -> list[str]:
        """Return what is wrong with the run as a whole."""
        graded = self.graded
        found = [f"process {pid} is still there" for pid in graded.strays]
        found += [f"{name} was changed" for name in graded.changed]
        found += [f"{name} was left behind" for name in graded.left]
        if graded.code != 0:
            found.append(f"grader ended with {graded.code}: {graded.told[-1000:]}")
        found += [f"the terminal got {bad!r}" for bad in _CONTROLS if bad in graded.told]
        with closing(sqlite3.connect(graded.root / "reports" / FILE)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                found.append("the gradebook is damaged")
        pages = {page.name for page in self.folder.glob("*.html")}
        found += [f"{name} has no page" for name in self.results if page_file(name) not in pages]
        found += [f"a table has {cell!r}" for cell in self._formulas()]
        return found

    def _formulas(self) -> list[str]:
        """Return the cells of tables that a spreadsheet would compute."""
        cells = []
        for name in ("csv", "canvas"):
            for document in FORMATS[name].make(self.report, Export()).documents:
                rows = csv.reader(io.StringIO(document.content.decode("utf-8-sig")))
                cells += [cell for row in rows for cell in row]
        return [cell for cell in cells if re.match(r"[=+@\t\r]|-(?!\d)", cell)]


def _timeless(result: SubmissionResult) -> SubmissionResult:
    """Return a result without its name and its seconds."""
    problems = tuple(
        replace(problem, key="", parts=tuple(replace(part, wall_s=0.0) for part in problem.parts))
        for problem in result.problems
    )
    return replace(result, submission="", problems=problems, wall_s=0.0)
