"""When submissions were handed in, as the place where that happened recorded it: `manifest.csv`.

It lies among the folders of the students::

    submission,submitted_at,source
    ada,2026-10-01T22:10:05+02:00,canvas
    ben/attempt-2,2026-10-02T07:30:00Z,gradescope

`grader collect` writes it, and so may a course.  It is the staff's, so what is wrong with it stops
the grading rather than being passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.errors import UsageError
from grader.spec.faults import shown
from grader.submissions.folder import MANIFEST

HEADER = ("submission", "submitted_at", "source")
MAX_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a manifest."""

    submitted_at: datetime
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The lines of a manifest, by submission: a student, or a student and an attempt."""

    entries: Mapping[str, Entry] = field(default_factory=dict)


def read(folder: Path | None) -> Manifest:
    """Return the manifest in a folder of submissions; an empty one if there is none.

    Raises UsageError for a file that is no manifest, with the line.
    """
    if folder is None or not (folder / MANIFEST).is_file():
        return Manifest()
    file = folder / MANIFEST
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise UsageError(f"{file} is larger than {MAX_BYTES >> 20} MiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    entries: dict[str, Entry] = {}
    for line, name, entry in _lines(file, text):
        if name in entries:
            raise UsageError(f"{file}:{line}: {shown(name)} stands twice; keep one of the lines")
        entries[name] = entry
    return Manifest(entries)


def _lines(file: Path, text: str) -> Iterator[tuple[int, str, Entry]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = reader.fieldnames or []
        if not set(HEADER[:2]) <= set(header):
            raise UsageError(
                f"{file}:1: found the columns {', '.join(header) or '(none)'}; expected "
                f"{','.join(HEADER)}"
            )
        for row in reader:
            name = (row["submission"] or "").strip()
            written = (row["submitted_at"] or "").strip()
            where = f"{file}:{reader.line_num}"
            if not name:
                raise UsageError(
                    f"{where}: no submission is named; expected <student>, or <student>/attempt-2"
                )
            by = (row.get("source") or "").strip()
            yield reader.line_num, name, Entry(_moment(where, written), by)
    except csv.Error as error:
        raise UsageError(f"{file}:{reader.reader.line_num}: not CSV: {error}") from None


def _moment(where: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UsageError(
            f"{where}: found {shown(text)}; expected a time with its offset from UTC, as in "
            "2026-10-01T22:10:05+02:00"
        )
    return found
