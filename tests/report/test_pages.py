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
    Change,
    Failure,
    Frame,
    PartScore,
    ProblemResult,
    Status,
    SubmissionResult,
)
from grader.report.overview import overview
from grader.report.pages import changes_html, class_html, index_html, submission_html
from grader.report.submission_page import submission_page

from . import sample
from .page import Element, Page

REFERENCES = {"href", "src", "srcset", "action", "formaction", "data", "poster", "xlink:href"}


def _index(*reports: AssignmentReport) -> str:
    return index_html(tuple(overview(report) for report in reports)).decode("utf-8")


def _class(report: AssignmentReport) -> str:
    return class_html(overview(report)).decode("utf-8")


def _changes(report: AssignmentReport) -> str:
    return changes_html(overview(report)).decode("utf-8")


def _page(submission: SubmissionResult, *, unconfined: bool = False) -> str:
    report = sample.report(submission, unconfined=unconfined)
    return submission_html(submission_page(report, submission), "fingerprint").decode("utf-8")


def _all_pages() -> Iterator[str]:
    yield _index(sample.report(unconfined=True))
    yield _class(sample.regraded())
    yield _changes(sample.regraded())
    for submission in sample.report().submissions:
        yield _page(submission)


def _scrubbed(html: str) -> str:
    """Return a page without its style and script, whose changes need no reading here."""
    html = re.sub(r"(<style>).*?(</style>)", r"\1…\2", html, flags=re.DOTALL)
    html = re.sub(r"(<script>).*?(</script>)", r"\1…\2", html, flags=re.DOTALL)
    # What a drawing looks like depends on the version of matplotlib.
    html = re.sub(r"(</desc>).*?(</svg>)", r"\1…\2", html, flags=re.DOTALL)
    return re.sub(r"sha256-[^']*", "sha256-…", html)


def test_the_index_of_the_sample(
    report: AssignmentReport, matches_gold: Callable[[str, str], None]
) -> None:
    matches_gold("index.html", _scrubbed(_index(report)))


def test_the_page_of_the_class(matches_gold: Callable[[str, str], None]) -> None:
    matches_gold("class.html", _scrubbed(_class(sample.regraded())))


def test_the_page_of_changes(matches_gold: Callable[[str, str], None]) -> None:
    matches_gold("changes.html", _scrubbed(_changes(sample.regraded())))


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
    report = replace(
        sample.report(submission),
        changes=(
            Change(
                evil,
                "q4",
                evil,
                "2026-03-02T10:15:00.000Z",
                evil,
                PartScore(Status.CORRECT, Fraction(5), Fraction(5)),
                PartScore(Status.CRASHED, Fraction(0), Fraction(5)),
                files_changed=True,
            ),
        ),
    )
    for html, scripts in ((_index(report), 0), (_class(report), 1), (_changes(report), 0)):
        assert len(Page(html).all("script")) == scripts
        assert not Page(html).all("img")
    assert evil in Page(_class(report)).text
    assert evil in Page(_changes(report)).text


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
    Page(_class(sample.report(submission)))


def test_lone_surrogates_and_control_characters_are_shown() -> None:
    submission = replace(sample.worked(), sources={"a.py": "x = '\ud800\x00\u202e'\n"})
    assert "x = '[U+D800]␀[U+202E]'" in Page(_page(submission)).all("code", "")[-1].text


def test_hidden_cases_are_only_counted() -> None:
    shown = [each.text for each in Page(_page(sample.worked())).all("p", "hidden-cases")]
    assert "Cases that are not shown: 41 of 47 right" in shown


def test_a_visible_case_shows_both_values_and_the_worst_place() -> None:
    page = Page(_page(sample.worked()))
    boxes = [box.pieces[0] for box in page.all("pre", "box")]
    assert "array([[-1. ,  2.25],\n       [ 2.25, -0.5 ]])" in boxes
    assert "array([[ 1. , -2.25],\n       [-2.25,  0.5 ]])" in boxes
    assert page.all("p", "worst")[0].text == (
        "Farthest off at [0, 1]: observed 2.25, expected -2.25"
    )


def test_the_worst_wrong_case_stands_open_and_the_others_are_folded() -> None:
    page = Page(_page(sample.worked()))
    (worst,) = [each for each in page.all("div", "worst-case") if "q4_saddle" in each.text]
    assert "Case 3, the worst of 2 wrong ones" in worst.text
    cases = page.all("details", "case")
    assert [case.text.split(" Call")[0] for case in cases] == [
        "Case 1: right",
        "Case 2: wrong 4 of 4 entries differ.",
        "Case 1: right",
    ]
    assert not any("open" in case.attributes for case in cases)


