from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.spec import dates
from grader.spec.dates import Dates, moment

from .conftest import Breakable

BERLIN = ZoneInfo("Europe/Berlin")
DUE = "due: 2026-10-01T23:59\n"
IN_BERLIN = "time_zone: Europe/Berlin\n"


def _dates(course: Breakable, text: str) -> Dates:
    course.change("assignment.yaml", "seed: 7\n", text)
    found = dates.dates(course.load().spec)
    assert found is not None
    return found


def _days(due: str, submitted: str, *, grace_minutes: int = 0, zone: ZoneInfo = BERLIN) -> int:
    policy = Dates(moment(due, zone), zone, timedelta(minutes=grace_minutes))
    return policy.days_late("ada", datetime.fromisoformat(submitted))


def test_the_examples_in_the_docstrings_hold() -> None:
    tried = doctest.testmod(dates)
    assert tried.attempted
    assert not tried.failed


# ---- what is written --------------------------------------------------------------------------


def test_an_assignment_need_not_be_due(course: Breakable) -> None:
    assert dates.dates(course.load().spec) is None


@pytest.mark.parametrize(
    "text",
    [
        f"{DUE}{IN_BERLIN}",
        f"due: 2026-10-01 23:59:00\n{IN_BERLIN}",
        "due: 2026-10-01T23:59+02:00\n",
        f"due: 2026-10-01T23:59+02:00\n{IN_BERLIN}",
        f"due: 2026-10-01T21:59:00Z\n{IN_BERLIN}",
    ],
)
def test_a_due_date_is_one_point_in_time_however_it_is_written(
    course: Breakable, text: str
) -> None:
    found = _dates(course, text)
    assert found.due == datetime(2026, 10, 1, 21, 59, tzinfo=UTC)
    assert found.due.isoformat() == "2026-10-01T23:59:00+02:00"


