"""`computation_graph`: a graph as rows, judged by evaluating it.

Any decomposition that computes the function is right.  What is evaluated is the submitted graph, in
the grader's own float64 operations, at points that the student's code never sees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from grader import messages, values
from grader.compare import arrays
from grader.compare.closeness import Closeness, compare
from grader.compare.conditioning import conditioning
from grader.errors import CourseError
from grader.kinds import inputs as drawing
from grader.kinds import outcomes, releases
from grader.kinds.base import Example, Judging, Kind, PartPlan, Planning, Released
from grader.kinds.graphs import graph_rows
from grader.kinds.graphs.graph_rows import Graph, Operations, RowsError
from grader.records import (
    Call,
    CaseReport,
    Check,
    Figure,
    Node,
    Observation,
    Outcome,
    PartResult,
    Status,
)
from grader.spec.functions import Cases, FunctionPart
from grader.spec.models import PythonName

_GIVEN = 5  # points in a release
OUTPUT = ""
"""What the value of the last row is kept under, beside named nodes."""


class ComputationGraphPart(FunctionPart, Operations):
    """A graph; `inputs` are what it may use, drawn to evaluate it: the function takes nothing.

    The functions of `mistakes` take nothing either, and return the rows of a graph with that slip.
    """

    kind: Literal["computation_graph"]
    of: PythonName = Field(
        description="A torch function of the reference; with nodes, it returns a dict."
    )
    nodes: tuple[str, ...] = Field(
        (), description="Nodes that have to be there, each with its value; none: the last row."
    )

    reference_fields: ClassVar[tuple[str, ...]] = ("of",)

    @model_validator(mode="after")
    def _fits(self) -> ComputationGraphPart:
        if self.groups:
            raise ValueError("this kind has no groups; leave them out")
        if self.nodes and self.mistakes:
            raise ValueError("mistakes are about the last row; expected none beside nodes")
        if not self.inputs:
            raise ValueError("expected the inputs of the graph, found none")
        return self


@dataclass(frozen=True, slots=True)
class Point:
    """Where the graph is evaluated, and what is expected there of each judged node."""

    inputs: Mapping[str, Any]
    values: Mapping[str, np.ndarray]
    conditioning: Mapping[str, Mapping[str, np.ndarray]]
    mistakes: Mapping[str, np.ndarray]


class ComputationGraph(Kind[ComputationGraphPart]):
    """`computation_graph`: evaluated at random points."""

    name = "computation_graph"
    model = ComputationGraphPart
    expects = tuple[Point, ...]

    def plan(self, part: ComputationGraphPart, planning: Planning) -> PartPlan:
        """Ask for the rows once; keep the points, and what is expected there."""
        rng = planning.rng(part)
        points = tuple(_point(part, planning, case, rng) for case in drawing.draw(part, rng))
        for mistake in part.mistakes:
            if all(compare(p.mistakes[mistake.name], p.values[OUTPUT]).right for p in points):
                raise CourseError(
                    f"{part.id}: the mistake {mistake.name!r} equals the right answer in every case"
                )
        return PartPlan((Call(part.function),), (points,))

    def judge(
        self,
        part: ComputationGraphPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Read the rows, evaluate them at every point, and say where they first go wrong."""
        del judging
        (observation,), (points,) = observations, plan.expected
        if observation.outcome is not Outcome.RETURNED:
            return outcomes.failed_call(part, observation, part.function, part.file)
        try:
            graph = graph_rows.read(observation.value, list(part.inputs), part.operations)
            found = [graph.evaluate(point.inputs) for point in points]
        except RowsError as error:
            return _wrong(part, str(error))
        if part.nodes:
            return _named(part, graph, points, found)
        return _whole(part, graph, points, found)

    def released(self, part: ComputationGraphPart, planning: Planning) -> Released:
        """Return other points to evaluate a graph at."""
        few = part.model_copy(update={"also": (), "cases": Cases(count=_GIVEN), "mistakes": ()})
        plan = self.plan(few, planning.public())
        names = ("function", "file", "inputs", "tolerance", "shapes", "nodes", "operations")
        return Released(releases.fields(part, names), plan)

    def taken_back(self, fields: Mapping[str, Any]) -> ComputationGraphPart:
        """Return the part of a release; the function itself is withheld."""
        return self.model.model_validate(releases.given_back(fields, of=releases.WITHHELD))

    def mistaken(
        self, part: ComputationGraphPart, plan: PartPlan, planning: Planning
    ) -> Sequence[Example]:
        """Return the graph with each slip."""
        del plan
        return [
            Example(mistake.name, (Observation(Outcome.RETURNED, values.plain(rows())),))
            for mistake in part.mistakes
            for rows in [planning.reference.function(mistake.function)]
        ]


