from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.records import CaseReport, PartResult, Status, SubmissionResult
from grader.report.exports.gradescope import gradescope
from grader.report.exports.request import Export

from . import consumers, sample


def made(submission: SubmissionResult, **options: Any) -> dict[str, Any]:
    (document,) = gradescope(sample.report(submission), Export(**options)).documents
    return consumers.gradescope(document.content)


def test_results_of_the_sample(matches_gold: Callable[[str, str], None]) -> None:
    documents = gradescope(sample.report(), Export()).documents
    assert len({document.name for document in documents}) == len(documents) == 3
    for name, document in zip(("ada", "grace", "hostile"), _by_name(documents), strict=True):
        consumers.gradescope(document.content)
        matches_gold(f"exports/gradescope-{name}.json", document.content.decode("ascii"))


def _by_name(documents: Any) -> list[Any]:
    return sorted(documents, key=lambda each: (each.name.startswith("hyperlink"), each.name))


def test_the_file_is_named_after_the_submission_and_fits_every_file_system() -> None:
    names = [document.name for document in gradescope(sample.report(), Export()).documents]
    assert sorted(names)[:2] == ["ada.json", "grace.json"]
    assert all(name.isascii() and "/" not in name and len(name) < 100 for name in names)


def test_a_score_may_exceed_the_maximum_by_a_bonus_and_is_cut_not_rounded() -> None:
    assert made(sample.full())["score"] == 11
    nearly = made(sample.plain())
    assert nearly["score"] == 6.99
    assert [test["score"] for test in nearly["tests"]] == [0, 4.99, 2, 0]


def test_a_part_that_waits_has_no_score_and_the_total_is_without_it() -> None:
    found = made(sample.waiting())
    proof = found["tests"][2]
    assert {"score", "max_score", "status"}.isdisjoint(proof)
    assert proof["output"] == "Waits for a person.\n\n- It is clear (2)"
    assert found["score"] == 4.88
    assert found["output"].startswith("2 points wait for a person.\n")


@pytest.mark.parametrize("submission", [sample.faulty(), sample.ungraded()])
def test_a_score_that_is_not_known_gives_no_file(submission: SubmissionResult) -> None:
    exported = gradescope(sample.report(submission), Export())
    assert exported.documents == ()
    assert exported.notes == (
        f"no results.json for {submission.submission}: the score is not known",
    )


def test_visibility_is_that_of_the_part_or_else_that_of_all() -> None:
    found = made(sample.waiting(), visibility="after_published", visibility_of={"curve": "hidden"})
    assert found["visibility"] == "after_published"
    assert [test["visibility"] for test in found["tests"]] == [
        "after_published",
        "hidden",
        "after_published",
        "after_published",
    ]
    assert found["stdout_visibility"] == "hidden"


def test_of_hidden_parts_the_text_above_says_nothing() -> None:
    found = made(sample.waiting(), visibility_of={"proof": "hidden"})
    assert found["output"] == "- The file &lt;b&gt;x&lt;/b&gt; was not read."


def test_hidden_cases_are_counted_and_the_visible_one_is_shown() -> None:
    output = made(sample.plain())["tests"][0]["output"]
    assert output == (
        "The result is 4; expected 5.\n\n"
        "```text\n>>> slope(3)\nreturned\n4\nexpected\n5\n```\n\n"
        "Hidden cases: 1 of 8 right."
    )


def test_what_was_said_of_the_part_is_not_said_again_of_each_case() -> None:
    said = "slope.py cannot be imported."
    cases = (
        CaseReport(1, False, "x = 3\nslope(x)", "", "5", said),
        CaseReport(2, False, "slope(4)", "", "7", "This one ran out of time."),
    )
    part = sample.result("slope", Status.CRASHED, 0, 3, said, visible=cases)
    parts = (part, sample.nearly(), sample.pending(), sample.left_out())
    assert made(sample.submission("ada", *parts))["tests"][0]["output"] == (
        "slope.py cannot be imported.\n\n"
        "```text\n>>> x = 3\n>>> slope(x)\nexpected\n5\n```\n\n"
        "```text\n>>> slope(4)\nThis one ran out of time.\nexpected\n7\n```"
    )


def test_cases_that_are_right_are_not_shown() -> None:
    cases = (CaseReport(1, True, "slope(1)", "1", "1"), CaseReport(2, False, "slope(2)", "1", "3"))
    part = sample.result("slope", Status.PARTIAL, 1, 3, "Half of it.", visible=cases)
    parts = (part, sample.nearly(), sample.pending(), sample.left_out())
    output = made(sample.submission("ada", *parts))["tests"][0]["output"]
    assert "slope(1)" not in output
    assert "slope(2)" in output


def test_a_fence_in_what_a_student_wrote_does_not_end_the_block() -> None:
    case = CaseReport(1, False, "slope(1)", "```\n# loud\n````", "3")
    part = sample.result("slope", Status.WRONG, 0, 3, "No.", visible=(case,))
    parts = (part, sample.nearly(), sample.pending(), sample.left_out())
    output = made(sample.submission("ada", *parts))["tests"][0]["output"]
    rendered = MarkdownIt("commonmark").render(output)
    assert rendered == (
        '<p>No.</p>\n<pre><code class="language-text">&gt;&gt;&gt; slope(1)\nreturned\n'
        "```\n# loud\n````\nexpected\n3\n</code></pre>\n"
    )


def test_the_text_of_an_exception_is_not_exported_but_its_place_is() -> None:
    output = made(sample.waiting())["tests"][0]["output"]
    assert "this text is not exported" not in output
    assert "a, b: 100%.py, line 12, in inner\n    raise ValueError(x)" in output


def test_markdown_of_students_is_shown_and_does_nothing() -> None:
    crashed, curve, *_ = made(sample.waiting())["tests"]
    rendered = MarkdownIt("commonmark").render(crashed["output"])
    assert "``` ::error::&lt;b&gt;|oops|␀" in rendered
    assert "<b>" not in rendered
    assert "&lt;i&gt;*flat*&lt;/i&gt;: right, 4.88 of 4.88" in MarkdownIt("commonmark").render(
        curve["output"]
    )


def test_what_is_told_to_one_student_holds_nothing_of_another() -> None:
    others = sample.submission(
        sample.LEAK, sample.wrong(), sample.right("curve", 5), sample.pending(), sample.left_out()
    )
    for document in gradescope(sample.report(sample.full(), others), Export()).documents:
        about_ada = document.name == "ada.json"
        assert (sample.LEAK.encode() in document.content) is not about_ada


@given(points=st.fractions(0, 3, max_denominator=10**9), hostile=st.text())
def test_whatever_comes_the_results_keep_the_format(points: Fraction, hostile: str) -> None:
    part = PartResult("slope", Status.PARTIAL, points, Fraction(3), hostile, hint=hostile)
    parts = (part, sample.nearly(), sample.pending(), sample.left_out())
    found = made(sample.submission(hostile, *parts, notes=(hostile,)))
    assert Fraction(str(found["tests"][0]["score"])) <= points
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
