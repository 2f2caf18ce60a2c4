"""The statements of an assignment: one page of HTML that needs nothing else, and Markdown."""

from __future__ import annotations

from pathlib import Path

from grader import messages
from grader.messages.text import counted
from grader.release.sheets import PartSheet, Sheet
from grader.report.pages import page_of

HTML, MARKDOWN = "statement.html", "statement.md"
_TEMPLATE = Path(__file__).parent / "templates" / HTML


def html(sheet: Sheet) -> bytes:
    """Return the page, in the look of the reports: no script, nothing from elsewhere."""
    return page_of(_TEMPLATE, sheet=sheet, worth=worth, whole=counted(sheet.points, "point"))


def markdown(sheet: Sheet) -> bytes:
    """Return the same as Markdown with $formulas$."""
    blocks = [f"# {sheet.title}", _facts(sheet), sheet.statement]
    for problem in sheet.problems:
        blocks += [f"## {problem.title}", problem.statement]
        for part in problem.parts:
            blocks += [f"### {part.title} ({worth(part)})", part.statement]
            said = " ".join([*part.hand_in, part.judged])
            blocks.append(f"*{part.id}.* {said}")
    return ("\n\n".join(block.strip() for block in blocks if block.strip()) + "\n").encode()


def _facts(sheet: Sheet) -> str:
    whose = f", for {sheet.student}" if sheet.student else ""
    return f"{counted(sheet.points, 'point')}{whose}"


def worth(part: PartSheet) -> str:
    """Return what a part is worth, in words."""
    if not part.points:
        return messages.release.NO_POINTS
    words = counted(part.points, "point")
    return f"{words}, {messages.release.BONUS}" if part.bonus else words
