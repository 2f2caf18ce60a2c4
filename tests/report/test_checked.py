from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from grader.records import CaseReport, Failure, Frame, PartResult, Status
from grader.report import checked
from grader.report.checked import Line, Tone

CASE = CaseReport(1, right=False, call="double(1.0)", observed="3", expected="2", message="No.")
BROKEN = Failure("NameError", "no", (Frame("solution.py", 1, "<module>", "nothing"),))


def result(name: str, status: Status, summary: str = "A sentence.", **more: object) -> PartResult:
    points = Fraction(2) if status is Status.CORRECT else Fraction(0)
    made = PartResult(name, status, points, Fraction(2), summary)
    return replace(made, **more)  # type: ignore[arg-type]


def table(*results: PartResult) -> dict[str, PartResult]:
    return {each.id: each for each in results}


def texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def told(*results: PartResult, width: int = 96) -> list[str]:
    return texts(list(checked.parts(table(*results), width)))


@pytest.mark.parametrize(
    ("status", "summary", "line", "tone"),
    [
        (Status.CORRECT, "Right.", "q1: right", Tone.RIGHT),
        (Status.PENDING, "Waits.", "q1: waits for review", Tone.QUIET),
        (Status.SKIPPED, "Judged later.", "q1: Judged later.", Tone.QUIET),
        (
            Status.MISSING,
            "Not there yet: f still raises NotImplementedError.",
            "q1: not there yet - f still raises NotImplementedError.",
            Tone.HALF,
        ),
        (
            Status.MISSING,
            "Add: Not there yet: Add.forward still raises NotImplementedError.",
            "q1: not there yet - Add: Add.forward still raises NotImplementedError.",
            Tone.HALF,
        ),
    ],
)
def test_a_part_with_nothing_to_look_at_is_a_line(
    status: Status, summary: str, line: str, tone: Tone
) -> None:
    assert list(checked.part(result("q1", status, summary))) == [Line(line, tone)]


def test_what_is_missing_fits_on_a_line() -> None:
    (line,) = checked.part(result("q1", Status.MISSING, "word " * 50), 60)
    assert len(line.text) <= 60
    assert line.text.endswith("...")


def test_how_an_answer_was_read_is_told_to_the_end() -> None:
    lines = texts(list(checked.part(result("q1", Status.SKIPPED, "word " * 30), 60)))
    assert " ".join(" ".join(lines).split()) == "q1: " + " ".join(["word"] * 30)
    assert all(len(line) <= 60 for line in lines)


def test_a_wrong_part_begins_with_its_verdict_in_its_tone() -> None:
    first, *rest = checked.part(result("q1", Status.WRONG, "It is too large.", visible=(CASE,)))
    assert first == Line("q1: wrong, 0 of 2", Tone.WRONG)
    assert texts(rest) == [
        "  It is too large.",
        "",
        "  >>> double(1.0)",
        "  returned  3",
        "  expected  2",
    ]


def test_sentences_keep_to_the_width_and_lines_to_copy_do_not() -> None:
    case = replace(CASE, call="f(" + "1.0, " * 30 + ")")
    lines = texts(list(checked.part(result("q1", Status.WRONG, "word " * 30, visible=(case,)), 50)))
    assert [line for line in lines if len(line) > 50] == [f"  >>> {case.call}"]


def test_a_terminal_can_be_too_narrow_to_be_heeded() -> None:
    lines = texts(list(checked.part(result("q1", Status.WRONG, "word " * 30), 3)))
    assert max(map(len, lines)) > 30


def test_parts_with_details_stand_apart() -> None:
    right, wrong = result("q1", Status.CORRECT), result("q2", Status.WRONG)
    assert told(right, wrong, right, wrong, wrong)[:1] == ["q1: right"]
    assert told(right, replace(wrong, id="q2"), replace(right, id="q3")) == [
        "q1: right",
        "",
        "q2: wrong, 0 of 2",
        "  A sentence.",
        "",
        "q3: right",
    ]


def test_a_file_that_cannot_be_imported_is_told_once() -> None:
    lines = told(
        result("q1", Status.CRASHED, "solution.py cannot be imported.", failure=BROKEN),
        result("q2", Status.CRASHED, "solution.py cannot be imported.", failure=BROKEN),
    )
    assert lines[-1] == "q2: stopped with an error, the same as q1"
    assert lines.count("  solution.py, line 1, in <module>") == 1


