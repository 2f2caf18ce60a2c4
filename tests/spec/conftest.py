"""A small course that is right, and helpers that break it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.kinds.registry import part_models
from grader.spec.faults import SpecFaultsError
from grader.spec.loader import Assignment, load
from tests import tiny


@dataclass(frozen=True)
class Breakable:
    """A course whose files can be changed."""

    root: Path

    @property
    def folder(self) -> Path:
        """The folder of its assignment."""
        return self.root / "assignments" / "doubling"

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file of the course; names without a folder are files of the assignment."""
        path = self.root / name if "/" in name else self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file of the assignment."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def load(self) -> Assignment:
        """Return the assignment."""
        return load(self.folder, self.root / "reference", part_models())

    def faults(self, act: Callable[[], object] | None = None) -> list[str]:
        """Return the faults that loading (or something else) raises, relative to the course."""
        with pytest.raises(SpecFaultsError) as caught:
            (act or self.load)()
        return [
            str(fault).replace(f"{self.folder}/", "").replace(f"{self.root}/", "")
            for fault in caught.value.faults
        ]


@pytest.fixture
def course(tmp_path: Path) -> Breakable:
    tiny.make(tmp_path)
    return Breakable(tmp_path)
