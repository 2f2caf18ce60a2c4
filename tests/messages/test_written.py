"""The sentences of this topic, to the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.messages import written

from .catalogue import Sentence, check

SENTENCES: Sequence[Sentence] = [
    ("unanswered", (["a-b", "a-c"],), {}, "answers.yaml has no answer for a-b, a-c."),
    ("number_expected", ("a-b", "six"), {}, "a-b: expected a number, found 'six'."),
    (
        "number_between",
        ("a-b", "101", 0.0, 100.0),
        {},
        "a-b: expected a number from 0 to 100, found 101.",
    ),
    ("choice", ("a", "x", ("yes", "no")), {}, "a: expected one of yes, no; found 'x'."),
    ("must_be_true", (["a-b"],), {}, "a-b has to be true."),
    ("handed_in", (["q1.pdf", "q1.md"], "q1"), {}, "Handed in: q1.pdf, q1.md."),
    ("handed_in", ([], "q1"), {}, "Handed in: the text under q1 in answers.yaml."),
    (
        "nothing_handed_in",
        ("q1", ["q1.*"]),
        {},
        "Nothing handed in; expected a file (q1.*) or text under q1 in answers.yaml.",
    ),
    (
        "nothing_handed_in",
        ("q1", []),
        {},
        "Nothing handed in; expected text under q1 in answers.yaml.",
    ),
]
CONSTANTS: Mapping[str, str] = {
    "SURVEY_DONE": ("Answered; thank you."),
    "DECLARED": ("Declared."),
    "WAITS": ("Waits for a person to review it."),
    "REVIEWED": ("Reviewed."),
}


def test_every_sentence_reads_like_this() -> None:
    check(written, SENTENCES, CONSTANTS)
