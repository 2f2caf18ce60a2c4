"""`autograd_framework`: backward on whole graphs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from grader.kinds.base import PartPlan
from grader.records import (
    Check,
    Failure,
    Frame,
    Observation,
    Outcome,
    PartResult,
    Status,
)
from tests.kinds import framework
from tests.kinds.student import Result, judge, observe, part, plan, reference, texts

COURSE = reference()
GROUPS = {"chains": 1, "shared": 2, "operators": 1, "linear": 1}
ASKED = part(
    "autograd_framework",
    points=5,
    groups=GROUPS,
    needs="q6",
    graphs_per_group=4,
    hint="Each edge brings its share.",
)


@pytest.fixture(scope="module")
def planned() -> PartPlan:
    return plan(ASKED, COURSE)


def graded(planned: PartPlan, *changes: tuple[str, str], failed: tuple[str, ...] = ()) -> Result:
    student = framework.student(*changes)
    return judged(planned, [observe(call, student) for call in planned.calls], failed)


def judged(planned: PartPlan, seen: list[Observation], failed: tuple[str, ...] = ()) -> Result:
    checks = tuple(Check(name, Status.WRONG, ASKED.points, ASKED.points) for name in failed)
    q6 = PartResult("q6", Status.PARTIAL, ASKED.points, ASKED.points, "", checks=checks)
    return judge(ASKED, COURSE, planned, seen, earlier={"q6": q6})


def right_groups(result: PartResult) -> set[str]:
    return {check.name for check in result.checks if check.status is Status.CORRECT}


def test_a_right_framework_earns_everything(planned: PartPlan) -> None:
    result = graded(planned)
    assert (result.status, result.points, result.hint) == (Status.CORRECT, 5, "")
    # Of the two graphs of the linear group, one is enough; one more call measures the work.
    assert result.summary == f"Right on all {len(planned.calls) - 2} graphs, at every Variable."


def test_assigning_where_adding_belongs_is_right_on_chains_alone(planned: PartPlan) -> None:
    result = graded(planned, ("child.grad += node.grad", "child.grad = node.grad"))
    assert (result.status, result.points) == (Status.PARTIAL, 1)
    assert right_groups(result) == {"chains"}
    assert result.summary == (
        "shared: The gradients are off. x0.grad is 3; expected 6. That Variable is used 2 times: "
        "its gradient is the sum over all uses (+= and not =), and it may be passed on only when "
        "the sum is complete. Not right either: operators, linear."
    )


@pytest.mark.parametrize(
    "order",
    [
        # depth first, each node when it is first met
        """
        found, seen, waiting = [], set(), [self]
        while waiting:
            node = waiting.pop()
            if id(node) not in seen:
                seen.add(id(node))
                found.append(node)
                waiting += node.children
        return found
""",
        # level by level, each node when it is first met
        """
        found, seen, waiting = [], set(), [self]
        while waiting:
            node = waiting.pop(0)
            if id(node) not in seen:
                seen.add(id(node))
                found.append(node)
                waiting += node.children
        return found
""",
        # the first child's side first
        """
        found, seen = [], set()
        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                found.append(node)
                for child in node.children:
                    visit(child)
        visit(self)
        return found
