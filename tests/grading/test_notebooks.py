"""Notebooks in real sandboxes: graded as the Python files that they stand for."""

from __future__ import annotations

import ast
import itertools
import json
import shutil
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.grading.run import GradingRun, Settings
from grader.kinds.registry import part_models
from grader.records import Status, SubmissionResult
from grader.report.plain import part_text
from grader.spec.course import Course
from grader.spec.loader import load
from grader.spec.samples import EXPECT_NAME, Verdict, differences, read
from grader.submissions.folder import read as read_folder
from tests import tiny
from tests.tiny import Tiny

ROOT = Path(__file__).parents[2]
SAMPLES: Mapping[str, Sequence[str]] = {
    "background-math": (
        "crash-at-import",
        "missing-function",
        "patches-numpy",
        "recursive-framework",
        "typical-student",
        "windows-editor",
    ),
    "autodiff-basics": ("typical-student",),
    "autodiff-and-optimizers": ("uses-torch-optim",),
}


def notebook(*sources: str) -> bytes:
    """Return a notebook with these code cells, and a heading before each."""
    cells: list[dict[str, Any]] = []
    for source in sources:
        cells.append({"cell_type": "markdown", "metadata": {}, "source": ["# Next"]})
        cells.append(
            {
                "cell_type": "code",
                "execution_count": 7,
                "metadata": {},
                "outputs": [{"output_type": "stream", "name": "stdout", "text": ["hello\n"]}],
                "source": source.splitlines(keepends=True),
            }
        )
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(document).encode()


def split(source: str) -> list[str]:
    """Return the statements at the top of a module, each with the remarks above it."""
    lines = source.splitlines(keepends=True)
    starts = sorted(
        {
            min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]) - 1
            for node in ast.parse(source).body
        }
    )
    cuts = [0, *starts[1:], len(lines)]
    return ["".join(lines[a:b]) for a, b in itertools.pairwise(cuts)]


def as_notebooks(sample: Path, folder: Path) -> None:
    """Copy a sample with a notebook in the place of each Python file."""
    shutil.copytree(sample, folder)
    for path in list(folder.glob("*.py")):
        cells = split(path.read_text(encoding="utf-8-sig"))
        path.with_suffix(".ipynb").write_bytes(notebook("%matplotlib inline\n", *cells))
        path.unlink()


def graded(course: Path, name: str, submissions: Path) -> dict[str, SubmissionResult]:
    settings = Settings(submissions=submissions)
    with GradingRun(Course(course), settings) as run:
        grading = run.grading(name)
        for submission in grading.selected:
            grading.grade(submission)
        report = run.gradebook.report(name)
    assert report is not None
    return {each.submission: each for each in report.submissions}


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_as_notebooks_get_exactly_what_they_declare(name: str, tmp_path: Path) -> None:
    for sample in SAMPLES[name]:
        as_notebooks(ROOT / "submissions" / name / sample, tmp_path / sample)
    results = graded(ROOT, name, tmp_path)
    assignment = load(ROOT / "assignments" / name, ROOT / "reference", part_models())
    assert sorted(results) == sorted(SAMPLES[name])
    for sample, result in results.items():
        assert not list((tmp_path / sample).glob("*.py"))
        declared = read(tmp_path / sample / EXPECT_NAME, assignment)
        found = {part.id: Verdict(part.status, part.points, part.mistake) for part in result.parts}
        assert differences(declared, found) == (), sample
        _check_told(result)


def _check_told(result: SubmissionResult) -> None:
    """Check that nothing a student reads names a module that nobody handed in."""
    for part in result.parts:
        told = [part.summary, part.hint, *(check.says for check in part.checks)]
        frames = part.failure.frames if part.failure else ()
        assert not any(".py" in text for text in told), told
        assert all(frame.file.endswith(".ipynb") and frame.cell > 0 for frame in frames), frames
        if part.status is Status.REFUSED:  # of the sample that uses torch.optim
            assert part.summary.startswith("Cell ")
            assert " of solution.ipynb names torch.optim" in part.summary


# ---- a small assignment --------------------------------------------------------------------------


TWICE = "def twice(x):\n    return [2 * v for v in x]\n"
HALF = "def half(x):\n    return [v / 2 for v in x]\n"
STANDS_IN = (
    "solution.ipynb counts as solution.py: its code cells, from the first to the last. Cell 3 is "
    "the one that has [3] beside it after Restart Kernel and Run All Cells."
)


def hand_in(course: Tiny, content: bytes, **modules: str) -> SubmissionResult:
    """Return what a notebook gets, alone or with Python files beside it."""
    folder = course.submissions / "ada"
    shutil.rmtree(course.submissions)
    folder.mkdir(parents=True)
    (folder / "solution.ipynb").write_bytes(content)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (result,) = graded(course.root, "doubling", course.submissions).values()
    return result


def told(result: SubmissionResult) -> str:
    """Return what a terminal shows of the first part, up to its cases."""
    return part_text(result.parts[0]).partition("\n\n")[0]


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make(tmp_path)


def test_a_right_notebook_is_right(course: Tiny) -> None:
    result = hand_in(course, notebook(TWICE, HALF))
    assert [part.points for part in result.parts] == [2, 1, 0]
    assert result.notes == (STANDS_IN,)


