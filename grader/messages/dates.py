"""Sentences about due dates, lateness and attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from grader.messages.text import counted, listed, points_between, points_text
from grader.records import Attempt, Lateness

SOURCES: Mapping[str, str] = {
    "manifest": "as recorded where it was handed in",
    "told": "as recorded where it was handed in",
    "git": "by its last commit, whose time the computer of the committer set",
    "files": "by the newest of its files",
}
"""Who says when a submission was handed in, by the source."""

ON_TIME = "on time"
UNKNOWN = (
    "When this was handed in is not known, so nothing was taken off for lateness; a person has to "
    "look it up."
)
WITNESSES = {
    "manifest": "recorded for it",
    "told": "recorded for it",
    "git": "of its last commit",
    "files": "of its newest file",
}
"""What a time is called that was not believed."""


def clock(time: str | datetime) -> str:
    """Return a time with its offset from UTC; seconds only where there are any.

    >>> clock("2026-10-01T23:59:00+02:00"), clock("2026-10-02T08:15:30+00:00")
    ('2026-10-01 23:59 (UTC+02:00)', '2026-10-02 08:15:30 (UTC)')
    """
    at = datetime.fromisoformat(time) if isinstance(time, str) else time
    shown = f"{at:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    sign = f"{at:%z}"
    offset = f"{sign[:3]}:{sign[3:5]}" if at.utcoffset() else ""
    return f"{shown} (UTC{offset})"


def in_the_future(source: str, at: datetime) -> str:
    """Return the note on a time of submission that is still to come."""
    return f"The time {WITNESSES[source]}, {clock(at)}, is in the future and was not used."


def too_long_ago(source: str, at: datetime) -> str:
    """Return the note on a time of submission from before there was a course."""
    return f"The time {WITNESSES[source]}, {clock(at)}, is before the year 2000 and was not used."


def no_commit(why: str) -> str:
    """Return the note on a repository whose last commit cannot be read."""
    return f"The time of the last commit cannot be read: {why}."


def extensions_for_nobody(names: Sequence[str]) -> str:
    """Return the note for the staff on extensions of students who handed nothing in."""
    return f"There are extensions for {listed(names)}, but no submissions of these names."


def recorded_for_nobody(names: Sequence[str]) -> str:
    """Return the note for the staff on lines of a manifest without a submission."""
    return f"manifest.csv has times for {listed(names)}, but no submissions of these names."


def not_recorded(names: Sequence[str]) -> str:
    """Return the note for the staff on submissions that a manifest leaves out."""
    return f"manifest.csv has no time for {listed(names)}; it was taken from git or the files."


def time_unknown(names: Sequence[str]) -> str:
    """Return the note for the staff on submissions of which nobody knows when they came."""
    return (
        f"When {listed(names)} handed in is not known, so nothing is taken off for lateness; write "
        "the times into manifest.csv."
    )


def how_late(lateness: Lateness | None) -> str:
    """Return in two or three words how late a submission is."""
    if lateness is None:
        return "no due date"
    if not lateness.submitted_at:
        return "time not known"
    return f"{counted(lateness.days, 'day')} late" if lateness.days else ON_TIME


def handed_in(lateness: Lateness) -> str:
    """Return when a submission was handed in, who says so, and when it was due."""
    own = ", an extension" if lateness.extended else ""
    due = f"due {clock(lateness.due)}{own}"
    if not lateness.submitted_at:
        return f"{UNKNOWN} It was {due}."
    by = f" ({lateness.recorded_by})" if lateness.recorded_by else ""
    excused = not lateness.days and _after(lateness.submitted_at, lateness.due)
    grace = counted(lateness.grace_minutes, "minute")
    within = f", within the {grace} that are excused" if excused else ""
    return (
        f"Handed in {clock(lateness.submitted_at)}, {SOURCES[lateness.source]}{by}: "
        f"{how_late(lateness)}{within}, {due}."
    )


def _after(submitted_at: str, due: str) -> bool:
    return datetime.fromisoformat(submitted_at) > datetime.fromisoformat(due)


def account(earned: Fraction, maximum: Fraction, lateness: Lateness) -> str:
    """Return how the score of a late submission came about; nothing for one that came in time.

    The numbers that are shown add up: what is taken off is what lies between the two scores.
    """
    if not lateness.days:
        return ""
    late = f"{points_text(earned)} of {points_text(maximum)}, {how_late(lateness)}"
    if not lateness.accepted:
        limit = lateness.accepted_days
        after = f"after {counted(limit, 'day')}" if limit else "late"
        return f"{late}, and nothing is accepted {after}: 0"
    rules = ", ".join(_rules(lateness))
    bracket = f" ({rules})" if rules else ""
    score = earned - lateness.deducted(earned)
    shown = points_between(score, earned)
    if not lateness.percent:
        return f"{late}{bracket}: nothing is taken off"
    return f"{late}{bracket}: \N{MINUS SIGN}{points_text(shown)} \N{RIGHTWARDS ARROW} " + (
        points_text(score)
    )


def _rules(lateness: Lateness) -> list[str]:
    if not lateness.percent_per_day:
        return []
    of = "" if lateness.of_points is None else f" of {points_text(lateness.of_points)}"
    rules = [f"{_number(lateness.percent_per_day)} %{of} a day"]
    if lateness.free_days:
        rules.append(f"{lateness.free_days} free")
    charged = max(0, lateness.days - lateness.free_days)
    if charged * lateness.percent_per_day > lateness.at_most_percent:
        rules.append(f"at most {_number(lateness.at_most_percent)} %")
    return rules


def _number(percent: Fraction) -> str:
    return f"{float(percent):.8g}"


def briefly(earned: Fraction, lateness: Lateness) -> str:
    """Return the same in a few words; nothing for what came in time."""
    if not lateness.days:
        return "" if lateness.submitted_at else how_late(lateness)
    if not lateness.accepted:
        return f"{points_text(earned)}, {how_late(lateness)}: not accepted"
    deducted = lateness.deducted(earned)
    if not deducted:
        return how_late(lateness)
    shown = points_between(earned - deducted, earned)
    return f"{points_text(earned)} \N{MINUS SIGN} {points_text(shown)}, {how_late(lateness)}"


def still_to_come(lateness: Lateness, earned: Fraction) -> str:
    """Return what happens to the points that a person has still to give."""
    if not lateness.accepted:
        return "This holds for the points that wait for a person as well."
    if not lateness.percent:
        return ""
    if lateness.of_points is None:
        return (
            f"Of the points that wait for a person, {_number(lateness.percent)} % will be taken "
            "off as well."
        )
    whole = lateness.of_points * lateness.percent / 100
    open_ = whole - lateness.deducted(earned)
    if open_:
        return (
            f"Of the points that wait for a person, {points_text(open_)} at most will be taken off."
        )
    return "From the points that wait for a person, nothing more is taken off."


def last_counts(number: int) -> str:
    """Return which attempt was graded where the last one counts."""
    return f"This is attempt {number}. The last attempt counts, and only it is graded."


def best_counts(number: int, attempts: Sequence[Attempt]) -> str:
    """Return which attempt counts, and what the others would have been worth."""
    listing = "; ".join(_attempt(each) for each in attempts)
    says = f"Attempt {number} counts, the best of {len(attempts)} ({listing})."
    if any(attempt.fault or attempt.pending for attempt in attempts):
        says += " Which one is the best may change until all points are given."
    return says


def _attempt(attempt: Attempt) -> str:
    if attempt.fault:
        return f"attempt {attempt.number}: not known, the grader failed on a part of it"
    told = [counted(attempt.score, "point")]
    late = attempt.lateness
    if late is not None and not late.accepted:
        told.append(f"{how_late(late)} and not accepted")
    elif late is not None and (late.days or not late.submitted_at):
        told.append(how_late(late))
    told += [f"{points_text(attempt.pending)} waiting"] if attempt.pending else []
    return f"attempt {attempt.number}: {', '.join(told)}"


def lateness_changed(before: Lateness | None, after: Lateness | None) -> str:
    """Return what a later grading changed in what lateness costs."""
    return f"{_cost(before)} \N{RIGHTWARDS ARROW} {_cost(after)}"


def _cost(lateness: Lateness | None) -> str:
    if lateness is None:
        return how_late(lateness)
    if not lateness.accepted:
        return f"{how_late(lateness)}, not accepted"
    if not lateness.percent:
        return how_late(lateness)
    of = "" if lateness.of_points is None else f" of {points_text(lateness.of_points)}"
    return f"{how_late(lateness)}, \N{MINUS SIGN}{_number(lateness.percent)} %{of}"
