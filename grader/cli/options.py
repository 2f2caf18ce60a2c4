"""Options that several commands have, and those of `grader grade` that travel together.

Light, so that `grader --help` stays quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Assignment: TypeAlias = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Which one.")]
Assignments: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="ASSIGNMENT", help="Which ones; all if none.")
]
Course: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="The folder of the course; by default the one that you are in.",
        show_default=False,
    ),
]
Jobs: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        max=64,
        help="Submissions at once.",
        show_default="one for each core",
    ),
]
Reports: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The folder of the reports.", show_default="reports"),
]


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
