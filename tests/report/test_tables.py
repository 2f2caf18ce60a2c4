"""The script on the page of a class, run in headless Chromium."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.report.overview import overview
from grader.report.pages import class_html

from . import crowd, sample
from .browser import NAMES, asked, browser

pytestmark = pytest.mark.skipif(browser() is None, reason=f"none of {', '.join(NAMES)} is there")

HELPERS = """
const names = () => [...document.querySelectorAll("#table tbody tr")]
  .filter((row) => !row.hidden).map((row) => row.cells[0].textContent);
const press = (number) => document.querySelectorAll("thead button")[number].click();
const sorted = () => [...document.querySelectorAll("#table thead th")].map((head) => head.ariaSort);
const typed = (text) => {
  const field = document.getElementById("search");
  field.value = text; field.dispatchEvent(new Event("input"));
};
const chosen = (state) => {
  const list = document.getElementById("state");
  list.value = state; list.dispatchEvent(new Event("change"));
};
const found = () => document.querySelector(".found").textContent;
"""


def _told(script: str, folder: Path) -> Any:
    worked, finished, faulty = sample.report().submissions
    report = sample.report(
        replace(worked, submission="s10"),
        replace(finished, submission="Zoë"),
        replace(faulty, submission="s9"),
    )
    page = class_html(overview(report)).decode("utf-8")
    return asked(page, HELPERS + script, folder)


def test_a_column_is_sorted_upwards_then_downwards(tmp_path: Path) -> None:
    script = "press(1); const up = names(); press(1); answer([up, names(), sorted()]);"
    told = _told(script, tmp_path)
    assert told == [
        ["s9", "s10", "Zoë"],
        ["Zoë", "s10", "s9"],
        [None, "descending", None, None, None],
    ]


def test_names_are_sorted_as_people_count(tmp_path: Path) -> None:
    assert _told("press(1); press(0); answer(names());", tmp_path) == ["s9", "s10", "Zoë"]


@pytest.mark.parametrize(
    ("text", "names"), [("zoe", ["Zoë"]), ("missing-term", ["s10"]), ("s S1", ["s10"]), ("x y", [])]
)
def test_the_filter_finds_students_and_mistakes(
    text: str, names: list[str], tmp_path: Path
) -> None:
    told = _told(f"typed({text!r}); answer([names(), found()]);", tmp_path)
    assert told == [names, f"{len(names)} of 3 shown"]


@pytest.mark.parametrize(
    ("state", "names"), [("review", ["s10"]), ("attention", ["s9"]), ("graded", ["Zoë"])]
)
def test_the_list_of_states_narrows_the_table(state: str, names: list[str], tmp_path: Path) -> None:
    assert _told(f"chosen({state!r}); answer(names());", tmp_path) == names


def test_a_class_of_a_thousand_is_sorted_and_filtered_in_full(tmp_path: Path) -> None:
    page = class_html(overview(crowd.crowd(1_000))).decode("utf-8")
    script = (
        "press(0); const last = names()[0]; press(1); const all = names().length;"
        "typed('student-07'); answer([last, all, found()]);"
    )
    assert asked(page, HELPERS + script, tmp_path) == [
        "student-0999",
        1_000,
        "100 of 1000 shown",
    ]