""",
    ],
)
def test_a_wrong_order_is_caught_where_nodes_are_shared(planned: PartPlan, order: str) -> None:
    result = graded(planned, ("        finished, seen = [], set()\n", order))
    assert "chains" in right_groups(result)
    assert "shared" not in right_groups(result)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "Add.forward(other, Prod.forward(-1.0, self))",
            "Add.forward(self, Prod.forward(-1.0, other))",
        ),
        ("Prod.forward(other, Inv.forward(self))", "Prod.forward(self, Inv.forward(other))"),
        ("Pow.forward(other, self)", "Pow.forward(self, other)"),
        ("    def __radd__(self, other): return Add.forward(other, self)\n", ""),
        ("    def __rmul__(self, other): return Prod.forward(other, self)\n", ""),
        ("    def __rsub__(", "    def unused("),
    ],
)  # fmt: skip
def test_a_broken_reflected_operator_costs_its_group_alone(
    planned: PartPlan, old: str, new: str
) -> None:
    result = graded(planned, (old, new))
    assert right_groups(result) == {"chains", "shared", "linear"}
    assert result.points == 4


def test_the_reflected_minus_is_told_with_the_program(planned: PartPlan) -> None:
    changes = (
        "Add.forward(other, Prod.forward(-1.0, self))",
        "Add.forward(self, Prod.forward(-1.0, other))",
    )
    result = graded(planned, changes)
    assert result.summary == "operators: The values are off. v1.value is -0.3; expected 0.3."
    (report,) = result.visible
    assert report.call == "x0 = Variable(1.7)\nv1 = 2.0 - x0\nv1.backward()"
    assert report.worst_index == "v1.value"


def test_an_operator_that_is_missing_is_told_without_blaming_backward(planned: PartPlan) -> None:
    line = "    def __radd__(self, other): return Add.forward(other, self)\n"
    result = graded(planned, (line, ""))
    assert result.summary == (
        "operators: Building this graph and calling backward() stopped with TypeError: "
        "unsupported operand type(s) for +: 'float' and 'Variable'."
    )


def test_work_that_grows_with_the_paths_costs_the_linear_group_alone(planned: PartPlan) -> None:
    student = framework.student()
    seen: list[Observation] = []
    for call, expected in zip(planned.calls, planned.expected, strict=True):
        if expected.group == "linear":
            outcome = (
                Outcome.NOT_RUN if seen[-1].outcome is Outcome.TIMED_OUT else Outcome.TIMED_OUT
            )
            seen.append(Observation(outcome, failure=Failure("", "It had 5 s.")))
        else:
            seen.append(observe(call, student))
    result = judged(planned, seen)
    assert (result.status, result.points) == (Status.PARTIAL, 4)
    assert result.summary == (
        "linear: backward() did not finish on 40 levels of y = y + y. That graph has 41 nodes but "
        "2^40 paths: visit each node once, in topological order, instead of following every path."
    )
    assert result.checks[-1].status is Status.TIMED_OUT
    (report,) = result.visible
    assert "more lines of this kind" in report.call


def test_recursion_is_deep_enough_for_the_longest_chain(planned: PartPlan) -> None:
    # The framework of these tests visits recursively, one frame a node.
    longest = max(len(item.program.nodes) for item in planned.expected)
    assert longest == 501
    assert graded(planned).status is Status.CORRECT


@pytest.mark.parametrize(
    "spoil",
    [
        "for node in self.topological():\n            if node.children: node.grad = 0.5",
        "for node in self.topological()[1:]:\n            if node.func: node.grad *= 2",
    ],
)
def test_the_gradients_of_intermediate_variables_count(planned: PartPlan, spoil: str) -> None:
    old = "                child.grad += node.grad * slope"
    result = graded(planned, (old, f"{old}\n        {spoil}"))
    assert result.points == 0


def test_variables_without_a_gradient_are_told(planned: PartPlan) -> None:
    old = "                child.grad += node.grad * slope"
    clear = f"{old}\n        for node in self.topological()[1:]: node.grad = None"
    result = graded(planned, (old, clear))
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert ".grad is None after backward(); expected a number for every Variable." in result.summary


def test_a_gradient_that_is_no_number_is_told_with_its_variable(planned: PartPlan) -> None:
    old = "                child.grad += node.grad * slope"
    result = graded(planned, (old, f"{old}\n        self.grad = Variable(1.0)"))
    program = planned.expected[0].program
    assert result.checks[0].says == (
        f"{program.name(len(program.nodes) - 1)}.grad holds a value of type "
        "diy_autograd.Variable; expected a number."
    )


def test_a_gradient_that_is_nearly_right_is_no_matter_of_sharing(planned: PartPlan) -> None:
    old = "child.grad += node.grad * slope"
    result = graded(planned, (old, "child.grad += node.grad * slope * (1 - 1e-7)"))
    assert result.points == 0
    assert "The values are close but not close enough" in result.summary
    assert not any("(+= and not =)" in text for text in texts(result))


def test_gradients_by_math_of_values_in_single_precision_are_right(planned: PartPlan) -> None:
    single = ("= value, list(children)", "= __import__('numpy').float32(value), list(children)")
    doubles = ("child.grad += node.grad * slope", "child.grad += float(node.grad) * float(slope)")
    assert graded(planned, single, doubles).status is Status.CORRECT


def test_a_gradient_of_nan_is_wrong_and_no_matter_of_sharing(planned: PartPlan) -> None:
    old = "child.grad += node.grad * slope"
    result = graded(planned, (old, "child.grad = math.nan"))
    assert result.points == 0
    assert not any("(+= and not =)" in text for text in texts(result))


@pytest.mark.parametrize(("key", "first"), [("values", 1), ("grads", 3)])
def test_the_first_node_to_go_wrong_is_named_and_not_what_follows_from_it(
    planned: PartPlan, key: str, first: int
) -> None:
    seen = [observe(call, framework.student()) for call in planned.calls]
    program = planned.expected[0].program
    answer: Any = seen[0].value
    spoiled = [
        number + 1000 if at == 1 else number + 1 if at == 3 else number
        for at, number in enumerate(answer[key])
    ]
    seen[0] = Observation(Outcome.RETURNED, {**answer, key: spoiled})
    (report,) = judged(planned, seen).visible
    assert report.worst_index == f"{program.name(first)}.{key.removesuffix('s')}"


def test_backward_as_the_starter_left_it_is_missing(planned: PartPlan) -> None:
    result = graded(planned, ("        self.grad = 1.0\n", "        raise NotImplementedError\n"))
    assert (result.status, result.points) == (Status.MISSING, 0)


def test_what_is_not_there_yet_is_named(planned: PartPlan) -> None:
    failure = Failure("NotImplementedError", "", (Frame("diy_autograd.py", 9, "backward", ""),))
    seen = [Observation(Outcome.RAISED, failure=failure)] * len(planned.calls)
    assert judged(planned, seen).summary == (
        "chains: Not there yet: backward still raises NotImplementedError. "
        "Not right either: shared, operators, linear."
    )


def test_without_variable_it_is_missing(planned: PartPlan) -> None:
    seen = [Observation(Outcome.RETURNED, {"missing": "Variable"})] * len(planned.calls)
    result = judged(planned, seen)
    assert result.status is Status.MISSING
    assert result.summary.startswith("chains: diy_autograd.py has no class Variable.")


def test_a_file_that_cannot_be_imported_is_told(planned: PartPlan) -> None:
    failure = Failure(
        "NameError", "name 'x' is not defined", (Frame("diy_autograd.py", 3, "", ""),)
    )
    seen = [Observation(Outcome.NOT_IMPORTED, failure=failure)] * len(planned.calls)
    result = judged(planned, seen)
    assert result.status is Status.CRASHED
    assert result.summary.startswith(
        "chains: diy_autograd.py cannot be imported; it stops with NameError in line 3 of "
        "diy_autograd.py: name 'x' is not defined."
    )


BROKEN = {
    "Inv": ("-1 / a**2", "7.0"),
    "Add": ("lambda a, b: a + b", "lambda a, b: a + 2 * b"),
    "Ln": ("lambda a: 1 / a)", "lambda a: 7.0)"),
    "Pow": ("b * a ** (b - 1)", "7.0"),
    "Sin": ("lambda a: math.cos(a))", "lambda a: 7.0)"),
    "Cos": ("-math.sin(a)", "7.0"),
    "Tan": ("1 + math.tan(a) ** 2", "7.0"),
    "Min": ("lambda a, b: float(a <= b)", "lambda a, b: 7.0"),
    "Max": ("lambda a, b: float(a >= b)", "lambda a, b: 7.0"),
}


@pytest.mark.parametrize("name", framework.NAMES)
def test_a_class_that_failed_before_costs_nothing_here(planned: PartPlan, name: str) -> None:
    assert graded(planned, BROKEN[name]).points < 5
    result = graded(planned, BROKEN[name], failed=(name,))
    assert (result.status, result.points) == (Status.CORRECT, 5)
    assert result.summary.endswith(
        f"Graphs with {name} were left out; those count in their own part."
    )


def test_with_every_class_failed_multiplication_is_still_judged(planned: PartPlan) -> None:
    everything = tuple(framework.NAMES)
    assert graded(planned, failed=everything).points == 5
    wrong = graded(planned, ("child.grad += node", "child.grad = node"), failed=everything)
    assert right_groups(wrong) == {"chains", "operators"}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        3,
        {},
        {"values": "x"},
        {"values": [1.0], "grads": [1.0]},
        {"values": [[1]]},
        {"values": [None] * 2000},
        {"not_data": None},
        {"not_data": [99999, "grad", "set"]},
        {"not_data": [[], {}, None]},
    ],
)
def test_a_forged_answer_is_wrong_and_never_a_fault(planned: PartPlan, answer: Any) -> None:
    result = judged(planned, [Observation(Outcome.RETURNED, answer)] * len(planned.calls))
    assert (result.status, result.points) == (Status.WRONG, 0)


def test_only_the_groups_that_are_asked_for_are_planned() -> None:
    asked = part("autograd_framework", points=1, groups={"linear": 1})
    assert {item.group for item in plan(asked, COURSE).expected} == {"linear"}


def test_the_linear_group_comes_last(planned: PartPlan) -> None:
    groups = [item.group for item in planned.expected]
    assert groups == sorted(groups, key=list(GROUPS).index)


def test_a_call_holds_the_program_only(planned: PartPlan) -> None:
    for call in planned.calls:
        assert set(call.arguments) == {"program"}


def test_an_earlier_part_without_checks_leaves_nothing_out(planned: PartPlan) -> None:
    seen = [observe(call, framework.student()) for call in planned.calls]
    result = judge(replace_needs(None), COURSE, planned, seen)
    assert result.points == 5


def replace_needs(needs: str | None) -> Any:
    return ASKED.model_copy(update={"needs": needs})


def test_a_grader_fault_before_leaves_nothing_out(planned: PartPlan) -> None:
    fault = PartResult("q6", Status.GRADER_FAULT, ASKED.points * 0, ASKED.points, "")
    seen = [observe(call, framework.student()) for call in planned.calls]
    result = judge(ASKED, COURSE, planned, seen, earlier={"q6": replace(fault)})
    assert "left out" not in result.summary
