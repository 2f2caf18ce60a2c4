from __future__ import annotations

import errno
import io
import os
import socket
import tokenize
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.submissions import folder as module
from grader.submissions.folder import Submission, collect, read, unreadable

LATIN_1 = "# -*- coding: latin-1 -*-\nname = 'Grüße'\n".encode("latin-1")


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def _ada(tmp_path: Path, files: Mapping[str, bytes]) -> Submission:
    folder = tmp_path / "ada"
    folder.mkdir(exist_ok=True)
    return read(write(folder, files), "ada")


# ---- the folder of all submissions ------------------------------------------------------------


def test_a_missing_folder_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        collect(tmp_path / "none")
    assert str(caught.value) == (
        f"there is no folder {tmp_path}/none; submissions lie in one folder per student, such as "
        f"{tmp_path}/none/ada/solution.py"
    )


def test_an_empty_folder_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        collect(tmp_path)
    assert str(caught.value) == f"{tmp_path} holds no submission; expected one folder per student"


def test_a_folder_with_stray_files_alone_names_them(tmp_path: Path) -> None:
    write(tmp_path, {"solution.py": b"", "grades.csv": b""})
    with pytest.raises(UsageError) as caught:
        collect(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} holds no submission; expected one folder per student (grades.csv was "
        "ignored: it is a file, and a submission is a folder.; solution.py was ignored: it is a "
        "file, and a submission is a folder.)"
    )


def test_a_folder_that_cannot_be_listed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refuse(monkeypatch, "scandir", tmp_path)
    with pytest.raises(UsageError) as caught:
        collect(tmp_path)
    assert str(caught.value) == f"{tmp_path} cannot be read: Permission denied"


def _refuse(monkeypatch: pytest.MonkeyPatch, function: str, refused: Path) -> None:
    """Let the operating system refuse a path, as it would a user who is not root."""
    real = getattr(os, function)

    def refuse(path: object, *arguments: object) -> object:
        if Path(str(path)) == refused:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, *arguments)

    monkeypatch.setattr(os, function, refuse)


def test_every_folder_is_a_submission_and_the_rest_is_noted(tmp_path: Path) -> None:
    write(tmp_path, {"zoe/solution.py": b"", "ada/solution.py": b"", "notes.txt": b""})
    write(tmp_path, {".git/config": b"", "__pycache__/x.pyc": b"", "__MACOSX/x": b"", ".x": b""})
    (tmp_path / "linked").symlink_to(tmp_path / "ada")
    found = collect(tmp_path)
    assert [submission.id for submission in found.submissions] == ["ada", "zoe"]
    assert found.notes == (
        "linked is a link and was not followed; hand in the file itself.",
        "notes.txt was ignored: it is a file, and a submission is a folder.",
    )


@pytest.mark.parametrize(
    "name",
    [
        "a b",
        "o'neil",
        'say "hi"',
        "<script>alert(1)<",
        "...",
        "a..b",
        "ünï",
        "$(id)",
        "%2e",
        "a\nb",
    ],
)
def test_an_odd_name_stays_as_it_is(tmp_path: Path, name: str) -> None:
    write(tmp_path, {f"{name}/solution.py": b"x = 1", "ada/solution.py": b""})
    found = {submission.id: submission for submission in collect(tmp_path).submissions}
    expected = {"ada"} if name.startswith(".") else {"ada", name}
    assert set(found) == expected


def test_a_name_that_is_not_utf_8_is_spelled_out(tmp_path: Path) -> None:
    os.mkdir(os.fsencode(tmp_path) + b"/caf\xe9")  # noqa: PTH102  (a name of bytes)
    (submission,) = collect(tmp_path).submissions
    assert submission.id == r"caf\xe9"


def test_of_two_names_that_read_the_same_one_is_noted(tmp_path: Path) -> None:
    for name in (b"caf\xe9", rb"caf\xe9"):
        os.mkdir(os.fsencode(tmp_path) + b"/" + name)  # noqa: PTH102
    found = collect(tmp_path)
    assert [submission.id for submission in found.submissions] == [r"caf\xe9"]
    assert found.notes == (
        r"A second folder caf\xe9 was ignored: both names read the same; rename one.",
    )


def test_an_odd_submission_does_not_stop_the_others(tmp_path: Path) -> None:
    write(
        tmp_path, {"ada/solution.py": b"\xff", "ben/answers.yaml": b"a: *b", "zoe/solution.py": b""}
    )
    os.mkfifo(tmp_path / "ben" / "solution.py")
    (tmp_path / "cleo").mkdir()
    ids = [submission.id for submission in collect(tmp_path).submissions]
    assert ids == ["ada", "ben", "cleo", "zoe"]


