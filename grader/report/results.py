"""results.json: the grades of an assignment for other programs, format 1.

The format is a contract; a change of it needs a new number and a note in the changelog.

What is not known is null, not zero: the points of a part on which the grader failed, and the score
of a submission with such a part.
"""

from __future__ import annotations

import json
from fractions import Fraction
from math import inf, nextafter

from grader.records import AssignmentReport, PartResult, Status, SubmissionResult

FORMAT = 1


def results_json(report: AssignmentReport) -> bytes:
    """Return results.json for one assignment, submissions sorted by id."""
    outline = report.outline
    document = {
        "format": FORMAT,
        "assignment": outline.id,
        "title": outline.title,
        "max_score": float(outline.max_points),
        **({"due": outline.due} if outline.due else {}),
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
        "score": None if _faulty(submission) else _given(submission.score, max_points),
        "pending": float(submission.pending),
        "max_score": float(max_points),
        "seconds": round(submission.wall_s, 3),
        "parts": [_part(part) for part in submission.parts],
        **_arrival(submission, max_points),
    }


def _arrival(submission: SubmissionResult, max_points: Fraction) -> dict[str, object]:
    """Return how a submission came: nothing where there is no due date, and but one attempt."""
    found: dict[str, object] = {}
    late = submission.lateness
    if late is not None:
        found["lateness"] = {
            "before": None if _faulty(submission) else _given(submission.earned, max_points),
            "deducted": None if _faulty(submission) else float(submission.deducted),
            "days": late.days if late.submitted_at else None,
            "percent": float(late.percent) if late.accepted else 100.0,
            "accepted": late.accepted,
            "due": late.due,
            "extended": late.extended,
            "submitted_at": late.submitted_at or None,
            "source": late.source or None,
        }
    if submission.arrival.attempt:
        found["attempt"] = submission.arrival.attempt
    if submission.attempts:
        found["attempts"] = [
            {
                "attempt": each.number,
                "score": None if each.fault else _given(each.score, max_points),
                "before": None if each.fault else _given(each.earned, max_points),
                "pending": float(each.pending),
            }
            for each in submission.attempts
        ]
    return found


def _faulty(submission: SubmissionResult) -> bool:
    """Return whether the grader failed on it, here or in another attempt: its score is open."""
    attempts = any(attempt.fault for attempt in submission.attempts)
    return attempts or any(part.status is Status.GRADER_FAULT for part in submission.parts)


def _part(part: PartResult) -> dict[str, object]:
    fault = part.status is Status.GRADER_FAULT
    return {
        "id": part.id,
        "status": part.status.value,
        "points": None if fault else _given(part.points, part.max_points),
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
