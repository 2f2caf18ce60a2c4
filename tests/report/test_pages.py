from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.records import (
    AssignmentReport,
    CaseReport,
    Failure,
    Frame,
    ProblemResult,
    Status,
    SubmissionResult,
)
from grader.report.overview import overview
from grader.report.pages import index_html, submission_html
from grader.report.submission_page import submission_page

from . import sample
from .page import Page

REFERENCES = {"href", "src", "srcset", "action", "formaction", "data", "poster", "xlink:href"}


def _index(*reports: AssignmentReport) -> str:
    return index_html(tuple(overview(report) for report in reports)).decode("utf-8")


def _page(submission: SubmissionResult, *, unconfined: bool = False) -> str:
    report = sample.report(submission, unconfined=unconfined)
    return submission_html(submission_page(report, submission), "fingerprint").decode("utf-8")


def _all_pages() -> Iterator[str]:
    yield _index(sample.report(unconfined=True))
    for submission in sample.report().submissions:
        yield _page(submission)


def _scrubbed(html: str) -> str:
    """Return a page without its style and script, whose changes need no reading here."""
    html = re.sub(r"(<style>).*?(</style>)", r"\1…\2", html, flags=re.DOTALL)
    html = re.sub(r"(<script>).*?(</script>)", r"\1…\2", html, flags=re.DOTALL)
    return re.sub(r"sha256-[^']*", "sha256-…", html)


def test_the_index_of_the_sample(
    report: AssignmentReport, matches_gold: Callable[[str, str], None]
) -> None:
    matches_gold("index.html", _scrubbed(_index(report)))


def test_the_page_of_the_worked_solution(matches_gold: Callable[[str, str], None]) -> None:
    matches_gold("worked-solution.html", _scrubbed(_page(sample.worked())))


def test_every_page_is_well_formed_and_its_ids_are_unique() -> None:
    for html in _all_pages():
        ids = [each.attributes["id"] for each in Page(html).elements if "id" in each.attributes]
        assert len(set(ids)) == len(ids)


def test_a_page_refers_to_nothing_outside_the_reports() -> None:
    for html in _all_pages():
        for element in Page(html).elements:
            for name in REFERENCES & set(element.attributes):
                assert re.fullmatch(r"[\w./%-]*(#[\w./%-]+)?", element.attributes[name])
        assert not Page(html).all("link")
        style = re.sub(r".*<style>(.*)</style>.*", r"\1", html, flags=re.DOTALL)
        assert "url(" not in style
        assert "@import" not in style


def test_no_address_is_written_outside_the_text_of_a_page() -> None:
    for html in _all_pages():
        for element in Page(html).elements:
            for value in element.attributes.values():
                assert not re.search(r"https?:", value)


def test_every_link_within_a_page_has_its_target() -> None:
    for html in _all_pages():
        page = Page(html)
        ids = {each.attributes.get("id") for each in page.elements}
        for element in page.elements:
            target = element.attributes.get("href", "")
            if target.startswith("#"):
                assert target[1:] in ids


