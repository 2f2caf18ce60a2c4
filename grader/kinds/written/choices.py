"""`choice`: one of several choices; yes and no, true and false are the same in any form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from grader import messages
from grader.kinds.base import Example, Judging, PartPlan, Planning
from grader.kinds.written.answers import Judgement, KnownMistake, result, shown
from grader.kinds.written.drawn_answers import AnswerPart, ReferenceAnswer, require_one_way
from grader.kinds.written.truths import read_truth, truth_word
from grader.kinds.written.written import WrittenKind
from grader.records import Observation, PartResult, Status
from grader.spec.asked import Asked
from grader.spec.models import Model
from grader.spec.reference import Reference
from grader.spec.variants import Numbers, filled


def _label(value: Any) -> Any:
    """Return a choice as text; yes and no are truth values in YAML."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int) else value


Label: TypeAlias = Annotated[
    str,
    BeforeValidator(_label),
    Field(min_length=1),
    WithJsonSchema({"type": ["string", "boolean", "integer"]}),
]


def _plain(text: str) -> str:
    """Return a label in small letters, without what people write around it."""
    return " ".join(text.replace("-", " ").strip(" \t\r\n.!,;'\"`*_()").lower().split())


class KnownChoice(KnownMistake):
    """A wrong choice about which there is something to say."""

    answer: Label


class ChoiceAnswer(Model):
    """One of several choices; yes and no, true and false, T and F are the same."""

    choices: tuple[Label, ...] = Field(("yes", "no"), min_length=2)
    answer: Label
    mistakes: tuple[KnownChoice, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> ChoiceAnswer:
        self._require_known((self.answer, *(mistake.answer for mistake in self.mistakes)))
        return self

    def _require_known(self, answers: Sequence[str]) -> None:
        """Raise ValueError unless the choices differ and the answers are different ones of them."""
        plain = [self.place(choice) for choice in self.choices]
        if plain != list(range(len(plain))):
            raise ValueError("expected choices that differ")
        for answer in answers:
            if self.place(answer) is None:
                raise ValueError(f"found {answer!r}; expected one of {', '.join(self.choices)}")
        places = [self.place(answer) for answer in answers]
        if len(set(places)) < len(places):
            raise ValueError("expected mistakes that differ from the answer and from each other")

    @property
    def of_truth(self) -> bool:
        """Whether the choices are yes and no."""
        return all(truth_word(choice) is not None for choice in self.choices)

    def place(self, given: Any) -> int | None:
        """Return which of the choices was given."""
        if self.of_truth:
            truth = read_truth(given)
            truths = [truth_word(choice) for choice in self.choices]
            return truths.index(truth.value) if truth and truth.value in truths else None
        plain = _plain(str(_label(given)))
        fitting = [number for number, choice in enumerate(self.choices) if _plain(choice) == plain]
        return fitting[0] if fitting else None


_FIRST_WORD = re.compile(r"\s*([A-Za-z]+)\s*[,;:.(—–\n-]")  # noqa: RUF001  (dashes)


def judge_choice(key: str, given: Any, wanted: ChoiceAnswer) -> Judgement:
    """Return the verdict on a choice; an explanation behind a comma is not looked at."""
    place, notes = wanted.place(given), []
    if wanted.of_truth:
        truth = read_truth(given)
        notes = [messages.answers.FIRST_WORD] if truth and not truth.alone else []
    elif place is None and isinstance(given, str):
        first = _FIRST_WORD.match(given)
        place = wanted.place(first[1]) if first else None
        notes = [messages.answers.FIRST_WORD]
    if place is None:
        expected = messages.answers.choices(wanted.choices)
        return Judgement.refused(messages.answers.form(key, shown(given), expected))
    read_as = wanted.choices[place]
    if place == wanted.place(wanted.answer):
        return Judgement.right(read_as, *notes)
    for mistake in wanted.mistakes:
        if place == wanted.place(mistake.answer):
            return Judgement.known(read_as, mistake)
    right = wanted.choices[wanted.place(wanted.answer) or 0]
    says = messages.answers.wrong(read_as, right)
    return Judgement(Status.WRONG, " ".join([says, *notes]), read_as)


class ChoicePart(ChoiceAnswer, AnswerPart):
    """A part that asks for one of several choices; its numbers may stand in them."""

    kind: Literal["choice"]
    answer: Label = ""
    of: ReferenceAnswer = None

    worded: ClassVar[tuple[str, ...]] = (*AnswerPart.worded, "choices", "answer")

    @model_validator(mode="after")
    def _known(self) -> ChoicePart:
        require_one_way(self)
        right = () if self.waits else (self.answer,)
        self._require_known((*right, *(mistake.answer for mistake in self.mistakes)))
        return self

    def right_answer(self) -> str:
        """Return the choice as it may stand in answers.yaml."""
        return self.answer

    def filled_in(self, numbers: Numbers, reference: Reference) -> Self:
        """Return the part with its numbers in the choices, and the right one of them."""
        part = super().filled_in(numbers, reference)
        if not self.numbers and not part.waits:
            return part
        mistakes = [
            mistake.model_copy(update={"answer": filled(mistake.answer, numbers)})
            for mistake in part.mistakes
        ]
        right = part.answer if part.of is None else _label(part.computed(part.of, reference))
        others = tuple(mistake for mistake in mistakes if mistake.answer != right)
        return part.made_of(answer=right, of=None, mistakes=others)


class Choice(WrittenKind[ChoicePart]):
    """`choice`: one of several choices, or yes and no."""

    name = "choice"
    model = ChoicePart

    def judge(
        self,
        part: ChoicePart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Find out which choice was meant, and whether it is the right one."""
        del plan, observations
        return result(part, judging, lambda key, given: judge_choice(key, given, part))

    def asked(self, part: ChoicePart) -> tuple[Asked, ...]:
        """Return the choices under the part's own key."""
        return (Asked(key=part.id, form="choice", choices=part.choices),)

    def mistaken(self, part: ChoicePart, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return an answer for each declared mistake, as it would stand in answers.yaml."""
        del plan, planning
        return [Example(m.name, answers={part.id: m.answer}) for m in part.mistakes]
