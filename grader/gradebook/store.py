"""The gradebook's file: SQLite in the reports folder.

A submission's results are written in one transaction as soon as it is graded.  Whatever kills the
grader, the file holds whole submissions only, and the next run goes on from there.

    meta         format of the file
    outlines     per assignment, what the reports show of it
    submissions  per submission, its notes, sources and usage
    results      per submission and problem, the parts, and the key of all that they depend on
    changes      what a result that was replaced had given, and when, written with its replacement
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from grader import messages
from grader.errors import GradebookError
from grader.gradebook import codec
from grader.gradebook.changes import changed_parts, now
from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    Change,
    PartResult,
    ProblemOutline,
    ProblemResult,
    Status,
    SubmissionResult,
)

FORMAT = 2
OLDER = frozenset({1})  # formats that are brought up to date when the file is opened
FILE = "grades.sqlite"
BUSY_S = 30.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outlines (
    assignment TEXT PRIMARY KEY, record BLOB NOT NULL, notes BLOB NOT NULL,
    unconfined INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS submissions (
    assignment TEXT NOT NULL, submission TEXT NOT NULL, listed INTEGER NOT NULL,
    record BLOB NOT NULL, PRIMARY KEY (assignment, submission));
CREATE TABLE IF NOT EXISTS results (
    assignment TEXT NOT NULL, submission TEXT NOT NULL, problem TEXT NOT NULL,
    key TEXT NOT NULL, record BLOB NOT NULL,
    PRIMARY KEY (assignment, submission, problem));
CREATE TABLE IF NOT EXISTS changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT, assignment TEXT NOT NULL, submission TEXT NOT NULL,
    record BLOB NOT NULL);
"""
"""Format 1 had no changes; everything else in it is as it was."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A problem's result as it was stored, with the key under which it is still good."""

    key: str
    result: ProblemResult