# ---- one submission ---------------------------------------------------------------------------


def test_files_are_read_with_those_in_folders(tmp_path: Path) -> None:
    files = {"solution.py": b"x = 1\n", "more/deep/a.txt": b"", "q1.pdf": b"\x00\xff"}
    assert _ada(tmp_path, files) == Submission("ada", files)


def test_hidden_files_and_what_python_left_behind_are_passed_over(tmp_path: Path) -> None:
    ada = _ada(
        tmp_path,
        {
            "solution.py": b"",
            ".env": b"",
            ".git/x": b"",
            "__pycache__/solution.pyc": b"",
            "a/__MACOSX/x": b"",
        },
    )
    assert ada == Submission("ada", {"solution.py": b""})


def test_what_a_sample_expects_is_no_part_of_it(tmp_path: Path) -> None:
    ada = _ada(tmp_path, {"solution.py": b"", "expect.yaml": b"", "a/expect.yaml": b""})
    assert list(ada.files) == ["solution.py", "a/expect.yaml"]


@pytest.mark.parametrize(
    ("files", "notes"),
    [
        ({}, ("The submission is empty.",)),
        ({"expect.yaml": b""}, ("The submission is empty.",)),
        ({"answers.yaml": b""}, ("There is no solution.py.",)),
        (
            {"hw1/solution.py": b"", "Solution.py": b"", "solution (1).py": b""},
            (
                (
                    "There is no solution.py; found Solution.py, hw1/solution.py, solution (1).py. "
                    "Only solution.py, or solution.ipynb in its place, is run."
                ),
            ),
        ),
        (
            {"solution (1).ipynb": b"{}"},
            (
                (
                    "There is no solution.py; found solution (1).ipynb. Only solution.py, or "
                    "solution.ipynb in its place, is run."
                ),
            ),
        ),
        (
            {"solution.py.txt": b""},
            (
                (
                    "There is no solution.py; found solution.py.txt. Only solution.py, or "
                    "solution.ipynb in its place, is run."
                ),
            ),
        ),
    ],
)
def test_a_submission_without_solution_says_so(
    tmp_path: Path, files: Mapping[str, bytes], notes: tuple[str, ...]
) -> None:
    assert _ada(tmp_path, files).notes == notes


@pytest.mark.parametrize("target", ["/etc/passwd", "solution.py", "nowhere", "../../secret"])
def test_a_link_is_not_followed_and_refused(tmp_path: Path, target: str) -> None:
    write(tmp_path, {"secret": b"secret", "ada/real.py": b""})
    (tmp_path / "ada" / "solution.py").symlink_to(target)
    ada = _ada(tmp_path, {})
    says = "solution.py is a link and was not followed; hand in the file itself."
    assert ada == Submission("ada", {"real.py": b""}, {"solution.py": says}, (says,))


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    ada = tmp_path / "ada"
    write(ada, {"solution.py": b""})
    (ada / "up").symlink_to("..")
    assert list(_ada(tmp_path, {}).files) == ["solution.py"]
    assert _ada(tmp_path, {}).notes == (
        "up is a link and was not followed; hand in the file itself.",
    )


def test_a_pipe_is_noted_and_not_opened(tmp_path: Path) -> None:
    write(tmp_path / "ada", {"solution.py": b""})
    os.mkfifo(tmp_path / "ada" / "pipe.py")
    assert _ada(tmp_path, {}).notes == ("pipe.py was ignored: it is not a regular file.",)


def test_a_socket_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "ada", {"solution.py": b""})
    monkeypatch.chdir(tmp_path / "ada")  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("sock")
        assert _ada(tmp_path, {}).notes == ("sock was ignored: it is not a regular file.",)


def test_a_file_that_becomes_a_pipe_while_it_is_opened_does_not_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "ada", {"solution.py": b""})
    real = os.open

    def late(path: Path, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return real(path, flags)

    monkeypatch.setattr(os, "open", late)
    assert "solution.py was ignored: it is not a regular file." in _ada(tmp_path, {}).notes


def test_a_file_that_becomes_a_link_while_it_is_opened_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"secret": b"secret", "ada/solution.py": b""})
    real = os.open

    def late(path: Path, flags: int) -> int:
        path.unlink()
        path.symlink_to(tmp_path / "secret")
        return real(path, flags)

    monkeypatch.setattr(os, "open", late)
    assert _ada(tmp_path, {}).files == {}


