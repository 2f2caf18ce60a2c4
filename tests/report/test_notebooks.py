"""How the code of a notebook is shown: in cells, with the numbers that a student knows."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    Failure,
    Frame,
    Notebook,
    PartOutline,
    PartResult,
    ProblemOutline,
    ProblemResult,
    Status,
    SubmissionResult,
)
from grader.report.exports.classroom import classroom
from grader.report.exports.feedback import markdown
from grader.report.exports.github import commands
from grader.report.exports.request import Export
from grader.report.exports.rows import rows
from grader.report.listing import Listing, listings
from grader.report.names import line_anchor
from grader.report.pages import submission_html
from grader.report.plain import part_text
from grader.report.submission_page import SubmissionPage, submission_page

MODULE = """\
# solution.ipynb

# cell 1
import math
SCALE = 2
# cell 2
pass  # %matplotlib inline

def f(x):
    return g(x)
# cell 3
def g(x):
    return math.sin(x)(x)
"""
NOTEBOOK = Notebook("solution.ipynb", "solution.py", (4, 7, 12))
FRAMES = (
    Frame("solution.ipynb", 4, "f", "return g(x)", cell=2),
    Frame("solution.ipynb", 2, "g", "return math.sin(x)(x)", cell=3),
)
STOPPED = PartResult(
    "q1",
    Status.CRASHED,
    Fraction(0),
    Fraction(1),
    "f stopped.",
    failure=Failure("TypeError", "no", FRAMES),
)


def report(result: PartResult = STOPPED) -> AssignmentReport:
    part = PartOutline("q1", "Q1", "value", Fraction(1), file="solution.py", functions=("f",))
    problem = ProblemOutline("q", "Q", "", (part,))
    outline = AssignmentOutline("a", "A", Fraction(1), "", (problem,))
    submission = SubmissionResult(
        "a",
        "ada",
        (ProblemResult("q", "", (result,)),),
        sources={"solution.ipynb": MODULE},
        notebooks=(NOTEBOOK,),
    )
    return AssignmentReport(outline, (submission,))


def page(result: PartResult = STOPPED) -> SubmissionPage:
    made = report(result)
    return submission_page(made, made.submissions[0])


def listing() -> Listing:
    (shown,) = listings({"solution.ipynb": MODULE}, [STOPPED], [NOTEBOOK])
    return shown


def test_the_lines_of_cells_have_the_numbers_that_they_have_there() -> None:
    assert [(line.cell, line.shown_number) for line in listing().lines] == [
        (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (3, 2)
    ]  # fmt: skip
    assert listing().lines_total == 8


def test_a_line_between_the_cells_is_not_shown() -> None:
    assert not any("# cell" in line.code for line in listing().lines)


def test_cells_are_highlighted_as_python() -> None:
    assert listing().lines[0].code.startswith('<b class="k">import</b>')


def test_the_lines_of_an_error_are_marked_in_their_cells() -> None:
    marked = {(line.cell, line.shown_number): line.anchor for line in listing().lines if line.notes}
    assert marked == {(2, 4): "L-solution.ipynb-2.4", (3, 2): "L-solution.ipynb-3.2"}


def test_anchors_of_cells_are_none_of_other_files() -> None:
    assert line_anchor("a", 2, cell=3) != line_anchor("a-3", 2)
    assert line_anchor("a-3.2", 1) != line_anchor("a", 2, cell=3)


@pytest.mark.parametrize("most", [1, 4, 7, 100])
def test_of_a_long_notebook_the_first_lines_are_shown(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.report.listing.MOST_LINES", most)
    shown = listing()
    assert len(shown.lines) <= most
    assert shown.lines_total == 8


def test_a_notebook_without_code_has_no_lines() -> None:
    empty = Notebook("solution.ipynb", "solution.py", ())
    (shown,) = listings({"solution.ipynb": "# solution.ipynb\n\n"}, [], [empty])
    assert (shown.lines, shown.lines_total) == ((), 0)


def test_the_code_of_a_part_is_found_in_its_cells() -> None:
    (part,) = page().parts
    assert part.excerpt is not None
    assert part.excerpt.file == "solution.ipynb"
    assert [[(line.cell, line.shown_number) for line in run] for run in part.excerpt.runs] == [
        [(2, 3), (2, 4)],
        [(3, 1), (3, 2)],
    ]
    assert part.excerpt.marked


def test_a_frame_leads_to_its_line_in_the_cell() -> None:
    (part,) = page().parts
    assert [shown.anchor for shown in part.frames] == [
        "L-solution.ipynb-2.4",
        "L-solution.ipynb-3.2",
    ]


def test_the_page_names_cells_and_every_link_leads_somewhere() -> None:
    html = submission_html(page(), "").decode()
    text = re.sub(r"<[^>]+>", "", html)
    assert "solution.ipynb, cell 2, line 4, in f" in text
    assert "solution.ipynb, cell 3, line 2, in g" in text
    assert re.findall(r'class="gap">([^<]*)<', html) == [
        "cell 2", "cell 3",  # of the part
        "cell 1", "cell 2", "cell 3",  # of the whole file
    ]  # fmt: skip
    linked = set(re.findall(r'href="#([^"]+)"', html))
    assert linked <= set(re.findall(r'id="([^"]+)"', html)) | {
        name for name in linked if name.startswith("mark-")
    }
    assert "L-solution.ipynb-3.2" in linked


def test_in_a_terminal_a_frame_has_its_cell() -> None:
    assert "  solution.ipynb, cell 3, line 2, in g\n" in part_text(STOPPED)


def test_in_an_export_a_frame_has_its_cell() -> None:
    (row,) = rows(report())
    assert "solution.ipynb, cell 3, line 2, in g\n" in markdown(row.parts[0])


@pytest.mark.parametrize("frames", [FRAMES, ()])
def test_an_annotation_has_the_notebook_and_no_line_of_its_file(frames: tuple[Frame, ...]) -> None:
    """The line of a cell is another one in the JSON of the notebook."""
    failure = Failure("TypeError", "no", frames)
    (document,) = commands(report(replace(STOPPED, failure=failure)), Export()).documents
    assert document.content.decode().splitlines()[1] == (
        "::error file=solution.ipynb,title=q1%3A stopped with an error::f stopped."
    )


@pytest.mark.parametrize("frames", [FRAMES, ()])
def test_in_a_classroom_it_has_the_notebook_and_no_line(frames: tuple[Frame, ...]) -> None:
    failure = Failure("TypeError", "no", frames)
    (document,) = classroom(report(replace(STOPPED, failure=failure)), Export()).documents
    (test,) = json.loads(base64.b64decode(document.content))["tests"]
    assert (test["filename"], test["line_no"]) == ("solution.ipynb", 0)
