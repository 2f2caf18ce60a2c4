"""`evaluation_trace`: the value and the tangent or adjoint of each node of the student's own graph.

The graph that the student hands in beside the trace is evaluated by the grader; each row of the
trace is held against it.  A row that is not right is held against what follows from the student's
own numbers for the nodes around it, so that a slip costs one row and not all that come after it.

A graph that does not compute the function loses its points in its own part.  Its trace is judged
all the same, if it is a graph worth tracing: at least half as many operations as the reference's,
each input making a difference at the point of the trace.  Of the points it can then earn as much as
it has of what is hard in the reference's (`graph_worth.DIFFICULTIES`).

Rows that only copy another have no share; a wrong one costs the share of a row.  However many rows
there are, one that is wrong costs at least what it costs in a graph of twice the reference's size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from grader import messages, values
from grader.compare import arrays
from grader.errors import CourseError
from grader.kinds import outcomes, releases
from grader.kinds.base import Judging, Kind, PartPlan, Planning, Released
from grader.kinds.graphs import graph_rows, graph_worth, trace_rows
from grader.kinds.graphs.computation_graph import drawn, torch_values
from grader.kinds.graphs.graph_operations import OPERATIONS
from grader.kinds.graphs.graph_rows import Graph, Operations, RowsError
from grader.kinds.graphs.trace_rows import TraceRow
from grader.records import Call, CaseReport, Check, Observation, Outcome, PartResult, Status
from grader.spec.models import FileName, Part, PythonName, Tolerance

PROBE = "grader.probes.graphs:graph_and_trace"
_MOST = 2  # times the operations of the reference: beyond, a row takes nothing from the others
_LONGEST = 300  # characters of a reason that a message repeats
_PLACES = 8  # points near the trace's at which the graph is held against the function


class EvaluationTracePart(Part, Operations):
    """The trace of a graph at one point; each row is worth an equal share."""

    kind: Literal["evaluation_trace"]
    function: PythonName = Field(description="The function that the student writes.")
    file: FileName = "solution.py"
    graph: PythonName = Field(description="The student's function with the graph, likewise ours.")
    of: PythonName = Field(description="The torch function that the graph computes.")
    at: dict[str, float] = Field(min_length=1, description="The inputs, and where they stand.")
    mode: Literal["forward", "reverse"]
    along: str = Field(description="The input by which is derived; reverse mode has them all.")
    tolerance: Tolerance = Tolerance(rtol=0, atol=3e-4)

    reference_fields: ClassVar[tuple[str, ...]] = ("of", "graph")

    @property
    def source_file(self) -> str:
        """The file with the student's functions."""
        return self.file

    @model_validator(mode="after")
    def _whole(self) -> EvaluationTracePart:
        if self.along not in self.at:
            raise ValueError(f"along names {self.along!r}; the inputs are {', '.join(self.at)}")
        vectors = [name for name in self.operations if OPERATIONS[name].partials is None]
        if vectors:
            raise ValueError(f"expected operations on numbers, found {vectors[0]!r}")
        if self.tolerance.atol is None or self.tolerance.rtol is None:
            raise ValueError("expected rtol and atol: decimals are counted in every row")
        return self


