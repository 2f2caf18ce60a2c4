"""`cost`: what an algorithm takes, declared as an expression and measured on the student's code.

A part has one or more algorithms.  Each is run as it is, for its values, and on recorded numbers at
several sizes, for its costs: multiplications, and memory as the most numbers that live at once.
The counts determine a polynomial in the sizes, which the declared expression has to equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from grader import messages
from grader.compare import arrays, closeness
from grader.compare.conditioning import conditioning
from grader.errors import CourseError
from grader.expressions import algebra
from grader.expressions.writing import polynomial_text
from grader.kinds import outcomes
from grader.kinds.base import Example, Judging, Kind, PartPlan, Planning
from grader.kinds.costs import cost_answers, cost_examples
from grader.kinds.costs.cost_measures import (
    MOST_EVENTS,
    QUANTITIES,
    Measured,
    Run,
    measure,
    needed_inputs,
)
from grader.kinds.costs.cost_parts import (
    CODE_SHARES,
    Algorithm,
    ConditionItem,
    CostPart,
    NumbersItem,
)
from grader.kinds.functions.derivatives import Oracle, numeric
from grader.kinds.written import formulas
from grader.kinds.written.answers import Judgement, given_answer
from grader.kinds.written.written_numbers import judge_number
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
from grader.tracing import polynomials
from grader.tracing.polynomials import Polynomial, Sizes

PROBE = "grader.probes.tracing:record"

_WIDEST = 6  # sizes at which values are tried go so far beyond the smallest


@dataclass(frozen=True, slots=True)
class _Case:
    """Inputs with the value that is expected of them."""

    sizes: Sizes
    inputs: Mapping[str, Any]
    value: np.ndarray
    conditioning: Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found about one algorithm."""

    algorithm: Algorithm
    measured: Measured
    value: Check
    report: CaseReport | None
    failure: Failure | None


