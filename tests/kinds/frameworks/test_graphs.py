"""Random graphs: safe, whole, and the same every time."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import CourseError
from grader.kinds.frameworks.expected_graphs import ExpectedGraph, expect
from grader.kinds.frameworks.graphs import Builder, Group, Node, Program, programs
from tests.kinds.framework import NAMES

GROUPS: tuple[Group, ...] = get_args(Group)
SEEDS = st.integers(0, 2**32 - 1)


def made(group: Group, seed: int, count: int = 2) -> list[Program]:
    return programs(group, count, np.random.default_rng(seed), chain=30, levels=40)


def expected(program: Program) -> ExpectedGraph:
    return expect("shared", program, np.random.default_rng(0))


def node_operands(node: Node) -> list[int]:
    operands = () if node.operation == "input" else node.operands
    return [operand for operand in operands if isinstance(operand, int)]


@pytest.mark.parametrize("group", GROUPS)
@given(seed=SEEDS)
@settings(max_examples=15)
def test_every_node_leads_to_the_output(group: Group, seed: int) -> None:
    for program in made(group, seed):
        needed = {len(program.nodes) - 1}
        for number in reversed(range(len(program.nodes))):
            assert number in needed
            needed.update(node_operands(program.nodes[number]))


@pytest.mark.parametrize("group", GROUPS)
@given(seed=SEEDS)
@settings(max_examples=15)
def test_operands_stand_before_what_is_made_of_them(group: Group, seed: int) -> None:
    for program in made(group, seed):
        for number, node in enumerate(program.nodes):
            assert all(operand < number for operand in node_operands(node))


@pytest.mark.parametrize("group", ["chains", "shared", "operators"])
@given(seed=SEEDS)
@settings(max_examples=15)
def test_values_are_moderate_and_gradients_finite(group: Group, seed: int) -> None:
    for program in made(group, seed):
        graph = expected(program)
        assert np.all(np.abs(graph.values) <= 250)
        assert np.all(np.isfinite(graph.grads))
        assert graph.grads[-1] == 1


@given(seed=SEEDS)
@settings(max_examples=15)
def test_chains_share_nothing(seed: int) -> None:
    for program in made("chains", seed):
        uses = [program.uses(number) for number in range(len(program.nodes))]
        assert uses == [1] * (len(uses) - 1) + [0]


@pytest.mark.parametrize("group", GROUPS)
def test_programs_are_the_same_for_a_seed_and_others_for_another(group: Group) -> None:
    assert made(group, 1) == made(group, 1)
    if group != "linear":
        assert made(group, 1) != made(group, 2)


@pytest.mark.parametrize("group", ["chains", "shared", "operators"])
@given(seed=SEEDS)
@settings(max_examples=10)
def test_whichever_class_failed_there_are_graphs_left(group: Group, seed: int) -> None:
    found = made(group, seed)
    for failed in NAMES:
        assert any(failed not in program.classes for program in found)
    assert any(not program.classes for program in found)


@pytest.mark.parametrize("group", ["chains", "shared"])
@pytest.mark.parametrize("name", NAMES)
def test_each_class_that_works_alone_is_tried_alone(group: Group, name: str) -> None:
    assert any(program.classes == {name} for program in made(group, 0))


def test_the_operators_are_tried_with_a_number_on_either_side() -> None:
    sides = {
        (node.operation, tuple(isinstance(operand, float) for operand in node.operands))
        for program in made("operators", 0)
        for node in program.nodes
        if len(node.operands) == 2
    }
    for name in ("add", "sub", "mul", "div", "pow"):
        assert {(name, (True, False)), (name, (False, True))} <= sides


def test_the_classes_without_an_operator_are_tried_with_plain_numbers_as_well() -> None:
    plain = {
        (node.operation, tuple(isinstance(operand, float) for operand in node.operands))
        for program in made("operators", 0)
        for node in program.nodes
    }
    for name in ("Min", "Max"):
        assert {(name, (True, False)), (name, (False, True))} <= plain
    for name in ("Inv", "Ln", "Sin", "Cos", "Tan"):
        assert (name, (True,)) in plain


def bases(program: Program) -> list[tuple[float, Any]]:
    values = expected(program).values
    return [
        (values[node.operands[0]], node.operands[1])
        for node in program.nodes
        if node.operation == "pow" and isinstance(node.operands[0], int)
    ]


def test_a_square_of_a_negative_number_is_tried() -> None:
    found = [pair for program in made("operators", 0) for pair in bases(program)]
    assert any(base < 0 and exponent == 2.0 for base, exponent in found)


@pytest.mark.parametrize("group", ["chains", "shared", "operators"])
@given(seed=SEEDS)
@settings(max_examples=15)
def test_a_negative_base_has_no_variable_in_its_exponent(group: Group, seed: int) -> None:
    for program in made(group, seed):
        assert all(base > 0 or isinstance(exponent, float) for base, exponent in bases(program))


def test_a_variable_exponent_at_a_negative_base_is_refused() -> None:
    builder = Builder()
    base, exponent = builder.input(-1.5), builder.input(2.0)
    assert builder.apply("pow", base, exponent) is None
    assert builder.apply("pow", base, 2.0) == 2


@pytest.mark.parametrize(
    ("operation", "inputs"),
    [
        ("Ln", [0.1]),
        ("Ln", [-1.0]),
        ("Inv", [0.1]),
        ("div", [1.0, 0.1]),
        ("Tan", [1.5707]),
        ("pow", [0.1, 2.0]),
        ("Min", [1.0, 1.05]),
        ("mul", [10.0, 10.0]),
        ("sub", [1.0, 1.0]),
    ],
)
def test_what_is_not_safe_is_not_built(operation: str, inputs: list[float]) -> None:
    builder = Builder()
    numbers = [builder.input(value) for value in inputs]
    assert builder.apply(operation, *numbers) is None
    assert len(builder.nodes) == len(inputs)


def test_the_smallest_of_a_variable_and_itself_is_safe() -> None:
    builder = Builder()
    x = builder.input(2.0)
    assert builder.apply("Min", x, x) == 1
    graph = expected(Program(tuple(builder.nodes)))
    np.testing.assert_array_equal(graph.grads, [1, 1])


@pytest.mark.parametrize(
    ("nodes", "grads"),
    [
        ([Node("input", (3.0,)), Node("mul", (0, 0))], [6, 1]),
        ([Node("input", (2.0,)), Node("pow", (0, 3.0))], [12, 1]),
        ([Node("input", (4.0,)), Node("sub", (2.0, 0))], [-1, 1]),
        ([Node("input", (4.0,)), Node("div", (2.0, 0))], [-1 / 8, 1]),
        ([Node("input", (1.0,)), Node("pow", (2.0, 0))], [2 * np.log(2), 1]),
        (
            [Node("input", (3.0,)), Node("mul", (0, 0)), Node("add", (0, 1)), Node("neg", (2,))],
            [-7, -1, -1, 1],
        ),
        ([Node("input", (5.0,)), Node("input", (2.0,)), Node("Max", (0, 1))], [1, 0, 1]),
    ],
)
def test_gradients_are_the_known_ones(nodes: list[Node], grads: list[float]) -> None:
    np.testing.assert_allclose(expected(Program(tuple(nodes))).grads, grads, rtol=1e-14)


def test_a_graph_without_a_finite_gradient_is_a_fault_of_the_course() -> None:
    nodes = (Node("input", (-2.0,)), Node("input", (2.0,)), Node("pow", (0, 1)))
    with pytest.raises(CourseError, match="a graph has no finite gradient"):
        expected(Program(nodes))


def test_forty_levels_have_a_gradient_of_two_to_the_fortieth() -> None:
    plus, times = made("linear", 0)
    for program in (plus, times):
        graph = expected(program)
        assert graph.grads[0] == 2.0**40
        assert all(left == 2 * right for left, right in pairwise(graph.grads))


def test_a_program_can_be_pasted() -> None:
    nodes = (
        Node("input", (1.5,)),
        Node("Sin", (0,)),
        Node("sub", (2.0, 1)),
        Node("neg", (2,)),
        Node("Min", (3, 0)),
    )
    assert Program(nodes).source() == (
        "x0 = Variable(1.5)\n"
        "v1 = Sin.forward(x0)\n"
        "v2 = 2.0 - v1\n"
        "v3 = -v2\n"
        "v4 = Min.forward(v3, x0)\n"
        "v4.backward()"
    )


def test_a_long_program_is_shortened_in_the_middle() -> None:
    (plus, _) = made("linear", 0)
    lines = plus.source(limit=10).splitlines()
    assert lines[0] == "x0 = Variable(1.5)"
    assert lines[6] == "# … 33 more lines of this kind"
    assert lines[-1] == "v40.backward()"
    assert len([line for line in lines if " = " in line and "#" not in line]) + 33 == 41


def test_numbers_and_nodes_are_told_apart_on_the_wire() -> None:
    program = Program((Node("input", (2.0,)), Node("sub", (1.0, 0))))
    assert program.rows() == [["input", 2.0], ["sub", [1.0], 0]]


def test_terms_that_cancel_leave_room_for_their_rounding() -> None:
    # x0 · 1000 - x0 · 999.9: the gradient of x0 is far smaller than what is subtracted.
    rows = [("input", (1.7,)), ("mul", (0, 1000.0)), ("mul", (0, 999.9)), ("sub", (1, 2))]
    found = expected(Program(tuple(Node(name, operands) for name, operands in rows)))
    assert found.grads[0] == pytest.approx(0.1)
    assert found.grads_move["float32"][0] > 1000 * 2.0**-25
    assert found.grads_move["float64"][0] < 1e-11