@dataclass(frozen=True, slots=True)
class Place:
    """A point near that of the trace, and the function there."""

    inputs: Mapping[str, float]
    value: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What the judge holds a graph and its trace against."""

    places: tuple[Place, ...]
    operations: int  # of the reference's graph
    difficulties: tuple[str, ...]  # and what is hard in it


class EvaluationTrace(Kind[EvaluationTracePart]):
    """`evaluation_trace`: forward (v, tangent) or reverse (v, adjoint), node by node."""

    name = "evaluation_trace"
    model = EvaluationTracePart
    probes = (PROBE,)
    expects = Expected

    def plan(self, part: EvaluationTracePart, planning: Planning) -> PartPlan:
        """Ask for graph and trace; hold the reference's graph against automatic derivatives."""
        function = planning.reference.function(part.of)
        rng = planning.rng(part)
        shifts = rng.uniform(0.6, 1.5, size=(_PLACES, len(part.at)))
        points = [
            dict(part.at),
            *(
                {n: float(v * s) for (n, v), s in zip(part.at.items(), row, strict=True)}
                for row in shifts
            ),
        ]
        places = tuple(Place(p, float(torch_values(function, p)[""])) for p in points)
        try:
            ours = graph_rows.read(
                values.plain(planning.reference.function(part.graph)()),
                list(part.at),
                part.operations,
            )
        except RowsError as error:
            raise CourseError(f"{part.id}: {part.graph} of the reference: {error}") from None
        if not _computes(ours, places):
            raise CourseError(
                f"{part.id}: {part.graph} of the reference does not compute {part.of}"
            )
        _cross_check(part, function, ours)
        call = Call(part.function, {"graph_function": part.graph}, PROBE)
        size, hard = len(graph_worth.counted(ours)), graph_worth.difficulties(ours)
        return PartPlan((call,), (Expected(places, size, hard),))

    def judge(
        self,
        part: EvaluationTracePart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Judge row by row, in the order in which the mode visits the nodes."""
        (observation,), (expected,) = observations, plan.expected
        if observation.outcome is not Outcome.RETURNED:
            frames = observation.failure.frames if observation.failure else ()
            in_graph = bool(frames) and frames[0].function == part.graph
            function = part.graph if in_graph else part.function
            return outcomes.failed_call(part, observation, function, part.file)
        answer = observation.value if isinstance(observation.value, dict) else {}
        refused = answer.get("not_data")
        if isinstance(refused, list) and len(refused) == 2 and refused[0] in _functions(part):
            return _lost(part, messages.traces.no_data(refused[0], str(refused[1])[:_LONGEST]))
        if not {"graph", "trace"} <= set(answer):
            absent = str(answer.get("missing"))
            name = absent if absent in _functions(part) else part.function
            says = messages.points.no_function(name, part.file)
            return replace(_lost(part, says), status=Status.MISSING)
        try:
            graph = graph_rows.read(answer["graph"], list(part.at), part.operations)
            given, extra = trace_rows.read(answer["trace"], graph)
        except RowsError as error:
            return _lost(part, messages.traces.no_graph(part.graph, str(error)))
        except arrays.NotNumbersError as error:
            return _lost(part, str(error))
        right_graph = _computes(graph, expected.places)
        refused = "" if right_graph else _not_worth_tracing(part, graph, expected)
        if refused:
            return _lost(part, refused)
        trace = trace_rows.Trace(
            graph, part.at, part.along, part.mode, part.tolerance.atol or 0.0, given, extra
        )
        hard = graph_worth.difficulties(graph)
        lacking = [] if right_graph else [d for d in expected.difficulties if d not in hard]
        if lacking and len(lacking) == len(expected.difficulties):
            says = messages.traces.easier_graph(lacking, "")
            return _lost(part, f"{messages.traces.WRONG_GRAPH} {says}")
        return _result(part, trace, judging, expected, lacking, right_graph=right_graph)

    def released(self, part: EvaluationTracePart, planning: Planning) -> Released:
        """Return places to hold a graph against the function, without that of the trace itself.

        The value there is the last row of the trace.
        """
        plan = self.plan(part, planning.public())
        (expected,) = plan.expected
        elsewhere = replace(expected, places=expected.places[1:])
        names = ("function", "file", "graph", "at", "mode", "along", "tolerance", "operations")
        return Released(releases.fields(part, names), replace(plan, expected=(elsewhere,)))

    def taken_back(self, fields: Mapping[str, Any]) -> EvaluationTracePart:
        """Return the part of a release; the function itself is withheld."""
        return self.model.model_validate({**fields, "of": releases.WITHHELD})


def _functions(part: EvaluationTracePart) -> tuple[str, str]:
    return part.graph, part.function


def _numbers(graph: Graph, inputs: Mapping[str, float]) -> dict[str, float]:
    """Return the value of every input and node; a graph on numbers has no other values."""
    return {
        name: float(value) if value.ndim == 0 else math.nan
        for name, value in graph.evaluate(inputs).items()
    }


def _computes(graph: Graph, places: Sequence[Place]) -> bool:
    """Whether the graph gives the function's value at every place."""
    for place in places:
        value = _numbers(graph, place.inputs)[graph.output]
        if not abs(value - place.value) <= 1e-9 + 1e-9 * abs(place.value):
            return False
    return True


def _cross_check(part: EvaluationTracePart, function: Any, graph: Graph) -> None:
    """Hold the grader's own derivatives of the reference's graph against torch."""
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    tensors = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in part.at.values()]
    automatic = [float(slope) for slope in torch.autograd.grad(function(*tensors), tensors)]
    numbers = _numbers(graph, part.at)
    backwards = graph_rows.adjoints(graph, numbers)
    for name, slope in zip(part.at, automatic, strict=True):
        forwards = graph_rows.tangents(graph, numbers, {name: 1.0})[graph.output]
        if not np.allclose([forwards, backwards[name]], slope, rtol=1e-9, atol=1e-9):
            raise CourseError(f"{part.id}: {part.graph} and {part.of} differ in ∂/∂{name}")


def _not_worth_tracing(part: EvaluationTracePart, graph: Graph, expected: Expected) -> str:
    """Return why the trace of a wrong graph earns nothing; empty if it is judged."""
    least = (expected.operations + 1) // 2
    found = len(set(graph_worth.counted(graph)) - graph_worth.copies(graph))
    if found < least:
        return messages.traces.graph_too_small(found, least)
    numbers = _numbers(graph, part.at)
    if not all(math.isfinite(numbers[name]) for name in graph.reaching):
        return messages.traces.GRAPH_UNDEFINED
    slopes = graph_rows.adjoints(graph, numbers)
    idle = [name for name in part.at if not abs(slopes[name]) > 1e-9]
    return messages.traces.inputs_without_effect(idle) if idle else ""


def _lost(part: EvaluationTracePart, says: str) -> PartResult:
    return PartResult(
        part.id, Status.WRONG, Fraction(0), part.points, says, hint=part.hint, cases_total=1
    )


