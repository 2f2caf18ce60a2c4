"""`evaluation_trace`: right traces, what follows from a slip, and what proves nothing."""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import CourseError
from grader.kinds.graphs import graph_rows, trace_rows
from grader.records import Observation, Outcome, Status
from tests.kinds.course import taught
from tests.kinds.student import Result, grade, judge, module, observe, part, plan, reference

FORWARD, COURSE = taught("autodiff-and-optimizers", "p1-scalar-graph", "p1-forward")
REVERSE, _ = taught("autodiff-and-optimizers", "p1-scalar-graph", "p1-reverse")
GRAPH: list[Any] = COURSE.loaded.p1_graph()
RIGHT: dict[str, tuple[float, float]] = COURSE.loaded.p1_forward()
BACK: dict[str, tuple[float, float]] = COURSE.loaded.p1_reverse()
V = {name: value for name, (value, _) in RIGHT.items()}
SHARE, SHARE_WITH_INPUTS = Fraction(1, 4), Fraction(1, 6)


def nodes(trace: Mapping[str, Any]) -> dict[str, Any]:
    return {name: pair for name, pair in trace.items() if name.startswith("v")}


def forward(trace: Any, graph: Any = GRAPH) -> Result:
    return grade(FORWARD, COURSE, p1_graph=lambda: graph, p1_forward=lambda: trace)


def reverse(trace: Any, graph: Any = GRAPH) -> Result:
    return grade(REVERSE, COURSE, p1_graph=lambda: graph, p1_reverse=lambda: trace)


def lost(result: Result) -> list[str]:
    return [check.name for check in result.checks if not check.points]


def traced(
    graph: Any, mode: str, round_to: int = 17, **inputs: tuple[float, float]
) -> dict[str, tuple[float, float]]:
    """Return the trace of a graph, every intermediate result rounded before it is used."""
    read = graph_rows.read([list(row) for row in graph], ["x1", "x2", "x3"], FORWARD.operations)
    given = {"x1": (1.0, 0.0), "x2": (1.5, 1.0), "x3": (2.0, 0.0), **inputs}
    values = {name: pair[0] for name, pair in given.items()}
    for row in read.rows:
        alone = graph_rows.Graph(tuple(values), (row,)).evaluate(values)[row.name]
        values[row.name] = round(float(alone), round_to)
    slopes = {name: pair[1] for name, pair in given.items()} if mode == "forward" else {}
    if mode == "forward":
        for row in read.rows:
            slopes[row.name] = round(graph_rows.tangent(row, values, slopes), round_to)
    else:
        for name in graph_rows.visit_backwards(read):
            slopes[name] = round(graph_rows.adjoint(read, name, values, slopes), round_to)
    return {name: (values[name], slopes[name]) for name in slopes}


OTHER = [
    ("a", "mul", ["x1", "x2"]),
    ("r", "pow", ["x3", -1]),
    ("b", "sin", ["x3"]),
    ("c", "mul", ["a", "b", "r"]),
    ("d", "exp", ["a"]),
    ("e", "mul", ["d", "r"]),
    ("f", "add", ["c", "e"]),
]


# ---- right traces --------------------------------------------------------------------------------


def test_the_numbers_are_those_of_the_sheet() -> None:
    assert RIGHT["v6"] == pytest.approx((2.9228, 2.6955), abs=5e-5)
    assert BACK["x1"][1] == pytest.approx(4.0432, abs=5e-5)
    assert BACK["x2"][1] == pytest.approx(2.6955, abs=5e-5)
    assert BACK["x3"][1] == pytest.approx(-1.7735, abs=5e-5)


@pytest.mark.parametrize("graph", [GRAPH, OTHER])
@pytest.mark.parametrize("round_to", [4, 6, 17])
def test_a_right_trace_of_any_right_graph_earns_all(graph: Any, round_to: int) -> None:
    for judged, mode in ((forward, "forward"), (reverse, "reverse")):
        result = judged(traced(graph, mode, round_to), graph)
        assert (result.status, result.points) == (Status.CORRECT, Fraction(3, 2))


