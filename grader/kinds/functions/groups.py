"""Groups of cases with points of their own: a forward beside its backward, one name of several.

A group calls one function of the student.  What it returns is one array or a tuple of arrays; each
is compared on its own, and what is wrong with it is said of it by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from grader import messages
from grader.compare import arrays
from grader.compare.closeness import Closeness, Difference, Tolerance, compare
from grader.compare.diagnosis import Sample, diagnose
from grader.compare.grids import grid
from grader.errors import CourseError
from grader.kinds import outcomes
from grader.kinds.functions.automatic import Arrays
from grader.records import (
    CaseReport,
    Check,
    Failure,
    Observation,
    Outcome,
    PartResult,
    Status,
)
from grader.spec.functions import FunctionPart
from grader.spec.models import Mistake


@dataclass(frozen=True, slots=True)
class Case:
    """One call of a group and what is expected of it."""

    group: str
    function: str
    arguments: Mapping[str, Any]
    outputs: tuple[str, ...]  # what the arrays are called; empty for a single one
    expected: Arrays
    conditioning: tuple[Mapping[str, np.ndarray], ...]
    mistakes: Mapping[str, Arrays | None] = field(default_factory=dict)  # None: it fails here


@dataclass(frozen=True, slots=True)
class Compared:
    """How the result of a call compares with its case, array by array."""

    parts: tuple[Closeness, ...]  # none if the arrays could not be told apart
    message: str = ""
    note: str = ""

    @property
    def right(self) -> bool:
        """Whether every array is right."""
        return bool(self.parts) and all(part.right for part in self.parts)


def judge(
    part: FunctionPart,
    cases: Sequence[Case],
    observations: Sequence[Observation],
    visible: int,
    shares: Mapping[str, Fraction],
) -> PartResult:
    """Return the verdict on a part: that of its only group, or a check for each."""
    names = list(dict.fromkeys(case.group for case in cases))
    results = []
    for name in names:
        at = [index for index, case in enumerate(cases) if case.group == name]
        shown = sum(index < visible for index in at)
        group = [cases[index] for index in at]
        seen = [observations[index] for index in at]
        worth = part.points if len(names) == 1 else shares[name]
        results.append(_judge_group(part, group, seen, shown, worth))
    if len(results) == 1:
        return results[0]
    return _combined(part, names, results)


def made_by(mistake: str, cases: Sequence[Case]) -> tuple[Observation, ...]:
    """Return what a student's calls give who makes one declared mistake and no other."""
    return tuple(_made_by(mistake, case) for case in cases)


def _made_by(mistake: str, case: Case) -> Observation:
    given = case.mistakes.get(mistake, case.expected)
    if given is None:  # the mistake fails for these shapes
        return Observation(Outcome.RAISED, failure=Failure("ValueError", ""))
    return Observation(Outcome.RETURNED, given[0] if len(given) == 1 else list(given))


def tell_apart(part: FunctionPart, mistakes: Sequence[Mistake], cases: Sequence[Case]) -> None:
    """Refuse a declared mistake that no case tells from the right answer."""
    for mistake in mistakes:
        known = [(c, c.mistakes.get(mistake.name)) for c in cases if mistake.name in c.mistakes]
        if not any(
            wrong is not None and not compared(list(wrong), case, part.tolerance).right
            for case, wrong in known
        ):
            raise CourseError(
                f"{part.id}: the mistake {mistake.name!r} equals the right answer in every case"
            )


def compared(
    value: Any,
    case: Case,
    tolerance: Tolerance | None,
    expected: Arrays | None = None,
    *,
    columns: bool = False,
) -> Compared:
    """Return how a value compares with what is expected of a case, or with a wrong answer to it."""
    wanted = case.expected if expected is None else expected
    items = separated(value, tuple(array.shape for array in wanted))
    if items is None:
        return Compared((), messages.products.count_expected(len(wanted), _described(value)))
    dtype = arrays.working_dtype(value)
    parts = tuple(
        compare(
            item,
            array,
            tolerance=tolerance,
            conditioning=moved if moved[dtype].shape == array.shape else None,
            columns=columns,
            dtype=dtype,
        )
        for item, array, moved in zip(items, wanted, case.conditioning, strict=True)
    )
    return Compared(parts, _message(case.outputs, parts), _note(parts))


