"""`autograd_functions`: the classes of a small autograd framework, one by one.

Each class has `forward(...)` and `backward(parent, children)`; what it computes is said by a torch
function of the reference, whose automatic derivatives are the partials that are expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import bounds, compare
from grader.compare.conditioning import conditioning
from grader.compare.diagnosis import nearly
from grader.errors import CourseError
from grader.kinds import inputs, outcomes, releases
from grader.kinds.base import Judging, Kind, PartPlan, Planning, Released
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
from grader.spec.functions import InputSpec
from grader.spec.models import FileName, Model, Part, Path, PythonName, Tolerance

PROBE = "grader.probes.framework:function_cases"
_GIVEN = 8  # random cases of each class in a release

# Formulas for the partial of one operation agree to the last digits; a finite difference does not.
_CLOSEST = 1e-12
_EXACT = Tolerance(rtol=_CLOSEST, atol=_CLOSEST)


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
    probes = (PROBE,)
    expects = tuple[ClassCase, ...]

    def plan(self, part: FunctionsPart, planning: Planning) -> PartPlan:
        """Make one call per class, with all of its inputs."""
        rng = planning.rng(part)
        calls, expected = [], []
        for item in part.classes:
            cases = [*item.also, *_drawn(item, part.count, rng)]
            function = planning.reference.function(item.of)
            expected.append(tuple(_class_case(part, function, case, rng) for case in cases))
            calls.append(Call(item.name, {"cases": [list(case) for case in cases]}, PROBE))
        return PartPlan(tuple(calls), tuple(expected))

    def tried(self, call: Call) -> int:
        """Return how many points the call of a class has."""
        cases: Any = call.arguments["cases"]
        return len(cases)

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
        return outcomes.from_checks(
            part,
            checks,
            reports,
            first_failure,
            right_says=messages.frameworks.classes_right(len(checks)),
        )

    def released(self, part: FunctionsPart, planning: Planning) -> Released:
        """Return other inputs, with ties and signs where the course has some of its own."""
        public = planning.public()
        rng = public.rng(part)
        classes = tuple(
            item.model_copy(update={"also": tuple(_moved(case, rng) for case in item.also)})
            for item in part.classes
        )
        plan = self.plan(part.model_copy(update={"classes": classes, "count": _GIVEN}), public)
        found = releases.fields(part, ("file",))
        found["classes"] = [{"name": c.name, "inputs": list(c.inputs)} for c in part.classes]
        return Released(found, plan)

    def taken_back(self, fields: Mapping[str, Any]) -> FunctionsPart:
        """Return the part of a release; what the classes compute is withheld."""
        classes = [
            releases.given_back(item, of=releases.WITHHELD) for item in fields.get("classes", ())
        ]
        return self.model.model_validate({**fields, "classes": classes})


def _moved(case: tuple[float, ...], rng: np.random.Generator) -> tuple[float, ...]:
    """Return a case with the ties and signs of another, and other numbers.

    Behind a negative number whole ones stay as they are: they may be its exponent.
    """
    factors = {number: float(np.round(rng.uniform(0.85, 1.15), 3)) for number in sorted(set(case))}
    kept = {number for number in case[1:] if case[0] < 0 and number.is_integer()} - {case[0]}
    return tuple(n if n in kept else round(n * factors[n], 6) for n in case)


def _drawn(item: FunctionClass, count: int, rng: np.random.Generator) -> list[tuple[float, ...]]:
    return [
        tuple(float(inputs.sample(spec, rng)) for spec in item.inputs.values())
        for _ in range(count)
    ]


def _class_case(
    part: Part, function: Any, case: tuple[float, ...], rng: np.random.Generator
) -> ClassCase:
    def value_and_partials(**numbers: Any) -> np.ndarray:
        return np.array(_torch_values(function, numbers))

    named = {f"x{number}": np.asarray(item) for number, item in enumerate(case)}
    expected = value_and_partials(**named)
    if not np.isfinite(expected[0]):
        raise CourseError(f"{part.id}: the reference gives {expected[0]} for {list(case)}")
    moves = conditioning(value_and_partials, named, expected, rng)
    return ClassCase(
        case,
        np.asarray(expected[0]),
        expected[1:],
        {name: np.asarray(moved[0]) for name, moved in moves.items()},
        {name: moved[1:] for name, moved in moves.items()},
    )


def _torch_values(function: Any, numbers: Mapping[str, Any]) -> list[float]:
    """Return the value of a torch function and its partial derivatives."""
    import torch  # noqa: PLC0415  (a course without derivatives does not load it)

    tensors = [
        torch.tensor(float(number), dtype=torch.float64, requires_grad=True)
        for number in numbers.values()
    ]
    result = function(*tensors)
    slopes = torch.autograd.grad(result, tensors)
    return [float(result.detach()), *(float(slope) for slope in slopes)]


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
        says = messages.frameworks.no_class(str(answer["missing"])[:100], part.file)
        return Status.MISSING, says, None, None
    results = answer.get("results")
    results = results if isinstance(results, list) else []
    if _are_plainly_right(cases, results):
        return Status.CORRECT, "", None, None
    for number, case in enumerate(cases):
        if number >= len(results):
            return _stopped(item, case, answer.get("stopped"), judging, part.file)
        wrong = _wrong_case(item, case, results[number])
        if wrong is not None:
            return Status.WRONG, wrong.message, replace(wrong, number=number + 1), None
    return Status.CORRECT, "", None, None


def _are_plainly_right(cases: Sequence[ClassCase], results: Sequence[Any]) -> bool:
    """Return whether all numbers are Python floats within the tightest tolerance of any case.

    Most classes are right in this way, and looking at all of their cases at once is much faster;
    what is not plain is looked at case by case.
    """
    seen: list[float] = []
    wanted: list[float] = []
    if len(results) < len(cases):
        return False
    for case, result in zip(cases, results, strict=False):
        if type(result) is not list or len(result) != 2 or type(result[1]) is not list:
            return False
        if len(result[1]) != len(case.partials):
            return False
        seen += [result[0], *result[1]]
        wanted += [float(case.value), *case.partials.tolist()]
    if any(type(number) is not float for number in seen):
        return False
    found, expected = np.array(seen), np.array(wanted)
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(found - expected) <= _CLOSEST * (1 + np.abs(expected))
    # Relative to infinity, every number would be close; a partial that does not exist is as below.
    close &= np.isfinite(expected)
    close |= np.isnan(expected) & (np.isnan(found) | (found == 0))
    return bool(close.all())


def _wrong_case(item: FunctionClass, case: ClassCase, result: Any) -> CaseReport | None:
    """Return what is wrong with a case, None if nothing is.

    Nothing is put into words before something is wrong: most cases are right.
    """
    value, partials = result if isinstance(result, list) and len(result) == 2 else (None, None)
    closeness = compare(value, case.value, conditioning=case.value_moves)
    if not closeness.right:
        says = f"{messages.frameworks.FORWARD} {closeness.message}"
        call = f"{_forward_call(item, case)}.value"
        return _case_report(call, closeness.observed, case.value, says)
    try:
        slopes = np.atleast_1d(arrays.as_array(partials))
    except arrays.NotNumbersError as error:
        return _case_report(
            _backward_call(item, case),
            None,
            case.partials,
            f"{messages.frameworks.BACKWARD} {error}",
        )
    if slopes.shape != case.partials.shape:
        says = messages.frameworks.partial_count(slopes.shape, len(item.inputs))
        return _case_report(_backward_call(item, case), slopes, case.partials, says)
    # A function of `math` makes a Python float of single precision: the value may still show it.
    dtype = arrays.working_dtype([value, partials])
    if _is_tie(item, case):
        rtol, atol = bounds(None, dtype)
        if _is_subgradient(slopes, rtol + atol):
            return None
        says = messages.frameworks.wrong_tie(arrays.array_text(slopes))
        return _case_report(_backward_call(item, case), slopes, case.partials, says)
    # A partial that does not exist (NaN in the reference: the exponent's at a negative base) may
    # be 0 or NaN; both are then what is expected.
    free = np.isnan(case.partials) & (np.isnan(slopes) | (slopes == 0))
    closeness = compare(
        np.where(free, 0.0, slopes),
        np.where(free, 0.0, case.partials),
        tolerance=_EXACT if dtype == "float64" else None,
        conditioning=case.partials_move,
        dtype=dtype,
    )
    if closeness.right:
        return None
    at = closeness.worst[0] if closeness.worst else 0
    seen_at, wanted_at = slopes[at], float(case.partials[at])
    hint = nearly(seen_at, wanted_at)
    says = messages.frameworks.wrong_partial(list(item.inputs)[at], seen_at, wanted_at, hint)
    seen, there = messages.results.two_numbers(seen_at, wanted_at)
    return replace(
        _case_report(_backward_call(item, case), slopes, case.partials, says),
        worst_index=messages.results.index_text((at,)),
        observed_there=seen,
        expected_there=there,
    )


def _forward_call(item: FunctionClass, case: ClassCase) -> str:
    return f"{item.name}.forward({_variables(case)})"


def _backward_call(item: FunctionClass, case: ClassCase) -> str:
    return f"{item.name}.backward({_forward_call(item, case)}, [{_variables(case)}])"


def _variables(case: ClassCase) -> str:
    return ", ".join(f"Variable({number!r})" for number in case.inputs)


def _case_report(
    call: str, observed: np.ndarray | None, expected: np.ndarray, says: str
) -> CaseReport:
    seen = "" if observed is None else arrays.array_text(observed)
    return CaseReport(1, False, call, seen, arrays.array_text(expected), says)


def _is_tie(item: FunctionClass, case: ClassCase) -> bool:
    return item.name in {"Min", "Max"} and len(set(case.inputs)) == 1


def _is_subgradient(slopes: np.ndarray, tolerance: float) -> bool:
    """Whether two partials at a tie are a pair (t, 1-t) with 0 <= t <= 1."""
    if np.iscomplexobj(slopes):
        return False
    within = np.all((slopes >= -tolerance) & (slopes <= 1 + tolerance))
    return bool(within) and bool(abs(slopes.sum() - 1) <= tolerance)


def _stopped(
    item: FunctionClass, case: ClassCase, stopped: Any, judging: Judging, file: str
) -> tuple[Status, str, CaseReport | None, Failure | None]:
    """Judge a case that gave no numbers: the probe says at which step, and why."""
    details = stopped if isinstance(stopped, dict) else {}
    backward = str(details.get("step")) == "backward"
    step = f"{item.name}.{'backward' if backward else 'forward'}"
    failure: Failure | None = None
    if "returned" in details:
        found, says = Status.WRONG, messages.frameworks.not_variable(str(details["returned"])[:200])
    elif "not_data" in details:
        found, says = Status.WRONG, messages.calls.not_data(step, str(details["not_data"])[:200])
    else:
        failure = Failure(
            str(details.get("type", "an unreadable answer"))[:200],
            str(details.get("message", ""))[:2000],
            outcomes.frames(details.get("frames"), judging.files),
        )
        observation = Observation(Outcome.RAISED, failure=failure)
        found = outcomes.status(observation, right=False)
        says = outcomes.sentence(observation, step, file)
        if not failure.frames and "required positional argument" in failure.message:
            says = f"{says} {messages.frameworks.called_on_class(step)}"
    report = CaseReport(
        1, False, _forward_call(item, case), "", arrays.array_text(case.value), says
    )
    return found, says, report, failure