def test_a_matrix_stands_beside_the_expected_one_with_its_wrong_entries_marked() -> None:
    page = Page(_page(sample.worked()))
    observed, expected = page.all("table", "grid")
    assert [each.text for each in page.all("caption") if "unseen" not in each.classes] == [
        "Observed",
        "Expected",
    ]
    assert "".join(observed.pieces).split() == ["Observed", "index01", "0-4-6", "1-6-4"]
    assert "".join(expected.pieces).split() == ["Expected", "index01", "046", "164"]
    (part,) = page.all("div", "grids")
    marks = [each.text for each in page.all("mark") if "l" not in each.classes]
    assert marks == ["-4", "-6", "-6", "-4"]
    assert part.attributes["aria-label"] == "Observed and expected"


def test_parts_that_are_not_right_are_unfolded() -> None:
    page = Page(_page(sample.worked()))
    places = [n for n, each in enumerate(page.elements) if each.tag == "article"]
    folds = [(page.elements[n].classes, page.elements[n + 1]) for n in places]
    assert all(fold.tag == "details" for _, fold in folds)
    for classes, fold in folds:
        assert ("open" in fold.attributes) == (not classes & {"correct", "pending"})


def test_a_part_shows_the_code_that_it_asks_for() -> None:
    page = Page(_page(sample.worked()))
    shown = page.all("div", "excerpt")
    assert [each.text.split(" in ")[0] for each in shown] == ["Your code", "Your code"]
    gradient, hessian = page.all("pre", "code")[:2]
    assert gradient.text.startswith("6def q3_gradient(x): 7 a, b = x 8 return np.array")
    assert "def q3_hessian(x)" in hessian.text
    assert "def entry(i, a, b)" in hessian.text  # the error went through it
    assert "IndexError" in hessian.text
    assert "q3_gradient" not in hessian.text


def test_the_lines_of_an_error_are_marked_and_the_traceback_leads_there() -> None:
    page = Page(_page(sample.worked()))
    marks = [mark for mark in page.all("mark", "l") if "id" in mark.attributes]
    assert [mark.attributes["id"] for mark in marks] == ["L-q3.py-13", "L-q3.py-19"]
    assert [mark.pieces[0] for mark in page.all("mark", "l")] == 2 * ["13", "19"]
    assert page.by_id("L-q3.py-13").text == "13 rows = [entry(i, a, b) for i in range(3)]"
    links = [each.attributes.get("href") for each in page.all("a")]
    assert "#L-q3.py-13" in links


def test_the_diagnosis_stands_before_the_evidence() -> None:
    for part in Page(_page(sample.worked())).all("article"):
        places = [
            part.text.find(word) for word in ("Case 1", "Cases that are not", "What was asked")
        ]
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


def test_the_inside_of_a_fault_of_the_grader_is_for_the_class_page_alone() -> None:
    page = Page(_page(sample.faulty()))
    (fault,) = [each for each in page.all("article") if "grader_fault" in each.classes]
    assert "The grader itself failed on this part, which costs no points" in fault.text
    assert "The reference did not answer." not in page.text


def test_the_class_page_calls_out_faults_of_the_grader() -> None:
    (callout,) = Page(_class(sample.report())).all("section", "fault")
    assert "The reference did not answer." in callout.text


@pytest.mark.parametrize("unconfined", [False, True])
def test_grading_without_a_sandbox_is_said_on_every_page(unconfined: bool) -> None:
    report = sample.report(unconfined=unconfined)
    pages = [
        _index(report),
        _class(report),
        *(_page(s, unconfined=unconfined) for s in report.submissions),
    ]
    assert {"Graded without a sandbox" in page for page in pages} == {unconfined}


def test_a_score_just_below_full_marks_never_reads_as_full() -> None:
    part = sample.part("q1-convexity", Status.PARTIAL, Fraction(499999, 10000), 50, "almost")
    submission = replace(sample.worked(), problems=(ProblemResult("q1", "key", (part,)),))
    page = Page(_page(submission))
    assert page.all("p", "total")[0].text == "49.99 / 50 points"
    assert page.all("rect", "given")[0].attributes["width"] == "99.9%"


