"""The probe that asks for a graph and its trace."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.probes.graphs import graph_and_trace


def module(**names: Any) -> ModuleType:
    made = ModuleType("submission")
    vars(made).update(names)
    return made


def test_rows_and_trace_come_back_as_data() -> None:
    student = module(graph=lambda: [("v1", "sin", ("x1",))], trace=lambda: {"v1": (1, np.pi)})
    assert graph_and_trace(student, "trace", "graph") == {
        "graph": [["v1", "sin", ["x1"]]],
        "trace": {"v1": [1, np.pi]},
    }


def test_the_graph_is_asked_for_first() -> None:
    called: list[str] = []

    def note(name: str) -> list[Any]:
        called.append(name)
        return []

    student = module(graph=lambda: note("graph"), trace=lambda: note("trace"))
    graph_and_trace(student, "trace", "graph")
    assert called == ["graph", "trace"]


@pytest.mark.parametrize("missing", ["graph", "trace"])
def test_a_missing_function_is_named(missing: str) -> None:
    student = module(**{name: list for name in ("graph", "trace") if name != missing})
    assert graph_and_trace(student, "trace", "graph") == {"missing": missing}


def test_what_is_no_function_counts_as_missing() -> None:
    student = module(graph=[], trace=list)
    assert graph_and_trace(student, "trace", "graph") == {"missing": "graph"}


def test_an_exception_of_the_student_is_left_to_the_sandbox() -> None:
    def stops() -> Any:
        raise KeyError("x1")

    with pytest.raises(KeyError, match="x1"):
        graph_and_trace(module(graph=stops, trace=list), "trace", "graph")


@pytest.mark.parametrize("function", ["graph", "trace"])
def test_a_function_that_gives_no_data_is_named(function: str) -> None:
    given = {"graph": list, "trace": dict, function: lambda: {1, 2}}
    assert graph_and_trace(module(**given), "trace", "graph") == {
        "not_data": [function, "a value of type set is not data"]
    }


def test_a_graph_may_come_from_a_generator() -> None:
    rows = [("v", "neg", ["x"])]
    found = graph_and_trace(module(graph=lambda: iter(rows), trace=dict), "trace", "graph")
    assert found == {"graph": [["v", "neg", ["x"]]], "trace": {}}
