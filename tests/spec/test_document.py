from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.spec import document
from grader.spec.document import Document, DocumentError, parse


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("# a comment alone", None),
        ("a: 1", {"a": 1}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("- 1\n- [2, 3]", [1, [2, 3]]),
        ("[yes, No, on, OFF, true, False]", [True, False, True, False, True, False]),
        ("[y, n, 'yes', \"no\"]", ["y", "n", "yes", "no"]),
        ("[~, null, '']", [None, None, ""]),
        ("a:", {"a": None}),
        ("[0, -7, +7, 010, 1e3, 1.0e-2, .5, 5.]", [0, -7, 7, 10, 1000.0, 0.01, 0.5, 5.0]),
        ("[.inf, -.INF]", [float("inf"), float("-inf")]),
        ("[2024-01-31, 2024-01-31T12:00:00Z]", ["2024-01-31", "2024-01-31T12:00:00Z"]),
        ("[1:30, 0x1f, 1_000, 1.2.3, 5/9]", ["1:30", "0x1f", "1_000", "1.2.3", "5/9"]),
        (f"[{'9' * 100}]", [10**100 - 1]),
        (f"[{'9' * 101}]", ["9" * 101]),
        (f"[{'9' * 5000}, 0x{'f' * 5000}]", ["9" * 5000, "0x" + "f" * 5000]),
        ("a: &name 1", {"a": 1}),
        ("1: a\n1.0: b\nyes: c\n~: d", {"1": "a", "1.0": "b", "yes": "c", "~": "d"}),
        ("<<: {a: 1}\n=: 2", {"<<": {"a": 1}, "=": 2}),
        (r'"\ud83d\ude00"', "\N{GRINNING FACE}"),
        (r'{"\ud800": "\udfff"}', {"\ufffd": "\ufffd"}),
        ("a: |\n  $x$\n  y\n", {"a": "$x$\ny\n"}),
    ],
)
def test_text_becomes_the_plain_data_that_its_writer_sees(text: str, data: object) -> None:
    # Compared as they are written: 1 == 1.0 == True.
    assert repr(parse(text).data) == repr(data)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: &x 1\nb: *x", 2, "the alias *x is not accepted; write the value out"),
        ("&x [*x]", 1, "the alias *x is not accepted; write the value out"),
        ("&x a: 1\n*x : 2", 2, "the alias *x is not accepted; write the value out"),
        ("\n&x a: 1\n*y : 2", 3, "the alias *y is not accepted; write the value out"),
        ("a: 1\nb: 2\na: 3", 3, "the key 'a' stands twice"),
        ("a: {b: 1, b: 2}", 1, "the key 'b' stands twice"),
        ("1: a\n'1': b", 2, "the key '1' stands twice"),
        ("a: !mine 1", 1, "the tag !mine is not accepted; leave it out, and put text in quotes"),
        ("!!int ''", 1, "the tag !!int is not accepted; leave it out, and put text in quotes"),
        ("!!bool x", 1, "the tag !!bool is not accepted; leave it out, and put text in quotes"),
        (
            "a: !!python/object/apply:os.system ['true']",
            1,
            (
                "the tag !!python/object/apply:os.system is not accepted; leave it out, and put "
                "text in quotes"
            ),
        ),
        ("a:\n  ? [b]\n  : c", 2, "a key has to be a word"),
        ("[" * 50_000, 1, "nested more than 40 levels deep"),
        ("{a: " * 50, 1, "nested more than 40 levels deep"),
        ("? " * 5_000, 1, "nested more than 40 levels deep"),
        ("- " * 5_000, 1, "nested more than 40 levels deep"),
        ("\n".join(" " * n + "a:" for n in range(60)), 40, "nested more than 40 levels deep"),
        (f"[{'1,' * 30_000}]", 1, "more than 20000 values"),
        ("- a\n- \0", 2, "the character U+0000 is not accepted"),
        ("a: \x1b[2J", 1, "the character U+001B is not accepted"),
        ("a: \ud800", 1, "the character U+D800 is not accepted"),
        (
            "a:\n\tb: 1",
            2,
            (
                "not YAML: while scanning for the next token, found character '\\t' that cannot "
                "start any token; indent with spaces"
            ),
        ),
        (
            "a: 1\n---\nb: 2",
            2,
            "not YAML: expected a single document in the stream, but found another document",
        ),
        ("a: b: c", 1, "not YAML: mapping values are not allowed here"),
        (r'a: "\UFFFFFFFF"', 1, "not YAML: a number in it is out of range"),
        (r'"\U00110000"', 1, "not YAML: a number in it is out of range"),
        (f"%YAML 1.{'9' * 5000}\n--- a", 1, "not YAML: a number in it is out of range"),
    ],
)
def test_what_is_not_accepted_is_named_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    assert (caught.value.line, str(caught.value)) == (line, message)


