"""Declared costs, held against what the student's own code was measured to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from grader import messages
from grader.expressions import algebra
from grader.expressions.tree import Expression, ExpressionError
from grader.expressions.writing import number_text, polynomial_text
from grader.kinds.costs.cost_measures import Measured
from grader.kinds.written.answers import Judgement, shown
from grader.kinds.written.formulas import ExpressionAnswer
from grader.records import Status
from grader.tracing.polynomials import Polynomial, grows_at_most, value

_SCALES = (1, 3, 10, 100)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is needed to judge one declared cost."""

    quantity: str  # multiplications or memory
    wanted: ExpressionAnswer  # its answer is the best known cost
    limit: Polynomial
    measured: Measured

    @property
    def names(self) -> tuple[str, ...]:
        """The sizes."""
        return self.wanted.names

    @property
    def best(self) -> Expression:
        """The best known cost."""
        tree: Expression = self.wanted.read(self.wanted.answer)
        return tree


def judge(key: str, given: Any, item: Declaration) -> Judgement:
    """Return the verdict on a declared cost; `key` is its place in answers.yaml."""
    wanted = item.wanted
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        expected = messages.answers.a_form(wanted.form, wanted.example)
        return Judgement.refused(messages.answers.form(key, shown(given), expected))
    try:
        tree = wanted.read(str(given))
        declared = algebra.polynomial(tree, wanted.names)
        read_as = wanted.shown(tree)
        if item.measured.problem:
            says = messages.costs.not_judged(item.measured.problem)
            return Judgement(Status.SKIPPED, says, read_as)
        return _held_against(item, tree, declared, read_as)
    except ExpressionError as error:
        says = error.says
        if says == messages.answers.ORDER_FOUND:
            says = f"{says} {messages.costs.ORDER_GIVEN}"
        return Judgement.refused(
            messages.answers.unreadable(key, says, error.column, wanted.example)
        )


def _held_against(
    item: Declaration, tree: Expression, declared: Polynomial | None, read_as: str
) -> Judgement:
    best = algebra.polynomial(item.best, item.names) or {}
    measured = item.measured.text(item.quantity)
    best_text = item.wanted.shown(item.best)
    if declared is not None and _is_measured(declared, item):
        if not grows_at_most(declared, item.limit):
            limit = polynomial_text(item.limit, item.names)
            says = messages.costs.declared_too_large(read_as, limit)
            return Judgement(Status.WRONG, says, read_as)
        says = messages.costs.declared_right(read_as, measured, best_text)
        return Judgement(Status.CORRECT, says, read_as, Fraction(1))
    if declared == best and within(best, item.measured, item.quantity):
        says = messages.costs.declared_best(read_as, measured)
        return Judgement(Status.CORRECT, says, read_as, Fraction(1))
    for mistake in item.wanted.mistakes:
        if item.wanted.same(tree, item.wanted.read(mistake.answer)):
            return Judgement.known(read_as, mistake)
    says = messages.costs.declared_wrong(read_as, measured, best_text)
    hint = messages.costs.BEST_IS_NOT_YOURS if declared == best else _hint(declared, item)
    says = f"{says} {hint}".strip()
    return Judgement(Status.WRONG, says, read_as)


def _is_measured(declared: Polynomial, item: Declaration) -> bool:
    found = item.measured.polynomial(item.quantity)
    if found is not None:
        return declared == found
    # Of a higher degree than was looked for, perhaps: then it still has to agree everywhere.
    numbers = item.measured.numbers(item.quantity)
    return not item.measured.varies(item.quantity) and all(
        value(declared, at) == number for at, number in numbers.items()
    )


def within(best: Polynomial, measured: Measured, quantity: str) -> bool:
    """Return whether measured counts stay within an expression, at the sizes tried and beyond."""
    numbers = measured.numbers(quantity)
    if any(number > value(best, at) for at, number in numbers.items()):
        return False
    if measured.varies(quantity):
        return False
    found = measured.polynomial(quantity)
    if found is None:
        return True
    start = next(iter(numbers))
    grid = product(*([size * scale for scale in _SCALES] for size in start))
    return all(value(found, at) <= value(best, at) for at in grid)


def _hint(declared: Polynomial | None, item: Declaration) -> str:
    """Return in what way a declaration differs from what was measured, if that can be said."""
    measured = item.measured.polynomial(item.quantity)
    if not declared or not measured:
        return ""
    factor = _factor(declared, measured)
    if factor is not None:
        return messages.costs.by_a_factor(number_text(factor))
    difference = algebra.add(measured, algebra.scale(declared, Fraction(-1)))
    constant = (0,) * len(item.names)
    if set(difference) == {constant}:
        return messages.costs.by_a_constant(number_text(abs(difference[constant])))
    degree = max(map(sum, measured))
    if _top(declared, degree) == _top(measured, degree) and max(map(sum, declared)) == degree:
        return messages.costs.leading_terms_only(polynomial_text(difference, item.names))
    return ""


def _top(polynomial: Mapping[tuple[int, ...], Fraction], degree: int) -> dict[Any, Fraction]:
    return {powers: factor for powers, factor in polynomial.items() if sum(powers) == degree}


def _factor(declared: Polynomial, measured: Polynomial) -> Fraction | None:
    if set(declared) != set(measured):
        return None
    ratios = {declared[powers] / measured[powers] for powers in measured}
    return ratios.pop() if len(ratios) == 1 else None
