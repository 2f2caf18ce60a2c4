"""Opening a gradebook that is there, to read what was graded."""

from __future__ import annotations

from pathlib import Path

from grader.cli.console import one_line
from grader.errors import UsageError
from grader.gradebook.file import FILE
from grader.gradebook.store import Gradebook
from grader.records import AssignmentReport
from grader.spec.course import Course
from grader.spec.faults import suggestion


def reports_folder(reports: Path | None, course: Path | None) -> Path:
    """Return the folder of the reports: the one that was named, or that of the course.

    Raises UsageError if none was named and there is no course.
    """
    return reports if reports is not None else Course.find(course or Path()).reports


def existing(folder: Path) -> Gradebook:
    """Return the gradebook of a folder of reports.  Raises UsageError if there is none."""
    path = folder / FILE
    if not path.is_file():
        raise UsageError(
            f"there is no gradebook {path}; grade something first, as in: grader grade NAME, or "
            "name the folder of the reports with --reports"
        )
    return Gradebook(path)


def graded(gradebook: Gradebook, name: str) -> AssignmentReport:
    """Return what a gradebook holds of an assignment.  Raises UsageError if that is nothing."""
    known = gradebook.assignments()
    if name not in known:
        raise UsageError(
            f"no assignment called {one_line(name)!r} has been graded; the gradebook has "
            f"{', '.join(known) or 'none'}{suggestion(name, known)}"
        )
    report = gradebook.report(name)
    if report is None:
        raise UsageError(
            f"{name} was graded by another version of the grader; grade it again: "
            f"grader grade {name}"
        )
    if not report.submissions:
        raise UsageError(
            f"no submission to {name} has been graded yet; grade them: grader grade {name}"
        )
    return report
