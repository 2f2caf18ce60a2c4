from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.answers import Answers, read


def _read(text: str | bytes) -> Answers:
    return read({"answers.yaml": text.encode() if isinstance(text, str) else text})


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("", {}),
        ("# nothing yet", {}),
        ("q1: yes", {"q1": True}),
        ("debrief-hours: 7.5\ndebrief-alone: no", {"debrief-hours": 7.5, "debrief-alone": False}),
        ("debrief: {hours: 7, deep: {er: 1}}", {"debrief-hours": 7, "debrief-deep-er": 1}),
        ("debrief:\n  hours: 7\ndebrief-alone: x", {"debrief-hours": 7, "debrief-alone": "x"}),
        ("q1: [1, {a: 2}]", {"q1": [1, {"a": 2}]}),
        ("q1: {}", {}),
        ("q1:", {"q1": None}),
        ("date: 2024-01-31\ntime: 1:30", {"date": "2024-01-31", "time": "1:30"}),
        ("1: a\n2: {3: b}", {"1": "a", "2-3": "b"}),
        ("\ufeffq1: a", {"q1": "a"}),
    ],
)
def test_answers_are_read_flat(text: str, given: dict[str, Any]) -> None:
    assert _read(text) == Answers(given)


def test_without_the_file_there_are_no_answers() -> None:
    assert read({"solution.py": b""}) == Answers()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a", "answers.yaml cannot be read: expected lines of the form key: answer."),
        ("just words", "answers.yaml cannot be read: expected lines of the form key: answer."),
        (
            "a: 1\nb: *a",
            ("answers.yaml cannot be read: line 2: the alias *a is not accepted; write the value "
            "out."),
        ),
        ("a: 1\na: 2", "answers.yaml cannot be read: line 2: the key 'a' stands twice."),
        ("a: {b: 1}\na-b: 2", "answers.yaml cannot be read: there are two answers for a-b."),
        (
            "a: b: c",
            "answers.yaml cannot be read: line 1: not YAML: mapping values are not allowed here.",
        ),
        (b"a: 1\nb: \xff", "answers.yaml cannot be read: line 2: not UTF-8: byte 0xff."),
        ("[" * 10_000, "answers.yaml cannot be read: line 1: nested more than 40 levels deep."),
        ("a: !!int ''", ("answers.yaml cannot be read: line 1: the tag !!int is not accepted; "
         "leave it out, and put text in quotes.")),
        (b"a: " + b"x" * (2 << 20), "answers.yaml cannot be read: line 1: larger than 1024 KiB."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(text: str | bytes, problem: str) -> None:
    assert _read(text) == Answers(problem=problem)


@given(st.binary())
def test_any_bytes_give_answers_or_a_problem(raw: bytes) -> None:
    found = _read(raw)
    assert not (found.given and found.problem)
