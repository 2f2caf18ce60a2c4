"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import release

from .catalogue import Sentence, check

COMMANDS = """\
## Commands

With the grader installed, run these in this folder. Nothing is sent anywhere.

    grader check            # everything
    grader check q3         # one problem
    grader check --watch    # again, whenever you save

`self-check.json` holds the cases that `grader check` tries; nothing in it is for you to change.
What is asked stands in `statement.html`, and the same in `statement.md`.
"""

SENTENCES: Sequence[Sentence] = [
    ("handed_in", ({},), {}, "Handed in; judged when it is graded."),
    (
        "handed_in",
        ({"q2-time": "2n", "q2-memory": "n²"},),
        {},
        "Handed in; judged when it is graded. Read: q2-time as 2n; q2-memory as n².",
    ),
    (
        "not_callable",
        ("f", "solution.py"),
        {},
        "f in solution.py cannot be called; expected a function or a class.",
    ),
    ("expression", (["n"],), {}, "an expression in n"),
    ("order", (["T", "d"],), {}, "an order in T and d, written O(…)"),
    ("condition", (["n", "m"],), {}, "a comparison of n and m, with <, <=, > or >="),
    ("number", (), {}, "a number"),
    ("number", (0.0, 100.0), {}, "a number from 0 to 100"),
    ("numbers", (3,), {}, "3 numbers in order, as a list"),
    ("share", (), {}, "a share, such as 0.25 or 25 %"),
    ("choice", (["yes", "no"],), {}, "yes or no"),
    ("choice", (["a", "b", "c"],), {}, "one of a, b, c"),
    ("optional", ("a text",), {}, "a text; it may stay empty"),
    ("or_file", ("a text", ["q1*.pdf", "q1*.md"]), {}, "a text, or a file: q1*.pdf, q1*.md"),
    ("listed", ([],), {}, ""),
    ("listed", (["a", "b", "c"],), {}, "a, b and c"),
    ("comment", ("One derivative", "an order in T"), {}, "One derivative: an order in T."),
    ("comment", ("How I worked.", "a text"), {}, "How I worked: a text."),
    ("comment", ("How many?", "a number"), {}, "How many? Expected: a number."),
    ("write_code", (["f", "g"], "solution.py"), {}, "Write `f` and `g` in `solution.py`."),
    ("write_code", ([], "solution.py"), {}, "Write it in `solution.py`."),
    (
        "write_answer",
        ("q1-why", "a text"),
        {},
        "Answer under `q1-why` in `answers.yaml`: a text.",
    ),
    (
        "hand_in_files",
        (["q1*.pdf"], "q1"),
        {},
        "Hand in a file (`q1*.pdf`), or a text under `q1` in `answers.yaml`.",
    ),
    ("commands", ("q3",), {}, COMMANDS),
    (
        "first_page",
        ("Doubling",),
        {},
        "# Doubling\n\nThis folder is what you start from and what you hand in.\n",
    ),
]

FIXED: Mapping[str, str] = {
    "THERE": "There; it is judged when it is graded.",
    "NOT_FOLLOWED": (
        "Wrong quantities behind it are not judged here; graded, what follows from your own keeps "
        "its credit."
    ),
    "WAITS_FOR_EARLIER": "Not judged here: it may follow from an earlier one that is wrong.",
    "TEXT": "a text",
    "YES": "yes",
    "SHEET": (
        "Your written answers. Write each one behind the colon of its key; what stays empty counts "
        "as not answered. Longer texts stand below the key, after a vertical bar, with two spaces "
        "before each line."
    ),
    "BY_ITSELF": "It is checked automatically.",
    "BY_PERSON": "A person reads it.",
    "PARTLY_BY_PERSON": "Known answers are judged automatically; a person reads any other.",
    "NO_POINTS": "no points",
    "BONUS": "extra",
}


def test_every_sentence_is_as_written() -> None:
    check(release, SENTENCES, FIXED)