class Cost(Kind[CostPart]):
    """`cost`: values, growth, and declarations that equal what the code does."""

    name = "cost"
    model = CostPart
    probes = (PROBE,)

    def plan(self, part: CostPart, planning: Planning) -> PartPlan:
        """Run each algorithm on floats at some sizes, and recorded at all that are needed."""
        rng = planning.rng(part)
        calls: list[Call] = []
        expected: list[_Case | Run] = []
        for algorithm in part.algorithms:
            oracle = numeric(planning.reference.function(algorithm.expected))
            for sizes in _value_sizes(part, rng):
                case = _case(part, algorithm, sizes, oracle, rng)
                calls.append(Call(algorithm.function, case.inputs, seed=len(calls)))
                expected.append(case)
            for sizes in _traced_sizes(part):
                run = _run(part, algorithm, sizes, oracle, rng)
                arguments = {"inputs": list(run.inputs.values()), "limit": MOST_EVENTS}
                calls.append(Call(algorithm.function, arguments, PROBE, seed=len(calls)))
                expected.append(run)
        # While a call is recorded, NumPy is patched and the student holds recorded numbers.
        return PartPlan(tuple(calls), tuple(expected), fresh=True)

    def judge(
        self,
        part: CostPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Measure each algorithm, then hold the declarations against the measurements."""
        each = len(plan.expected) // len(part.algorithms)
        judged = [
            _judge_algorithm(
                part,
                algorithm,
                plan.expected[place * each : (place + 1) * each],
                observations[place * each : (place + 1) * each],
                judging,
            )
            for place, algorithm in enumerate(part.algorithms)
        ]
        checks: list[Check] = []
        answers: dict[str, str] = {}
        mistakes: list[str] = []
        for found in judged:
            checks += [found.value, _growth_check(part, found, judging)]
            for quantity in QUANTITIES:
                judgement = _declaration(part, found, quantity, judging)
                label = found.algorithm.label(quantity)
                points = found.algorithm.declared(quantity).points
                checks.append(_check(label, judgement, points))
                answers[label] = _row(part, found, quantity, judgement, judging)
                mistakes += [judgement.mistake] if judgement.mistake else []
        for item in part.others:
            judgement = _other_answer(part, item, judging)
            checks.append(_check(item.id, judgement, item.points))
            answers |= {item.id: judgement.read_as} if judgement.read_as else {}
            mistakes += [judgement.mistake] if judgement.mistake else []
        figures = tuple(f.measured.trace for f in judged if f.measured.trace is not None)
        reports = [found.report for found in judged if found.report is not None]
        failure = next((found.failure for found in judged if found.failure), None)
        result = _result(part, checks, reports, failure, answers, mistakes, judging)
        return replace(result, figures=figures)

    def mistaken(self, part: CostPart, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return the reference's code with each declared mistake among its answers."""
        return cost_examples.examples(part, plan, planning)


# ---- the plan ------------------------------------------------------------------------------------


def _value_sizes(part: CostPart, rng: np.random.Generator) -> list[Sizes]:
    """Return sizes for the values: the smallest ones first, then others that differ."""
    start = tuple(part.sizes.values())
    others = [
        tuple(size + int(more) for size, more in zip(start, steps, strict=True))
        for steps in rng.integers(0, _WIDEST, (part.cases - 1, len(start)), endpoint=True)
    ]
    return [start, *others]


def _traced_sizes(part: CostPart) -> list[Sizes]:
    """Return the sizes of the recorded runs; the last is made twice, with other inputs."""
    start = tuple(part.sizes.values())
    last = polynomials.confirming(start, part.degree)
    return [*polynomials.determining(start, part.degree), last, last]


def _draw(
    algorithm: Algorithm, named: Mapping[str, int], rng: np.random.Generator
) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for name, shape in algorithm.inputs.items():
        if isinstance(shape, str):
            inputs[name] = named[shape]
            continue
        extents = [named[extent] if isinstance(extent, str) else extent for extent in shape]
        drawn = np.asarray(rng.normal(size=extents))
        inputs[name] = drawn if drawn.ndim else drawn.item()
    return inputs


def _inputs(
    part: CostPart, algorithm: Algorithm, sizes: Sizes, rng: np.random.Generator
) -> dict[str, Any]:
    return _draw(algorithm, dict(zip(part.names, sizes, strict=True)), rng)


def _case(
    part: CostPart, algorithm: Algorithm, sizes: Sizes, oracle: Oracle, rng: np.random.Generator
) -> _Case:
    inputs = _inputs(part, algorithm, sizes, rng)
    value = _expect(part, algorithm, oracle, inputs)
    return _Case(sizes, inputs, value, conditioning(oracle, inputs, value, rng))


def _run(
    part: CostPart, algorithm: Algorithm, sizes: Sizes, oracle: Oracle, rng: np.random.Generator
) -> Run:
    inputs = _inputs(part, algorithm, sizes, rng)
    _expect(part, algorithm, oracle, inputs)
    named = dict(zip(part.names, sizes, strict=True))
    return Run(sizes, inputs, needed_inputs(oracle, inputs), partial(_draw, algorithm, named))


def _expect(
    part: CostPart, algorithm: Algorithm, oracle: Oracle, inputs: Mapping[str, Any]
) -> np.ndarray:
    call = arrays.call_text(algorithm.expected, dict(inputs))
    try:
        with np.errstate(all="ignore"):
            value = oracle(**inputs)
    except Exception as error:
        raise CourseError(f"{part.id}: the reference fails for {call}: {error!r}") from error
    if not np.all(np.isfinite(value)):
        raise CourseError(f"{part.id}: the reference gives {value} for {call}")
    return value


# ---- the code ------------------------------------------------------------------------------------


def _judge_algorithm(
    part: CostPart,
    algorithm: Algorithm,
    expected: Sequence[Any],
    observations: Sequence[Observation],
    judging: Judging,
) -> _Judged:
    cases, seen = expected[: part.cases], observations[: part.cases]
    value, report, failure = _judge_values(part, algorithm, cases, seen)
    blank = Measured(part.names, part.degree)
    if value.status is Status.CORRECT:
        measured = measure(
            expected[part.cases :],
            observations[part.cases :],
            name=algorithm.function,
            numeric=numeric(judging.reference.function(algorithm.expected)),
            reference=judging.reference.function(algorithm.expected),
            blank=blank,
        )
    else:
        measured = replace(blank, problem=value.says)
    return _Judged(algorithm, measured, value, report, failure)


def _judge_values(
    part: CostPart,
    algorithm: Algorithm,
    cases: Sequence[_Case],
    observations: Sequence[Observation],
) -> tuple[Check, CaseReport | None, Failure | None]:
    label, nothing = algorithm.label("value"), Fraction(0)
    for place, (case, observation) in enumerate(zip(cases, observations, strict=True)):
        if observation.outcome is not Outcome.RETURNED:
            says = outcomes.sentence(observation, algorithm.function, part.file)
            found = outcomes.status(observation, right=False)
            report = _report(algorithm, case, None, says)
            check = Check(label, found, nothing, algorithm.points, says)
            return check, report, observation.failure
        compared = closeness.compare(observation.value, case.value, conditioning=case.conditioning)
        if not compared.right:
            says = compared.message
            report = _report(algorithm, case, compared.observed, says)
            if place:
                sizes = messages.costs.sizes_text(part.names, case.sizes)
                says = messages.costs.at_sizes(sizes, says)
            return Check(label, Status.WRONG, nothing, algorithm.points, says), report, None
    says = messages.costs.RIGHT_VALUE
    return Check(label, Status.CORRECT, algorithm.points, algorithm.points, says), None, None


def _report(
    algorithm: Algorithm, case: _Case, observed: np.ndarray | None, says: str
) -> CaseReport:
    call = arrays.call_text(algorithm.function, dict(case.inputs))
    seen = "" if observed is None else arrays.array_text(observed)
    return CaseReport(1, False, call, seen, arrays.array_text(case.value), says)


def _growth_check(part: CostPart, found: _Judged, judging: Judging) -> Check:
    algorithm, measured = found.algorithm, found.measured
    label, points = algorithm.label("growth"), algorithm.growth.points
    if measured.problem:
        known = found.value.status is not Status.CORRECT
        says = messages.costs.not_judged(measured.problem) if known else measured.problem
        status = Status.SKIPPED if known else Status.WRONG
        return Check(label, status, Fraction(0), points, says)
    limit = part.limit(algorithm)
    shown = polynomial_text(limit, part.names)
    for quantity in QUANTITIES:
        says = _too_fast(part, found, quantity, limit, shown, judging)
        if says:
            return Check(label, Status.WRONG, Fraction(0), points, says)
    if judging.self_check:
        says = messages.costs.GROWTH_RIGHT_HIDDEN
    else:
        times, memory = (measured.text(quantity) for quantity in QUANTITIES)
        says = messages.costs.growth_right(times, memory, shown)
    says = " ".join([says, *measured.notes()])
    return Check(label, Status.CORRECT, points, points, says)


def _too_fast(
    part: CostPart,
    found: _Judged,
    quantity: str,
    limit: Polynomial,
    shown: str,
    judging: Judging,
) -> str:
    """Return what is wrong with the growth of a cost, nothing if it is within the limit."""
    measured = found.measured
    polynomial = measured.polynomial(quantity)
    if polynomial is not None and polynomials.grows_at_most(polynomial, limit):
        return ""
    if polynomial is None:
        best = part.wanted(found.algorithm, quantity)
        known = algebra.polynomial(best.read(best.answer), part.names) or {}
        if cost_answers.within(known, measured, quantity):
            return ""
        return measured.why_no_polynomial(quantity)
    if judging.self_check:
        return messages.costs.grows_too_fast_hidden(quantity)
    return messages.costs.grows_too_fast(quantity, measured.text(quantity), shown)


# ---- the answers ---------------------------------------------------------------------------------


def _declaration(part: CostPart, found: _Judged, quantity: str, judging: Judging) -> Judgement:
    key = f"{part.id}-{found.algorithm.label(quantity)}"
    item = cost_answers.Declaration(
        quantity,
        part.wanted(found.algorithm, quantity),
        part.limit(found.algorithm),
        found.measured,
    )
    return _answered(key, judging, lambda given: cost_answers.judge(key, given, item))


def _other_answer(part: CostPart, item: NumbersItem | ConditionItem, judging: Judging) -> Judgement:
    key = f"{part.id}-{item.id}"
    if isinstance(item, NumbersItem):
        return _answered(key, judging, lambda given: judge_number(key, given, item))
    wanted = item.wanted(part.names)
    return _answered(key, judging, lambda given: formulas.judge(key, given, wanted))


def _answered(key: str, judging: Judging, judge: Callable[[Any], Judgement]) -> Judgement:
    given = given_answer(judging, key)
    if given is None and judging.answers_problem:
        return Judgement(Status.WRONG, judging.answers_problem)
    if given is None:
        return Judgement(Status.MISSING, messages.written.unanswered([key]))
    found = judge(given)
    if judging.self_check and found.read_as:
        says = messages.answers.readable(found.read_as)
        return Judgement(Status.SKIPPED, says, found.read_as)
    return found


def _check(label: str, judgement: Judgement, points: Fraction) -> Check:
    return Check(label, judgement.status, points * judgement.credit, points, judgement.says)


def _row(
    part: CostPart, found: _Judged, quantity: str, judgement: Judgement, judging: Judging
) -> str:
    """Return declared, measured and best known side by side."""
    declared = judgement.read_as or messages.costs.NOTHING
    if judging.self_check:
        return declared
    measured = found.measured
    shown = messages.costs.NOTHING if measured.problem else measured.text(quantity)
    wanted = part.wanted(found.algorithm, quantity)
    best = wanted.shown(wanted.read(wanted.answer))
    return messages.costs.side_by_side(declared, shown, best)


def _result(
    part: CostPart,
    checks: Sequence[Check],
    reports: Sequence[CaseReport],
    failure: Failure | None,
    answers: Mapping[str, str],
    mistakes: Sequence[str],
    judging: Judging,
) -> PartResult:
    right_says = messages.costs.all_right(len(checks))
    judged: Sequence[Check] = checks
    if judging.self_check:
        # What is only read in a self-check is no reason to call a part wrong.
        code = {algorithm.label(share) for algorithm in part.algorithms for share in CODE_SHARES}
        judged = [c for c in checks if c.status is not Status.SKIPPED or c.name in code]
        right_says = messages.costs.RIGHT_SO_FAR
    result = outcomes.from_checks(part, judged, reports, failure, right_says=right_says)
    return replace(
        result,
        cases_total=0,  # what is counted here are shares, not cases
        cases_right=0,
        checks=tuple(checks),
        answers=answers,
        mistake=mistakes[0] if mistakes else None,
    )
