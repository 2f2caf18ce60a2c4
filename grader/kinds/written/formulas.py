"""Expressions, orders and conditions: written maths, compared as what it means.

The answers and how one is judged stand apart from the kinds that ask for nothing else: one that
asks for an expression among other things judges it in the same way.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from grader import messages
from grader.expressions import algebra, conditions, grammar, orders, tokens
from grader.expressions.tree import Expression, ExpressionError, Relation, Tree, has_order
from grader.expressions.writing import text
from grader.kinds.written import excerpts
from grader.kinds.written.answers import AcceptedAnswer, Judgement, KnownMistake, shown
from grader.records import Status
from grader.spec.models import Model


def _formula(value: Any) -> Any:
    """Return an answer of the spec as text: 6 and O(1) may stand without quotes."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number else value


Formula: TypeAlias = Annotated[
    str, BeforeValidator(_formula), WithJsonSchema({"type": ["string", "number"]})
]
SizeName: TypeAlias = Annotated[
    str, Field(pattern=r"^[A-Za-z\u03b1-\u03c9\u0391-\u03a9]{1,20}[0-9]{0,3}$")
]


class AcceptedFormula(AcceptedAnswer):
    """A formula that is accepted as well."""

    answer: Formula


class KnownFormula(KnownMistake):
    """A known wrong formula."""

    answer: Formula


class FormulaAnswer(Model):
    """A formula in named sizes, what else is accepted, and known wrong answers."""

    names: tuple[SizeName, ...] = Field(
        min_length=1, max_length=8, description="The sizes that may occur, such as [n, m]."
    )
    answer: Formula
    alternatives: tuple[AcceptedFormula, ...] = Field(
        (), description="Answers that are accepted as well, each with a note."
    )
    mistakes: tuple[KnownFormula, ...] = ()

    form: ClassVar[str]

    @model_validator(mode="after")
    def _readable(self) -> FormulaAnswer:
        if len(set(self.names)) < len(self.names):
            raise ValueError("expected names that differ")
        if "O" in self.names or set(self.names) & set(tokens.WORDS):
            raise ValueError("O and the names of functions cannot be names of sizes")
        self._prepare()
        trees: list[tuple[str, Any]] = []
        for written in self._given_answers():
            try:
                tree = self.read(written)
                self.same(tree, tree)  # for what can be read and not compared
                twice = [first for first, seen in trees if self.same(tree, seen)]
            except ExpressionError as error:
                says = f"expected {self.form} in {', '.join(self.names)}; found {written!r}"
                at = f"column {error.column}: " if error.column else ""
                raise ValueError(f"{says}: {at}{error.says}") from None
            if twice:
                raise ValueError(f"{written!r} and {twice[0]!r} are the same answer")
            trees.append((written, tree))
        return self

    def _prepare(self) -> None:
        """Raise ValueError for a fault in a field of a subclass."""

    def _given_answers(self) -> list[str]:
        """Return the right answer and all others, which have to differ."""
        others: tuple[AcceptedFormula | KnownFormula, ...] = (*self.alternatives, *self.mistakes)
        return [self.answer, *(other.answer for other in others)]

    def read(self, written: str) -> Any:
        """Return the tree of a text, or of the formula in it.  Raises ExpressionError."""
        try:
            return self.parse(written)
        except ExpressionError:
            found = self.excerpt(written)
            if found is None:
                raise
            return found

    def parse(self, written: str) -> Any:
        """Return the tree of a text that is nothing but a formula.  Raises ExpressionError."""
        raise NotImplementedError

    def excerpt(self, written: str) -> Any:
        """Return the tree of the formula in a text that says more; None if there is none."""
        chain = excerpts.chained(written, self.parse, self.same)
        if chain is not None:
            return chain
        bare = excerpts.without_unit(written)
        return None if bare is None else self.parse(bare)

    def left_out(self, written: str) -> bool:
        """Whether words of a text that can be read were not looked at."""
        try:
            self.parse(written)
        except ExpressionError:
            return len(excerpts.sides(written)) == 1 or not self._is_chain(written)
        return False

    def _is_chain(self, written: str) -> bool:
        try:
            return excerpts.chained(written, self.parse, self.same) is not None
        except ExpressionError:
            return False

    def same(self, left: Any, right: Any) -> bool:
        """Return whether two trees are the same answer.  Raises ExpressionError."""
        raise NotImplementedError

    def shown(self, tree: Tree) -> str:
        """Return a tree as the student is shown it."""
        return text(tree)

    def notes(self, tree: Any) -> list[str]:
        """Return what a student whose answer is right should know of its form."""
        del tree
        return []

    def _example(self, pattern: str) -> str:
        """Return a text of this form that can be read; it is never the answer."""
        first, last = self.names[0], self.names[-1]
        times = "" if len(first) == len(last) == 1 else "*"
        return pattern.format(a=first, b=last, x=times)

    @property
    def example(self) -> str:
        """A text of this form that can be read, and is not the answer."""
        raise NotImplementedError


