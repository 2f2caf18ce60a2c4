from __future__ import annotations

import dataclasses
import datetime

import pytest

from grader.errors import UsageError
from grader.grading.mutants.hunt import Bag, Fate, Hunted
from grader.grading.mutants.operators import OPERATORS
from grader.grading.mutants.sources import Change, Mutant
from grader.grading.mutants.table import page, rows

PAGE = """\
# Mutants

<!-- begin operators -->
the table of last year
<!-- end operators -->

Between.

<!-- begin doubling -->
<!-- end doubling -->

<!-- begin other -->
kept
<!-- end other -->
"""


def bag(*fates: tuple[str, Fate]) -> Bag:
    mutant = Mutant(Change("solution.py", "f", "a", "b"), "sign", 1, "b")
    return Bag(
        tuple(Hunted(mutant, part, (part,), fate, "") for part, fate in fates), 0, (), (), ()
    )


FOUND = bag(
    ("one", Fate.KILLED),
    ("one", Fate.EQUIVALENT),
    ("one", Fate.KILLED),
    ("two", Fate.EXCUSED),
    ("two", Fate.SURVIVED),
    ("two", Fate.FAULT),
)


def test_each_part_has_a_row_and_all_of_them_one() -> None:
    assert rows(FOUND) == [
        ("one", (3, 2, 1, 0, 0)),
        ("two", (3, 0, 0, 1, 2)),
        ("all", (6, 2, 1, 1, 2)),
    ]


def test_without_mutants_there_are_no_rows() -> None:
    assert rows(bag()) == []


def test_a_table_is_made_anew_between_its_markers() -> None:
    made = page(PAGE, [("doubling", FOUND)], datetime.date(2026, 11, 21))
    assert (
        "Between.\n\n"
        "<!-- begin doubling -->\n\n"
        "| doubling, 2026-11-21 | mutants | killed | equivalent | excused | survivors |\n"
        "|---|---:|---:|---:|---:|---:|\n"
        "| one | 3 | 2 | 1 | 0 | 0 |\n"
        "| two | 3 | 0 | 0 | 1 | 2 |\n"
        "| all | 6 | 2 | 1 | 1 | 2 |\n\n"
        "<!-- end doubling -->\n\n"
        "<!-- begin other -->\nkept\n<!-- end other -->\n"
    ) in made


def test_functions_that_were_left_alone_are_named_below_the_table() -> None:
    some = dataclasses.replace(FOUND, not_run=("solution.py: main", "solution.py: A.f"))
    made = page(PAGE, [("doubling", some)], datetime.date(2026, 11, 21))
    assert (
        "| all | 6 | 2 | 1 | 1 | 2 |\n\n"
        "Left alone, since no part runs them: `solution.py: main`, `solution.py: A.f`.\n\n"
        "<!-- end doubling -->"
    ) in made


def test_the_operators_are_listed_with_what_they_do() -> None:
    made = page(PAGE, [], datetime.date(2026, 11, 21))
    assert made.count("| `") == len(OPERATORS)
    assert "| `update` | = for += and its kin. |" in made
    assert "last year" not in made


def test_a_table_that_is_made_again_is_the_same() -> None:
    day = datetime.date(2026, 11, 21)
    made = page(PAGE, [("doubling", FOUND)], day)
    assert page(made, [("doubling", FOUND)], day) == made


def test_a_page_without_a_place_is_bad_usage() -> None:
    with pytest.raises(
        UsageError, match=r"^the page has no place for halving: expected <!-- begin"
    ):
        page(PAGE, [("halving", FOUND)], datetime.date(2026, 11, 21))
