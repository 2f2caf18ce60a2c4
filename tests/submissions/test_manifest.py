from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.submissions import manifest
from grader.submissions.manifest import Entry, Manifest

HEADER = "submission,submitted_at,source\n"


def _read(folder: Path, text: str | bytes) -> Manifest:
    content = text.encode() if isinstance(text, str) else text
    (folder / "manifest.csv").write_bytes(content)
    return manifest.read(folder)


def test_a_folder_without_a_manifest_has_an_empty_one(tmp_path: Path) -> None:
    assert manifest.read(tmp_path) == manifest.read(None) == Manifest()


def test_it_says_when_each_submission_came_and_who_says_so(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        f"{HEADER}ada,2026-10-01T22:10:05+02:00,canvas\n"
        "ben/attempt-2,2026-10-02T07:30:00Z,gradescope\ncy,2026-10-02T07:30:00Z,\n",
    )
    assert found.entries == {
        "ada": Entry(datetime(2026, 10, 1, 20, 10, 5, tzinfo=UTC), "canvas"),
        "ben/attempt-2": Entry(datetime(2026, 10, 2, 7, 30, tzinfo=UTC), "gradescope"),
        "cy": Entry(datetime(2026, 10, 2, 7, 30, tzinfo=UTC)),
    }


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffsubmission,submitted_at\nada,2026-10-01T22:10:05Z\n",
        "submitted_at,points,submission\r\n2026-10-01T22:10:05Z,7,ada\r\n",
        f"{HEADER}\nada,2026-10-01T22:10:05Z,\n\n",
    ],
    ids=["no source, with a mark", "other columns", "blank lines"],
)
def test_what_a_spreadsheet_makes_of_it_is_read(tmp_path: Path, text: str) -> None:
    assert list(_read(tmp_path, text).entries) == ["ada"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1: found the columns (none); expected submission,submitted_at,source"),
        (
            "student,time\nada,now\n",
            ":1: found the columns student, time; expected submission,submitted_at,source",
        ),
        (
            f"{HEADER}ada,yesterday,\n",
            (
                ":2: found 'yesterday'; expected a time with its offset from UTC, as in "
                "2026-10-01T22:10:05+02:00"
            ),
        ),
        (
            f"{HEADER}ada,2026-10-01T22:10:05,\n",
            (
                ":2: found '2026-10-01T22:10:05'; expected a time with its offset from UTC, as in "
                "2026-10-01T22:10:05+02:00"
            ),
        ),
        (
            f"{HEADER}ada\n",
            (
                ":2: found ''; expected a time with its offset from UTC, as in "
                "2026-10-01T22:10:05+02:00"
            ),
        ),
        (
            f"{HEADER},2026-10-01T22:10:05Z,\n",
            ":2: no submission is named; expected <student>, or <student>/attempt-2",
        ),
        (
            f"{HEADER}ada,2026-10-01T22:10:05Z,\nada,2026-10-01T22:10:06Z,\n",
            ":3: 'ada' stands twice; keep one of the lines",
        ),
        (f'{HEADER}"ada" x,2026-10-01T22:10:05Z,\n', ":2: not CSV: ',' expected after '\"'"),
        (b"submission,submitted_at\n\xff", " is not UTF-8 at byte 24; save it as UTF-8"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_the_line(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    with pytest.raises(UsageError) as caught:
        _read(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'manifest.csv'}{says}"


def test_one_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "MAX_BYTES", 20)
    with pytest.raises(UsageError, match="is larger than"):
        _read(tmp_path, HEADER)
