"""The files of a release: what the course gives to start from, and what is made of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader import messages
from grader.errors import CourseError
from grader.release import answers, archive, selfcheck, sheets, statements
from grader.release.selfcheck import Known
from grader.release.sheets import Sheet
from grader.spec.loader import Assignment

README = "README.md"
MOST_BYTES = 20 << 20
_MADE = (selfcheck.FILE, statements.HTML, statements.MARKDOWN)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A release, unpacked."""

    files: dict[str, bytes]  # by relative path
    executable: frozenset[str] = frozenset()

    def packed(self) -> bytes:
        """Return the archive: the same bytes for the same files."""
        return archive.pack(self.files, self.executable)


def bundle(assignment: Assignment, student: str = "", known: Known | None = None) -> Bundle:
    """Return the release of an assignment; with `student`, of that student's own.

    `known` is a dict to be given again for the next student, so that less is made anew.  Raises
    CourseError where the starter or the reference has a fault, or where a part is each student's
    own and there is no student.
    """
    started = dict(_starter(assignment.folder / "starter"))
    for name in _MADE:
        if name in started:
            raise CourseError(f"the starter has a file {name}, which every release makes anew")
    sheet = sheets.sheet(sheets.filled(assignment, student), student)
    files = {name: content for name, (content, _) in started.items()}
    written = answers.completed(sheet, _text(files.get(answers.FILE), answers.FILE))
    if written is not None:
        files[answers.FILE] = written.encode()
    files[README] = _first_page(sheet, _text(files.get(README), README))
    files[statements.HTML] = statements.html(sheet)
    files[statements.MARKDOWN] = statements.markdown(sheet)
    files[selfcheck.FILE] = selfcheck.written(assignment, student=student, known=known)
    programs = frozenset(name for name, (_, program) in started.items() if program)
    return Bundle(files, programs)


def _text(content: bytes | None, name: str) -> str | None:
    if content is None:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise CourseError(f"the starter's {name} is not text in UTF-8") from None


def _starter(folder: Path) -> Iterator[tuple[str, tuple[bytes, bool]]]:
    """Yield the files to start from by relative path, each with whether it is a program."""
    size = 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if "__pycache__" in inside.parts or path.is_dir():
            continue
        if path.is_symlink() or not path.is_file():
            raise CourseError(f"{path}: expected a file; links and the like cannot be given away")
        size += path.stat().st_size
        if size > MOST_BYTES:
            raise CourseError(f"{folder}: larger than {MOST_BYTES >> 20} MiB")
        yield inside.as_posix(), (path.read_bytes(), bool(path.stat().st_mode & 0o100))


def _first_page(sheet: Sheet, started: str | None) -> bytes:
    beginning = started if started is not None else messages.release.first_page(sheet.title)
    return f"{beginning.rstrip()}\n\n{messages.release.commands(_short_name(sheet))}".encode()


def _short_name(sheet: Sheet) -> str:
    """Return the shortest name of a problem with code that no other problem has."""
    names = [problem.id for problem in sheet.problems]
    with_code = [
        problem.id
        for problem in sheet.problems
        if any(len(part.hand_in) > len(part.answers) for part in problem.parts)
    ]
    for name in with_code or names:
        stem = name.partition("-")[0]
        if sum(other == stem or other.startswith(stem) for other in names) == 1:
            return stem
    return (with_code or names)[0]
