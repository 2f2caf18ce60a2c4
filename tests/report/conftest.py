"""Fixtures of the tests of the reports.

Gold files are what the reports of the sample are known to look like.  After a change that is
meant, write them anew and read the difference before committing it:

    GRADER_UPDATE_GOLD=1 pytest tests/report
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.records import AssignmentReport

from . import sample

GOLD = Path(__file__).parent / "gold"


@pytest.fixture(name="report")
def _report() -> AssignmentReport:
    return sample.report()


@pytest.fixture
def matches_gold() -> Callable[[str, str], None]:
    """Return a check that text equals a gold file, failing with the difference."""

    def check(name: str, text: str) -> None:
        path = GOLD / name
        if os.environ.get("GRADER_UPDATE_GOLD"):
            path.write_text(text, encoding="utf-8", newline="\n")
        gold = path.read_text(encoding="utf-8")
        if text != gold:
            lines = difflib.unified_diff(
                gold.splitlines(), text.splitlines(), f"gold/{name}", "now", lineterm="", n=1
            )
            pytest.fail("\n".join(lines), pytrace=False)

    return check
