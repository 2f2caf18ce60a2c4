"""`text`: sentences word for word, and answers that patterns or people judge."""

# ruff: noqa: RUF001  (typographic quotes and dashes are what is tested)

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.kinds.written.texts import MAX_MATCHED
from grader.records import Status
from grader.spec.marks import Mark
from tests.kinds.student import Result, judge, part, plan, reference, texts

COURSE = reference()


def answered(asked: Any, answer: Any, **judging: Any) -> Result:
    return judge(asked, COURSE, plan(asked, COURSE), [], answers={asked.id: answer}, **judging)


POLICIES = part("text", equals="I’ve read and understood these policies.")


@pytest.mark.parametrize(
    "written",
    [
        "I've read and understood these policies.",
        "I’ve read and understood these policies",
        "i've READ and understood these policies.",
        "  I've  read and\nunderstood these policies. ",
        '"I\'ve read and understood these policies."',
        "“I’ve read and understood these policies”.",
        "*I've read and understood these policies.*",
        "I've read and understood these policies!",
        "> I've read and understood these policies.",
        "> I've read and\n> understood these policies.",
        "**I've read and understood these policies.**",
    ],
)
@pytest.mark.parametrize("self_check", [False, True])
def test_a_sentence_passes_up_to_what_does_not_matter(written: str, self_check: bool) -> None:
    result = answered(POLICIES, written, self_check=self_check)
    assert (result.status, result.points, result.summary) == (Status.CORRECT, 2, "Right.")


@pytest.mark.parametrize(
    "written",
    [
        "I've read these policies.",
        "yes",
        "I have not read and understood these policies.",
        "Ive read",
    ],
)
def test_another_sentence_is_wrong(written: str) -> None:
    result = answered(POLICIES, written)
    assert (result.status, result.points) == (Status.WRONG, 0)
    assert result.summary == (
        f"The text differs: found {written!r}; expected 'I’ve read and understood these "
        "policies.', word for word."
    )


@pytest.mark.parametrize("written", [True, 3, ["I have read"]])
def test_what_is_no_text_is_refused(written: Any) -> None:
    result = answered(POLICIES, written)
    assert result.status is Status.REFUSED
    assert result.summary.endswith("; expected a text.")


def test_no_sentence_is_missing() -> None:
    assert answered(POLICIES, None).status is Status.MISSING


SOURCE = part(
    "text",
    id="q5",
    title="The source",
    points=1,
    hint="Follow the edge.",
    accept=[
        {"name": "op-node", "pattern": "op ?node", "unless": "no op ?node"},
        {
            "name": "made-by",
            "pattern": ["operation", "made"],
            "beside": "by",
            "note": "An\n  OpNode.",
        },
    ],
    refuse=[
        {"name": "inputs", "pattern": r"\binputs?\b", "says": "It has those.", "credit": "1/4"},
        {"name": "none", "pattern": r"\bnone\b", "says": "That is so for leaves."},
    ],
)


@pytest.mark.parametrize(
    ("written", "summary"),
    [
        ("The OpNode.", "Right."),
        ("an op\n node", "Right."),
        ("the operation that MADE it", "Right. An OpNode."),
        ("made by the “operation”", "Right. An OpNode."),
    ],
)
def test_a_known_answer_is_right(written: str, summary: str) -> None:
    result = answered(SOURCE, written)
    assert (result.status, result.points, result.summary, result.hint) == (
        Status.CORRECT,
        1,
        summary,
        "",
    )


@pytest.mark.parametrize(
    ("written", "status", "points", "mistake", "summary"),
    [
        ("its inputs", Status.PARTIAL, Fraction(1, 4), "inputs", "It has those."),
        ("None", Status.WRONG, 0, "none", "That is so for leaves."),
    ],
)
def test_a_known_wrong_answer_is_named(
    written: Any, status: Status, points: Fraction, mistake: str, summary: str
) -> None:
    result = answered(SOURCE, written)
    assert (result.status, result.points, result.mistake, result.summary) == (
        status,
        points,
        mistake,
        summary,
    )


UNKNOWN = "The text is none of the known answers; a person reviews it."


@pytest.mark.parametrize(
    ("written", "summary"),
    [
        ("a thing", UNKNOWN),
        (
            "some operation",
            f"{UNKNOWN} The closest known answer is 'made-by': 1 of its 2 pieces were found.",
        ),
        (
            "there is no op node",
            f"{UNKNOWN} The closest known answer is 'op-node', but 'no op node' speaks against it.",
        ),
        (
            "the op node, or so",
            f"{UNKNOWN} The closest known answer is 'op-node'; beside it stands 'or'.",
        ),
        (
            "not its inputs",
            f"{UNKNOWN} The closest known answer is 'inputs'; beside it stands 'not'.",
        ),
        (
            "the op node or the inputs",
            "The text holds what is right beside what is known to be wrong; a person reviews it.",
        ),
        ((MAX_MATCHED + 1) * "x", "The text is long; a person reviews it."),
        (True, UNKNOWN),
        (42, UNKNOWN),
        (["a", "b"], UNKNOWN),
    ],
)
def test_any_other_answer_waits_for_a_person(written: Any, summary: str) -> None:
    result = answered(SOURCE, written)
    assert (result.status, result.points, result.summary) == (Status.PENDING, 0, summary)
    assert [(check.name, check.max_points) for check in result.checks] == [("The source", 1)]
    assert result.answers["answer"]