def test_a_billion_laughs_are_refused_at_the_first() -> None:
    text = "a: &a [lol]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(DocumentError) as caught:
        parse(text)
    assert str(caught.value) == "the alias *a is not accepted; write the value out"
    assert caught.value.line == 2


@pytest.mark.parametrize(
    "text", ["*" + "x" * 5000, "!" + "x" * 5000, f"{{{'k' * 900}: 1, {'k' * 900}: 2}}"]
)
def test_a_message_stays_short_however_long_the_word_it_quotes(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    assert len(str(caught.value)) <= document.MAX_SHOWN


def test_forty_levels_are_accepted() -> None:
    data: Any = parse("[" * 40 + "]" * 40).data
    for _ in range(40):
        assert isinstance(data, list)
        data = data[0] if data else None
    assert data is None


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("a: 1\nb: Grüße".encode("latin-1"))
    with pytest.raises(DocumentError) as caught:
        document.read(file)
    assert (caught.value.line, str(caught.value)) == (2, "not UTF-8: byte 0xfc")


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1")
    assert document.read(file).data == {"a": 1}


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    with file.open("wb") as stream:
        stream.truncate(1 << 40)  # a terabyte, were it read
    with pytest.raises(DocumentError) as caught:
        document.read(file)
    assert str(caught.value) == "larger than 1024 KiB"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 2),
        (("a",), 2),
        (("a", 0), 3),
        (("a", 1), 5),
        (("a", 1, "c"), 5),
        (("a", 1, "d"), 6),
        (("a", 1, "d", 0), 7),
        (("a", 1, "nothing", "below"), 5),
        (("nothing",), 2),
    ],
)
def test_a_value_knows_its_line_or_that_of_the_nearest_around_it(
    path: tuple[str | int, ...], line: int
) -> None:
    text = "# first\na:\n- 1\n\n- c: 2\n  d:\n  - 3\n"
    assert parse(text).line(path) == line


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    if isinstance(value, dict):
        return all(type(key) is str and _is_plain(item) for key, item in value.items())
    return value is None or type(value) in {bool, int, float, str}


PIECES = st.sampled_from(
    [*"[]{},:?-!&*#|>@`'\"%\\ \n\t.+0123456789abenotyxUuN_~=<", "? ", "- ", ": ", "---\n", "...\n",
     "&a ", "*a", "!!", "!!int ", "!!float ", "!!null ", "!!timestamp ", "%YAML ", "%TAG ", "<<: ",
     "0x", "1:", "1e", ".nan", "\\x", "\\ud8", "\ud800",
     "\x85", "\u2028", "\ufeff", "\0", "é", "😀"]
)  # fmt: skip


def _is_acceptable(found: Document | DocumentError) -> bool:
    if isinstance(found, DocumentError):
        return "\n" not in str(found) and found.line >= 1
    return _is_plain(found.data)


def _outcome(raw: bytes | str) -> Document | DocumentError:
    try:
        return document.decode(raw) if isinstance(raw, bytes) else parse(raw)
    except DocumentError as error:
        return error


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_any_text_is_plain_data_or_a_document_error(text: str) -> None:
    assert _is_acceptable(_outcome(text))


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_what_was_read_can_be_written(text: str) -> None:
    found = _outcome(text)
    assert json.dumps(getattr(found, "data", None), ensure_ascii=False).encode("utf-8")


@given(st.binary())
def test_any_bytes_are_plain_data_or_a_document_error(raw: bytes) -> None:
    assert _is_acceptable(_outcome(raw))
