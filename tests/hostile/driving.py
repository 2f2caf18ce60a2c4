"""Grade a course as `grader grade` does, and note what it took; `python driving.py COURSE`.

This runs as whichever user, and with whatever the kernel allows, a mode of the corpus asks for.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
from pathlib import Path

from grader import cli
from grader.cli import doctor
from grader.grading.assignment import AssignmentGrading
from grader.sandbox.mechanisms import examine

FILE = "driven.json"


def main(root: Path) -> None:
    """Write what `grader doctor` says, the exit code and output of `grader grade`, seconds."""
    seconds: dict[str, float] = {}
    grade = AssignmentGrading.grade

    def timed(self: AssignmentGrading, name: str) -> None:
        began = time.monotonic()
        try:
            grade(self, name)
        finally:
            seconds[name] = round(time.monotonic() - began, 3)

    AssignmentGrading.grade = timed  # type: ignore[method-assign]
    os.chdir(root)
    said, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        ready = doctor.run()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        code = _exit_code(["grade", "--reports", "reports", "--jobs", "2"])
    found = {
        "doctor": said.getvalue(),
        "ready": ready == doctor.READY,
        "missing": [each.name for each in examine() if not each.present],
        "code": code,
        "told": told.getvalue(),
        "seconds": seconds,
        "user": os.getuid(),
    }
    (root / FILE).write_text(json.dumps(found), encoding="ascii")


def _exit_code(arguments: list[str]) -> int:
    sys.argv = ["grader", *arguments]
    try:
        cli.main()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    return 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
