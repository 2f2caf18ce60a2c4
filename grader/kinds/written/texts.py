"""`text`: a sentence to be written word for word, or an answer in one's own words.

An answer in one's own words is right or wrong where the spec knows it as a whole, by patterns; any
other waits for a person, who is told which known answer came closest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from grader import messages
from grader.kinds import releases
from grader.kinds.base import Judging, PartPlan, Planning, Released
from grader.kinds.written import wording
from grader.kinds.written.answers import Judgement, given_answer, result, shown
from grader.kinds.written.wording import heart, plain
from grader.kinds.written.written import Manual, RubricItem, WrittenKind, as_manual
from grader.records import Observation, PartResult, Status
from grader.spec.asked import Asked
from grader.spec.models import Identifier, Model, Part, Points, exact_points

MAX_MATCHED = 600  # characters of a text that patterns are tried on
MAX_TRIES = 1000  # of a pattern at one place of a text: one .* and a \w{0,4} or two
_ENDLESS = 10**9  # a repeat of a repeat


def _pieces(value: Any) -> Any:
    """Return a list of patterns; a list within it holds the alternatives of one."""
    if not isinstance(value, list):
        return [value] if isinstance(value, str) else value
    return [_any_of(item) if isinstance(item, list) else item for item in value]


def _any_of(alternatives: list[Any]) -> Any:
    if not all(isinstance(item, str) and item for item in alternatives):
        return alternatives
    return "|".join(f"(?:{item})" for item in alternatives)


_ONE_OR_ANY = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Pieces: TypeAlias = Annotated[
    tuple[str, ...],
    BeforeValidator(_pieces),
    Field(min_length=1, max_length=20),
    WithJsonSchema(
        {
            "description": "Regular expressions that must all be found, as whole words.",
            "anyOf": [{"type": "string"}, {"type": "array", "items": _ONE_OR_ANY}],
        }
    ),
]


Phrases: TypeAlias = Annotated[
    tuple[str, ...],
    BeforeValidator(_pieces),
    Field(max_length=100),
    WithJsonSchema(
        {
            "description": "Regular expressions of what may stand beside the patterns.",
            **_ONE_OR_ANY,
        }
    ),
]


class TextPattern(Model):
    """A known answer: regular expressions, all of which are found in it, in any case and order.

    Nothing else may stand in it than words that say nothing, and what `beside` allows.
    """

    name: Identifier
    pattern: Pieces
    beside: Phrases = ()
    unless: Pieces | None = Field(None, description="None of these may be found.")

    @model_validator(mode="after")
    def _compiled(self) -> TextPattern:
        _check_patterns((*self.pattern, *self.beside, *(self.unless or ())))
        return self

    def found(self, text: str) -> int:
        """Return how many of the pieces are in a text."""
        return sum(bool(wording.bounded(piece).search(text)) for piece in self.pattern)

    def complete(self, text: str) -> bool:
        """Return whether all pieces are in a text."""
        return self.found(text) == len(self.pattern)

    def forbidden(self, text: str) -> str:
        """Return the words of a text that speak against this answer."""
        tries = (wording.bounded(piece).search(text) for piece in self.unless or ())
        return next((match[0] for match in tries if match), "")

    def left_over(self, text: str, about: Sequence[str]) -> str:
        """Return the words of a text that do not belong to this answer."""
        return wording.left_over(text, (*self.pattern, *self.beside, *map(re.escape, about)))

    def matches(self, text: str, about: Sequence[str]) -> bool:
        """Return whether this, and nothing else, is the answer that was given."""
        known = self.complete(text) and not self.forbidden(text)
        return known and not self.left_over(text, about)


def _check_patterns(patterns: Sequence[str]) -> None:
    for piece in patterns:
        try:
            found = re.compile(piece, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            says = f"expected a regular expression, found {piece!r}: {error}"
            raise ValueError(says) from None
        if found.search(""):
            raise ValueError(f"the pattern {piece!r} is found in every text")
        if _tries(piece) > MAX_TRIES:
            raise ValueError(
                f"the pattern {piece!r} may take long; expected one .* at most and no repeated "
                f"group: write several patterns, all of which are looked for"
            )


class AcceptedText(TextPattern):
    """A right answer."""

    note: str = Field("", description="What the student is told about it.")


class RefusedText(TextPattern):
    """A known wrong answer."""

    says: str = Field(min_length=10, description="What went wrong, in a sentence or two.")
    credit: Points = Field(
        Fraction(0), lt=1, description="The share of the part's points that it still earns."
    )


_MARKS = re.compile(r"(\)?)([*+]|\{\d*(?:,(\d*))?\})|[()|]")


def _tries(pattern: str) -> int:
    """Return in how many ways a pattern may be tried at one place of a text, at most."""
    plain = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", pattern)
    open_groups = [(1, 1)]  # the most of the branches that are complete, and of this one
    for mark in _MARKS.finditer(plain):
        most, branch = open_groups.pop()
        if mark[1]:
            return _ENDLESS  # a group that is repeated
        if mark[2]:
            endless = mark[2] in "*+" or mark[2].endswith(",}")
            repeats = MAX_MATCHED if endless else int(mark[3] or 0)
            open_groups.append((most, branch * (min(repeats, MAX_MATCHED) + 1)))
        elif mark[0] == "(":
            open_groups += [(most, branch), (1, 1)]
        elif mark[0] == "|":
            open_groups.append((max(most, branch), 1))
        else:
            outer, before = open_groups.pop()
            open_groups.append((outer, before * max(most, branch)))
    most, branch = open_groups.pop()
    return max(most, branch)


class TextPart(Part):
    """A part that asks for a text."""

    kind: Literal["text"]
    equals: str | None = Field(None, min_length=1, description="The sentence, word for word.")
    accept: tuple[AcceptedText, ...] = ()
    refuse: tuple[RefusedText, ...] = ()
    about: tuple[str, ...] = Field(
        (), description="What an answer may begin with, as in 'c.value contains the sum'."
    )
    beside: Phrases = ()
    rubric: tuple[RubricItem, ...] = Field(
        (), description="What a person looks for; one item with all points by default."
    )

    @model_validator(mode="before")
    @classmethod
    def _one_item(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("rubric") or "equals" in data:
            return data
        try:
            points = exact_points(data.get("points"))
        except ValueError:
            return data  # its own fault is told already
        says = data.get("title")
        item = {"id": "answer", "says": says if isinstance(says, str) and says else "x"}
        return data | {"rubric": [item | {"points": points}]}

    @model_validator(mode="after")
    def _one_way(self) -> TextPart:
        if (self.equals is None) == (not self.accept):
            raise ValueError("expected either equals or accept")
        if self.equals is not None and (self.refuse or self.rubric):
            raise ValueError("expected neither refuse nor rubric beside equals")
        names = [pattern.name for pattern in (*self.accept, *self.refuse)]
        names += [f"rubric:{item.id}" for item in self.rubric]
        if len(set(names)) < len(names):
            raise ValueError("expected names that differ")
        return self

    def known_mistakes(self) -> tuple[str, ...]:
        """Return the names of the texts that are refused."""
        return tuple(text.name for text in self.refuse)

    def point_shares(self) -> tuple[Fraction, ...]:
        """Return the points of the rubric."""
        return tuple(item.points for item in self.rubric)


def _sentence(text: str) -> str:
    """Return a sentence up to case, spacing, quotes around it and its final stop."""
    quoted = re.sub(r"(^|\n)\s*>+ ?", r"\1", text)  # as a statement in Markdown shows it
    return plain(quoted).lower().strip("\"'`*_ ").rstrip(".! ").strip("\"'`*_ ")


def judge_sentence(key: str, given: Any, equals: str) -> Judgement:
    """Return the verdict on a text that has to be written word for word."""
    if not isinstance(given, str):
        return Judgement.refused(messages.answers.form(key, shown(given), messages.answers.TEXT))
    read_as = shown(given)
    if _sentence(given) == _sentence(equals):
        return Judgement(Status.CORRECT, messages.answers.RIGHT_TEXT, read_as, Fraction(1))
    return Judgement(Status.WRONG, messages.answers.other_text(read_as, equals), read_as)


def judge_text(part: TextPart, given: Any) -> Judgement:
    """Return the verdict on an answer in one's own words: pending where no pattern decides."""
    written = plain(_written(given))
    read_as = shown(written)
    if len(written) > MAX_MATCHED:
        return Judgement(Status.PENDING, messages.answers.TOO_LONG_TO_MATCH, read_as)
    text = heart(written, part.about)
    accepted = [pattern for pattern in part.accept if pattern.matches(text, part.about)]
    refused = [pattern for pattern in part.refuse if pattern.matches(text, part.about)]
    if accepted and refused:
        return Judgement(Status.PENDING, messages.answers.CONFLICTING, read_as)
    if accepted:
        note = " ".join(accepted[0].note.split())
        says = f"{messages.answers.RIGHT_TEXT} {note}".strip()
        return Judgement(Status.CORRECT, says, read_as, Fraction(1))
    if refused:
        wrong = refused[0]
        found = Status.PARTIAL if wrong.credit else Status.WRONG
        says = " ".join(wrong.says.split())
        return Judgement(found, says, read_as, wrong.credit, wrong.name)
    return Judgement(Status.PENDING, " ".join(_for_reviewer(part, text)), read_as)


