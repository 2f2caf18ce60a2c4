"""``grader trace``: an evaluation trace of one's own function, printed and drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.cli.trace import run

from .conftest import Done, run_grader

SOLUTION = """\
import numpy as np

import helper


def q3_reverse(v, y):
    number = v @ y
    return v * number


def q4_reverse(v, y1, y2):
    matrix = np.outer(y1, y2)
    return np.outer(v, v @ matrix)


def scaled(a, A, n, factor=2):
    return helper.times(A[:n] * a, factor)


def relu(v):
    return np.array([x if x > 0 else -x for x in v])


def cast(v):
    return [float(x) for x in v]
"""
HELPER = "def times(x, factor):\n    return x * factor\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a solution, outside of any course."""
    (tmp_path / "solution.py").write_text(SOLUTION, encoding="utf-8")
    (tmp_path / "helper.py").write_text(HELPER, encoding="utf-8")
    return tmp_path


def trace(folder: Path, *arguments: str) -> Done:
    return run_grader("trace", *arguments, folder=folder)


def test_the_trace_is_printed_under_the_lines_it_comes_from(folder: Path) -> None:
    done = trace(folder, "solution.py:q3_reverse", "--sizes", "n=2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "q3_reverse(v, y) with n = 2\n"
        "\n"
        "                         value  in use\n"
        "  inputs                             4\n"
        "line 7: number = v @ y\n"
        "  z1 = v[0] * y[0]      0.0832       5\n"
        "  z2 = v[1] * y[1]      -0.013       5  added on at once\n"
        "  z3 = z1 + z2          0.0702       5  frees z1, z2\n"
        "line 8: return v * number\n"
        "  z4 = v[0] * z3      0.009126       6\n"
        "  z5 = v[1] * z3     -0.009126       7\n"
        "\n"
        "returns z4, z5\n"
        "4 multiplications, 1 addition, 0 other calls; at most 7 numbers at once.\n"
    )


def test_sizes_and_shapes_are_chosen(folder: Path) -> None:
    arguments = ["solution.py:q4_reverse", "--sizes", "n=3,m=2", "--shape", "y2=m"]
    done = trace(folder, *arguments, "--rows", "1")
    assert done.stdout.startswith("q4_reverse(v, y1, y2) with n = 3, m = 2\n")
    assert "  z1 = y1[0] * y2[0]" in done.stdout
    assert "z2 =" not in done.stdout
    assert "  … and 21 more (--rows 22 shows them all)\n" in done.stdout
    assert "18 multiplications, 4 additions, 0 other calls; at most 2" in done.stdout


def test_sizes_numbers_matrices_and_other_files_are_understood(folder: Path) -> None:
    shapes = ["--shape", "a=", "--shape", "A=n,2"]
    done = trace(folder, "solution.py:scaled", "--sizes", "n=2", *shapes)
    assert done.stdout.startswith("scaled(a, A, n) with n = 2\n")
    assert "line 17: return helper.times(A[:n] * a, factor)\n  z1 = A[0, 0] * a" in done.stdout
    assert "  z5 = z1 * 2" in done.stdout
    assert "8 multiplications" in done.stdout


def test_comparisons_stand_in_the_trace(folder: Path) -> None:
    done = trace(folder, "solution.py:relu", "--sizes", "n=2")
    assert "  v[0] > 0 is True\n  v[1] > 0 is False\n  z1 = -v[1]" in done.stdout
    assert "returns v[0], z1\n" in done.stdout
    assert "2 comparisons" in done.stdout


def test_the_trace_is_drawn(folder: Path) -> None:
    done = trace(folder, "solution.py:q3_reverse", "--sizes", "n=2", "--svg", "trace.svg")
    assert done.stdout.endswith("The graph is in trace.svg.\n")
    drawn = (folder / "trace.svg").read_text(encoding="utf-8")
    assert "<svg" in drawn
    assert drawn.rstrip().endswith("</svg>")
    assert "#00000" not in drawn  # the colours are real ones


def test_a_graph_beyond_all_measure_is_not_drawn(folder: Path) -> None:
    done = trace(folder, "solution.py:q3_reverse", "--sizes", "n=90", "--svg", "trace.svg")
    assert done.returncode == 2
    assert "the graph is too large to be drawn" in done.stderr
    assert not (folder / "trace.svg").exists()


def test_what_cannot_be_followed_is_exit_code_1(folder: Path) -> None:
    done = trace(folder, "solution.py:cast")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("grader: cast cannot be followed in line 25 of solution.py: ")


