from __future__ import annotations

import io
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.submissions.collecting import unpacking
from grader.submissions.collecting.collecting import EXPECTED
from grader.submissions.collecting.sources import Entry
from grader.submissions.collecting.unpacking import Unpacked, Unpacking
from tests.submissions.collecting.downloads import CODE, packed, zipped


def unpack(folder: Path, files: Mapping[str, bytes]) -> Unpacked:
    """Return what comes of files that one student handed in."""
    entries = []
    for name, content in files.items():
        entries.append(Entry(tuple(name.split("/")), len(content), partial(io.BytesIO, content)))
    made = Unpacking(folder / "made", None)
    made.add(entries)
    return made.finish(EXPECTED)


def names(result: Unpacked) -> list[str]:
    return sorted(
        path.relative_to(result.folder).as_posix()
        for path in result.folder.rglob("*")
        if path.is_file()
    )


def test_files_are_written_as_they_are(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"solution.py": CODE, "data/x.txt": b"1"})
    assert names(result) == ["data/x.txt", "solution.py"]
    assert (result.folder / "solution.py").read_bytes() == CODE
    assert result.notes == []


def test_a_zip_that_was_handed_in_is_unpacked(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"hw.zip": zipped({"solution.py": CODE, "answers.yaml": b""})})
    assert names(result) == ["answers.yaml", "solution.py"]
    assert result.notes == []


@pytest.mark.parametrize("folder", ["hw1", "hw1/hw1", "a/b/c"])
def test_folders_around_everything_are_taken_off(folder: str, tmp_path: Path) -> None:
    result = unpack(tmp_path, {"hw.zip": zipped({f"{folder}/solution.py": CODE})})
    assert names(result) == ["solution.py"]
    assert result.notes == [f"everything in hw.zip lay in {folder}/"]


@pytest.mark.parametrize("folder", ["hw1", "a/b"])
def test_folders_around_files_without_a_zip_are_taken_off(folder: str, tmp_path: Path) -> None:
    result = unpack(tmp_path, {f"{folder}/solution.py": CODE, f"{folder}/x/y": b""})
    assert names(result) == ["solution.py", "x/y"]
    assert result.notes == [f"everything lay in {folder}/"]


def test_folders_in_a_zip_are_taken_off_where_there_is_another_file(tmp_path: Path) -> None:
    files = {"answers.yaml": b"", "hw.zip": zipped({"hw/solution.py": CODE, "hw/x/y": b""})}
    result = unpack(tmp_path, files)
    assert names(result) == ["answers.yaml", "solution.py", "x/y"]
    assert result.notes == ["everything in hw.zip lay in hw/"]


def test_a_folder_beside_a_file_stays(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"hw.zip": zipped({"hw1/solution.py": CODE, "README.md": b""})})
    assert names(result) == ["README.md", "hw1/solution.py"]


def test_a_zip_inside_a_zip_is_a_folder(tmp_path: Path) -> None:
    inner = zipped({"table.csv": b"1"})
    result = unpack(tmp_path, {"hw.zip": zipped({"solution.py": CODE, "data.zip": inner})})
    assert names(result) == ["data/table.csv", "solution.py"]


def test_a_zip_that_holds_only_a_zip_is_taken_off_too(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"a.zip": zipped({"hw1.zip": zipped({"solution.py": CODE})})})
    assert names(result) == ["solution.py"]


def test_archives_in_archives_in_archives_are_ignored(tmp_path: Path) -> None:
    deep = zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"x.py": b""})})})})
    result = unpack(tmp_path, {"0.zip": deep, "solution.py": CODE})
    assert names(result) == ["solution.py"]
    assert result.notes == [
        "1/2.zip was ignored: it is an archive in 2 archives; unpack it by hand"
    ]


def test_too_many_archives_are_ignored(tmp_path: Path) -> None:
    many = {f"{number:02}.zip": zipped({f"{number}.txt": b""}) for number in range(22)}
    result = unpack(tmp_path, many)
    assert len(names(result)) == 20
    assert result.notes == [
        "20.zip was ignored: the submission has more than 20 archives",
        "21.zip was ignored: the submission has more than 20 archives",
    ]


def test_a_broken_zip_does_not_stop_the_rest(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"a.zip": b"nonsense", "solution.py": CODE})
    assert names(result) == ["solution.py"]
    assert result.notes == [
        "a.zip was ignored: it is not a zip that can be read (file is not a zip file)"
    ]


@pytest.mark.parametrize("name", ["hw.rar", "hw.tar.gz", "hw.7z"])
def test_another_archive_is_told(name: str, tmp_path: Path) -> None:
    result = unpack(tmp_path, {name: b"Rar!", "solution.py": CODE})
    assert result.notes == [
        f"{name} was ignored: only zip archives are unpacked; unpack it by hand"
    ]


def test_an_empty_submission_is_told(tmp_path: Path) -> None:
    assert unpack(tmp_path, {}).notes == ["nothing is left of it; an empty folder stands for it"]