@pytest.mark.parametrize("graph", [GRAPH, OTHER])
@pytest.mark.parametrize("round_to", [1, 2])
def test_a_trace_rounded_to_two_decimals_does_not(graph: Any, round_to: int) -> None:
    for judged, mode in ((forward, "forward"), (reverse, "reverse")):
        assert judged(traced(graph, mode, round_to), graph).status is Status.PARTIAL


def test_a_trace_that_is_rounded_is_told_so() -> None:
    rounded = {name: tuple(round(x, 2) for x in pair) for name, pair in RIGHT.items()}
    assert (
        "v2. Every number is nearly right: keep four decimals in each of them, also in the "
        "intermediate results." in forward(rounded).summary
    )


def test_the_rows_of_the_inputs_may_be_left_out() -> None:
    for judged, right, checks in ((forward, RIGHT, 6), (reverse, BACK, 9)):
        assert (judged(right).points, len(judged(right).checks)) == (Fraction(3, 2), checks)
        without = judged(nodes(right))
        assert (without.points, len(without.checks)) == (Fraction(3, 2), 6)


@pytest.mark.parametrize(
    "form",
    [
        lambda t: {k: list(v) for k, v in t.items()},
        lambda t: {k: np.array(v) for k, v in t.items()},
        lambda t: {k: torch.tensor(v, requires_grad=True) for k, v in t.items()},
        lambda t: {k: np.float32(v) for k, v in t.items()},
        lambda t: {k: tuple(map(np.float64, v)) for k, v in t.items()},
        lambda t: {k: [torch.tensor(x) for x in v] for k, v in t.items()},
        lambda t: {k: {"v": v[0], "dot": v[1]} for k, v in t.items()},
        lambda t: [(k, *v) for k, v in t.items()],
        lambda t: [(k, v) for k, v in t.items()],
    ],
)
def test_a_right_trace_passes_in_any_form(form: Callable[[Any], Any]) -> None:
    assert forward(form(RIGHT)).points == Fraction(3, 2)


def test_nodes_without_use_may_be_left_out_and_are_told_where_wrong() -> None:
    graph = [("u", "cos", ["x1"]), *GRAPH]
    assert forward(nodes(RIGHT), graph).points == Fraction(3, 2)
    assert reverse(nodes(BACK), graph).points == Fraction(3, 2)
    result = forward({**nodes(RIGHT), "u": (7, 7)}, graph)
    assert result.points == Fraction(3, 2)
    assert result.summary.endswith("Of the rows that do not count, u is wrong.")


def test_constants_need_no_row() -> None:
    graph = [("one", "sub", [3, 2]), *GRAPH[:-1], ("w", "mul", ["v5", "one"])]
    graph.append(("v6", "div", ["w", "x3"]))
    trace = {**nodes(RIGHT), "w": RIGHT["v5"]}
    assert forward(trace, graph).points == Fraction(3, 2)


# ---- what follows --------------------------------------------------------------------------------


def slip(name: str, pair: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """Return the forward trace that is right but for one row, and goes on from it."""
    trace = {"v1": RIGHT["v1"], "v2": RIGHT["v2"], name: pair}
    (a, da), (b, db) = trace["v1"], trace["v2"]
    trace.setdefault("v3", (a * b, da * b + a * db))
    trace.setdefault("v4", (math.exp(a), math.exp(a) * da))
    (c, dc), (d, dd) = trace["v3"], trace["v4"]
    trace.setdefault("v5", (c + d, dc + dd))
    e, de = trace["v5"]
    trace.setdefault("v6", (e / 2, de / 2))
    return trace


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("v1", (1.5, 2.0)),
        ("v1", (2.5, 1.0)),
        ("v2", (0.7, 0.0)),
        ("v3", (1.3640, 1.9)),
        ("v4", (V["v4"], 1.0)),
        ("v5", (5.0, 4.0)),
        ("v6", (2.0, 2.0)),
    ],
)
def test_one_wrong_row_costs_its_own_share_only(name: str, pair: tuple[float, float]) -> None:
    result = forward(slip(name, pair))
    assert lost(result) == [name]
    assert result.points == 5 * SHARE
    assert result.summary.startswith(f"First wrong in the order of forward mode: {name}. ")


