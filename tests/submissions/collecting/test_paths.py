from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.collecting.paths import (
    Refused,
    digest,
    parts_of,
    passed_over,
    shown,
    slug,
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("solution.py", ("solution.py",)),
        ("hw1/solution.py", ("hw1", "solution.py")),
        ("./hw1//solution.py", ("hw1", "solution.py")),
        ("hw1\\solution.py", ("hw1", "solution.py")),
        ("Lösung/ответ.py", ("Lösung", "ответ.py")),
        ("Lo\u0308sung.py", ("Lösung.py",)),
    ],
)
def test_a_path_is_its_parts(name: str, parts: tuple[str, ...]) -> None:
    assert parts_of(name) == parts


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("/etc/passwd", "its path is absolute"),
        ("\\\\server\\share", "its path is absolute"),
        ("C:\\x.py", "its path starts with a drive letter"),
        ("c:x.py", "its path starts with a drive letter"),
        ("../x.py", "its path leads out of the folder"),
        ("a/../../x.py", "its path leads out of the folder"),
        ("a\\..\\x.py", "its path leads out of the folder"),
        ("", "it has no name"),
        ("././", "it has no name"),
        ("a\nb.py", "its name has control characters or invisible ones"),
        ("a\0b.py", "its name has control characters or invisible ones"),
        ("a\u202eyp.exe", "its name has control characters or invisible ones"),
        ("a\u200bb.py", "its name has control characters or invisible ones"),
        ("a\ud800.py", "its name has control characters or invisible ones"),
        ("x.py:stream", 'its name has one of < > : " | ? *, which not every system can store'),
        ("what?.py", 'its name has one of < > : " | ? *, which not every system can store'),
        ("x.py.", "its name ends in a space or a dot, which not every system can store"),
        ("hw /x.py", "its name ends in a space or a dot, which not every system can store"),
        ("aux.py", "its name is that of a device on Windows"),
        ("a/COM1", "its name is that of a device on Windows"),
        ("nul .tar.gz", "its name is that of a device on Windows"),
        ("x" * 201, "its name is longer than 200 bytes"),
        ("ö" * 101, "its name is longer than 200 bytes"),
        ("/".join("a" * 17), "it lies more than 16 folders deep"),
        ("/".join(["x" * 190] * 5), "its path is longer than 800 bytes"),
    ],
)
def test_a_path_that_is_not_safe_everywhere_is_refused(name: str, why: str) -> None:
    with pytest.raises(Refused) as caught:
        parts_of(name)
    assert str(caught.value) == why


@given(st.text() | st.text(alphabet="./\\ab:CON \0\u202e~$", max_size=20))
def test_parts_never_lead_anywhere_else(name: str) -> None:
    try:
        parts = parts_of(name)
    except Refused:
        return
    assert parts
    for part in parts:
        assert part not in (".", "..")
        assert PurePosixPath(part).name == part
        assert PureWindowsPath(part).name == part
        assert not any(unicodedata.category(each) in ("Cc", "Cf", "Cs") for each in part)


@pytest.mark.parametrize(
    "name", ["__MACOSX", ".git", ".DS_Store", "node_modules", "._x.py", ".venv"]
)
def test_what_tools_leave_behind_is_passed_over(name: str) -> None:
    assert passed_over(name)


def test_what_a_student_wrote_is_not_passed_over() -> None:
    assert not passed_over("solution.py")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a\nb", "a\\nb"),
        ("a\u202eb", "a\\u202eb"),
        ("Zoë", "Zoë"),
        ("x" * 500, "x" * 120 + "…"),
    ],
)
def test_a_name_is_shown_in_one_harmless_line(name: str, text: str) -> None:
    assert shown(name) == text


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Ada Lovelace", "Ada-Lovelace"),
        ("ada@uni.edu", "ada@uni.edu"),
        ("王伟", "王伟"),
        ("../../etc", "etc"),
        ("con", "con-student"),
        ("aux.b", "aux.b-student"),
        ("manifest.csv", "manifest.csv-student"),
        ("node_modules", "node_modules-student"),
        (".hidden", "hidden"),
        ("?", ""),
    ],
)
def test_a_name_becomes_a_folder(name: str, folder: str) -> None:
    assert slug(name) == folder


@given(st.text())
def test_a_folder_made_of_a_name_is_one_safe_part(name: str) -> None:
    made = slug(name)
    if made:
        assert parts_of(made) == (made,)
        assert not passed_over(made)


def test_a_digest_tells_names_apart() -> None:
    assert digest("a") != digest("b")
    assert len(digest("\ud800")) == 6
