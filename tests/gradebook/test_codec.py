from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook import codec
from grader.records import (
    AssignmentOutline,
    CaseReport,
    Check,
    Failure,
    Frame,
    PartOutline,
    PartResult,
    ProblemOutline,
    ProblemResult,
    Status,
    SubmissionResult,
)

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POINTS = st.fractions()
FRAMES = st.builds(Frame)
FAILURES = st.builds(Failure, frames=st.lists(FRAMES, max_size=2).map(tuple))
CASES = st.builds(CaseReport)
CHECKS = st.builds(Check, points=POINTS, max_points=POINTS)
PARTS = st.builds(
    PartResult,
    points=POINTS,
    max_points=POINTS,
    mistake=st.none() | st.text(),
    hint=st.text(),
    visible=st.lists(CASES, max_size=2).map(tuple),
    checks=st.lists(CHECKS, max_size=2).map(tuple),
    failure=st.none() | FAILURES,
    answers=st.dictionaries(st.text(), st.text(), max_size=2),
    wall_s=NUMBERS,
)
PROBLEMS = st.builds(ProblemResult, parts=st.lists(PARTS, max_size=2).map(tuple))
SUBMISSIONS = st.builds(
    SubmissionResult,
    problems=st.lists(PROBLEMS, max_size=2).map(tuple),
    notes=st.lists(st.text(), max_size=2).map(tuple),
    sources=st.dictionaries(st.text(), st.text(), max_size=2),
    output_kib=NUMBERS,
    wall_s=NUMBERS,
)
PART_OUTLINES = st.builds(PartOutline, max_points=POINTS)
PROBLEM_OUTLINES = st.builds(ProblemOutline, parts=st.lists(PART_OUTLINES, max_size=2).map(tuple))
OUTLINES = st.builds(
    AssignmentOutline,
    max_points=POINTS,
    problems=st.lists(PROBLEM_OUTLINES, max_size=2).map(tuple),
)


@given(st.one_of(CASES, CHECKS, FAILURES, PARTS, PROBLEMS, SUBMISSIONS, OUTLINES))
def test_a_record_comes_back_as_it_was(record: Any) -> None:
    assert codec.load(codec.dump(record), type(record)) == record


@given(PARTS)
def test_points_are_exact(part: PartResult) -> None:
    text = json.loads(codec.dump(part))["points"]
    assert Fraction(text) == part.points


@given(st.dictionaries(st.text(), st.text()))
def test_the_same_record_gives_the_same_bytes(answers: dict[str, str]) -> None:
    part = PartResult("a", Status.WRONG, Fraction(0), Fraction(1), "", answers=answers)
    turned = PartResult(
        "a", Status.WRONG, Fraction(0), Fraction(1), "", answers=dict(reversed(answers.items()))
    )
    assert codec.dump(part) == codec.dump(turned)


@given(st.text(st.characters()), st.text(st.characters(categories=["Cs", "Lu"])))
def test_any_text_can_be_stored_even_halves_of_characters(key: str, value: str) -> None:
    result = SubmissionResult("a", "b", (), (value,), {key + value: value})
    found = codec.load(codec.dump(result), SubmissionResult)
    stored = codec.storable_text(value)
    assert (found.notes, list(found.sources.values())) == ((stored,), [stored])


def test_half_a_character_is_spelled_out() -> None:
    assert codec.storable_text("a\ud800é") == "a\\ud800é"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"name":"a","status":"splendid","points":"0","max_points":"1"}',
        b'{"name":"a","status":"wrong","points":"zero","max_points":"1"}',
        b'{"name":"a","status":"wrong","points":"1/0","max_points":"1"}',
        b'{"name":"a","status":"wrong","points":[],"max_points":"1"}',
        b'{"name":5,"status":"wrong","points":"0","max_points":"1"}',
    ],
)
def test_what_is_no_record_of_the_kind_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (the words are the library's)
        codec.load(text, Check)


def test_what_cannot_be_stored_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        codec.dump(object())


@given(PROBLEMS | SUBMISSIONS, st.data())
def test_a_byte_that_was_changed_is_noticed(record: Any, data: st.DataObject) -> None:
    written = codec.dump(record)
    assert codec.sound(written)
    place = data.draw(st.integers(0, len(written) - 1))
    changed = bytearray(written)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match=r"checksum|JSON|malformed|invalid"):
        codec.load(bytes(changed), type(record))


def test_a_text_without_a_checksum_is_as_good_as_its_json() -> None:
    older = codec.dump(Fraction(1, 3)).rstrip()
    assert older == b'"1/3"'
    assert codec.load(older, Fraction) == Fraction(1, 3)


def test_what_is_no_text_is_not_sound() -> None:
    assert [codec.sound(each) for each in (None, 3, "{}", b"{}", b"{} \t")] == [
        *(False, False, True, True, False)
    ]
