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
from grader.tracing.polynomials import Polynomial, Sizes, grows_at_most, rises, value

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
            status = Status.REFUSED if item.measured.refused else Status.SKIPPED
            return Judgement(status, says, read_as)
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
    if _is_measured(tree, declared, item):
        if _grows_too_fast(declared, item):
            limit = polynomial_text(item.limit, item.names)
            says = messages.costs.declared_too_large(read_as, limit)
            return Judgement(Status.WRONG, says, read_as)
        says = messages.costs.declared_right(read_as, measured, best_text)
        if item.measured.polynomial(item.quantity) is None:
            sizes = len(item.measured.counts)
            says = messages.costs.declared_everywhere(read_as, item.quantity, sizes, best_text)
        return Judgement(Status.CORRECT, says, read_as, Fraction(1))
    if declared == best and within(best, item.measured, item.quantity):
        says = messages.costs.declared_best(read_as, measured)
        return Judgement(Status.CORRECT, says, read_as, Fraction(1))
    for mistake in item.wanted.mistakes:
        if item.wanted.same(tree, item.wanted.read(mistake.answer)):
            return Judgement.known(read_as, mistake)
    says = _differs(item, tree, read_as, best_text)
    if declared == best:
        hint = messages.costs.best_is_not_yours(item.quantity)
    else:
        hint = _hint(declared, item)
    return Judgement(Status.WRONG, f"{says} {hint}".strip(), read_as)


def _is_measured(tree: Expression, declared: Polynomial | None, item: Declaration) -> bool:
    """Whether a declaration is what was measured: as a polynomial, else at every size tried."""
    found = item.measured.polynomial(item.quantity)
    if found is not None and declared is not None:
        return declared == found
    if item.measured.varies(item.quantity):
        return False
    numbers = item.measured.numbers(item.quantity)
    return all(_value(tree, item, at) == number for at, number in numbers.items())


def _value(tree: Expression, item: Declaration, at: Sizes) -> Fraction | None:
    """Return what a declaration is at these sizes; None if it has no exact value there."""
    try:
        return algebra.value_at(tree, dict(zip(item.names, at, strict=True)))
    except ExpressionError:
        return None


def _grows_too_fast(declared: Polynomial | None, item: Declaration) -> bool:
    if declared is not None:
        return not grows_at_most(declared, item.limit)
    numbers = item.measured.numbers(item.quantity)
    return rises(numbers, item.limit, item.measured.degree) is not None


def _differs(item: Declaration, tree: Expression, read_as: str, best: str) -> str:
    """Return the sentence for a declaration that is not what was measured."""
    if item.measured.varies(item.quantity):
        return item.measured.why_varying(item.quantity)
    numbers = item.measured.numbers(item.quantity)
    values = [(at, _value(tree, item, at)) for at in numbers]
    wrong = [(at, declared) for at, declared in values if declared not in (None, numbers[at])]
    if item.measured.polynomial(item.quantity) is not None or not wrong:
        return messages.costs.declared_wrong(read_as, item.measured.text(item.quantity), best)
    # Where the code takes more than was declared says most, if it does so anywhere.
    more = [(at, declared) for at, declared in wrong if declared and numbers[at] > declared]
    at, declared = (more or wrong)[0]
    return messages.costs.declared_elsewhere(
        read_as,
        item.quantity,
        messages.costs.sizes_text(item.names, at),
        number_text(declared or Fraction(0)),
        numbers[at],
        best,
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
