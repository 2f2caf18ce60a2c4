"""The examples of docs/dates.md, worked out."""

from __future__ import annotations

import re
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from grader import messages
from grader.grading.lateness import lateness
from grader.messages.text import points_text
from grader.spec import document
from grader.spec.dates import LateSpec, dates, faults
from grader.spec.models import AssignmentSpec
from grader.submissions.times import Time

PAGE = (Path(__file__).parents[1] / "docs" / "dates.md").read_text(encoding="utf-8")
(YAML,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (2026-\S+ \S+) \| (\d+) \| (\S+) \| (?:(.*) )?\|$", re.MULTILINE)
EARNED, MAXIMUM = Fraction(31), Fraction(50)
OF_EARNED, OF_MAXIMUM = PAGE.split("The same with `percent_of: maximum`")


def _spec(**late: str) -> AssignmentSpec:
    data: dict[str, Any] = document.parse(YAML).data
    data |= {"title": "x", "points": 50, "problems": ["x"], "late": {**data["late"], **late}}
    return AssignmentSpec.model_validate(data)


CASES = [
    *((*row, "earned") for row in ROW.findall(OF_EARNED)),
    *((*row, "maximum") for row in ROW.findall(OF_MAXIMUM)),
]


def test_the_page_has_its_examples() -> None:
    assert len(CASES) == 11
    assert list(faults(_spec())) == []


@pytest.mark.parametrize(("handed_in", "days", "score", "says", "of"), CASES)
def test_an_example_comes_out_as_it_stands_there(
    handed_in: str, days: str, score: str, says: str, of: str
) -> None:
    policy = dates(_spec(percent_of=of))
    assert policy is not None
    at = datetime.fromisoformat(handed_in).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    found = lateness(policy, "cy", Time(at, "manifest"), MAXIMUM)
    assert (str(found.days), points_text(EARNED - found.deducted(EARNED))) == (days, score)
    assert messages.dates.account(EARNED, MAXIMUM, found) == says


def test_every_key_is_explained() -> None:
    fields = {"due", "time_zone", "grace_minutes", "extensions", "attempts"}
    late = {f"late.{name}" for name in LateSpec.model_fields}
    explained = set(re.findall(r"^\| `([\w.]+)` \|", PAGE, re.MULTILINE))
    assert explained == fields | late
