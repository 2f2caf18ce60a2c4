"""The gradebook's file: SQLite in the reports folder.

A submission's results are written in one transaction as soon as it is graded.  Whatever kills the
grader, the file holds whole submissions only, and the next run goes on from there.

    meta         format of the file
    outlines     per assignment, what the reports show of it
    submissions  per submission, its notes, sources and usage
    results      per submission and problem, the parts, and the key of all that they depend on
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from grader import messages
from grader.errors import GradebookError
from grader.gradebook import codec
from grader.records import (
    AssignmentOutline,
    AssignmentReport,
    PartResult,
    ProblemOutline,
    ProblemResult,
    Status,
    SubmissionResult,
)

FORMAT = 1
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
"""


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
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path or ":memory:", timeout=BUSY_S, check_same_thread=False, isolation_level=None
            )
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise GradebookError(
                f"the gradebook {path} cannot be used: {error}; "
                "make the folder writable, or move the file away to start a new one"
            ) from error

    def _prepare(self) -> None:
        connection = self._connection
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        with self._transaction():
            for statement in filter(str.strip, _SCHEMA.split(";")):
                connection.execute(statement)
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('format', ?)", (str(FORMAT),))
        (found,) = connection.execute("SELECT value FROM meta WHERE name='format'").fetchone()
        if found != str(FORMAT):
            raise GradebookError(
                f"the gradebook {self._path} has format {found}; this version reads {FORMAT}. "
                "Move the file away to start a new one."
            )

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
        rows = self._rows(
            "SELECT submission, problem, key, record FROM results WHERE assignment=?", assignment
        )
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
        with self._lock, self._transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO outlines VALUES (?, ?, ?, ?)",
                (outline.id, codec.dump(outline), codec.dump(tuple(notes)), int(unconfined)),
            )
            self._connection.execute(
                "UPDATE submissions SET listed=0 WHERE assignment=?", (outline.id,)
            )
            self._connection.executemany(
                "UPDATE submissions SET listed=1 WHERE assignment=? AND submission=?",
                [(outline.id, submission) for submission in submissions],
            )

    def commit(self, result: SubmissionResult) -> None:
        """Write the results of a submission; problems that it does not mention stay as they are."""
        about = replace(result, problems=())
        with self._lock, self._transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO submissions VALUES (?, ?, 1, ?)",
                (result.assignment, result.submission, codec.dump(about)),
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)",
                [
                    (result.assignment, result.submission, p.problem, p.key, codec.dump(p))
                    for p in result.problems
                ],
            )

    def report(self, assignment: str) -> AssignmentReport | None:
        """Return all that the reports of an assignment are made from; None if it is not there."""
        with self._lock:
            row = self._connection.execute(
                "SELECT record, notes, unconfined FROM outlines WHERE assignment=?", (assignment,)
            ).fetchone()
            if row is None:
                return None
            outline = codec.load(row[0], AssignmentOutline)
            kept = self.kept(assignment)
            rows = self._rows(
                "SELECT record FROM submissions WHERE assignment=? AND listed=1 "
                "ORDER BY submission",
                assignment,
            )
        submissions = []
        for (record,) in rows:
            about = codec.load(record, SubmissionResult)
            results = [
                kept[about.submission, problem.id].result
                if (about.submission, problem.id) in kept
                else _not_graded(problem)
                for problem in outline.problems
            ]
            submissions.append(_joined(about, results))
        notes = codec.load(row[1], tuple[str, ...])
        return AssignmentReport(outline, tuple(submissions), notes, bool(row[2]))

    def assignments(self) -> list[str]:
        """Return the ids of all assignments that were ever graded, sorted."""
        return [row[0] for row in self._rows("SELECT assignment FROM outlines ORDER BY 1")]

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._connection.execute(query, values)) as cursor:
            return cursor.fetchall()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT, or ROLLBACK if anything goes wrong in between."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self._connection.execute("ROLLBACK" if kind else "COMMIT")


def _not_graded(problem: ProblemOutline) -> ProblemResult:
    """Return the result of a problem that was left out of every run so far."""
    parts = tuple(
        PartResult(part.id, Status.SKIPPED, Fraction(0), part.max_points, messages.NOT_GRADED)
        for part in problem.parts
    )
    return ProblemResult(problem.id, "", parts)


def _joined(about: SubmissionResult, results: list[ProblemResult]) -> SubmissionResult:
    wall_s = sum(part.wall_s for result in results for part in result.parts)
    return replace(about, problems=tuple(results), wall_s=wall_s)
