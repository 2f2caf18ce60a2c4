"""The work of a framework's backward(), measured."""

from __future__ import annotations

from typing import Any

import pytest

from grader.kinds.frameworks import framework_work, graphs
from grader.probes.tracing import backward_work
from grader.records import Failure, Observation, Outcome, Status
from tests.kinds import framework
from tests.kinds.student import judge, observe, part, plan, reference

PROGRAM = graphs.doubling("mul", 1.0, framework_work.LEVELS).rows()

BY_PATHS = """
    def backward(self, grad=1.0):
        self.grad += grad
        if self.func is not None:
            slopes = self.func.backward(self, self.children)
            for child, slope in zip(self.children, slopes):
                child.backward(grad * slope)
"""
IN_TURN = """
    def backward(self):
        self.grad = 1.0
        nodes = self.topological()
        for node in nodes:
            wasted = [other.value * 1.0 for other in nodes if node.func]
            if node.func is not None:
                slopes = node.func.backward(node, node.children)
                for child, slope in zip(node.children, slopes):
                    child.grad += node.grad * slope
"""
BACKWARD = framework.SOURCE.split("    def backward(self):")[1].split("\ndef operation")[0]


def measured(*changes: tuple[str, str]) -> str:
    found = backward_work(framework.student(*changes), "Variable", PROGRAM)
    return framework_work.note(Observation(Outcome.RETURNED, found))


def test_visiting_each_node_once_takes_two_multiplications_per_node() -> None:
    assert measured() == "backward() did 2.0 multiplications per node."


def test_following_every_path_doubles_the_work_with_every_level() -> None:
    found = measured(("    def backward(self):" + BACKWARD, BY_PATHS.removeprefix("\n")))
    assert found == (
        "The work of backward() doubles with every level of y = y * y: 510 multiplications on 8 "
        "levels, 2046 on 10."
    )


def test_going_through_all_nodes_for_each_node_is_told() -> None:
    found = measured(("    def backward(self):" + BACKWARD, IN_TURN.removeprefix("\n")))
    assert found == (
        "backward() did 5.0 multiplications per node on 2 levels of y = y * y, and 13.0 on 10: the "
        "work for each node should not grow with the graph."
    )


@pytest.mark.parametrize(
    "observation",
    [
        Observation(Outcome.RAISED, failure=Failure("CannotTraceError", "cast")),
        Observation(Outcome.TIMED_OUT, failure=Failure("", "")),
        *(
            Observation(Outcome.RETURNED, value)
            for value in (
                None,
                {},
                {"work": 3},
                {"work": [[2, 4, 2]]},
                {"work": [[2, 4], [4, 8], [6, 12]]},
                {"work": [[2, 0, 0], [4, 0, 0], [6, 0, 0]]},
                {"work": [[2, 4, 0], [2, 8, 0], [6, 12, 0]]},
                {"work": [[2, 4, 0], [4, 8.0, 0], [6, 12, 0]]},
                {"work": [[2, "4", 0]] * 3},
                {"work": [[-2, 4, 0], [4, 8, 0], [6, 12, 0]]},
            )
        ),
    ],
)
def test_what_could_not_be_measured_says_nothing(observation: Observation) -> None:
    assert framework_work.note(observation) == ""


def test_absurd_counts_from_the_sandbox_break_nothing() -> None:
    huge: Any = {"work": [[2, 1, 0], [4, 2**62, 0], [6, 2**62, 0]]}
    assert framework_work.note(Observation(Outcome.RETURNED, huge))


def test_the_check_of_the_linear_group_says_what_was_measured() -> None:
    asked, course = part("autograd_framework", points=1, groups={"linear": 1}), reference()
    planned = plan(asked, course)
    seen = [observe(call, framework.student()) for call in planned.calls]
    (check,) = judge(asked, course, planned, seen).checks
    assert (check.status, check.says) == (
        Status.CORRECT,
        "backward() did 2.0 multiplications per node.",
    )
