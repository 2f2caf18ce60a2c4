"""The secret of a course is read from two places, and seeds follow from it on every machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.spec import secret
from grader.spec.secret import derived, fingerprint, read

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  (a test)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(secret.VARIABLE, raising=False)


def test_a_course_without_a_secret_has_none(tmp_path: Path) -> None:
    assert read(tmp_path) is None


def test_the_secret_is_what_the_file_says_without_the_space_around_it(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text(f" {SECRET}\r\n", encoding="utf-8")
    assert read(tmp_path) == SECRET.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_that_a_shell_of_windows_wrote_holds_the_same_secret(
    tmp_path: Path, encoding: str
) -> None:
    (tmp_path / "secret.key").write_bytes(f"{SECRET}\r\n".encode(encoding))
    assert read(tmp_path) == SECRET.encode()


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.key").write_text("another secret of some length", encoding="utf-8")
    monkeypatch.setenv("GRADER_SECRET", f"{SECRET}\n")
    assert read(tmp_path) == SECRET.encode()


def test_an_empty_variable_is_none_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.key").write_text(SECRET, encoding="utf-8")
    monkeypatch.setenv("GRADER_SECRET", "")
    assert read(tmp_path) == SECRET.encode()


MAKE_ONE = 'python -c "import secrets; print(secrets.token_hex(32))" > secret.key'


@pytest.mark.parametrize(("content", "size"), [("", 0), ("\n", 0), ("fifteen letters", 15)])
def test_a_secret_that_is_too_short_is_refused_with_the_way_to_make_one(
    tmp_path: Path, content: str, size: int
) -> None:
    file = tmp_path / "secret.key"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        f"{file}: the secret has {size} bytes; expected at least 16, as from: {MAKE_ONE}"
    )


def test_a_variable_that_is_too_short_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_SECRET", "short")
    with pytest.raises(CourseError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        f"GRADER_SECRET: the secret has 5 bytes; expected at least 16, as from: {MAKE_ONE}"
    )


def test_a_secret_of_sixteen_bytes_will_do(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("sixteen letters!", encoding="utf-8")
    assert read(tmp_path) == b"sixteen letters!"


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir()
    with pytest.raises(CourseError, match=r"secret\.key: cannot be read: "):
        read(tmp_path)


def test_broken_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"\xff\xfe\x00\xd8" + 20 * b"x")
    with pytest.raises(CourseError, match=r"secret\.key: not text; make a new one: python -c"):
        read(tmp_path)


# ---- seeds ---------------------------------------------------------------------------------------


def by_hand(key: str, *fields: str | int) -> int:
    message = json.dumps(list(fields)).replace(", ", ",").encode("ascii")
    return int(hmac.new(key.encode(), message, hashlib.sha256).hexdigest(), 16)


def test_a_seed_is_the_hmac_of_what_it_is_for() -> None:
    found = derived(SECRET.encode(), "background-math", 2024, "q3-gradient", None)
    assert found == by_hand(SECRET, "background-math", 2024, "q3-gradient")


def test_a_seed_of_a_student_has_the_student_in_it() -> None:
    found = derived(SECRET.encode(), "background-math", 2024, "q3-gradient", "Zoë O'Neil")
    assert found == by_hand(SECRET, "background-math", 2024, "q3-gradient", "Zo\u00eb O'Neil")


def test_a_seed_stays_what_it_was() -> None:
    # printf '["hw1",7,"q1","ada"]' | openssl dgst -sha256 -hmac 0123456789abcdef
    found = derived(b"0123456789abcdef", "hw1", 7, "q1", "ada")
    told = "2827707c72a087d4e6f9de7bcc68be2937f87c77735ad2c4f879a61ce70867d9"
    assert f"{found:064x}" == told


def test_a_seed_does_not_depend_on_how_a_file_system_spells_a_name() -> None:
    composed, apart = (unicodedata.normalize(form, "Zoë Åström") for form in ("NFC", "NFD"))
    assert composed != apart
    seeds = {derived(SECRET.encode(), "hw1", 7, "q1", name) for name in (composed, apart)}
    assert len(seeds) == 1


def test_a_name_that_is_no_unicode_has_a_seed() -> None:
    half = "ad\udce4"  # how Python spells a byte of a file's name that is no UTF-8
    assert derived(SECRET.encode(), "hw1", 7, "q1", half) == by_hand(SECRET, "hw1", 7, "q1", half)


def test_everything_that_a_seed_is_for_changes_it() -> None:
    key = SECRET.encode()
    seeds = [
        derived(key, "hw1", 7, "q1", None),
        derived(key, "hw1", 7, "q1", ""),
        derived(key, "hw1", 7, "q1", "ada"),
        derived(key, "hw1", 7, "q1", "Ada"),
        derived(key, "hw1", 7, 'q1","ada', None),
        derived(key, "hw1", 8, "q1", "ada"),
        derived(key, "hw2", 7, "q1", "ada"),
        derived(key, "hw1", 7, "q2", "ada"),
        derived(key[:-1], "hw1", 7, "q1", "ada"),
    ]
    assert len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_finds_the_same_seed(hash_seed: str) -> None:
    code = (
        "from grader.spec.secret import derived\n"
        f"print(derived({SECRET.encode()!r}, 'hw1', 7, 'q1', 'Zoë'))"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"},
    )
    assert int(done.stdout) == by_hand(SECRET, "hw1", 7, "q1", "Zo\u00eb")


def test_a_fingerprint_tells_secrets_apart_and_is_neither_of_them() -> None:
    one, other = fingerprint(b"one secret"), fingerprint(b"other secret")
    assert one != other
    assert one not in {hashlib.sha256(b"one secret").hexdigest(), b"one secret".hex()}
