"""Canvas: a CSV file for its gradebook import, new or made from one that was exported there.

Rules: https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb
Canvas finds a student by ID, then SIS User ID, then SIS Login ID, then name, and an assignment by
the number in brackets, then by its title; what it does not find, it creates.  A blank cell takes a
score away there.  So a submission whose score is not complete is left out of a new file, and its
cell stays as it was in one that is updated.
"""

from __future__ import annotations

import re
from fractions import Fraction

from grader.errors import UsageError
from grader.messages.text import points_text
from grader.records import AssignmentReport
from grader.report.exports.canvas_export import SUMS, CanvasExport, read
from grader.report.exports.request import Document, Export, Exported
from grader.report.exports.rows import Row, Standing, named, one_line, rows
from grader.report.exports.sheets import csv_text, harmless

FILE = "canvas.csv"
HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_ROW = "    Points Possible"
_OPEN = {
    Standing.FAULT: "the grader failed on a part",
    Standing.UNGRADED: "a part was never graded",
    Standing.WAITING: "a part waits for a person; --so-far exports the points without it",
}


def canvas(report: AssignmentReport, export: Export) -> Exported:
    """Return the gradebook to import: an updated one, or a new one with this assignment only.

    Raises UsageError if the exported gradebook is none, or has no column for the assignment.
    """
    found = rows(report)
    scores, notes = _scores(found, so_far=export.so_far)
    if export.update is None:
        text = _new(report, export, scores)
    else:
        text, more = _updated(report, export, scores)
        notes += more
    if any(row.submission.deducted for row in found):
        notes.append(
            "lateness is taken off already; if Canvas has a late policy of its own, it would take "
            "it off again"
        )
    return Exported((Document(FILE, text.encode("utf-8", "backslashreplace")),), tuple(notes))


def _scores(found: tuple[Row, ...], *, so_far: bool) -> tuple[dict[str, Fraction], list[str]]:
    scores = {}
    left_out: dict[Standing, list[str]] = {}
    for row in found:
        waits = row.standing is Standing.WAITING and not so_far
        if row.score is None or waits:
            left_out.setdefault(row.standing, []).append(row.id)
        else:
            scores[row.id] = row.score
    notes = [f"no score for {named(ids)}: {_OPEN[why]}" for why, ids in left_out.items()]
    return scores, notes


def _new(report: AssignmentReport, export: Export, scores: dict[str, Fraction]) -> str:
    title = one_line(export.column or report.outline.title or report.outline.id)
    if re.search("|".join(SUMS), title):
        raise UsageError(
            f"Canvas would take the column {title!r} for one of its own sums and pass it over; "
            "give the assignment another name with --column"
        )
    lines = [
        (*HEADER, harmless(title)),
        (POINTS_ROW, "", "", "", "", points_text(report.outline.max_points)),
    ]
    for name, score in scores.items():
        login = harmless(one_line(name))
        # Canvas takes a row whose first cell holds these words for the row of maxima.
        student = "" if POINTS_ROW.strip() in login else login
        lines.append((student, "", "", login, "", points_text(score)))
    return csv_text(lines)


def _updated(
    report: AssignmentReport, export: Export, scores: dict[str, Fraction]
) -> tuple[str, list[str]]:
    assert export.update is not None  # noqa: S101  (the caller asks first)
    sheet = read(export.update)
    column = sheet.assignment(one_line(export.column), one_line(report.outline.title))
    notes = _maximum(sheet, column, report.outline.max_points)
    found: dict[int, str] = {}
    unknown, kept = [], []
    for name, score in scores.items():
        place = sheet.student(one_line(name))
        if place is None:
            unknown.append(name)
        elif place in found:
            raise UsageError(
                f"{one_line(found[place])!r} and {one_line(name)!r} are both the student "
                f"{sheet.rows[place][0]!r} of the Canvas export; export them one at a time with "
                "--student"
            )
        else:
            found[place] = name
            if sheet.rows[place][column].strip().upper() in {"EX", "N/A"}:
                kept.append(name)
            else:
                sheet.rows[place][column] = points_text(score)
    if scores and not found:
        raise UsageError(
            f"none of the submissions is in the Canvas export: {named(unknown)}; expected their "
            "names in its column ID, SIS User ID or SIS Login ID"
        )
    if unknown:
        notes.append(f"not in the Canvas export, so left out: {named(unknown)}")
    if kept:
        notes.append(f"excused or not assigned in Canvas, so left as it is: {named(kept)}")
    sheet.disarm()
    return csv_text(sheet.rows, sheet.delimiter), notes


def _maximum(sheet: CanvasExport, column: int, max_points: Fraction) -> list[str]:
    """Write the maximum where Canvas has none; return a note where it has another."""
    row = sheet.points_row()
    ours = points_text(max_points)
    theirs = row[column].strip()
    if not theirs:
        row[column] = ours
        return []
    try:
        same = Fraction(theirs.replace(",", ".")) == Fraction(ours)
    except (ValueError, ZeroDivisionError):
        same = False
    if same:
        return []
    return [f"Canvas has {theirs} points possible, the gradebook {ours}; scores are not scaled"]
