from __future__ import annotations

from fractions import Fraction

import pytest

from grader.records import CaseReport, Check, Failure, Frame, PartResult, Status
from grader.report.plain import part_text

WRONG = CaseReport(
    1,
    right=False,
    call="double(np.array([1.0, 2.0]))",
    observed="[2, 5]",
    expected="[2, 4]",
    message="1 of 2 entries differ.",
    worst_index="[1]",
    observed_there="5",
    expected_there="4",
)
RIGHT = CaseReport(2, right=True, call="double(np.array([0.0]))", observed="[0]", expected="[0]")


def _part(status: Status, **more: object) -> PartResult:
    points = Fraction(2) if status is Status.CORRECT else Fraction(0)
    result = PartResult("q1-double", status, points, Fraction(2), "One sentence.")
    return PartResult(**{**_fields(result), **more})  # type: ignore[arg-type]


def _fields(result: PartResult) -> dict[str, object]:
    return {name: getattr(result, name) for name in PartResult.__dataclass_fields__}


def test_a_right_part_is_two_lines() -> None:
    text = part_text(_part(Status.CORRECT, visible=(RIGHT,), cases_total=9, cases_right=9))
    assert text == "q1-double: right, 2 of 2\n  One sentence."


def test_a_wrong_case_comes_with_its_call_and_both_values() -> None:
    assert part_text(_part(Status.WRONG, visible=(WRONG, RIGHT))) == (
        "q1-double: wrong, 0 of 2\n"
        "  One sentence.\n"
        "\n"
        "  >>> double(np.array([1.0, 2.0]))\n"
        "  returned  [2, 5]\n"
        "  expected  [2, 4]\n"
        "  farthest off: [1]: 5 where 4 was expected"
    )


def test_hidden_cases_are_only_counted() -> None:
    part = _part(Status.WRONG, visible=(WRONG, RIGHT), cases_total=10, cases_right=4)
    assert part_text(part).endswith("\n\n  Hidden cases: 3 of 8 right.")


def test_matrices_stay_aligned() -> None:
    case = CaseReport(1, right=False, call="f()", observed="[[1, 2],\n [3, 4]]", expected="[[1]]")
    assert "  returned  [[1, 2],\n             [3, 4]]\n" in part_text(
        _part(Status.WRONG, visible=(case,))
    )


def test_a_failure_names_the_line_of_the_student() -> None:
    failure = Failure("ValueError", "bad", (Frame("solution.py", 3, "double", "  raise bad"),))
    assert part_text(_part(Status.CRASHED, failure=failure)) == (
        "q1-double: stopped with an error, 0 of 2\n"
        "  One sentence.\n"
        "  solution.py, line 3, in double\n"
        "      raise bad"
    )


def test_shares_are_listed_with_their_points() -> None:
    checks = (
        Check("Sin", Status.CORRECT, Fraction(5, 9), Fraction(5, 9)),
        Check("Cos", Status.WRONG, Fraction(0), Fraction(5, 9)),
    )
    assert part_text(_part(Status.PARTIAL, checks=checks)).endswith(
        "  - Sin: right (0.55 of 0.55)\n  - Cos: wrong (0 of 0.55)"
    )


def test_a_hint_is_folded_into_one_paragraph() -> None:
    assert part_text(_part(Status.WRONG, hint="Look at\nthe sign.\n")).endswith(
        "\n  Hint: Look at the sign."
    )


@pytest.mark.parametrize("status", [Status.MISSING])
def test_what_is_not_there_has_no_cases_to_look_at(status: Status) -> None:
    assert part_text(_part(status, visible=(WRONG,))) == (
        "q1-double: not handed in, 0 of 2\n  One sentence."
    )


def test_a_case_does_not_repeat_what_was_said_of_the_part() -> None:
    case = CaseReport(1, False, "f()", "", "[1]", "One sentence.")
    assert part_text(_part(Status.CRASHED, visible=(case,))) == (
        "q1-double: stopped with an error, 0 of 2\n  One sentence.\n\n  >>> f()\n  expected  [1]"
    )


def test_a_name_is_not_torn_apart_at_its_hyphen() -> None:
    summary = f"{'x' * 70} debrief-hours, debrief-difficulty"
    assert part_text(_part(Status.CORRECT, summary=summary)) == (
        f"q1-double: right, 2 of 2\n  {summary.removesuffix(' debrief-difficulty')}\n"
        "  debrief-difficulty"
    )
