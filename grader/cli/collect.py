"""``grader collect``: from a download of a platform to one folder for each student."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.cli.console import complain, say
from grader.errors import GraderError, UsageError
from grader.submissions.collecting.collecting import EXPECTED, Request, collect
from grader.submissions.collecting.reporting import Collected

COLLECTED, BAD_USAGE, INTERRUPTED = 0, 2, 130


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the command line, as they were given."""

    roster: Path | None = None
    to: Path | None = None
    layout: str = "auto"
    before: str | None = None
    time_zone: str | None = None
    dry_run: bool = False


def run(source: Path, assignment: str, wishes: Wishes, course: Path | None) -> int:
    """Return the exit code of a collection; its report is printed, and kept beside the folder."""
    try:
        request = _request(source, assignment, wishes, course)
        collected = collect(request)
    except GraderError as error:
        complain(str(error))
        return BAD_USAGE
    except KeyboardInterrupt:
        say("Interrupted; what is in its place is complete. Run it again for the rest.")
        return INTERRUPTED
    say(collected.text.rstrip("\n"))
    if not request.dry_run:
        _keep(collected)
    return COLLECTED


def _request(source: Path, assignment: str, wishes: Wishes, course: Path | None) -> Request:
    # Imported here: the models of YAML take longer than a small collection.
    from grader.spec.course import Course  # noqa: PLC0415

    found = Course.find(course or Path())
    found.chosen([assignment])
    starter = found.assignment(assignment) / "starter"
    expected = {path.name for path in starter.iterdir()} if starter.is_dir() else set()
    zone = _zone(wishes.time_zone)
    return Request(
        source=source,
        assignment=assignment,
        to=wishes.to or found.submissions(assignment),
        roster=wishes.roster,
        layout=wishes.layout,
        dry_run=wishes.dry_run,
        zone=zone,
        before=_before(wishes.before, zone),
        expected=EXPECTED | expected,
    )


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"--time-zone {name}: there is no such time zone; expected one such as Europe/Berlin"
        ) from None


def _before(text: str | None, zone: ZoneInfo | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--before {text}: expected a date and time, as in 2026-10-01T23:59+02:00"
        ) from None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone) if zone else moment.astimezone()
    return moment


def _keep(collected: Collected) -> None:
    """Write the report beside the folder of submissions, in which grading would wonder at it."""
    file = collected.to.with_name(f"{collected.to.name}.collected.txt")
    try:
        file.write_text(collected.text, encoding="utf-8")
    except OSError as error:
        complain(f"{file} cannot be written: {error.strerror}")
    else:
        say(f"This report is kept in {file}.")
