from __future__ import annotations

from math import inf

import pytest

from grader.records import CaseReport, Failure, Grid, Status
from grader.report.evidence import (
    LONGEST,
    Row,
    distance,
    evidence,
    of_hidden_case,
    shown_case,
    shown_grid,
)

from . import sample


def _case(number: int, observed: str, expected: str = "1", *, right: bool = False) -> CaseReport:
    return CaseReport(number, right, f"f({number})", observed, expected)


def test_the_case_that_is_farthest_off_speaks_for_the_part() -> None:
    shown = evidence([_case(1, "2"), _case(2, "5"), _case(3, "1", right=True), _case(4, "3")])
    assert shown.worst is not None
    assert shown.worst.report.number == 2
    assert [case.report.number for case in shown.others] == [1, 4]
    assert [case.report.number for case in shown.right] == [3]


def test_the_first_of_equal_cases_speaks_for_the_part() -> None:
    shown = evidence([_case(1, "3"), _case(2, "3")])
    assert shown.worst is not None
    assert shown.worst.report.number == 1


def test_a_part_without_wrong_cases_has_no_worst_one() -> None:
    assert evidence([]).worst is None
    assert evidence([_case(1, "1", right=True)]).worst is None


@pytest.mark.parametrize(
    ("observed", "expected", "far"),
    [("2", "1", 0.5), ("nan", "1", inf), ("inf", "1", inf), ("", "1", inf), ("None", "[1]", inf)],
)
def test_how_far_a_case_is_off(observed: str, expected: str, far: float) -> None:
    assert distance(_case(1, observed, expected)) == far


def test_a_text_that_is_too_long_is_cut_and_says_so() -> None:
    case = shown_case(_case(1, "x" * (LONGEST + 1)))
    assert (len(case.observed), case.observed[-1]) == (LONGEST + 1, "…")
    assert case.cut == (
        f"Cut here: the whole text has {LONGEST + 1} characters. grader check prints all of it.",
    )


def _rows(rows: tuple[Row, ...]) -> list[tuple[str, ...]]:
    return [(row.head, *(cell.text + "!" * cell.wrong for cell in row.cells)) for row in rows]


def test_a_vector_is_one_table_with_both_numbers_in_a_row() -> None:
    shown = shown_grid(Grid((2,), (0, 1), (), (("1",), ("9",)), (("1",), ("2",)), ((1, 0),)))
    (table,) = shown.tables
    assert (table.heads, shown.caption) == (("Observed", "Expected"), "")
    assert _rows(table.rows) == [("0", "1", "1"), ("1", "9!", "2")]


def test_rows_that_are_left_out_are_dots() -> None:
    grid = Grid((99,), (3, 4), (), (("1",), ("9",)), (("1",), ("2",)), ((1, 0),))
    shown = shown_grid(grid)
    assert _rows(shown.tables[0].rows) == [
        ("", "…", "…"),
        ("3", "1", "1"),
        ("4", "9!", "2"),
        ("", "…", "…"),
    ]
    assert shown.caption == "From the array of 99 entries: around the wrong entries."


def test_a_matrix_is_two_tables_with_dots_for_what_is_left_out() -> None:
    grid = Grid((1, 9), (0,), (0, 4), (("1", "2"),), (("1", "3"),), ((0, 1),), at="")
    observed, expected = shown_grid(grid).tables
    assert observed.heads == expected.heads == ("0", "…", "4", "…")
    assert _rows(observed.rows) == [("0", "1", "…", "2!", "…")]
    assert _rows(expected.rows) == [("0", "1", "…", "3", "…")]


def test_a_matrix_of_an_array_with_more_axes_says_which() -> None:
    grid = Grid((2, 1, 1), (0,), (0,), (("1",),), (("2",),), ((0, 0),), at="[1, :, :]")
    assert shown_grid(grid).caption == (
        "From the array of 2 \N{MULTIPLICATION SIGN} 1 \N{MULTIPLICATION SIGN} 1 entries: "
        "[1, :, :], around the wrong entries."
    )


@pytest.mark.parametrize(
    ("failure", "visible", "hidden"),
    [
        (None, (), False),
        (Failure("E", ""), (), True),
        (Failure("E", ""), (_case(1, "1", right=True),), True),
        (Failure("E", ""), (_case(1, ""),), False),
        (Failure("E", "what it said"), (), False),
    ],
)
def test_a_failure_that_no_visible_case_shows_is_of_a_hidden_one(
    failure: Failure | None, visible: tuple[CaseReport, ...], hidden: bool
) -> None:
    part = sample.part("q", Status.CRASHED, 0, 1, "", failure=failure, visible=visible)
    assert of_hidden_case(part) is hidden
