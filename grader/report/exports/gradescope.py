"""Gradescope: a results.json for each submission, as an autograder there leaves it behind.

Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/

A part that waits for a person has no score and no maximum, and the total is without it: what a
person gives is added in Gradescope.  A submission that the grader failed on, or of which a part was
never graded, gets no file, since a total without that part would be a zero for it; without a file
Gradescope tells the student to ask the staff.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from grader.records import AssignmentReport, Status
from grader.report.exports.feedback import markdown
from grader.report.exports.markup import escaped
from grader.report.exports.request import Document, Export, Exported
from grader.report.exports.rows import PartRow, Row, Standing, came, named, number, one_line, rows
from grader.report.names import safe_name
from grader.report.words import UNCONFINED, waiting

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")


def gradescope(report: AssignmentReport, export: Export) -> Exported:
    """Return one results.json for each submission whose score is known."""
    found = rows(report)
    documents = tuple(
        Document(f"{safe_name(row.id)}.json", results(report, row, export))
        for row in found
        if row.score is not None
    )
    left_out = [row.id for row in found if row.score is None]
    notes = []
    if left_out:
        notes.append(f"no results.json for {named(left_out)}: the score is not known")
    return Exported(documents, tuple(notes))


def results(report: AssignmentReport, row: Row, export: Export) -> bytes:
    """Return the results.json of a submission with a known score."""
    assert row.score is not None  # noqa: S101  (the caller asks first)
    tests = []
    for place, problem in enumerate(report.outline.problems, start=1):
        parts = [part for part in row.parts if part.problem is problem]
        for count, part in enumerate(parts, start=1):
            tests.append(_test(part, f"{place}.{count}", export))
    document = {
        "score": number(row.score),
        "execution_time": round(row.submission.wall_s, 2),
        "output": _output(report, row, export),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": export.visibility,
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"submission": row.id, "assignment": report.outline.id},
    }
    return f"{json.dumps(document, indent=1, allow_nan=False)}\n".encode("ascii")


def _test(part: PartRow, place: str, export: Export) -> Mapping[str, object]:
    bonus = " (bonus)" if part.outline.bonus else ""
    test: dict[str, object] = {}
    if part.points is not None:
        test["score"] = number(part.points)
        test["max_score"] = number(part.result.max_points)
        if not part.spare:
            test["status"] = "passed" if part.result.status is Status.CORRECT else "failed"
    return test | {
        "name": one_line(f"{part.outline.title}{bonus} [{part.outline.id}]"),
        "number": place,
        "output": markdown(part),
        "tags": [part.problem.id],
        "visibility": export.visibility_of.get(part.outline.id, export.visibility),
        "extra_data": {"part": part.outline.id, "status": part.result.status.value},
    }


def _output(report: AssignmentReport, row: Row, export: Export) -> str:
    """Return what is said of the submission as a whole: nothing that a hidden part is about."""
    shown = [
        part
        for part in row.parts
        if export.visibility_of.get(part.outline.id, export.visibility) != "hidden"
    ]
    open_points = sum(
        part.result.max_points - part.result.points
        for part in shown
        if part.standing is Standing.WAITING
    )
    lines = [f"{waiting(open_points)}."] if open_points else []
    lines += [UNCONFINED] if report.unconfined else []
    lines += [escaped(says) for says in came(report, row)]
    lines += [f"- {escaped(note)}" for note in row.submission.notes]
    return "\n\n".join(lines)
