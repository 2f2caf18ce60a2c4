from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.gradebook.store import Gradebook
from grader.grading.assignment import AssignmentGrading, Mode
from grader.grading.lateness import Arrivals, lateness
from grader.kinds.registry import part_models
from grader.records import Lateness, SubmissionResult
from grader.spec.dates import Dates, LateSpec
from grader.spec.loader import load, read_marks
from grader.submissions import times
from grader.submissions.folder import Collection, Submission, collect
from grader.submissions.times import Time
from tests import tiny
from tests.tiny import Tiny

from .test_assignment import FakeSandbox

DUE = "due: 2026-10-01T23:59\ntime_zone: Europe/Berlin\n"
LATE = "late: {percent_per_day: 10}\n"
USUAL = Mode()
HEADER = "submission,submitted_at,source\n"


@pytest.fixture
def course(tmp_path: Path) -> Tiny:
    return tiny.make(tmp_path)


@pytest.fixture
def gradebook() -> Iterator[Gradebook]:
    with Gradebook(None) as opened:
        yield opened


def _dated(course: Tiny, text: str) -> None:
    spec = tiny.ASSIGNMENT.format(points=6) + text
    (course.assignment / "assignment.yaml").write_text(spec, encoding="utf-8")


def _recorded(course: Tiny, **recorded: str) -> None:
    rows = [f"{name.replace('__', '/attempt-')},{at},canvas\n" for name, at in recorded.items()]
    (course.submissions / "manifest.csv").write_text(HEADER + "".join(rows), encoding="utf-8")


def _grade(
    course: Tiny, gradebook: Gradebook, *only: str, mode: Mode = USUAL
) -> dict[str, SubmissionResult]:
    """Grade what is stale of those; return what the report says of everybody."""
    _ran(course, gradebook, *only, mode=mode)
    report = gradebook.report("doubling")
    assert report is not None
    return {each.submission: each for each in report.submissions}


def _ran(course: Tiny, gradebook: Gradebook, *only: str, mode: Mode = USUAL) -> list[str]:
    assignment = load(course.assignment, course.root / "reference", part_models())
    sandbox = FakeSandbox()
    grading = AssignmentGrading(
        assignment,
        collect(course.submissions, assignment.spec.attempts),
        gradebook,
        lambda: sandbox,
        marks=read_marks(course.root / "marks" / "doubling.yaml", assignment),
        selected=only or None,
        mode=mode,
    )
    stale = grading.stale_submissions()
    for name in stale:
        grading.grade(name)
    return stale


def _notes(gradebook: Gradebook) -> tuple[str, ...]:
    report = gradebook.report("doubling")
    assert report is not None
    return report.notes


# ---- from the dates to a record ---------------------------------------------------------------


def test_a_record_says_all_that_the_score_depends_on() -> None:
    due = datetime(2026, 10, 1, 21, 59, tzinfo=UTC)
    late = LateSpec.model_validate(
        {"free_days": 1, "percent_per_day": 12.1, "percent_of": "maximum", "accepted_days": 7}
    )
    policy = Dates(due, UTC, late=late, extensions={"ada": due})
    time = Time(datetime(2026, 10, 3, 12, 0, 0, 700, tzinfo=UTC), "git", notes=("a note",))
    assert lateness(policy, "ada", time, Fraction(50)) == Lateness(
        due="2026-10-01T21:59:00+00:00",
        extended=True,
        submitted_at="2026-10-03T12:00:00+00:00",
        source="git",
        days=2,
        free_days=1,
        percent_per_day=Fraction("12.1"),
        of_points=Fraction(50),
        accepted_days=7,
        notes=("a note",),
    )


def test_nothing_is_late_of_which_nobody_knows_when_it_came() -> None:
    policy = Dates(datetime(2026, 10, 1, tzinfo=UTC), UTC)
    found = lateness(policy, "ada", Time(), Fraction(50))
    assert (found.submitted_at, found.days, found.deducted(Fraction(50))) == ("", 0, Fraction(0))


# ---- in a course ------------------------------------------------------------------------------


def test_without_a_due_date_nobody_looks_at_any_time(
    course: Tiny, gradebook: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course.submissions / "manifest.csv").write_text("no manifest\n", encoding="utf-8")
    monkeypatch.setattr(times, "submitted", None)
    found = _grade(course, gradebook)
    assert [each.lateness for each in found.values()] == [None, None]
    assert _notes(gradebook) == ()


