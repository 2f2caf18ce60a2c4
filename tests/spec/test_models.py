from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.records import Limits
from grader.spec.models import AssignmentSpec, LimitsSpec, Mistake, exact_points


@pytest.mark.parametrize(
    ("written", "points"),
    [
        (2, Fraction(2)),
        (0.1, Fraction(1, 10)),
        (1e-07, Fraction(1, 10**7)),
        ("5/9", Fraction(5, 9)),
        ("2.50", Fraction(5, 2)),
        ("-1", Fraction(-1)),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_points_are_what_is_written_exactly(written: object, points: Fraction) -> None:
    assert exact_points(written) == points


@pytest.mark.parametrize(
    "written",
    ["", "two", "1/0", "1e9", "1/2/3", "½", " 1", "1\n", "9" * 21, True, None, [], float("nan")],
)
def test_what_is_no_number_of_points_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"expected a number such as 2, 2\.5 or 5/9"):
        exact_points(written)


@given(st.decimals(min_value=0, max_value=1000, places=3))
def test_decimals_are_points_exactly(number: Any) -> None:
    assert exact_points(float(number)) == Fraction(number)


def test_limits_that_are_left_out_keep_their_defaults() -> None:
    assert LimitsSpec.model_validate({"wall_s": 3}).record() == Limits(wall_s=3)
    assert LimitsSpec().record() == Limits()


def test_a_mistake_earns_nothing_unless_it_says_so() -> None:
    assert Mistake(name="a", function="f", says="Long enough.").credit == 0


def test_what_was_read_cannot_be_changed() -> None:
    spec = AssignmentSpec.model_validate(
        {"assignment": "a", "title": "t", "points": 1, "problems": ["p"]}
    )
    with pytest.raises(ValidationError, match="frozen"):
        spec.title = "u"  # type: ignore[misc]


def test_settings_are_written_the_same_way_every_time() -> None:
    text = {"assignment": "a", "title": "t", "points": "1/3", "problems": ["p"]}
    one, two = (AssignmentSpec.model_validate(text).model_dump_json() for _ in range(2))
    assert one == two
    assert '"points":"1/3"' in one
