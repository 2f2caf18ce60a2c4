"""`autograd_framework`: `Variable.backward()` of a small framework, on whole graphs.

A wrong class costs its points in `autograd_functions` and not again here: graphs that need it are
left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import Closeness, compare
from grader.compare.diagnosis import nearly
from grader.kinds import outcomes, releases
from grader.kinds.base import Judging, Kind, PartPlan, Planning, Released
from grader.kinds.frameworks import expected_graphs, framework_work, graphs
from grader.records import (
    Call,
    CaseReport,
    Check,
    Failure,
    Observation,
    Outcome,
    PartResult,
    Status,
)
from grader.spec.models import FileName, Identifier, Part, Path, Points

PROBE = "grader.probes.framework:graph"


class FrameworkPart(Part):
    """`Variable.backward()` on graphs; each group of graphs has points of its own."""

    kind: Literal["autograd_framework"]
    file: FileName = "diy_autograd.py"
    needs: Identifier | None = Field(
        None,
        description="The autograd_functions part; graphs with a class that failed are left out.",
    )
    groups: dict[Literal["chains", "shared", "operators", "linear"], Points] = Field(
        description="Points per group: chains of operations; shared subexpressions and repeated "
        "children; reflected operators and constants; work linear in the size of the graph."
    )
    graphs_per_group: int = Field(8, ge=1, le=200)
    chain: int = Field(500, ge=1, le=500, description="The length of the longest chain.")
    levels: int = Field(40, ge=1, le=60, description="Levels of y = y + y in the linear group.")

    @property
    def source_file(self) -> str:
        """The file with the framework."""
        return self.file

    @property
    def functions(self) -> tuple[str, ...]:
        """The class whose backward pass is judged."""
        return ("Variable",)

    def needed_parts(self) -> Iterator[tuple[Path, str]]:
        """Yield the part whose verdict decides which graphs count."""
        if self.needs:
            yield ("needs",), self.needs

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return the points of the groups."""
        return tuple(self.groups.values())

    @model_validator(mode="after")
    def _some_group(self) -> FrameworkPart:
        if not self.groups:
            raise ValueError("expected at least one of chains, shared, operators, linear")
        return self


