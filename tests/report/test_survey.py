from __future__ import annotations

from dataclasses import replace

from grader.records import ProblemResult, Status
from grader.report.survey import MOST_TEXTS, Answers, answers

from . import sample


def _answers(*texts: str, part: str = "debrief") -> tuple[Answers, ...]:
    submissions = []
    for number, text in enumerate(texts):
        result = sample.part(part, Status.CORRECT, 0, 0, "", answers={"How?": text})
        problem = ProblemResult(part, "key", (result,))
        submissions.append(replace(sample.worked(), submission=f"s{number}", problems=(problem,)))
    return answers(sample.report(*submissions))


def test_numbers_are_told_by_their_median_and_range() -> None:
    (shown,) = _answers("4", "7.5", " 2 ")
    assert (shown.numbers, shown.count) == ("median 4, from 2 to 7.5", 3)


def test_choices_are_counted_the_most_frequent_first() -> None:
    (shown,) = _answers("no", "yes", "yes")
    assert shown.choices == (("yes", 2), ("no", 1))


def test_texts_are_listed() -> None:
    long = "a long answer " * 9
    (shown,) = _answers(long, "short")
    assert shown.texts == (long.strip(), "short")


def test_an_answer_of_several_lines_is_a_text() -> None:
    (shown,) = _answers("first\nsecond")
    assert shown.texts == ("first\nsecond",)


def test_more_texts_than_fit_are_said_to_be_left_out() -> None:
    (shown,) = _answers(*(f"answer {number}" for number in range(MOST_TEXTS + 7)))
    assert (len(shown.texts), shown.texts_left_out) == (MOST_TEXTS, 7)


def test_an_answer_that_is_no_finite_number_makes_all_of_them_choices() -> None:
    (shown,) = _answers("4", "nan")
    assert shown.choices == (("4", 1), ("nan", 1))


def test_an_empty_answer_is_no_answer() -> None:
    assert _answers("", "  ") == ()


def test_written_answers_to_graded_questions_are_not_a_survey() -> None:
    assert _answers("4", part="q4-saddle") == ()
