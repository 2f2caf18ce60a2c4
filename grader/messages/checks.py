"""Sentences of a student's own check."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from grader.messages.text import counted, listed

NOT_THERE_YET = "not there yet"
LATER = "judged when graded"
PRINTED = "Your code printed:"
PRINTED_MORE = "..."
WATCHING = "Watching this folder; save a file to check it again, press Ctrl-C to stop."
UNCHANGED = "Nothing that is checked has changed."


def same_as(part: str) -> str:
    """Return what stands for a part that fails for the same reason as one before it."""
    return f"the same as {part}"


def tally(right: int, total: int, points: Fraction) -> str:
    """Return how many parts are right."""
    are = "is" if right == 1 else "are"
    return (
        f"{right} of {counted(total, 'part')} {are} right on the visible cases "
        f"({counted(points, 'point')})."
    )


def others(not_right: int, missing: int, person: int, later: int) -> str:
    """Return what the parts are that are not right; an empty string if there are none."""
    told = [
        f"{number} {says}"
        for number, says in (
            (not_right, "not right"),
            (missing, NOT_THERE_YET),
            (person, "for a person to judge"),
            (later, LATER),
        )
        if number
    ]
    return f"The others: {', '.join(told)}." if told else ""


def look_first(part: str, dependents: Sequence[str]) -> str:
    """Return which part to look at first, and what builds on it."""
    builds = "builds" if len(dependents) == 1 else "build"
    why = f" ({listed(dependents)} {builds} on it)" if dependents else ""
    return f"Look first at: {part}{why}"


def look_first_at_file(file: str) -> str:
    """Return what to look at first if a file cannot be imported."""
    return f"Look first at: {file}, which cannot be imported"


def look_then(parts: Sequence[str]) -> str:
    """Return what to look at afterwards."""
    return f"Then at: {', '.join(parts)}"


def try_it(file: str) -> str:
    """Return how to try a line that reproduces a case; `file` may be a notebook."""
    if file.endswith(".ipynb"):
        return f"To try a line behind >>> yourself, put it into a new cell of {file}"
    return f"To try a line behind >>> yourself: python -i {file}"


def changed(files: Sequence[str]) -> str:
    """Return which files were saved."""
    return f"{listed(files)} changed"


def broken(file: str, why: str) -> str:
    """Return the sentence for a file that is no Python at the moment."""
    return f"{file} cannot be read yet: {why}. The parts in it wait for the next save."


def became(part: str, now: str, before: str) -> str:
    """Return the line for a part whose verdict is another than before."""
    return f"{part}: {now} (was {before})"


def still(part: str, now: str) -> str:
    """Return the line for a part that ran again with the same verdict."""
    return f"{part}: still {now}"