def test_what_follows_is_marked_and_told() -> None:
    result = forward(slip("v3", (V["v3"], 2.0)))
    assert {n.name: n.state for n in result.figures[0].nodes} == {
        **dict.fromkeys(("x1", "x2", "x3"), "plain"),
        **dict.fromkeys(("v1", "v2", "v4"), "right"),
        "v3": "wrong",
        **dict.fromkeys(("v5", "v6"), "follows"),
    }
    assert result.summary == (
        "First wrong in the order of forward mode: v3. The tangent is 2; expected 0.909297. "
        "Credited, as following from your earlier steps: v5, v6."
    )
    assert result.checks[4].says == "Credited: it follows from your v3."
    (report,) = result.visible
    assert report.observed.splitlines()[2] == "v3: 1.36395, 2"
    assert report.expected.splitlines()[1] == "v2: 0.909297, 0"


def test_a_wrong_adjoint_is_followed_backwards() -> None:
    trace = dict(BACK)
    wrong = BACK["v3"][1] * V["v2"]
    trace |= {"v1": (1.5, wrong), "x1": (1.0, 1.5 * wrong), "x2": (1.5, wrong)}
    result = reverse(trace)
    assert lost(result) == ["v1"]
    assert result.points == 8 * SHARE_WITH_INPUTS
    assert result.summary == (
        "First wrong in the order of reverse mode: v1. The adjoint is 0.454649; expected 2.69549. "
        "That is the contribution of v3 alone; v1 is used by 2 nodes, and its adjoint is the sum "
        "over all of them. Credited, as following from your earlier steps: x1, x2."
    )


def test_a_seed_of_two_costs_the_output_only() -> None:
    result = reverse({name: (v, 2 * slope) for name, (v, slope) in BACK.items()})
    assert lost(result) == ["v6"]


def test_a_wrong_direction_is_named() -> None:
    result = forward(nodes(traced(GRAPH, "forward", x1=(1.0, 1.0), x2=(1.5, 0.0))))
    assert "The second numbers are derivatives by x1; expected those by x2." in result.summary
    assert lost(result) == ["v1"]


def test_the_other_mode_is_named() -> None:
    assert "forward mode asks for the derivative of each node" in forward(nodes(BACK)).summary
    assert "reverse mode asks for the derivative of the output" in reverse(nodes(RIGHT)).summary


def test_swapped_pairs_are_named() -> None:
    result = forward({name: pair[::-1] for name, pair in nodes(RIGHT).items()})
    assert "the value comes first, then the tangent." in result.summary


def test_a_row_that_is_missing_costs_its_share_and_those_after_it_stand() -> None:
    trace = nodes(RIGHT)
    trace["V3"] = trace.pop("v3")
    result = forward(trace)
    assert lost(result) == ["v3"]
    assert result.checks[2].status is Status.MISSING
    assert result.summary == (
        "First wrong in the order of forward mode: v3. The trace has no row for v3. "
        "Is V3 meant for it? Not looked at: V3."
    )


@pytest.mark.parametrize("pair", [3.0, [1], [1, 2, 3], "ab", None, [1j, 2], {"v": 1}])
def test_what_is_no_pair_costs_its_row(pair: Any) -> None:
    result = forward({**nodes(RIGHT), "v3": pair})
    assert lost(result) == ["v3"]
    assert result.checks[2].says == "Expected two numbers, the value and the derivative."


# ---- what proves nothing -------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0.0, math.nan, math.inf, -math.inf, 1e308, 1e-4])
def test_one_number_everywhere_earns_nothing(number: float) -> None:
    trace = dict.fromkeys(RIGHT, (number, number))
    assert forward(trace).points == 0
    assert reverse(trace).points == 0


