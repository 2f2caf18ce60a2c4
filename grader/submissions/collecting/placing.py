"""From a finished folder to its place: nothing half done is seen there, and nothing is lost."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.submissions.collecting.paths import passed_over
from grader.submissions.folder import MANIFEST
from grader.submissions.manifest import HEADER
from grader.submissions.manifest import read as read_manifest

_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the manifest."""

    submission: str
    submitted_at: datetime
    source: str


@dataclass(slots=True)
class Changes:
    """What is, or would be, different in the folder of submissions; the students of each sort."""

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # not in the source
    manifest: bool = False
    earlier: Path | None = None  # where what was replaced lies now


def changes(made: Path, to: Path, rows: Sequence[Row]) -> tuple[Changes, bytes]:
    """Return what putting the folders in `made` into `to` would change, and the new manifest.

    Raises UsageError if the manifest that is there is none.
    """
    result = Changes()
    students = {path.name for path in made.iterdir()}
    there = {path.name for path in to.iterdir() if path.is_dir()} if to.is_dir() else set()
    for name in sorted(students):
        if not (to / name).exists() and not (to / name).is_symlink():
            result.new.append(name)
        elif (to / name).is_symlink() or _digest(to / name) != _digest(made / name):
            result.replaced.append(name)
        else:
            result.unchanged.append(name)
    result.kept = sorted(name for name in there - students if not passed_over(name))
    text = _manifest(to, rows, students)
    file = to / MANIFEST
    result.manifest = (file.read_bytes() if file.is_file() else b"") != text
    return result, text


def place(made: Path, to: Path, planned: Changes, manifest: bytes, stamp: str) -> None:
    """Move what is new or different to its place; what it replaces is moved aside."""
    to.mkdir(parents=True, exist_ok=True)
    if planned.replaced:
        planned.earlier = _fresh(to.with_name(f"{to.name}.replaced") / stamp)
    for name in (*planned.replaced, *planned.new):
        if planned.earlier and name in planned.replaced:
            (to / name).rename(planned.earlier / name)
        (made / name).rename(to / name)
    if planned.manifest and not manifest:
        (to / MANIFEST).unlink()
    elif planned.manifest:
        unfinished = made.parent / MANIFEST
        unfinished.write_bytes(manifest)
        unfinished.replace(to / MANIFEST)


def _fresh(folder: Path) -> Path:
    """Return a new folder of that name, or with a number behind it."""
    number, made = 1, folder
    while made.exists():
        number += 1
        made = folder.with_name(f"{folder.name}-{number}")
    made.mkdir(parents=True)
    return made


def _manifest(to: Path, rows: Sequence[Row], students: set[str]) -> bytes:
    """Return the manifest with these rows in place of those of the same students."""
    lines: dict[str, tuple[str, str]] = {
        name: (entry.submitted_at.isoformat(), entry.recorded_by)
        for name, entry in read_manifest(to).entries.items()
        if name.partition("/")[0] not in students
    }
    lines |= {
        row.submission: (row.submitted_at.isoformat(timespec="seconds"), row.source) for row in rows
    }
    if not lines:
        return b""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((name, *line) for name, line in sorted(lines.items()))
    return text.getvalue().encode()


def _digest(folder: Path) -> str:
    """Return a hash of the names and contents of all that lies in a folder."""
    digest = hashlib.sha256()
    for path in sorted(_walk(folder)):
        name = path.relative_to(folder).as_posix().encode("utf-8", "surrogatepass")
        digest.update(f"{len(name)}:".encode() + name)
        if path.is_symlink() or not path.is_file():
            digest.update(b"/")
            continue
        inner = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                inner.update(chunk)
        digest.update(inner.digest())
    return digest.hexdigest()


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        yield folder
        return
    for path in folder.iterdir():
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
