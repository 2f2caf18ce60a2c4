"""Kinds about a small autograd framework that the student writes.

`autograd_functions` judges classes with `forward` and `backward` one by one; `autograd_framework`
judges `Variable.backward()` on whole graphs.  A wrong class costs its points in the first and not
again in the second: graphs that need it are left out there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import compare
from grader.compare.conditioning import conditioning
from grader.errors import CourseError
from grader.kinds import graphs, inputs, outcomes
from grader.kinds.base import Judging, Kind, PartPlan, Planning
from grader.records import (
    Call,
    CaseReport,
    Check,
    Failure,
    Frame,
    Observation,
    Outcome,
    PartResult,
    Status,
)
from grader.spec.models import (
    FileName,
    Identifier,
    InputSpec,
    Model,
    Part,
    Path,
    Points,
    PythonName,
)

FUNCTIONS_PROBE = "grader.probes.framework:function_cases"
GRAPH_PROBE = "grader.probes.framework:graph"


class FunctionClass(Model):
    """A class that the student writes, and the torch function that says what it computes."""

    name: PythonName
    of: PythonName = Field(description="A torch function of the reference, of the same arguments.")
    inputs: dict[str, InputSpec]
    also: tuple[tuple[float, ...], ...] = Field((), description="Inputs of your own: ties, signs.")


class FunctionsPart(Part):
    """Classes with `forward(...)` and `backward(parent, children)`; each earns an equal share."""

    kind: Literal["autograd_functions"]
    file: FileName = "diy_autograd.py"
    count: int = Field(20, ge=1, le=1000, description="Random cases per class.")
    classes: tuple[FunctionClass, ...] = Field(min_length=1)

    @property
    def source_file(self) -> str:
        """The file with the classes."""
        return self.file

    def reference_names(self) -> Iterator[tuple[Path, str]]:
        """Yield the torch functions of the classes."""
        for index, item in enumerate(self.classes):
            yield ("classes", index, "of"), item.of


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


@dataclass(frozen=True, slots=True)
class ClassCase:
    """Inputs of one class with the value and the partial derivatives that are expected."""

    inputs: tuple[float, ...]
    value: np.ndarray  # ()
    partials: np.ndarray  # (k,); NaN where the partial does not exist
    value_moves: Mapping[str, np.ndarray]
    partials_move: Mapping[str, np.ndarray]


class AutogradFunctions(Kind[FunctionsPart]):
    """`autograd_functions`: forward values and local partial derivatives, class by class."""

    name = "autograd_functions"
    model = FunctionsPart
    probes = (FUNCTIONS_PROBE,)

    def plan(self, part: FunctionsPart, planning: Planning) -> PartPlan:
        """Make one call per class, with all of its inputs."""
        rng = planning.rng(part)
        calls, expected = [], []
        for item in part.classes:
            cases = [*item.also, *_drawn(item, part.count, rng)]
            function = planning.reference.function(item.of)
            expected.append(tuple(_class_case(part, function, case, rng) for case in cases))
            calls.append(
                Call(item.name, {"cases": [list(case) for case in cases]}, FUNCTIONS_PROBE)
            )
        return PartPlan(tuple(calls), tuple(expected), len(calls))

    def judge(
        self,
        part: FunctionsPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Judge each class by all of its cases."""
        share = part.points / len(part.classes)
        checks, reports = [], []
        first_failure: Failure | None = None
        for item, cases, observation in zip(part.classes, plan.expected, observations, strict=True):
            found, says, report, failure = _judge_class(part, item, cases, observation, judging)
            earned = share if found is Status.CORRECT else Fraction(0)
            checks.append(Check(item.name, found, earned, share, says))
            reports += [report] if report else []
            first_failure = first_failure or failure
        return _from_checks(
            part, checks, reports, first_failure, right_says=messages.classes_right(len(checks))
        )


def _drawn(item: FunctionClass, count: int, rng: np.random.Generator) -> list[tuple[float, ...]]:
    return [
        tuple(float(inputs.sample(spec, rng)) for spec in item.inputs.values())
        for _ in range(count)
    ]


