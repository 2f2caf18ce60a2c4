"""The list of a course's students, in whatever columns a platform exports it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from grader.errors import UsageError
from grader.submissions.collecting.paths import shown, slug
from grader.submissions.collecting.sources import Who

MAX_BYTES = 16 << 20
# As they are called by people, Canvas, Gradescope, Moodle and GitHub Classroom; the first that is
# filled in becomes the name of the folder.
IDS = (
    *("id", "studentid", "sid", "idnumber", "sisuserid", "sisid", "netid", "login", "username"),
    *("sisloginid", "rosteridentifier", "identifier", "githubusername", "github"),
)
NAMES = ("name", "fullname", "studentname", "student")
FIRST_NAMES = ("firstname", "givenname", "first")
LAST_NAMES = ("lastname", "surname", "familyname", "last")
EMAILS = ("email", "emailaddress", "mail")
REPOSITORIES = ("repository", "repo", "giturl", "url", "repositoryurl", "studentrepositoryurl")
TIMES = ("submittedat", "submissiontime", "submissiontimestamp", "lastmodifiedsubmission")
_MOODLE_TIME = "%A, %d %B %Y, %I:%M %p"
_MOST_WORDS = 12
_PARTICIPANT = re.compile(r"participant (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Student:
    """A row of the roster."""

    id: str
    name: str
    email: str
    keys: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    repository: str = ""
    submitted_at: str = ""

    @property
    def called(self) -> str:
        """The id, and the name where there is one that says more."""
        return f"{self.id}  {shown(self.name)}" if self.name and self.name != self.id else self.id


class Roster:
    """The students of a course, found by what a platform says of them."""

    def __init__(self, students: Sequence[Student]) -> None:
        self.students = tuple(students)
        self._keys = _index((student, student.keys) for student in students)
        self._numbers = _index((student, student.numbers) for student in students)
        self._names = _index((student, student.names) for student in students)

    def find(self, who: Who) -> Student | None:
        """Return the student that is meant; None if nobody is, or it could be two.

        A platform's own number counts only together with the name: two systems may number
        different students alike.
        """
        for key in who.keys:
            found = self._keys.get(_key(key)) or self._numbers.get(_key(key))
            if found:
                return found
        named = self._names.get(squeezed(who.name)) if who.name else None
        for number in who.numbers:
            found = self._numbers.get(_key(number)) or self._keys.get(_key(number))
            if found and (not who.name or not found.name or squeezed(who.name) in found.names):
                return found
        return named


def read(path: Path) -> Roster:
    """Return the students in a CSV file.  Raises UsageError, with the line, for what is wrong."""
    rows = _rows(path)
    header = [_column(name) for name in next(rows, (0, []))[1]]
    if not {*IDS, *NAMES, *EMAILS, *LAST_NAMES} & set(header):
        columns = ", ".join(shown(name) for name in header if name) or "none"
        raise UsageError(f"{path} needs a column id, name or email; it has {columns}")
    students: dict[str, tuple[int, Student]] = {}
    for line, row in rows:
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False) if name}
        student = _student(cells)
        if student is None:
            continue
        if not student.id:
            raise UsageError(f"{path}:{line}: this row has no id, name or email")
        before = students.setdefault(student.id.casefold(), (line, student))
        if before[0] != line:
            raise UsageError(
                f"{path}:{line}: {student.id} stands in line {before[0]}, too; every student needs "
                "an id of their own"
            )
    if not students:
        raise UsageError(f"{path} lists no student")
    return Roster([student for _, student in students.values()])


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with anything in them, each with its line."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise UsageError(f"{path} is too large for a roster; expected a CSV file of students")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")  # as spreadsheets on Windows save it
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise UsageError(f"{path}:{reader.line_num}: {error}") from None


def _student(cells: Mapping[str, str]) -> Student | None:
    """Return the student of a row; None for the rows in a Canvas export that are no students."""
    first, last = _first(cells, FIRST_NAMES), _first(cells, LAST_NAMES)
    name = _first(cells, NAMES) or f"{first} {last}".strip()
    if name.startswith("Points Possible") or name == "Student, Test":
        return None
    email = _first(cells, EMAILS)
    ids = [cells[column] for column in IDS if cells.get(column)]
    participants = [found[1] for each in ids if (found := _PARTICIPANT.fullmatch(each))]
    ids = [each for each in ids if not _PARTICIPANT.fullmatch(each)]
    numbers = [*participants, email.partition("@")[0]]
    chosen = next(filter(None, map(slug, [*ids, email, name, *participants])), "")
    names = _orders(name)
    if first and last:
        names |= {squeezed(first + last), squeezed(last + first)}
    return Student(
        id=chosen,
        name=name,
        email=email,
        keys=frozenset(_key(key) for key in (*ids, email) if key),
        numbers=frozenset(_key(number) for number in numbers if number),
        names=frozenset(filter(None, names)),
        repository=_first(cells, REPOSITORIES),
        submitted_at=_first(cells, TIMES),
    )


def _first(cells: Mapping[str, str], columns: Iterable[str]) -> str:
    return next((cells[column] for column in columns if cells.get(column)), "")


def _column(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip()).casefold()


def squeezed(name: str) -> str:
    """Return the letters and digits of a name, without case and accents.

    >>> squeezed("Müller, Jörg"), squeezed("mullerjorg")
    ('mullerjorg', 'mullerjorg')
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in plain if character.isalnum())


def _orders(name: str) -> set[str]:
    """Return a name as platforms sort it: whatever stands first may be moved to the end."""
    words = name.replace(",", " ").split()[:_MOST_WORDS]
    return {squeezed("".join(words[place:] + words[:place])) for place in range(len(words))}


def _index(students: Iterable[tuple[Student, Iterable[str]]]) -> dict[str, Student | None]:
    """Return who is meant by each key: None where it could be two."""
    index: dict[str, Student | None] = {}
    for student, keys in students:
        for key in keys:
            index[key] = None if index.get(key, student) is not student else student
    return index


def moment(text: str, zone: tzinfo | None) -> datetime | None:
    """Return the time in a cell, as ISO 8601 or as Moodle writes it in English; None if neither."""
    for parse in (datetime.fromisoformat, lambda text: datetime.strptime(text, _MOODLE_TIME)):  # noqa: DTZ007
        try:
            found = parse(text)
        except ValueError:
            continue
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone) if zone else found.astimezone()
        return found
    return None
