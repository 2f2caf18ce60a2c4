"""Grading a small course while something goes wrong, and what came of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.cli import grade as command
from tests import tiny
from tests.tiny import Tiny

STUDENTS = 6


@dataclass(frozen=True, slots=True)
class Said:
    """How a grading ended, and what it said."""

    code: int
    out: str
    err: str


def crowd(root: Path, *, before: str = "") -> Tiny:
    """Return a course with STUDENTS more submissions, every third of them wrong."""
    course = tiny.make(root)
    for number in range(STUDENTS):
        solution = tiny.RIGHT if number % 3 else tiny.SQUARED
        course.hand_in(f"student-{number}", f"{before}# {number}\n{solution}")
    return course


def grade(course: Tiny, *, rerun: bool = False, reports: Path | None = None) -> Said:
    """Grade a course in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command.run(
            [],
            submissions=None,
            reports=reports,
            jobs=2,
            only=[],
            rerun=rerun,
            unsafe=False,
            course=course.root,
        )
    return Said(code, out.getvalue(), err.getvalue())


def start(course: Tiny, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start to grade a course in a process of its own."""
    grade_it = ["grade", "--course", str(course.root), "--jobs", "2", *arguments]
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "grader", *grade_it],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


def results(course: Tiny) -> dict[str, Any]:
    """Return what results.json says of each submission, but for the time that it took."""
    found = json.loads(course.results.read_text(encoding="utf-8"))["submissions"]
    return {each["id"]: {**each, "seconds": None} for each in found}


def summaries(course: Tiny, part: str = "twice-half") -> set[tuple[str, str, float | None]]:
    """Return what all were told about a part: status, sentence and points."""
    parts = [part for each in results(course).values() for part in each["parts"]]
    return {(p["status"], p["summary"], p["points"]) for p in parts if p["id"] == part}


def no_worse(found: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether every part has the result that it should have, or is a fault of the grader."""
    pairs = [
        (part, other)
        for name, submission in found.items()
        for part, other in zip(submission["parts"], right[name]["parts"], strict=True)
    ]
    return all(part == other or part["status"] == "grader_fault" for part, other in pairs)


def change(file: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


FAULT = (
    "The grader failed here, not the submission; nothing was taken off, and it is tried again next "
    "time. ({})"
)
