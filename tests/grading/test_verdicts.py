"""What is asked of the sandbox, and in which order."""

from __future__ import annotations

from fractions import Fraction

from grader.grading.plans import Planned
from grader.grading.verdicts import request
from grader.kinds.base import PartPlan
from grader.records import Call, Limits, RunRequest
from grader.spec.functions import FunctionPart
from grader.submissions.folder import Submission

SUBMISSION = Submission("ada", {"solution.py": b""})


def planned(name: str, calls: int, visible: int | None, **plan: bool) -> Planned:
    part = FunctionPart(id=name, kind="value", title="A part", points=Fraction(1), function="f")
    made = tuple(Call("f", seed=number) for number in range(calls))
    return Planned(part, PartPlan(made, made, visible, **plan))


def asked(*items: Planned) -> list[tuple[str, list[int]]]:
    found = request(items, SUBMISSION, Limits())
    assert isinstance(found, RunRequest)
    return [(part.part, [call.seed for call in part.calls]) for part in found.parts]


def test_hidden_cases_come_after_everything_that_is_shown() -> None:
    assert asked(planned("p", 4, 2), planned("q", 3, 1), planned("r", 2, None)) == [
        ("p", [0, 1]),
        ("q", [0]),
        ("r", [0, 1]),
        ("p", [2, 3]),
        ("q", [1, 2]),
    ]


def test_a_part_without_a_visible_case_comes_last() -> None:
    assert asked(planned("p", 2, 0), planned("q", 1, 1)) == [("q", [0]), ("p", [0, 1])]


def test_a_piece_knows_how_many_calls_the_other_has() -> None:
    found = request([planned("p", 4, 1)], SUBMISSION, Limits())
    assert found is not None
    assert [(part.before, part.after) for part in found.parts] == [(0, 3), (1, 0)]


def test_a_part_in_a_process_of_its_own_stays_whole() -> None:
    assert asked(planned("p", 3, 1, fresh=True), planned("q", 1, 1)) == [
        ("p", [0, 1, 2]),
        ("q", [0]),
    ]


def test_nothing_is_asked_where_there_are_no_calls() -> None:
    assert request([planned("p", 0, None)], SUBMISSION, Limits()) is None
