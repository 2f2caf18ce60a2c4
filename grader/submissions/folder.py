"""The folder with the submissions of an assignment, read with care.

Anything can lie there: stray files, links that lead out, files of fifty megabytes, names that no
one expected.  Each oddity becomes a note; none stops the others, and nothing is followed out of
the folder.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import re
import stat
import tokenize
from collections.abc import Collection as Names
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePath

from grader import messages
from grader.errors import UsageError
from grader.records import Notebook
from grader.spec.samples import EXPECT_NAME

MAX_FILE_BYTES = 5 << 20
MAX_NOTEBOOK_BYTES = 20 << 20  # most of it is outputs, which are not kept
MAX_TOTAL_BYTES = 32 << 20
MAX_FILES = 500
MAX_DEPTH = 8
MAX_SHOWN_BYTES = 200_000
IGNORED = frozenset({EXPECT_NAME})
SOLUTION = "solution.py"
NOTEBOOK = ".ipynb"
MANIFEST = "manifest.csv"
_ATTEMPT = re.compile(r"attempt-([1-9][0-9]{0,5})")
ENCODINGS = frozenset({"utf-8", "utf-8-sig", "ascii", "iso-8859-1", "iso-8859-15", "cp1252"})


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's folder, as it was read; of notebooks in it there is the code alone."""

    id: str
    files: Mapping[str, bytes]
    refused: Mapping[str, str] = field(default_factory=dict)  # files that are not run, and why
    notes: tuple[str, ...] = ()
    folder: Path | None = field(default=None, compare=False)  # where it was read
    submitted_at: datetime | None = None  # as whoever grades it says; a manifest wins
    attempt: int = 0  # its number, from 1; 0: the student has no attempts
    attempts: int = 0  # the number of the last attempt
    notebooks: tuple[Notebook, ...] = ()  # those that count as modules, which are in `files` too

    @property
    def student(self) -> str:
        """Whose it is: the id without the number of an attempt."""
        return self.id.removesuffix(f"/{attempt_folder(self.attempt)}")

    @property
    def digest(self) -> str:
        """A hash of the files, their names, what was refused, and what was noted."""
        digest = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            digest.update(f"{len(name.encode())}:{name}:{len(content)}:".encode())
            digest.update(content)
        digest.update(repr((sorted(self.refused.items()), sorted(self.notes))).encode())
        return digest.hexdigest()

    @property
    def runnable(self) -> dict[str, bytes]:
        """The files that student code may run with: all but the refused ones.

        A name with a backslash, or with bytes that are no text, names no module.
        """
        return {
            name: raw
            for name, raw in self.files.items()
            if name not in self.refused and "\\" not in name
        }

    def as_modules(self, modules: Names[str]) -> Submission:
        """Return the submission with its notebooks as those of these modules that it lacks.

        `solution.ipynb` counts as `solution.py`, unless that was handed in.
        """
        files, refused = dict(self.files), dict(self.refused)
        notes, found = list(self.notes), list(self.notebooks)
        for module in sorted({*modules} - {each.module for each in found}):
            file = notebook_of(module)
            if file not in files and file not in refused:
                continue
            if module in files or module in refused:
                notes.append(messages.notebooks.not_counted(file, module))
            elif file in refused:
                refused[module] = refused[file]
            else:
                from grader.submissions import notebooks  # noqa: PLC0415  (as in _file)

                made = notebooks.converted(file, files[file])
                files[module] = made.module
                found.append(made.notebook)
                notes += made.notes
        return replace(
            self, files=files, refused=refused, notes=tuple(notes), notebooks=tuple(found)
        )

    def sources(self) -> dict[str, str]:
        """Return the text of the Python and YAML files, for the report; long ones are cut.

        The code of a notebook is that of its module, and stands under the notebook's own name.
        """
        shown = {}
        own_names = {each.module: each.file for each in self.notebooks}
        for file, content in sorted(self.files.items()):
            name = own_names.get(file, file)
            if file.endswith((".py", ".yaml", ".md", ".txt")):
                text = content[:MAX_SHOWN_BYTES].decode("utf-8", "replace")
                cut = len(content) > MAX_SHOWN_BYTES
                shown[name] = text + (f"\n{messages.intake.CUT}\n" if cut else "")
        return shown