def separated(value: Any, shapes: Sequence[tuple[int, ...]]) -> list[Any] | None:
    """Return a value as as many items as there are shapes, or None if it has another number.

    Where one array is expected, it may come in a tuple of its own; where several of the same shape
    are, they may come as one array with another axis in front.
    """
    if len(shapes) == 1:
        alone = isinstance(value, list) and len(value) == 1
        return value if alone and _has_shape(value[0], shapes[0]) else [value]
    if isinstance(value, list):
        return value if len(value) == len(shapes) else None
    if isinstance(value, np.ndarray) and value.shape == (len(shapes), *shapes[0]):
        return list(value) if len(set(shapes)) == 1 else None
    return None


def _has_shape(value: Any, shape: tuple[int, ...]) -> bool:
    try:
        return bool(np.shape(value) == shape)
    except ValueError:  # rows of different lengths
        return False


def _described(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, list):
        return messages.products.found_list(len(value))
    if isinstance(value, np.ndarray):
        return messages.products.found_array(value.shape)
    return messages.products.found_type(type(value).__name__)


def _message(names: Sequence[str], parts: Sequence[Closeness]) -> str:
    wrong = [index for index, part in enumerate(parts) if not part.right]
    if not wrong:
        return ""
    return _of(names, wrong[0], parts[wrong[0]].message)


def _note(parts: Sequence[Closeness]) -> str:
    return next((part.note for part in parts if part.note), "")


def _of(names: Sequence[str], index: int, says: str) -> str:
    return messages.products.labelled(names[index], says) if names else says


def _judge_group(
    part: FunctionPart,
    cases: Sequence[Case],
    observations: Sequence[Observation],
    shown: int,
    worth: Fraction,
) -> PartResult:
    results = [_result(part, case, seen) for case, seen in zip(cases, observations, strict=True)]
    statuses = [
        outcomes.status(seen, right=result is not None and result.right)
        for seen, result in zip(observations, results, strict=True)
    ]
    of_group = part.model_copy(update={"points": worth})
    tally = outcomes.Tally(of_group, tuple(statuses), shown, cases[0].function, part.source_file)
    visible = tuple(
        _report(part, index, cases[index], observations[index], results[index])
        for index in range(shown)
    )
    changed = outcomes.changed_inputs(observations)
    if tally.all_right:
        note = next((result.note for result in results if result is not None and result.note), "")
        return tally.correct(visible, notes=[note, changed])
    mistake = _known_mistake(part, cases, observations)
    if mistake is not None:
        return tally.known_mistake(mistake, visible)
    return tally.failed(observations, visible, _pattern(cases, results, shown=bool(shown)), changed)


def _result(part: FunctionPart, case: Case, observation: Observation) -> Compared | None:
    if observation.outcome is not Outcome.RETURNED:
        return None
    return compared(observation.value, case, part.tolerance, columns=part.shapes == "columns")


def _known_mistake(
    part: FunctionPart, cases: Sequence[Case], observations: Sequence[Observation]
) -> Mistake | None:
    for mistake in part.mistakes:
        known = [case.mistakes.get(mistake.name) for case in cases]
        comparable = any(wrong is not None for wrong in known)
        if comparable and all(
            _makes(part, mistake.name, case, seen)
            for case, seen in zip(cases, observations, strict=True)
        ):
            return mistake
    return None


def _makes(part: FunctionPart, mistake: str, case: Case, observation: Observation) -> bool:
    """Whether a call gives what a mistake gives; where the mistake itself fails, it has to fail."""
    if mistake not in case.mistakes:
        return False
    wrong = case.mistakes[mistake]
    if wrong is None:
        return observation.outcome is Outcome.RAISED
    if observation.outcome is not Outcome.RETURNED:
        return False
    columns = part.shapes == "columns"
    return compared(observation.value, case, part.tolerance, wrong, columns=columns).right


