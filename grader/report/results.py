"""results.json: the grades of an assignment for other programs, format 1.

The format is a contract; a change of it needs a new number and a note in the changelog.
"""

from __future__ import annotations

import json
from fractions import Fraction
from math import inf, nextafter

from grader.records import AssignmentReport, PartResult, SubmissionResult

FORMAT = 1


def results_json(report: AssignmentReport) -> bytes:
    """Return results.json for one assignment, submissions sorted by id."""
    outline = report.outline
    document = {
        "format": FORMAT,
        "assignment": outline.id,
        "title": outline.title,
        "max_score": float(outline.max_points),
        "submissions": [
            _submission(submission, outline.max_points)
            for submission in sorted(report.submissions, key=lambda each: each.submission)
        ],
    }
    # ASCII: an id that came from a file name may hold lone surrogates, which UTF-8 cannot carry.
    text = json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False)
    return f"{text}\n".encode("ascii")


def _submission(submission: SubmissionResult, max_points: Fraction) -> dict[str, object]:
    return {
        "id": submission.submission,
        "score": _given(submission.score, max_points),
        "pending": float(submission.pending),
        "max_score": float(max_points),
        "seconds": round(submission.wall_s, 3),
        "parts": [_part(part) for part in submission.parts],
    }


def _part(part: PartResult) -> dict[str, object]:
    return {
        "id": part.id,
        "status": part.status.value,
        "points": _given(part.points, part.max_points),
        "max_points": float(part.max_points),
        "summary": part.summary,
        "mistake": part.mistake,
        "cases": {"total": part.cases_total, "right": part.cases_right},
    }


def _given(points: Fraction, max_points: Fraction) -> float:
    """Return points as a float that reaches the full marks only where the points do.

    A score may exceed them, by the points of bonus parts.
    """
    number = float(points)
    if points < max_points and number >= float(max_points):
        return nextafter(float(max_points), -inf)
    return number