def _class_case(
    part: Part, function: Any, case: tuple[float, ...], rng: np.random.Generator
) -> ClassCase:
    def value(**numbers: Any) -> np.ndarray:
        return np.asarray(_torch_value(function, numbers)[0])

    def partials(**numbers: Any) -> np.ndarray:
        return np.asarray(_torch_value(function, numbers)[1])

    named = {f"x{number}": np.asarray(item) for number, item in enumerate(case)}
    expected, slopes = value(**named), partials(**named)
    if not np.isfinite(expected):
        raise CourseError(f"{part.id}: the reference gives {expected} for {list(case)}")
    return ClassCase(
        case,
        expected,
        slopes,
        conditioning(value, named, expected, rng),
        conditioning(partials, named, slopes, rng),
    )


def _torch_value(function: Any, numbers: Mapping[str, Any]) -> tuple[float, list[float]]:
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    tensors = [
        torch.tensor(float(number), dtype=torch.float64, requires_grad=True)
        for number in numbers.values()
    ]
    result = function(*tensors)
    slopes = torch.autograd.grad(result, tensors)
    return float(result.detach()), [float(slope) for slope in slopes]


def _judge_class(
    part: FunctionsPart,
    item: FunctionClass,
    cases: tuple[ClassCase, ...],
    observation: Observation,
    judging: Judging,
) -> tuple[Status, str, CaseReport | None, Failure | None]:
    if observation.outcome is not Outcome.RETURNED:
        says = outcomes.sentence(observation, item.name, part.file)
        return outcomes.status(observation, right=False), says, None, observation.failure
    answer = observation.value if isinstance(observation.value, dict) else {}
    if "missing" in answer:
        return Status.MISSING, messages.no_class(str(answer["missing"]), part.file), None, None
    results = answer.get("results")
    results = results if isinstance(results, list) else []
    for number, case in enumerate(cases):
        if number >= len(results):
            return _stopped(item, case, answer.get("stopped"), judging, part.file)
        wrong = _wrong_case(item, case, results[number])
        if wrong is not None:
            return Status.WRONG, wrong.message, replace(wrong, number=number + 1), None
    return Status.CORRECT, "", None, None


def _wrong_case(item: FunctionClass, case: ClassCase, result: Any) -> CaseReport | None:
    value, partials = result if isinstance(result, list) and len(result) == 2 else (None, None)
    arguments = ", ".join(f"Variable({number!r})" for number in case.inputs)
    forward = f"{item.name}.forward({arguments})"
    closeness = compare(value, case.value, conditioning=case.value_moves)
    if not closeness.right:
        says = f"{messages.FORWARD} {closeness.message}"
        seen = "" if closeness.observed is None else arrays.array_text(closeness.observed)
        call = f"{forward}.value"
        return CaseReport(1, False, call, seen, arrays.array_text(case.value), says)
    names = list(item.inputs)
    call = f"{item.name}.backward({forward}, [{arguments}])"
    try:
        slopes = np.atleast_1d(arrays.as_array(partials))
    except arrays.NotNumbersError as error:
        says = f"{messages.BACKWARD} {error}"
        return CaseReport(1, False, call, "", arrays.array_text(case.partials), says)
    if slopes.shape != case.partials.shape:
        says = messages.partial_count(slopes.shape, len(names))
        return CaseReport(
            1, False, call, arrays.array_text(slopes), arrays.array_text(case.partials), says
        )
    expected = _acceptable(item, case, slopes)
    moves = {name: np.nan_to_num(move) for name, move in case.partials_move.items()}
    # Judged in the precision of the student: `slopes` is float64 whatever came back.
    closeness = compare(slopes.astype(arrays.working_dtype(partials)), expected, conditioning=moves)
    if closeness.right:
        return None
    at = closeness.worst[0] if closeness.worst else 0
    says = messages.wrong_partial(names[at], slopes[at], expected[at])
    return CaseReport(
        1,
        False,
        call,
        arrays.array_text(slopes),
        arrays.array_text(expected),
        says,
        outcomes.index_text((at,)),
        arrays.number_text(slopes[at]),
        arrays.number_text(expected[at]),
    )