def test_a_students_own_check_is_never_late(
    course: Tiny, gradebook: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    _dated(course, DUE + LATE)
    monkeypatch.setattr(times, "submitted", None)
    found = _grade(course, gradebook, mode=Mode(visible_only=True))
    assert found["ada"].lateness is None


def test_a_late_submission_loses_what_the_course_says(course: Tiny, gradebook: Gradebook) -> None:
    _dated(course, DUE + LATE)
    _recorded(course, ada="2026-10-03T12:00:00+02:00", ben="2026-10-01T12:00:00+02:00")
    found = _grade(course, gradebook)
    assert (found["ada"].earned, found["ada"].score) == (Fraction(2), Fraction("1.6"))
    assert (found["ben"].earned, found["ben"].score) == (Fraction(2), Fraction(2))


@pytest.mark.parametrize(
    "changed",
    [
        DUE.replace("10-01", "10-02") + LATE,
        DUE + LATE + "extensions: {ada: 2026-10-02T23:59}\n",
        DUE + LATE.replace("10", "5"),
        DUE + "grace_minutes: 1440\n" + LATE,
    ],
    ids=["due", "extension", "percentage", "grace"],
)
def test_other_dates_change_the_score_and_run_nothing_again(
    course: Tiny, gradebook: Gradebook, changed: str
) -> None:
    _dated(course, DUE + LATE)
    _recorded(course, ada="2026-10-03T12:00:00+02:00", ben="2026-10-01T12:00:00+02:00")
    assert _grade(course, gradebook)["ada"].score == Fraction("1.6")
    _dated(course, changed)
    assert _ran(course, gradebook) == []
    assert _grade(course, gradebook)["ada"].score == Fraction("1.8")


def test_a_time_that_is_put_right_changes_the_score_and_runs_nothing_again(
    course: Tiny, gradebook: Gradebook
) -> None:
    _dated(course, DUE + LATE)
    _recorded(course, ada="2026-10-03T12:00:00+02:00", ben="2026-10-01T12:00:00+02:00")
    _grade(course, gradebook)
    _recorded(course, ada="2026-10-01T12:00:00+02:00", ben="2026-10-01T12:00:00+02:00")
    assert _ran(course, gradebook) == []
    assert _grade(course, gradebook)["ada"].score == Fraction(2)


def test_what_a_person_gives_late_work_is_reduced_as_well(
    course: Tiny, gradebook: Gradebook
) -> None:
    _dated(course, DUE + LATE)
    _recorded(course, ada="2026-10-03T12:00:00+02:00", ben="2026-10-01T12:00:00+02:00")
    before = _grade(course, gradebook)["ada"]
    assert (before.score, before.pending) == (Fraction("1.6"), Fraction(3))
    marks = course.root / "marks" / "doubling.yaml"
    marks.parent.mkdir()
    marks.write_text("ada: {essay-text: {rubric: {clear: 2, short: 1}}}\n", encoding="utf-8")
    after = _grade(course, gradebook)["ada"]
    assert (after.earned, after.score, after.pending) == (Fraction(5), Fraction(4), Fraction(0))


def test_new_files_that_are_not_graded_yet_do_not_make_the_old_result_late(
    course: Tiny, gradebook: Gradebook
) -> None:
    _dated(course, DUE + LATE)
    _recorded(course, ada="2026-10-01T12:00:00+02:00", ben="2026-10-01T12:00:00+02:00")
    _grade(course, gradebook)
    course.hand_in("ada", tiny.SQUARED)
    _recorded(course, ada="2026-10-03T12:00:00+02:00", ben="2026-10-01T12:00:00+02:00")
    assert _grade(course, gradebook, "ben")["ada"].score == Fraction(2)
    assert _grade(course, gradebook)["ada"].score == Fraction("1.6")


def test_files_without_a_manifest_have_their_own_times(course: Tiny, gradebook: Gradebook) -> None:
    _dated(course, DUE + LATE)
    at = datetime(2026, 10, 2, 12, tzinfo=UTC).timestamp()
    for path in course.submissions.glob("*/*"):
        os.utime(path, (at, at))
    late = _grade(course, gradebook)["ada"].lateness
    assert late is not None
    assert (late.source, late.submitted_at, late.days) == ("files", "2026-10-02T14:00:00+02:00", 1)


def test_a_broken_manifest_stops_the_grading(course: Tiny, gradebook: Gradebook) -> None:
    _dated(course, DUE + LATE)
    _recorded(course, ada="yesterday")
    with pytest.raises(UsageError, match=r"manifest\.csv:2: found 'yesterday'"):
        _ran(course, gradebook)


def test_the_staff_is_told_what_does_not_fit_together(course: Tiny, gradebook: Gradebook) -> None:
    _dated(course, DUE + LATE + "extensions: {adaa: 2026-10-05T23:59}\n")
    _recorded(course, ada="2026-10-01T12:00:00+02:00", cleo="2026-10-01T12:00:00+02:00")
    for path in (course.submissions / "ben").iterdir():
        os.utime(path, (0, 0))
    _grade(course, gradebook)
    assert _notes(gradebook) == (
        "There are extensions for adaa, but no submissions of these names.",
        "manifest.csv has times for cleo, but no submissions of these names.",
        (
            "When ben handed in is not known, so nothing is taken off for lateness; write the "
            "times into manifest.csv."
        ),
    )


def test_who_is_graded_alone_is_not_told_of_others(course: Tiny) -> None:
    _dated(course, DUE + "extensions: {ben: 2026-10-05T23:59}\n")
    assignment = load(course.assignment, course.root / "reference", part_models())
    told = Submission("ada", {}, submitted_at=datetime(2026, 10, 2, tzinfo=UTC))
    arrivals = Arrivals(assignment, Collection((told,)))
    assert arrivals.notes == ()
    late = arrivals.of["ada"].lateness
    assert late is not None
    assert (late.source, late.days) == ("told", 1)


def test_a_time_to_come_is_judged_by_the_clock_of_now(
    course: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    _dated(course, DUE)
    seen = []

    def submitted(submission: Submission, manifest: object, now: datetime) -> Time:
        del submission, manifest
        seen.append(now)
        return Time()

    monkeypatch.setattr(times, "submitted", submitted)
    assignment = load(course.assignment, course.root / "reference", part_models())
    Arrivals(assignment, collect(course.submissions))
    assert all(abs((datetime.now(UTC) - now).total_seconds()) < 60 for now in seen)
    assert len(seen) == 2


# ---- attempts ---------------------------------------------------------------------------------


def _three(course: Tiny) -> None:
    for number, solution in ((1, tiny.SQUARED), (2, tiny.RIGHT), (3, tiny.SQUARED + "\n")):
        course.hand_in(f"cy/attempt-{number}", solution, answers_yaml="essay-text: Because.\n")


def test_of_attempts_the_last_is_graded_and_no_other(course: Tiny, gradebook: Gradebook) -> None:
    _three(course)
    assert _ran(course, gradebook) == ["ada", "ben", "cy"]
    found = _grade(course, gradebook)["cy"]
    assert (found.arrival.attempt, found.arrival.last, found.attempts) == (3, 3, ())
    assert found.sources["solution.py"] == tiny.SQUARED + "\n"


def test_each_attempt_is_graded_where_the_best_counts(course: Tiny, gradebook: Gradebook) -> None:
    _three(course)
    _dated(course, DUE + LATE + "attempts: best\n")
    on_time = "2026-10-01T12:00:00+02:00"
    _recorded(course, ada=on_time, ben=on_time, cy__1=on_time, cy="2026-10-04T12:00:00+02:00")
    assert _ran(course, gradebook) == [
        "ada",
        "ben",
        "cy/attempt-1",
        "cy/attempt-2",
        "cy/attempt-3",
    ]
    found = _grade(course, gradebook)["cy"]
    assert (found.arrival.attempt, found.score) == (1, Fraction(2))
    assert [each.score for each in found.attempts] == [2, Fraction("1.4"), Fraction("1.4")]
    assert _ran(course, gradebook) == []


def test_marks_of_a_student_hold_for_each_attempt_and_those_of_an_attempt_before_them(
    course: Tiny, gradebook: Gradebook
) -> None:
    _three(course)
    _dated(course, "attempts: best\n")
    marks = course.root / "marks" / "doubling.yaml"
    marks.parent.mkdir()
    marks.write_text(
        "cy: {essay-text: {rubric: {clear: 1}}}\n"
        "cy/attempt-2: {essay-text: {rubric: {clear: 2}}}\n"
        "nobody: {essay-text: {rubric: {clear: 2}}}\n",
        encoding="utf-8",
    )
    found = _grade(course, gradebook)["cy"]
    assert [each.earned for each in found.attempts] == [3, 4, 3]
    assert found.arrival.attempt == 2
    assert _notes(gradebook) == ("There are marks for nobody, but no submission of that name.",)


def test_another_attempt_runs_no_earlier_one_again(course: Tiny, gradebook: Gradebook) -> None:
    _dated(course, "attempts: best\n")
    _three(course)
    _ran(course, gradebook)
    course.hand_in("cy/attempt-4", tiny.RIGHT)
    assert _ran(course, gradebook) == ["cy/attempt-4"]
    assert [each.number for each in _grade(course, gradebook)["cy"].attempts] == [1, 2, 3, 4]
