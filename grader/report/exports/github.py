"""GitHub: the Markdown for $GITHUB_STEP_SUMMARY, and `::error` lines that mark the code.

Rules: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions and the
runner's ActionCommand.cs.  A summary holds 1 MiB, a step shows ten annotations of each kind.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from grader import messages
from grader.messages.text import points_text
from grader.records import AssignmentReport, Status
from grader.report.exports.feedback import plain, sentence
from grader.report.exports.markup import escaped, preformatted
from grader.report.exports.request import Document, Export, Exported
from grader.report.exports.rows import PartRow, Row, Standing, came, dated, one_line, rows
from grader.report.words import STATUS_WORDS, UNCONFINED, waiting

SUMMARY, ANNOTATIONS = "summary.md", "annotations.txt"
MOST = 10
_LONGEST = 2000
_STANDING = {
    Standing.GRADED: "graded",
    Standing.WAITING: "waits for review",
    Standing.UNGRADED: "not graded yet",
    Standing.FAULT: "fault of the grader",
}


def summary(report: AssignmentReport, export: Export) -> Exported:
    """Return the summary of a step: a table of the class, or all that is told to one student."""
    found = rows(report)
    blocks = _one(report, found[0]) if len(found) == 1 else _all(report, found)
    text, whole = _within(blocks, export.room)
    notes = () if whole else ("the summary was cut: GitHub shows at most 1 MiB for a step",)
    return Exported((Document(SUMMARY, text),), notes)


def _all(report: AssignmentReport, found: Sequence[Row]) -> Iterator[str]:
    yield f"## {escaped(report.outline.title)}\n\n"
    if report.unconfined:
        yield f"{UNCONFINED}\n\n"
    late = dated(found)
    head, rule = (" late |", "---|") if late else ("", "")
    yield f"| submission | score | waiting | standing |{head}\n|---|---:|---:|---|{rule}\n"
    for row in found:
        score = "" if row.score is None else points_text(row.score)
        pending = points_text(row.submission.pending) if row.submission.pending else ""
        lateness = f" {_lateness(row)} |" if late else ""
        standing = _STANDING[row.standing]
        yield f"| {escaped(row.id)} | {score} | {pending} | {standing} |{lateness}\n"
    yield f"\nScores are out of {points_text(report.outline.max_points)}.\n"


def _lateness(row: Row) -> str:
    late = row.submission.lateness
    return "" if late is None else messages.dates.briefly(row.submission.earned, late)


def _one(report: AssignmentReport, row: Row) -> Iterator[str]:
    yield f"## {escaped(report.outline.title)}: {escaped(row.id)}\n\n"
    if report.unconfined:
        yield f"{UNCONFINED}\n\n"
    yield f"**{_score(report, row)}**\n\n"
    for says in came(report, row):
        yield f"{escaped(says)}\n\n"
    yield "| part | points | result | what was found |\n|---|---:|---|---|\n"
    for part in row.parts:
        status = STATUS_WORDS[part.result.status]
        found = escaped(sentence(part))
        yield f"| {escaped(part.outline.id)} | {_marks(part)} | {status} | {found} |\n"
    for part in row.parts:
        told_above = part.result.status in {Status.CORRECT, Status.MISSING}
        if part.standing is Standing.GRADED and not told_above:
            title = html.escape(one_line(part.outline.title), quote=False)
            yield (
                f"\n<details><summary>{title}</summary>\n\n{preformatted(plain(part))}\n\n"
                "</details>\n"
            )


def _score(report: AssignmentReport, row: Row) -> str:
    maximum = points_text(report.outline.max_points)
    if row.score is None:
        return f"The score is not known yet, out of {maximum}."
    pending = f"; {waiting(row.submission.pending)}" if row.submission.pending else ""
    brief = _lateness(row)
    lateness = f" ({brief})" if brief else ""
    return f"{points_text(row.score)} of {maximum}{lateness}{pending}."


def _marks(part: PartRow) -> str:
    known = "?" if part.points is None else points_text(part.points)
    return f"{known} of {points_text(part.result.max_points)}"


def _within(blocks: Iterable[str], room: int) -> tuple[bytes, bool]:
    """Return as many whole blocks as there is room for, and whether that is all of them."""
    end = f"\n\n{messages.exports.SUMMARY_CUT}\n".encode()
    text = bytearray()
    fits = 0  # bytes after which the closing sentence would still have room
    for block in blocks:
        text += block.encode("utf-8", "backslashreplace")
        if len(text) > room:
            return bytes(text[:fits]) + (end if len(end) + fits <= room else b""), False
        if len(text) + len(end) <= room:
            fits = len(text)
    return bytes(text), True


def commands(report: AssignmentReport, export: Export) -> Exported:
    """Return workflow commands for one submission, the dearest errors first."""
    (row,) = rows(report)
    lost = sorted((p for p in row.parts if p.lost > 0), key=lambda part: -part.lost)
    errors = [part for part in lost if part.points == 0]
    warnings = [part for part in lost if part.points != 0]
    lines = [f"::notice title=Grade::{_data(_score(report, row))}"]
    for command, parts in (("error", errors), ("warning", warnings)):
        shown = parts if len(parts) <= MOST else parts[: MOST - 1]
        lines += [_annotation(command, row, part, export.folder) for part in shown]
        rest = [one_line(part.outline.id) for part in parts[len(shown) :]]
        if rest:
            lines.append(f"::{command} title=More::{_data(messages.exports.more_parts(rest))}")
    faults = [part for part in row.parts if part.standing is Standing.FAULT]
    lines += [_annotation("notice", row, part, "") for part in faults[: MOST - 1]]
    text = "".join(f"{line}\n" for line in lines)
    return Exported((Document(ANNOTATIONS, text.encode("utf-8", "backslashreplace")),))


def _annotation(command: str, row: Row, part: PartRow, folder: str) -> str:
    properties = {}
    failure = part.result.failure
    frame = failure.frames[-1] if failure and failure.frames else None
    file = frame.file if frame else row.submission.file_of(part.outline.file)
    if file in row.submission.sources and part.standing is Standing.GRADED:
        properties["file"] = str(PurePosixPath(folder, file))
        if frame and not frame.cell:  # a line of a cell is none of the notebook's file
            properties["line"] = str(frame.line)
    status = STATUS_WORDS[part.result.status]
    properties["title"] = f"{one_line(part.outline.id)}: {status}"
    about = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {about}::{_data(sentence(part)[:_LONGEST])}"


def _data(text: str) -> str:
    line = one_line(text)
    return line.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    line = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return line.replace(":", "%3A").replace(",", "%2C")
