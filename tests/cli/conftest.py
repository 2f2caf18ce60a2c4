"""The command line, run in a process of its own on a small course."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests import tiny
from tests.tiny import Tiny

Done: TypeAlias = "subprocess.CompletedProcess[str]"
Grader: TypeAlias = Callable[..., Done]


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    """A course with one right and one wrong submission."""
    return tiny.make(tmp_path)


def run_grader(*arguments: str, folder: Path) -> Done:
    """Run ``python -m grader`` in a folder."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "grader", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def grader(course: Tiny) -> Grader:
    """Run ``python -m grader`` in the course's folder."""

    def run(*arguments: str, folder: Path | None = None) -> Done:
        return run_grader(*arguments, folder=folder or course.root)

    return run


def make_bonus(course: Tiny) -> None:
    """Let the second part of the course, worth a point, be a bonus."""
    for name, old, new in (
        ("twice.yaml", "title: The half\n", "title: The half\n    bonus: true\n"),
        ("assignment.yaml", "points: 6", "points: 5"),
    ):
        file = course.assignment / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
