"""`cost`: what an algorithm takes, declared as an expression and measured on the student's code.

A part has one or more algorithms.  Each is run as it is, for its values, and on recorded numbers at
several sizes, for its costs: multiplications, and memory as the most numbers that live at once.
The counts determine a polynomial in the sizes, which the declared expression has to equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from grader import messages
from grader.kinds import outcomes
from grader.kinds.base import Example, Judging, Kind, PartPlan, Planning
from grader.kinds.costs import cost_answers, cost_examples, cost_plan
from grader.kinds.costs.cost_measures import QUANTITIES
from grader.kinds.costs.cost_parts import CODE_SHARES, ConditionItem, CostPart, NumbersItem
from grader.kinds.costs.cost_values import Judged, growth_check, judge_algorithm
from grader.kinds.written import formulas, written_numbers
from grader.kinds.written.answers import Judgement, given_answer
from grader.kinds.written.written_numbers import judge_number
from grader.records import CaseReport, Check, Failure, Observation, PartResult, Status
from grader.spec.asked import Asked


class Cost(Kind[CostPart]):
    """`cost`: values, growth, and declarations that equal what the code does."""

    name = "cost"
    model = CostPart
    probes = (cost_plan.PROBE,)

    def plan(self, part: CostPart, planning: Planning) -> PartPlan:
        """Run each algorithm on floats at some sizes, and recorded at all that are needed."""
        return cost_plan.plan(part, planning)

    def judge(
        self,
        part: CostPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Measure each algorithm, then hold the declarations against the measurements."""
        judged = [
            judge_algorithm(
                part,
                algorithm,
                *cost_plan.of_algorithm(place, plan.expected, observations),
                judging,
            )
            for place, algorithm in enumerate(part.algorithms)
        ]
        checks: list[Check] = []
        answers: dict[str, str] = {}
        mistakes: list[str] = []
        for found in judged:
            checks += [found.value, growth_check(part, found, judging)]
            for quantity in QUANTITIES:
                judgement = _declaration(part, found, quantity, judging)
                label = found.algorithm.label(quantity)
                points = found.algorithm.declared(quantity).points
                checks.append(_check(label, judgement, points))
                answers[label] = _row(part, found, quantity, judgement, judging)
                answers |= _table(found, quantity, judging)
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

    def asked(self, part: CostPart) -> tuple[Asked, ...]:
        """Return every declared cost, and what is asked beside the costs."""
        declared = tuple(
            Asked(
                key=f"{part.id}-{algorithm.label(quantity)}",
                form="expression",
                asks=messages.costs.asks(algorithm.function, quantity),
                names=part.names,
            )
            for algorithm in part.algorithms
            for quantity in QUANTITIES
        )
        numbers = tuple(written_numbers.asked(f"{part.id}-{i.id}", i) for i in part.numbers)
        conditions = tuple(
            Asked(key=f"{part.id}-{item.id}", form="condition", names=part.names)
            for item in part.conditions
        )
        return (*declared, *numbers, *conditions)

    def mistaken(self, part: CostPart, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return the reference's code with each declared mistake among its answers."""
        return cost_examples.examples(part, plan, planning)


# ---- the answers ---------------------------------------------------------------------------------


def _declaration(part: CostPart, found: Judged, quantity: str, judging: Judging) -> Judgement:
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
        return Judgement.refused(judging.answers_problem)
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
    part: CostPart, found: Judged, quantity: str, judgement: Judgement, judging: Judging
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


def _table(found: Judged, quantity: str, judging: Judging) -> dict[str, str]:
    """Return the counts themselves, where no expression says what they are."""
    measured = found.measured
    if judging.self_check or measured.problem or measured.polynomial(quantity) is not None:
        return {}
    return {messages.costs.counts_label(found.algorithm.label(quantity)): measured.table(quantity)}


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
