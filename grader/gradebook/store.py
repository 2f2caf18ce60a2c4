"""The gradebook's file: SQLite in the reports folder.

A submission's results are written in one transaction as soon as it is graded.  Whatever kills the
grader, the file holds whole submissions only, and the next run goes on from there.

    meta         format of the file
    outlines     per assignment, what the reports show of it
    submissions  per submission, its notes, sources and usage
    results      per submission and problem, the parts, and the key of all that they depend on
    changes      what a result that was replaced had given, and when, written with its replacement
    lateness_changes  the same for what lateness costs
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from grader import messages
from grader.errors import GradebookError
from grader.gradebook import attempts, brief, codec
from grader.gradebook.brief import Brief
from grader.gradebook.changes import changed_lateness, changed_parts, now
from grader.gradebook.codec import RecordT
from grader.gradebook.file import GradebookFile
from grader.records import (
    Arrival,
    AssignmentOutline,
    AssignmentReport,
    Change,
    LatenessChange,
    PartResult,
    ProblemOutline,
    ProblemResult,
    Status,
    SubmissionResult,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A problem's result as it was stored, with the key under which it is still good."""

    key: str
    result: ProblemResult


class Gradebook(GradebookFile):
    """The results of all assignments; several threads and processes may use it at once."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; None keeps everything in memory.  Raises GradebookError."""
        super().__init__(path)
        self._runs: dict[str, str] = {}  # per assignment, when this grading of it began

    def kept(self, assignment: str) -> dict[tuple[str, str], Kept]:
        """Return every stored result of an assignment by submission and problem.

        Raises GradebookError for one that is damaged.
        """
        query = "SELECT submission, problem, key, record FROM results WHERE assignment=?"
        self._require_sound(assignment, self._rows(query, assignment))
        return self._kept(query, assignment)

    def keys(self, assignment: str) -> dict[tuple[str, str], str]:
        """Return the key of every stored result of an assignment by submission and problem.

        Those that are damaged, and all of a submission of which that is so, are left out: they are
        good for nothing but to be made again.
        """
        about = "SELECT submission, record FROM submissions WHERE assignment=?"
        whole = {name for name, record in self._each(about, assignment) if codec.sound(record)}
        results = "SELECT submission, problem, key, record FROM results WHERE assignment=?"
        return {
            (submission, problem): key
            for submission, problem, key, record in self._each(results, assignment)
            if submission in whole and codec.sound(record)
        }

    def _require_sound(self, assignment: str, rows: Iterable[tuple[Any, ...]]) -> None:
        for name, *_, record in rows:
            if not codec.sound(record):
                raise GradebookError(
                    f"the gradebook {self._path} is damaged where it holds {assignment}/{name}; "
                    f"nothing is made of it. Grade again what is damaged: grader grade {assignment}"
                )

    def result(self, assignment: str, submission: str, problem: str) -> ProblemResult | None:
        """Return the stored result of a problem, None if there is none that can be read."""
        kept = self._kept(
            "SELECT submission, problem, key, record FROM results "
            "WHERE assignment=? AND submission=? AND problem=?",
            assignment,
            submission,
            problem,
        )
        return next((found.result for found in kept.values()), None)

    def _kept(self, query: str, *values: str) -> dict[tuple[str, str], Kept]:
        rows = self._rows(query, *values)
        found = {}
        for submission, problem, key, record in rows:
            try:
                result = codec.load(record, ProblemResult)
            except ValueError:
                continue  # written by another version: not good any more, so it is graded again
            found[(submission, problem)] = Kept(key, result)
        return found

    def open_assignment(
        self,
        outline: AssignmentOutline,
        submissions: Iterable[str],
        notes: Iterable[str],
        *,
        unconfined: bool,
        arrivals: Mapping[str, Arrival] = MappingProxyType({}),
    ) -> None:
        """Write down what is being graded; submissions that are gone are no longer listed.

        `arrivals` tells of submissions whose results stay as they are how they came: a due date,
        an extension or a time may be another than when they were graded.
        """
        name = codec.storable_text(outline.id)
        self._runs[name] = now()
        with self._lock, self._in_words(), self._transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO outlines VALUES (?, ?, ?, ?)",
                (name, codec.dump(outline), codec.dump(tuple(notes)), int(unconfined)),
            )
            self._connection.execute("UPDATE submissions SET listed=0 WHERE assignment=?", (name,))
            self._connection.executemany(
                "UPDATE submissions SET listed=1 WHERE assignment=? AND submission=?",
                [(name, codec.storable_text(submission)) for submission in submissions],
            )
            for submission, arrival in arrivals.items():
                self._rearrive(name, codec.storable_text(submission), arrival)

    def _rearrive(self, assignment: str, submission: str, arrival: Arrival) -> None:
        for before in self._stored(assignment, submission):
            if before.arrival == arrival:
                continue
            after = replace(before, arrival=arrival)
            self._connection.execute(
                "UPDATE submissions SET record=? WHERE assignment=? AND submission=?",
                (codec.dump(after), assignment, submission),
            )
            self._write_lateness(before, after)

    def _write_lateness(self, before: SubmissionResult, after: SubmissionResult) -> None:
        assignment, submission = map(codec.storable_text, (after.assignment, after.submission))
        at = now()
        run = self._runs.get(assignment, at)
        self._connection.executemany(
            "INSERT INTO lateness_changes (assignment, submission, record) VALUES (?, ?, ?)",
            [
                (assignment, submission, codec.dump(change))
                for change in changed_lateness(before, after, run=run, at=at)
            ],
        )

    def commit(self, result: SubmissionResult) -> None:
        """Write the results of a submission; problems that it does not mention stay as they are.

        What a replaced result had given is written down in the same transaction.
        """
        about = replace(result, problems=())
        assignment, submission = map(codec.storable_text, (result.assignment, result.submission))
        with self._lock, self._in_words(), self._transaction():
            stored = self._stored(assignment, submission)
            changes = self._changes(assignment, submission, result, stored)
            for before in stored:
                self._write_lateness(before, about)
            self._connection.execute(
                "INSERT OR REPLACE INTO submissions VALUES (?, ?, 1, ?)",
                (assignment, submission, codec.dump(about)),
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)",
                [
                    (assignment, submission, codec.storable_text(p.problem), p.key, codec.dump(p))
                    for p in result.problems
                ],
            )
            self._connection.executemany(
                "INSERT INTO changes (assignment, submission, record) VALUES (?, ?, ?)",
                [(assignment, submission, codec.dump(change)) for change in changes],
            )

    def _stored(self, assignment: str, submission: str) -> tuple[SubmissionResult, ...]:
        """Return what is kept about a submission, if there is anything."""
        rows = self._rows(
            "SELECT record FROM submissions WHERE assignment=? AND submission=?",
            assignment,
            submission,
        )
        return tuple(_about(assignment, submission, record) for (record,) in rows)

    def _changes(
        self,
        assignment: str,
        submission: str,
        result: SubmissionResult,
        stored: Iterable[SubmissionResult],
    ) -> tuple[Change, ...]:
        """Return what a result changes in those that are stored, before they are replaced."""
        kept = self._kept(
            "SELECT submission, problem, key, record FROM results "
            "WHERE assignment=? AND submission=?",
            assignment,
            submission,
        )
        sources = dict(result.sources)
        at = now()
        return tuple(
            changed_parts(
                {problem: found.result for (_, problem), found in kept.items()},
                result,
                run=self._runs.get(assignment, at),
                at=at,
                files_changed=any(dict(about.sources) != sources for about in stored),
            )
        )

    def report(self, assignment: str) -> AssignmentReport | None:
        """Return all that is stored of an assignment.

        None if it was never graded, or only by a version that wrote other records.
        """
        with self._lock, self._in_words(), self._transaction("DEFERRED"):
            kept = {at: found.result for at, found in self.kept(assignment).items()}
            rows = self._listed(assignment)
            self._require_sound(assignment, rows)
            told = self._told(assignment)
        if told is None:
            return None
        whole = [
            _joined(_about(assignment, name, record), told.outline, name, kept)
            for name, record in rows
        ]
        return told.report(whole)

    def brief(self, assignment: str) -> Brief | None:
        """Return of an assignment what does not stand on the pages of students alone.

        None as with `report`.
        """
        with self._lock, self._in_words(), self._transaction("DEFERRED"):
            results = self._rows(
                "SELECT submission, problem, record FROM results WHERE assignment=? "
                "ORDER BY submission, problem",
                assignment,
            )
            rows = self._listed(assignment)
            self._require_sound(assignment, (*results, *rows))
            told = self._told(assignment)
        if told is None:
            return None
        kept = {}
        for name, problem, record in results:
            with suppress(ValueError):  # written by another version
                kept[name, problem] = brief.problem(record)
        found = [
            _joined(_about(assignment, name, record, brief.about), told.outline, name, kept)
            for name, record in rows
        ]
        states = dict(brief.by_student(found, brief.states(rows, results)))
        state = brief.digest((told.stored, *(text for pair in states.items() for text in pair)))
        return Brief(told.report(found), states, state)

    def whole(self, assignment: str, student: str) -> SubmissionResult | None:
        """Return all that is stored of one student, None if there is nothing."""
        # Their attempts are called by their name and a slash, which 0 follows in every order.
        # The assignment stands there twice, or else SQLite would walk through all of its students.
        mine = (
            "((assignment=? AND submission=?) OR (assignment=? AND submission>? AND submission<?))"
        )
        values = (assignment, student, assignment, f"{student}/", f"{student}0")
        with self._lock, self._in_words(), self._transaction("DEFERRED"):
            kept = self._kept(
                f"SELECT submission, problem, key, record FROM results WHERE {mine}",  # noqa: S608
                *values,
            )
            rows = self._rows(
                f"SELECT submission, record FROM submissions WHERE {mine} AND listed=1 "  # noqa: S608
                "ORDER BY submission",
                *values,
            )
            outlines = self._outlines(assignment)
        try:
            ((stored, _, _),) = outlines
            outline = codec.load(stored, AssignmentOutline)
        except ValueError:
            return None
        results = {at: found.result for at, found in kept.items()}
        found = [
            _joined(_about(assignment, name, record), outline, name, results)
            for name, record in rows
        ]
        joined = attempts.by_student(found)
        return next((each for each in joined if each.submission == student), None)

    def state(self, assignment: str, submission: str) -> str:
        """Return the state that `brief` tells of a submission without attempts."""
        mine = (assignment, submission)
        with self._lock, self._in_words(), self._transaction("DEFERRED"):
            results = self._rows(
                "SELECT submission, problem, record FROM results "
                "WHERE assignment=? AND submission=? ORDER BY submission, problem",
                *mine,
            )
            rows = self._rows(
                "SELECT submission, record FROM submissions WHERE assignment=? AND submission=?",
                *mine,
            )
        return brief.states(rows, results)[codec.storable_text(submission)]

    def _listed(self, assignment: str) -> list[tuple[str, bytes]]:
        return self._rows(
            "SELECT submission, record FROM submissions WHERE assignment=? AND listed=1 "
            "ORDER BY submission",
            assignment,
        )

    def _outlines(self, assignment: str) -> list[tuple[bytes, bytes, int]]:
        return self._rows(
            "SELECT record, notes, unconfined FROM outlines WHERE assignment=?", assignment
        )

    def _told(self, assignment: str) -> _Told | None:
        """Return what is stored of an assignment as a whole."""
        outlines = self._outlines(assignment)
        written, redated = (
            self._rows(f"SELECT record FROM {table} WHERE assignment=? ORDER BY number", assignment)  # noqa: S608
            for table in ("changes", "lateness_changes")
        )
        try:
            ((record, notes, unconfined),) = outlines
            return _Told(
                codec.load(record, AssignmentOutline),
                codec.load(notes, tuple[str, ...]),
                bool(unconfined),
                tuple(_read(written, Change)),
                tuple(_read(redated, LatenessChange)),
                brief.digest(
                    (record, notes, str(unconfined), *(each for (each,) in (*written, *redated)))
                ),
            )
        except ValueError:
            return None

    def printed_kib(self, assignment: str, submission: str) -> float:
        """Return how much a submission printed when it last ran, in KiB; 0 if it never did."""
        return sum(about.output_kib for about in self._stored(assignment, submission))

    def assignments(self) -> list[str]:
        """Return the ids of all assignments that were ever graded, sorted."""
        return [row[0] for row in self._rows("SELECT assignment FROM outlines ORDER BY 1")]


