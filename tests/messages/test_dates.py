"""The sentences of this topic, to the letter."""

from __future__ import annotations

import doctest
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from grader.messages import dates
from grader.records import Attempt, Lateness

from .catalogue import Sentence, check

DUE, EARLY = "2026-10-01T23:59:00+02:00", "2026-10-01T20:00:00+02:00"
IN_TIME = Lateness(DUE, submitted_at=EARLY, source="manifest")
TWO = Lateness(
    DUE,
    submitted_at="2026-10-03T08:15:30+02:00",
    source="files",
    days=2,
    free_days=1,
    percent_per_day=Fraction(10),
)
CAPPED = replace(TWO, days=9, at_most_percent=Fraction(50))
TOO_LATE = replace(TWO, days=9, accepted_days=7)
OF_MAXIMUM = replace(TWO, of_points=Fraction(50))
UNKNOWN = Lateness(DUE)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
POINTS, MAXIMUM = Fraction(31), Fraction(50)
UNKNOWN_TEXT = (
    "When this was handed in is not known, so nothing was taken off for lateness; a person has to "
    "look it up."
)

SENTENCES: Sequence[Sentence] = [
    ("clock", (DUE,), {}, "2026-10-01 23:59 (UTC+02:00)"),
    ("clock", (datetime(2026, 10, 2, 8, 15, 30, tzinfo=UTC),), {}, "2026-10-02 08:15:30 (UTC)"),
    (
        "in_the_future",
        ("git", NOON),
        {},
        "The time of its last commit, 2026-11-01 12:00 (UTC), is in the future and was not used.",
    ),
    (
        "too_long_ago",
        ("manifest", datetime(1970, 1, 1, tzinfo=UTC)),
        {},
        (
            "The time recorded for it, 1970-01-01 00:00 (UTC), is before the year 2000 and was not "
            "used."
        ),
    ),
    (
        "no_commit",
        ("git is not installed here",),
        {},
        "The time of the last commit cannot be read: git is not installed here.",
    ),
    (
        "extensions_for_nobody",
        (["ada", "ben"],),
        {},
        "There are extensions for ada, ben, but no submissions of these names.",
    ),
    (
        "recorded_for_nobody",
        (["ada"],),
        {},
        "manifest.csv has times for ada, but no submissions of these names.",
    ),
    (
        "not_recorded",
        (["ada"],),
        {},
        "manifest.csv has no time for ada; it was taken from git or the files.",
    ),
    (
        "time_unknown",
        (["ada"],),
        {},
        (
            "When ada handed in is not known, so nothing is taken off for lateness; write the "
            "times into manifest.csv."
        ),
    ),
    ("how_late", (None,), {}, "no due date"),
    ("how_late", (UNKNOWN,), {}, "time not known"),
    ("how_late", (IN_TIME,), {}, "on time"),
    ("how_late", (TWO,), {}, "2 days late"),
    (
        "handed_in",
        (replace(IN_TIME, recorded_by="canvas"),),
        {},
        (
            "Handed in 2026-10-01 20:00 (UTC+02:00), as recorded where it was handed in (canvas): "
            "on time, due 2026-10-01 23:59 (UTC+02:00)."
        ),
    ),
    (
        "handed_in",
        (replace(IN_TIME, submitted_at="2026-10-02T00:10:00+02:00", grace_minutes=15),),
        {},
        (
            "Handed in 2026-10-02 00:10 (UTC+02:00), as recorded where it was handed in: on time, "
            "within the 15 minutes that are excused, due 2026-10-01 23:59 (UTC+02:00)."
        ),
    ),
    (
        "handed_in",
        (replace(TWO, extended=True, source="git"),),
        {},
        (
            "Handed in 2026-10-03 08:15:30 (UTC+02:00), by its last commit, whose time the "
            "computer of the committer set: 2 days late, due 2026-10-01 23:59 (UTC+02:00), an "
            "extension."
        ),
    ),
    (
        "handed_in",
        (UNKNOWN,),
        {},
        f"{UNKNOWN_TEXT} It was due 2026-10-01 23:59 (UTC+02:00).",
    ),
    ("account", (POINTS, MAXIMUM, IN_TIME), {}, ""),
    ("account", (POINTS, MAXIMUM, UNKNOWN), {}, ""),
    (
        "account",
        (POINTS, MAXIMUM, TWO),
        {},
        "31 of 50, 2 days late (10 % a day, 1 free): \N{MINUS SIGN}3.1 → 27.9",
    ),
    (
        "account",
        (POINTS, MAXIMUM, OF_MAXIMUM),
        {},
        "31 of 50, 2 days late (10 % of 50 a day, 1 free): \N{MINUS SIGN}5 → 26",
    ),
    (
        "account",
        (Fraction(2), MAXIMUM, OF_MAXIMUM),
        {},
        "2 of 50, 2 days late (10 % of 50 a day, 1 free): \N{MINUS SIGN}2 → 0",
    ),
    (
        "account",
        (POINTS, MAXIMUM, CAPPED),
        {},
        "31 of 50, 9 days late (10 % a day, 1 free, at most 50 %): \N{MINUS SIGN}15.5 → 15.5",
    ),
    (
        "account",
        (POINTS, MAXIMUM, TOO_LATE),
        {},
        "31 of 50, 9 days late, and nothing is accepted after 7 days: 0",
    ),
    (
        "account",
        (POINTS, MAXIMUM, replace(TWO, accepted_days=0)),
        {},
        "31 of 50, 2 days late, and nothing is accepted late: 0",
    ),
    (
        "account",
        (POINTS, MAXIMUM, replace(TWO, days=1)),
        {},
        "31 of 50, 1 day late (10 % a day, 1 free): nothing is taken off",
    ),
    (
        "account",
        (POINTS, MAXIMUM, replace(TWO, percent_per_day=Fraction(0))),
        {},
        "31 of 50, 2 days late: nothing is taken off",
    ),
    (
        "account",
        (Fraction("9.999"), Fraction(10), replace(TWO, percent_per_day=Fraction("12.5"))),
        {},
        "9.99 of 10, 2 days late (12.5 % a day, 1 free): \N{MINUS SIGN}1.25 → 8.74",
    ),
    ("briefly", (POINTS, IN_TIME), {}, ""),
    ("briefly", (POINTS, UNKNOWN), {}, "time not known"),
    ("briefly", (POINTS, TWO), {}, "31 \N{MINUS SIGN} 3.1, 2 days late"),
    ("briefly", (POINTS, replace(TWO, days=1)), {}, "1 day late"),
    ("briefly", (POINTS, TOO_LATE), {}, "31, 9 days late: not accepted"),
    ("still_to_come", (IN_TIME, POINTS), {}, ""),
    (
        "still_to_come",
        (TOO_LATE, POINTS),
        {},
        "This holds for the points that wait for a person as well.",
    ),
    (
        "still_to_come",
        (TWO, POINTS),
        {},
        "Of the points that wait for a person, 10 % will be taken off as well.",
    ),
    (
        "still_to_come",
        (OF_MAXIMUM, POINTS),
        {},
        "From the points that wait for a person, nothing more is taken off.",
    ),
    (
        "still_to_come",
        (OF_MAXIMUM, Fraction(2)),
        {},
        "Of the points that wait for a person, 3 at most will be taken off.",
    ),
    (
        "last_counts",
        (3,),
        {},
        "This is attempt 3. The last attempt counts, and only it is graded.",
    ),
    (
        "best_counts",
        (2, [Attempt(1, Fraction(1)), Attempt(2, POINTS, Fraction(0), TWO)]),
        {},
        (
            "Attempt 2 counts, the best of 2 (attempt 1: 1 point; attempt 2: 27.9 points, 2 days "
            "late)."
        ),
    ),
    (
        "best_counts",
        (
            1,
            [
                Attempt(1, POINTS, Fraction(5), UNKNOWN),
                Attempt(2, Fraction(40), lateness=TOO_LATE),
                Attempt(3, Fraction(2), fault=True),
            ],
        ),
        {},
        (
            "Attempt 1 counts, the best of 3 (attempt 1: 31 points, time not known, 5 waiting; "
            "attempt 2: 0 points, 9 days late and not accepted; attempt 3: not known, the grader "
            "failed on a part of it). Which one is the best may change until all points are given."
        ),
    ),
    ("lateness_changed", (TWO, IN_TIME), {}, "2 days late, \N{MINUS SIGN}10 % → on time"),
    ("lateness_changed", (None, TOO_LATE), {}, "no due date → 9 days late, not accepted"),
    (
        "lateness_changed",
        (OF_MAXIMUM, None),
        {},
        "2 days late, \N{MINUS SIGN}10 % of 50 → no due date",
    ),
]
FIXED: Mapping[str, Any] = {
    "ON_TIME": "on time",
    "UNKNOWN": UNKNOWN_TEXT,
    "WITNESSES": {
        "manifest": "recorded for it",
        "told": "recorded for it",
        "git": "of its last commit",
        "files": "of its newest file",
    },
    "SOURCES": {
        "manifest": "as recorded where it was handed in",
        "told": "as recorded where it was handed in",
        "git": "by its last commit, whose time the computer of the committer set",
        "files": "by the newest of its files",
    },
}


def test_every_sentence_to_the_letter() -> None:
    check(dates, SENTENCES, FIXED)


def test_the_examples_in_the_docstrings_hold() -> None:
    tried = doctest.testmod(dates)
    assert tried.attempted
    assert not tried.failed
