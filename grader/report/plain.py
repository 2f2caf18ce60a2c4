"""A verdict as plain text: what a student reads on a terminal and in a failure of pytest."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from grader.messages.notebooks import place
from grader.messages.text import points_text
from grader.records import CaseReport, Check, PartResult, Status
from grader.report.words import STATUS_WORDS

WIDTH = 96
_SHOWN_CASES = 3


def part_text(
    result: PartResult, *, width: int = WIDTH, words: Mapping[Status, str] = STATUS_WORDS
) -> str:
    """Return what a student is told about a part: the diagnosis first, then the cases behind it.

    Sentences are wrapped at `width`; code and numbers stay as they are, to be copied.
    """
    marks = f"{points_text(result.points)} of {points_text(result.max_points)}"
    lines = [f"{result.id}: {words[result.status]}, {marks}"]
    lines += _wrapped(result.summary, width)
    if result.failure is not None and result.status is not Status.MISSING:
        for frame in result.failure.frames:
            lines.append(f"  {place(frame.file, frame.line, frame.cell)}, in {frame.function}")
            lines += [f"      {frame.text.strip()}"] if frame.text.strip() else []
    if result.hint:
        lines += _wrapped(f"Hint: {' '.join(result.hint.split())}", width)
    if result.status not in {Status.CORRECT, Status.MISSING}:
        lines += [line for check in result.checks for line in _check(check, words)]
        wrong = [case for case in result.visible if not case.right]
        shown = (_case(case, result.summary, width) for case in wrong[:_SHOWN_CASES])
        lines += [line for case in shown for line in case]
        lines += _counts(result)
    return "\n".join(lines)


def _wrapped(text: str, width: int) -> list[str]:
    # Names of parts and files are not torn apart at their hyphens.
    return textwrap.wrap(
        text, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
    )


def _check(check: Check, words: Mapping[Status, str]) -> list[str]:
    marks = f"{points_text(check.points)} of {points_text(check.max_points)}"
    return [f"  - {check.name}: {words[check.status]} ({marks})"]


def _case(case: CaseReport, said: str, width: int) -> list[str]:
    lines = ["", *textwrap.indent(case.call, "  >>> ").splitlines()]
    for label, text in (("returned", case.observed), ("expected", case.expected)):
        if text:
            first, *rest = text.splitlines()
            lines.append(f"  {label}  {first}")
            lines += [f"            {line}" for line in rest]
    if case.worst_index:
        where = f"{case.observed_there} where {case.expected_there} was expected"
        lines.append(f"  farthest off: {case.worst_index}: {where}")
    elif case.message and not case.observed and case.message != said:
        lines += _wrapped(case.message, width)
    return lines


def _counts(result: PartResult) -> list[str]:
    hidden = result.cases_total - len(result.visible)
    if result.checks or hidden <= 0 or not result.visible:
        return []
    right = result.cases_right - sum(case.right for case in result.visible)
    return ["", f"  Hidden cases: {right} of {hidden} right."]
