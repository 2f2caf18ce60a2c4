"""`number`: a number, or several, written in any of the usual ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational, Real
from typing import Annotated, Any, Literal, Self, TypeAlias, TypeVar

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from grader import messages
from grader.compare import closeness
from grader.errors import CourseError
from grader.expressions.writing import number_text
from grader.kinds.base import Example, Judging, PartPlan, Planning
from grader.kinds.written.answers import AcceptedAnswer, Judgement, KnownMistake, result, shown
from grader.kinds.written.drawn_answers import AnswerPart, ReferenceAnswer, require_one_way
from grader.kinds.written.written import WrittenKind
from grader.records import Observation, PartResult, Status
from grader.spec.asked import Asked
from grader.spec.models import Model, Tolerance
from grader.spec.reference import Reference
from grader.spec.variants import Numbers

MAX_NUMBERS = 1000
_LABEL = re.compile(r"\s*(?:[A-Za-z_]\w{0,20}(?:\([^()]{0,20}\))?\s*)?=\s*")  # z = (6, 12, 18)
_NUMBER = re.compile(
    r"([+-]?)([0-9]{0,40})(?:([.,])([0-9]{0,40}))?(?:[eE]([+-]?[0-9]{1,2}))?"
    r"(?:\s*/\s*([0-9]{1,40}))?\s*(\\?%)?"
)


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number as it was written."""

    value: Fraction
    percent: bool


