"""`expression`, `order`, `condition`: parts that ask for a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, model_validator

from grader.errors import CourseError
from grader.expressions.tree import ExpressionError
from grader.kinds.base import Example, Judging, PartPlan, Planning
from grader.kinds.written.answers import result, shown
from grader.kinds.written.drawn_answers import AnswerPart, ReferenceAnswer, require_one_way
from grader.kinds.written.formulas import (
    AcceptedFormula,
    ConditionAnswer,
    ExpressionAnswer,
    Formula,
    FormulaAnswer,
    KnownFormula,
    OrderAnswer,
    judge,
)
from grader.kinds.written.written import WrittenKind
from grader.records import Observation, PartResult
from grader.spec.asked import Asked
from grader.spec.reference import Reference
from grader.spec.variants import Numbers


class AcceptedFormulaOf(AcceptedFormula):
    """A formula that is accepted as well, or a function of the reference that returns it."""

    answer: Formula = ""
    of: ReferenceAnswer = None

    @model_validator(mode="after")
    def _one_way(self) -> AcceptedFormulaOf:
        require_one_way(self)
        return self


class KnownFormulaOf(KnownFormula):
    """A known wrong formula, or a function of the reference that returns it."""

    answer: Formula = ""
    of: ReferenceAnswer = None

    @model_validator(mode="after")
    def _one_way(self) -> KnownFormulaOf:
        require_one_way(self)
        return self


_Other = TypeVar("_Other", AcceptedFormulaOf, KnownFormulaOf)


class FormulaPart(FormulaAnswer, AnswerPart):
    """A part that asks for a formula, which may follow from numbers of the part."""

    answer: Formula = ""
    of: ReferenceAnswer = None
    alternatives: tuple[AcceptedFormulaOf, ...] = Field(
        (), description="Answers that are accepted as well, each with a note."
    )
    mistakes: tuple[KnownFormulaOf, ...] = ()

    def _prepare(self) -> None:
        require_one_way(self)
        super()._prepare()

    def _given_answers(self) -> list[str]:
        """Return the answers that are known yet, which have to differ."""
        return [answer for answer in super()._given_answers() if answer]

    def right_answer(self) -> str:
        """Return the formula as it may stand in answers.yaml."""
        return self.answer

    def filled_in(self, numbers: Numbers, reference: Reference) -> Self:
        """Return the part with the right formula, and with those of the mistakes that differ."""
        part = super().filled_in(numbers, reference)
        if not part.waits:
            return part

        def formula(answer: Any) -> str:
            if answer.of is None:
                return str(answer.answer)
            found = part.computed(answer.of, reference)
            if isinstance(found, bool) or not isinstance(found, str | int | float) or found == "":
                raise CourseError(
                    f"{part.id}: {answer.of} returned {shown(found)}; expected {part.form}"
                )
            return str(found)

        # Alone, so that it is known to be readable before others are compared with it.
        right = part.made_of(answer=formula(part), of=None, alternatives=(), mistakes=())
        seen = [right.read(right.answer)]

        def differing(others: Iterable[_Other]) -> Iterator[_Other]:
            for other in others:
                known = other.model_copy(update={"answer": formula(other), "of": None})
                try:
                    tree = right.read(known.answer)
                    # By chance, a mistake may lead to what is right for these numbers.
                    new = not any(right.same(tree, before) for before in seen)
                except ExpressionError:
                    new = True  # which is told, with all others, below
                else:
                    seen.append(tree)
                if new:
                    yield known

        return part.made_of(
            answer=right.answer,
            of=None,
            alternatives=tuple(differing(part.alternatives)),
            mistakes=tuple(differing(part.mistakes)),
        )


class ExpressionPart(FormulaPart, ExpressionAnswer):
    """A part that asks for an expression."""

    kind: Literal["expression"]


class OrderPart(FormulaPart, OrderAnswer):
    """A part that asks for an order of growth."""

    kind: Literal["order"]


class ConditionPart(FormulaPart, ConditionAnswer):
    """A part that asks for a condition on sizes."""

    kind: Literal["condition"]


class FormulaKind(WrittenKind[Any]):
    """What the kinds below share."""

    def judge(
        self, part: Any, plan: PartPlan, observations: Sequence[Observation], judging: Judging
    ) -> PartResult:
        """Read the formula and compare it with the right one, and with those that are known."""
        del plan, observations
        return result(part, judging, lambda key, given: judge(key, given, part))

    def asked(self, part: Any) -> tuple[Asked, ...]:
        """Return the formula under the part's own key."""
        assuming = getattr(part, "assuming", ())
        return (Asked(key=part.id, form=part.kind, names=part.names, assuming=assuming),)

    def mistaken(self, part: Any, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return an answer for each declared mistake, as it would stand in answers.yaml."""
        del plan, planning
        return [Example(m.name, answers={part.id: m.answer}) for m in part.mistakes]


class WrittenExpression(FormulaKind):
    """`expression`: equal to the right one as a function of the sizes."""

    name = "expression"
    model = ExpressionPart


class WrittenOrder(FormulaKind):
    """`order`: of the right order of growth."""

    name = "order"
    model = OrderPart


class WrittenCondition(FormulaKind):
    """`condition`: equivalent to the right comparison."""

    name = "condition"
    model = ConditionPart