def test_a_call_that_fails_says_with_which_shapes(folder: Path) -> None:
    done = trace(folder, "solution.py:q3_reverse", "--sizes", "n=3,m=2", "--shape", "y=m")
    assert done.returncode == 1
    assert "q3_reverse stopped with ValueError in line 7 of solution.py" in done.stderr
    assert "It was called with v (3,), y (2,). If it takes other shapes" in done.stderr


@pytest.mark.parametrize(
    ("target", "options", "fault"),
    [
        ("solution.py", {}, "expected a file and a function, as in solution.py:f"),
        ("nothing.py:f", {}, "there is no file nothing.py"),
        ("solution.py:q3_revers", {}, "has no function q3_revers"),
        ("solution.py:relu", {"sizes": "n"}, "expected sizes such as n=3,m=2; found n"),
        ("solution.py:relu", {"sizes": "n=0"}, "expected sizes such as n=3,m=2; found n=0"),
        ("solution.py:relu", {"sizes": ","}, "expected at least one size"),
        ("solution.py:relu", {"shapes": ["v"]}, "expected a shape such as y=m or A=n,m; found v"),
        ("solution.py:relu", {"shapes": ["v=k"]}, "there is no size k; --sizes has n"),
        ("solution.py:relu", {"shapes": ["y=n"]}, "has no such parameter; it has v"),
    ],
)
def test_bad_usage_is_exit_code_2_and_says_what_was_expected(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    target: str,
    options: dict[str, Any],
    fault: str,
) -> None:
    monkeypatch.chdir(folder)
    usual: dict[str, Any] = {"sizes": "n=3", "shapes": [], "rows": 200, "svg": None}
    assert run(target, **{**usual, **options}) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert fault in printed.err


def test_a_file_that_is_no_python_is_bad_usage(folder: Path) -> None:
    (folder / "solution.py").write_text("def f(:\n", encoding="utf-8")
    done = trace(folder, "solution.py:f")
    assert (done.returncode, done.stdout) == (2, "")
    assert "solution.py: not Python" in done.stderr


def test_the_page_on_costs_shows_what_is_printed(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "costs.md").read_text(encoding="utf-8")
    code = page.split("```python solution.py\n")[1].split("```")[0]
    command, _, expected = page.split("```console\n$ ")[1].split("```")[0].partition("\n")
    (tmp_path / "solution.py").write_text(code, encoding="utf-8")
    done = run_grader(*command.split()[1:], folder=tmp_path)
    assert done.stdout == expected


def test_help_shows_an_example(folder: Path) -> None:
    assert "grader trace solution.py:q4_reverse --sizes n=3,m=2" in trace(folder, "--help").stdout


def _notebook(folder: Path, *cells: str) -> None:
    made = [{"cell_type": "code", "source": cell} for cell in cells]
    (folder / "solution.ipynb").write_text(json.dumps({"cells": made}), encoding="utf-8")


def test_a_function_of_a_notebook_is_traced_by_its_cells(tmp_path: Path) -> None:
    _notebook(tmp_path, "!ls", "%matplotlib inline\ndef double(v):\n    return v * 2")
    done = trace(tmp_path, "solution.ipynb:double", "--sizes", "n=1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\ncell 2, line 3: return v * 2\n" in done.stdout


def test_a_function_of_a_notebook_that_fails_is_told_by_its_cell(tmp_path: Path) -> None:
    _notebook(tmp_path, "def double(v):\n    return v / none")
    done = trace(tmp_path, "solution.ipynb:double", "--sizes", "n=1")
    assert done.returncode == 1
    assert "NameError in cell 1, line 2 of solution.ipynb" in done.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("x = 1", "solution.ipynb cannot be read: line 1 is not what Jupyter saves: x = 1."),
        ('{"cells": []}', "solution.ipynb has no function double; it has none"),
    ],
)
def test_a_notebook_without_the_function_is_bad_usage(
    tmp_path: Path, content: str, says: str
) -> None:
    (tmp_path / "solution.ipynb").write_text(content, encoding="utf-8")
    done = trace(tmp_path, "solution.ipynb:double", "--sizes", "n=1")
    assert done.returncode == 2
    assert says in done.stderr


def test_a_notebook_beside_its_python_file_is_not_traced(folder: Path) -> None:
    _notebook(folder, "def double(v): return v")
    done = trace(folder, "solution.ipynb:double", "--sizes", "n=1")
    assert done.returncode == 2
    assert "solution.py was handed in too, and solution.py counts." in done.stderr
