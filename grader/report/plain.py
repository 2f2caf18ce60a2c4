"""A verdict as plain text: what a student reads on a terminal and in a failure of pytest."""

from __future__ import annotations

import textwrap

from grader.messages.text import points_text
from grader.records import CaseReport, Check, PartResult, Status
from grader.report.words import STATUS_WORDS

WIDTH = 96
_SHOWN_CASES = 3


def part_text(result: PartResult) -> str:
    """Return what a student is told about a part: the diagnosis first, then the cases behind it."""
    marks = f"{points_text(result.points)} of {points_text(result.max_points)}"
    lines = [f"{result.id}: {STATUS_WORDS[result.status]}, {marks}"]
    lines += _wrapped(result.summary)
    if result.failure is not None and result.status is not Status.MISSING:
        for frame in result.failure.frames:
            lines.append(f"  {frame.file}, line {frame.line}, in {frame.function}")
            lines += [f"      {frame.text.strip()}"] if frame.text.strip() else []
    if result.hint:
        lines += _wrapped(f"Hint: {' '.join(result.hint.split())}")
    if result.status not in {Status.CORRECT, Status.MISSING}:
        lines += [line for check in result.checks for line in _check(check)]
        wrong = [case for case in result.visible if not case.right]
        lines += [line for case in wrong[:_SHOWN_CASES] for line in _case(case, result.summary)]
        lines += _counts(result)
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    # Names of parts and files are not torn apart at their hyphens.
    return textwrap.wrap(
        text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
    )


def _check(check: Check) -> list[str]:
    marks = f"{points_text(check.points)} of {points_text(check.max_points)}"
    return [f"  - {check.name}: {STATUS_WORDS[check.status]} ({marks})"]


def _case(case: CaseReport, said: str) -> list[str]:
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
        lines += _wrapped(case.message)
    return lines


def _counts(result: PartResult) -> list[str]:
    hidden = result.cases_total - len(result.visible)
    if result.checks or hidden <= 0 or not result.visible:
        return []
    right = result.cases_right - sum(case.right for case in result.visible)
    return ["", f"  Hidden cases: {right} of {hidden} right."]
