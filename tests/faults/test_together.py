"""Several graders, and readers, at work on one course at a time."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.cli import export, report
from grader.gradebook.file import FILE
from tests.faults import running
from tests.tiny import Tiny

SLOW = "import time\ntime.sleep(0.03)\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return running.crowd(tmp_path_factory.mktemp("course"), before=SLOW)


@pytest.fixture(scope="module")
def right(course: Tiny, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    elsewhere = Tiny(tmp_path_factory.mktemp("elsewhere"))
    assert running.grade(course, reports=elsewhere.reports).code == 0
    return running.results(elsewhere)


def test_two_graders_at_once_both_end_well_and_leave_one_result_of_each_submission(
    course: Tiny, right: dict[str, Any], tmp_path: Path
) -> None:
    elsewhere = Tiny(tmp_path)
    both = [running.start(course, "--reports", str(elsewhere.reports)) for _ in range(2)]
    ended = [run.communicate() for run in both]
    assert [(run.returncode, err) for run, (_, err) in zip(both, ended, strict=True)] == [
        (0, "")
    ] * 2, ended
    done = [line for out, _ in ended for line in out.splitlines() if line.startswith("[")]
    graded = [line.rpartition("/")[2] for line in done]
    assert set(graded) == set(right)
    assert max(graded.count(name) for name in graded) <= 2
    assert running.results(elsewhere) == right
    with closing(sqlite3.connect(elsewhere.reports / FILE)) as gradebook:
        (count,) = gradebook.execute("SELECT count(*) FROM submissions").fetchone()
        (changes,) = gradebook.execute("SELECT count(*) FROM changes").fetchone()
    assert (count, changes) == (len(right), 0)
    again = running.grade(course, reports=elsewhere.reports)
    assert again.out.startswith("8 of 8 submissions are unchanged; their results are kept.\n")
    assert running.results(elsewhere) == right


def _points(lines: str) -> dict[str, float | None]:
    """Return what was exported of those that had been graded by then."""
    found = [json.loads(line) for line in lines.splitlines()]
    return {each["submission"]: each["score"] for each in found if each["standing"] != "ungraded"}


def test_a_gradebook_is_read_while_it_is_written_to(
    course: Tiny, right: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = Tiny(tmp_path)
    seen = []
    with running.start(course, "--reports", str(elsewhere.reports), "--jobs", "1") as run:
        assert run.stdout is not None
        for line in run.stdout:
            if not line.startswith("["):
                continue
            code = export.run(
                "doubling",
                format_name="jsonl",
                to="-",
                wishes=export.Wishes(),
                reports=elsewhere.reports,
                course=None,
            )
            assert code == 0
            seen.append(_points(capsys.readouterr().out))
            assert report.run(reports=elsewhere.reports, course=None) == 0
            capsys.readouterr()
        assert run.stderr is not None
        assert run.stderr.read() == ""
    assert run.returncode == 0
    scores = {name: each["score"] for name, each in right.items()}
    assert [found for found in seen if found.items() - scores.items()] == []
    assert len(seen) == len(right)
    assert seen[0]
    assert running.results(elsewhere) == right