def test_tangents_of_nothing_follow_from_nothing() -> None:
    zero = forward(nodes(traced(GRAPH, "forward", x2=(1.5, 0.0))))
    assert lost(zero) == ["v1", "v3", "v4", "v5", "v6"]
    tiny = forward(nodes(traced(GRAPH, "forward", x2=(1.5, 1e-4))))
    assert lost(tiny) == ["v1", "v3", "v4", "v5", "v6"]


def test_adjoints_of_nothing_follow_from_nothing() -> None:
    result = reverse({name: (v, 0.0) for name, (v, _) in BACK.items()})
    assert result.points == 0


# ---- graphs that do not compute the function -----------------------------------------------------


def test_the_trace_of_a_wrong_graph_is_judged_on_that_graph() -> None:
    graph = [*GRAPH[:-1], ("v6", "mul", ["v5", "x3"])]
    for judged, mode in ((forward, "forward"), (reverse, "reverse")):
        result = judged(traced(graph, mode), graph)
        assert result.points == Fraction(3, 2)
        assert result.summary.endswith(
            "Your graph does not compute the function, which counts in its own part; the trace "
            "was judged on your graph as it is."
        )


@pytest.mark.parametrize(
    ("graph", "says"),
    [
        (
            [("v1", "add", ["x1", "x2", "x3"])],
            (
                "Your graph does not compute the function, and its trace would be too short to "
                "count: it has 1 operation on the way from inputs to output; expected at least 3."
            ),
        ),
        (
            [("c", "add", [1, 2]), ("d", "neg", ["c"]), ("v1", "add", ["x1", "x2", "x3", "d"])],
            (
                "Your graph does not compute the function, and its trace would be too short to "
                "count: it has 1 operation on the way from inputs to output; expected at least 3."
            ),
        ),
        (
            [("a", "sub", ["x1", "x1"]), ("b", "add", ["a", "x2"]), ("v1", "mul", ["b", "b"])],
            (
                "Your graph does not compute the function, and x1 and x3 make no difference in it; "
                "mend the graph first, and then trace it."
            ),
        ),
        (
            [*GRAPH[:-1], ("l", "sub", ["x1", "v5"]), ("v6", "log", ["l"])],
            (
                "Your graph has no finite value at the point of the trace; mend the graph first, "
                "and then trace it."
            ),
        ),
        (
            [("v1", "sq", ["x1"])],
            (
                "The trace is judged on your own graph, and p1_graph gives none. Row 1 (v1) has "
                "the op 'sq'; expected one of add, sub, mul, div, neg, sin, cos, exp, log, pow."
            ),
        ),
    ],
)
def test_a_graph_that_is_not_worth_tracing_earns_nothing(graph: Any, says: str) -> None:
    result = forward(nodes(RIGHT), graph)
    assert (result.points, result.summary) == (0, says)


def test_a_graph_or_trace_that_is_not_there_is_named() -> None:
    without_graph = grade(FORWARD, COURSE, p1_forward=lambda: RIGHT)
    assert (without_graph.status, without_graph.summary) == (
        Status.MISSING,
        "solution.py has no function p1_graph.",
    )
    assert grade(FORWARD, COURSE, p1_graph=lambda: GRAPH).status is Status.MISSING


def test_an_exception_is_told_of_the_function_that_raised_it() -> None:
    def p1_graph() -> Any:
        raise NotImplementedError

    result = grade(FORWARD, COURSE, p1_graph=p1_graph, p1_forward=lambda: RIGHT)
    assert result.status is Status.MISSING
    assert result.summary == "Not there yet: p1_graph still raises NotImplementedError."


@pytest.mark.parametrize(
    ("trace", "found"), [(None, "None"), ([1, 2], "list"), ("text", "str"), (1.0, "float")]
)
def test_what_is_no_trace_is_told(trace: Any, found: str) -> None:
    assert forward(trace).summary == (
        f"The trace is a value of type {found}; expected a dict from the names of your nodes to "
        "pairs of numbers."
    )


