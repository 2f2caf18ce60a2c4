"""`choice`: one of several choices; yes and no, true and false are the same in any form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from grader import messages
from grader.kinds.base import Example, Judging, PartPlan, Planning
from grader.kinds.written.answers import Judgement, KnownMistake, result, shown
from grader.kinds.written.truths import read_truth, truth_word
from grader.kinds.written.written import WrittenKind
from grader.records import Observation, PartResult, Status
from grader.spec.models import Model, Part


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
        plain = [self.place(choice) for choice in self.choices]
        if plain != list(range(len(plain))):
            raise ValueError("expected choices that differ")
        for answer in (self.answer, *(mistake.answer for mistake in self.mistakes)):
            if self.place(answer) is None:
                raise ValueError(f"found {answer!r}; expected one of {', '.join(self.choices)}")
        wrong = [self.place(mistake.answer) for mistake in self.mistakes]
        if self.place(self.answer) in wrong or len(set(wrong)) < len(wrong):
            raise ValueError("expected mistakes that differ from the answer and from each other")
        return self

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


class ChoicePart(ChoiceAnswer, Part):
    """A part that asks for one of several choices."""

    kind: Literal["choice"]


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

    def mistaken(self, part: ChoicePart, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return an answer for each declared mistake, as it would stand in answers.yaml."""
        del plan, planning
        return [Example(m.name, answers={part.id: m.answer}) for m in part.mistakes]
