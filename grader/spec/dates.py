"""Due dates as a course writes them: when, in which time zone, and what lateness costs.

Days are days of the calendar: what is due on Friday at 23:59 is one day late until Saturday at
23:59 on the clocks of the course's time zone, also in the night in which they are put forward or
back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

if TYPE_CHECKING:
    from grader.spec.models import AssignmentSpec

EXAMPLE = "2026-10-01T23:59"
_MOMENT = re.compile(
    r"(?P<local>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_FIRST, _LAST = 2000, 2999
"""The years that are taken for no slip of the pen."""

Percent: TypeAlias = Annotated[Decimal, Field(ge=0, le=100, max_digits=8)]
Days: TypeAlias = Annotated[int, Field(ge=0, le=366)]


class _Model(BaseModel):
    """As `grader.spec.models.Model`, which is made from this module."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LateSpec(_Model):
    """What lateness costs; left out, it is told and costs nothing."""

    free_days: Days = Field(0, description="Late days that cost nothing.")
    percent_per_day: Percent = Field(
        Decimal(0), description="What each other day that has begun takes off."
    )
    percent_of: Literal["earned", "maximum"] = Field(
        "earned",
        description="Of which points: those that the submission earned, or the assignment's.",
    )
    at_most_percent: Percent = Field(Decimal(100), description="No more than this is taken off.")
    accepted_days: Days | None = Field(
        None, description="What comes later than so many days gets no points; any day, if left out."
    )


class ExtensionSpec(_Model):
    """A due date of one student."""

    due: str
    reason: str = Field("", description="For the staff; it is shown nowhere.")


def _as_extension(value: Any) -> Any:
    if isinstance(value, str):
        return {"due": value}
    if not isinstance(value, dict | ExtensionSpec):
        raise ValueError(f"expected a date and a time, as in {EXAMPLE}, or the key due with one")  # noqa: TRY004  (pydantic takes it for a fault of the file)
    return value


Extension: TypeAlias = Annotated[ExtensionSpec, BeforeValidator(_as_extension)]


Due: TypeAlias = Annotated[
    str | None,
    Field(
        description=f"{EXAMPLE} on the clocks of time_zone, or with its offset: {EXAMPLE}+02:00."
    ),
]
TimeZone: TypeAlias = Annotated[
    str | None,
    Field(description="Of the course, by its name in the time zone database: Europe/Berlin."),
]
GraceMinutes: TypeAlias = Annotated[
    int,
    Field(ge=0, le=1440, description="How much later than due, or than any late day, is excused."),
]
Extensions: TypeAlias = Annotated[
    dict[str, Extension], Field(description="Due dates of single students, by the student.")
]
Attempts: TypeAlias = Annotated[
    Literal["last", "best"], Field(description="Which of several attempts of a student counts.")
]


@dataclass(frozen=True, slots=True)
class Dates:
    """When an assignment is due, and for whom later."""

    due: datetime
    zone: tzinfo
    grace: timedelta = timedelta(0)
    late: LateSpec = field(default_factory=LateSpec)
    extensions: Mapping[str, datetime] = field(default_factory=dict)

    def due_of(self, student: str) -> datetime:
        """Return when a student's submission is due."""
        return self.extensions.get(student, self.due)

    def days_late(self, student: str, submitted: datetime) -> int:
        """Return how many days have begun since a submission was due; 0 if it came in time.

        Parts of a second are passed over, and the grace holds for the end of each day as well.
        """
        due = self.due_of(student)
        moment = submitted.astimezone(UTC).replace(microsecond=0) - self.grace
        days = max(0, (moment - due.astimezone(UTC)).days - 1)  # a day may have 23 hours or 25
        while moment > self._end(due, days):
            days += 1
        return days

    def _end(self, due: datetime, days: int) -> datetime:
        """Return when so many days are over: the same time of a later day."""
        if not days:
            return due.astimezone(UTC)
        local = due.astimezone(self.zone).replace(tzinfo=None) + timedelta(days=days)
        return max(_readings(local, self.zone))  # of a time that is there twice, the later one