def test_a_file_of_50_megabytes_is_refused_with_its_size(tmp_path: Path) -> None:
    write(tmp_path / "ada", {"solution.py": b""})
    os.truncate(write(tmp_path / "ada", {"big.bin": b""}) / "big.bin", 50 << 20)
    ada = _ada(tmp_path, {})
    says = "big.bin has 50 MiB and was not read; at most 5 are."
    assert (ada.refused, ada.notes) == ({"big.bin": says}, (says,))
    assert list(ada.files) == ["solution.py"]


def test_a_huge_file_is_not_read_in_full(tmp_path: Path) -> None:
    write(tmp_path / "ada", {"solution.py": b""})
    os.truncate(tmp_path / "ada" / "solution.py", 1 << 40)  # a terabyte, were it read
    says = "solution.py has 1048576 MiB and was not read; at most 5 are."
    assert _ada(tmp_path, {}).refused == {"solution.py": says}


@pytest.mark.parametrize(("size", "read_bytes"), [(10, 10), (11, None)])
def test_the_limit_of_a_file_is_exact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, read_bytes: int | None
) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    content = _ada(tmp_path, {"a.txt": b"x" * size}).files.get("a.txt")
    assert (None if content is None else len(content)) == read_bytes


def test_what_goes_beyond_the_limit_of_a_submission_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_TOTAL_BYTES", 3 << 20)
    files = {f"{n}.bin": bytes(1 << 20) for n in range(4)}
    ada = _ada(tmp_path, {"small.txt": b"", "solution.py": b"x = 1", **files})
    assert list(ada.files) == ["solution.py", "0.bin", "1.bin", "small.txt"]
    assert list(ada.refused.values()) == [
        "2.bin was not read: the submission has more than 3 MiB.",
        "3.bin was not read: the submission has more than 3 MiB.",
    ]


@pytest.mark.parametrize("others", ["photo-{}.jpg", "env/{}.py"])
def test_whatever_is_handed_in_with_it_the_solution_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: str
) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 10)
    monkeypatch.setattr(module, "MAX_TOTAL_BYTES", 10)
    files = {others.format(n): b"12345" for n in range(20)}
    assert "solution.py" in _ada(tmp_path, {"solution.py": b"", **files}).files


def test_too_many_files_are_noted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 6)
    ada = _ada(tmp_path, {"solution.py": b"", **{f"a/b/c/{n}": b"" for n in range(20)}})
    assert ada.notes == (
        "The submission has more than 6 files and folders; the others were not read.",
    )
    assert len(ada.files) == 3


def test_a_folder_that_lies_too_deep_is_noted(tmp_path: Path) -> None:
    deep = "a/b/c/d/e/f/g/h"
    ada = _ada(tmp_path, {"solution.py": b"", f"{deep}/x": b"", f"{deep}/i/y": b""})
    assert list(ada.files) == ["solution.py", f"{deep}/x"]
    assert ada.notes == (f"{deep}/i was not read: it lies too many folders deep.",)


def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refuse(monkeypatch, "open", tmp_path / "ada" / "solution.py")
    ada = _ada(tmp_path, {"solution.py": b"", "other.py": b""})
    assert ada.refused == {"solution.py": "solution.py cannot be read: Permission denied."}
    assert list(ada.files) == ["other.py"]


@pytest.mark.parametrize("inner", ["", "inner"])
def test_a_folder_that_cannot_be_listed_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inner: str
) -> None:
    folder = write(tmp_path / "ada", {"solution.py": b"", "inner/x": b""}) / inner
    _refuse(monkeypatch, "scandir", folder)
    name = folder.relative_to(tmp_path).as_posix()
    assert _ada(tmp_path, {}).notes[0] == f"{name} cannot be read: Permission denied."


def test_a_file_name_that_is_not_utf_8_is_spelled_out(tmp_path: Path) -> None:
    write(tmp_path / "ada", {"solution.py": b""})
    with open(os.fsencode(tmp_path) + b"/ada/\xff.txt", "wb"):  # noqa: PTH123
        pass
    assert list(_ada(tmp_path, {}).files) == ["solution.py", r"\xff.txt"]


