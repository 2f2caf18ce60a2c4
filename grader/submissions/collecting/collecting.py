"""The way from a source to the folder of submissions, in order.

Everything is made in a folder of its own first.  What one student handed in can end only that
student's submission, with a sentence in the report.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path

from grader.errors import UsageError
from grader.messages.text import counted
from grader.submissions.collecting import placing, repositories, rosters
from grader.submissions.collecting.archives import Archive
from grader.submissions.collecting.layouts import LAYOUTS, Found, recognised
from grader.submissions.collecting.paths import Refused, digest, shown
from grader.submissions.collecting.placing import Row
from grader.submissions.collecting.reporting import Collected
from grader.submissions.collecting.rosters import Roster, Student
from grader.submissions.collecting.sources import Delivery, Tree, Who, read_folder
from grader.submissions.collecting.unpacking import Unpacking

EXPECTED = frozenset(["solution.py", "solution.ipynb", "answers.yaml"])
_UNKNOWN = datetime(1980, 1, 1, tzinfo=UTC)
"""What a file without a known time is dated: nobody takes it for a time of handing in."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be collected, from where to where."""

    source: Path
    assignment: str
    to: Path
    roster: Path | None = None
    layout: str = "auto"
    dry_run: bool = False
    zone: tzinfo | None = None  # of dates without one; the machine's if there is none
    before: datetime | None = None  # the commit to grade is the last one before
    expected: frozenset[str] = EXPECTED  # the files that students hand in


@dataclass(slots=True)
class _Attempt:
    """A delivery that has been unpacked."""

    delivery: Delivery
    folder: Path
    submitted_at: datetime | None
    source: str
    notes: list[str]

    @property
    def label(self) -> str:
        """What the source calls it."""
        return shown(self.delivery.label)


@dataclass(slots=True)
class _Work:
    """What has come together so far."""

    request: Request
    folder: Path
    roster: Roster | None
    attempts: dict[tuple[str, ...], list[_Attempt]] = field(default_factory=dict)
    students: dict[tuple[str, ...], Student] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    untimed: list[str] = field(default_factory=list)
    passed_over: int = 0


def collect(request: Request) -> Collected:
    """Return what was collected, after it was put in its place, or what would be.

    Raises UsageError for a source, a roster or a target that cannot be used; nothing has changed
    then.
    """
    if request.layout not in LAYOUTS:
        raise UsageError(
            f"--layout {shown(request.layout)}: there is no such layout; expected one of "
            f"{', '.join(LAYOUTS)}"
        )
    _check_apart(request.source, request.to)
    try:
        with _workshop(request) as folder:
            return _collect(request, folder)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise UsageError(
            f"{request.assignment} could not be collected: {error.strerror or error}{where}"
        ) from None


def _check_apart(source: Path, to: Path) -> None:
    if not source.exists():
        raise UsageError(
            f"there is no {source}; expected a folder, a zip, or a CSV file of repositories"
        )
    inner, outer = source.resolve(), to.resolve()
    if inner == outer or outer in inner.parents or (inner in outer.parents and source.is_dir()):
        raise UsageError(
            f"{source} and {to}, where the submissions go, lie in each other; name another source, "
            "or another folder with --to"
        )