def _acceptable(item: FunctionClass, case: ClassCase, slopes: np.ndarray) -> np.ndarray:
    """Return the expected partials, with the student's own where more than one answer is right.

    A partial that does not exist (NaN in the reference: the exponent's at a negative base) may be
    0 or NaN.  At a tie of Min or Max any pair (t, 1-t) with 0 <= t <= 1 is a subgradient.
    """
    expected = np.where(
        np.isnan(case.partials) & (np.isnan(slopes) | (slopes == 0)), 0.0, case.partials
    )
    tie = item.name in {"Min", "Max"} and len(set(case.inputs)) == 1
    if tie and np.all((slopes >= 0) & (slopes <= 1)) and abs(slopes.sum() - 1) <= 1e-12:
        return slopes
    np.copyto(slopes, 0.0, where=np.isnan(case.partials) & np.isnan(slopes))
    return expected


def _stopped(
    item: FunctionClass, case: ClassCase, stopped: Any, judging: Judging, file: str
) -> tuple[Status, str, CaseReport | None, Failure | None]:
    details = stopped if isinstance(stopped, dict) else {}
    failure = Failure(
        str(details.get("type", "an unreadable answer"))[:200],
        str(details.get("message", ""))[:2000],
        _frames(details.get("frames"), judging.files),
    )
    at = messages.at_line(file, failure.frames[-1].line) if failure.frames else ""
    step = f"{item.name}.{details.get('step', 'forward')}"
    says = messages.raised(step, failure.type, failure.message, at)
    call = f"{item.name}.forward({', '.join(f'Variable({number!r})' for number in case.inputs)})"
    report = CaseReport(1, False, call, "", arrays.array_text(case.value), says)
    return Status.CRASHED, says, report, failure


def _frames(frames: Any, files: Sequence[str]) -> tuple[Frame, ...]:
    """Return the frames that lie in the submission; what came from the sandbox is not trusted."""
    found = []
    for frame in frames if isinstance(frames, list) else []:
        if not (isinstance(frame, list) and len(frame) == 4):
            continue
        name = PurePosixPath(str(frame[0])).name
        if name in files and isinstance(frame[1], int):
            found.append(Frame(name, frame[1], str(frame[2])[:200], str(frame[3])[:400]))
    return tuple(found)