@dataclass(frozen=True, slots=True)
class _Told:
    """What is stored of an assignment as a whole."""

    outline: AssignmentOutline
    notes: tuple[str, ...]
    unconfined: bool
    changes: tuple[Change, ...]
    lateness_changes: tuple[LatenessChange, ...]
    stored: str  # a digest of all of it

    def report(self, submissions: Sequence[SubmissionResult]) -> AssignmentReport:
        """Return a report of these submissions, one for each student."""
        return AssignmentReport(
            self.outline,
            attempts.by_student(submissions),
            self.notes,
            self.unconfined,
            attempts.of_students(self.changes, submissions),
            attempts.of_students(self.lateness_changes, submissions),
        )


def _everything(record: bytes) -> SubmissionResult:
    return codec.load(record, SubmissionResult)


def _about(
    assignment: str,
    submission: str,
    record: bytes,
    read: Callable[[bytes], SubmissionResult] = _everything,
) -> SubmissionResult:
    """Return what is kept about a submission; its name alone if another version wrote it."""
    try:
        found = read(record)
    except ValueError:
        return SubmissionResult(assignment, submission, ())
    # A damaged column may name another than the record does.
    return found if found.submission == submission else replace(found, submission=submission)


def _read(rows: Iterable[tuple[bytes]], kind: type[RecordT]) -> Iterator[RecordT]:
    """Yield the records that were written down; those of another version are passed over."""
    for (record,) in rows:
        with suppress(ValueError):
            yield codec.load(record, kind)


def _not_graded(problem: ProblemOutline) -> ProblemResult:
    """Return the result of a problem that was left out of every run so far."""
    parts = tuple(
        PartResult(part.id, Status.SKIPPED, Fraction(0), part.max_points, messages.calls.NOT_GRADED)
        for part in problem.parts
    )
    return ProblemResult(problem.id, "", parts)


def _joined(
    about: SubmissionResult,
    outline: AssignmentOutline,
    name: str,
    kept: Mapping[tuple[str, str], ProblemResult],
) -> SubmissionResult:
    """Return a submission with the results of all problems of the outline."""
    results = tuple(
        kept.get((name, problem.id)) or _not_graded(problem) for problem in outline.problems
    )
    wall_s = sum(part.wall_s for result in results for part in result.parts)
    return replace(about, problems=results, wall_s=wall_s)
