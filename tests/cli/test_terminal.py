from __future__ import annotations

import io
import sys

import pytest

from grader.cli import terminal
from grader.report.checked import Line, Tone


class Stream(io.TextIOWrapper):
    """A stdout with an encoding of its own, on a terminal or not."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        self.raw_bytes = io.BytesIO()
        super().__init__(self.raw_bytes, encoding=encoding, newline="")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def shown(
    monkeypatch: pytest.MonkeyPatch, *lines: Line, encoding: str = "utf-8", tty: bool = False
) -> str:
    stream = Stream(encoding, terminal=tty)
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.show(lines)
    return stream.raw_bytes.getvalue().decode(encoding)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


LINES = (Line("q1: right", Tone.RIGHT), Line("  text"), Line("q2: wrong", Tone.WRONG))


def test_there_are_no_colours_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, *LINES) == "q1: right\n  text\nq2: wrong\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a console there")
def test_a_terminal_shows_tones_as_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, *LINES, tty=True) == (
        "\x1b[32mq1: right\x1b[0m\n  text\n\x1b[31mq2: wrong\x1b[0m\n"
    )


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_switched_off(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert "\x1b" not in shown(monkeypatch, *LINES, tty=True)


def test_colours_can_be_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[32m" in shown(monkeypatch, *LINES)


def test_what_a_student_printed_cannot_command_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert shown(monkeypatch, Line("\x1b[2J", Tone.RIGHT), tty=True) == "\x1b[32m\\x1b[2J\x1b[0m\n"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_a_terminal_without_unicode_gets_what_means_the_same(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "x \N{LESS-THAN OR EQUAL TO} 1 \N{MINUS SIGN} 2 \N{GREEK SMALL LETTER XI}"
    out = shown(monkeypatch, Line(text), encoding=encoding)
    assert out.startswith(("x <= 1 - 2", "x \N{LESS-THAN OR EQUAL TO} 1 - 2"))
    assert out.endswith("\\u03be\n")


def test_an_accent_is_dropped_rather_than_spelled_out() -> None:
    assert terminal.readable("caf\N{LATIN SMALL LETTER E WITH ACUTE}", "ascii") == "cafe"


def test_an_encoding_that_nobody_knows_is_ascii() -> None:
    assert terminal.readable("a\N{MINUS SIGN}", "no-such-encoding") == "a\\u2212"


def test_the_width_is_that_of_the_terminal_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Stream("utf-8", terminal=True))
    monkeypatch.setenv("COLUMNS", "60")
    assert terminal.width() == 60
    monkeypatch.setenv("COLUMNS", "300")
    assert terminal.width() == 96


def test_a_pipe_has_a_width_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Stream("utf-8", terminal=False))
    monkeypatch.setenv("COLUMNS", "20")
    assert terminal.width() == 96


def test_nothing_is_shown_without_a_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    terminal.show(LINES)
    assert terminal.width() == 96
