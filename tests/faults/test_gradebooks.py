"""A gradebook that is older, newer, broken, somebody else's, or in use."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.gradebook import file as gradebook_file
from grader.gradebook.file import FILE
from tests import tiny
from tests.cli.conftest import run_grader
from tests.faults import running
from tests.tiny import Tiny

BROKEN = "put back a copy of it, or move the file away to start a new one"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    course = running.crowd(tmp_path_factory.mktemp("course"))
    assert running.grade(course).code == 0
    return course


@pytest.fixture(scope="module")
def right(graded: Tiny) -> dict[str, Any]:
    return running.results(graded)


@pytest.fixture
def course(graded: Tiny, tmp_path: Path) -> Tiny:
    """A course that is graded, with no report but the gradebook."""
    shutil.copytree(graded.root, tmp_path, dirs_exist_ok=True)
    made = Tiny(tmp_path)
    file = (made.reports / FILE).read_bytes()
    shutil.rmtree(made.reports)
    made.reports.mkdir()
    (made.reports / FILE).write_bytes(file)
    return made


def _change(course: Tiny, *statements: str) -> None:
    with closing(sqlite3.connect(course.reports / FILE)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


TO_FORMAT_2 = ("DROP TABLE lateness_changes", "UPDATE meta SET value='2'")
TO_FORMAT_1 = ("DROP TABLE changes", *TO_FORMAT_2, "UPDATE meta SET value='1'")
# As they were written before records had checksums.
PLAIN = tuple(
    f"UPDATE {table} SET record=CAST(rtrim(record, ' ' || char(9)) AS BLOB)"  # noqa: S608
    for table in ("results", "submissions")
)


@pytest.mark.parametrize("statements", [TO_FORMAT_1 + PLAIN, TO_FORMAT_2 + PLAIN, TO_FORMAT_2])
def test_grades_in_an_older_format_are_kept(
    statements: tuple[str, ...], course: Tiny, right: dict[str, Any]
) -> None:
    _change(course, *statements)
    said = running.grade(course)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("8 of 8 submissions are unchanged; their results are kept.\n")
    assert running.results(course) == right


def _newer(course: Tiny) -> str:
    _change(course, "UPDATE meta SET value='9'")
    return "has format 9; this version reads 3. Move the file away to start a new one."


def _cut(course: Tiny) -> str:
    file = course.reports / FILE
    file.write_bytes(file.read_bytes()[: 3 << 12])
    return f"cannot be used: database disk image is malformed; {BROKEN}"


def _garbage(course: Tiny) -> str:
    (course.reports / FILE).write_bytes(b"some notes of mine\n" * 1000)
    return f"cannot be used: file is not a database; {BROKEN}"


def _zeros(course: Tiny) -> str:
    file = course.reports / FILE
    file.write_bytes(bytes(file.stat().st_size))
    return f"cannot be used: file is not a database; {BROKEN}"


def _folder(course: Tiny) -> str:
    (course.reports / FILE).unlink()
    (course.reports / FILE).mkdir()
    return (
        "cannot be used: unable to open database file; make the folder writable, or move the file "
        "away to start a new one"
    )


@pytest.mark.parametrize("harm", [_newer, _cut, _garbage, _zeros, _folder])
def test_a_gradebook_that_cannot_be_read_is_told_and_left_as_it_is(
    harm: Callable[[Tiny], str], course: Tiny
) -> None:
    says = harm(course)
    file = course.reports / FILE
    before = file.read_bytes() if file.is_file() else b""
    said = running.grade(course)
    assert (said.code, said.out) == (2, "")
    assert said.err == f"grader: the gradebook {file} {says}\n"
    assert (file.read_bytes() if file.is_file() else b"") == before
    assert not course.results.exists()


def test_a_database_of_another_program_is_told_and_left_as_it_is(course: Tiny) -> None:
    file = course.reports / FILE
    file.unlink()
    _change(course, "CREATE TABLE songs (title)", "INSERT INTO songs VALUES ('A')")
    before = file.read_bytes()
    said = running.grade(course)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"grader: {file} is a database, but no gradebook; it is left as it is. Move it away, or "
        "name another folder for the reports\n"
    )
    assert file.read_bytes() == before


def test_an_empty_file_is_a_new_gradebook(course: Tiny, right: dict[str, Any]) -> None:
    (course.reports / FILE).write_bytes(b"")
    assert running.grade(course).code == 0
    assert running.results(course) == right


def _damage(course: Tiny, table: str, old: str, new: str) -> None:
    """Change a few bytes of what is kept of one submission, as a disk may."""
    changed = f"CAST(replace(CAST(record AS TEXT), '{old}', '{new}') AS BLOB)"
    _change(course, f"UPDATE {table} SET record={changed} WHERE submission='ada'")  # noqa: S608


DAMAGES = {
    "points": ("results", '"points":"2"', '"points":"3"'),
    "status": ("results", '"status":"correct"', '"status":"cor\nect"'),
    "sources": ("submissions", "def twice(x)", "def twicf(x)"),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_result_that_the_disk_changed_is_made_again(
    what: str, course: Tiny, right: dict[str, Any]
) -> None:
    _damage(course, *DAMAGES[what])
    said = running.grade(course)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("7 of 8 submissions are unchanged; their results are kept.\n")
    assert running.results(course) == right


@pytest.mark.parametrize(
    "command", [("export", "doubling", "--format", "csv", "--to", "-"), ("report",)]
)
def test_nothing_is_made_of_a_result_that_the_disk_changed(
    command: tuple[str, ...], course: Tiny
) -> None:
    _damage(course, *DAMAGES["points"])
    done = run_grader(*command, folder=course.root)
    assert (done.returncode, done.stdout) == (2, "")
    before, _, after = done.stderr.partition("doubling/")
    assert before == (f"grader: the gradebook {course.reports / FILE} is damaged where it holds ")
    assert after.partition("; ")[2] == (
        "nothing is made of it. Grade again what is damaged: grader grade doubling\n"
    )
    assert not course.results.exists()


@pytest.fixture
def locked(course: Tiny, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    monkeypatch.setattr(gradebook_file, "BUSY_S", 0.2)
    with closing(
        sqlite3.connect(course.reports / FILE, isolation_level=None, check_same_thread=False)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


LOCKED = "another program is writing to it; run this again when that has ended"


def test_a_gradebook_that_another_program_keeps_for_itself_is_told(
    locked: sqlite3.Connection, course: Tiny, right: dict[str, Any]
) -> None:
    file = course.reports / FILE
    said = running.grade(course)
    assert (said.code, said.out) == (2, "")
    says = f"the gradebook {file} cannot be used: database is locked; {LOCKED}"
    assert said.err == f"grader: {says}\n"
    locked.execute("ROLLBACK")
    assert running.grade(course).code == 0
    assert running.results(course) == right


def test_a_gradebook_that_is_taken_while_grading_costs_no_grade(
    course: Tiny, right: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = course.reports / FILE
    monkeypatch.setattr(gradebook_file, "BUSY_S", 0.2)
    real = gradebook_file.GradebookFile._transaction
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:

        def taken(self: Any, kind: str = "IMMEDIATE") -> Any:
            if kind == "IMMEDIATE" and other.in_transaction is False and self.opened:
                other.execute("BEGIN IMMEDIATE")
            self.opened = True
            return real(self, kind)

        monkeypatch.setattr(gradebook_file.GradebookFile, "opened", False, raising=False)
        monkeypatch.setattr(gradebook_file.GradebookFile, "_transaction", taken)
        course.hand_in("ada", f"# again\n{tiny.RIGHT}")
        said = running.grade(course)
        monkeypatch.undo()
    assert said.code in {2, 3}
    assert f"cannot be used: database is locked; {LOCKED}\n" in said.err
    assert running.grade(course).code == 0
    assert running.results(course) == right
