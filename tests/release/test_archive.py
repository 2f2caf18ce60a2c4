from __future__ import annotations

import io
import zipfile

import pytest

from grader.release.archive import pack


def entries(archive: bytes) -> list[zipfile.ZipInfo]:
    return zipfile.ZipFile(io.BytesIO(archive)).infolist()


def test_an_archive_holds_the_files() -> None:
    made = zipfile.ZipFile(io.BytesIO(pack({"b/c.txt": b"two", "a.py": b"one"})))
    assert {name: made.read(name) for name in made.namelist()} == {
        "a.py": b"one",
        "b/c.txt": b"two",
    }


def test_the_order_in_which_files_are_given_does_not_matter() -> None:
    assert pack({"a": b"1", "b": b"2"}) == pack({"b": b"2", "a": b"1"})


def test_entries_are_sorted_and_bear_the_first_day_there_is() -> None:
    found = entries(pack({"b": b"", "a": b"", "a/c": b""}))
    assert [entry.filename for entry in found] == ["a", "a/c", "b"]
    assert {entry.date_time for entry in found} == {(1980, 1, 1, 0, 0, 0)}


def test_only_programs_may_be_run() -> None:
    found = entries(pack({"run": b"#!", "text": b""}, executable=["run"]))
    assert [oct(entry.external_attr >> 16) for entry in found] == ["0o100755", "0o100644"]
    assert {entry.create_system for entry in found} == {3}


@pytest.mark.parametrize("name", ["../a", "/a", "a/../b", "a//b", "", ".", "a\\b", "c:a", "a/"])
def test_a_path_that_leaves_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected one below the archive's folder") as error:
        pack({name: b""})
    assert str(error.value) == f"found the path {name!r}; expected one below the archive's folder"


def test_a_program_that_is_no_file_is_refused() -> None:
    with pytest.raises(ValueError, match="'run' is none of the files"):
        pack({"a": b""}, executable={"run"})
