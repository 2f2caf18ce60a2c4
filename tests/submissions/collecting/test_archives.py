from __future__ import annotations

import io
import stat
import struct
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.collecting import archives
from grader.submissions.collecting.archives import Archive
from grader.submissions.collecting.paths import Refused
from tests.submissions.collecting.downloads import CODE, packed, utc, zipped


def opened(content: bytes) -> Archive:
    return Archive(io.BytesIO(content), UTC)


def notes(content: bytes) -> list[str]:
    return list(opened(content).tree.notes)


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        opened(content)
    return str(caught.value)


def refusal_on_reading(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read_all(content)
    return str(caught.value)


def read_all(content: bytes) -> None:
    for entry in opened(content).tree.entries:
        with entry.open() as stream:
            while stream.read(1000):
                pass


def test_the_files_of_a_zip_are_listed_and_read() -> None:
    tree = opened(zipped({"hw1/": b"", "hw1/solution.py": CODE, "a.txt": b""})).tree
    assert [entry.path for entry in tree.entries] == ["hw1/solution.py", "a.txt"]
    with tree.entries[0].open() as stream:
        assert stream.read() == CODE
    with tree.entries[1].open() as stream:
        assert stream.read() == b""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is not a zip that can be read (file is not a zip file)"),
        (b"PK\3\4 and no more", "it is not a zip that can be read (file is not a zip file)"),
        (b"Rar!\x1a\7", "it is a RAR archive, not a zip"),
        (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive, not a zip"),
        (b"\x1f\x8b\x08", "it is a gzip file, not a zip"),
        (b"<!DOCTYPE html>", "it is a web page, not a zip"),
    ],
)
def test_what_is_no_zip_is_refused(content: bytes, why: str) -> None:
    assert refusal(content) == why


def test_a_zip_cut_short_is_refused() -> None:
    assert refusal(zipped({"solution.py": CODE})[:-10]) == (
        "it is not a zip that can be read (file is not a zip file)"
    )


@pytest.mark.parametrize("name", ["../x.py", "/x.py", "C:/x.py", "a/../../x.py"])
def test_a_path_that_leads_elsewhere_is_ignored_and_the_others_stay(name: str) -> None:
    tree = opened(zipped({name: b"1", "solution.py": CODE})).tree
    assert [entry.path for entry in tree.entries] == ["solution.py"]
    assert len(tree.notes) == 1
    assert tree.notes[0].startswith(f"{name} was ignored: its path ")


def test_backslashes_are_folders() -> None:
    tree = opened(zipped({"hw1\\": b"", "hw1\\solution.py": CODE})).tree
    assert [entry.parts for entry in tree.entries] == [("hw1", "solution.py")]


def test_a_link_is_ignored() -> None:
    link = (stat.S_IFLNK | 0o777) << 16
    content = packed([("solution.py", b"/etc/passwd", {"external_attr": link})])
    assert notes(content) == ["solution.py was ignored: it is a link"]


def test_a_device_is_ignored() -> None:
    device = (stat.S_IFCHR | 0o777) << 16
    assert notes(packed([("zero", b"", {"external_attr": device})])) == [
        "zero was ignored: it is not a regular file"
    ]


def test_an_encrypted_file_is_ignored() -> None:
    content = bytearray(zipped({"solution.py": CODE}))
    place = content.index(b"PK\1\2") + 8
    content[place] |= 1
    assert notes(bytes(content)) == [
        "solution.py was ignored: it is encrypted; ask for one without a password"
    ]


