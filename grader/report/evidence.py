"""What proves a verdict: the worst visible case, and an array beside the expected one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

from grader import messages
from grader.records import CaseReport, Grid, PartResult

LONGEST = 4_000
"""Characters of a call or of a value; what is longer is cut, and says so."""


@dataclass(frozen=True, slots=True)
class Cell:
    """An entry of a table, or dots where entries are left out."""

    text: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its index, and its entries; a gap stands for rows that are left out."""

    head: str
    cells: tuple[Cell, ...]
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table, ready to be shown; the heads of a matrix are the indices of its columns."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ShownGrid:
    """A wrong array beside the expected one: a vector as one table, a matrix as two."""

    tables: tuple[Table, ...]
    caption: str  # empty if all of the array is here


@dataclass(frozen=True, slots=True)
class Case:
    """A visible case as the page shows it, its texts cut where they are too long."""

    report: CaseReport
    call: str
    observed: str
    expected: str
    grid: ShownGrid | None
    cut: tuple[str, ...]  # notes about what was cut


@dataclass(frozen=True, slots=True)
class Evidence:
    """The visible cases of a part: the one that shows most, the other wrong ones, the right ones.

    If none is wrong, all of them are right ones.
    """

    worst: Case | None
    others: tuple[Case, ...]
    right: tuple[Case, ...]


def evidence(cases: Sequence[CaseReport]) -> Evidence:
    """Return the visible cases of a part, the wrong one that is farthest off apart from the rest.

    A case that gave no numbers is farther off than any that did.
    """
    wrong = [case for case in cases if not case.right]
    right = tuple(shown_case(case) for case in cases if case.right)
    if not wrong:
        return Evidence(None, (), right)
    worst = max(wrong, key=distance)  # the first of those that are equally far off
    others = tuple(shown_case(case) for case in wrong if case is not worst)
    return Evidence(shown_case(worst), others, right)


def of_hidden_case(result: PartResult) -> bool:
    """Return whether a part's failure was met in a hidden case, whose traceback is not shown.

    What the text of its exception said was taken from such a failure when it was judged.
    """
    failure = result.failure
    shown = any(not case.right for case in result.visible)
    return failure is not None and not failure.message and not shown


def distance(case: CaseReport) -> float:
    """Return how far a wrong case is off, relative to what was expected; inf if no number says."""
    seen = case.observed_there or case.observed
    wanted = case.expected_there or case.expected
    try:
        observed, expected = float(seen), float(wanted)
    except ValueError:
        return inf
    off = abs(observed - expected) / (1 + abs(expected))
    return off if isfinite(off) else inf


def shown_case(case: CaseReport) -> Case:
    """Return a case as the page shows it."""
    cut = []
    texts = []
    for text in (case.call, case.observed, case.expected):
        if len(text) > LONGEST:
            cut.append(messages.reports.too_long(len(text)))
        texts.append(f"{text[:LONGEST]}…" if len(text) > LONGEST else text)
    grid = shown_grid(case.grid) if case.grid else None
    call, observed, expected = texts
    return Case(case, call, observed, expected, grid, tuple(dict.fromkeys(cut)))


def shown_grid(grid: Grid) -> ShownGrid:
    """Return an array as tables; a row or a column of dots stands where some are left out."""
    shown = (len(grid.rows), len(grid.columns)) if grid.columns else (len(grid.rows),)
    whole = grid.shape == shown
    caption = "" if whole else messages.reports.shortened_array(grid.shape, grid.at)
    wrong = frozenset(grid.wrong)
    if not grid.columns:
        pairs = zip(grid.observed, grid.expected, strict=True)
        rows = [
            (Cell(seen, (i, 0) in wrong), Cell(wanted))
            for i, ((seen,), (wanted,)) in enumerate(pairs)
        ]
        table = Table("", ("Observed", "Expected"), _with_gaps(grid, rows))
        return ShownGrid((table,), caption)
    return ShownGrid(
        (
            _matrix("Observed", grid, grid.observed, wrong),
            _matrix("Expected", grid, grid.expected, frozenset()),
        ),
        caption,
    )


def _matrix(
    name: str, grid: Grid, texts: Sequence[Sequence[str]], wrong: frozenset[tuple[int, int]]
) -> Table:
    places = _places(grid.columns, grid.shape[-1])
    heads = tuple("…" if place is None else str(grid.columns[place]) for place in places)
    rows = [
        tuple(
            Cell("…") if place is None else Cell(row[place], (i, place) in wrong)
            for place in places
        )
        for i, row in enumerate(texts)
    ]
    return Table(name, heads, _with_gaps(grid, rows))


def _with_gaps(grid: Grid, rows: Sequence[tuple[Cell, ...]]) -> tuple[Row, ...]:
    length = grid.shape[-2] if grid.columns else grid.shape[0]
    width = len(rows[0]) if rows else 0
    return tuple(
        Row("", (Cell("…"),) * width, gap=True)
        if place is None
        else Row(str(grid.rows[place]), rows[place])
        for place in _places(grid.rows, length)
    )


def _places(indices: Sequence[int], length: int) -> tuple[int | None, ...]:
    """Return the places of indices, and None wherever others lie between, before or after them."""
    places: list[int | None] = []
    after = 0
    for place, index in enumerate(indices):
        if index != after:
            places.append(None)
        places.append(place)
        after = index + 1
    return (*places, None) if after < length else tuple(places)
