from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report.text import printable, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, tab\tand\nlines", "plain text, tab\tand\nlines"),
        ("nul \x00 and escape \x1b", "nul ␀ and escape ␛"),
        ("delete \x7f", "delete ␡"),
        ("next line \x85", "next line [U+0085]"),
        ("over\u202eride", "over[U+202E]ride"),
        ("half \ud83d", "half [U+D83D]"),
        ("line\u2028separator", "line[U+2028]separator"),
        ("windows\r\nand old mac\r", "windows\nand old mac\n"),
        ("שלום, 世界, é", "שלום, 世界, é"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters(exclude_categories=())))
@settings(deadline=None)
def test_every_text_becomes_utf_8(text: str) -> None:
    assert printable(text).encode("utf-8").decode("utf-8") == printable(printable(text))


@given(st.text(st.characters(exclude_categories=())), st.integers(1, 30))
@settings(deadline=None)
def test_a_shortened_text_is_one_line_and_no_longer(text: str, longest: int) -> None:
    line = shortened(text, longest)
    assert "\n" not in line
    assert len(line) <= longest
    assert line == printable(" ".join(text.split())) or line.endswith("…")