def _with_bonus() -> AssignmentReport:
    """Return a report in which q8-cost, worth eight points, is a bonus."""
    whole = sample.outline()
    problems = tuple(
        replace(
            problem,
            parts=tuple(replace(part, bonus=part.id == "q8-cost") for part in problem.parts),
        )
        for problem in whole.problems
    )
    outline = replace(whole, problems=problems, max_points=Fraction(42))
    full = tuple(
        sample.part(part.id, Status.CORRECT, part.max_points, int(part.max_points), "")
        for problem in problems
        for part in problem.parts
    )
    best = replace(sample.worked(), submission="best", problems=(ProblemResult("q6", "k", full),))
    half = replace(best, submission="half", problems=(ProblemResult("q6", "k", full[:6]),))
    return replace(sample.report(best, half, sample.worked()), outline=outline)


def test_a_score_above_the_maximum_fills_the_bar_and_says_why() -> None:
    report = _with_bonus()
    best = report.submissions[0]
    page = Page(submission_html(submission_page(report, best), ""))
    assert page.all("p", "total")[0].text == "50 / 42 points, 8 of them are bonus"
    assert page.all("rect", "given")[0].attributes["width"] == "100%"
    assert page.all("svg", "bar")[0].attributes["aria-label"] == "50 of 42 points"


def test_a_score_without_bonus_points_says_nothing_of_them() -> None:
    report = _with_bonus()
    page = Page(submission_html(submission_page(report, report.submissions[1]), ""))
    assert page.all("p", "total")[0].text == "32 / 42 points"


def test_bonus_is_said_beside_the_points_of_such_a_part_and_of_no_other() -> None:
    report = _with_bonus()
    page = Page(submission_html(submission_page(report, report.submissions[2]), ""))
    marked = [part for part in page.all("article") if "/ 8 bonus" in part.text]
    assert [part.attributes["aria-labelledby"] for part in marked] == ["title-q8-cost"]
    assert [each.text for each in page.all("span", "points") if "bonus" in each.text] == [
        "0 / 8 bonus",
        "0 / 8 bonus",
    ]


def test_the_class_page_says_bonus_and_shows_scores_above_the_maximum() -> None:
    page = Page(_class(_with_bonus()))
    assert page.all("td")[0].text == "50"
    titles = [each.text for each in page.all("title")]
    assert "1 submission from 39.9 points up" in titles
    (row,) = [each for each in page.all("tr") if each.text.startswith("What a Jacobian costs")]
    assert row.text.startswith("What a Jacobian costs bonus q8-cost")
    (histogram,) = page.all("svg", "histogram")
    assert histogram.attributes["aria-label"].endswith("from 0 to 42 points and more")


def test_every_sortable_column_is_a_button_and_the_sorted_one_says_so() -> None:
    page = Page(_class(sample.report()))
    heads = page.all("th")[:5]
    assert [head.attributes.get("aria-sort") for head in heads] == ["ascending"] + [None] * 4
    assert [each.text for each in page.all("button")] == [
        "Student",
        "Score",
        "Waiting",
        "Right",
    ]


def test_what_filters_is_labelled() -> None:
    page = Page(_class(sample.report()))
    labelled = {label.attributes["for"] for label in page.all("label")}
    for field in (*page.all("input"), *page.all("select")):
        assert field.attributes["id"] in labelled


def test_every_mark_has_words() -> None:
    for html in _all_pages():
        for mark in Page(html).all("svg", "mark"):
            assert mark.attributes.get("aria-hidden") == "true" or mark.text


def test_several_assignments_share_the_index_and_their_ids_do_not_meet() -> None:
    other = replace(sample.report(), outline=replace(sample.outline(), id="optimizers"))
    page = Page(_index(sample.report(), other))
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    links = [each.attributes["href"] for each in page.all("a")]
    assert links == ["#main", "background-math/index.html", "optimizers/index.html"]


def test_an_assignment_without_submissions_has_its_pages() -> None:
    report = replace(sample.report(), submissions=())
    for html in (_index(report), _class(report)):
        assert "0 submissions" in Page(html).all("p", "facts")[0].text


def test_class_and_students_lead_to_each_other() -> None:
    links = [each.attributes["href"] for each in Page(_class(sample.regraded())).all("a")]
    assert {"../index.html", "changes.html", "worked-solution.html"} <= set(links)
    up = Page(_page(sample.worked())).all("p", "up")
    assert len(up) == 1
    assert Page(_page(sample.worked())).all("a")[1].attributes["href"] == "index.html"


def test_the_class_page_lists_what_waits_for_a_person() -> None:
    (waiting,) = Page(_class(sample.report())).all("ul", "waiting")
    assert waiting.text.startswith("2 submissions Convexity of log-sum-exp q1-convexity 20 points")
    assert "Jensen's inequality" in waiting.text


