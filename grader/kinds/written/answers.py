"""Written answers that are judged at once: what all their kinds share.

An answer that cannot be read is refused, with what was found and where; it is not called wrong.  In
a student's own check nothing of the verdict shows, only how the answer was understood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from pydantic import Field

from grader import messages
from grader.kinds.base import Judging
from grader.records import PartResult, Status
from grader.spec.models import Identifier, Model, Part, Points

MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one written answer, before it becomes points."""

    status: Status
    says: str
    read_as: str = ""  # how the answer was understood; empty if it could not be
    credit: Fraction = Fraction(0)  # the share of the points
    mistake: str | None = None

    @classmethod
    def refused(cls, says: str) -> Judgement:
        """Return the verdict on an answer that cannot be read."""
        return cls(Status.REFUSED, says)

    @classmethod
    def right(cls, read_as: str, *notes: str, credit: Fraction = Fraction(1)) -> Judgement:
        """Return the verdict on a right answer, or on one that is accepted for a share."""
        found = Status.CORRECT if credit == 1 else Status.PARTIAL
        says = messages.answers.right(read_as) if credit == 1 else ""
        return cls(found, " ".join([says, *notes]).strip(), read_as, credit)

    @classmethod
    def known(cls, read_as: str, mistake: KnownMistake) -> Judgement:
        """Return the verdict on a wrong answer that the spec knows."""
        found = Status.PARTIAL if mistake.credit else Status.WRONG
        says = " ".join(mistake.says.split())
        return cls(found, says, read_as, mistake.credit, mistake.name)


class KnownMistake(Model):
    """What all known wrong answers have."""

    name: Identifier
    says: str = Field(min_length=10, description="What went wrong, in a sentence or two.")
    credit: Points = Field(
        Fraction(0), lt=1, description="The share of the part's points that it still earns."
    )


class AcceptedAnswer(Model):
    """What all answers have that are accepted beside the right one."""

    note: str = Field(min_length=10, description="What the student is told about it.")
    credit: Points = Field(
        Fraction(1), gt=0, le=1, description="The share of the part's points that it earns."
    )


def given_answer(judging: Judging, key: str) -> Any:
    """Return what stands under a key of answers.yaml, in capitals or not; None for nothing."""
    if key in judging.answers:
        found = judging.answers[key]
    else:
        same = [name for name in judging.answers if str(name).lower() == key.lower()]
        found = judging.answers[same[0]] if len(same) == 1 else None
    blank = found is None or found == [] or (isinstance(found, str) and not found.strip())
    return None if blank else found


def result(part: Part, judging: Judging, judge: Callable[[str, Any], Judgement]) -> PartResult:
    """Return the result of a part with one answer; `judge` is given its key and the answer."""
    given = given_answer(judging, part.id)
    if given is None and judging.answers_problem:
        return _result(part, Judgement.refused(judging.answers_problem))
    if given is None:
        says = messages.written.unanswered([part.id])
        return _result(part, Judgement(Status.MISSING, says))
    judgement = judge(part.id, given)
    if judging.self_check and judgement.read_as:
        says = messages.answers.readable(judgement.read_as)
        judgement = Judgement(Status.SKIPPED, says, judgement.read_as)
        return replace(_result(part, judgement), hint="")
    return _result(part, judgement, shown(given))


def _result(part: Part, judgement: Judgement, given: str = "") -> PartResult:
    read_as = judgement.read_as or given
    return PartResult(
        part.id,
        judgement.status,
        part.points * judgement.credit,
        part.points,
        judgement.says,
        mistake=judgement.mistake,
        hint="" if judgement.status is Status.CORRECT else part.hint,
        answers={"answer": read_as} if read_as else {},
    )


def shown(given: Any) -> str:
    """Return an answer as it was given, on one line and cut."""
    text = " ".join(str(given).split())
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