def read_number(given: Any) -> ReadNumber | None:
    """Return a number written as 6, 0.25, 0,25, 1/4, 2e-3 or 25 %; None for anything else."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    text = _unlabelled(str(given)).strip("$").replace("−", "-").rstrip()  # noqa: RUF001  (a minus sign)
    found = _NUMBER.fullmatch(text.removesuffix("."))
    if not found:
        return None
    sign, whole, point, decimals, exponent, below, percent = found.groups(default="")
    thousands = point == "," and len(decimals) == 3 and whole not in {"", "0"}  # 1,000
    if not (whole or decimals) or thousands or (below and not int(below)):
        return None
    value = Fraction(int(whole + decimals or "0"), 10 ** len(decimals))
    value *= Fraction(10) ** int(exponent or 0) * (-1 if sign == "-" else 1)
    return ReadNumber(value / int(below or 1) / (100 if percent else 1), bool(percent))


def read_numbers(given: Any) -> tuple[ReadNumber, ...] | None:
    """Return a list of numbers, or one written as (6, 12, 18), 6 12 18 or 0,5; 0,25."""
    if isinstance(given, list):
        items = list(_flat(given))
    elif isinstance(given, str):
        text = _unlabelled(given[:10_000]).strip("$")
        text = re.sub(r"\^?\{?[T\u22a4\u1d40]\}?\s*$", "", text)
        text = re.sub(r"[][(){}]", " ", text)
        separator = r"\s*;\s*" if ";" in text else r"\s*,\s*|\s+"
        items = re.split(separator, text.strip().rstrip(",;").rstrip())
    else:
        items = [given]
    if not 0 < len(items) <= MAX_NUMBERS:
        return None
    read = [read_number(item) for item in items]
    whole = tuple(number for number in read if number is not None)
    return whole if len(whole) == len(read) else None


def _unlabelled(text: str) -> str:
    """Return a text without what it says is equal to it, and without marks around it."""
    label = _LABEL.match(text)
    return (text[label.end() :] if label else text).strip(" \t\r\n`*\"'")


def _flat(items: list[Any]) -> Sequence[Any]:
    flat: list[Any] = []
    for item in items:
        flat += _flat(item) if isinstance(item, list) else [item]
    return flat


def _exact_numbers(value: Any) -> Any:
    """Return one number or several, exactly.  Raises ValueError for anything else."""
    if isinstance(value, tuple) and all(isinstance(item, Fraction) for item in value):
        return value
    read = read_numbers(value) if isinstance(value, list) else (read_number(value),)
    if read is None or None in read:
        raise ValueError("expected a number such as 6, 0.25 or 1/4, or a list of such numbers")
    return tuple(number.value for number in read if number is not None)


ExactNumbers: TypeAlias = Annotated[
    tuple[Fraction, ...],
    BeforeValidator(_exact_numbers),
    WithJsonSchema(
        {
            "description": "A number, or a list of numbers: 6, 0.25, 1/4, [6, 12, 18].",
            "anyOf": [{"type": "number"}, {"type": "string"}, {"type": "array"}],
        }
    ),
]


class AcceptedNumber(AcceptedAnswer):
    """A number that is accepted as well."""

    answer: ExactNumbers


class KnownNumber(KnownMistake):
    """A known wrong number."""

    answer: ExactNumbers


class NumberAnswer(Model):
    """A number, or several, and how close an answer has to be."""

    answer: ExactNumbers | None = Field(None, description="The number that is right.")
    answers: ExactNumbers | None = Field(None, description="The numbers that are right, in order.")
    percent: bool = Field(False, description="A share: 0.99 and 99 % are the same.")
    tolerance: Tolerance = Tolerance()
    alternatives: tuple[AcceptedNumber, ...] = ()
    mistakes: tuple[KnownNumber, ...] = ()

    @property
    def wanted(self) -> tuple[Fraction, ...]:
        """The numbers that are right."""
        return self.answer or self.answers or ()

    @model_validator(mode="after")
    def _one_form(self) -> NumberAnswer:
        if (self.answer is None) == (self.answers is None):
            raise ValueError("expected either answer or answers")
        self._require_apart()
        return self

    def _require_apart(self) -> None:
        """Raise ValueError if one of the other answers is no other answer."""
        others: tuple[AcceptedNumber | KnownNumber, ...] = (*self.alternatives, *self.mistakes)
        for other in others:
            if len(other.answer) != len(self.wanted):
                raise ValueError(
                    f"expected {len(self.wanted)} numbers, as in the answer; "
                    f"found {len(other.answer)}"
                )
            if self.close(other.answer, self.wanted):
                raise ValueError("expected another answer than the right one")

    def close(self, found: Sequence[Fraction], wanted: Sequence[Fraction]) -> bool:
        """Return whether every number is within the tolerance."""
        return not self.count_wrong(found, wanted)

    def count_wrong(self, found: Sequence[Fraction], wanted: Sequence[Fraction]) -> int:
        """Return how many numbers are not."""
        rtol, atol = map(Fraction, closeness.bounds(self.tolerance, "float64"))
        pairs = zip(found, wanted, strict=True)
        return sum(abs(number - there) > atol + rtol * abs(there) for number, there in pairs)

    def text(self, numbers: Sequence[Fraction]) -> str:
        """Return numbers as text."""
        if self.percent:
            texts = [f"{number_text(number * 100)} %" for number in numbers]
        else:
            texts = [number_text(number) for number in numbers]
        return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def judge_number(key: str, given: Any, wanted: NumberAnswer) -> Judgement:
    """Return the verdict on a number, or on a list of numbers."""
    size = len(wanted.wanted)
    single = read_number(given) if size == 1 else None
    read = (single,) if single is not None else read_numbers(given)
    if read is None or len(read) != size or (not wanted.percent and any(n.percent for n in read)):
        expected = (
            messages.answers.numbers(size)
            if size > 1
            else messages.answers.FRACTION
            if wanted.percent
            else messages.answers.NUMBER
        )
        return Judgement.refused(messages.answers.form(key, shown(given), expected))
    assumed = [wanted.percent and not n.percent and n.value > 1 for n in read]
    found = [n.value / (100 if is_share else 1) for n, is_share in zip(read, assumed, strict=True)]
    notes = [messages.answers.PERCENT_ASSUMED] if any(assumed) else []
    read_as = wanted.text(found)
    if wanted.close(found, wanted.wanted):
        return Judgement.right(read_as, *notes)
    for other in wanted.alternatives:
        if wanted.close(found, other.answer):
            return Judgement.right(read_as, other.note, *notes, credit=other.credit)
    for mistake in wanted.mistakes:
        if wanted.close(found, mistake.answer):
            return Judgement.known(read_as, mistake)
    says = messages.answers.wrong(read_as, wanted.text(wanted.wanted))
    if size > 1:
        count = wanted.count_wrong(found, wanted.wanted)
        says = f"{messages.answers.wrong_count(count, size)} {says}"
    return Judgement(Status.WRONG, " ".join([says, *notes]), read_as)


def asked(key: str, wanted: NumberAnswer) -> Asked:
    """Return how many numbers stand under a key, and whether they are shares."""
    return Asked(key=key, form="number", count=len(wanted.wanted), percent=wanted.percent)


class AcceptedNumberOf(AcceptedNumber):
    """A number that is accepted as well, or a function of the reference that returns it."""

    answer: ExactNumbers = ()
    of: ReferenceAnswer = None

    @model_validator(mode="after")
    def _one_way(self) -> AcceptedNumberOf:
        require_one_way(self)
        return self


class KnownNumberOf(KnownNumber):
    """A known wrong number, or a function of the reference that returns it."""

    answer: ExactNumbers = ()
    of: ReferenceAnswer = None

    @model_validator(mode="after")
    def _one_way(self) -> KnownNumberOf:
        require_one_way(self)
        return self


class NumberPart(NumberAnswer, AnswerPart):
    """A part that asks for a number or several."""

    kind: Literal["number"]
    of: ReferenceAnswer = None
    alternatives: tuple[AcceptedNumberOf, ...] = ()
    mistakes: tuple[KnownNumberOf, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> NumberPart:
        given = [way is not None for way in (self.answer, self.answers, self.of)]
        if sum(given) != 1:
            raise ValueError("expected exactly one of answer, answers, of")
        if not self.waits:
            self._require_apart()
        return self

    def right_answer(self) -> list[str]:
        """Return the numbers as they may stand in answers.yaml."""
        return [str(number) for number in self.wanted]

    def filled_in(self, numbers: Numbers, reference: Reference) -> Self:
        """Return the part with the right numbers, and with those of the mistakes that differ."""
        part = super().filled_in(numbers, reference)
        if not part.waits:
            return part
        wanted = part.wanted if part.of is None else part._numbers_of(part.of, reference)

        def differing(others: Iterable[_Other]) -> tuple[_Other, ...]:
            known = [
                other
                if other.of is None
                else other.model_copy(
                    update={"answer": part._numbers_of(other.of, reference), "of": None}
                )
                for other in others
            ]
            # By chance, a mistake may lead to what is right for these numbers.
            return tuple(
                other
                for other in known
                if len(other.answer) != len(wanted) or not part.close(other.answer, wanted)
            )

        return part.made_of(
            answer=wanted if part.answers is None else None,
            of=None,
            alternatives=differing(part.alternatives),
            mistakes=differing(part.mistakes),
        )

    def _numbers_of(self, function: str, reference: Reference) -> tuple[Fraction, ...]:
        """Return what a function of the reference returns as exact numbers; raises CourseError."""
        found = self.computed(function, reference)
        try:
            numbers = tuple(map(_exact, _flat(list(found) if _several(found) else [found])))
        except (TypeError, ValueError, OverflowError):
            numbers = ()
        if not 0 < len(numbers) <= MAX_NUMBERS:
            raise CourseError(
                f"{self.id}: {function} returned {shown(found)}; expected a number or several"
            )
        return numbers


_Other = TypeVar("_Other", AcceptedNumberOf, KnownNumberOf)


def _several(found: Any) -> bool:
    return isinstance(found, list | tuple)


def _exact(number: Any) -> Fraction:
    """Return a number exactly; of a float the last digits, which are noise, are left out.

    Raises TypeError, ValueError for what is no finite number.
    """
    if isinstance(number, bool) or not isinstance(number, Rational | Real):
        raise TypeError
    return Fraction(number) if isinstance(number, Rational) else Fraction(f"{float(number):.15g}")


class Number(WrittenKind[NumberPart]):
    """`number`: a number, or several, within a tolerance."""

    name = "number"
    model = NumberPart

    def judge(
        self,
        part: NumberPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Compare the number that was read with the right one."""
        del plan, observations
        return result(part, judging, lambda key, given: judge_number(key, given, part))

    def asked(self, part: NumberPart) -> tuple[Asked, ...]:
        """Return the numbers under the part's own key."""
        return (asked(part.id, part),)

    def mistaken(self, part: NumberPart, plan: PartPlan, planning: Planning) -> Sequence[Example]:
        """Return an answer for each declared mistake, as it would stand in answers.yaml."""
        del plan, planning
        return [
            Example(m.name, answers={part.id: [str(n) for n in m.answer]}) for m in part.mistakes
        ]
