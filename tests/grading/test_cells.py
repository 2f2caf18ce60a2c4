from __future__ import annotations

from fractions import Fraction

import pytest

from grader import messages
from grader.grading import cells
from grader.records import (
    CaseReport,
    Check,
    Failure,
    Frame,
    Notebook,
    Observation,
    Outcome,
    PartResult,
    Status,
)

SOLUTION = Notebook("solution.ipynb", "solution.py", (4, 10))
AUTOGRAD = Notebook("diy_autograd.ipynb", "diy_autograd.py", (4,))
BOTH = (SOLUTION, AUTOGRAD)
HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("solution.py has no f.", "solution.ipynb has no f."),
        ("f in line 5 of solution.py: no.", "f in cell 1, line 2 of solution.ipynb: no."),
        ("Line 10 of solution.py names x.", "Cell 2, line 1 of solution.ipynb names x."),
        ("See line 4 of diy_autograd.py.", "See cell 1, line 1 of diy_autograd.ipynb."),
        ("solution.py imports diy_autograd.py.", "solution.ipynb imports diy_autograd.ipynb."),
        ("Line 2 of solution.py is ours.", "Line 2 of solution.ipynb is ours."),
        ("line 5 of other.py, my_solution.py", "line 5 of other.py, my_solution.py"),
        ("a/solution.py, solution.pyc, line 5", "a/solution.py, solution.pyc, line 5"),
        ("in solution.py.", "in solution.ipynb."),
        ("", ""),
    ],
)
def test_a_sentence_names_the_notebook_and_the_cell(says: str, told: str) -> None:
    assert cells.sentence(says, BOTH) == told


@pytest.mark.parametrize(
    "says",
    [
        messages.calls.at_line("solution.py", 11),
        messages.optimizers.named("torch.optim", "solution.py", 11),
        messages.optimizers.names_grader("solution.py", 11),
        messages.codings.cut_named("data", "solution.py", 11, "x.data"),
    ],
)
def test_every_sentence_with_a_line_is_told_in_cells(says: str) -> None:
    told = cells.sentence(says, BOTH)
    assert "cell 2, line 2 of solution.ipynb" in told.lower()
    assert "solution.py" not in told


def _result() -> PartResult:
    frames = (Frame("solution.py", 5, "f", "g()"), Frame("other.py", 3, "g", "1 / 0"))
    return PartResult(
        "q",
        Status.CRASHED,
        Fraction(0),
        Fraction(1),
        "f stopped in line 5 of solution.py.",
        hint="Look into solution.py.",
        visible=(CaseReport(1, False, "f(1)", "", "2", "It stops in line 5 of solution.py."),),
        checks=(Check("a", Status.WRONG, HALF, HALF, "solution.py has no a."),),
        failure=Failure("ZeroDivisionError", "line 5 of solution.py", frames),
    )


def test_a_verdict_is_told_in_cells_throughout() -> None:
    told = cells.told(_result(), BOTH)
    assert told.summary == "f stopped in cell 1, line 2 of solution.ipynb."
    assert told.hint == "Look into solution.ipynb."
    assert told.visible[0].message == "It stops in cell 1, line 2 of solution.ipynb."
    assert told.checks[0].says == "solution.ipynb has no a."
    assert told.failure == Failure(
        "ZeroDivisionError",
        "line 5 of solution.py",  # the student's own words
        (Frame("solution.ipynb", 2, "f", "g()", cell=1), Frame("other.py", 3, "g", "1 / 0")),
    )


def test_without_notebooks_a_verdict_is_what_it_was() -> None:
    result = _result()
    assert cells.told(result, ()) is result


def _not_imported(error: str, message: str, *frames: Frame) -> Observation:
    return Observation(Outcome.NOT_IMPORTED, failure=Failure(error, message, frames))


@pytest.mark.parametrize("error", ["SyntaxError", "IndentationError", "TabError"])
def test_the_text_of_a_syntax_error_names_the_cell(error: str) -> None:
    frame = Frame("solution.py", 10, "<module>", "x")
    seen = _not_imported(error, "expected a block after line 7 (detected at line 12)", frame)
    told = cells.observed(seen, BOTH).failure
    assert told is not None
    assert told.message == "expected a block after cell 1, line 4 (detected at cell 2, line 3)"
    assert told.frames == (frame,)


@pytest.mark.parametrize(
    "seen",
    [
        Observation(Outcome.RETURNED, 3),
        _not_imported("ValueError", "line 7", Frame("solution.py", 10, "f", "x")),
        _not_imported("SyntaxError", "line 7"),
        _not_imported("SyntaxError", "line 7", Frame("other.py", 10, "f", "x")),
    ],
)
def test_no_other_text_of_an_error_is_touched(seen: Observation) -> None:
    assert cells.observed(seen, BOTH) is seen
