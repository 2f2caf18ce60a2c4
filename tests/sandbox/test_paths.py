import sys
import sysconfig
from pathlib import Path

import pytest

from grader.sandbox import paths


def test_python_and_its_packages_can_be_read() -> None:
    readable = paths.readable()
    assert sysconfig.get_path("stdlib") in readable
    assert sysconfig.get_path("purelib") in readable


def test_a_folder_on_the_path_that_holds_no_packages_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    assert str(tmp_path) not in paths.readable()


def test_what_cannot_be_read_is_taken_off_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = tmp_path / "lib"
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), str(allowed / "site-packages")])
    paths.keep_readable([str(allowed)])
    assert sys.path == [str(allowed / "site-packages")]


def test_folders_of_data_with_labels_are_emptied(tmp_path: Path) -> None:
    packages, other = tmp_path / "site-packages", tmp_path / "other"
    for folder in (packages, other):
        (folder / "sklearn" / "datasets" / "data").mkdir(parents=True)
    wanted = (packages / "sklearn/datasets/data").resolve()
    assert paths.emptied([str(packages), str(packages), str(other)]) == [str(wanted)]
    assert paths.emptied([str(tmp_path / "none" / "site-packages")]) == []
