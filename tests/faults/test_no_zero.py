"""Where a fault of the grader shows, it is no zero, and the next run tries it again."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from grader.gradebook.file import FILE
from grader.report.exports.registry import FORMATS
from tests.cli.conftest import Done, run_grader
from tests.faults import running
from tests.tiny import Tiny


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """A course whose reference fails for the second of three parts."""
    made = running.crowd(tmp_path_factory.mktemp("course"))
    running.change(_reference(made), "    return np.asarray(x) / 2", "    raise ValueError('no')")
    assert running.grade(made).code == 3
    return made


def _reference(course: Tiny) -> Path:
    return course.root / "reference" / "doubling" / "twice.py"


def _export(course: Tiny, name: str, *arguments: str) -> Done:
    return run_grader("export", "doubling", "--format", name, *arguments, folder=course.root)


UNKNOWN = (
    "grader: the grader failed on a part of ada, ben, student-0, student-1, student-2 and 3 more; "
    "its points are exported as unknown, not as zero. Grade again, then export again\n"
)


def test_results_json_has_null(course: Tiny) -> None:
    for each in running.results(course).values():
        points = {part["id"]: part["points"] for part in each["parts"]}
        assert (each["score"], points["twice-half"]) == (None, None)
        assert points["twice-value"] in {0.0, 2.0}


def test_the_page_of_a_student_says_open_and_nothing_of_the_inside(course: Tiny) -> None:
    page = (course.reports / "doubling" / "ada.html").read_text(encoding="utf-8")
    assert "1 point could not be graded: a fault of the grader" in page
    assert "The grader itself failed on this part, which costs no points" in page
    assert re.search(r'>\u2013</span><span class="unseen">open</span></strong> / 1<', page)
    assert "ValueError" not in page


def test_the_page_of_the_class_lists_them_with_the_reason(course: Tiny) -> None:
    page = (course.reports / "doubling" / "index.html").read_text(encoding="utf-8")
    assert page.count("twice-half: the reference fails for half(") == 8


def _of_csv(text: str) -> list[tuple[Any, ...]]:
    return [(r["score"], r["twice-half"], r["standing"]) for r in csv.DictReader(io.StringIO(text))]


def _of_jsonl(text: str) -> list[tuple[Any, ...]]:
    rows = [json.loads(line) for line in text.splitlines()]
    return [
        (row["score"], row["score_exact"], row["parts"][1]["points"], row["standing"])
        for row in rows
    ]


def _of_junit(text: str) -> list[tuple[Any, ...]]:
    found = []
    for suite in ET.fromstring(text):  # noqa: S314  (our own)
        values = {each.get("name"): each.get("value") for each in suite.iter("property")}
        (fault,) = [case for case in suite.iter("testcase") if case.get("name") == "twice-half"]
        found.append((values["score"], values["points.twice-half"], [each.tag for each in fault]))
    return found


def _of_canvas(text: str) -> list[tuple[Any, ...]]:
    return [(row[0].strip(), row[-1]) for row in csv.reader(io.StringIO(text))][1:]


def _of_github(text: str) -> list[tuple[Any, ...]]:
    rows = [line.split("|") for line in text.splitlines() if line.startswith("|")][2:]
    return [(row[2].strip(), row[4].strip()) for row in rows]


EXPORTS = {
    "csv": (_of_csv, [("", "", "fault")] * 8),
    "jsonl": (_of_jsonl, [(None, None, None, "fault")] * 8),
    "junit": (_of_junit, [("", "", ["error"])] * 8),
    "canvas": (_of_canvas, [("Points Possible", "6")]),
    "github": (_of_github, [("", "fault of the grader")] * 8),
}
OF_ONE = {"annotations", "classroom", "gradescope"}


def test_every_export_is_looked_at() -> None:
    assert {*EXPORTS, *OF_ONE} == set(FORMATS)


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_of_the_class_has_no_zero(name: str, course: Tiny, tmp_path: Path) -> None:
    read, rows = EXPORTS[name]
    file = tmp_path / "exported"
    done = _export(course, name, "--to", str(file))
    assert done.returncode == 3
    assert done.stderr.endswith(UNKNOWN)
    assert read(file.read_text(encoding="utf-8")) == rows


def test_gradescope_gets_no_file(course: Tiny, tmp_path: Path) -> None:
    done = _export(course, "gradescope", "--to", str(tmp_path))
    assert done.returncode == 3
    assert done.stderr.endswith(UNKNOWN)
    assert list(tmp_path.iterdir()) == []
    one = _export(course, "gradescope", "--student", "ada", "--to", str(tmp_path / "results.json"))
    assert one.returncode == 3
    assert not (tmp_path / "results.json").exists()


def test_github_classroom_and_annotations_say_that_it_is_a_fault(course: Tiny) -> None:
    classroom = _export(course, "classroom", "--student", "ada", "--to", "-")
    assert classroom.returncode == 3
    found = json.loads(base64.b64decode(classroom.stdout))
    assert (found["status"], found["max_score"]) == ("error", 2)
    assert [(each["name"], each["score"]) for each in found["tests"]] == [("The double", 2)]
    annotations = _export(course, "annotations", "--student", "ada", "--to", "-")
    assert annotations.returncode == 3
    assert "::error" not in annotations.stdout


def test_the_next_run_tries_it_again_and_nothing_else(course: Tiny) -> None:
    running.change(_reference(course), "    raise ValueError('no')", "    return np.asarray(x) / 2")
    said = running.grade(course)
    assert (said.code, said.err) == (0, "")
    assert running.summaries(course) == {("correct", "Right in all 5 cases.", 1.0)}
    assert (course.reports / FILE).is_file()
    changes = (course.reports / "doubling" / "changes.html").read_text(encoding="utf-8")
    assert "fault of the grader" in changes
