"""GitHub Classroom: the `result` of a grading step, base64 of JSON, for its grading reporter.

Read by https://github.com/github-education-resources/autograding-grading-reporter: it adds up the
`score` of all `tests` and sets them against `max_score`.

A part that waits for a person, or is not graded for another reason, stands in neither, so the grade
there is that of the parts that were graded.  The step that reports gets the result through an
environment variable, of which Linux allows 128 KiB: long messages give way first.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

from grader import messages
from grader.records import AssignmentReport, Status, SubmissionResult
from grader.report.exports.feedback import plain, sentence
from grader.report.exports.request import Document, Export, Exported
from grader.report.exports.rows import (
    PartRow,
    Row,
    Standing,
    came,
    named,
    number,
    one_line,
    rows,
)
from grader.report.words import waiting

FILE = "classroom.txt"
MOST_BYTES = 100_000
_LENGTHS = (8000, 2000, 400, 80, 0)
_ERRORS = frozenset({Status.CRASHED, Status.TIMED_OUT, Status.OUT_OF_MEMORY})


def classroom(report: AssignmentReport, _export: Export) -> Exported:
    """Return the result of one submission."""
    (row,) = rows(report)
    graded = [part for part in row.parts if part.standing is Standing.GRADED and not part.spare]
    faults = [part.outline.id for part in row.parts if part.standing is Standing.FAULT]
    maximum = sum((p.result.max_points for p in graded if not p.outline.bonus), Fraction(0))
    counted = [part for part in graded if part.result.max_points and not part.outline.bonus]
    right = all(part.result.status is Status.CORRECT for part in counted)
    document: dict[str, object] = {
        "version": 3,
        "status": "error" if faults else "pass" if right else "fail",
        "max_score": number(maximum),
    }
    taken = _taken_off(row, graded)
    said = list(came(report, row))
    said += [f"{waiting(row.submission.pending)}."] if row.submission.pending else []
    said += [messages.exports.FAULT] if faults else []
    if said:
        document["message"] = " ".join(said)
    for longest in _LENGTHS:
        # The reporter divides by the number of tests, so there is always one.
        tests = [_test(part, longest, row.submission) for part in graded] or [_nothing(document)]
        tests += [_late(taken, report, row)] if taken else []
        text = json.dumps({**document, "tests": tests}, allow_nan=False)
        content = base64.b64encode(text.encode("ascii"))
        if len(content) <= MOST_BYTES:
            break
    notes = (f"the grader failed on {named(faults)}; left out of the result",) if faults else ()
    return Exported((Document(FILE, content + b"\n"),), notes)


def _taken_off(row: Row, graded: Sequence[PartRow]) -> Fraction:
    """Return what lateness costs, never less than it does: hundredths are filled up.

    The reporter adds up what stands beside the parts, which is cut to hundredths.
    """
    if row.score is None:
        return Fraction(0)
    shown = sum((Fraction(str(number(part.result.points))) for part in graded), Fraction(0))
    return min(shown, Fraction(ceil(row.submission.deducted * 100), 100))


def _late(taken: Fraction, report: AssignmentReport, row: Row) -> Mapping[str, object]:
    """Return the test that takes points off: the grade there is the sum of all tests."""
    return {
        "name": "Lateness",
        "status": "fail",
        "score": -float(taken),
        "max_score": 0,
        "test_code": "",
        "task_id": "lateness",
        "filename": "",
        "line_no": 0,
        "duration": 0,
        "message": came(report, row)[0],
    }


def _test(part: PartRow, longest: int, submission: SubmissionResult) -> Mapping[str, object]:
    result = part.result
    status = "error" if result.status in _ERRORS else "fail"
    status = "pass" if result.status is Status.CORRECT else status
    frames = result.failure.frames if result.failure else ()
    file, line = submission.file_of(part.outline.file), 0
    if frames:  # a line of a cell is none of the notebook's file
        file, line = frames[-1].file, 0 if frames[-1].cell else frames[-1].line
    test: dict[str, object] = {
        "name": one_line(part.outline.title or part.outline.id)[:200],
        "status": status,
        "score": number(result.points),
        "max_score": number(result.max_points),
        "test_code": "",
        "task_id": part.outline.id,
        "filename": file,
        "line_no": line,
        "duration": round(result.wall_s, 3),
    }
    if status != "pass" and longest:
        said = plain(part)
        test["message"] = said if len(said) <= longest else one_line(sentence(part))[:longest]
    return test


def _nothing(document: Mapping[str, object]) -> Mapping[str, object]:
    return {"name": "Nothing graded yet", "status": document["status"], "score": 0}