def test_a_self_check_gives_no_number_away() -> None:
    planned = plan(FORWARD, COURSE)
    student = module(p1_graph=lambda: GRAPH, p1_forward=lambda: slip("v3", (V["v3"], 2.0)))
    seen = [observe(planned.calls[0], student)]
    result = judge(FORWARD, COURSE, planned, seen, self_check=True)
    assert result.visible == ()
    assert "The tangent is 2; it does not follow from the rows around it." in result.summary
    assert "0.909" not in "".join([result.summary, *(c.says for c in result.checks)])


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["v1", "v2", "v6", "x1", "q"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(trace=GARBAGE, broken=st.booleans(), whole=GARBAGE)
@settings(max_examples=150, deadline=None)
def test_whatever_comes_from_the_sandbox_there_is_a_verdict(
    trace: Any,
    broken: bool,
    whole: Any,
) -> None:
    rows = [list(row) for row in GRAPH]
    value = whole if broken else {"graph": rows, "trace": trace}
    for asked, planned in ((FORWARD, PLANNED[0]), (REVERSE, PLANNED[1])):
        result = judge(asked, COURSE, planned, [Observation(Outcome.RETURNED, value)])
        assert 0 <= result.points < Fraction(3, 2)
        assert result.summary


PLANNED = plan(FORWARD, COURSE), plan(REVERSE, COURSE)


def test_very_many_unknown_keys_are_told_shortly() -> None:
    result = forward({f"node{number}": (1.0, 1.0) for number in range(30_000)})
    assert (result.status, result.points) == (Status.MISSING, 0)
    assert len(result.summary) < 400


def test_the_order_of_the_visit_is_that_of_the_mode() -> None:
    names = [f"v{n}" for n in range(1, 7)]
    assert [check.name for check in forward(RIGHT).checks] == names
    wrong = {"x1": (1, 1), "x2": (1.5, 0), "x3": (2, 0), **nodes(RIGHT)}
    assert [check.name for check in forward(wrong).checks] == ["x1", "x2", *names]
    backwards = [f"v{n}" for n in range(6, 0, -1)]
    assert [check.name for check in reverse(BACK).checks] == [*backwards, "x1", "x2", "x3"]


def test_a_trace_without_a_diagnosis_says_nothing_of_the_whole() -> None:
    graph = graph_rows.read([list(row) for row in GRAPH], ["x1", "x2", "x3"], FORWARD.operations)
    trace = trace_rows.Trace(graph, FORWARD.at, "x2", "forward", 3e-4, {"v1": (1.5, 9.0)})
    assert trace.diagnosis() == ""


# ---- faults of the course ------------------------------------------------------------------------


def asked(**given: Any) -> Any:
    base = {
        "function": "t",
        "graph": "g",
        "of": "f",
        "at": {"x": 2},
        "mode": "forward",
        "along": "x",
        "operations": ["mul", "neg"],
    }
    return part("evaluation_trace", **{**base, **given})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"along": "y"}, "along names 'y'; the inputs are x"),
        ({"operations": ["relu"]}, "expected operations on numbers, found 'relu'"),
        ({"tolerance": {"decimals": 4}}, "expected rtol and atol"),
    ],
)
def test_a_part_that_cannot_be_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        asked(**given)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("v1", "mul", ["x", "y"])], "p1: g of the reference: Row 1"),
        ([("v1", "neg", ["x"])], "p1: g of the reference does not compute f"),
    ],
)
def test_a_graph_of_the_reference_that_is_wrong_is_a_fault_of_the_course(
    rows: Any, says: str
) -> None:
    with pytest.raises(CourseError, match=says):
        plan(asked(), reference(f=lambda x: x * x, g=lambda: rows))


def test_a_function_that_hides_from_autograd_is_a_fault_of_the_course() -> None:
    course = reference(f=lambda x: x * x.detach(), g=lambda: [("v1", "mul", ["x", "x"])])
    with pytest.raises(CourseError, match="p1: g and f differ in ∂/∂x"):
        plan(asked(), course)


# ---- rows and graphs that are made to be easy ----------------------------------------------------


