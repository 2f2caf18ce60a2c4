"""``grader check``: a student's own folder, on the visible cases, without a sandbox.

This module starts the process for the student's code before anything else is imported: that one
imports torch, if the code does, while the grader imports what it needs itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from grader.cli.console import complain
from grader.errors import GraderError, UsageError
from grader.sandbox import processes
from grader.submissions.ahead import DATA, packages

BAD_USAGE, INTERRUPTED = 2, 130


def run(
    arguments: Sequence[str], *, assignment: str | None, course: Path | None, watch: bool
) -> int:
    """Return whether every part is right on its visible cases; print what is not."""
    try:
        folder, names = _meant(arguments)
        started = processes.start(packages(folder), thorough=False)
        try:
            # From here on two processes import what they need, at the same time.
            from grader.cli import checking  # noqa: PLC0415  (see above)

            wanted = checking.Wanted(folder, names, assignment, course)
            return checking.run(wanted, started, watch=watch)
        finally:
            started.end()
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED


def _meant(arguments: Sequence[str]) -> tuple[Path, list[str]]:
    """Return the folder that is meant, and the names of problems and parts."""
    folders = [each for each in arguments if _is_folder(each)]
    if len(folders) > 1:
        raise UsageError(f"found {len(folders)} folders, {', '.join(folders)}; give one")
    names = [each for each in arguments if each not in folders]
    for name in names:
        if Path(name).is_file():
            parent = Path(name).resolve().parent
            raise UsageError(f"{name} is a file; give the folder that it is in: {parent}")
        if "/" in name or "\\" in name or name.endswith(".py"):
            raise UsageError(f"there is no folder {name}; give the one with your solution.py")
    return Path(folders[0] if folders else ".").resolve(), names


def _is_folder(argument: str) -> bool:
    """Return whether an argument means a folder; q3 may be a folder and a problem as well."""
    path = Path(argument)
    released = Path(DATA).is_file() and re.fullmatch(r"[\w-]+", argument)
    return path.is_dir() and (not released or (path / DATA).is_file())