def test_a_large_file_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_FILE_BYTES", 2 << 20)
    result = unpack(tmp_path, {"photo.png": bytes(3 << 20), "solution.py": CODE})
    assert names(result) == ["solution.py"]
    assert result.notes == ["photo.png was ignored: it has 3 MiB, and at most 2 are taken"]


def test_a_file_that_is_larger_than_it_says_is_cut_off(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(17 << 20))
    made = Unpacking(tmp_path / "made", None)
    made.add([Entry(("x.bin",), 5, lambda: source.open("rb"))])
    result = made.finish(EXPECTED)
    assert names(result) == []
    assert result.notes[0] == "x.bin was ignored: it has more than 16 MiB"


def test_code_is_taken_before_the_limit_is_used_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MAX_SUBMISSION_BYTES", 1 << 20)
    photos = {f"{number}.png": bytes(600_000) for number in range(2)}
    result = unpack(tmp_path, {**photos, "solution.py": CODE})
    assert names(result) == ["0.png", "solution.py"]
    assert result.notes == ["1.png was ignored: the submission has more than 1 MiB"]


def test_files_beyond_the_number_are_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MAX_FILES", 3)
    result = unpack(
        tmp_path, {**{f"{number}.txt": b"" for number in range(9)}, "solution.py": CODE}
    )
    assert len(names(result)) == 3
    assert result.notes == ["it has more than 3 files; the others were ignored, as for a zip bomb"]


def test_of_names_that_differ_in_case_the_lower_one_stays(tmp_path: Path) -> None:
    files = {"Solution.py": b"no", "solution.py": CODE}
    result = unpack(tmp_path, {"hw.zip": zipped(files)})
    assert names(result) == ["solution.py"]
    assert result.notes == [
        "Solution.py was ignored: there is another file of that name, but for upper and lower case"
    ]


def test_what_is_handed_in_beside_a_zip_wins(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"hw.zip": zipped({"solution.py": b"no"}), "solution.py": CODE})
    assert (result.folder / "solution.py").read_bytes() == CODE
    assert len(result.notes) == 1


def test_a_file_cannot_be_a_folder_too(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"hw.zip": packed([("a", b"", {}), ("a/b.py", b"", {})])})
    assert names(result) == ["b.py"]
    assert result.notes[0] == "a was ignored: there is a file where a folder has to be"


@pytest.mark.parametrize(
    "name", ["solution-1.py", "solution-12.py", "solution (2).py", "solution(1).py"]
)
def test_a_copy_gets_the_name_that_was_asked_for(name: str, tmp_path: Path) -> None:
    result = unpack(tmp_path, {name: CODE, "part-1.py": b""})
    assert names(result) == ["part-1.py", "solution.py"]
    assert result.notes == [f"{name} was renamed solution.py"]


def test_a_copy_keeps_its_name_beside_the_original(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"solution-1.py": b"", "solution.py": CODE})
    assert names(result) == ["solution-1.py", "solution.py"]
    assert result.notes == []


def test_of_two_copies_none_is_renamed(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"solution-1.py": b"", "solution-2.py": CODE})
    assert names(result) == ["solution-1.py", "solution-2.py"]
    assert result.notes == [
        "there is no solution.py, but solution-1.py and solution-2.py; rename the one that counts"
    ]


def test_a_student_cannot_make_attempts(tmp_path: Path) -> None:
    files = {"attempt-1/solution.py": CODE, "attempt-2/solution.py": CODE}
    result = unpack(tmp_path, {"hw.zip": zipped(files)})
    assert names(result) == ["attempt-1-folder/solution.py", "attempt-2-folder/solution.py"]
    assert result.notes == [
        "the folder attempt-1 was renamed attempt-1-folder",
        "the folder attempt-2 was renamed attempt-2-folder",
    ]


def test_a_flood_of_notes_is_cut(tmp_path: Path) -> None:
    result = unpack(tmp_path, {"hw.zip": zipped({f"../{number}": b"" for number in range(30)})})
    assert len(result.notes) == 21
    assert result.notes[-1] == "and 11 more notes like these"


def _zip(files: Mapping[str, bytes]) -> bytes:
    return zipped({name.encode("utf-8", "replace").decode(): raw for name, raw in files.items()})


_NAMES = st.lists(
    st.sampled_from(["a", "A", "..", ".", "", "solution.py", "solution-1.py", "x.zip", "C:", "aux"])
    | st.text(max_size=6),
    min_size=1,
    max_size=4,
).map("/".join)
_TREES = st.recursive(
    st.binary(max_size=20),
    lambda inner: st.dictionaries(_NAMES, inner, max_size=4).map(_zip),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(files=st.dictionaries(_NAMES, _TREES, max_size=4))
def test_nothing_is_ever_written_outside(
    files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("unpack")
    content = _zip(files)
    (folder / "hw.zip").write_bytes(content)
    made = Unpacking(folder / "made", None)
    made.add([Entry(("hw.zip",), len(content), lambda: (folder / "hw.zip").open("rb"))])
    made.finish(EXPECTED)
    assert sorted(path.name for path in folder.iterdir()) == ["hw.zip", "made"]
    assert not any(path.is_symlink() for path in folder.rglob("*"))
