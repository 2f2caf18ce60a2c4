"""`computation_graph`: which graphs are right, and what is said of those that are not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import CourseError
from grader.kinds.base import Planning
from grader.kinds.graphs import graph_operations, graph_rows
from grader.kinds.graphs.computation_graph import ComputationGraph
from grader.kinds.graphs.graph_operations import OPERATIONS
from grader.records import Observation, Outcome, Status
from tests.kinds.course import taught
from tests.kinds.student import Result, grade, judge, part, plan, reference

ASKED, COURSE = taught("autodiff-and-optimizers", "p1-scalar-graph", "p1-graph")
GATE, GATE_COURSE = taught("backprop-and-costs", "q2-backprop", "q2-graph")
BASE: list[Any] = COURSE.loaded.p1_graph()
GATE_ROWS: list[Any] = GATE_COURSE.loaded.q2_graph()


def graded(rows: Any) -> Result:
    return grade(ASKED, COURSE, p1_graph=lambda: rows)


def gate_graded(rows: Any) -> Result:
    return grade(GATE, GATE_COURSE, q2_graph=lambda: rows)


OTHERS: dict[str, Any] = {
    "lists": [list(row) for row in BASE],
    "flat rows": [(name, op, *inputs) for name, op, inputs in BASE],
    "dict": {name: (op, inputs) for name, op, inputs in BASE},
    "dicts": [{"node": name, "op": op, "inputs": inputs} for name, op, inputs in BASE],
    "signs": [
        ("a", "*", ("x1", "x2")),
        ("b", "SIN", "x3"),
        ("c", "Multiply", ["a", "b"]),
        ("d", " Exp ", "a"),
        ("e", "+", ["c", "d"]),
        ("f", "/", ["e", "x3"]),
    ],
    "a power": [
        ("a", "mul", ["x2", "x1"]),
        ("r", "pow", ["x3", -1]),
        ("b", "sin", ["x3"]),
        ("c", "mul", ["a", "b", "r"]),
        ("d", "exp", ["a"]),
        ("e", "mul", ["d", "r"]),
        ("f", "add", ["c", "e"]),
    ],
    "two minuses": [
        ("a", "mul", ["x1", "x2"]),
        ("n", "-", ["a"]),
        ("m", "neg", ["n"]),
        ("b", "sin", ["x3"]),
        ("c", "mul", ["m", "b"]),
        ("d", "exp", ["m"]),
        ("e", "-", ["c", 0]),
        ("g", "add", ["e", "d", 0.0]),
        ("f", "div", ["g", "x3"]),
    ],
    "a shifted sine": [
        ("q", "sub", [math.pi / 2, "x3"]),
        ("b", "cos", ["q"]),
        ("a", "mul", ["x1", "x2"]),
        ("c", "mul", ["a", "b"]),
        ("d", "exp", ["a"]),
        ("e", "add", ["c", "d"]),
        ("one", "div", [np.float64(1), "x3"]),
        ("f", "mul", ["e", "one"]),
    ],
    "a number as text": [
        ("a", "mul", ["x1", "x2"]),
        ("b", "sin", ["x3"]),
        ("c", "mul", ["a", "b"]),
        ("d", "exp", ["a"]),
        ("k", "mul", ["d", "1.0"]),
        ("e", "add", ["c", "k"]),
        ("f", "div", ["e", "x3"]),
    ],
}


@pytest.mark.parametrize("form", OTHERS)
def test_any_decomposition_that_computes_the_function_is_right(form: str) -> None:
    result = graded(OTHERS[form])
    assert (result.status, result.points) == (Status.CORRECT, 1)
    assert (result.cases_right, result.cases_total) == (30, 30)


def test_rows_that_are_not_used_cost_nothing_and_are_told() -> None:
    result = graded([("u", "cos", ["x1"]), *BASE])
    assert result.points == 1
    assert result.summary == (
        "Right: evaluating your 7 rows gives the function; v6 is the output. "
        "Not used for the result, and free to stay: u."
    )
    assert {n.name: n.state for n in result.figures[0].nodes}["u"] == "plain"


def test_the_graph_is_drawn() -> None:
    (figure,) = graded(BASE).figures
    assert [node.name for node in figure.nodes] == [
        *("x1", "x2", "x3"),
        *("v1", "v2", "v3", "v4", "v5", "v6"),
    ]
    assert figure.nodes[3].label == "v1 = mul: x1, x2"
    assert ("v1", "v4") in figure.edges
    assert {node.state for node in figure.nodes} == {"right"}
    assert figure.text.startswith("v1 = mul: x1, x2; v2 = sin: x3; ")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (3, "A value of type int came back; expected a list of rows (node, op, inputs)."),
        (None, "A value of type None came back; expected a list of rows (node, op, inputs)."),
        ([], "The list of rows is empty; expected a row (node, op, inputs) for each operation."),
        (
            [("v1", "mul")],
            (
                "Row 1 is ['v1', 'mul']; expected (node, op, inputs), such as ('v3', 'mul', "
                "['v1', 'x2']), with short names."
            ),
        ),
        (
            [(1, "sin", "x1")],
            (
                "Row 1 is [1, 'sin', 'x1']; expected (node, op, inputs), such as ('v3', 'mul', "
                "['v1', 'x2']), with short names."
            ),
        ),
        (
            [("v1", "sinus", ["x1"])],
            (
                "Row 1 (v1) has the op 'sinus'; expected one of add, sub, mul, div, neg, sin, cos, "
                "exp, log, pow. Is sin meant?"
            ),
        ),
        (
            [("v1", "relu", ["x1"])],
            (
                "Row 1 (v1) has the op 'relu'; expected one of add, sub, mul, div, neg, sin, cos, "
                "exp, log, pow."
            ),
        ),
        (
            [BASE[2], BASE[0], BASE[1]],
            (
                "Row 1 (v3) uses v1, which is defined only in row 2: put every row after those "
                "that it uses; if that cannot be done, the graph has a cycle."
            ),
        ),
        (
            [("v1", "add", ["x1", "v1"])],
            "Row 1 (v1) uses v1 itself: a computation graph has no cycle.",
        ),
        (
            [BASE[0], BASE[0]],
            "Row 2 is called v1, as row 1 is; every node needs its own name.",
        ),
        (
            [("v1", "sin", ["x1", "x2"])],
            "Row 1 (v1): sin takes 1, found 2 inputs.",
        ),
        (
            [("v1", "mul", ["x1"])],
            "Row 1 (v1): mul takes at least 2, found 1 input.",
        ),
        (
            [BASE[0], ("v2", "sin", ["v11"])],
            "Row 2 (v2) uses v11, which is neither an input nor a node; is v1 meant?",
        ),
        (
            [("v1", "sin", ["w"])],
            "Row 1 (v1) uses w, which is neither an input nor a node.",
        ),
        (
            [("v1", "sin", [None])],
            "Row 1 (v1) uses None; expected inputs, finite numbers or earlier nodes.",
        ),
        (
            [("v1", "sin", [math.nan])],
            "Row 1 (v1) uses nan; expected inputs, finite numbers or earlier nodes.",
        ),
        (
            [("v0", "input", ["x1"])],
            (
                "Row 1 (v0) has the op 'input'; inputs and numbers need no row: write them where "
                "they are used."
            ),
        ),
        (
            [("x1", "mul", ["x1", "x2"])],
            "Row 1 is called x1, which is an input; give the node another name.",
        ),
        ([BASE[0]] * 501, "501 rows came back; at most 500 are looked at."),
    ],
)
def test_a_fault_of_the_rows_is_told_with_its_row(rows: Any, says: str) -> None:
    result = graded(rows)
    assert (result.status, result.points, result.summary) == (Status.WRONG, 0, says)
    assert result.hint


@pytest.mark.parametrize("mistake", ASKED.mistakes, ids=lambda mistake: mistake.name)
def test_a_graph_with_a_known_slip_is_recognised(mistake: Any) -> None:
    slipped: list[Any] = COURSE.function(mistake.function)()
    result = graded(slipped)
    assert (result.mistake, result.points) == (mistake.name, 0)
    assert result.summary == " ".join(mistake.says.split())
    # Another graph of the same function has the same slip.
    last = slipped[-1][0]
    result = graded([*slipped, ("n", "neg", [last]), ("m", "neg", ["n"])])
    assert result.mistake == mistake.name


def test_each_declared_mistake_has_an_example() -> None:
    examples = ComputationGraph().mistaken(ASKED, PLANNED, Planning(COURSE, 0))
    for example, mistake in zip(examples, ASKED.mistakes, strict=True):
        assert example.mistake == mistake.name
        assert judge(ASKED, COURSE, PLANNED, example.observations).mistake == mistake.name


def test_the_first_point_at_which_a_graph_differs_is_told() -> None:
    result = graded([*BASE[:-1], ("v6", "div", ["v5", "x2"])])
    (report,) = result.visible
    assert result.summary.startswith("The last row, v6, is ")
    assert result.summary.endswith("(0 of 30 cases are right.)")
    assert report.call.startswith("x1 = ")
    assert {n.name: n.state for n in result.figures[0].nodes}["v6"] == "wrong"


def test_logarithms_that_are_not_defined_everywhere_are_told() -> None:
    logs = [
        ("l1", "log", ["x1"]),
        ("l2", "log", ["x2"]),
        ("s", "add", ["l1", "l2"]),
        ("v1", "exp", ["s"]),
        *BASE[1:],
    ]
    result = graded(logs)
    assert result.points == 0
    assert "= log: x" in result.summary
    assert "has no finite value at x1 = " in result.summary


def test_a_function_that_raises_is_told() -> None:
    def stops() -> Any:
        raise KeyError("x")

    assert grade(ASKED, COURSE, p1_graph=stops).status is Status.CRASHED
    assert grade(ASKED, COURSE).summary == "solution.py has no p1_graph."


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["v1", "v2", "x1", "", "v" * 70]) | st.integers(),
        st.sampled_from(["add", "mul", "log", "pow", "-", "div", "x"]) | st.none(),
        st.lists(
            st.sampled_from(["x1", "x2", "v1", "v2", "1e400"]) | st.floats() | st.none(), max_size=3
        )
        | st.text(max_size=3),
    ).map(list),
    max_size=5,
)


@given(rows=ROWS | st.none() | st.dictionaries(st.text(max_size=3), st.floats(), max_size=3))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_from_the_sandbox_there_is_a_verdict(rows: Any) -> None:
    result = judge(ASKED, COURSE, PLANNED, [Observation(Outcome.RETURNED, rows)])
    assert result.points == 0
    assert result.summary


PLANNED = plan(ASKED, COURSE)


# ---- named nodes, vectors ------------------------------------------------------------------------


def test_named_nodes_are_each_held_against_their_quantity() -> None:
    result = gate_graded(GATE_ROWS)
    assert (result.status, result.points) == (Status.CORRECT, 0)
    assert [check.name for check in result.checks] == list(GATE.nodes)
    assert result.summary == "Right: evaluating your graph gives each of the 9 quantities."


def test_helping_nodes_between_named_ones_are_fine() -> None:
    helped = [("m", "neg", ["z1"]), ("mm", "neg", ["m"]), ("h", "relu", ["mm"])]
    assert gate_graded([GATE_ROWS[0], *helped, *GATE_ROWS[2:]]).status is Status.CORRECT


def test_a_wrong_node_is_named_with_those_after_it() -> None:
    wrong = [row if row[0] != "g1" else ("g1", "relu", ["z2"]) for row in GATE_ROWS]
    result = gate_graded(wrong)
    assert result.status is Status.PARTIAL
    assert result.summary.startswith("g1 = relu: z2: ")
    assert result.summary.endswith("Not right either: g2, y, yp, S, J.")


def test_a_node_that_is_not_there_is_told() -> None:
    result = gate_graded(GATE_ROWS[:-1])
    assert result.summary == "No row is called J."
    assert result.checks[-1].status is Status.MISSING


def test_shapes_that_do_not_fit_are_told_with_their_row() -> None:
    wrong = [("z1", "affine", ["W3", "x", "b1"]), *GATE_ROWS[1:]]
    assert gate_graded(wrong).summary.startswith("z1 = affine: W3, x, b1 cannot be evaluated: ")


# ---- the table of operations ---------------------------------------------------------------------

NUMBERS = [name for name, operation in OPERATIONS.items() if operation.partials]
TORCH: dict[str, Any] = {
    "add": lambda *a: sum(a),
    "sub": lambda a, b: a - b,
    "mul": lambda *a: torch.stack(a).prod(),
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "sin": torch.sin,
    "cos": torch.cos,
    "exp": torch.exp,
    "log": torch.log,
    "pow": torch.pow,
}


@pytest.mark.parametrize("name", NUMBERS)
def test_values_and_partials_are_those_of_torch(name: str) -> None:
    rng = np.random.default_rng(5)
    least, most = OPERATIONS[name].least, OPERATIONS[name].most
    for count in {least, most or 4}:
        numbers = rng.uniform(0.3, 2, count).tolist()
        tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in numbers]
        value = TORCH[name](*tensors)
        slopes = [float(slope) for slope in torch.autograd.grad(value, tensors)]
        assert float(graph_operations.evaluate(name, numbers)) == pytest.approx(
            float(value.detach())
        )
        assert graph_operations.partials(name, numbers) == pytest.approx(slopes)


def test_vectors_are_those_of_torch_and_large_scores_stay_finite() -> None:
    scores = np.array([1000.0, -1000.0, 999.0])
    for name in ("softmax", "sigmoid", "relu"):
        wanted = getattr(torch, name)(torch.tensor(scores), *([0] if name == "softmax" else []))
        np.testing.assert_allclose(graph_operations.evaluate(name, [scores]), wanted, atol=1e-15)
    with pytest.raises(ValueError, match="there is no entry 3 in a vector of 3"):
        graph_operations.evaluate("log_at", [scores, 3])
    with pytest.raises(ValueError, match="there is no entry -1 in a vector of 3"):
        graph_operations.evaluate("log_at", [scores, -1])
    with pytest.raises(ValueError, match="relu works on vectors"):
        graph_operations.partials("relu", [1.0])


def test_a_product_with_a_zero_still_has_its_partials() -> None:
    assert graph_operations.partials("mul", [0.0, 3.0, 2.0]) == [6.0, 0.0, 0.0]


def test_a_plain_exponent_is_no_obstacle_at_a_negative_base() -> None:
    graph = graph_rows.read([["v1", "pow", ["x1", 3]]], ["x1"], ["pow"])
    assert graph_rows.adjoints(graph, {"x1": -2.0, "v1": -8.0})["x1"] == 12


# ---- faults of the course ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"operations": ["sine"]}, "found 'sine'"),
        ({"inputs": {}}, "expected the inputs of the graph, found none"),
        (
            {"nodes": ["v"], "mistakes": [{"name": "m", "function": "f", "says": "It is wrong."}]},
            "mistakes are about the last row",
        ),
    ],
)
def test_a_part_that_cannot_be_is_refused(given: dict[str, Any], says: str) -> None:
    base = {"function": "g", "of": "f", "operations": ["add"], "inputs": {"x": {"normal": []}}}
    with pytest.raises(ValidationError, match=says):
        part("computation_graph", **{**base, **given})


@pytest.mark.parametrize(
    ("functions", "says"),
    [
        ({"f": lambda x: x / 0}, "gives no finite number"),
        ({"f": lambda x: x.q}, "the reference fails for"),
        ({"f": lambda x: x, "m": list}, "the reference fails for"),
        (
            {"f": lambda x: 2 * x, "m": lambda: [["v", "add", ["x", "x"]]]},
            "'m' equals the right answer in every case",
        ),
    ],
)
def test_a_reference_that_does_not_work_is_a_fault_of_the_course(
    functions: dict[str, Any], says: str
) -> None:
    mistakes = [{"name": "m", "function": "m", "says": "It is wrong."}] if "m" in functions else []
    asked = part(
        "computation_graph",
        function="g",
        of="f",
        operations=["add"],
        inputs={"x": {"normal": []}},
        mistakes=mistakes,
    )
    with pytest.raises(CourseError, match=says):
        plan(asked, reference(**functions))
