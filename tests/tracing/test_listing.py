"""A record as an evaluation trace."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.tracing.listing import Row, input_names, output_names, rows
from grader.tracing.record import read

from .runs import flat, raw, run


def reverse(v: Any, y: Any) -> Any:
    number = v @ y
    return v * number


NAMES = ["v[0]", "v[1]", "y[0]", "y[1]"]


def test_inputs_are_named_as_in_python() -> None:
    shapes = {"v": (2,), "A": (1, 2), "c": ()}
    assert input_names(shapes) == ["v[0]", "v[1]", "A[0, 0]", "A[0, 1]", "c"]


def test_each_operation_is_a_row_with_its_value_and_its_cells() -> None:
    inputs = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    found = rows(run(reverse, *inputs), NAMES, flat(*inputs))
    assert found == [
        Row("z1", "v[0] * y[0]", 0, "*", ("v[0]", "y[0]"), 3.0, 5, True),
        Row("z2", "v[1] * y[1]", 0, "*", ("v[1]", "y[1]"), 8.0, 5, False),
        Row("z3", "z1 + z2", 0, "+", ("z1", "z2"), 11.0, 5, True, ("z1", "z2")),
        Row("z4", "v[0] * z3", 0, "*", ("v[0]", "z3"), 11.0, 6, True),
        Row("z5", "v[1] * z3", 0, "*", ("v[1]", "z3"), 22.0, 7, True),
    ]


def test_constants_functions_signs_and_comparisons_are_written_out() -> None:
    def mixed(v: Any) -> Any:
        positive = v[0] > 0
        return [np.exp(-v[0] / 2), np.maximum(v[1], 0.5) ** 2, 1 if positive else 0]

    inputs = [1.0, 2.0]
    found = rows(run(mixed, np.array(inputs)), NAMES[:2], inputs)
    assert [(row.name, row.text) for row in found] == [
        ("", "v[0] > 0 is True"),
        ("z1", "-v[0]"),
        ("z2", "z1 / 2"),
        ("z3", "exp(z2)"),
        ("z4", "maximum(v[1], 0.5)"),
        ("z5", "z4 ** 2"),
    ]


def test_what_is_returned_has_names() -> None:
    record = run(lambda v: [v[0] * v[1], v[0], 3], np.array([1.0, 2.0]))
    assert output_names(record, NAMES[:2]) == ["z1", "v[0]", "3"]


def test_lines_are_kept_with_the_rows() -> None:
    found = raw(reverse, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    lines = np.arange(len(found["codes"]))
    listed = rows(read(found, 4), NAMES, [1.0, 2.0, 3.0, 4.0], lines)
    assert [row.line for row in listed] == [0, 1, 2, 5, 6]
