"""What is judged of an algorithm without the declarations: its values, and how its costs grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from grader import messages
from grader.compare import arrays, closeness
from grader.compare.closeness import Closeness, Difference
from grader.compare.diagnosis import Sample, diagnose
from grader.expressions import algebra
from grader.expressions.writing import polynomial_text
from grader.kinds import outcomes
from grader.kinds.base import Judging
from grader.kinds.costs import cost_answers
from grader.kinds.costs.cost_measures import GROWING, QUANTITIES, Measured, Run, measure
from grader.kinds.costs.cost_parts import Algorithm, CostPart
from grader.kinds.costs.cost_plan import Case
from grader.kinds.functions.automatic import numeric
from grader.records import CaseReport, Check, Failure, Observation, Outcome, Status
from grader.tracing import polynomials


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found about one algorithm."""

    algorithm: Algorithm
    measured: Measured
    value: Check
    report: CaseReport | None
    failure: Failure | None


def judge_algorithm(
    part: CostPart,
    algorithm: Algorithm,
    cases: Sequence[tuple[Case, Observation]],
    runs: Sequence[tuple[Run, Observation]],
    judging: Judging,
) -> Judged:
    """Judge the values of an algorithm, and measure it if they are right."""
    value, report, failure = _judge_values(part, algorithm, cases)
    blank = Measured(part.names, part.degree)
    if value.status is Status.CORRECT:
        measured = measure(
            [run for run, _ in runs],
            [observation for _, observation in runs],
            name=algorithm.function,
            numeric=numeric(judging.reference.function(algorithm.expected)),
            reference=judging.reference.function(algorithm.expected),
            blank=blank,
        )
    else:
        measured = replace(blank, problem=value.says)
    return Judged(algorithm, measured, value, report, failure)


# ---- the values ----------------------------------------------------------------------------------


def _judge_values(
    part: CostPart, algorithm: Algorithm, cases: Sequence[tuple[Case, Observation]]
) -> tuple[Check, CaseReport | None, Failure | None]:
    label, nothing = algorithm.label("value"), Fraction(0)
    results = [_compared(case, observation) for case, observation in cases]
    for place, ((case, observation), compared) in enumerate(zip(cases, results, strict=True)):
        if compared is None:
            says = outcomes.sentence(observation, algorithm.function, part.file)
            found = outcomes.status(observation, right=False)
            report = _report(algorithm, case, None, says)
            check = Check(label, found, nothing, algorithm.points, says)
            return check, report, observation.failure
        if not compared.right:
            pattern = _pattern([case for case, _ in cases], results)
            report = _report(algorithm, case, compared.observed, pattern or compared.message)
            says = pattern or compared.message
            if place and not pattern:
                sizes = messages.costs.sizes_text(part.names, case.sizes)
                says = messages.costs.at_sizes(sizes, says)
            return Check(label, Status.WRONG, nothing, algorithm.points, says), report, None
    says = messages.costs.RIGHT_VALUE
    return Check(label, Status.CORRECT, algorithm.points, algorithm.points, says), None, None


def _compared(case: Case, observation: Observation) -> Closeness | None:
    if observation.outcome is not Outcome.RETURNED:
        return None
    return closeness.compare(observation.value, case.value, conditioning=case.conditioning)


def _pattern(cases: Sequence[Case], results: Sequence[Closeness | None]) -> str:
    """Return what all values together look like: a factor, the transpose, another sign."""
    samples = []
    for case, result in zip(cases, results, strict=True):
        if result is None or result.observed is None:
            return ""  # a pattern is only named where every case returned numbers
        if result.difference is Difference.SHAPE and result.observed.ndim != case.value.ndim:
            return ""
        samples.append(Sample(case.inputs, case.value, result.observed, result.wrong))
    found = diagnose(samples)
    return found.says if found else ""


def _report(algorithm: Algorithm, case: Case, observed: np.ndarray | None, says: str) -> CaseReport:
    call = arrays.call_text(algorithm.function, dict(case.inputs))
    seen = "" if observed is None else arrays.array_text(observed)
    return CaseReport(1, False, call, seen, arrays.array_text(case.value), says)


# ---- growth --------------------------------------------------------------------------------------


def growth_check(part: CostPart, found: Judged, judging: Judging) -> Check:
    """Return whether all costs of an algorithm grow no faster than they may."""
    algorithm, measured = found.algorithm, found.measured
    label, points = algorithm.label("growth"), algorithm.growth.points
    if measured.problem:
        unknown = found.value.status is not Status.CORRECT
        says = messages.costs.not_judged(measured.problem) if unknown else measured.problem
        status = Status.REFUSED if measured.refused else Status.WRONG
        return Check(label, Status.SKIPPED if unknown else status, Fraction(0), points, says)
    for quantity in GROWING:
        says = _too_fast(part, found, quantity, judging)
        if says:
            return Check(label, Status.WRONG, Fraction(0), points, says)
    if judging.self_check:
        says = messages.costs.GROWTH_RIGHT_HIDDEN
    else:
        times, memory = (measured.text(quantity) for quantity in QUANTITIES)
        shown = polynomial_text(part.limit(algorithm), part.names)
        says = messages.costs.growth_right(times, memory, shown)
    says = " ".join([says, *measured.notes()])
    return Check(label, Status.CORRECT, points, points, says)


def _too_fast(part: CostPart, found: Judged, quantity: str, judging: Judging) -> str:
    """Return what is wrong with the growth of a cost, nothing if it is within the limit."""
    measured = found.measured
    limit = part.limit(found.algorithm)
    shown = polynomial_text(limit, part.names)
    polynomial = measured.polynomial(quantity)
    if polynomial is not None:
        if polynomials.grows_at_most(polynomial, limit):
            return ""
        if judging.self_check:
            return messages.costs.grows_too_fast_hidden(quantity)
        return messages.costs.grows_too_fast(quantity, measured.text(quantity), shown)
    if quantity in QUANTITIES:
        best = part.wanted(found.algorithm, quantity)
        known = algebra.polynomial(best.read(best.answer), part.names) or {}
        if cost_answers.within(known, measured, quantity):
            return ""
        if measured.varies(quantity):
            return measured.why_varying(quantity)
    numbers = measured.numbers(quantity)
    risen = polynomials.rises(numbers, limit, measured.degree)
    if risen is None:
        return ""
    if judging.self_check:
        return messages.costs.grows_too_fast_hidden(quantity)
    near, far = ((messages.costs.sizes_text(part.names, at), numbers[at]) for at in risen)
    return messages.costs.outgrows(quantity, shown, near, far)