def test_two_functions_that_fail_alike_are_told_both() -> None:
    failure = Failure("ValueError", "no", (Frame("solution.py", 3, "f", "g()"),))
    crash = result("q1", Status.CRASHED, "f stopped.", failure=failure)
    assert told(crash, replace(crash, id="q2")).count("  f stopped.") == 2


def test_what_pytest_shows_is_the_same_text() -> None:
    wrong = result("q1", Status.WRONG, visible=(CASE,))
    assert checked.part_as_text(wrong).splitlines() == texts(list(checked.part(wrong)))


# ---- what was printed ----------------------------------------------------------------------------


def test_what_was_printed_is_cut() -> None:
    lines = texts(list(checked.printed("\n".join(f"line {n}" for n in range(40)), 50)))
    assert lines[0] == "Your code printed:"
    assert lines[1:16] == [f"  line {n}" for n in range(15)]
    assert lines[16:] == ["  ...", ""]


def test_a_long_line_that_was_printed_is_cut() -> None:
    assert texts(list(checked.printed("x" * 200, 50)))[1] == "  " + "x" * 45 + "..."


def test_nothing_printed_is_no_line() -> None:
    assert list(checked.printed("", 50)) == []


# ---- the summary ---------------------------------------------------------------------------------


def summary(
    *results: PartResult,
    optional: Sequence[str] = (),
    dependents: Mapping[str, Sequence[str]] | None = None,
    width: int = 96,
) -> list[str]:
    files = {each.id: "solution.py" for each in results if each.id != "essay"}
    return texts(
        list(
            checked.summary(
                table(*results),
                optional=optional,
                dependents=dependents or {},
                files=files,
                width=width,
            )
        )
    )


RIGHT, WRONG = result("q1", Status.CORRECT), result("q2", Status.WRONG)
MISSING, ESSAY = result("q3", Status.MISSING), result("essay", Status.PENDING)


def test_all_right_is_one_sentence() -> None:
    assert summary(RIGHT) == ["1 of 1 part is right on the visible cases (2 points)."]


def test_what_is_judged_later_is_nothing_to_look_at() -> None:
    assert summary(RIGHT, ESSAY, result("q5", Status.SKIPPED)) == [
        "1 of 3 parts is right on the visible cases (2 points).",
        "The others: 1 for a person to judge, 1 judged when graded.",
    ]


def test_what_is_wrong_comes_before_what_is_missing() -> None:
    assert summary(RIGHT, MISSING, WRONG)[2:] == ["Look first at: q2", "Then at: q3"]


def test_what_others_build_on_comes_first() -> None:
    first = result("q0", Status.WRONG)
    more = result("q4", Status.WRONG)
    found = summary(first, WRONG, more, RIGHT, dependents={"q2": ["q4", "q1"]})
    assert found[2:] == ["Look first at: q2 (q4 builds on it)", "Then at: q0, q4"]


def test_a_file_that_cannot_be_imported_comes_before_everything() -> None:
    crash = result("q4", Status.CRASHED, failure=BROKEN)
    found = summary(WRONG, crash, dependents={"q2": ["q4"]})
    assert found[2] == "Look first at: solution.py, which cannot be imported"


def test_an_empty_starter_is_looked_at_in_order() -> None:
    later = result("q4", Status.MISSING)
    found = summary(MISSING, later, dependents={"q4": ["q3"]})
    assert found[2:] == ["Look first at: q3", "Then at: q4"]


def test_how_to_try_a_line_is_told_where_there_is_one() -> None:
    assert summary(result("q2", Status.WRONG, visible=(CASE,)))[-1] == (
        "To try a line behind >>> yourself: python -i solution.py"
    )
    assert "To try" not in summary(WRONG)[-1]
    assert "To try" not in summary(result("q3", Status.MISSING, visible=(CASE,)))[-1]


def test_a_bonus_that_was_left_out_is_nothing_to_look_at() -> None:
    assert summary(RIGHT, MISSING, optional=["q3"]) == [
        "1 of 2 parts is right on the visible cases (2 points).",
        "The others: 1 not there yet.",
    ]
    assert checked.not_right(table(RIGHT, WRONG), ["q2"]) == ["q2"]


def test_a_long_list_keeps_to_the_width() -> None:
    many = [result(f"question-{n}", Status.WRONG) for n in range(12)]
    assert all(len(line) <= 60 for line in summary(*many, width=60))