def test_headings_never_skip_a_level() -> None:
    for html in _all_pages():
        levels = [int(each.tag[1]) for each in Page(html).elements if re.match(r"h\d$", each.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_policy_allows_the_style_and_script_of_the_page_and_nothing_else() -> None:
    for html in _all_pages():
        page = Page(html)
        (policy,) = [
            each.attributes["content"]
            for each in page.all("meta")
            if each.attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        allowed = re.findall(r"'sha256-([^']*)'", policy)
        inline = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", html, flags=re.DOTALL)
        digests = [hashlib.sha256(text.encode("utf-8")).digest() for text in inline]
        assert allowed == [base64.b64encode(digest).decode("ascii") for digest in digests]
        assert policy.startswith("default-src 'none';")
        assert not [each for each in page.elements if "style" in each.attributes]


def test_a_page_of_a_submission_has_no_script() -> None:
    for submission in sample.report().submissions:
        assert not Page(_page(submission)).all("script")


def test_a_page_of_a_submission_names_no_other_submission() -> None:
    assert "Lovelace" not in _page(sample.worked())


def test_text_of_students_stays_text() -> None:
    evil = "</textarea></pre><script>alert(1)</script><img src=x onerror=alert(1)>"
    case = CaseReport(1, False, evil, evil, evil, evil, evil, evil, evil)
    part = sample.part(
        "q4-saddle",
        Status.CRASHED,
        0,
        5,
        evil,
        mistake=evil,
        hint=evil,
        visible=(case,),
        failure=Failure(evil, evil, (Frame(evil, 1, evil, evil),)),
        answers={evil: evil},
    )
    submission = SubmissionResult(
        "background-math",
        evil,
        (ProblemResult("q4", "key", (part,)),),
        notes=(evil,),
        sources={evil: evil},
    )
    page = Page(_page(submission))
    assert not page.all("script")
    assert not page.all("img")
    assert page.all("h1")[0].text == evil
    index = Page(_index(sample.report(submission)))
    assert len(index.all("script")) == 1
    assert not index.all("img")


@given(st.text(st.characters(exclude_categories=()), min_size=1))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
def test_any_text_of_a_student_leaves_a_page_well_formed(text: str) -> None:
    part = sample.part(
        "q4-saddle",
        Status.CRASHED,
        0,
        5,
        text,
        visible=(CaseReport(1, False, text, text, text, text, text, text, text),),
        failure=Failure(text, text, (Frame(text, 1, text, text),)),
        answers={text: text},
    )
    submission = SubmissionResult(
        "background-math",
        text,
        (ProblemResult("q4", "key", (part,)),),
        notes=(text,),
        sources={text: text, "a.py": text},
    )
    Page(_page(submission))
    Page(_index(sample.report(submission)))


def test_lone_surrogates_and_control_characters_are_shown() -> None:
    submission = replace(sample.worked(), sources={"a.py": "x = '\ud800\x00\u202e'\n"})
    assert "x = '[U+D800]␀[U+202E]'" in Page(_page(submission)).all("code", "")[-1].text


def test_hidden_cases_are_only_counted() -> None:
    shown = [each.text for each in Page(_page(sample.worked())).all("p", "hidden-cases")]
    assert "Hidden cases: 41 of 47 right" in shown


def test_a_visible_case_shows_both_values_and_the_worst_place() -> None:
    page = Page(_page(sample.worked()))
    boxes = [box.pieces[0] for box in page.all("pre", "box")]
    assert "array([[-1. ,  2.25],\n       [ 2.25, -0.5 ]])" in boxes
    assert "array([[ 1. , -2.25],\n       [-2.25,  0.5 ]])" in boxes
    assert page.all("p", "worst")[0].text == (
        "Farthest off at [0, 1]: observed 2.25, expected -2.25"
    )


def test_wrong_cases_are_open_and_right_ones_folded() -> None:
    cases = Page(_page(sample.worked())).all("details", "case")
    assert all(("wrong" in case.text) == ("open" in case.attributes) for case in cases)


def test_the_lines_of_an_error_are_marked_and_the_traceback_leads_there() -> None:
    page = Page(_page(sample.worked()))
    assert [mark.attributes["id"] for mark in page.all("mark")] == ["L-q3.py-13", "L-q3.py-19"]
    assert page.by_id("L-q3.py-13").text == "rows = [entry(i, a, b) for i in range(3)]"
    links = [each.attributes.get("href") for each in page.all("a")]
    assert "#L-q3.py-13" in links


def test_the_diagnosis_stands_before_the_evidence() -> None:
    for part in Page(_page(sample.worked())).all("article"):
        places = [part.text.find(word) for word in ("Case 1", "Hidden cases", "What was asked")]
        summary = part.text.find("The sign is turned")
        assert summary <= min([place for place in places if place >= 0], default=summary)


def test_statements_are_rendered_with_mathml() -> None:
    page = Page(_page(sample.worked()))
    assert len(page.all("math")) > 8
    assert page.all("code", "formula")[0].text == "\\nosuchcommand{x}"


def test_points_that_wait_for_a_person_are_said() -> None:
    assert "20 points wait for a person" in _page(sample.worked())
    assert "wait for a person" not in _page(sample.finished())


def test_a_fault_of_the_grader_is_said_and_is_no_zero() -> None:
    page = Page(_page(sample.faulty()))
    (facts,) = page.all("p", "facts")
    assert "5 points could not be graded: a fault of the grader" in facts.text
    (fault,) = [each for each in page.all("article") if "grader_fault" in each.classes]
    assert "open / 5" in fault.text


def test_the_index_calls_out_faults_of_the_grader() -> None:
    (callout,) = Page(_index(sample.report())).all("section", "fault")
    assert "The reference did not answer." in callout.text


@pytest.mark.parametrize("unconfined", [False, True])
def test_grading_without_a_sandbox_is_said_on_every_page(unconfined: bool) -> None:
    report = sample.report(unconfined=unconfined)
    pages = [_index(report), *(_page(s, unconfined=unconfined) for s in report.submissions)]
    assert {"Graded without a sandbox" in page for page in pages} == {unconfined}


def test_a_score_just_below_full_marks_never_reads_as_full() -> None:
    part = sample.part("q1-convexity", Status.PARTIAL, Fraction(499999, 10000), 50, "almost")
    submission = replace(sample.worked(), problems=(ProblemResult("q1", "key", (part,)),))
    page = Page(_page(submission))
    assert page.all("p", "total")[0].text == "49.99 / 50 points"
    assert page.all("rect", "given")[0].attributes["width"] == "99.9%"


def test_every_sortable_column_is_a_button_and_the_sorted_one_says_so() -> None:
    page = Page(_index(sample.report()))
    heads = page.all("th")[:6]
    assert [head.attributes.get("aria-sort") for head in heads] == ["ascending"] + [None] * 5
    assert [each.text for each in page.all("button")] == [
        "Student",
        "Score",
        "Waiting",
        "State",
        "Right",
    ]


def test_the_search_field_is_labelled() -> None:
    page = Page(_index(sample.report()))
    (field,) = page.all("input")
    assert field.attributes["id"] in {label.attributes["for"] for label in page.all("label")}


def test_every_mark_has_words() -> None:
    for html in _all_pages():
        for mark in Page(html).all("svg", "mark"):
            assert mark.attributes.get("aria-hidden") == "true" or mark.text


def test_several_assignments_share_the_index_and_their_ids_do_not_meet() -> None:
    other = replace(sample.report(), outline=replace(sample.outline(), id="optimizers"))
    page = Page(_index(sample.report(), other))
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(set(ids)) == len(ids)


def test_an_assignment_without_submissions_has_an_index() -> None:
    html = _index(replace(sample.report(), submissions=()))
    assert "0 submissions" in Page(html).all("p", "facts")[0].text


def _contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_every_text_colour_has_enough_contrast_in_every_theme() -> None:
    style = re.sub(r".*<style>(.*)</style>.*", r"\1", _index(), flags=re.DOTALL)
    themes = re.findall(r":root \{(.*?)\}", style, flags=re.DOTALL)
    assert len(themes) == 3  # light, dark, paper
    for theme in themes:
        colours = {
            name: code if len(code) == 7 else "#" + "".join(digit * 2 for digit in code[1:])
            for name, code in re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", theme)
        }
        grounds = ("paper", "sheet", "well")
        pairs = [(text, ground) for ground in grounds for text in ("ink", "muted", "accent", "bad")]
        pairs += [(text, "sheet") for text in ("good", "half", "wait", "none", "fault")]
        pairs += [(text, "paper") for text in ("good", "half", "wait", "none", "fault")]
        pairs += [
            (text, ground)
            for ground in ("sheet", "bad-wash")
            for text in ("keyword", "string", "numeral", "remark", "name", "ink", "accent", "bad")
        ]
        pairs += [("ink", "accent-wash"), ("accent", "fault-wash"), ("fault", "fault-wash")]
        for text, ground in pairs:
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