def _pattern(cases: Sequence[Case], results: Sequence[Compared | None], *, shown: bool) -> str:
    """Return what is wrong with the first array that is not right in every case."""
    for index in range(len(cases[0].expected)):
        samples = []
        for case, result in zip(cases, results, strict=True):
            found = result.parts[index] if result is not None and result.parts else None
            if found is None or found.observed is None:
                return ""  # a pattern is only named where every case returned numbers
            wanted = case.expected[index]
            if found.difference is Difference.SHAPE and found.observed.ndim != wanted.ndim:
                return ""
            inputs = {k: v for k, v in case.arguments.items() if not isinstance(v, str)}
            samples.append(Sample(inputs, wanted, found.observed, found.wrong))
        if any(sample.wrong is None or sample.wrong.any() for sample in samples):
            diagnosis = diagnose(samples, shown=shown)
            return _of(cases[0].outputs, index, diagnosis.says) if diagnosis else ""
    return ""


def _report(
    part: FunctionPart,
    index: int,
    case: Case,
    observation: Observation,
    result: Compared | None,
) -> CaseReport:
    call = arrays.call_text(case.function, dict(case.arguments))
    wanted = _texts(case.outputs, case.expected)
    if result is None:
        says = outcomes.sentence(observation, case.function, part.source_file)
        return CaseReport(index + 1, False, call, "", wanted, says)
    observed = repr(observation.value)[:400]
    seen = [part.observed for part in result.parts]
    known = tuple(array for array in seen if array is not None)
    if seen and len(known) == len(seen):
        observed = _texts(case.outputs, known)
    worst, found, there = _worst(case, result)
    says = result.message or result.note
    # Several arrays stand in their texts, each with its name.
    table = grid(result.parts[0], case.expected[0]) if len(result.parts) == 1 else None
    return CaseReport(
        index + 1, result.right, call, observed, wanted, says, worst, found, there, table
    )


def _texts(names: Sequence[str], values: Arrays) -> str:
    if not names:
        return arrays.array_text(values[0])
    pairs = zip(names, values, strict=True)
    return "\n".join(
        messages.products.labelled(name, arrays.array_text(array)) for name, array in pairs
    )


def _worst(case: Case, result: Compared) -> tuple[str, str, str]:
    """Return the index of the entry farthest off in the first wrong array, and both numbers."""
    for index, part in enumerate(result.parts):
        if not part.right and part.observed is not None and part.worst not in (None, ()):
            assert part.worst is not None  # noqa: S101  (for the type checker)
            at = messages.results.index_text(part.worst)
            pair = part.observed[part.worst], case.expected[index][part.worst]
            seen, there = messages.results.two_numbers(*pair)
            return (f"{case.outputs[index]} {at}" if case.outputs else at), seen, there
    return "", "", ""


def _combined(
    part: FunctionPart, names: Sequence[str], results: Sequence[PartResult]
) -> PartResult:
    checks = [
        Check(name, result.status, result.points, result.max_points, _says(result))
        for name, result in zip(names, results, strict=True)
    ]
    reports = [report for result in results for report in result.visible]
    failure = next((result.failure for result in results if result.failure is not None), None)
    total = sum(result.cases_total for result in results)
    notes = dict.fromkeys(
        result.summary.removeprefix(messages.calls.all_right(result.cases_total)).strip()
        for result in results
    )
    right_says = " ".join(filter(None, [messages.products.groups_right(names, total), *notes]))
    whole = outcomes.from_checks(part, checks, reports, failure, right_says=right_says)
    partly = whole.status is not Status.CORRECT and whole.points > 0
    return replace(
        whole,
        status=Status.PARTIAL if partly else whole.status,
        mistake=next((result.mistake for result in results if result.mistake), None),
        cases_total=total,
        cases_right=sum(result.cases_right for result in results),
    )


def _says(result: PartResult) -> str:
    return "" if result.status is Status.CORRECT else result.summary
