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
