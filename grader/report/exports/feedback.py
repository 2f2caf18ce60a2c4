"""What a student is told about a part, as Markdown and as plain text.

Of hidden cases there are counts and the diagnosis; the gradebook holds no more of them.
"""

from __future__ import annotations

from grader import messages
from grader.messages.text import points_text
from grader.records import CaseReport, Check, Status
from grader.report.evidence import of_hidden_case
from grader.report.exports.markup import escaped, fenced
from grader.report.exports.rows import PartRow, Standing
from grader.report.plain import part_text
from grader.report.submission_page import hidden_cases
from grader.report.text import printable
from grader.report.words import STATUS_WORDS

SHOWN_CASES = 3
_OPEN = {
    Standing.FAULT: messages.exports.FAULT,
    Standing.UNGRADED: messages.exports.UNGRADED,
}


def sentence(part: PartRow) -> str:
    """Return the one sentence that says how a part went, as one line."""
    if part.standing is Standing.WAITING:
        return " ".join(part.result.summary.split()) or messages.exports.WAITS
    return _OPEN.get(part.standing) or " ".join(part.result.summary.split())


def plain(part: PartRow) -> str:
    """Return all that is told about a part, as plain text in which everything can be seen."""
    graded = part.standing is Standing.GRADED
    return printable(part_text(part.result) if graded else sentence(part))


def markdown(part: PartRow) -> str:
    """Return all that is told about a part of a submission whose score is known, as Markdown."""
    result = part.result
    blocks = [escaped(sentence(part))]
    if part.standing is Standing.WAITING:
        return _joined([*blocks, _listed(result.checks, told=False)])
    if result.status is Status.MISSING:
        return _joined(blocks)
    if result.failure is not None and not of_hidden_case(result):
        frames = [
            f"{messages.notebooks.place(frame.file, frame.line, frame.cell)}, in {frame.function}\n"
            f"    {frame.text.strip()}"
            for frame in result.failure.frames
        ]
        blocks += [fenced("\n".join(frames))] if frames else []
    blocks += [f"**Hint:** {escaped(result.hint)}"] if result.hint else []
    if result.status is not Status.CORRECT:
        blocks.append(_listed(result.checks, told=True))
        wrong = [case for case in result.visible if not case.right]
        blocks += [fenced(_case(case, result.summary)) for case in wrong[:SHOWN_CASES]]
    hidden = hidden_cases(result)
    if hidden.total and result.visible and not result.checks:
        blocks.append(messages.exports.hidden_cases(hidden.right, hidden.total))
    return _joined(blocks)


def _joined(blocks: list[str]) -> str:
    return "\n\n".join(filter(None, blocks))


def _listed(checks: tuple[Check, ...], *, told: bool) -> str:
    lines = []
    for check in checks:
        marks = f"{points_text(check.points)} of {points_text(check.max_points)}"
        given = f": {STATUS_WORDS[check.status]}, {marks}"
        if not told:
            given = f" ({points_text(check.max_points)})"
        says = f". {escaped(check.says)}" if told and check.says else ""
        lines.append(f"- {escaped(check.name)}{given}{says}")
    return "\n".join(lines)


def _case(case: CaseReport, said: str) -> str:
    lines = [f">>> {line}" for line in case.call.splitlines()]
    lines += [case.message] if case.message and case.message != said else []
    lines += [f"returned\n{case.observed}"] if case.observed else []
    lines += [f"expected\n{case.expected}"] if case.expected else []
    if case.worst_index:
        lines.append(
            f"farthest off: {case.worst_index}: {case.observed_there} where "
            f"{case.expected_there} was expected"
        )
    return "\n".join(lines)
