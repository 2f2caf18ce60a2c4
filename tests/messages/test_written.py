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
    (
        "other_file",
        ("answers.yml", "answers.yaml"),
        {},
        "The answers were read from answers.yml; the file should be called answers.yaml.",
    ),
    (
        "read_by_lines",
        ("answers.yaml", 3, "not YAML: found a tab"),
        {},
        (
            "answers.yaml is not quite YAML; the answers in it were read line by line. It stumbles "
            "over line 3: not YAML: found a tab. Write a space behind the colon of a key, and a "
            "sentence with a colon, a quote or a sign at its beginning on a line of its own, with "
            "two spaces before it, under key: >-"
        ),
    ),
    (
        "answered_twice",
        ("q1",),
        {},
        "There are two answers for q1, and they differ; neither was judged. Delete one.",
    ),
    ("differing", (["a", "b"],), {}, "different answers: a; b"),
    (
        "unknown_key",
        ("p1-polices", "p1-policies"),
        {},
        "No part is called p1-polices, as in answers.yaml; was p1-policies meant?",
    ),
]
CONSTANTS: Mapping[str, str] = {
    "SURVEY_DONE": ("Answered; thank you."),
    "DECLARED": ("Declared."),
    "WAITS": ("Waits for a person to review it."),
    "REVIEWED": ("Reviewed."),
    "KEYS_EXPECTED": "expected lines of the form key: answer",
}


def test_every_sentence_reads_like_this() -> None:
    check(written, SENTENCES, CONSTANTS)
