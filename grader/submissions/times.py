"""When a submission was handed in: by the best witness that there is.

In this order: the manifest of the folder, or what whoever grades says; the last commit, if the
submission is a repository; the newest of its files.  The first two are the staff's.  The others
are whatever the student's computer, or the last copy, made of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from grader import messages
from grader.submissions.commits import UnreadableError, committed_at
from grader.submissions.folder import Submission, attempt_folder
from grader.submissions.manifest import Manifest

MANIFEST, TOLD, GIT, FILES = "manifest", "told", "git", "files"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
SLACK = timedelta(minutes=5)
"""How far the clock of another computer may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Time:
    """When a submission was handed in and who says so; None if nobody can be believed."""

    at: datetime | None = None
    source: str = ""
    recorded_by: str = ""
    notes: tuple[str, ...] = ()  # on what was found and not believed


def submitted(submission: Submission, manifest: Manifest, now: datetime) -> Time:
    """Return when a submission was handed in.

    A time in the future, or before 2000, is noted and not believed; the next witness is asked.
    """
    notes: list[str] = []
    for source, at, recorded_by in _witnesses(submission, manifest, notes):
        if at > now + SLACK:
            notes.append(messages.dates.in_the_future(source, at))
        elif at < EARLIEST:
            notes.append(messages.dates.too_long_ago(source, at))
        else:
            return Time(at, source, recorded_by, tuple(notes))
    return Time(notes=tuple(notes))


def _witnesses(
    submission: Submission, manifest: Manifest, notes: list[str]
) -> Iterator[tuple[str, datetime, str]]:
    student = submission.student
    for name in (f"{student}/{attempt_folder(submission.attempt)}", student):
        if name in manifest.entries:
            entry = manifest.entries[name]
            yield MANIFEST, entry.submitted_at, entry.recorded_by
            break
    if submission.submitted_at is not None:
        yield TOLD, submission.submitted_at, ""
    if submission.folder is None:
        return
    try:
        committed = committed_at(submission.folder)
    except UnreadableError as error:
        notes.append(messages.dates.no_commit(str(error)))
    else:
        if committed is not None:
            yield GIT, committed, ""
    newest = _newest(submission)
    if newest is not None:
        yield FILES, newest, ""


def _newest(submission: Submission) -> datetime | None:
    """Return the time of the newest file that was handed in."""
    assert submission.folder is not None  # noqa: S101  (the caller asks first)
    newest = None
    for name in (*submission.files, *submission.refused):
        try:
            seconds = (submission.folder / name).lstat().st_mtime
            at = datetime.fromtimestamp(seconds, UTC)
        except (OSError, ValueError, OverflowError):  # gone, or a time that no clock shows
            continue
        newest = at if newest is None else max(newest, at)
    return newest
