from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from grader.records import Change, PartScore, Status
from grader.report.changes import regradings
from grader.report.overview import overview
from grader.report.pages import MOST_CHANGED, changes_html

from . import crowd, sample


def _change(run: str, before: PartScore | None, after: PartScore | None, **more: object) -> Change:
    change = Change("worked-solution", "q4", "q4-saddle", run, run, before, after, False)
    return replace(change, **more)  # type: ignore[arg-type]


def _score(points: int, status: Status = Status.PARTIAL) -> PartScore:
    return PartScore(status, Fraction(points), Fraction(5))


FIRST, SECOND = "2026-03-02T10:15:00.000Z", "2026-03-02T10:17:00.000Z"


def _regradings(*changes: Change) -> list[list[tuple[str, str, str]]]:
    found = regradings(replace(sample.report(), changes=changes))
    return [
        [(each.submission, str(each.before), str(each.after)) for each in regrading.scores]
        for regrading in found
    ]


def test_a_class_that_was_graded_once_has_no_changes() -> None:
    assert regradings(sample.report()) == ()


def test_a_score_is_worked_back_from_what_it_is_now() -> None:
    now = sample.worked().score
    assert _regradings(
        _change(FIRST, _score(0), _score(1)), _change(SECOND, _score(1), _score(3))
    ) == [
        [("worked-solution", str(now - 2), str(now))],
        [("worked-solution", str(now - 3), str(now - 2))],
    ]


def test_the_workers_of_one_grading_are_one() -> None:
    (changes,) = regradings(sample.regraded())[1:]
    assert changes.began == "2026-03-02 10:15 UTC"
    assert [each.submission for each in changes.scores] == ["worked-solution"]


def test_what_came_back_to_what_it_was_has_not_changed() -> None:
    at = "2026-03-02T10:15:09.000Z"
    gone = _change(FIRST, _score(3), _score(0)), _change(FIRST, _score(0), _score(3), at=at)
    assert _regradings(*gone) == []


def test_another_verdict_for_the_same_points_is_no_change_of_the_score() -> None:
    report = replace(
        sample.report(),
        changes=(_change(FIRST, _score(0, Status.WRONG), _score(0, Status.CRASHED)),),
    )
    (regrading,) = regradings(report)
    assert regrading.scores == ()
    assert [each.submission for each in regrading.others] == ["worked-solution"]


def test_the_largest_change_comes_first_whatever_its_sign() -> None:
    changes = (
        _change(FIRST, _score(0), _score(1)),
        _change(FIRST, _score(5), _score(0), submission="Ada Lovelace"),
    )
    (regrading,) = regradings(replace(sample.report(), changes=changes))
    assert [(each.submission, each.difference) for each in regrading.scores] == [
        ("Ada Lovelace", Fraction(-5)),
        ("worked-solution", Fraction(1)),
    ]
    assert (regrading.raised, regrading.lowered) == (1, 1)


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [(None, _score(2), 2), (_score(2), None, -2)],
    ids=["new", "gone"],
)
def test_a_part_that_is_new_or_gone_changes_the_score(
    before: PartScore | None, after: PartScore | None, difference: int
) -> None:
    change = _change(FIRST, before, after, part="old-part")
    (regrading,) = regradings(replace(sample.report(), changes=(change,)))
    (student,) = regrading.scores
    assert (student.difference, student.parts[0].outline.title) == (
        Fraction(difference),
        "old-part",
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"files_changed": True}, "files"),
        ({"before": _score(0, Status.PENDING)}, "person"),
        ({"before": _score(0, Status.GRADER_FAULT)}, "fault"),
        ({}, "course"),
    ],
)
def test_why_a_score_changed_is_told_as_far_as_it_is_known(
    changes: dict[str, object], reason: str
) -> None:
    change = replace(_change(FIRST, _score(0), _score(1)), **changes)  # type: ignore[arg-type]
    (regrading,) = regradings(replace(sample.report(), changes=(change,)))
    assert [each.reason for each in regrading.scores] == [reason]


def test_a_time_that_is_none_stops_nothing() -> None:
    assert len(_regradings(_change("yesterday", _score(0), _score(1)))) == 1


def test_the_page_says_how_many_changes_it_has_no_room_for() -> None:
    report = crowd.crowd(MOST_CHANGED + 5)
    view = overview(replace(report, changes=crowd.regraded(report)))
    html = changes_html(view).decode("utf-8")
    assert html.count('<tr><th scope="row">') == MOST_CHANGED
    assert "5 more scores changed by no more than these" in html