@pytest.mark.parametrize(
    ("method", "name"), [(zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")]
)
def test_a_compression_that_unfolds_in_one_step_is_ignored(method: int, name: str) -> None:
    assert notes(zipped({"solution.py": CODE}, compress_type=method)) == [
        f"solution.py was ignored: it is compressed with {name}; only deflate is read"
    ]


def test_an_unknown_compression_is_ignored() -> None:
    content = bytearray(zipped({"solution.py": CODE}))
    place = content.index(b"PK\1\2") + 10
    content[place : place + 2] = struct.pack("<H", 77)
    assert notes(bytes(content)) == [
        "solution.py was ignored: it is compressed with 77; only deflate is read"
    ]


def test_a_zip_bomb_is_not_unfolded() -> None:
    assert notes(zipped({"zeros.txt": bytes(50 << 20)})) == [
        "zeros.txt was ignored: it would unfold from 0.0 to 50 MiB, as a zip bomb does"
    ]


def test_a_small_file_may_be_repetitive() -> None:
    assert notes(zipped({"zeros.txt": bytes(3 << 20)})) == []


def test_of_a_name_that_is_there_twice_the_last_counts() -> None:
    content = packed([("solution.py", b"old", {}), ("solution.py", b"new", {})])
    tree = opened(content).tree
    assert list(tree.notes) == ["solution.py is in it more than once; the last one counts"]
    with tree.entries[0].open() as stream:
        assert stream.read() == b"new"


def _with_size(size: int) -> bytes:
    """Return a zip of a file that says it is of another size."""
    content = bytearray(zipped({"solution.py": CODE}))
    place = content.index(b"PK\1\2") + 24
    content[place : place + 4] = struct.pack("<I", size)
    return bytes(content)


def test_a_file_larger_than_it_says_is_refused() -> None:
    assert refusal_on_reading(_with_size(5)).startswith("it cannot be unpacked (bad CRC-32 for")


def test_a_file_smaller_than_it_says_is_refused() -> None:
    assert refusal_on_reading(_with_size(1000)) == "it has another size than the archive says"


def test_a_file_with_a_wrong_checksum_is_refused() -> None:
    content = bytearray(zipped({"solution.py": CODE}))
    place = content.index(b"PK\1\2") + 16
    content[place] ^= 1
    assert refusal_on_reading(bytes(content)) == (
        "it cannot be unpacked (bad CRC-32 for file 'solution.py')"
    )


def test_a_list_of_a_million_entries_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped({f"{number:040}": b"" for number in range(2000)})
    monkeypatch.setattr(archives, "MAX_LIST_BYTES", 100_000)
    with pytest.raises(Refused) as caught:
        Archive(io.BytesIO(content), most_list_bytes=100_000)
    assert str(caught.value) == "its list of files has more than 0.1 MiB"


def test_what_tools_leave_behind_is_counted() -> None:
    tree = opened(zipped({"__MACOSX/._x": b"", "hw/.git/config": b"", "hw/a.py": b""})).tree
    assert [entry.path for entry in tree.entries] == ["hw/a.py"]
    assert tree.passed_over == 2
    assert tree.notes == []


def test_a_name_that_macos_wrote_is_read_as_meant() -> None:
    # It writes UTF-8 and leaves out the flag that says so.
    content = zipped({"LXXsung.py": b""}).replace(b"LXXsung", "Lösung".encode())
    assert [entry.path for entry in opened(content).tree.entries] == ["Lösung.py"]


def test_a_date_is_on_the_clocks_of_the_zone() -> None:
    assert opened(zipped({"a": b""})).tree.entries[0].modified == utc(2026, 3, 1, 12)


def test_a_date_in_utc_is_preferred() -> None:
    extra = struct.pack("<HHBi", 0x5455, 5, 1, 1_772_000_000)
    found = opened(packed([("a", b"", {"extra": extra})])).tree.entries[0].modified
    assert found == datetime.fromtimestamp(1_772_000_000, UTC)


@pytest.mark.parametrize(
    "date", [(1980, 1, 1, 0, 0, 0), (2026, 0, 1, 0, 0, 0), (2026, 2, 31, 0, 0, 0)]
)
def test_a_date_that_is_none_is_unknown(date: tuple[int, ...]) -> None:
    assert opened(packed([("a", b"", {"date_time": date})])).tree.entries[0].modified is None


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_a_damaged_zip_is_refused_or_read_but_never_fails(
    damage: bytes, start: int, length: int
) -> None:
    whole = zipped(
        {"hw1/solution.py": CODE, "answers.yaml": b"a: 1\n", "inner.zip": zipped({"a": b"1"})}
    )
    content = whole[:start] + damage + whole[start + length :]
    with suppress(Refused):
        read_all(content)
