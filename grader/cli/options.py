"""Options that travel together, as they were given; light, so that `grader --help` stays quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Single:
    """What `grader grade` was told about one submission; each default stands for "not given"."""

    submission: Path | None = None
    assignment: str | None = None
    student: str | None = None
    metadata: Path | None = None
    student_from: str | None = None
    submitted_at: str | None = None
    format: Sequence[str] = ()
    to: str | None = None
    visibility: Sequence[str] = ()
    folder: str | None = None
    fail_under: str | None = None

    def given(self) -> list[str]:
        """Return the options that were given, as they are spelled on the command line."""
        return [
            f"--{field.name.replace('_', '-')}"
            for field in fields(self)
            if getattr(self, field.name) not in (None, ())
        ]