def dates(spec: AssignmentSpec) -> Dates | None:
    """Return the dates of an assignment without faults; None if it has no due date."""
    if spec.due is None:
        return None
    named = None if spec.time_zone is None else ZoneInfo(spec.time_zone)
    due = moment(spec.due, named)
    return Dates(
        due,
        named or due.tzinfo or UTC,
        timedelta(minutes=spec.grace_minutes),
        spec.late or LateSpec(),
        {student: moment(each.due, named) for student, each in spec.extensions.items()},
    )


def faults(spec: AssignmentSpec) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what is wrong with the dates of an assignment: where, and what is expected."""
    if spec.due is None:
        for name in ("time_zone", "grace_minutes", "late", "extensions"):
            if name in spec.model_fields_set:
                yield (name,), f"it has no meaning without due; add due: {EXAMPLE}"
        return
    try:
        zone = None if spec.time_zone is None else _zone(spec.time_zone)
    except ValueError as error:
        yield ("time_zone",), str(error)
        return
    due = None
    try:
        due = moment(spec.due, zone)
    except ValueError as error:
        yield ("due",), str(error)
    for student, extension in spec.extensions.items():
        try:
            own = moment(extension.due, zone)
        except ValueError as error:
            yield ("extensions", student, "due"), str(error)
        else:
            if due is not None and own <= due:
                says = f"found {extension.due!r}; expected a time after {spec.due}, when it is due"
                yield ("extensions", student, "due"), says


def moment(text: str, zone: ZoneInfo | None) -> datetime:
    """Return a point in time, with the zone that it was meant in.

    Raises ValueError for what is none, or could be more than one.
    """
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError(
            f"found {text[:60]!r}; expected a date and a time, as in {EXAMPLE} or {EXAMPLE}+02:00"
        )
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"found {text!r}: {error}; expected a date and a time") from None
    if not _FIRST <= time.year <= _LAST:
        raise ValueError(f"found {text!r}; expected a year from {_FIRST} to {_LAST}")
    if found["offset"] is not None:
        return _checked(text, time, zone, utc=found["offset"] == "Z")
    if zone is None:
        raise ValueError(
            f"found {text!r}, which is no point in time without a time zone; add time_zone: "
            f"Europe/Berlin, or the offset from UTC, as in {text}+02:00"
        )
    return _local(text, time, zone)


def _checked(text: str, time: datetime, zone: ZoneInfo | None, *, utc: bool) -> datetime:
    """Return a time with an offset, in its zone."""
    if zone is None:
        return time
    there = time.astimezone(zone)
    if not utc and there.utcoffset() != time.utcoffset():
        raise ValueError(
            f"found {text!r}, but the offset of {zone.key} is {offset_text(there)} then; leave the "
            "offset out, or mend it"
        )
    return there


def _local(text: str, time: datetime, zone: ZoneInfo) -> datetime:
    """Return a time on the clocks of a zone."""
    readings = _readings(time, zone)
    there = [reading for reading in readings if _on_clock(reading, zone) == time]
    if not there:
        raise ValueError(
            f"found {text!r}, which does not exist in {zone.key}: the clocks are put forward then; "
            "choose another time"
        )
    if len(set(there)) > 1:
        first, second = (f"{text}{offset_text(each.astimezone(zone))}" for each in there)
        raise ValueError(
            f"found {text!r}, which is there twice in {zone.key}, as the clocks are put back then; "
            f"write {first} or {second}"
        )
    return there[0].astimezone(zone)


def _readings(local: datetime, zone: tzinfo) -> list[datetime]:
    """Return the points in time, in UTC, that a time on the clocks of a zone may mean."""
    return [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]


def _on_clock(moment_: datetime, zone: tzinfo) -> datetime:
    return moment_.astimezone(zone).replace(tzinfo=None)


def offset_text(time: datetime) -> str:
    """Return the offset of a time from UTC.

    >>> offset_text(datetime.fromisoformat("2026-07-01T23:59-03:30"))
    '-03:30'
    """
    return time.strftime("%z")[:3] + ":" + time.strftime("%z")[3:5]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # Imported here: `faults` builds on the models, and they on this module.
        from grader.spec.faults import shown, suggestion  # noqa: PLC0415

        if not _names():
            raise ValueError(
                f"found {shown(name)}, but this machine has no time zone database; install the "
                "Python package tzdata"
            ) from None
        raise ValueError(
            f"found {shown(name)}; expected the name of a time zone, as in Europe/Berlin"
            f"{suggestion(name, _names())}"
        ) from None


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))
