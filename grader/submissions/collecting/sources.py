"""What is handed in, before it is trusted: entries of a zip, a folder or a repository."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from grader.submissions.collecting.paths import Refused, parts_of, passed_over, shown

MAX_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that can be opened once; what it says of its size need not be true."""

    parts: tuple[str, ...]
    size_bytes: int
    open: Callable[[], BinaryIO]  # raises Refused
    modified: datetime | None = None

    @property
    def path(self) -> str:
        """The path as text."""
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class Tree:
    """Files under their paths, what was refused at sight, and how much was passed over."""

    entries: Sequence[Entry]
    notes: Sequence[str] = ()
    passed_over: int = 0
    root: Path | None = None  # of a folder on disk


@dataclass(frozen=True, slots=True)
class Contents:
    """What one student handed in at one time."""

    entries: Sequence[Entry]
    submitted_at: datetime | None
    source: str
    notes: Sequence[str] = ()
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Who:
    """What a source says of the student: the name, and whatever may stand in a roster."""

    name: str = ""
    keys: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # of the platform; they hold only together with the name


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that one student handed in; its contents are looked at when their turn comes."""

    label: str  # as the source calls it
    identity: tuple[str, ...]  # equal for two deliveries of one student
    who: Who
    fallback: str  # the student's id if nobody on the roster is meant
    contents: Callable[[], AbstractContextManager[Contents]]  # raises Refused
    notes: tuple[str, ...] = ()
    order: int = 0  # among deliveries of one student of the same time


def ignored(name: str, why: str) -> str:
    """Return the line of the report on something that was not taken."""
    return f"{shown(name)} was ignored: {why}"


def read_folder(root: Path) -> Tree:
    """Return the files below a folder; links are not followed.  Raises OSError."""
    entries: list[Entry] = []
    notes: list[str] = []
    skipped = 0
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        for item in sorted(os.scandir(folder), key=lambda found: found.name):
            path = Path(item.path)
            name = os.fsencode(path.relative_to(root)).decode("utf-8", "replace")
            if passed_over(item.name):
                skipped += 1
                continue
            if len(entries) + len(notes) >= MAX_ENTRIES:
                notes.append(f"it has more than {MAX_ENTRIES} files; the others were not read")
                return Tree(entries, notes, skipped, root)
            try:
                _check(item)
                parts = parts_of(name)
                if item.is_dir(follow_symlinks=False):
                    waiting.append(path)
                else:
                    found = item.stat(follow_symlinks=False)
                    modified = datetime.fromtimestamp(found.st_mtime).astimezone()
                    opener = _Opener(path)
                    entries.append(Entry(parts, found.st_size, opener, modified))
            except Refused as why:
                notes.append(ignored(name, str(why)))
    entries.sort(key=lambda entry: entry.parts)
    return Tree(entries, notes, skipped, root)


def _check(item: os.DirEntry[str]) -> None:
    if item.is_symlink():
        raise Refused("it is a link")
    if not (item.is_dir(follow_symlinks=False) or item.is_file(follow_symlinks=False)):
        raise Refused("it is not a regular file")


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens a file without following a link that it may have become, and without waiting."""

    path: Path

    def __call__(self) -> BinaryIO:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            file = os.fdopen(os.open(self.path, flags | getattr(os, "O_BINARY", 0)), "rb")
        except OSError as error:
            raise Refused(f"it cannot be read: {error.strerror}") from None
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise Refused("it is not a regular file")
        return file
