"""``grader report``: the pages and results.json once more, from the gradebook alone."""

from __future__ import annotations

from pathlib import Path

from grader.cli.console import complain, say
from grader.cli.gradebooks import existing, reports_folder
from grader.errors import GraderError, UsageError
from grader.grading.run import briefs, write_reports
from grader.messages.text import counted

WRITTEN, BAD_USAGE = 0, 2


def run(*, reports: Path | None, course: Path | None) -> int:
    """Return the exit code; print where the report is."""
    try:
        folder = reports_folder(reports, course).resolve()
        with existing(folder) as gradebook:
            found = briefs(gradebook)
            outdated = [name for name, brief in found.items() if brief is None]
            if len(outdated) == len(found):
                raise UsageError(
                    f"the gradebook in {folder} has nothing to report; grade first: grader grade"
                )
            index = write_reports(gradebook, folder, found)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE
    for name in outdated:
        complain(
            f"{name} was graded by another version of the grader and is left out; grade it again: "
            f"grader grade {name}"
        )
    say(f"{counted(len(found) - len(outdated), 'assignment')}, nothing was run.")
    say(f"Report: {index}")
    return WRITTEN
