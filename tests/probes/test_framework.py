"""The probe that drives a student's autograd framework."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import grader.probes
from grader.probes.framework import function_cases, graph
from tests.kinds.framework import line, student


def test_a_class_gives_its_value_and_partials_for_each_case() -> None:
    found = function_cases(student(), "Prod", [[2.0, 3.0], [1.0, 0.5]])
    assert found == {"results": [[6.0, [3.0, 2.0]], [0.5, [0.5, 1.0]]]}


@pytest.mark.parametrize("name", ["Variable", "Sin"])
def test_a_class_that_is_missing_is_named(name: str) -> None:
    module = student()
    delattr(module, name)
    assert function_cases(module, "Sin", [[1.0]]) == {"missing": name}


def test_the_cases_before_a_failure_are_kept() -> None:
    found = function_cases(student(), "Ln", [[1.0], [-1.0], [2.0]])
    assert found["results"] == [[0.0, [1.0]]]
    assert found["stopped"]["step"] == "forward"
    assert (found["stopped"]["type"], found["stopped"]["message"]) == (
        "ValueError",
        "math domain error",
    )


def test_a_failure_comes_with_the_students_lines() -> None:
    old = "lambda a: -1 / a**2"
    found = function_cases(student((old, "lambda a: a.nothing")), "Inv", [[1.0]])["stopped"]
    assert found["step"] == "backward"
    assert found["frames"][-1][1] == line(old)
    assert all(frame[0].endswith("diy_autograd.py") for frame in found["frames"])


def test_an_exception_that_cannot_be_shown_has_no_message() -> None:
    odd = (
        "def by_exponent",
        (
            "class Odd(Exception):\n    def __str__(self): raise ValueError\n"
            "def odd(a): raise Odd\ndef by_exponent"
        ),
    )
    stopped = function_cases(student(odd, ("lambda a: 1 / a,", "odd,")), "Inv", [[1.0]])["stopped"]
    assert (stopped["type"], stopped["message"]) == ("Odd", "")


def test_a_forward_that_returns_a_number_is_told() -> None:
    old = "return Variable(value(*(o.value for o in operands)), operands, Operation)"
    found = function_cases(student((old, "return 1.0")), "Inv", [[1.0]])
    assert found == {"results": [], "stopped": {"step": "forward", "returned": "float"}}


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("lambda a: 1 / a,", "lambda a: {1},", "forward"),
        ("lambda a: -1 / a**2", "lambda a: {1}", "backward"),
    ],
)
def test_a_result_that_is_no_data_is_told_with_its_step(old: str, new: str, step: str) -> None:
    found = function_cases(student((old, new)), "Inv", [[1.0]])
    says = {"step": step, "not_data": "a value of type set is not data"}
    assert found == {"results": [], "stopped": says}


def test_a_graph_gives_value_and_gradient_of_every_node() -> None:
    program: list[list[Any]] = [["input", 3.0], ["mul", 0, 0], ["sub", [1.0], 1], ["neg", 2]]
    assert graph(student(), "Variable", program) == {
        "values": [3.0, 9.0, -8.0, 8.0],
        "grads": [6.0, 1.0, -1.0, 1.0],
    }


def test_a_graph_uses_the_operators_of_variable_and_the_classes_by_name() -> None:
    program: list[list[Any]] = [
        ["input", 2.0],
        ["input", 4.0],
        ["add", 0, [1.0]],
        ["div", 1, 2],
        ["pow", [2.0], 3],
        ["Max", 4, 0],
    ]
    values = graph(student(), "Variable", program)["values"]
    assert values == [2.0, 4.0, 3.0, 4 / 3, 2 ** (4 / 3), 2 ** (4 / 3)]


@pytest.mark.parametrize("name", ["Variable", "Sin"])
def test_a_graph_names_a_class_that_is_missing(name: str) -> None:
    module = student()
    delattr(module, name)
    assert graph(module, "Variable", [["input", 1.0], ["Sin", 0]]) == {"missing": name}


def test_a_node_that_holds_no_number_is_told_with_its_place() -> None:
    module = student(("        self.grad = 1.0\n", "        self.grad = {1}\n        return\n"))
    found = graph(module, "Variable", [["input", 3.0], ["mul", 0, 0]])
    assert found == {"not_data": [1, "grad", "set"]}


def test_a_node_with_an_array_of_one_number_holds_that_number() -> None:
    single = ("= value, list(children)", "= __import__('numpy').ravel(value), list(children)")
    found = graph(student(single), "Variable", [["input", 3.0], ["mul", 0, 0]])
    assert [np.shape(number) for number in found["values"]] == [(), ()]
    assert found["grads"] == [6.0, 1.0]


def test_two_graphs_share_no_gradient() -> None:
    program: list[list[Any]] = [["input", 3.0], ["mul", 0, 0]]
    module = student()
    assert graph(module, "Variable", program) == graph(module, "Variable", program)


def test_a_gradient_that_is_not_there_is_none() -> None:
    module = student(("self.func, self.grad = value, list(children), func, 0.0",
                      "self.func = value, list(children), func"))  # fmt: skip
    old = graph(module, "Variable", [["input", 3.0]])
    assert old["grads"] == [1.0]
    broken = student(("        self.grad = 1.0\n", "        del self.grad\n        return\n"))
    assert graph(broken, "Variable", [["input", 3.0]])["grads"] == [None]


FOLDER = Path(grader.probes.__file__).parent
BESIDE_STUDENTS = {"grader.values", "grader.tracing.codes"}
BESIDE_STUDENTS |= {"grader.tracing.patches", "grader.tracing.tape", "grader.tracing.ways"}
BESIDE_STUDENTS |= {f"grader.probes.{path.stem}" for path in FOLDER.glob("*.py")}


def imported(tree: ast.AST) -> set[str]:
    """Return the modules that are imported anywhere below a node."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {item.name for item in node.names}
        if isinstance(node, ast.ImportFrom):
            home = node.module or ""
            packages = {"grader", "grader.probes", "grader.tracing"}
            found |= {f"{home}.{item.name}" for item in node.names} if home in packages else {home}
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_probe_imports_only_what_runs_beside_students(path: Path) -> None:
    allowed = {*sys.stdlib_module_names, "numpy", "torch"}
    strangers = imported(ast.parse(path.read_text(encoding="utf-8"))) - BESIDE_STUDENTS
    assert {name.split(".")[0] for name in strangers} <= allowed


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_probe_imports_torch_only_where_it_is_needed(path: Path) -> None:
    at_the_top = ast.parse(path.read_text(encoding="utf-8")).body
    plain = [node for node in at_the_top if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any(name.split(".")[0] == "torch" for node in plain for name in imported(node))
