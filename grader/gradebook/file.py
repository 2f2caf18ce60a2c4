"""The SQLite file that a gradebook is kept in: its tables, its format, its transactions."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

from grader.errors import GradebookError
from grader.gradebook import codec

FORMAT = 3
OLDER = frozenset({1, 2})  # formats that are brought up to date when the file is opened
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
CREATE TABLE IF NOT EXISTS lateness_changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT, assignment TEXT NOT NULL, submission TEXT NOT NULL,
    record BLOB NOT NULL);
"""
"""Format 1 had no changes.  Format 2 had no lateness, which its readers would pass over.  All else
in them is as it was."""

_FULL = "make room on its disk and run this again; what was graded before is kept"
_LOCKED = "another program is writing to it; run this again when that has ended"
_BROKEN = "put back a copy of it, or move the file away to start a new one"
_OTHER = "make the folder writable, or move the file away to start a new one"
_ADVICE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _FULL,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _BROKEN,
    sqlite3.SQLITE_NOTADB: _BROKEN,
}
"""What to do, by the kind of trouble; moving away a gradebook that is only busy would lose it."""


class GradebookFile:
    """A gradebook's file, open; several threads and processes may use it at once."""

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
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
        if "meta" in tables:
            self._check_format(*map(str, OLDER))
        elif tables:
            raise GradebookError(
                f"{self._path} is a database, but no gradebook; it is left as it is. Move it away, "
                "or name another folder for the reports"
            )
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
        malformed = isinstance(error, UnicodeDecodeError)
        code = sqlite3.SQLITE_CORRUPT if malformed else getattr(error, "sqlite_errorcode", 0) & 0xFF
        advice = _ADVICE.get(code, _OTHER)
        return GradebookError(f"the gradebook {self._path} cannot be used: {error}; {advice}")

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Raise what SQLite has to complain about as a GradebookError."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # of what is not even told in UTF-8
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

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        stored = [codec.storable_text(value) for value in values]
        with (
            self._lock,
            self._in_words(),
            closing(self._connection.execute(query, stored)) as cursor,
        ):
            return cursor.fetchall()

    def _each(self, query: str, *values: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query one by one: all of them may be too much at a time."""
        stored = [codec.storable_text(value) for value in values]
        with (
            self._lock,
            self._in_words(),
            closing(self._connection.execute(query, stored)) as cursor,
        ):
            yield from cursor

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
