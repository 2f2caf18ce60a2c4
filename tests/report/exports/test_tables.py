from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import PartResult, Status, SubmissionResult
from grader.report.exports.request import Export
from grader.report.exports.tables import json_lines, plain_csv
from grader.report.text import printable

from . import sample


def table(*submissions: SubmissionResult) -> list[list[str]]:
    (document,) = plain_csv(sample.report(*submissions), Export()).documents
    return list(csv.reader(io.StringIO(document.content.decode(), newline=""), strict=True))


def objects(*submissions: SubmissionResult) -> list[dict[str, Any]]:
    (document,) = json_lines(sample.report(*submissions), Export()).documents
    lines = document.content.decode("ascii").splitlines()
    return [json.loads(line) for line in lines]


def test_the_table_of_the_sample(matches_gold: Callable[[str, str], None]) -> None:
    (document,) = plain_csv(sample.report(), Export()).documents
    matches_gold("exports/grades.csv", document.content.decode().replace("\r\n", "\n"))


def test_the_lines_of_the_sample(matches_gold: Callable[[str, str], None]) -> None:
    (document,) = json_lines(sample.report(), Export()).documents
    matches_gold("exports/grades.jsonl", document.content.decode("ascii"))


def test_the_table_has_a_row_for_each_submission_and_a_column_for_each_part() -> None:
    header, _, *rest = table()
    assert header == [
        "submission",
        "score",
        "max_score",
        "pending",
        "standing",
        "slope",
        "curve",
        "proof",
        "extra",
    ]
    assert rest == [
        ["ada", "11", "10", "0", "graded", "3", "5", "2", "1"],
        ["grace", "6.99", "10", "0", "graded", "0", "4.99", "2", "0"],
        ["yves", "", "10", "0", "ungraded", "3", "5", "", "0"],
        ["zeno", "", "10", "0", "fault", "3", "", "2", "0"],
    ]


def test_a_part_that_waits_is_blank_and_the_score_is_that_so_far() -> None:
    assert table()[1][1:] == ["4.88", "10", "2", "waiting", "0", "4.88", "", "0"]


def test_a_hostile_name_is_one_harmless_cell() -> None:
    assert table()[1][0] == ('\'=HYPERLINK("http://x.example"),\n<script>[U+202E]|`x`')


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\uff1d1"])
def test_a_name_that_a_spreadsheet_would_run_stands_behind_an_apostrophe(name: str) -> None:
    assert table(sample.renamed(name))[1][0] == f"'{name}"


def test_lines_of_the_table_end_as_rfc_4180_says() -> None:
    (document,) = plain_csv(sample.report(sample.plain()), Export()).documents
    assert document.content.count(b"\r\n") == 2


def test_points_are_there_exactly_and_cut() -> None:
    (line,) = objects(sample.plain())
    assert (line["score"], line["score_exact"]) == (6.99, "6999/1000")
    curve = line["parts"][1]
    assert (curve["points"], curve["points_exact"]) == (4.99, "4999/1000")


def test_unknown_points_are_null() -> None:
    hostile, _, _, ungraded, fault = objects()
    assert hostile["parts"][2]["points"] is None
    assert hostile["parts"][2]["checks"][0]["points"] is None
    assert hostile["score"] == 4.88
    assert (fault["score"], fault["score_exact"], fault["parts"][1]["points"]) == (None, None, None)
    assert (ungraded["score"], ungraded["parts"][2]["points_exact"]) == (None, None)


def test_names_are_exact_in_json_lines() -> None:
    assert objects()[0]["submission"] == sample.HOSTILE


@given(st.text())
def test_whatever_a_student_is_called_there_is_one_row_and_one_line(name: str) -> None:
    _, row = table(sample.renamed(name))
    assert row[0].removeprefix("'") == printable(name).removeprefix("'")
    assert [line["submission"] for line in objects(sample.renamed(name))] == [name]


@given(st.fractions(0, 3, max_denominator=10**12))
def test_points_are_never_rounded_up(points: Fraction) -> None:
    part = PartResult("slope", Status.PARTIAL, points, Fraction(3), "Nearly.")
    submission = sample.submission("ada", part, sample.nearly(), sample.right("proof", 2))
    (line,) = objects(submission)
    shown = Fraction(str(line["parts"][0]["points"]))
    assert points - Fraction(1, 100) < shown <= points
    assert Fraction(line["parts"][0]["points_exact"]) == points
    assert Fraction(table(submission)[1][5]) == shown
