from __future__ import annotations

from dataclasses import replace

import pytest

from grader.errors import UsageError
from grader.report.exports.registry import FORMATS, format_called
from grader.report.exports.request import Export

from . import sample


def test_the_formats_are() -> None:
    assert list(FORMATS) == [
        "gradescope",
        "canvas",
        "junit",
        "github",
        "annotations",
        "classroom",
        "csv",
        "jsonl",
    ]


def test_a_format_that_is_not_there_is_explained() -> None:
    with pytest.raises(UsageError) as refused:
        format_called("canvs")
    assert str(refused.value) == (
        "no format is called 'canvs'; there is gradescope, canvas, junit, github, annotations, "
        "classroom, csv, jsonl; did you mean 'canvas'?"
    )


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_gives_the_same_bytes_whatever_the_order_of_submissions(name: str) -> None:
    chosen = FORMATS[name]
    report = sample.report(sample.plain()) if chosen.single else sample.report()
    turned = replace(report, submissions=report.submissions[::-1])
    first = chosen.make(report, Export())
    assert first.documents
    assert chosen.make(turned, Export()) == first