@dataclass(frozen=True, slots=True)
class Collection:
    """All submissions of an assignment, and notes on what else lay in the folder."""

    submissions: tuple[Submission, ...]
    notes: tuple[str, ...] = ()
    folder: Path | None = None  # where its manifest lies, if it has one


def notebook_of(module: str) -> str:
    """Return the name of the notebook that may stand for a module.

    >>> notebook_of("solution.py")
    'solution.ipynb'
    """
    return f"{module.removesuffix('.py')}{NOTEBOOK}"


def attempt_folder(number: int) -> str:
    """Return the name of the folder with an attempt.

    >>> attempt_folder(2)
    'attempt-2'
    """
    return f"attempt-{number}"


def collect(folder: Path, attempts: str = "last") -> Collection:
    """Return the submissions in a folder, sorted by id.

    A student's folder in which there are only folders attempt-1, attempt-2, … holds attempts.  Of
    them the last one is the student's submission; with "best" each is one, as ``ada/attempt-2``.
    Raises UsageError if the folder is not there or holds no submission.
    """
    if not folder.is_dir():
        raise UsageError(
            f"there is no folder {folder}; submissions lie in one folder per student, "
            f"such as {folder / 'ada' / 'solution.py'}"
        )
    try:
        entries = sorted(os.scandir(folder), key=lambda item: item.name)
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror}") from None
    submissions: dict[str, list[Submission]] = {}
    notes = []
    for entry in entries:
        name = readable(entry.name)
        if _passed_over(entry.name):
            continue
        if entry.is_symlink():
            notes.append(messages.intake.link_ignored(name))
        elif not entry.is_dir():
            if name != MANIFEST:
                notes.append(messages.intake.stray_file(name))
        elif name in submissions:
            notes.append(messages.intake.same_name(name))
        else:
            submissions[name] = _of_student(Path(entry.path), name, attempts)
    if not submissions:
        raise UsageError(
            f"{folder} holds no submission; expected one folder per student"
            + (f" ({'; '.join(notes)})" if notes else "")
        )
    ordered = [each for name in sorted(submissions) for each in submissions[name]]
    return Collection(tuple(ordered), tuple(notes), folder)


def _of_student(folder: Path, name: str, attempts: str) -> list[Submission]:
    """Return a student's submission, or those of its attempts that are to be graded."""
    numbers = _attempts(folder)
    if not numbers:
        return [read(folder, name)]
    chosen = numbers if attempts == "best" else numbers[-1:]
    return [
        replace(
            read(folder / attempt_folder(number), f"{name}/{attempt_folder(number)}"),
            id=f"{name}/{attempt_folder(number)}" if attempts == "best" else name,
            attempt=number,
            attempts=numbers[-1],
        )
        for number in chosen
    ]


def _attempts(folder: Path) -> Sequence[int]:
    """Return the numbers of the attempts in a student's folder, none if it holds anything else."""
    numbers = []
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return []
    for entry in entries:
        if _passed_over(entry.name) or entry.name in IGNORED:
            continue
        found = _ATTEMPT.fullmatch(entry.name)
        if not found or not entry.is_dir(follow_symlinks=False):
            return []
        numbers.append(int(found[1]))
    return sorted(numbers)


def _passed_over(name: str) -> bool:
    """Return whether nobody hands this in: hidden files, and what Python or macOS left behind."""
    return name.startswith(".") or name in {"__pycache__", "__MACOSX"}