def test_a_wrong_notebook_is_wrong_for_the_same_reason(course: Tiny) -> None:
    result = hand_in(course, notebook("def twice(x):\n    return x ** 2", HALF))
    assert result.parts[0].mistake == "squared"
    assert result.parts[1].points == Fraction(1)


def test_an_error_in_a_function_is_told_by_cell_and_line(course: Tiny) -> None:
    cells = ["import math", "%matplotlib inline\ndef twice(x):\n    return 1 / 0\n", HALF]
    assert told(hand_in(course, notebook(*cells))) == (
        "twice-value: stopped with an error, 0 of 2\n"
        "  twice stopped with ZeroDivisionError in cell 2, line 3 of solution.ipynb: division by "
        "zero.\n"
        "  solution.ipynb, cell 2, line 3, in twice\n"
        "      return 1 / 0"
    )


def test_a_cell_that_raises_stops_the_module_and_is_named(course: Tiny) -> None:
    # The empty cell has no number: Jupyter does not count it either.
    result = hand_in(course, notebook(TWICE, "", HALF, "x = 1\nprint(undefined)"))
    assert told(result) == (
        "twice-value: stopped with an error, 0 of 2\n"
        "  solution.ipynb cannot be imported; it stops with NameError in cell 3, line 2 of\n"
        "  solution.ipynb: name 'undefined' is not defined.\n"
        "  solution.ipynb, cell 3, line 2, in <module>\n"
        "      print(undefined)"
    )


def test_a_cell_with_a_syntax_error_stops_the_module_and_is_named(course: Tiny) -> None:
    result = hand_in(course, notebook(TWICE, "if True:\n\nprint('no')", HALF))
    assert told(result) == (
        "twice-value: stopped with an error, 0 of 2\n"
        "  solution.ipynb cannot be imported; it stops with IndentationError in cell 2, line 3 of\n"
        "  solution.ipynb: expected an indented block after 'if' statement on cell 2, line 1.\n"
        "  solution.ipynb, cell 2, line 3, in <module>\n"
        "      print('no')"
    )


def test_a_function_that_is_missing_is_missed_in_the_notebook(course: Tiny) -> None:
    result = hand_in(course, notebook(HALF))
    assert result.parts[0].status is Status.MISSING
    assert result.parts[0].summary == "solution.ipynb has no twice."


def test_what_shows_something_does_no_harm(course: Tiny) -> None:
    cells = [
        "from IPython.display import HTML, clear_output as clear\nclear()",
        "display(HTML('<b>hello</b>'), 1)",
        TWICE,
        "twice([1, 2])",
        HALF,
    ]
    result = hand_in(course, notebook(*cells))
    assert [part.points for part in result.parts] == [2, 1, 0]
    assert result.notes[1:] == (
        (
            "solution.ipynb, cell 1, line 1: what this imports shows nothing here: from "
            "IPython.display import HTML, clear_output as clear"
        ),
    )


def test_of_a_notebook_beside_a_python_file_nothing_counts(course: Tiny) -> None:
    result = hand_in(course, notebook(TWICE, HALF), solution="def half(x): return x / 2")
    assert [part.points for part in result.parts] == [0, 1, 0]
    assert result.notes == (
        "solution.ipynb was not read: solution.py was handed in too, and solution.py counts.",
    )


def test_a_notebook_imports_the_files_beside_it(course: Tiny) -> None:
    cells = ["from doubles import twice, half"]
    result = hand_in(course, notebook(*cells), doubles=tiny.RIGHT)
    assert [part.points for part in result.parts] == [2, 1, 0]


def test_a_notebook_that_cannot_be_read_is_refused_and_says_what_to_do(course: Tiny) -> None:
    result = hand_in(course, notebook(TWICE, HALF)[:-100])
    assert [part.status for part in result.parts[:2]] == [Status.REFUSED] * 2
    assert result.parts[0].summary == (
        "solution.ipynb cannot be read: it stops in line 1, in the middle of the notebook. Open it "
        "in Jupyter, clear all outputs, save it, and hand in the saved file."
    )


def test_the_report_has_the_code_in_cells(course: Tiny) -> None:
    result = hand_in(course, notebook(TWICE, HALF))
    assert list(result.sources) == ["solution.ipynb"]
    (made,) = result.notebooks
    lines = result.sources["solution.ipynb"].splitlines()
    assert [lines[start - 1] for start in made.starts] == ["def twice(x):", "def half(x):"]


def test_a_notebook_whose_code_is_unchanged_is_not_graded_again(course: Tiny) -> None:
    """Running it again in Jupyter changes its outputs and counts, which are not read."""
    first = read_folder(_folder(course, notebook(TWICE)), "ada")
    document = json.loads(notebook(TWICE))
    document["cells"][1]["outputs"] = [{"data": {"image/png": "iVBOR"}}]
    document["cells"][1]["execution_count"] = 99
    assert read_folder(_folder(course, json.dumps(document).encode()), "ada").digest == first.digest
    changed = read_folder(_folder(course, notebook(TWICE + "#")), "ada")
    assert changed.digest != first.digest


def _folder(course: Tiny, content: bytes) -> Path:
    folder = course.submissions / "ada"
    (folder / "solution.py").unlink(missing_ok=True)
    (folder / "solution.ipynb").write_bytes(content)
    return folder