def _point(
    part: ComputationGraphPart,
    planning: Planning,
    case: Mapping[str, Any],
    rng: np.random.Generator,
) -> Point:
    function = planning.reference.function(part.of)

    def oracle(**given: Any) -> dict[str, np.ndarray]:
        found = torch_values(function, given)
        if part.nodes:
            return {name: found[name] for name in part.nodes}
        return {OUTPUT: found[OUTPUT]}

    try:
        right = oracle(**case)
        moves = {
            name: conditioning(lambda _name=name, **v: oracle(**v)[_name], case, value, rng)
            for name, value in right.items()
        }
        wrong = {
            mistake.name: _slipped(part, planning.reference.function(mistake.function), case)
            for mistake in part.mistakes
        }
    except Exception as error:
        call = arrays.call_text(part.of, dict(case))
        raise CourseError(f"{part.id}: the reference fails for {call}: {error!r}") from error
    if not all(np.all(np.isfinite(value)) for value in right.values()):
        call = arrays.call_text(part.of, dict(case))
        raise CourseError(f"{part.id}: the reference gives no finite number for {call}")
    return Point(case, right, moves, wrong)


def _slipped(part: ComputationGraphPart, function: Any, case: Mapping[str, Any]) -> np.ndarray:
    """Return what the graph of a declared mistake gives at a point."""
    graph = graph_rows.read(values.plain(function()), list(part.inputs), part.operations)
    return graph.evaluate(case)[graph.output]