def _result(
    part: EvaluationTracePart,
    trace: trace_rows.Trace,
    judging: Judging,
    expected: Expected,
    lacking: Sequence[str],
    *,
    right_graph: bool,
) -> PartResult:
    reveal = not judging.self_check  # the numbers are the answer: a self-check names rows only
    graph = trace.graph
    judged = _judged(part, trace)
    kept = 1 - Fraction(len(lacking), len(expected.difficulties) or 1)
    shares = _shares(judged, part.points * kept, _MOST * expected.operations)
    checks = [
        _check(row, trace, share, reveal=reveal) for row, share in zip(judged, shares, strict=True)
    ]
    lost = [check for check in checks if check.status is not Status.CORRECT]
    points = sum((check.points for check in checks), Fraction(0))
    notes = [] if right_graph else [messages.traces.WRONG_GRAPH]
    if lacking:
        says = messages.traces.easier_graph(lacking, str(kept))
        notes.append(says)
        name, worth = messages.traces.WHOLE_GRAPH, part.points * (1 - kept)
        checks.append(Check(name, Status.WRONG, Fraction(0), worth, says))
    notes += (
        [messages.traces.extra_keys([name[:40] for name in trace.extra[:5]])] if trace.extra else []
    )
    copied = graph_worth.copies(graph) - {row.name for row in judged}
    idle = [name for name in graph_worth.counted(graph) if name in copied]
    notes += [messages.traces.copied_rows(idle)] if idle else []
    beside = [
        row.name
        for row in trace.rows()
        if row.name in trace.given and row not in judged and row.state == "wrong"
    ]
    notes += [messages.traces.beside_wrong(beside)] if beside else []
    if lost:
        whole = trace.diagnosis()
        says = messages.traces.first_wrong(part.mode, lost[0].name, whole or lost[0].says)
        follow = [row.name for row in judged if row.state == "follows"]
        notes = [messages.traces.credited(follow) if follow else "", *notes]
        if len(lost) > 1:
            notes = [messages.frameworks.also_wrong([c.name for c in lost[1:]]), *notes]
    else:
        says = messages.traces.trace_right(part.mode, len(judged))
    found = Status.PARTIAL if lacking else Status.CORRECT
    if lost:
        absent = all(check.status is Status.MISSING for check in lost)
        found = Status.PARTIAL if points else Status.MISSING if absent else Status.WRONG
    states = {row.name: row.state.replace("missing", "wrong") for row in judged}
    return PartResult(
        part.id,
        found,
        points,
        part.points,
        " ".join(filter(None, [says, *notes])),
        hint=part.hint if lost else "",
        cases_total=len(judged),
        cases_right=len(judged) - len(lost),
        visible=(_report(part, judged, says, right=not lost),) if reveal else (),
        checks=tuple(checks),
        figures=(drawn(part.title, graph, states, messages.traces.states_in_words(states)),),
    )


def _judged(part: EvaluationTracePart, trace: trace_rows.Trace) -> list[TraceRow]:
    """Return the rows that have a share.

    Those that only repeat what stands elsewhere have one only if they are wrong: copies of another
    row, and in forward mode the inputs, whose pairs are part of the question.
    """
    graph = trace.graph
    counted, copies = set(graph_worth.counted(graph)), graph_worth.copies(graph)
    inputs = {name for name in graph.inputs if name in trace.given}
    repeated = copies | inputs if part.mode == "forward" else copies
    among = [row for row in trace.rows() if row.name in counted | inputs]
    return [row for row in among if row.state == "wrong" or row.name not in repeated] or among


def _shares(judged: Sequence[TraceRow], worth: Fraction, most: int) -> list[Fraction]:
    """Return the share of each row: equal ones, or those that are not right get that of `most`."""
    lost = sum(row.state in {"wrong", "missing"} for row in judged)
    if len(judged) <= most or not lost:
        return [worth / len(judged)] * len(judged)
    heavy = worth / max(most, lost)
    rest = len(judged) - lost
    light = (worth - lost * heavy) / rest if rest else Fraction(0)
    return [heavy if row.state in {"wrong", "missing"} else light for row in judged]


def _check(row: TraceRow, trace: trace_rows.Trace, share: Fraction, *, reveal: bool) -> Check:
    if row.state == "missing":
        close = trace.meant(row.name)
        says = messages.traces.missing_row(row.name, close)
        return Check(row.name, Status.MISSING, Fraction(0), share, says)
    if row.state == "wrong":
        says = trace.says(row, reveal=reveal)
        return Check(row.name, Status.WRONG, Fraction(0), share, says)
    says = messages.traces.follows_from(list(row.origins)) if row.state == "follows" else ""
    return Check(row.name, Status.CORRECT, share, share, says)


def _report(
    part: EvaluationTracePart,
    judged: Sequence[TraceRow],
    says: str,
    *,
    right: bool,
) -> CaseReport:
    """Return the student's trace beside the right one, a line for each row."""
    seen = "\n".join(f"{row.name}: {row.given_text()}" for row in judged if row.state != "missing")
    wanted = "\n".join(f"{row.name}: {row.right_text()}" for row in judged)
    return CaseReport(1, right, f"{part.function}()", seen, wanted, "" if right else says)
