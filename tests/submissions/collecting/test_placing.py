from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.submissions.collecting.placing import Changes, Row, changes, place
from tests.submissions.collecting.downloads import utc

ADA = Row("ada", utc(2026, 3, 1, 12), "zip")


def tree(folder: Path, files: Mapping[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def put(tmp_path: Path, files: Mapping[str, str], rows: list[Row]) -> Changes:
    made = tree(tmp_path / "work" / "made", files)
    planned, manifest = changes(made, tmp_path / "to", rows)
    place(made, tmp_path / "to", planned, manifest, "stamp")
    for left in sorted(made.rglob("*"), reverse=True):
        left.rmdir() if left.is_dir() else left.unlink()
    return planned


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_is_new_is_put_in_its_place(tmp_path: Path) -> None:
    planned = put(tmp_path, {"ada/solution.py": "a"}, [ADA])
    assert planned.new == ["ada"]
    assert files(tmp_path / "to") == {
        "ada/solution.py": "a",
        "manifest.csv": "submission,submitted_at,source\nada,2026-03-01T12:00:00+00:00,zip\n",
    }


def test_what_is_the_same_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, {"ada/solution.py": "a"}, [ADA])
    before = (tmp_path / "to" / "ada").stat().st_ino
    planned = put(tmp_path, {"ada/solution.py": "a"}, [ADA])
    assert planned == Changes(unchanged=["ada"])
    assert (tmp_path / "to" / "ada").stat().st_ino == before


@pytest.mark.parametrize(
    "new", [{"ada/solution.py": "b"}, {"ada/other.py": "a"}, {"ada/d/solution.py": "a"}]
)
def test_what_is_replaced_is_kept_aside(new: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path, {"ada/solution.py": "a"}, [])
    planned = put(tmp_path, new, [])
    assert planned.replaced == ["ada"]
    assert planned.earlier == tmp_path / "to.replaced" / "stamp"
    assert files(tmp_path / "to") == new
    assert files(tmp_path / "to.replaced") == {"stamp/ada/solution.py": "a"}


def test_two_replacements_in_a_second_do_not_meet(tmp_path: Path) -> None:
    for text in "abc":
        put(tmp_path, {"ada/solution.py": text}, [])
    assert files(tmp_path / "to.replaced") == {
        "stamp/ada/solution.py": "a",
        "stamp-2/ada/solution.py": "b",
    }


def test_an_empty_folder_differs_from_none(tmp_path: Path) -> None:
    tree(tmp_path / "to" / "ada" / "empty", {})
    assert put(tmp_path, {"ada/solution.py": "a"}, []).replaced == ["ada"]


def test_a_file_in_the_place_of_a_folder_is_moved_aside(tmp_path: Path) -> None:
    tree(tmp_path / "to", {"ada": "a file"})
    assert put(tmp_path, {"ada/solution.py": "a"}, []).replaced == ["ada"]
    assert files(tmp_path / "to.replaced") == {"stamp/ada": "a file"}


def test_a_link_in_the_place_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    tree(tmp_path / "elsewhere", {"solution.py": "a"})
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "ada").symlink_to(tmp_path / "elsewhere")
    put(tmp_path, {"ada/solution.py": "new"}, [])
    assert files(tmp_path / "elsewhere") == {"solution.py": "a"}
    assert not (tmp_path / "to" / "ada").is_symlink()


def test_students_who_are_not_in_the_source_stay(tmp_path: Path) -> None:
    put(tmp_path, {"ada/solution.py": "a"}, [ADA])
    planned = put(tmp_path, {"ben/solution.py": "b"}, [Row("ben", utc(2026, 3, 2), "canvas")])
    assert (planned.new, planned.kept) == (["ben"], ["ada"])
    assert files(tmp_path / "to")["manifest.csv"] == (
        "submission,submitted_at,source\n"
        "ada,2026-03-01T12:00:00+00:00,zip\n"
        "ben,2026-03-02T00:00:00+00:00,canvas\n"
    )


def test_the_lines_of_a_student_are_replaced_together(tmp_path: Path) -> None:
    attempts = {"ada/attempt-1/x": "1", "ada/attempt-2/x": "2"}
    rows = [Row(f"ada/attempt-{number}", utc(2026, 3, number), "zip") for number in (1, 2)]
    put(tmp_path, attempts, rows)
    put(tmp_path, {"ada/solution.py": "a"}, [ADA])
    assert files(tmp_path / "to")["manifest.csv"] == (
        "submission,submitted_at,source\nada,2026-03-01T12:00:00+00:00,zip\n"
    )


def test_a_manifest_without_lines_is_none(tmp_path: Path) -> None:
    put(tmp_path, {"ada/solution.py": "a"}, [ADA])
    put(tmp_path, {"ada/solution.py": "a"}, [])
    assert files(tmp_path / "to") == {"ada/solution.py": "a"}


def test_a_manifest_of_somebody_else_stops_before_anything_has_changed(tmp_path: Path) -> None:
    tree(tmp_path / "to", {"manifest.csv": "a,b\n1,2\n"})
    with pytest.raises(UsageError) as caught:
        put(tmp_path, {"ada/solution.py": "a"}, [ADA])
    assert str(caught.value) == (
        f"{tmp_path}/to/manifest.csv:1: found the columns a, b; expected "
        "submission,submitted_at,source"
    )
    assert files(tmp_path / "to") == {"manifest.csv": "a,b\n1,2\n"}
