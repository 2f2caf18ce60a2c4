"""What a class answered to the questions of a survey, added up without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import median

from grader.records import AssignmentReport

MOST_TEXTS = 100
_MOST_CHOICES = 8
_LONGEST_CHOICE = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one question: numbers, choices or texts, whichever they all are."""

    question: str
    count: int
    numbers: str = ""  # "median 4, from 2 to 7.5"
    choices: tuple[tuple[str, int], ...] = ()  # most frequent first
    texts: tuple[str, ...] = ()

    @property
    def texts_left_out(self) -> int:
        """How many texts stand only on the students' own pages."""
        return self.count - len(self.texts) if self.texts else 0


def answers(report: AssignmentReport) -> tuple[Answers, ...]:
    """Return the answers to all questions of the survey parts, in the order they were asked."""
    surveys = {
        part.id
        for problem in report.outline.problems
        for part in problem.parts
        if part.kind == "survey"
    }
    given: dict[tuple[str, str], list[str]] = {}
    for submission in report.submissions:
        for part in submission.parts:
            if part.id in surveys:
                for question, answer in part.answers.items():
                    if answer.strip():
                        given.setdefault((part.id, question), []).append(answer.strip())
    return tuple(_answers(question, texts) for (_, question), texts in given.items())


def _answers(question: str, texts: Sequence[str]) -> Answers:
    numbers = _numbers(texts)
    if numbers:
        said = f"median {median(numbers):g}, from {min(numbers):g} to {max(numbers):g}"
        return Answers(question, len(texts), numbers=said)
    counts = Counter(texts)
    short = all(len(text) <= _LONGEST_CHOICE and "\n" not in text for text in counts)
    if short and len(counts) <= _MOST_CHOICES:
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return Answers(question, len(texts), choices=tuple(ordered))
    return Answers(question, len(texts), texts=tuple(sorted(texts)[:MOST_TEXTS]))


def _numbers(texts: Iterable[str]) -> list[float]:
    """Return the answers as numbers, or nothing if one of them is not a number."""
    numbers = []
    for text in texts:
        try:
            number = float(text)
        except ValueError:
            return []
        if not isfinite(number):
            return []
        numbers.append(number)
    return numbers
