"""For everything else: plain CSV, and JSON Lines that lose nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction

from grader.messages.text import points_text
from grader.records import AssignmentReport, Check, Status
from grader.report.exports.request import Document, Export, Exported
from grader.report.exports.rows import PartRow, Row, dated, number, rows
from grader.report.exports.sheets import csv_text, harmless
from grader.report.text import printable

CSV_FILE, JSONL_FILE = "grades.csv", "grades.jsonl"


def plain_csv(report: AssignmentReport, _export: Export) -> Exported:
    """Return one row for each submission and one column for each part; unknown points are blank."""
    parts = [part.id for problem in report.outline.problems for part in problem.parts]
    found = rows(report)
    late = dated(found)
    header = ["submission", "score", "max_score", "pending", "standing", *map(harmless, parts)]
    header += _LATE_COLUMNS if late else []
    lines = [
        [
            harmless(printable(row.id)),
            _text(row.score),
            points_text(report.outline.max_points),
            points_text(row.submission.pending),
            row.standing.value,
            *(_text(part.points) for part in row.parts),
            *(_late_cells(row) if late else []),
        ]
        for row in found
    ]
    content = csv_text([header, *lines], end="\r\n").encode("utf-8")
    return Exported((Document(CSV_FILE, content),))


_LATE_COLUMNS = ["score_before_lateness", "days_late", "submitted_at"]


def _late_cells(row: Row) -> list[str]:
    late = row.submission.lateness
    if late is None:
        return ["", "", ""]
    before = "" if row.score is None else points_text(row.submission.earned)
    return [before, "" if row.days_late is None else str(row.days_late), late.submitted_at]


def _text(points: Fraction | None) -> str:
    return "" if points is None else points_text(points)


def json_lines(report: AssignmentReport, _export: Export) -> Exported:
    """Return one object of JSON for each submission, each on a line; unknown points are null."""
    lines = [json.dumps(_object(report, row), allow_nan=False) for row in rows(report)]
    content = "".join(f"{line}\n" for line in lines).encode("ascii")
    return Exported((Document(JSONL_FILE, content),))


def _object(report: AssignmentReport, row: Row) -> Mapping[str, object]:
    return {
        "assignment": report.outline.id,
        "submission": row.id,
        "standing": row.standing.value,
        **_points("score", row.score),
        "max_score": number(report.outline.max_points),
        "pending": number(row.submission.pending),
        "seconds": round(row.submission.wall_s, 3),
        "unconfined": report.unconfined,
        "notes": list(row.submission.notes),
        "parts": [_part(part) for part in row.parts],
        **_arrival(row),
    }


def _arrival(row: Row) -> Mapping[str, object]:
    """Return how a submission came; nothing where there is no due date, and but one attempt."""
    found: dict[str, object] = {}
    late = row.submission.lateness
    if late is not None:
        known = row.score is not None
        found["lateness"] = {
            **_points("before", row.submission.earned if known else None),
            **_points("deducted", row.submission.deducted if known else None),
            "days": row.days_late,
            "accepted": late.accepted,
            "due": late.due,
            "extended": late.extended,
            "submitted_at": late.submitted_at or None,
            "source": late.source or None,
        }
    if row.submission.arrival.attempt:
        found["attempt"] = row.submission.arrival.attempt
    if row.submission.attempts:
        found["attempts"] = [
            {"attempt": each.number, **_points("score", None if each.fault else each.score)}
            for each in row.submission.attempts
        ]
    return found


def _part(part: PartRow) -> Mapping[str, object]:
    result = part.result
    return {
        "problem": part.problem.id,
        "part": part.outline.id,
        "kind": part.outline.kind,
        "bonus": part.outline.bonus,
        "status": result.status.value,
        "standing": part.standing.value,
        **_points("points", part.points),
        "max_points": number(result.max_points),
        "summary": result.summary,
        "mistake": result.mistake,
        "cases": {"total": result.cases_total, "right": result.cases_right},
        "checks": [
            {
                "name": check.name,
                "status": check.status.value,
                **_points("points", _known(check)),
                "max_points": number(check.max_points),
            }
            for check in result.checks
        ],
    }


def _known(check: Check) -> Fraction | None:
    return None if check.status is Status.PENDING else check.points


def _points(name: str, points: Fraction | None) -> Mapping[str, object]:
    """Return points twice: cut to two decimals, and exactly, as a fraction in words."""
    if points is None:
        return {name: None, f"{name}_exact": None}
    return {name: number(points), f"{name}_exact": str(points)}
