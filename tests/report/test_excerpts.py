from __future__ import annotations

import ast
import contextlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from grader.records import Check, Failure, Frame, PartOutline, PartResult, Status
from grader.report import excerpts
from grader.report.excerpts import MOST_LINES, Excerpt, excerpt
from grader.report.listing import listings

from . import sample

SOURCE = """\
import numpy as np

SCALE = 2


@cached
def first(x):
    def inner():
        return SCALE * x
    return inner()


class Add:
    def forward(self, a, b):
        return a + b


second = lambda x: (
    x + 1
)

if True:
    async def third(x):
        return helper(x)

def helper(x):
    return x[3]
"""


def _part(*functions: str, file: str = "s.py") -> PartOutline:
    return PartOutline("q", "Q", "value", Fraction(1), file=file, functions=functions)


WRONG = sample.part("q", Status.WRONG, 0, 1, "It is wrong.")


def _excerpt(part: PartOutline, source: str = SOURCE, result: PartResult = WRONG) -> Excerpt | None:
    sources = {"s.py": source}
    return excerpt(part, result, sources, listings(sources, [result]))


def _numbers(found: Excerpt | None) -> list[list[int]]:
    return [[line.number for line in run] for run in found.runs] if found else []


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("first", 6, 10), ("Add", 13, 15), ("second", 18, 20), ("third", 23, 24), ("SCALE", 3, 3)],
)
def test_what_a_part_asks_for_is_found_by_its_name(name: str, first: int, last: int) -> None:
    assert _numbers(_excerpt(_part(name))) == [list(range(first, last + 1))]


@pytest.mark.parametrize("name", ["inner", "forward", "missing", ""])
def test_what_is_not_at_the_top_of_the_file_is_not_meant(name: str) -> None:
    assert _excerpt(_part(name)) is None


def test_several_functions_stand_in_the_order_of_the_file() -> None:
    found = _excerpt(_part("helper", "first"))
    assert _numbers(found) == [[6, 7, 8, 9, 10], [26, 27]]


def test_a_file_that_was_not_handed_in_has_no_excerpt() -> None:
    assert _excerpt(_part("first", file="t.py")) is None


def test_the_last_definition_of_a_name_is_not_the_only_one_shown() -> None:
    assert _numbers(_excerpt(_part("f"), "def f(): pass\nx = 1\ndef f(): pass\n")) == [[1], [3]]


def test_a_function_that_the_error_went_through_is_shown_with_its_line_marked() -> None:
    frames = (Frame("s.py", 24, "third", ""), Frame("s.py", 27, "helper", ""))
    result = replace(WRONG, failure=Failure("IndexError", "out of range", frames))
    found = _excerpt(_part("third"), result=result)
    assert found is not None
    assert _numbers(found) == [[23, 24], [26, 27]]
    marked = {
        line.number: [note.error for note in line.notes] for run in found.runs for line in run
    }
    assert marked[24] == ["on the way to the error"]
    assert marked[27] == ["IndexError"]
    assert found.marked


def test_no_line_of_an_excerpt_has_an_anchor() -> None:
    result = replace(WRONG, failure=Failure("E", "", (Frame("s.py", 9, "first", ""),)))
    found = _excerpt(_part("first"), result=result)
    assert found is not None
    assert not any(line.anchor for run in found.runs for line in run)


def test_if_some_classes_are_right_only_the_others_are_shown() -> None:
    checks = (
        Check("Add", Status.CORRECT, Fraction(1), Fraction(1)),
        Check("helper", Status.WRONG, Fraction(0), Fraction(1)),
    )
    found = _excerpt(_part("Add", "helper"), result=replace(WRONG, checks=checks))
    assert _numbers(found) == [[26, 27]]


def test_a_file_that_is_not_python_is_searched_by_its_lines() -> None:
    broken = "x = (\n\ndef first(x):\n    return x +\n\n\n# a remark\nclass Add:\n    pass\n"
    assert _numbers(_excerpt(_part("first"), broken)) == [[3, 4]]
    assert _numbers(_excerpt(_part("Add"), broken)) == [[8, 9]]


@pytest.mark.parametrize("source", ["", "\x00", "\ud800", "def first(:", "(" * 10_000])
def test_no_source_stops_a_page(source: str) -> None:
    assert _excerpt(_part("missing"), source) is None


