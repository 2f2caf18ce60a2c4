"""An unpacked release of the small course, as a student has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.kinds.registry import part_models
from grader.release import selfcheck
from grader.spec.loader import load
from tests import tiny
from tests.cli.conftest import Done, run_grader
from tests.tiny import Tiny

ANSWERS = "essay-text: Because.\n"


class Released:
    """The folder of a student, far from any course."""

    def __init__(self, folder: Path, course: Tiny) -> None:
        self.folder = folder
        assignment = load(course.assignment, course.root / "reference", part_models())
        folder.mkdir()
        (folder / selfcheck.FILE).write_bytes(selfcheck.written(assignment))
        (folder / "README.md").write_text("Read me.\n", encoding="utf-8")
        (folder / "statement.md").write_text("Do it.\n", encoding="utf-8")
        self.write("answers.yaml", "# essay-text:\n")
        self.write("solution.py", tiny.STARTER)

    def write(self, name: str, text: str) -> None:
        """Save a file."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def check(self, *arguments: str) -> Done:
        """Run ``grader check`` in the folder."""
        return run_grader("check", *arguments, folder=self.folder)


@pytest.fixture
def released(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """The release of the small course in a folder of its own."""
    course = tiny.make(tmp_path / "course")
    return Released(tmp_path_factory.mktemp("home") / "doubling", course)
