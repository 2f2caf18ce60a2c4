"""Sentences of the reports themselves: how points came about, what was cut."""

from __future__ import annotations

from fractions import Fraction

from grader.messages.text import counted, points_text

FULL = "Everything that was asked is there, so the part has its full points."
SHARES = "The points are the sum of these shares."
BY_A_PERSON = "A person reads this part and gives its points."
OPEN_FAULT = "The grader itself failed here. The points are open, and nobody has lost them."
NOT_GRADED = "The points are open until the part is graded."
SAME_ERROR = "It was stopped by the same error as:"
BONUS = "A bonus: its points come on top of the assignment's total."
ON_TOP = "A bonus that is left out costs nothing."


def all_or_nothing(right: int, total: int) -> str:
    """Return the sentence for cases whose points are given for all of them together."""
    return f"The points are given when all {total} cases are right; {right} of them are."


def mistake_credit(points: Fraction, max_points: Fraction) -> str:
    """Return the sentence for a known mistake, and what it still earns."""
    if not points:
        return "This is a known mistake, and it earns no points."
    return (
        f"This is a known mistake; it still earns {points_text(points)} of "
        f"{counted(max_points, 'point')}."
    )


def too_long(characters: int) -> str:
    """Return the note about a text that a page has only the beginning of."""
    return f"Cut here: the whole text has {characters} characters. grader check prints all of it."


def lines_left_out(number: int) -> str:
    """Return the note about lines of code that are not in an excerpt."""
    return f"{counted(number, 'line')} left out here; the whole file is at the end of the page."


def shortened_array(shape: tuple[int, ...], at: str) -> str:
    """Return the caption of a table that shows a part of an array."""
    size = " \N{MULTIPLICATION SIGN} ".join(map(str, shape))
    if at:
        return f"From the array of {size} entries: {at}, around the wrong entries."
    return f"From the array of {size} entries: around the wrong entries."