def test_every_key_is_read(course: Breakable) -> None:
    found = _dates(
        course,
        f"{DUE}{IN_BERLIN}grace_minutes: 15\n"
        "late: {free_days: 1, percent_per_day: 12.1, percent_of: maximum, at_most_percent: 50,"
        " accepted_days: 7}\n"
        "extensions: {ada: 2026-10-05T23:59, ben: {due: 2026-10-06T12:00Z, reason: Ill}}\n"
        "attempts: best\n",
    )
    assert found.grace == timedelta(minutes=15)
    assert found.late.model_dump(mode="json") == {
        "free_days": 1,
        "percent_per_day": "12.1",
        "percent_of": "maximum",
        "at_most_percent": "50",
        "accepted_days": 7,
    }
    assert found.due_of("ada") == datetime(2026, 10, 5, 21, 59, tzinfo=UTC)
    assert found.due_of("ben") == datetime(2026, 10, 6, 12, 0, tzinfo=UTC)
    assert found.due_of("cy") == found.due


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (
            DUE,
            [
                (
                    "5: due: found '2026-10-01T23:59', which is no point in time without a "
                    "time zone; "
                    "add time_zone: Europe/Berlin, or the offset from UTC, as in "
                    "2026-10-01T23:59+02:00"
                )
            ],
        ),
        (
            f"due: 2026-10-01\n{IN_BERLIN}",
            [
                (
                    "5: due: found '2026-10-01'; expected a date and a time, as in "
                    "2026-10-01T23:59 or "
                    "2026-10-01T23:59+02:00"
                )
            ],
        ),
        (
            "due: 2026-10-32T23:59Z\n",
            [
                (
                    "5: due: found '2026-10-32T23:59Z': day is out of range for month; "
                    "expected a date "
                    "and a time"
                )
            ],
        ),
        (
            "due: 1026-10-01T23:59Z\n",
            ["5: due: found '1026-10-01T23:59Z'; expected a year from 2000 to 2999"],
        ),
        (
            f"{DUE}time_zone: Europe/Berln\n",
            [
                (
                    "6: time_zone: found 'Europe/Berln'; expected the name of a time zone, as in "
                    "Europe/Berlin; did you mean 'Europe/Berlin'?"
                )
            ],
        ),
        (
            f"{DUE}time_zone: ../secret\n",
            [
                (
                    "6: time_zone: found '../secret'; expected the name of a time zone, as in "
                    "Europe/Berlin"
                )
            ],
        ),
        (
            f"due: 2026-10-01T23:59+01:00\n{IN_BERLIN}",
            [
                (
                    "5: due: found '2026-10-01T23:59+01:00', but the offset of "
                    "Europe/Berlin is +02:00 "
                    "then; leave the offset out, or mend it"
                )
            ],
        ),
        (
            f"due: 2026-03-29T02:30\n{IN_BERLIN}",
            [
                (
                    "5: due: found '2026-03-29T02:30', which does not exist in Europe/Berlin: the "
                    "clocks are put forward then; choose another time"
                )
            ],
        ),
        (
            f"due: 2026-10-25T02:30\n{IN_BERLIN}",
            [
                (
                    "5: due: found '2026-10-25T02:30', which is there twice in "
                    "Europe/Berlin, as the "
                    "clocks are put back then; write 2026-10-25T02:30+02:00 or "
                    "2026-10-25T02:30+01:00"
                )
            ],
        ),
        (
            f"{DUE}{IN_BERLIN}extensions:\n  ada: 2026-10-05\n  ben: {{due: 2026-10-01T23:59}}\n",
            [
                (
                    "8: extensions.ada.due: found '2026-10-05'; expected a date and a time, as in "
                    "2026-10-01T23:59 or 2026-10-01T23:59+02:00"
                ),
                (
                    "9: extensions.ben.due: found '2026-10-01T23:59'; expected a time after "
                    "2026-10-01T23:59, when it is due"
                ),
            ],
        ),
        (
            f"{DUE}{IN_BERLIN}extensions: {{ada: 3}}\n",
            [
                (
                    "7: extensions.ada: found 3; expected a date and a time, as in "
                    "2026-10-01T23:59, "
                    "or the key due with one"
                )
            ],
        ),
        (
            f"{DUE}{IN_BERLIN}late: {{percent_per_day: true, percent_of: max}}\n",
            [
                (
                    "7: late.percent_of: found 'max'; expected 'earned' or 'maximum'; did you mean "
                    "'maximum'?"
                ),
                "7: late.percent_per_day: found true; expected a number",
            ],
        ),
        (
            f"{DUE}{IN_BERLIN}late: {{percent_per_day: 101, at_most_percent: -1}}\n",
            [
                "7: late.at_most_percent: found -1; expected at least 0",
                "7: late.percent_per_day: found 101; expected at most 100",
            ],
        ),
        (
            f"{DUE}{IN_BERLIN}late: {{days: 1}}\n",
            [
                (
                    "7: late.days: unknown key 'days'; expected one of free_days, percent_per_day, "
                    "percent_of, at_most_percent, accepted_days; did you mean 'free_days'?"
                )
            ],
        ),
        (
            f"{IN_BERLIN}grace_minutes: 5\nextensions: {{}}\nlate: {{}}\n",
            [
                f"{line}: {key}: it has no meaning without due; add due: 2026-10-01T23:59"
                for line, key in enumerate(
                    ("time_zone", "grace_minutes", "extensions", "late"), start=5
                )
            ],
        ),
        (
            "attempts: all\n",
            ["5: attempts: found 'all'; expected 'last' or 'best'"],
        ),
    ],
)
def test_every_fault_says_what_to_write_and_where(
    course: Breakable, text: str, faults: list[str]
) -> None:
    course.change("assignment.yaml", "points: 6\nseed: 7\nlimits: {wall_s: 2}\n", "points: 6\n")
    course.change(
        "assignment.yaml", "problems: [twice, essay]\n", "problems: [twice, essay]\n" + text
    )
    assert course.faults() == [f"assignment.yaml:{fault}" for fault in faults]


