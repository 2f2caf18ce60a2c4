"""Numbers and nouns, and that every topic of the catalogue is tested."""

from __future__ import annotations

import doctest
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import messages
from grader.messages import text
from grader.messages.text import counted, listed, points_text


def test_every_topic_has_a_test_of_its_own() -> None:
    topics = {path.stem for path in Path(messages.__file__).parent.glob("[!_]*.py")}
    tested = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert topics == tested == set(messages.__all__)


def test_the_examples_in_the_docstrings_hold() -> None:
    tried = doctest.testmod(text)
    assert tried.attempted
    assert not tried.failed


def test_a_noun_follows_its_number() -> None:
    assert counted(1, "point", "points") == "1 point"
    assert counted(0, "point", "points") == "0 points"


POINTS = st.fractions(min_value=0, max_value=1000, max_denominator=1000)


@given(POINTS)
def test_points_are_never_rounded_up(points: Fraction) -> None:
    shown = Fraction(points_text(points))
    assert shown <= points < shown + Fraction(1, 100)


@given(POINTS, POINTS)
def test_more_points_never_read_as_fewer(left: Fraction, right: Fraction) -> None:
    low, high = sorted((left, right))
    assert Fraction(points_text(low)) <= Fraction(points_text(high))


@given(POINTS)
def test_points_taken_off_read_like_those_given(points: Fraction) -> None:
    shown = points_text(points)
    assert points_text(-points) == (shown if shown == "0" else f"-{shown}")


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (Fraction(5), "5"),
        (Fraction(10), "10"),
        (Fraction(5, 2), "2.5"),
        (Fraction(44, 9), "4.88"),
        (Fraction(4999, 1000), "4.99"),
        (Fraction(1, 1000), "0"),
        (Fraction(0), "0"),
    ],
)
def test_points_have_two_decimals_at_most(points: Fraction, shown: str) -> None:
    assert points_text(points) == shown


@pytest.mark.parametrize(
    ("names", "most", "text"),
    [
        ([], 8, ""),
        (["a"], 8, "a"),
        (["a", "b"], 2, "a, b"),
        (["a", "b", "c"], 2, "a, b and 1 more"),
        ([str(n) for n in range(500)], 3, "0, 1, 2 and 497 more"),
    ],
)
def test_a_long_list_of_names_is_cut(names: list[str], most: int, text: str) -> None:
    assert listed(names, most) == text
