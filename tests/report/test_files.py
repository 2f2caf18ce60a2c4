from __future__ import annotations

from pathlib import Path

import pytest

from grader.report.files import GENERATOR_TAG, remove_stale_pages, write_if_changed


def test_a_new_file_is_written_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.html"
    assert write_if_changed(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_file_with_the_same_content_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "b.html"
    write_if_changed(path, b"same")
    before = path.stat()
    assert not write_if_changed(path, b"same")
    assert path.stat() == before


def test_a_write_that_fails_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.html"
    write_if_changed(path, b"old")

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="the disk is full"):
        write_if_changed(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["b.html"]
    assert path.read_bytes() == b"old"


def test_only_stale_pages_of_ours_are_removed(tmp_path: Path) -> None:
    for name in ("old.html", "current.html"):
        (tmp_path / name).write_bytes(b"<!doctype html>" + GENERATOR_TAG)
    (tmp_path / "theirs.html").write_bytes(b"<!doctype html>")
    assert remove_stale_pages(tmp_path, {"current.html"}) == ("old.html",)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["current.html", "theirs.html"]