def test_a_machine_without_time_zones_says_what_to_install(
    course: Breakable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(dates, "ZoneInfo", none)
    monkeypatch.setattr(dates, "_names", tuple)
    course.change("assignment.yaml", "seed: 7\n", f"{DUE}{IN_BERLIN}")
    assert course.faults() == [
        (
            "assignment.yaml:5: time_zone: found 'Europe/Berlin', but this machine has no time "
            "zone database; install the Python package tzdata"
        )
    ]


# ---- how late ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submitted", "days"),
    [
        ("2026-09-30T08:00:00+02:00", 0),
        ("2026-10-01T23:59:00+02:00", 0),
        ("2026-10-01T23:59:00.999+02:00", 0),
        ("2026-10-01T23:59:01+02:00", 1),
        ("2026-10-02T23:59:00+02:00", 1),
        ("2026-10-02T21:59:01Z", 2),
        ("2026-10-31T23:59:00+01:00", 30),
        ("2026-10-31T23:59:01+01:00", 31),
    ],
)
def test_a_day_begins_the_second_after_the_day_before_is_over(submitted: str, days: int) -> None:
    assert _days("2026-10-01T23:59", submitted) == days


@pytest.mark.parametrize(
    ("submitted", "days"),
    [
        ("2026-10-02T00:14:00+02:00", 0),
        ("2026-10-02T00:14:01+02:00", 1),
        ("2026-10-03T00:14:00+02:00", 1),
        ("2026-10-03T00:14:01+02:00", 2),
    ],
)
def test_the_grace_holds_for_the_due_date_and_for_the_end_of_each_day(
    submitted: str, days: int
) -> None:
    assert _days("2026-10-01T23:59", submitted, grace_minutes=15) == days


@pytest.mark.parametrize(
    ("due", "submitted", "days"),
    [
        # Put back in the night to 25 October: the day after lasts 25 hours.
        ("2026-10-24T20:00", "2026-10-25T20:00:00+01:00", 1),
        ("2026-10-24T20:00", "2026-10-25T20:00:01+01:00", 2),
        # Put forward in the night to 29 March: 23 hours.
        ("2026-03-28T20:00", "2026-03-29T20:00:00+02:00", 1),
        ("2026-03-28T20:00", "2026-03-29T20:00:01+02:00", 2),
        # The end of the day is a time that is not there, 2:30, and means 3:30 then.
        ("2026-03-28T02:30", "2026-03-29T03:30:00+02:00", 1),
        ("2026-03-28T02:30", "2026-03-29T03:30:01+02:00", 2),
        # It is there twice, and means the later of the two.
        ("2026-10-24T02:30", "2026-10-25T02:30:00+01:00", 1),
        ("2026-10-24T02:30", "2026-10-25T02:30:01+01:00", 2),
    ],
)
def test_a_day_ends_at_the_same_time_on_the_clock_when_the_clocks_change(
    due: str, submitted: str, days: int
) -> None:
    assert _days(due, submitted) == days


def test_without_a_named_zone_a_day_has_24_hours() -> None:
    due = datetime.fromisoformat("2026-10-24T20:00:00+02:00")
    policy = Dates(due, due.tzinfo or UTC)
    assert policy.days_late("ada", datetime.fromisoformat("2026-10-25T20:00:00+01:00")) == 2


def test_days_of_an_extension_count_from_it() -> None:
    due = moment("2026-10-01T23:59", BERLIN)
    policy = Dates(due, BERLIN, extensions={"ada": moment("2026-10-05T23:59", BERLIN)})
    submitted = datetime.fromisoformat("2026-10-06T00:00:00+02:00")
    assert (policy.days_late("ada", submitted), policy.days_late("ben", submitted)) == (1, 5)


@given(
    due=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
    late=st.timedeltas(timedelta(days=-40), timedelta(days=400)),
    minutes=st.integers(0, 1440),
)
def test_the_days_are_the_first_whose_end_is_not_over(
    due: datetime, late: timedelta, minutes: int
) -> None:
    at = due.replace(tzinfo=BERLIN).astimezone(UTC)
    policy = Dates(at.astimezone(BERLIN), BERLIN, timedelta(minutes=minutes))
    submitted = at + late
    days = policy.days_late("ada", submitted)
    moments = submitted.replace(microsecond=0) - timedelta(minutes=minutes)
    assert moments <= policy._end(at, days)
    assert days == 0 or moments > policy._end(at, days - 1)
