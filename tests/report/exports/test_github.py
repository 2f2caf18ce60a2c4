from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.records import (
    AssignmentReport,
    PartOutline,
    PartResult,
    ProblemOutline,
    ProblemResult,
    Status,
    SubmissionResult,
)
from grader.report.exports.github import commands, summary
from grader.report.exports.request import MIB, Export

from . import consumers, sample


def summarised(*submissions: SubmissionResult, unconfined: bool = False) -> str:
    exported = summary(sample.report(*submissions, unconfined=unconfined), Export())
    return exported.documents[0].content.decode()


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def annotated(
    *submissions: SubmissionResult, folder: str = ""
) -> list[tuple[str, Mapping[str, str], str]]:
    return _commands(sample.report(*submissions), folder)


def _commands(
    report: AssignmentReport, folder: str = ""
) -> list[tuple[str, Mapping[str, str], str]]:
    (document,) = commands(report, Export(folder=folder)).documents
    found = [consumers.command(line) for line in document.content.decode().split("\n")[:-1]]
    assert None not in found
    return [each for each in found if each]


def test_the_summary_of_the_class(matches_gold: Callable[[str, str], None]) -> None:
    matches_gold("exports/summary-class.md", summarised())


def test_the_summary_of_one_submission(matches_gold: Callable[[str, str], None]) -> None:
    matches_gold("exports/summary-one.md", summarised(sample.waiting()))


def test_the_annotations_of_one_submission(matches_gold: Callable[[str, str], None]) -> None:
    (document,) = commands(sample.report(sample.waiting()), Export()).documents
    matches_gold("exports/annotations.txt", document.content.decode())


def test_every_row_of_the_table_has_its_four_cells_whatever_students_are_called() -> None:
    cells = re.findall(r"<td.*?>(.*?)</td>", rendered(summarised()))
    assert len(cells) == 5 * 4
    assert cells[0] == ("=HYPERLINK(&quot;http://x.example&quot;), &lt;script&gt;[U+202E]|`x`")


def test_scores_that_are_not_known_are_blank() -> None:
    cells = re.findall(r"<td.*?>(.*?)</td>", rendered(summarised()))
    assert [cells[place : place + 4] for place in range(0, 20, 4)][1:] == [
        ["ada", "11", "", "graded"],
        ["grace", "6.99", "", "graded"],
        ["yves", "", "", "not graded yet"],
        ["zeno", "", "", "fault of the grader"],
    ]


def test_html_of_students_is_text_in_the_summary() -> None:
    page = rendered(summarised(sample.waiting()))
    assert "<script>" not in page
    assert "<b>|oops" not in page
    assert "&lt;b&gt;|oops|␀" in page


def test_no_line_of_the_summary_is_a_command_to_the_runner_if_it_is_printed() -> None:
    part = PartResult(
        "slope",
        Status.WRONG,
        Fraction(0),
        Fraction(3),
        "x\n::error::y\n##[group]z",
        hint="::group::",
    )
    text = summarised(sample.submission("::notice::", part, sample.nearly(), sample.pending()))
    assert [line for line in text.splitlines() if consumers.command(line)] == []


def test_grading_without_a_sandbox_stands_at_the_top() -> None:
    for submissions in ((), (sample.plain(),)):
        text = summarised(*submissions, unconfined=True)
        assert text.split("\n\n")[1].startswith("Graded without a sandbox:")


def test_a_summary_stays_within_what_github_takes_and_says_where_it_ends() -> None:
    crowd = [sample.renamed(f"{number:06}-{'é' * 90}") for number in range(6000)]
    exported = summary(sample.report(*crowd), Export())
    content = exported.documents[0].content
    assert MIB - 1000 < len(content) <= MIB
    assert content.decode().endswith(
        " |\n\n\nThe summary ends here, since GitHub shows at most 1 MiB for a step.\n"
    )
    assert exported.notes == ("the summary was cut: GitHub shows at most 1 MiB for a step",)


