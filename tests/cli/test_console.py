from __future__ import annotations

import io
import sys

import pytest

from grader.cli.console import complain, say


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