def test_long_code_is_shortened_and_a_marked_line_stays() -> None:
    lines = [f"    x += {n}" for n in range(300)]
    source = "\n".join(["def f(x):", *lines])
    result = replace(WRONG, failure=Failure("E", "", (Frame("s.py", 250, "f", ""),)))
    found = _excerpt(_part("f"), source, result)
    assert found is not None
    shown = [number for run in _numbers(found) for number in run]
    assert len(shown) == MOST_LINES
    assert {1, 246, 250, 254} <= set(shown)
    assert found.left_out == 301 - MOST_LINES


def test_windows_line_ends_do_not_move_the_lines() -> None:
    assert _numbers(_excerpt(_part("g"), "def f():\r\n    pass\r\ndef g():\r\n    pass\r\n")) == [
        [3, 4]
    ]


FILES = sorted(
    path
    for folder in ("grader", "reference", "submissions", "tests/report")
    for path in (Path(__file__).parents[2] / folder).rglob("*.py")
)


def _parsed(source: str) -> list[excerpts._Definition]:
    found = excerpts._in_tree(ast.parse(source))
    return sorted((each for each in found if each.top), key=lambda each: each.first)


@pytest.mark.parametrize(
    "source",
    [
        "import a\n\n\ndef f(x):\n    return x\n\n\n# g\n@cache\n@other(\n  1,\n)\ndef g():\n  0\n",
        'def f():\n    """A text\nat the margin\n"""\n    # the end\n\n\nx = f(\n    a=1,\n)\n',
        "class A(B):\n    def f(self):\n        pass\n\n    y = 1\n\nx = y[0] = 3\nprint(x)\n",
        "a, b = 1, 2\nnp.c = d\nfor e in a:\n    f = 1\n",
        'def f():\n    pass\nif __name__ == "__main__":\n    a = f()\n    print(a)\n',
        "x = [\n    1,\n]\n'''a\ndef f():\n'''\nasync def g(): a = 1; b = 2\n",
    ],
)
def test_plain_files_are_not_parsed(source: str) -> None:
    assert excerpts._by_statements(source) == _parsed(source)


@pytest.mark.parametrize(
    "source",
    [
        "if x:\n    y = 1\n",
        'if __name__ == "__main__":\n    def f():\n        pass\n',
        'if __name__ == "__main__" and x:\n    y = 1\n',
        'if __name__ == "solution":\n    y = 1\n',
        "print(\n    1); x = 2\n",
        "x = [\n    1,\n]; y = 2\n",
        "x = y = 1\n",
        "x = 1; y = 2\n",
        "x = [\ny\n]\n",
        "x = [\ny == 1]\nz = 2\n",
        "x = \\\n  1 + \\\ny\n",
        "x: int = 1\n",
        "\ufeffx = 1\n",
        "\uff46 = 1\n",
        "x = ')'\ny = 1\n",
        "a + b\n",
    ],
)
def test_what_is_not_plain_is_parsed(source: str) -> None:
    assert excerpts._by_statements(source) is None


def test_a_file_is_read_as_python_reads_it() -> None:
    looked_at = 0
    for path in FILES:
        source = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
        found = excerpts._by_statements(source)
        if found is not None:
            with contextlib.suppress(SyntaxError, ValueError):
                assert found == _parsed(source), path
                looked_at += 1
    assert looked_at > len(FILES) / 2


@pytest.mark.parametrize(
    "source",
    [
        'if __name__ != "__main__":\n    f = abs\n',
        'if __name__ == "solution":\n    f = abs\n',
        'if __name__ == "__main__":\n    pass\nelse:\n    f = abs\n',
    ],
)
def test_what_is_assigned_when_a_file_is_imported_is_shown(source: str) -> None:
    assert _numbers(_excerpt(_part("f"), source)) == [[source.count("\n")]]


def test_what_is_assigned_when_a_file_is_run_by_itself_is_not_shown() -> None:
    source = 'def f():\n    pass\n\n\nif (__name__ == "__main__"):\n    f = abs\n'
    assert _numbers(_excerpt(_part("f"), source)) == [[1, 2]]


@pytest.mark.parametrize("source", ["    return x\n", "", "  )\n  # nothing\n"])
def test_a_file_that_is_indented_throughout_has_a_page(source: str) -> None:
    failure = Failure("IndentationError", "unexpected indent", (Frame("s.py", 1, "<module>", ""),))
    assert _excerpt(_part("f"), source, replace(WRONG, failure=failure)) is None
