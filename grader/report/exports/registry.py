"""The formats, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.errors import UsageError
from grader.records import AssignmentReport
from grader.report.exports.canvas import FILE as CANVAS_FILE
from grader.report.exports.canvas import canvas
from grader.report.exports.classroom import FILE as CLASSROOM_FILE
from grader.report.exports.classroom import classroom
from grader.report.exports.github import ANNOTATIONS, SUMMARY, commands, summary
from grader.report.exports.gradescope import gradescope
from grader.report.exports.junit import FILE as JUNIT_FILE
from grader.report.exports.junit import junit
from grader.report.exports.request import Export, Exported
from grader.report.exports.tables import CSV_FILE, JSONL_FILE, json_lines, plain_csv
from grader.spec.faults import suggestion


@dataclass(frozen=True, slots=True)
class Format:
    """A format of grades, and what it needs to know."""

    name: str
    make: Callable[[AssignmentReport, Export], Exported]
    file: str  # what the file is called unless told otherwise; or the folder, if there are many
    many: bool = False  # a file for each submission
    single: bool = False  # made for one submission
    printed: bool = False  # goes to stdout unless told otherwise
    options: frozenset[str] = frozenset()  # those of the command line that mean something here


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format(
            "gradescope", gradescope, "gradescope", many=True, options=frozenset({"visibility"})
        ),
        Format("canvas", canvas, CANVAS_FILE, options=frozenset({"update", "column", "so-far"})),
        Format("junit", junit, JUNIT_FILE),
        Format("github", summary, SUMMARY, printed=True),
        Format(
            "annotations",
            commands,
            ANNOTATIONS,
            single=True,
            printed=True,
            options=frozenset({"folder"}),
        ),
        Format("classroom", classroom, CLASSROOM_FILE, single=True, printed=True),
        Format("csv", plain_csv, CSV_FILE),
        Format("jsonl", json_lines, JSONL_FILE),
    )
}


def format_called(name: str) -> Format:
    """Return a format.  Raises UsageError if there is none of that name."""
    if name not in FORMATS:
        raise UsageError(
            f"no format is called {name!r}; there is {', '.join(FORMATS)}"
            f"{suggestion(name, FORMATS)}"
        )
    return FORMATS[name]
