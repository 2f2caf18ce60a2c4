from __future__ import annotations

import io
import os
import sys

import pytest

from grader.cli.console import complain, one_line, say
from grader.messages.text import counted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nof two lines", "plain\ttext\nof two lines"),
        ("ünï 😀", "ünï 😀"),
        ("\x1b[2J\x07\r\x00\x7f\x9b", "\\x1b[2J\\x07\\r\\x00\\x7f\\x9b"),
        ("half \ud800", "half \\ud800"),
    ],
)
def test_a_terminal_gets_nothing_that_it_would_obey(
    capsys: pytest.CaptureFixture[str], text: str, shown: str
) -> None:
    say(text)
    assert capsys.readouterr().out == f"{shown}\n"


def test_what_an_encoding_lacks_is_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", newline="\n"))
    say("½ of 2 — done")
    assert raw.getvalue() == b"\\xbd of 2 \\u2014 done\n"


@pytest.mark.parametrize(("text", "shown"), [("one", "grader: one\n"), ("a\nb", "a\nb\n")])
def test_a_complaint_goes_to_stderr(
    capsys: pytest.CaptureFixture[str], text: str, shown: str
) -> None:
    complain(text)
    assert capsys.readouterr() == ("", shown)


def test_a_reader_that_went_away_does_not_stop_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        say("nobody reads this")
        say("nor this")


def test_a_closed_stream_does_not_stop_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    say("nobody reads this")


def test_a_name_is_shown_on_one_line() -> None:
    assert one_line("a\n\tb\x1b") == "a\\n\\tb\\x1b"


@pytest.mark.parametrize(("number", "shown"), [(0, "0 parts"), (1, "1 part"), (2, "2 parts")])
def test_a_number_stands_with_its_noun(number: int, shown: str) -> None:
    assert counted(number, "part") == shown