@contextmanager
def _workshop(request: Request) -> Iterator[Path]:
    """Yield a folder to work in: beside the target, so that what is made needs only a new name."""
    place = None
    if not request.dry_run:
        request.to.parent.mkdir(parents=True, exist_ok=True)
        place = request.to.parent
    folder = Path(tempfile.mkdtemp(prefix=f".{request.to.name}.collecting-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _collect(request: Request, folder: Path) -> Collected:
    roster = rosters.read(request.roster) if request.roster else None
    with _found(request, roster) as (found, skipped, roster):
        work = _Work(request, folder, roster, notes=list(found.notes), passed_over=skipped)
        for number, delivery in enumerate(found.deliveries):
            _unpack(work, delivery, folder / "unpacked" / str(number))
    made = folder / "made"
    made.mkdir()
    names = _names(work)
    for identity, name in sorted(names.items(), key=lambda item: item[1]):
        _arrange(work, work.attempts[identity], name, made / name)
    planned, manifest = placing.changes(made, request.to, work.rows)
    collected = _report(work, found, names, planned)
    if not request.dry_run:
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
        placing.place(made, request.to, planned, manifest, stamp)
    return collected


@contextmanager
def _found(request: Request, roster: Roster | None) -> Iterator[tuple[Found, int, Roster | None]]:
    """Yield what the source holds, how much of it was passed over, and the roster."""
    source = request.source
    if source.is_dir():
        tree = read_folder(source)
        yield recognised(tree, request.layout, request.assignment), tree.passed_over, roster
    elif source.suffix.casefold() == ".csv":
        listed = rosters.read(source)
        yield _repositories(request, listed), 0, roster or listed
    else:
        with source.open("rb") as file:
            try:
                archive = Archive(file, request.zone)
            except Refused as why:
                raise UsageError(f"{source} cannot be used: {why}") from None
            with archive:
                tree = Tree(archive.tree.entries, archive.tree.notes, archive.tree.passed_over)
                found = recognised(tree, request.layout, request.assignment)
                yield found, tree.passed_over, roster


def _repositories(request: Request, listed: Roster) -> Found:
    """Return the repositories in a CSV file."""
    if not any(student.repository for student in listed.students):
        raise UsageError(
            f"{request.source} has no repository in any row; expected a column repository with "
            "paths or git URLs"
        )
    deliveries, notes = [], []
    for student in listed.students:
        if not student.repository:
            continue
        try:
            url = repositories.located(student.repository, request.source.parent)
        except Refused as why:
            notes.append(f"{student.id}: {shown(student.repository)} was ignored: {why}")
            continue
        deliveries.append(
            Delivery(
                label=student.repository,
                identity=("repository", student.id),
                who=Who(student.name, keys=(student.id, *sorted(student.keys))),
                fallback=student.id,
                contents=partial(repositories.cloned, url, request.before),
            )
        )
    return Found("repositories", deliveries, notes)


def _unpack(work: _Work, delivery: Delivery, folder: Path) -> None:
    unpacking = Unpacking(folder, work.request.zone)
    try:
        with delivery.contents() as contents:
            unpacking.add(contents.entries)
            submitted_at, source = contents.submitted_at, contents.source
            notes = [*delivery.notes, *contents.notes]
            work.passed_over += contents.passed_over
    except Refused as why:
        work.notes.append(f"{shown(delivery.label)} was ignored: {why}")
        return
    unpacked = unpacking.finish(work.request.expected)
    work.passed_over += unpacked.passed_over
    student = work.roster.find(delivery.who) if work.roster else None
    identity = ("roster", student.id) if student else delivery.identity
    if student:
        work.students[identity] = student
        if submitted_at is None and student.submitted_at:
            submitted_at = rosters.moment(student.submitted_at, work.request.zone)
    notes += unpacked.notes
    attempt = _Attempt(delivery, unpacked.folder, submitted_at, source, notes)
    work.attempts.setdefault(identity, []).append(attempt)


def _names(work: _Work) -> dict[tuple[str, ...], str]:
    """Return the name of each student's folder; no two are one where case is ignored."""
    names: dict[tuple[str, ...], str] = {
        identity: student.id for identity, student in work.students.items()
    }
    taken = {name.casefold() for name in names.values()}
    others = {identity: attempts[0].delivery for identity, attempts in work.attempts.items()}
    for identity, delivery in sorted(others.items()):
        if identity in names:
            continue
        name = delivery.fallback or f"student-{digest(repr(identity))}"
        if name.casefold() in taken:
            told_apart = f"{name}-{digest(repr(identity))}"
            work.attempts[identity][0].notes.append(f"there is another {name}")
            name = told_apart
        taken.add(name.casefold())
        names[identity] = name
    return names


def _arrange(work: _Work, attempts: list[_Attempt], name: str, target: Path) -> None:
    """Move the attempts of one student to where they belong, in the order of time."""
    attempts.sort(key=_order)
    for number, attempt in enumerate(attempts, start=1):
        several = len(attempts) > 1
        submission = f"{name}/attempt-{number}" if several else name
        folder = target / f"attempt-{number}" if several else target
        folder.parent.mkdir(exist_ok=True)
        attempt.folder.rename(folder)
        _date(folder, attempt.submitted_at or _UNKNOWN)
        called = name if attempt.label == name else f"{name} ({attempt.label})"
        work.notes += [f"{called}: {note}" for note in attempt.notes]
        if attempt.submitted_at:
            work.rows.append(Row(submission, attempt.submitted_at, attempt.source))
        else:
            work.untimed.append(submission)
    if len(attempts) > 1:
        last = attempts[-1]
        work.twice.append(
            f"{name}: {counted(len(attempts), 'attempt')}, the last one "
            f"{last.label}" + _of(last.submitted_at)
        )


def _order(attempt: _Attempt) -> tuple[datetime, int, list[tuple[int, str]]]:
    """Return a key for the order in time; attempt-10 comes behind attempt-9."""
    words = re.split(r"(\d+)", attempt.delivery.label)
    natural = [(int(word), "") if word.isdecimal() else (-1, word) for word in words]
    return attempt.submitted_at or _UNKNOWN, attempt.delivery.order, natural


def _of(moment: datetime | None) -> str:
    return f" of {moment.isoformat(timespec='seconds')}" if moment else ""


def _date(folder: Path, moment: datetime) -> None:
    """Date the files as they were handed in: what stands in for a lost manifest is no copy's."""
    seconds = max(0.0, moment.timestamp())
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (seconds, seconds))


def _report(
    work: _Work,
    found: Found,
    names: Mapping[tuple[str, ...], str],
    planned: placing.Changes,
) -> Collected:
    missing: Sequence[str] = ()
    strangers: Sequence[str] = ()
    if work.roster:
        there = {student.id for student in work.students.values()}
        missing = [each.called for each in work.roster.students if each.id not in there]
        strangers = [
            f"{name}  {work.attempts[identity][0].label}"
            for identity, name in sorted(names.items(), key=lambda item: item[1])
            if identity not in work.students
        ]
    request = work.request
    return Collected(
        assignment=request.assignment,
        source=request.source,
        to=request.to,
        layout=found.layout,
        students=len(names),
        submissions=sum(len(attempts) for attempts in work.attempts.values()),
        on_roster=len(work.roster.students) if work.roster else None,
        missing=missing,
        twice=work.twice,
        strangers=strangers,
        notes=work.notes,
        untimed=work.untimed,
        passed_over=work.passed_over,
        advice=found.advice,
        changes=planned,
        dry_run=request.dry_run,
    )
