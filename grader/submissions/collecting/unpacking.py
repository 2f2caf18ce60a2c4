"""One submission, from what was handed in to a folder: unpacked, bounded, unwrapped."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

from grader.messages.intake import mib
from grader.messages.text import counted
from grader.submissions.collecting.archives import Archive
from grader.submissions.collecting.paths import Refused, folded
from grader.submissions.collecting.sources import Entry, ignored

MAX_FILE_BYTES = 16 << 20
MAX_SUBMISSION_BYTES = 64 << 20
MAX_FILES = 2_000
MAX_NESTED = 2
MAX_ARCHIVES = 20
MAX_NESTED_LIST_BYTES = 1 << 20
MAX_NOTES = 20
_CHUNK_BYTES = 1 << 16
_OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")
_COPY = re.compile(r"(?P<stem>.+?)(?:-\d{1,2}| ?\(\d{1,2}\))(?P<ending>\.[A-Za-z]+)")
_ATTEMPT = re.compile(r"attempt-\d+", re.IGNORECASE)


@dataclass(slots=True)
class Unpacked:
    """What came of a submission."""

    folder: Path
    notes: list[str] = field(default_factory=list)
    files: int = 0
    passed_over: int = 0


class Unpacking:
    """Writes what a student handed in to a new folder, within limits for all of it together."""

    def __init__(self, folder: Path, zone: tzinfo | None) -> None:
        self._root = folder
        self._root.mkdir(parents=True)
        self._zone = zone
        self._left_bytes = MAX_SUBMISSION_BYTES
        self._left_files = MAX_FILES
        self._files: set[tuple[str, ...]] = set()
        self._folders: set[tuple[str, ...]] = set()
        self._archives = 0
        self.result = Unpacked(self._root)

    def add(
        self, entries: Iterable[Entry], *, depth: int = 0, prefix: tuple[str, ...] = ()
    ) -> None:
        """Write entries, those in archives among them too; what is not taken becomes a note."""
        for entry in sorted(entries, key=_rank):
            if not self._left_files:
                self._note(
                    f"it has more than {MAX_FILES} files; the others were ignored, "
                    "as for a zip bomb"
                )
                return
            self._left_files -= 1
            parts = prefix + entry.parts
            try:
                if _is_archive(entry):
                    self._unfold(entry, parts, depth)
                else:
                    self._write(entry, parts)
            except Refused as why:
                self._note(ignored("/".join(parts), str(why)))

    def _unfold(self, entry: Entry, parts: tuple[str, ...], depth: int) -> None:
        if depth >= MAX_NESTED:
            raise Refused(f"it is an archive in {counted(depth, 'archive')}; unpack it by hand")
        if self._archives == MAX_ARCHIVES:
            raise Refused(f"the submission has more than {MAX_ARCHIVES} archives")
        self._archives += 1
        packed = self._root.with_name(f"{self._root.name}.{self._archives}.zip")
        with entry.open() as stream:
            self._copy(stream, packed, MAX_SUBMISSION_BYTES)
        # What was handed in as a zip is the submission; a zip inside it is a folder of that name.
        inside = parts[:-1] if depth == 0 else (*parts[:-1], parts[-1][: -len(".zip")] or "zip")
        try:
            with (
                packed.open("rb") as file,
                Archive(file, self._zone, most_list_bytes=MAX_NESTED_LIST_BYTES) as archive,
            ):
                for note in archive.tree.notes:
                    self._note(f"{'/'.join(parts)}: {note}")
                self.result.passed_over += archive.tree.passed_over
                around = _around(archive.tree.entries) if depth == 0 else ()
                if around:
                    self._note(f"everything in {'/'.join(parts)} lay in {'/'.join(around)}/")
                entries = [
                    replace(each, parts=each.parts[len(around) :]) for each in archive.tree.entries
                ]
                self.add(entries, depth=depth + 1, prefix=inside)
        finally:
            packed.unlink()

    def _write(self, entry: Entry, parts: tuple[str, ...]) -> None:
        if entry.path.casefold().endswith(_OTHER_ARCHIVES):
            raise Refused("only zip archives are unpacked; unpack it by hand")
        if entry.size_bytes > MAX_FILE_BYTES:
            raise Refused(
                f"it has {mib(entry.size_bytes)} MiB, and at most {mib(MAX_FILE_BYTES)} are taken"
            )
        name = folded(parts)
        above = [name[:length] for length in range(1, len(name))]
        if name in self._files:
            raise Refused("there is another file of that name, but for upper and lower case")
        if name in self._folders or any(folder in self._files for folder in above):
            raise Refused("there is a file where a folder has to be")
        limit = min(MAX_FILE_BYTES, self._left_bytes)
        if entry.size_bytes > limit:
            raise Refused(f"the submission has more than {mib(MAX_SUBMISSION_BYTES)} MiB")
        with entry.open() as stream:
            target = self._root.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            self._left_bytes -= self._copy(stream, target, limit)
        self._files.add(name)
        self._folders.update(above)
        self.result.files += 1

    def _copy(self, stream: BinaryIO, target: Path, limit: int) -> int:
        """Copy at most `limit` bytes; nothing is left of what is refused on the way."""
        size = 0
        try:
            with target.open("xb") as file:
                while chunk := stream.read(_CHUNK_BYTES):
                    size += len(chunk)
                    _check(size, limit)
                    file.write(chunk)
        except Refused:
            target.unlink()
            raise
        return size

    def _note(self, text: str) -> None:
        self.result.notes.append(text)

    def finish(self, expected: Collection[str]) -> Unpacked:
        """Return the folder that is the submission: unwrapped, with the names that were asked for.

        `expected` are the names of files that students hand in.
        """
        folder = self._root
        while inner := _only_folder(folder):
            folder = inner
        result = self.result
        result.folder = folder
        if folder != self._root:
            inside = folder.relative_to(self._root).as_posix()
            result.notes.append(f"everything lay in {inside}/")
        for name in sorted(path.name for path in folder.iterdir()):
            if _ATTEMPT.fullmatch(name) and (folder / name).is_dir():
                # Such a folder means an attempt, and it is not for students to make more of them.
                other = f"{name}-folder"
                while (folder / other).exists():
                    other += "-"
                (folder / name).rename(folder / other)
                result.notes.append(f"the folder {name} was renamed {other}")
        result.notes.extend(_restore(folder, expected))
        if not result.files:
            result.notes.append("nothing is left of it; an empty folder stands for it")
        if len(result.notes) > MAX_NOTES:
            more = len(result.notes) - MAX_NOTES
            result.notes[MAX_NOTES:] = [f"and {counted(more, 'more note')} like these"]
        return result


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise Refused(f"it has more than {mib(limit)} MiB")


def _is_archive(entry: Entry) -> bool:
    return entry.parts[-1].casefold().endswith(".zip")


def _around(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the folders that lie around all of the entries."""
    folders = [entry.parts[:-1] for entry in entries] or [()]
    least, most = min(folders), max(folders)
    alike = (first == last for first, last in zip(least, most, strict=False))
    return least[: sum(takewhile(bool, alike))]