class AutogradFramework(Kind[FrameworkPart]):
    """`autograd_framework`: gradients of whole graphs, and the work that they take."""

    name = "autograd_framework"
    model = FrameworkPart
    probes = (GRAPH_PROBE,)

    def plan(self, part: FrameworkPart, planning: Planning) -> PartPlan:
        """Make one call per graph; the linear group comes last, since it can use up the time."""
        rng = planning.rng(part)
        expected: list[graphs.ExpectedGraph] = []
        for group in ("chains", "shared", "operators", "linear"):
            if group in part.groups:
                programs = graphs.programs(
                    group, part.graphs_per_group, rng, chain=part.chain, levels=part.levels
                )
                expected += [graphs.expect(group, program, rng) for program in programs]
        calls = tuple(
            Call("Variable", {"program": item.program.rows()}, GRAPH_PROBE) for item in expected
        )
        return PartPlan(calls, tuple(expected), 0)

    def judge(
        self,
        part: FrameworkPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Judge each group by the graphs that need no class that failed."""
        failed = _failed_classes(judging.earlier.get(part.needs or ""))
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
                usable = usable[:1]  # the first that can be built says it
            results = [(e, o, _judge_graph(part, e, o)) for e, o in usable]
            right = sum(not says for _, _, (_, says, _) in results)
            tallies = [tallies[0] + right, tallies[1] + len(results)]
            wrong = next((result for result in results if result[2][1]), None)
            if wrong is None and results:
                checks.append(Check(group, Status.CORRECT, points, points))
                continue
            if wrong is None:
                says = messages.NO_GRAPH
                checks.append(Check(group, Status.WRONG, Fraction(0), points, says))
                continue
            _, observation, (found, says, report) = wrong
            failure = failure or observation.failure
            checks.append(Check(group, found, Fraction(0), points, says))
            reports += [report] if report else []
        result = _from_checks(
            part, checks, reports, failure, right_says=messages.graphs_right(tallies[0])
        )
        result = replace(result, cases_right=tallies[0], cases_total=tallies[1])
        if failed and result.status is Status.CORRECT:
            says = messages.classes_left_out(sorted(failed))
            result = replace(result, summary=f"{result.summary} {says}")
        return result


def _failed_classes(functions: PartResult | None) -> set[str]:
    checks = functions.checks if functions else ()
    return {check.name for check in checks if check.status is not Status.CORRECT}


def _judge_graph(
    part: FrameworkPart, expected: graphs.ExpectedGraph, observation: Observation
) -> tuple[Status, str, CaseReport | None]:
    """Return the status, what is wrong (empty if nothing), and a report of it."""
    program = expected.program
    if observation.outcome is not Outcome.RETURNED:
        says = outcomes.sentence(observation, "backward()", part.file)
        if expected.group == "linear" and observation.outcome is Outcome.TIMED_OUT:
            says = messages.exponential(part.levels)
        call = program.source()
        return (
            outcomes.status(observation, right=False),
            says,
            CaseReport(1, False, call, "", "", says),
        )
    answer = observation.value if isinstance(observation.value, dict) else {}
    if "missing" in answer:
        return Status.MISSING, messages.no_class(str(answer["missing"]), part.file), None
    for key, wanted, moves in (
        ("values", expected.values, expected.values_move),
        ("grads", expected.grads, expected.grads_move),
    ):
        closeness = compare(answer.get(key), wanted, conditioning=moves)
        if closeness.right:
            continue
        return Status.WRONG, *_graph_report(program, key, wanted, closeness, answer.get(key))
    return Status.CORRECT, "", None


def _graph_report(
    program: graphs.Program, key: str, wanted: np.ndarray, closeness: Any, value: Any
) -> tuple[str, CaseReport]:
    what = messages.GRAPH_VALUES if key == "values" else messages.GRAPH_GRADIENTS
    attribute = "value" if key == "values" else "grad"
    if closeness.observed is None or closeness.worst is None:
        without = (
            [n for n, item in enumerate(value) if item is None] if isinstance(value, list) else []
        )
        says = f"{what} {closeness.message}"
        if without:
            says = messages.no_gradient(program.name(without[0]), attribute)
        return says, CaseReport(1, False, program.source(), "", arrays.array_text(wanted), says)
    at = closeness.worst[0]
    seen, there = closeness.observed[at], wanted[at]
    ratio = messages.sharing_hint(float(np.real(seen)), float(there), program.uses(at))
    says = messages.wrong_node(what, program.name(at), attribute, seen, there, ratio)
    return says, CaseReport(
        1,
        False,
        program.source(),
        arrays.array_text(closeness.observed),
        arrays.array_text(wanted),
        says,
        f"{program.name(at)}.{attribute}",
        arrays.number_text(seen),
        arrays.number_text(there),
    )


def _from_checks(
    part: Part,
    checks: Sequence[Check],
    reports: Sequence[CaseReport],
    failure: Failure | None,
    *,
    right_says: str,
) -> PartResult:
    """Return the result of a part that is the sum of its checks."""
    points = sum((check.points for check in checks), Fraction(0))
    right = [check for check in checks if check.status is Status.CORRECT]
    wrong = [check for check in checks if check.status is not Status.CORRECT]
    if not wrong:
        found, summary = Status.CORRECT, right_says
    else:
        found = Status.PARTIAL if right else wrong[0].status
        summary = f"{wrong[0].name}: {wrong[0].says}"
        if len(wrong) > 1:
            summary += " " + messages.also_wrong([check.name for check in wrong[1:]])
    return PartResult(
        id=part.id,
        status=found,
        points=points,
        max_points=part.points,
        summary=summary,
        hint="" if not wrong else part.hint,
        cases_total=len(checks),
        cases_right=len(right),
        visible=tuple(replace(report, number=n + 1) for n, report in enumerate(reports)),
        checks=tuple(checks),
        failure=failure,
    )
