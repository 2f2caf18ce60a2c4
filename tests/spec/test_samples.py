from __future__ import annotations

from fractions import Fraction

import pytest

from grader.records import Status
from grader.spec import samples

from .conftest import Breakable

RIGHT = """\
parts:
  twice-value: {status: wrong, points: 0, mistake: squared}
  twice-half: {status: correct, points: 1}
  essay-text: {status: pending, points: 0}
"""


def _faults(course: Breakable, text: str | bytes) -> list[str]:
    course.write("submissions/doubling/ben/expect.yaml", text)
    found = samples.check(course.load(), course.root / "submissions" / "doubling")
    return [str(fault).replace(f"{course.root}/submissions/doubling/", "") for fault in found]


def test_a_sample_that_names_every_part_has_no_fault(course: Breakable) -> None:
    assert _faults(course, RIGHT) == []


def test_what_a_sample_declares_is_read_exactly(course: Breakable) -> None:
    file = course.write(
        "submissions/doubling/ben/expect.yaml", RIGHT.replace("points: 1", "points: 1/3")
    )
    expected = samples.read(file, course.load())["twice-half"]
    assert (expected.status, expected.points) == (Status.CORRECT, Fraction(1, 3))


def test_no_samples_have_no_faults(course: Breakable) -> None:
    assert samples.check(course.load(), course.root / "nowhere") == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "twice-half:",
            "twice-haf:",
            "3: parts.twice-haf: unknown part 'twice-haf'; did you mean 'twice-half'?",
        ),
        (
            "status: correct",
            "status: corect",
            (
                "3: parts.twice-half.status: found 'corect'; expected 'correct', 'partial', "
                "'wrong', 'missing', 'crashed', 'timed_out', 'out_of_memory', 'refused', "
                "'pending', 'skipped' or 'grader_fault'; did you mean 'correct'?"
            ),
        ),
        (
            "status: correct, points: 1",
            "points: 1",
            "3: parts.twice-half.status: missing; expected a value",
        ),
        (
            "points: 1",
            "points: 3/2",
            "3: parts.twice-half.points: found 3/2; expected at most 1, the part's points",
        ),
        (
            "points: 1",
            "point: 1",
            (
                "3: parts.twice-half.point: unknown key 'point'; expected one of status, points, "
                "mistake; did you mean 'points'?"
            ),
        ),
        (
            "mistake: squared",
            "mistake: square",
            (
                "2: parts.twice-value.mistake: the part knows no mistake 'square'; did you mean "
                "'squared'?"
            ),
        ),
        (
            "points: 1}",
            "points: 1, mistake: x}",
            "3: parts.twice-half.mistake: the part knows no mistake 'x'",
        ),
        ("  essay-text: {status: pending, points: 0}\n", "", "1: parts: 'essay-text' is missing"),
        ("parts:", "prats:", "1: parts: missing; expected a value"),
    ],
)
def test_a_sample_that_does_not_fit_is_told(
    course: Breakable, old: str, new: str, fault: str
) -> None:
    assert f"ben/expect.yaml:{fault}" in _faults(course, RIGHT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1: found nothing; expected keys and values"),
        ("- a", "1: found ['a']; expected keys and values"),
        ("parts: {a: 1}", "1: parts.a: found 1; expected keys and values"),
        ("a: *b", "1: the alias *b is not accepted; write the value out"),
        (b"\xff", "1: not UTF-8: byte 0xff"),
    ],
)
def test_a_sample_whose_file_is_no_mapping_is_told(
    course: Breakable, text: str | bytes, fault: str
) -> None:
    assert _faults(course, text) == [f"ben/expect.yaml:{fault}"]


def test_a_faulty_sample_does_not_hide_the_next(course: Breakable) -> None:
    course.write("submissions/doubling/ada/expect.yaml", "- a")
    assert len(_faults(course, "- b")) == 2