@pytest.mark.parametrize("written", ["a thing", "the op node", "its inputs", None])
@pytest.mark.parametrize(
    ("points", "status"), [(1, Status.CORRECT), ("1/2", Status.PARTIAL), (0, Status.WRONG)]
)
def test_the_mark_of_a_person_decides(written: Any, points: Any, status: Status) -> None:
    mark = Mark.model_validate({"rubric": {"answer": points}, "comment": "Well put."})
    result = answered(SOURCE, written, mark=mark)
    assert (result.status, result.points) == (status, Fraction(points))
    assert result.summary == "Well put."


def test_a_rubric_of_its_own_has_its_items() -> None:
    rubric = [
        {"id": "why", "says": "The reason", "points": 0.75},
        {"id": "where", "says": "The line", "points": 0.25},
    ]
    accept = [{"name": "a", "pattern": "abc"}]
    asked = part("text", points=1, accept=accept, rubric=rubric)
    assert asked.point_shares() == (Fraction(3, 4), Fraction(1, 4))
    mark = Mark.model_validate({"rubric": {"why": 0.75}})
    assert answered(asked, "x", mark=mark).points == Fraction(3, 4)


def test_no_text_is_missing() -> None:
    result = answered(SOURCE, " ")
    assert (result.status, result.summary, result.hint) == (
        Status.MISSING,
        "answers.yaml has no answer for q5.",
        "Follow the edge.",
    )


def test_answers_that_cannot_be_read_are_told() -> None:
    result = judge(SOURCE, COURSE, plan(SOURCE, COURSE), [], answers_problem="Line 3.")
    assert (result.status, result.summary) == (Status.REFUSED, "Line 3.")


@pytest.mark.parametrize("written", ["the op node", "its inputs", "None", "a thing", 700 * "x"])
def test_a_self_check_says_only_that_there_is_a_text(written: str) -> None:
    result = answered(SOURCE, written, self_check=True)
    shown = written if len(written) <= 200 else f"{199 * 'x'}…"
    assert set(texts(result)) == {
        "q5",
        "skipped",
        "There is a text. It is judged after you have handed in.",
        "",
    }
    assert (result.status, result.points, result.mistake) == (Status.SKIPPED, 0, None)
    assert result.answers == {"answer": shown}


@given(st.text(max_size=700))
def test_whatever_is_written_there_is_a_verdict(written: str) -> None:
    assert answered(SOURCE, written).status is not Status.GRADER_FAULT


ACCEPT = [{"name": "a", "pattern": "abc"}]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "expected either equals or accept"),
        ({"equals": "a", "accept": ACCEPT}, "expected either equals or accept"),
        (
            {"equals": "a", "refuse": [{"name": "b", "pattern": "b", "says": "This is wrong."}]},
            "expected neither refuse nor rubric beside equals",
        ),
        ({"accept": ACCEPT + ACCEPT}, "expected names that differ"),
        (
            {"accept": [{"name": "a", "pattern": "(a"}]},
            "expected a regular expression, found '\\(a'",
        ),
        ({"accept": [{"name": "a", "pattern": "a?"}]}, "'a\\?' is found in every text"),
        ({"accept": [{"name": "a", "pattern": "(a+)+b"}]}, "may take long"),
        ({"accept": [{"name": "a", "pattern": "a.*b.*c"}]}, "may take long"),
        ({"accept": [{"name": "a", "pattern": "(ab){2,}"}]}, "may take long"),
        ({"accept": [{"name": "a", "pattern": "b", "unless": "x.{5,}.*y"}]}, "may take long"),
        ({"accept": [{"name": "a", "pattern": []}]}, "at least 1 item"),
        ({"points": -1, "accept": ACCEPT}, "greater than or equal to 0"),
    ],
)
def test_a_fault_of_a_text_is_told(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        part("text", **fields)


@pytest.mark.parametrize(
    "pattern", [r"a.*b", r"\w{0,5}a\w{0,5}", r"a{3}b+", r"\*+", r"[*+]+", "(a+|b+|c+)d", r"a{2,}"]
)
def test_a_pattern_that_takes_no_time_is_accepted(pattern: str) -> None:
    part("text", accept=[{"name": "a", "pattern": pattern}])