# ---- text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ""),
        ("x = 'Grüße'".encode(), ""),
        (b"\xef\xbb\xbfx = 1", ""),
        (LATIN_1, ""),
        (b"# coding: cp1252\nx = '\x80'", ""),
        (b"# coding: ascii\n\nx = '\xff'", "line 3 is not ASCII; save it as UTF-8"),
        (b"\n\n\n\nx = '\xff'", "line 5 is not UTF-8; save it as UTF-8"),
        (b"x = '\xff'", "line 1 is not UTF-8; save it as UTF-8"),
        (b"\xef\xbb\xbf\n\n\n\xff", "line 4 is not UTF-8; save it as UTF-8"),
        (b"x = 1\ny = '\0'", "line 2 has a null byte"),
        ("x = 1".encode("utf-16"), "it is UTF-16; save it as UTF-8"),
        (b"# coding: klingon\n", "unknown encoding: klingon; save it as UTF-8"),
        (b"# coding: rot13\n", "its encoding rot13 is not accepted; save it as UTF-8"),
        (b"# coding: undefined\n", "its encoding undefined is not accepted; save it as UTF-8"),
        (b"# coding: punycode\n", "its encoding punycode is not accepted; save it as UTF-8"),
        (b"# coding: utf-7\n", "its encoding utf-7 is not accepted; save it as UTF-8"),
    ],
)  # fmt: skip
def test_python_that_cannot_be_read_as_text_says_where(content: bytes, problem: str) -> None:
    assert unreadable(content) == problem


ODD = ("idna", "hex", "utf_16", "unicode_escape", "zip", "mbcs", "utf-8", "latin-1", "ascii")


@given(st.sampled_from(["", *(f"# coding: {name}\n" for name in ODD)]), st.binary())
def test_what_is_found_readable_can_be_compiled_as_text(cookie: str, rest: bytes) -> None:
    content = cookie.encode() + rest
    if not unreadable(content):
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        assert isinstance(content.decode(encoding), str)


def test_unreadable_python_is_refused_and_other_files_are_not(tmp_path: Path) -> None:
    ada = _ada(tmp_path, {"solution.py": b"\xff", "photo.jpg": b"\xff\0", "a.md": b"\xff"})
    says = "solution.py cannot be read: line 1 is not UTF-8; save it as UTF-8."
    assert ada.refused == {"solution.py": says}


def test_the_sources_that_are_shown_are_text_and_cut() -> None:
    long = b"x" * (module.MAX_SHOWN_BYTES + 1)
    files = {"b.py": b"\xff", "a.yaml": b"a: 1", "q.pdf": b"", "long.txt": long}
    shown = Submission("ada", files).sources()
    assert list(shown) == ["a.yaml", "b.py", "long.txt"]
    assert shown["b.py"] == "\ufffd"
    assert shown["long.txt"] == "x" * module.MAX_SHOWN_BYTES + "\n# … the rest is not shown\n"


# ---- digest -----------------------------------------------------------------------------------

FILES = {"solution.py": b"x = 1", "a.txt": b""}


@pytest.mark.parametrize(
    "other",
    [
        Submission("ada", {**FILES, "a.txt": b"\n"}),
        Submission("ada", {**FILES, "b.txt": b""}),
        Submission("ada", {"solution.py": b"x = 1"}),
        Submission("ada", {"solution.py": b"x = 1", "b.txt": b""}),
        Submission("ada", {"solution.py": b"", "a.txt": b"x = 1"}),
        Submission("ada", FILES, {"a.txt": "why"}),
        Submission("ada", FILES, {}, ("a note",)),
    ],
)
def test_the_digest_changes_with_files_refusals_and_notes(other: Submission) -> None:
    assert other.digest != Submission("ada", FILES).digest


def test_the_digest_depends_neither_on_the_order_nor_on_the_name() -> None:
    turned = dict(reversed(FILES.items()))
    assert Submission("ben", turned).digest == Submission("ada", FILES).digest


def test_the_digest_does_not_depend_on_what_is_expected(tmp_path: Path) -> None:
    before = _ada(tmp_path, FILES).digest
    assert _ada(tmp_path, {"expect.yaml": b"parts: {}"}).digest == before


@given(st.dictionaries(st.text(max_size=3), st.binary(max_size=3), max_size=3),
       st.dictionaries(st.text(max_size=3), st.binary(max_size=3), max_size=3))  # fmt: skip
def test_different_files_have_different_digests(
    one: dict[str, bytes], two: dict[str, bytes]
) -> None:
    assert (Submission("a", one).digest == Submission("a", two).digest) == (one == two)