class AutogradFramework(Kind[FrameworkPart]):
    """`autograd_framework`: gradients of whole graphs, and the work that they take."""

    name = "autograd_framework"
    model = FrameworkPart
    probes = (PROBE, framework_work.PROBE)
    expects = expected_graphs.ExpectedGraph

    def plan(self, part: FrameworkPart, planning: Planning) -> PartPlan:
        """Make one call per graph; the linear group comes last, since it can use up the time."""
        rng = planning.rng(part)
        expected: list[expected_graphs.ExpectedGraph] = []
        measured = graphs.doubling("mul", 1.0, framework_work.LEVELS)
        for group in ("chains", "shared", "operators", "linear"):
            if group in part.groups:
                programs = graphs.programs(
                    group, part.graphs_per_group, rng, chain=part.chain, levels=part.levels
                )
                if group == "linear":
                    programs = [measured, *programs]  # before what may use up the time
                expected += [expected_graphs.expect(group, program, rng) for program in programs]
        calls = tuple(
            Call(
                "Variable",
                {"program": item.program.rows()},
                framework_work.PROBE if item.program is measured else PROBE,
            )
            for item in expected
        )
        return PartPlan(calls, tuple(expected))

    def judge(
        self,
        part: FrameworkPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Judge each group by the graphs that need no class that failed."""
        failed = _failed_classes(judging.earlier.get(part.needs or ""))
        work = ""
        checks, reports = [], []
        failure: Failure | None = None
        tallies = [0, 0]
        for group, points in part.groups.items():
            usable = [
                (expected, observation)
                for expected, observation in zip(plan.expected, observations, strict=True)
                if expected.group == group and not (expected.program.classes & failed)
            ]
            if group == "linear":
                (_, measured), *usable = usable
                work = framework_work.note(measured)
                usable = usable[:1]  # the first that can be built says it
                if usable and usable[0][1].outcome is Outcome.NOT_RUN:
                    usable = [(usable[0][0], measured)]  # what kept it from being run
            results = [(e, o, _judge_graph(part, e, o)) for e, o in usable]
            right = sum(not says for _, _, (_, says, _) in results)
            tallies = [tallies[0] + right, tallies[1] + len(results)]
            wrong = next((result for result in results if result[2][1]), None)
            if wrong is None and results:
                checks.append(Check(group, Status.CORRECT, points, points, work))
                continue
            if wrong is None:
                says = messages.frameworks.NO_GRAPH
                checks.append(Check(group, Status.WRONG, Fraction(0), points, says))
                continue
            _, observation, (found, says, report) = wrong
            failure = failure or observation.failure
            says = f"{says} {work if group == 'linear' else ''}".strip()
            checks.append(Check(group, found, Fraction(0), points, says))
            reports += [report] if report else []
        result = outcomes.from_checks(
            part, checks, reports, failure, right_says=messages.frameworks.graphs_right(tallies[0])
        )
        result = replace(result, cases_right=tallies[0], cases_total=tallies[1])
        if failed and result.status is Status.CORRECT:
            says = messages.frameworks.classes_left_out(sorted(failed))
            result = replace(result, summary=f"{result.summary} {says}")
        return result

    def released(self, part: FrameworkPart, planning: Planning) -> Released:
        """Return graphs of the same making, which are not those that are graded."""
        names = ("file", "needs", "groups", "graphs_per_group", "chain", "levels")
        return Released(releases.fields(part, names), self.plan(part, planning.public()))


def _failed_classes(functions: PartResult | None) -> set[str]:
    checks = functions.checks if functions else ()
    return {check.name for check in checks if check.status is not Status.CORRECT}


def _judge_graph(
    part: FrameworkPart, expected: expected_graphs.ExpectedGraph, observation: Observation
) -> tuple[Status, str, CaseReport | None]:
    """Return the status, what is wrong (empty if nothing), and a report of it."""
    program = expected.program
    if observation.outcome is not Outcome.RETURNED:
        says = outcomes.sentence(observation, _stopped_at(observation), part.file)
        if expected.group == "linear" and observation.outcome is Outcome.TIMED_OUT:
            says = messages.frameworks.exponential(part.levels)
        call = program.source()
        return (
            outcomes.status(observation, right=False),
            says,
            CaseReport(1, False, call, "", "", says),
        )
    answer = observation.value if isinstance(observation.value, dict) else {}
    if "missing" in answer:
        return (
            Status.MISSING,
            messages.frameworks.no_class(str(answer["missing"])[:100], part.file),
            None,
        )
    if "not_data" in answer:
        says = _not_data(program, answer["not_data"])
        return Status.WRONG, says, CaseReport(1, False, program.source(), "", "", says)
    # Gradients of values in single precision are no better, whatever type they have.
    both = [answer.get("values"), answer.get("grads")]
    for key, wanted, moves, worked_in in (
        ("values", expected.values, expected.values_move, both[:1]),
        ("grads", expected.grads, expected.grads_move, both),
    ):
        dtype = arrays.working_dtype(worked_in)
        closeness = compare(answer.get(key), wanted, conditioning=moves, dtype=dtype)
        if closeness.right:
            continue
        return Status.WRONG, *_report(program, key, wanted, closeness, answer.get(key))
    return Status.CORRECT, "", None


def _not_data(program: graphs.Program, where: Any) -> str:
    """Return what is said of a Variable that holds no number; where comes from the sandbox."""
    number, attribute, found = where if isinstance(where, list) and len(where) == 3 else (0, "", "")
    known = type(number) is int and 0 <= number < len(program.nodes)
    name = program.name(number if known else 0)
    return messages.frameworks.holds_no_number(name, str(attribute)[:20], str(found)[:200])


def _stopped_at(observation: Observation) -> str:
    """Return what was stopped: the function that is not there yet, or the whole."""
    failure = observation.failure
    if failure is not None and failure.type == "NotImplementedError" and failure.frames:
        return failure.frames[-1].function
    return messages.frameworks.BUILD_AND_BACKWARD


def _report(
    program: graphs.Program, key: str, wanted: np.ndarray, closeness: Closeness, value: Any
) -> tuple[str, CaseReport]:
    """Return what is wrong with the values or the gradients of a graph, and a report of it."""
    what, attribute = (
        (messages.frameworks.GRAPH_VALUES, "value")
        if key == "values"
        else (messages.frameworks.GRAPH_GRADIENTS, "grad")
    )
    source = program.source()
    if closeness.observed is None or closeness.wrong is None:
        items = value if isinstance(value, list) else []
        without = [n for n, item in enumerate(items[: len(wanted)]) if item is None]
        says = f"{what} {closeness.message}"
        if without:
            says = messages.frameworks.no_gradient(program.name(without[-1]), attribute)
        return says, CaseReport(1, False, source, "", arrays.array_text(wanted), says)
    # The first that went wrong, in the order in which they are computed: values from the inputs
    # on, gradients from the output on.  The others may only follow from it.
    numbers = np.flatnonzero(closeness.wrong)
    at = int(numbers[0] if key == "values" else numbers[-1])
    seen, there = closeness.observed[at], wanted[at]
    hint = nearly(seen, there)
    if not hint and key == "grads" and not np.iscomplexobj(seen):
        hint = messages.frameworks.sharing_hint(float(seen), float(there), program.uses(at))
    name = f"{program.name(at)}.{attribute}"
    says = messages.frameworks.wrong_node(what, program.name(at), attribute, seen, there, hint)
    texts = arrays.array_text(closeness.observed), arrays.array_text(wanted)
    pair = messages.results.two_numbers(seen, there)
    return says, CaseReport(1, False, source, *texts, says, name, *pair)