class Gradebook:
    """The results of all assignments; several threads and processes may use it at once."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; None keeps everything in memory.  Raises GradebookError."""
        self._path = path
        self._lock = threading.RLock()
        self._runs: dict[str, str] = {}  # per assignment, when this grading of it began
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path or ":memory:", timeout=BUSY_S, check_same_thread=False, isolation_level=None
            )
        except (FileExistsError, NotADirectoryError) as error:
            raise GradebookError(
                f"found a file {error.filename}; expected a folder, where the reports go; "
                "move the file away, or name another folder"
            ) from None
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error
        try:
            with self._in_words():
                self._prepare()
        except GradebookError:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        # The format is read first: nothing is written to a file of another version.
        connection = self._connection
        known = "SELECT 1 FROM sqlite_master WHERE name='meta'"
        if connection.execute(known).fetchone() is not None:
            self._check_format(*map(str, OLDER))
        self._write_ahead()
        connection.execute("PRAGMA synchronous=NORMAL")
        with self._transaction():
            for statement in filter(str.strip, _SCHEMA.split(";")):
                connection.execute(statement)
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('format', ?)", (str(FORMAT),))
            self._check_format(*map(str, OLDER))
            connection.execute("UPDATE meta SET value=? WHERE name='format'", (str(FORMAT),))
        self._check_format()

    def _write_ahead(self) -> None:
        # While others open a new file at the same moment, SQLite answers "locked" to this without
        # waiting.
        until_s = time.monotonic() + BUSY_S
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > until_s:
                    raise
                time.sleep(0.02)
            else:
                return

    def _check_format(self, *older: str) -> None:
        query = "SELECT value FROM meta WHERE name='format'"
        (found,) = self._connection.execute(query).fetchone() or ("none",)
        if found not in (str(FORMAT), *older):
            raise GradebookError(
                f"the gradebook {self._path} has format {found}; this version reads {FORMAT}. "
                "Move the file away to start a new one."
            )

    def _unusable(self, error: Exception) -> GradebookError:
        return GradebookError(
            f"the gradebook {self._path} cannot be used: {error}; "
            "make the folder writable, or move the file away to start a new one"
        )

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Raise what SQLite has to complain about as a GradebookError."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        """Return the gradebook itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def kept(self, assignment: str) -> dict[tuple[str, str], Kept]:
        """Return every stored result of an assignment by submission and problem."""
        return self._kept(
            "SELECT submission, problem, key, record FROM results WHERE assignment=?", assignment
        )

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
    ) -> None:
        """Write down what is being graded; submissions that are gone are no longer listed."""
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

    def commit(self, result: SubmissionResult) -> None:
        """Write the results of a submission; problems that it does not mention stay as they are.

        What a replaced result had given is written down in the same transaction.
        """
        about = replace(result, problems=())
        assignment, submission = map(codec.storable_text, (result.assignment, result.submission))
        with self._lock, self._in_words(), self._transaction():
            changes = self._changes(assignment, submission, result)
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

    def _changes(
        self, assignment: str, submission: str, result: SubmissionResult
    ) -> tuple[Change, ...]:
        """Return what a result changes in those that are stored, before they are replaced."""
        kept = self._kept(
            "SELECT submission, problem, key, record FROM results "
            "WHERE assignment=? AND submission=?",
            assignment,
            submission,
        )
        rows = self._rows(
            "SELECT record FROM submissions WHERE assignment=? AND submission=?",
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
                files_changed=any(
                    dict(_about(assignment, submission, record).sources) != sources
                    for (record,) in rows
                ),
            )
        )

    def report(self, assignment: str) -> AssignmentReport | None:
        """Return all that the reports of an assignment are made from.

        None if it was never graded, or only by a version that wrote other records.
        """
        with self._lock, self._in_words(), self._transaction("DEFERRED"):
            outlines = self._rows(
                "SELECT record, notes, unconfined FROM outlines WHERE assignment=?", assignment
            )
            kept = self.kept(assignment)
            rows = self._rows(
                "SELECT submission, record FROM submissions WHERE assignment=? AND listed=1 "
                "ORDER BY submission",
                assignment,
            )
            written = self._rows(
                "SELECT record FROM changes WHERE assignment=? ORDER BY number", assignment
            )
        try:
            ((record, notes, unconfined),) = outlines
            outline = codec.load(record, AssignmentOutline)
            about_all = codec.load(notes, tuple[str, ...])
        except ValueError:
            return None
        submissions = []
        for name, record in rows:
            results = [
                kept[name, problem.id].result
                if (name, problem.id) in kept
                else _not_graded(problem)
                for problem in outline.problems
            ]
            submissions.append(_joined(_about(assignment, name, record), results))
        listed = {submission.submission for submission in submissions}
        changes = tuple(change for change in _changes_in(written) if change.submission in listed)
        return AssignmentReport(outline, tuple(submissions), about_all, bool(unconfined), changes)

    def printed_kib(self, assignment: str, submission: str) -> float:
        """Return how much a submission printed when it last ran, in KiB; 0 if it never did."""
        rows = self._rows(
            "SELECT record FROM submissions WHERE assignment=? AND submission=?",
            assignment,
            submission,
        )
        with suppress(ValueError):  # written by another version
            return sum(codec.load(record, SubmissionResult).output_kib for (record,) in rows)
        return 0.0

    def assignments(self) -> list[str]:
        """Return the ids of all assignments that were ever graded, sorted."""
        return [row[0] for row in self._rows("SELECT assignment FROM outlines ORDER BY 1")]

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        stored = [codec.storable_text(value) for value in values]
        with (
            self._lock,
            self._in_words(),
            closing(self._connection.execute(query, stored)) as cursor,
        ):
            return cursor.fetchall()

    @contextmanager
    def _transaction(self, kind: str = "IMMEDIATE") -> Iterator[None]:
        """BEGIN … COMMIT, or ROLLBACK if anything goes wrong in between."""
        self._connection.execute(f"BEGIN {kind}")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _about(assignment: str, submission: str, record: bytes) -> SubmissionResult:
    """Return what is kept about a submission; its name alone if another version wrote it."""
    try:
        return codec.load(record, SubmissionResult)
    except ValueError:
        return SubmissionResult(assignment, submission, ())


def _changes_in(rows: Iterable[tuple[bytes]]) -> Iterator[Change]:
    """Yield the changes that were written down; those of another version are passed over."""
    for (record,) in rows:
        with suppress(ValueError):
            yield codec.load(record, Change)


def _not_graded(problem: ProblemOutline) -> ProblemResult:
    """Return the result of a problem that was left out of every run so far."""
    parts = tuple(
        PartResult(part.id, Status.SKIPPED, Fraction(0), part.max_points, messages.calls.NOT_GRADED)
        for part in problem.parts
    )
    return ProblemResult(problem.id, "", parts)


def _joined(about: SubmissionResult, results: list[ProblemResult]) -> SubmissionResult:
    wall_s = sum(part.wall_s for result in results for part in result.parts)
    return replace(about, problems=tuple(results), wall_s=wall_s)