def _rank(entry: Entry) -> tuple[bool, bool, int, bool]:
    """Code before photographs, files before archives, `solution.py` before `Solution.py`."""
    name = entry.parts[-1]
    code = name.casefold().endswith((".py", ".ipynb", ".yaml", ".yml", ".md", ".txt"))
    return _is_archive(entry), not code, len(entry.parts), name != name.casefold()


def _only_folder(folder: Path) -> Path | None:
    """Return the folder in a folder that holds nothing else."""
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else None


def _restore(folder: Path, expected: Collection[str]) -> list[str]:
    """Rename `solution-1.py` to `solution.py` where there is none; return what was done."""
    notes = []
    there = {path.name.casefold(): path for path in sorted(folder.iterdir())}
    alike: dict[str, list[Path]] = {}
    for path in there.values():
        found = _COPY.fullmatch(path.name)
        if found and path.is_file():
            alike.setdefault((found["stem"] + found["ending"]).casefold(), []).append(path)
    for name in sorted(expected):
        copies = alike.get(name.casefold(), [])
        if name.casefold() in there or not copies:
            continue
        if len(copies) > 1:
            names = " and ".join(path.name for path in copies)
            notes.append(f"there is no {name}, but {names}; rename the one that counts")
        else:
            copies[0].rename(folder / name)
            notes.append(f"{copies[0].name} was renamed {name}")
    return notes
