"""Students' folders that hold attempts, and the manifest among the folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.submissions.folder import Submission, collect


def _write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")
    return folder


def _ids(folder: Path, attempts: str = "last") -> list[tuple[str, str, int, int]]:
    found = collect(folder, attempts).submissions
    return [(each.id, each.student, each.attempt, each.attempts) for each in found]


def test_the_last_attempt_is_the_submission_of_its_student(tmp_path: Path) -> None:
    names = [f"ada/attempt-{number}/solution.py" for number in (1, 2, 10)]
    _write(tmp_path, *names, "ben/solution.py")
    assert _ids(tmp_path) == [("ada", "ada", 10, 10), ("ben", "ben", 0, 0)]
    ada, _ = collect(tmp_path).submissions
    assert ada.files == {"solution.py": b"# ada/attempt-10/solution.py\n"}
    assert ada.folder == tmp_path / "ada" / "attempt-10"


def test_each_attempt_is_a_submission_where_the_best_counts(tmp_path: Path) -> None:
    names = [f"ada/attempt-{number}/solution.py" for number in (10, 2, 1)]
    _write(tmp_path, *names, "ada!/solution.py")
    assert _ids(tmp_path, "best") == [
        ("ada/attempt-1", "ada", 1, 10),
        ("ada/attempt-2", "ada", 2, 10),
        ("ada/attempt-10", "ada", 10, 10),
        ("ada!", "ada!", 0, 0),
    ]


@pytest.mark.parametrize(
    "names",
    [
        ["attempt-1/solution.py", "solution.py"],
        ["attempt-1/solution.py", "notes.txt"],
        ["attempt-0/solution.py"],
        ["attempt-01/solution.py"],
        ["attempt-x/solution.py"],
        ["attempt-1"],
    ],
)
def test_a_folder_with_anything_else_holds_no_attempts(tmp_path: Path, names: list[str]) -> None:
    _write(tmp_path / "ada", *names)
    assert _ids(tmp_path) == [("ada", "ada", 0, 0)]


def test_what_is_passed_over_elsewhere_is_passed_over_beside_attempts(tmp_path: Path) -> None:
    _write(tmp_path / "ada", "attempt-1/solution.py", "expect.yaml", ".DS_Store", "__MACOSX/x")
    assert _ids(tmp_path) == [("ada", "ada", 1, 1)]


def test_a_link_is_no_attempt(tmp_path: Path) -> None:
    _write(tmp_path, "ada/attempt-1/solution.py")
    (tmp_path / "ada" / "attempt-2").symlink_to("attempt-1")
    assert _ids(tmp_path) == [("ada", "ada", 0, 0)]


def test_a_manifest_is_no_stray_file(tmp_path: Path) -> None:
    _write(tmp_path, "ada/solution.py", "manifest.csv", "grades.csv")
    collection = collect(tmp_path)
    assert collection.notes == (
        "grades.csv was ignored: it is a file, and a submission is a folder.",
    )
    assert collection.folder == tmp_path


def test_a_manifest_alone_is_no_submission(tmp_path: Path) -> None:
    _write(tmp_path, "manifest.csv")
    with pytest.raises(UsageError, match="holds no submission"):
        collect(tmp_path)


def test_only_the_number_of_its_own_attempt_is_taken_off_an_id() -> None:
    assert Submission("ada", {}).student == "ada"
    assert Submission("ada/attempt-2", {}, attempt=2).student == "ada"
    assert Submission("ada", {}, attempt=2).student == "ada"