def _for_reviewer(part: TextPart, text: str) -> Iterator[str]:
    known = (*part.accept, *part.refuse)
    if any(p.complete(text) for p in part.accept) and any(p.complete(text) for p in part.refuse):
        yield messages.answers.CONFLICTING
        return
    yield messages.answers.NO_PATTERN
    share, closest = max(
        ((Fraction(p.found(text), len(p.pattern)), p) for p in known), key=lambda pair: pair[0]
    )
    if not share:
        return
    if share < 1:
        yield messages.answers.closest(closest.name, closest.found(text), len(closest.pattern))
    elif closest.forbidden(text):
        yield messages.answers.closest_but(closest.name, closest.forbidden(text))
    else:
        yield messages.answers.closest_and(closest.name, closest.left_over(text, part.about))


def _written(given: Any) -> str:
    if isinstance(given, bool):
        return "yes" if given else "no"
    return ", ".join(map(_written, given)) if isinstance(given, list) else str(given)


class Text(WrittenKind[TextPart]):
    """`text`: known by patterns, else by a person."""

    name = "text"
    model = TextPart

    def judge(
        self,
        part: TextPart,
        plan: PartPlan,
        observations: Sequence[Observation],
        judging: Judging,
    ) -> PartResult:
        """Take a person's marks before anything else; then try what the spec knows."""
        if part.equals is not None:
            # The sentence stands in the statement: there is nothing that a check could give away.
            equals, in_the_open = part.equals, replace(judging, self_check=False)
            return result(part, in_the_open, lambda key, given: judge_sentence(key, given, equals))
        given = given_answer(judging, part.id)
        if judging.mark is not None:
            marked = Manual().judge(
                as_manual(part, part.rubric, part.hint), plan, observations, judging
            )
            return replace(marked, answers={} if given is None else {"answer": _shown(given)})
        found = result(part, judging, lambda _, answer: judge_text(part, answer))
        if found.status is Status.SKIPPED:
            return replace(found, summary=messages.answers.TEXT_READ)
        if found.status is not Status.PENDING:
            return found
        waiting = Manual().judge(
            as_manual(part, part.rubric, part.hint),
            plan,
            observations,
            _as_handed_in(part, judging),
        )
        return replace(waiting, summary=found.summary, answers=found.answers)

    def asked(self, part: TextPart) -> tuple[Asked, ...]:
        """Return the text under the part's own key."""
        return (Asked(key=part.id, form="text"),)

    def released(self, part: TextPart, planning: Planning) -> Released | None:
        """Return the sentence to be copied, if the statement has it."""
        del planning
        if part.equals is None or _sentence(part.equals) not in _sentence(part.statement):
            return None
        return Released(releases.fields(part, ("equals",)), PartPlan())


def _shown(given: Any) -> str:
    return shown(plain(_written(given)))


def _as_handed_in(part: TextPart, judging: Judging) -> Judging:
    """Return the judging with the answer under the part's own id, whatever its case was."""
    return replace(judging, answers={part.id: given_answer(judging, part.id)})
