"""How late submissions are: from the dates of an assignment and the time each was handed in.

What it costs is worked out from the points, whenever they are read (`records.Lateness`): so a due
date that moves, an extension, or points that a person gives change a score, and no code of a
student runs for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from grader import messages
from grader.records import Arrival, Lateness
from grader.spec.dates import Dates, dates
from grader.spec.loader import Assignment
from grader.submissions import manifest as manifests
from grader.submissions import times
from grader.submissions.folder import Collection, Submission
from grader.submissions.manifest import Manifest


class Arrivals:
    """How the submissions of a collection came; no time is looked at if there is no due date."""

    def __init__(
        self, assignment: Assignment, collection: Collection, *, timeless: bool = False
    ) -> None:
        """Read the manifest.  Raises UsageError if it is none.

        Nothing is late where a student checks their own work, which is `timeless`.
        """
        self._maximum = assignment.spec.points
        self._dates = None if timeless else dates(assignment.spec)
        self._manifest = manifests.read(collection.folder) if self._dates else Manifest()
        now = datetime.now(UTC)
        self.of: Mapping[str, Arrival] = {
            submission.id: self._arrival(submission, now) for submission in collection.submissions
        }
        # Where there is but one student's submission, who else has an extension is not told.
        self.notes = tuple(self._notes(collection)) if collection.folder else ()

    def _arrival(self, submission: Submission, now: datetime) -> Arrival:
        student = submission.student
        found = None
        if self._dates is not None:
            time = times.submitted(submission, self._manifest, now)
            found = lateness(self._dates, student, time, self._maximum)
        own = "" if student == submission.id else student
        return Arrival(found, own, submission.attempt, submission.attempts)

    def _notes(self, collection: Collection) -> Iterator[str]:
        if self._dates is None:
            return
        students = {submission.student for submission in collection.submissions}
        nobody = [name for name in self._dates.extensions if name not in students]
        if nobody:
            yield messages.dates.extensions_for_nobody(sorted(nobody))
        recorded = {name.partition("/")[0] for name in self._manifest.entries}
        if recorded - students:
            yield messages.dates.recorded_for_nobody(sorted(recorded - students))
        unrecorded = {
            name
            for name, arrival in self.of.items()
            if arrival.lateness and arrival.lateness.source not in {times.MANIFEST, ""}
        }
        if recorded and unrecorded:
            yield messages.dates.not_recorded(sorted(unrecorded))
        unknown = [
            name
            for name, arrival in self.of.items()
            if arrival.lateness and not arrival.lateness.submitted_at
        ]
        if unknown:
            yield messages.dates.time_unknown(sorted(unknown))


def lateness(policy: Dates, student: str, time: times.Time, maximum: Fraction) -> Lateness:
    """Return how late a student's submission is; not at all if nobody knows when it came."""
    late = policy.late
    at = time.at
    return Lateness(
        due=policy.due_of(student).isoformat(),
        extended=student in policy.extensions,
        submitted_at=""
        if at is None
        else at.astimezone(policy.zone).replace(microsecond=0).isoformat(),
        grace_minutes=policy.grace // timedelta(minutes=1),
        source=time.source,
        recorded_by=time.recorded_by,
        days=0 if at is None else policy.days_late(student, at),
        free_days=late.free_days,
        percent_per_day=Fraction(late.percent_per_day),
        at_most_percent=Fraction(late.at_most_percent),
        of_points=maximum if late.percent_of == "maximum" else None,
        accepted_days=late.accepted_days,
        notes=time.notes,
    )
