"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.messages import checks

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    ("same_as", ("q3-gradient",), {}, "the same as q3-gradient"),
    (
        "tally",
        (5, 14, Fraction(43, 2)),
        {},
        "5 of 14 parts are right on the visible cases (21.5 points).",
    ),
    ("tally", (1, 1, Fraction(1)), {}, "1 of 1 part is right on the visible cases (1 point)."),
    (
        "others",
        (2, 1, 3, 4),
        {},
        "The others: 2 not right, 1 not there yet, 3 for a person to judge, 4 judged when graded.",
    ),
    ("others", (0, 0, 1, 0), {}, "The others: 1 for a person to judge."),
    ("others", (0, 0, 0, 0), {}, ""),
    ("look_first", ("q3-gradient", []), {}, "Look first at: q3-gradient"),
    (
        "look_first",
        ("q6-functions", ["q7-backward"]),
        {},
        "Look first at: q6-functions (q7-backward builds on it)",
    ),
    (
        "look_first",
        ("q6-functions", ["q7-backward", "q8"]),
        {},
        "Look first at: q6-functions (q7-backward, q8 build on it)",
    ),
    (
        "look_first_at_file",
        ("solution.py",),
        {},
        "Look first at: solution.py, which cannot be imported",
    ),
    ("look_then", (["q3", "q4"],), {}, "Then at: q3, q4"),
    (
        "try_it",
        ("solution.py",),
        {},
        "To try a line behind >>> yourself: python -i solution.py",
    ),
    (
        "try_it",
        ("solution.ipynb",),
        {},
        "To try a line behind >>> yourself, put it into a new cell of solution.ipynb",
    ),
    ("changed", (["solution.py", "answers.yaml"],), {}, "solution.py, answers.yaml changed"),
    (
        "broken",
        ("solution.py", "invalid syntax in line 3 of solution.py"),
        {},
        (
            "solution.py cannot be read yet: invalid syntax in line 3 of solution.py. The parts in "
            "it wait for the next save."
        ),
    ),
    ("became", ("q3", "right", "wrong"), {}, "q3: right (was wrong)"),
    ("still", ("q3", "wrong"), {}, "q3: still wrong"),
]

FIXED: Mapping[str, str] = {
    "NOT_THERE_YET": "not there yet",
    "LATER": "judged when graded",
    "PRINTED": "Your code printed:",
    "PRINTED_MORE": "...",
    "WATCHING": "Watching this folder; save a file to check it again, press Ctrl-C to stop.",
    "UNCHANGED": "Nothing that is checked has changed.",
}


def test_every_sentence_is_as_written() -> None:
    check(checks, SENTENCES, FIXED)