def readable(name: str) -> str:
    """Return a name from the file system as text that can be stored: odd bytes are spelled out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def read(folder: Path, name: str) -> Submission:
    """Return the submission in a folder; what cannot be read becomes a note."""
    reading = _Reading(folder)
    reading.walk(folder, 0)
    notes = list(dict.fromkeys(reading.notes))
    if not (reading.files or reading.refused or reading.notes):
        notes.append(messages.intake.EMPTY_SUBMISSION)
    elif not {SOLUTION, notebook_of(SOLUTION)} & {*reading.files, *reading.refused}:
        known = {*reading.files, *reading.refused}
        alike = [file for file in sorted(known) if _like_a_solution(file)]
        notes.append(messages.intake.no_solution(alike))
    for file, content in reading.files.items():
        problem = unreadable(content) if file.endswith(".py") else ""
        if problem:
            reading.refused[file] = messages.intake.not_read(file, problem)
    return Submission(name, reading.files, reading.refused, tuple(notes), folder)


def _like_a_solution(file: str) -> bool:
    name = PurePath(file).name.lower()
    return name.startswith("solution") and name.endswith((".py", ".py.txt", ".ipynb"))


def unreadable(content: bytes) -> str:
    """Return why a Python file cannot be read as text, or an empty string."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it is UTF-16; save it as UTF-8"
    if b"\0" in content:
        return f"line {_line(content, content.index(0))} has a null byte"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError as error:
        # No known encoding is declared; or none at all, and the first lines are not UTF-8.
        encoding = "utf-8"
        if "unknown encoding" in str(error):
            return f"{error}; save it as UTF-8"
    if encoding not in ENCODINGS:
        # Python knows many more, some of which take hours for a megabyte, or are no text.
        return f"its encoding {encoding} is not accepted; save it as UTF-8"
    if encoding == "utf-8-sig":
        encoding = "utf-8"  # the other one would count from behind the mark
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        return f"line {_line(content, error.start)} is not {encoding.upper()}; save it as UTF-8"
    return ""


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1


def _rank(entry: os.DirEntry[str]) -> int:
    if entry.is_dir(follow_symlinks=False):
        return 3
    return 0 if entry.name.endswith(".py") else 1 if entry.name.endswith(NOTEBOOK) else 2


class _Reading:
    """Reads the files below a folder, within limits."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, bytes] = {}
        self.refused: dict[str, str] = {}
        self.notes: list[str] = []
        self.count = 0
        self.total_bytes = 0

    def walk(self, folder: Path, depth: int) -> None:
        try:
            entries = sorted(os.scandir(folder), key=lambda item: item.name)
        except OSError as error:
            name = readable(folder.relative_to(self.root.parent).as_posix())
            self.notes.append(messages.intake.cannot_read(name, error.strerror or ""))
            return
        # Code first and folders last: photographs or a virtual environment handed in along
        # with it must not use up the limits before solution.py is read.
        for entry in sorted(entries, key=_rank):
            if _passed_over(entry.name):
                continue
            self.count += 1
            if self.count > MAX_FILES:
                self.notes.append(messages.intake.too_many_files(MAX_FILES))
                return
            self._entry(entry, depth)

    def _entry(self, entry: os.DirEntry[str], depth: int) -> None:
        path = Path(entry.path)
        name = readable(path.relative_to(self.root).as_posix())
        if name in IGNORED:
            return
        if entry.is_symlink():
            self._refuse(name, messages.intake.link_ignored(name))
        elif entry.is_dir():
            if depth < MAX_DEPTH:
                self.walk(path, depth + 1)
            else:
                self.notes.append(messages.intake.too_deep(name))
        elif not entry.is_file():
            self.notes.append(messages.intake.not_a_file(name))
        else:
            self._file(path, name)

    def _file(self, path: Path, name: str) -> None:
        is_notebook = name.endswith(NOTEBOOK) and path.parent == self.root
        limit = MAX_NOTEBOOK_BYTES if is_notebook else MAX_FILE_BYTES
        try:
            # Not following links and not blocking: between the listing and the opening, the entry
            # could have become a link or a pipe.
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
            with os.fdopen(handle, "rb") as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode):
                    self.notes.append(messages.intake.not_a_file(name))
                    return
                content = file.read(limit + 1)
        except OSError as error:
            self._refuse(name, messages.intake.cannot_read(name, error.strerror or ""))
            return
        if len(content) > limit:
            topic = messages.notebooks if is_notebook else messages.intake
            self._refuse(name, topic.too_large(name, found.st_size, limit))
            return
        if is_notebook:
            # Not at the top: its patterns take as long to compile as all else takes to import.
            from grader.submissions import notebooks  # noqa: PLC0415

            try:
                content = notebooks.code_only(name, content)
            except notebooks.RefusedNotebookError as error:
                self.refused[name] = str(error)
                return
        if self.total_bytes + len(content) > MAX_TOTAL_BYTES:
            self._refuse(name, messages.intake.too_much(name, MAX_TOTAL_BYTES))
            return
        self.total_bytes += len(content)
        self.files[name] = content

    def _refuse(self, name: str, why: str) -> None:
        self.refused[name] = why
        self.notes.append(why)