def test_a_row_has_a_sign_for_each_part_and_the_legend_explains_it() -> None:
    page = Page(_class(sample.report()))
    (row,) = [each for each in page.all("tr") if each.text.startswith("worked-solution")]
    cell = page.all("td")[page.all("td").index(_cells(page, row)[-1])]
    assert "".join(cell.pieces) == "??+!\N{EN DASH}±±\N{MULTIPLICATION SIGN}!+"
    legend = page.all("p", "signs-legend")[0].text
    assert all(sign in legend for sign in "+±\N{MULTIPLICATION SIGN}!?\N{EN DASH}·#")


def _cells(page: Page, row: Element) -> list[Element]:
    start = next(n for n, each in enumerate(page.elements) if each is row)
    cells = []
    for each in page.elements[start + 1 :]:
        if each.tag == "tr":
            break
        if each.tag == "td":
            cells.append(each)
    return cells


def test_changes_say_whose_score_changed_by_how_much_and_in_which_part() -> None:
    page = Page(_changes(sample.regraded()))
    rows = [row for row in page.all("tr") if row.text.startswith(("Ada", "worked"))]
    assert [[cell.text for cell in _cells(page, row)] for row in rows] == [
        [
            "29.99",
            "49.99",
            "+20",
            " ".join(
                f"{title} waits for review 0 / 10 → right 10 / 10"
                for title in ("Convexity of log-sum-exp", "Jensen's inequality")
            ),
        ],
        ["6.44", "8.94", "+2.5", rows[1].text.partition("+2.5 ")[2]],
    ]
    assert "a person gave points" in rows[0].text
    assert "the assignment, its reference or the grader changed" in rows[1].text
    assert "A saddle that is no minimum wrong 0 / 5 → partly right 2.5 / 5" in rows[1].text


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
            for text in ("keyword", "string", "remark", "name", "ink", "accent", "bad")
        ]
        pairs += [("ink", "accent-wash"), ("accent", "fault-wash"), ("fault", "fault-wash")]
        for text, ground in pairs:
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_nothing_of_a_hidden_case_is_on_a_page_but_its_diagnosis() -> None:
    frames = (
        Frame("q4.py", 1, "q4_saddle", "inner(x)"),
        Frame("q4.py", 2, "printed 0.4711", "raise ValueError(x)"),
    )
    part = sample.part(
        "q4-saddle",
        Status.CRASHED,
        0,
        5,
        "It stopped with ValueError in line 1.",
        cases_total=50,
        cases_right=7,
        failure=Failure("ValueError", "", frames),
    )
    submission = replace(
        sample.worked(),
        problems=(ProblemResult("q4", "key", (part,)),),
        sources={"q4.py": "def q4_saddle(x): inner(x)\ndef inner(x): raise ValueError(x)\n"},
    )
    page = Page(_page(submission))
    (shown,) = [each for each in page.all("article") if "stopped with an error" in each.text]
    assert "Cases that are not shown: 7 of 50 right" in shown.text
    assert "Expected" not in shown.text
    assert "Observed" not in shown.text
    assert "Call that shows it again" not in shown.text
    assert "0.4711" not in page.text
    assert not page.all("div", "failure")
    assert [mark.text for mark in page.all("mark", "l")] == [
        "2def inner(x): raise ValueError(x)"
    ] * 2


@pytest.mark.parametrize("name", ["\u202egnp.exe", "a" * 300, "<b>.py", "../../x", "a b\n.py"])
def test_a_file_may_have_any_name(name: str) -> None:
    sources = {name: "x = 1\n", "q3.py": "def q3_gradient(x):\n    return x\n"}
    page = Page(_page(replace(sample.worked(), sources=sources)))
    names = [each.text for each in page.all("bdi", "file")]
    assert len(names) == 1 + len(sources)
    assert not any("\u202e" in each for each in names)
    assert not page.all("b", "")[0].text.startswith(".py")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0001, "1 ms"), (0.25, "250 ms"), (4.26, "4.3 s"), (61.2, "61 s")]
)
def test_times_are_shown_with_as_many_digits_as_anybody_needs(seconds: float, text: str) -> None:
    worked = sample.worked()
    problems = tuple(
        replace(p, parts=tuple(replace(part, wall_s=seconds) for part in p.parts))
        for p in worked.problems
    )
    assert f"at most {text}" in Page(_class(sample.report(replace(worked, problems=problems)))).text


def test_a_correlation_that_is_not_defined_is_a_dash() -> None:
    page = Page(_class(sample.report()))
    (row,) = [each for each in page.all("tr") if each.text.startswith("Questions about")]
    assert [cell.text for cell in _cells(page, row)][:4] == [
        "100 %",
        "\N{EN DASH}",
        "\N{EN DASH}",
        "\N{EN DASH}",
    ]
