from __future__ import annotations

from dataclasses import replace

import pytest

from grader.records import AssignmentReport
from grader.report.fingerprint import Fingerprints
from grader.report.site import Pages

from . import sample


def _of(report: AssignmentReport) -> str:
    return Fingerprints(report).of(Pages.of(report).states[report.submissions[0].submission])


def test_the_same_records_have_the_same_fingerprint() -> None:
    assert _of(sample.report()) == _of(sample.report())


@pytest.mark.parametrize(
    "changed",
    [
        sample.report(replace(sample.worked(), wall_s=9.0)),
        sample.report(replace(sample.worked(), sources={"q3.py": "pass\n"})),
        sample.report(unconfined=True),
        replace(sample.report(), outline=replace(sample.outline(), title="Another title")),
    ],
)
def test_whatever_a_page_shows_changes_its_fingerprint(changed: AssignmentReport) -> None:
    assert _of(changed) != _of(sample.report())


def test_other_submissions_do_not_change_a_fingerprint() -> None:
    assert _of(sample.report(sample.worked())) == _of(sample.report())


def test_text_that_is_not_unicode_has_a_fingerprint() -> None:
    assert _of(sample.report(replace(sample.worked(), submission="ad\udce4")))