@pytest.mark.parametrize("room", [0, 10, 100, 250])
def test_however_little_room_is_left_the_summary_keeps_to_it(room: int) -> None:
    content = summary(sample.report(), Export(room=room)).documents[0].content
    assert len(content) <= room


def test_an_error_marks_the_line_where_the_code_stopped() -> None:
    name, about, text = annotated(sample.waiting())[1]
    assert name == "error"
    assert about == {
        "file": "a, b: 100%.py",
        "line": "12",
        "title": "slope: stopped with an error",
    }
    assert text == "ValueError in line 12 of a, b: 100%.py: ``` ::error::<b>|oops|␀"


def test_a_partly_right_part_is_a_warning_and_the_grade_a_notice() -> None:
    grade, _, partial = annotated(sample.waiting())
    assert grade == ("notice", {"title": "Grade"}, "4.88 of 10; 2 points wait for a person.")
    assert partial == (
        "warning",
        {"file": "slope.py", "title": "curve: partly right"},
        "steep: The sign is turned.",
    )


def test_the_path_is_that_in_the_repository() -> None:
    assert annotated(sample.waiting(), folder="hw/1/")[1][1]["file"] == "hw/1/a, b: 100%.py"


def test_a_file_that_was_not_handed_in_is_not_marked() -> None:
    gone = sample.submission("ada", sample.crashed(), sample.nearly(), sample.pending())
    assert [about.get("file") for _, about, _ in annotated(gone)] == [None, None, None]


def test_a_fault_of_the_grader_is_a_notice_and_no_score() -> None:
    grade, fault = annotated(sample.faulty())
    assert grade[2] == "The score is not known yet, out of 10."
    assert fault == (
        "notice",
        {"title": "curve: fault of the grader, not of the submission"},
        "The grader itself failed on this part, which costs no points; it will be graded again.",
    )


def test_of_more_than_ten_errors_the_dearest_nine_are_shown_and_the_rest_named() -> None:
    found = _commands(_many(14))
    errors = [text for name, _, text in found if name == "error"]
    assert len(errors) == 10
    assert errors[0] == "Wrong 13."
    assert errors[-1] == "5 more parts lost points: p4, p3, p2, p1, p0."


def _many(count: int) -> AssignmentReport:
    parts = tuple(PartOutline(f"p{n}", "", "value", Fraction(n + 1)) for n in range(count))
    results = tuple(
        PartResult(part.id, Status.WRONG, Fraction(0), part.max_points, f"Wrong {n}.")
        for n, part in enumerate(parts)
    )
    report = sample.report(sample.plain())
    outline = replace(report.outline, problems=(ProblemOutline("many", "", "", parts),))
    problem = ProblemResult("many", "key", results)
    submission = replace(report.submissions[0], problems=(problem,))
    return replace(report, outline=outline, submissions=(submission,))


@given(text=st.text(), file=st.text(min_size=1).filter(lambda name: "/" not in name))
def test_whatever_comes_each_line_is_one_command(text: str, file: str) -> None:
    part = PartResult("slope", Status.WRONG, Fraction(0), Fraction(3), text)
    parts = (part, sample.right("curve", 5), sample.right("proof", 2))
    found = annotated(sample.submission("ada", *parts, sources={"slope.py": "", file: ""}))
    assert [name for name, *_ in found] == ["notice", "error"]
    assert found[1][1] == {"file": "slope.py", "title": "slope: wrong"}


@given(st.text())
def test_whatever_comes_the_table_keeps_its_cells(text: str) -> None:
    part = PartResult("slope", Status.CORRECT, Fraction(3), Fraction(3), text)
    parts = (part, sample.right("curve", 5), sample.right("proof", 2))
    page = rendered(summarised(sample.submission("ada", *parts)))
    assert page.count("<td") == 16
    assert "<a" not in page