def torch_values(function: Any, inputs: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return what a torch function gives, in float64: a dict's entries, or the value under ""."""
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    tensors = [
        torch.tensor(value, dtype=None if np.asarray(value).dtype.kind in "iu" else torch.float64)
        for value in inputs.values()
    ]
    with torch.no_grad():
        result = function(*tensors)
    found = result if isinstance(result, dict) else {OUTPUT: result}
    return {
        name: np.array(torch.as_tensor(value).numpy(), dtype=np.float64)
        for name, value in found.items()
    }


def _compared(
    part: ComputationGraphPart, point: Point, name: str, value: np.ndarray | None
) -> Closeness:
    return compare(
        value,
        point.values[name],
        tolerance=part.tolerance,
        conditioning=point.conditioning[name],
        columns=part.shapes == "columns",
    )


def _whole(
    part: ComputationGraphPart,
    graph: Graph,
    points: Sequence[Point],
    found: Sequence[Mapping[str, np.ndarray]],
) -> PartResult:
    """Judge a graph by its last row: all points or nothing."""
    pairs = list(zip(points, found, strict=True))
    results = [_compared(part, point, OUTPUT, at[graph.output]) for point, at in pairs]
    right = sum(result.right for result in results)
    passed = right == len(results)
    base = PartResult(
        part.id,
        Status.CORRECT if passed else Status.WRONG,
        part.points if passed else Fraction(0),
        part.points,
        messages.traces.graph_right(len(graph.rows), graph.output),
        cases_total=len(results),
        cases_right=right,
    )
    note = unused_note(graph, [graph.output])
    if passed:
        states = dict.fromkeys(graph.reaching, "right")
        figures = (drawn(part.title, graph, states, messages.traces.OUTPUT_RIGHT),)
        return replace(base, summary=f"{base.summary} {note}".strip(), figures=figures)
    first = next(n for n, result in enumerate(results) if not result.right)
    point, at = pairs[first]
    states = {name: "wrong" for name, value in at.items() if not np.all(np.isfinite(value))}
    states |= {graph.output: "wrong"}
    report = _report(graph, point, at, results[first])
    says = f"{report.message} {messages.calls.some_right(right, len(results))}"
    mistake = next(
        (
            mistake
            for mistake in part.mistakes
            if all(
                compare(at[graph.output], point.mistakes[mistake.name]).right for point, at in pairs
            )
        ),
        None,
    )
    if mistake is not None:
        says = " ".join(mistake.says.split())
        credit = part.points * mistake.credit
        base = replace(base, mistake=mistake.name, points=credit)
        base = replace(base, status=Status.PARTIAL if credit else Status.WRONG)
    return replace(
        base,
        summary=f"{says} {note}".strip(),
        hint=part.hint,
        visible=(report,),
        figures=(drawn(part.title, graph, states, messages.traces.OUTPUT_WRONG),),
    )


def _report(
    graph: Graph,
    point: Point,
    at: Mapping[str, np.ndarray],
    result: Closeness,
) -> CaseReport:
    """Return what the graph gives at a point beside what it should."""
    where = ", ".join(f"{name} = {arrays.literal(v)}" for name, v in point.inputs.items())
    seen = arrays.array_text(at[graph.output])
    wanted = arrays.array_text(point.values[OUTPUT])
    undefined = next((row for row in graph.rows if not np.all(np.isfinite(at[row.name]))), None)
    short = ", ".join(f"{name} = {_short(v)}" for name, v in point.inputs.items())
    if undefined is not None:
        says = messages.traces.undefined_there(undefined.label(), short)
    elif result.observed is not None and result.observed.ndim == 0:
        says = messages.traces.graph_wrong(graph.output, seen, wanted, short)
    else:
        says = f"{graph.output}: {result.message}"
    return CaseReport(1, False, where, seen, wanted, says)


def _short(value: Any) -> str:
    array = np.asarray(value)
    return f"{array.item():.6g}" if array.ndim == 0 else f"array{array.shape}"


def _named(
    part: ComputationGraphPart,
    graph: Graph,
    points: Sequence[Point],
    found: Sequence[Mapping[str, np.ndarray]],
) -> PartResult:
    """Judge a graph by its named nodes; each earns an equal share."""
    share = part.points / len(part.nodes)
    checks: list[Check] = []
    states: dict[str, str] = {}
    rows = {row.name: row for row in graph.rows}
    for name in part.nodes:
        if name not in rows:
            checks.append(
                Check(name, Status.MISSING, Fraction(0), share, messages.traces.no_node(name))
            )
            continue
        says = ""
        for point, at in zip(points, found, strict=True):
            result = _compared(part, point, name, at[name])
            if not result.right:
                says = f"{rows[name].label()}: {result.message}"
                break
        states[name] = "wrong" if says else "right"
        status = Status.WRONG if says else Status.CORRECT
        checks.append(Check(name, status, Fraction(0) if says else share, share, says))
    wrong = [check for check in checks if check.status is not Status.CORRECT]
    first_says = wrong[0].says if wrong else messages.traces.nodes_right(len(part.nodes))
    if len(wrong) > 1:
        first_says += " " + messages.frameworks.also_wrong([check.name for check in wrong[1:]])
    note = unused_note(graph, part.nodes)
    status = Status.CORRECT
    if wrong:
        status = Status.WRONG if len(wrong) == len(checks) else Status.PARTIAL
    words = messages.traces.states_in_words(states)
    return PartResult(
        part.id,
        status,
        sum((check.points for check in checks), Fraction(0)),
        part.points,
        f"{first_says} {note}".strip(),
        hint=part.hint if wrong else "",
        cases_total=len(checks),
        cases_right=len(checks) - len(wrong),
        checks=tuple(checks),
        figures=(drawn(part.title, graph, states, words),),
    )


def _wrong(part: ComputationGraphPart, says: str) -> PartResult:
    return PartResult(
        part.id, Status.WRONG, Fraction(0), part.points, says, hint=part.hint, cases_total=1
    )


def unused_note(graph: Graph, wanted: Sequence[str]) -> str:
    """Return the note on rows that lead to nothing that is asked for; they cost nothing."""
    needed = graph.leading_to(wanted)
    unused = [row.name for row in graph.rows if row.name not in needed]
    return messages.traces.unused_rows(unused) if unused else ""


def drawn(title: str, graph: Graph, states: Mapping[str, str], says: str) -> Figure:
    """Return the figure of a graph: the inputs that it uses, and all of its rows."""
    used = [name for name in graph.inputs if graph.users[name]]
    nodes = [Node(name, name, states.get(name, "plain")) for name in used]
    nodes += [Node(row.name, row.label(), states.get(row.name, "plain")) for row in graph.rows]
    rows = messages.traces.graph_in_words([row.label() for row in graph.rows])
    return Figure(
        messages.traces.graph_title(title),
        f"{rows} {says}".strip(),
        nodes=tuple(nodes),
        edges=graph.edges,
    )
