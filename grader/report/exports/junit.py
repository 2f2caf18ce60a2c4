"""JUnit XML for CI servers: a test suite for each submission, a test case for each part.

Rules: the schema of Jenkins' xUnit plugin (junit-10.xsd), which pytest's xunit2 family follows, and
https://docs.gitlab.com/ci/testing/unit_test_reports/ for what GitLab reads.

A wrong answer is a failure, a crash an error, and a part that waits for a person or was never
graded is skipped.  Points have no place of their own in the format: they are properties of the
suite, and the beginning of each case's output.  Characters that XML 1.0 cannot hold are spelled out
with all others that cannot be seen.
"""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

from grader.messages.text import points_text
from grader.records import AssignmentReport, Status
from grader.report.exports.feedback import plain, sentence
from grader.report.exports.request import Document, Export, Exported
from grader.report.exports.rows import PartRow, Row, Standing, came, one_line, rows

FILE = "junit.xml"

_ERRORS = frozenset({Status.CRASHED, Status.TIMED_OUT, Status.OUT_OF_MEMORY, Status.GRADER_FAULT})


def junit(report: AssignmentReport, _export: Export) -> Exported:
    """Return one XML file with all submissions."""
    suites = [_suite(report, row) for row in rows(report)]
    totals = {
        name: str(sum(int(suite.attrib[name]) for suite in suites))
        for name in ("tests", "failures", "errors")
    }
    seconds = sum(row.submission.wall_s for row in rows(report))
    root = ET.Element(
        "testsuites", {"name": one_line(report.outline.id), **totals, "time": _seconds(seconds)}
    )
    root.extend(suites)
    ET.indent(root, " ")
    xml = ET.tostring(root, encoding="unicode")
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'.encode()
    return Exported((Document(FILE, content),))


def _suite(report: AssignmentReport, row: Row) -> ET.Element:
    cases = [_case(report, row, part) for part in row.parts]
    attributes = {
        "name": one_line(f"{report.outline.id}/{row.id}"),
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
        "skipped": str(sum(case.find("skipped") is not None for case in cases)),
        "time": _seconds(row.submission.wall_s),
    }
    suite = ET.Element("testsuite", attributes)
    properties = ET.SubElement(suite, "properties")
    about = {
        "score": "" if row.score is None else points_text(row.score),
        "max_score": points_text(report.outline.max_points),
        "pending": points_text(row.submission.pending),
        "standing": row.standing.value,
    }
    if row.submission.lateness is not None:
        about["score_before_lateness"] = (
            "" if row.score is None else points_text(row.submission.earned)
        )
        about["lateness"] = " ".join(came(report, row))
    if report.unconfined:
        about["unconfined"] = "true"
    for part in row.parts:
        known = "" if part.points is None else points_text(part.points)
        about[f"points.{part.outline.id}"] = known
    for name, value in about.items():
        ET.SubElement(properties, "property", {"name": one_line(name), "value": value})
    suite.extend(cases)
    return suite


def _case(report: AssignmentReport, row: Row, part: PartRow) -> ET.Element:
    case = ET.Element(
        "testcase",
        {
            # GitLab shows this as the name of the suite, and passes over a second case with the
            # same two names.
            "classname": one_line(f"{report.outline.id}.{row.id}"),
            "name": one_line(part.outline.id),
            "time": _seconds(part.result.wall_s),
        },
    )
    kind = _kind(part)
    if kind:
        about = {"message": one_line(sentence(part))}
        if kind != "skipped":
            about = {"type": part.result.status.value, **about}
        outcome = ET.SubElement(case, kind, about)
        outcome.text = plain(part)
    if part.points is not None:
        output = ET.SubElement(case, "system-out")
        marks = f"{points_text(part.points)} of {points_text(part.result.max_points)}"
        output.text = f"points: {marks}"
    return case


def _kind(part: PartRow) -> str:
    """Return the element that says how a part ended; nothing for a part that is right."""
    if part.spare or part.standing in {Standing.WAITING, Standing.UNGRADED}:
        return "skipped"
    if part.result.status is Status.CORRECT:
        return ""
    if part.result.status is Status.SKIPPED:
        return "failure" if part.lost else "skipped"
    return "error" if part.result.status in _ERRORS else "failure"


def _seconds(seconds: float) -> str:
    return f"{seconds if math.isfinite(seconds) and seconds > 0 else 0.0:.3f}"
