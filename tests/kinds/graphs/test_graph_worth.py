"""Which rows of a graph only copy another, and what is hard in a graph."""

from __future__ import annotations

from typing import Any

import pytest

from grader.kinds.graphs import graph_rows
from grader.kinds.graphs.graph_operations import OPERATIONS
from grader.kinds.graphs.graph_rows import Graph
from grader.kinds.graphs.graph_worth import copies, counted, difficulties

INPUTS = ["x", "y"]


def graph(*rows: tuple[str, str, list[Any]]) -> Graph:
    numbers = [name for name, operation in OPERATIONS.items() if operation.partials]
    return graph_rows.read([list(row) for row in rows], INPUTS, numbers)


@pytest.mark.parametrize(
    ("operation", "operands"),
    [
        ("add", ["x", 0]),
        ("add", [0, "x", 0.0]),
        ("add", ["x", "zero"]),
        ("sub", ["x", 0]),
        ("mul", ["x", 1]),
        ("mul", [2, "x", 0.5]),
        ("div", ["x", 1]),
        ("pow", ["x", 1]),
    ],
)
def test_a_row_with_the_value_and_slope_of_its_operand_is_a_copy(
    operation: str, operands: list[Any]
) -> None:
    rows = [("zero", "sub", [1, 1]), ("c", operation, operands), ("d", "mul", ["c", "y"])]
    assert copies(graph(*rows)) == {"c"}


@pytest.mark.parametrize(
    ("operation", "operands"),
    [
        ("add", ["x", 1]),
        ("add", ["x", "y"]),
        ("add", ["x", "x"]),
        ("sub", [0, "x"]),
        ("mul", ["x", 2]),
        ("mul", ["x", "y"]),
        ("div", [1, "x"]),
        ("div", ["x", 0]),
        ("pow", ["x", 2]),
        ("pow", [1, "x"]),
        ("sin", ["x"]),
        ("neg", ["x"]),
    ],
)
def test_a_row_that_does_something_is_no_copy(operation: str, operands: list[Any]) -> None:
    assert not copies(graph(("c", operation, operands), ("d", "mul", ["c", "y"])))


def test_what_undoes_an_earlier_row_is_a_copy() -> None:
    rows = graph(
        ("a", "neg", ["x"]),
        ("b", "neg", ["a"]),
        ("c", "neg", ["b"]),
        ("d", "mul", ["x", 4]),
        ("e", "div", ["d", 4]),
        ("f", "add", ["x", 3]),
        ("g", "sub", ["f", 3]),
        ("h", "sub", [3, "f"]),
    )
    assert copies(rows) == {"b", "c", "e", "g", "h"}


def test_the_same_form_of_another_node_is_no_copy() -> None:
    assert not copies(graph(("a", "neg", ["x"]), ("b", "neg", ["y"]), ("c", "add", ["a", "b"])))


def test_rows_that_nothing_depends_on_or_that_never_vary_do_not_count() -> None:
    rows = graph(
        ("one", "sub", [3, 2]),
        ("idle", "sin", ["x"]),
        ("a", "mul", ["x", "one"]),
        ("b", "add", ["a", "y"]),
    )
    assert counted(rows) == ["a", "b"]
    assert difficulties(rows) == ()


@pytest.mark.parametrize(
    ("rows", "hard"),
    [
        ([("a", "add", ["x", "y"])], ()),
        ([("a", "mul", ["x", 3]), ("b", "div", ["a", 2]), ("c", "sub", ["b", "y"])], ()),
        ([("a", "mul", ["x", "y"])], ("product",)),
        ([("a", "div", [1, "x"])], ("product",)),
        ([("a", "cos", ["x"])], ("trigonometric",)),
        ([("a", "log", ["x"])], ("exponential",)),
        ([("a", "pow", ["x", 2])], ("exponential",)),
        ([("a", "pow", ["x", 1])], ()),
        ([("a", "add", ["x", "y"]), ("b", "sub", ["a", "x"])], ("shared",)),
        (
            [("a", "sin", ["x"]), ("b", "exp", ["x"]), ("c", "mul", ["a", "b"])],
            ("product", "trigonometric", "exponential", "shared"),
        ),
    ],
)
def test_what_is_hard_in_a_graph_is_told(rows: Any, hard: tuple[str, ...]) -> None:
    assert difficulties(graph(*rows)) == hard