def padded(step: tuple[str, list[Any]], times: int) -> list[Any]:
    """Return a right graph with rows between v1 and what comes after it."""
    operation, others = step
    rows: list[Any] = [GRAPH[0]]
    for number in range(times):
        before = f"p{number - 1}" if number else "v1"
        inputs = [before if other == "v" else other for other in others]
        rows.append((f"p{number}", operation, inputs))
    last = f"p{times - 1}"
    rows += [(n, op, [last if i == "v1" else i for i in inputs]) for n, op, inputs in GRAPH[1:]]
    return rows


def spoilt(trace: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trace that is wrong in every row but those that were put in between."""
    return {n: p if n.startswith("p") else (7.0, 7.3) for n, p in trace.items() if n[0] != "x"}


COPIES: list[tuple[str, list[Any]]] = [
    ("add", ["v", 0]),
    ("add", [0, "v"]),
    ("mul", ["v", 1]),
    ("div", ["v", 1]),
    ("sub", ["v", 0]),
    ("pow", ["v", 1]),
]


@pytest.mark.parametrize(
    ("step", "times"), [*((step, times) for step in COPIES for times in (1, 12)), (COPIES[0], 490)]
)
def test_rows_that_only_copy_have_no_share(step: tuple[str, list[Any]], times: int) -> None:
    graph = padded(step, times)
    for judged, mode in ((forward, "forward"), (reverse, "reverse")):
        right = nodes(traced(graph, mode))
        assert judged({**right, **traced(graph, mode)}, graph).points == Fraction(3, 2)
        assert judged(spoilt(traced(graph, mode)), graph).points <= Fraction(1, 4)


def test_minuses_that_undo_each_other_have_the_share_of_one() -> None:
    graph = padded(("neg", ["v"]), 490)
    assert len(forward(traced(graph, "forward"), graph).checks) == 7


def test_a_copy_that_is_wrong_costs_the_share_of_a_row() -> None:
    graph = padded(("add", ["v", 0]), 1)
    trace = {**nodes(traced(graph, "forward")), "p0": (1.5, 2.0)}
    assert lost(forward(trace, graph))[0] == "p0"
    assert forward({**trace, "p0": (1.5, 1.0)}, graph).summary == (
        "Right: 6 rows of forward mode, value and tangent. Rows that only copy another have no "
        "share: p0."
    )


def test_many_rows_take_no_more_from_the_others_than_some_do() -> None:
    graph = padded(("add", ["v", 0.001]), 200)
    graph[200] = ("p199", "sub", ["p198", 0.2 - 0.001])  # back to the value of v1
    right = traced(graph, "forward")
    assert forward(right, graph).points == Fraction(3, 2)
    result = forward(spoilt(right), graph)
    assert result.points <= Fraction(3, 4)
    assert sum(check.max_points for check in result.checks) == Fraction(3, 2)
    assert len(result.summary) < 500


def test_one_wrong_row_of_many_costs_a_twelfth() -> None:
    graph = padded(("add", ["v", 0.001]), 200)
    graph[200] = ("p199", "sub", ["p198", 0.2 - 0.001])
    trace = {**nodes(traced(graph, "forward")), **traced(graph, "forward"), "v2": (0.1, 0.0)}
    assert forward(trace, graph).points == Fraction(3, 2) * Fraction(11, 12)


EASY: list[tuple[list[Any], str]] = [
    ([("a", "add", ["x1", "x2"]), ("b", "add", ["a", "x3"]), ("c", "sub", ["b", "x1"])], "1/4"),
    ([("a", "add", ["x1", "x2"]), ("b", "mul", ["a", "x3"]), ("c", "add", ["b", 1])], "1/4"),
    (
        [
            ("a", "mul", ["x1", "x2"]),
            ("b", "exp", ["a"]),
            ("c", "mul", ["a", "b"]),
            ("d", "div", ["c", "x3"]),
        ],
        "3/4",
    ),
]


@pytest.mark.parametrize(("graph", "share"), EASY[1:])
def test_a_wrong_graph_that_is_easier_to_trace_earns_less(graph: Any, share: str) -> None:
    for judged, mode in ((forward, "forward"), (reverse, "reverse")):
        result = judged(traced(graph, mode), graph)
        assert (result.status, result.points) == (Status.PARTIAL, Fraction(share) * Fraction(3, 2))
        assert f"its trace can earn {share} of the points" in result.summary
        assert result.checks[-1].name == "What is hard in the function is in the graph"
        assert sum(check.max_points for check in result.checks) == Fraction(3, 2)


def test_a_wrong_graph_of_sums_alone_earns_nothing() -> None:
    graph = [("a", "add", ["x1", "x2"]), ("b", "add", ["a", "x3"]), ("c", "add", ["b", 0.5])]
    for judged, mode in ((forward, "forward"), (reverse, "reverse")):
        result = judged(traced(graph, mode), graph)
        assert (result.status, result.points) == (Status.WRONG, 0)
        assert result.summary.endswith("so that its trace can earn nothing.")


def test_a_wrong_graph_of_copies_is_too_short() -> None:
    graph = [("a", "add", ["x1", "x2"]), ("b", "add", ["a", "x3"]), ("c", "add", ["b", 0])]
    result = forward(traced(graph, "forward"), graph)
    assert (result.points, "it has 2 operations" in result.summary) == (0, True)


@pytest.mark.parametrize("number", [5.0, -1.0, 0.3])
def test_one_adjoint_everywhere_follows_from_nothing(number: float) -> None:
    result = reverse({name: (v, number) for name, (v, _) in nodes(BACK).items()})
    assert result.points == 0


def test_adjoints_that_repeat_a_wrong_one_count_beside_work_that_follows() -> None:
    trace = {name: (value, 3 * slope) for name, (value, slope) in BACK.items()}
    trace["v6"] = BACK["v6"]
    del trace["x3"]  # the only one beside v5 that v6 leads to
    assert lost(reverse(trace)) == ["v5"]


# ---- whose fault it is, and forms ----------------------------------------------------------------


def test_the_function_that_gives_no_data_is_named() -> None:
    result = grade(FORWARD, COURSE, p1_graph=lambda: {1, 2}, p1_forward=lambda: RIGHT)
    assert (result.status, result.summary) == (
        Status.WRONG,
        "p1_graph returned something that is not data: a value of type set is not data.",
    )
    result = grade(FORWARD, COURSE, p1_graph=lambda: GRAPH, p1_forward=lambda: {1, 2})
    assert result.summary.startswith("p1_forward returned something that is not data")


@pytest.mark.parametrize("told", [["os", "x"], ["p1_graph"], 7, None, [["p1_graph"], "x"]])
def test_a_forged_word_on_data_is_not_repeated(told: Any) -> None:
    planned = plan(FORWARD, COURSE)
    seen = Observation(Outcome.RETURNED, {"not_data": told})
    result = judge(FORWARD, COURSE, planned, [seen])
    assert result.points == 0
    assert "os returned" not in result.summary


@dataclass
class Line:
    node: str
    op: str
    inputs: list[Any]


Named = namedtuple("Named", "node op inputs")  # noqa: PYI024  (what students write)


@pytest.mark.parametrize(
    "form",
    [
        iter,
        lambda rows: (row for row in rows),
        lambda rows: map(list, rows),
        lambda rows: np.array(rows, dtype=object),
        lambda rows: [Line(*row) for row in rows],
        lambda rows: [Named(*row) for row in rows],
    ],
)
def test_the_graph_passes_in_any_form(form: Callable[[Any], Any]) -> None:
    assert grade(
        FORWARD, COURSE, p1_graph=lambda: form(list(GRAPH)), p1_forward=lambda: RIGHT
    ).points == Fraction(3, 2)


@pytest.mark.parametrize("keys", [("v", "dot"), ("value", "tangent"), ("dot", "v"), ("d", "value")])
def test_a_pair_may_be_a_dict_in_either_order(keys: tuple[str, str]) -> None:
    value_first = keys[0] in {"v", "value"}
    trace = {
        n: dict(zip(keys, pair if value_first else pair[::-1], strict=True))
        for n, pair in RIGHT.items()
    }
    assert forward(trace).points == Fraction(3, 2)