def judge(key: str, given: Any, wanted: FormulaAnswer) -> Judgement:
    """Return the verdict on one written formula; `key` is its place in answers.yaml."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        found = {True: "yes", False: "no"}.get(given) if isinstance(given, bool) else shown(given)
        expected = messages.answers.a_form(wanted.form, wanted.example)
        return Judgement.refused(messages.answers.form(key, str(found), expected))
    try:
        tree = wanted.read(str(given))
        right = wanted.same(tree, wanted.read(wanted.answer))
        read_as = wanted.shown(tree)
        if right:
            judged = Judgement.right(read_as, *wanted.notes(tree))
        else:
            judged = _other(tree, read_as, wanted)
    except ExpressionError as error:
        says = messages.answers.unreadable(key, error.says, error.column, wanted.example)
        return Judgement.refused(says)
    if not wanted.left_out(str(given)):
        return judged
    says = f"{judged.says} {messages.answers.only_judged(read_as)}".strip()
    return replace(judged, says=says)


def _other(tree: Any, read_as: str, wanted: FormulaAnswer) -> Judgement:
    for other in wanted.alternatives:
        if wanted.same(tree, wanted.read(other.answer)):
            note = " ".join(other.note.split())
            return Judgement.right(read_as, note, *wanted.notes(tree), credit=other.credit)
    for mistake in wanted.mistakes:
        if wanted.same(tree, wanted.read(mistake.answer)):
            return Judgement.known(read_as, mistake)
    expected = wanted.shown(wanted.read(wanted.answer))
    return Judgement(Status.WRONG, messages.answers.wrong(read_as, expected), read_as)


class ExpressionAnswer(FormulaAnswer):
    """An expression; equal means equal for all sizes, exactly."""

    form: ClassVar[str] = "an expression"

    def parse(self, written: str) -> Expression:
        """Return the tree of an expression.  Raises ExpressionError."""
        tree = grammar.expression(written, self.names)
        if has_order(tree):
            raise ExpressionError(messages.answers.ORDER_FOUND)
        return tree

    def same(self, left: Expression, right: Expression) -> bool:
        """Return whether two expressions are equal.  Raises ExpressionError."""
        return algebra.equal(left, right, self.names)

    @property
    def example(self) -> str:
        """A text of this form that can be read, and is not the answer."""
        return self._example("17{a}^2 + 23{x}{b}")


class OrderAnswer(FormulaAnswer):
    """An order of growth; equal means equal up to constants, under the assumptions."""

    assuming: tuple[str, ...] = Field(
        (), max_length=8, description="Which sizes are at most which: [d <= T]."
    )

    form: ClassVar[str] = "an order"

    def _prepare(self) -> None:
        try:
            self.assumptions  # noqa: B018  (computed here for its faults)
        except ExpressionError as error:
            raise ValueError(f"assuming: {error.says}") from None

    @cached_property
    def assumptions(self) -> tuple[orders.Assumption, ...]:
        """What is assumed about the sizes."""
        relations = [grammar.relation(written, self.names) for written in self.assuming]
        return tuple(map(orders.Assumption.of, relations))

    def parse(self, written: str) -> Expression:
        """Return the tree of an order, with or without O(…).  Raises ExpressionError."""
        return grammar.expression(written, self.names)

    def excerpt(self, written: str) -> Expression | None:
        """Return the order that a text begins with, or that all sides of an equation have."""
        alone = excerpts.order_alone(written, self.parse, self.names)
        if alone is not None:
            return alone
        found: Expression | None = super().excerpt(written)
        return found

    def same(self, left: Expression, right: Expression) -> bool:
        """Return whether two orders are the same.  Raises ExpressionError."""
        return orders.same(left, right, self.names, self.assumptions)

    def shown(self, tree: Tree) -> str:
        """Return an order within O(…)."""
        return text(tree) if has_order(tree) else f"O({text(tree)})"

    def _same_without(self, left: Expression, right: Expression) -> bool:
        """Whether two orders are the same whatever the sizes are."""
        try:
            return orders.same(left, right, self.names)
        except ExpressionError:  # the smaller of two sizes, say
            return False

    def notes(self, tree: Expression) -> list[str]:
        """Say what was taken for granted: the O(…), or an assumption."""
        notes = [] if has_order(tree) else [messages.answers.WITHOUT_ORDER]
        for written in (self.answer, *(other.answer for other in self.alternatives)):
            known = self.read(written)
            if self.same(tree, known) and not self._same_without(tree, known):
                relations = [text(grammar.relation(item, self.names)) for item in self.assuming]
                notes.append(messages.answers.assumed(self.shown(tree), relations))
        return notes

    @property
    def example(self) -> str:
        """A text of this form that can be read, and is not the answer."""
        return self._example("O({a}^7 log {b})")


class ConditionAnswer(FormulaAnswer):
    """A condition on sizes; equal means that it holds for the same whole numbers."""

    form: ClassVar[str] = "a comparison"

    def parse(self, written: str) -> Relation:
        """Return the tree of a condition.  Raises ExpressionError."""
        signs = excerpts.comparison(written)
        try:
            return grammar.relation(signs, self.names)
        except ExpressionError as error:
            if not re.search(r"[A-Za-z]{3}", written):
                raise
            says = f"{error.says} {messages.answers.COMPARISON_ALONE}"
            raise ExpressionError(says, error.column if signs == written else 0) from None

    def excerpt(self, written: str) -> None:
        """Return None: words beside a comparison may turn it around."""
        del written

    def same(self, left: Relation, right: Relation) -> bool:
        """Return whether two conditions are equivalent.  Raises ExpressionError."""
        return conditions.same(left, right, self.names)

    @property
    def example(self) -> str:
        """A text of this form that can be read, and is not the answer."""
        return self._example("{a} + 17 <= 23{x}{b}")
