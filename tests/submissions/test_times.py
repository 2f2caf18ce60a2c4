from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.submissions.folder import Submission, read
from grader.submissions.manifest import Entry, Manifest
from grader.submissions.times import Time, submitted

from .test_commits import AT, repository

__all__ = ["repository"]

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TOLD = datetime(2026, 10, 3, tzinfo=UTC)
NOTHING = Manifest()


def _hand_in(folder: Path, **times: datetime) -> Submission:
    folder.mkdir(exist_ok=True)
    for name, at in times.items():
        path = folder / f"{name}.py"
        path.write_text("", encoding="utf-8")
        os.utime(path, (at.timestamp(), at.timestamp()))
    return read(folder, folder.name)


def _manifest(**entries: datetime) -> Manifest:
    return Manifest(
        {name.replace("__", "/attempt-"): Entry(at, "canvas") for name, at in entries.items()}
    )


def test_the_newest_file_counts_where_there_is_nothing_else(tmp_path: Path) -> None:
    submission = _hand_in(tmp_path / "ada", solution=AT, helper=AT - timedelta(days=1))
    assert submitted(submission, NOTHING, NOW) == Time(AT, "files")


def test_what_the_grader_does_not_read_has_no_say(tmp_path: Path) -> None:
    submission = _hand_in(tmp_path / "ada", solution=AT)
    for name in ("expect.yaml", ".notes"):
        (tmp_path / "ada" / name).write_text("", encoding="utf-8")
    assert submitted(submission, NOTHING, NOW).at == AT


def test_the_last_commit_comes_before_the_files(repository: Path) -> None:
    assert submitted(read(repository, "ada"), NOTHING, NOW) == Time(AT, "git")


def test_a_commit_that_cannot_be_read_is_told_and_the_files_count(tmp_path: Path) -> None:
    submission = _hand_in(tmp_path / "ada", solution=AT)
    (tmp_path / "ada" / ".git").mkdir()
    note = "The time of the last commit cannot be read: No such file or directory."
    assert submitted(submission, NOTHING, NOW) == Time(AT, "files", notes=(note,))


def test_the_manifest_comes_before_everything(repository: Path) -> None:
    found = submitted(read(repository, "ada"), _manifest(ada=TOLD), NOW)
    assert found == Time(TOLD, "manifest", "canvas")


def test_what_the_grading_person_says_comes_after_the_manifest(tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    _hand_in(folder, solution=AT)
    submission = Submission("ada", {}, folder=folder, submitted_at=TOLD)
    assert submitted(submission, NOTHING, NOW) == Time(TOLD, "told")
    assert submitted(submission, _manifest(ada=AT), NOW) == Time(AT, "manifest", "canvas")


@pytest.mark.parametrize("name", ["ada/attempt-2", "ada"])
def test_an_attempt_is_found_by_itself_or_else_by_its_student(name: str) -> None:
    submission = Submission(name, {}, attempt=2, attempts=2)
    both = _manifest(ada__2=TOLD, ada=AT)
    assert submitted(submission, both, NOW).at == TOLD
    assert submitted(submission, _manifest(ada__1=TOLD, ada=AT), NOW).at == AT


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (
            NOW + timedelta(minutes=6),
            (
                "The time of its newest file, 2026-11-01 00:06 (UTC), is in the future and was not "
                "used."
            ),
        ),
        (
            datetime(1980, 1, 1, tzinfo=UTC),
            (
                "The time of its newest file, 1980-01-01 00:00 (UTC), is before the year 2000 and "
                "was not used."
            ),
        ),
    ],
)
def test_a_time_that_cannot_be_is_told_and_not_used(
    tmp_path: Path, at: datetime, says: str
) -> None:
    submission = _hand_in(tmp_path / "ada", solution=at)
    assert submitted(submission, NOTHING, NOW) == Time(notes=(says,))


def test_after_a_time_that_cannot_be_the_next_one_is_asked(tmp_path: Path) -> None:
    submission = _hand_in(tmp_path / "ada", solution=AT)
    found = submitted(submission, _manifest(ada=NOW + timedelta(days=1)), NOW)
    assert (found.at, found.source) == (AT, "files")
    assert found.notes == (
        "The time recorded for it, 2026-11-02 00:00 (UTC), is in the future and was not used.",
    )


def test_a_clock_may_be_a_little_ahead(tmp_path: Path) -> None:
    at = NOW + timedelta(minutes=5)
    assert submitted(_hand_in(tmp_path / "ada", solution=at), NOTHING, NOW).at == at


def test_nothing_is_known_of_a_submission_that_lies_nowhere() -> None:
    assert submitted(Submission("ada", {}), NOTHING, NOW) == Time()
