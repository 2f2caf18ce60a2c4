"""The table of a hunt, as Markdown: made anew between its markers, the rest of the page is kept."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from grader.errors import UsageError
from grader.grading.mutants.hunt import Bag, Fate
from grader.grading.mutants.operators import OPERATORS

COLUMNS = ("mutants", "killed", "equivalent", "excused", "survivors")


def rows(bag: Bag) -> list[tuple[str, tuple[int, ...]]]:
    """Return a row for each part, with the numbers of `COLUMNS`, and one for all of them."""
    found = [(part, _row(fates)) for part, fates in bag.fates().items()]
    total = tuple(sum(column) for column in zip(*(row for _, row in found), strict=True))
    return [*found, ("all", total)] if found else []


def _row(fates: dict[Fate, int]) -> tuple[int, ...]:
    left = fates[Fate.SURVIVED] + fates[Fate.FAULT]
    known = (fates[Fate.KILLED], fates[Fate.EQUIVALENT], fates[Fate.EXCUSED])
    return (sum(fates.values()), *known, left)


def page(text: str, found: Sequence[tuple[str, Bag]], day: datetime.date) -> str:
    """Return a page with the tables of these assignments, and that of the operators, made anew.

    Raises UsageError for a page without a place for one of them.
    """
    for name, bag in found:
        lines = [
            f"| {name}, {day.isoformat()} | {' | '.join(COLUMNS)} |",
            f"|---|{'---:|' * len(COLUMNS)}",
            *(f"| {part} | {' | '.join(map(str, row))} |" for part, row in rows(bag)),
        ]
        if bag.not_run:
            functions = ", ".join(f"`{each}`" for each in bag.not_run)
            lines += ["", f"Left alone, since no part runs them: {functions}."]
        text = _placed(text, name, lines)
    lines = ["| operator | the slip |", "|---|---|"]
    lines += [f"| `{each.name}` | {_cell(each.says)} |" for each in OPERATORS]
    return _placed(text, "operators", lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def _placed(text: str, name: str, lines: Sequence[str]) -> str:
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    table = "\n".join([begin, "", *lines, "", end])
    between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    new, count = between.subn(lambda _: table, text)
    if count != 1:
        raise UsageError(f"the page has no place for {name}: expected {begin} and {end}, once")
    return new
