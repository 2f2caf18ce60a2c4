"""The colours of Python source."""

from __future__ import annotations

import keyword
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import PythonLexer
from pygments.token import Comment, String

from grader.report.colours import pieces, runs

SAMPLES = sorted((Path(__file__).parents[2] / "reference").rglob("*.py"))


@given(st.text(alphabet=st.sampled_from("ab#\"'\\\n @def.f()"), max_size=80) | st.text())
def test_nothing_of_a_text_is_lost(text: str) -> None:
    assert "".join(piece for _, piece in runs(text)) == text


TEXTS = st.text(alphabet=st.sampled_from("ab#\"'\\\n @def.f()"), max_size=80) | st.text()


@given(TEXTS)
def test_the_pieces_are_the_text(text: str) -> None:
    assert "\n".join(pieces(text)) == text


@given(TEXTS)
def test_a_piece_alone_has_the_colours_that_it_has_in_its_text(text: str) -> None:
    def coloured(text: str) -> list[tuple[str, str]]:
        return [(name if char != "\n" else "", char) for name, run in runs(text) for char in run]

    alone = [[*coloured(piece), ("", "\n")] for piece in pieces(text)]
    assert [each for piece in alone for each in piece][:-1] == coloured(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\nb", ["a", "b"]),
        ('a\n"""b\nc""" + """d\ne"""\nf', ["a", '"""b\nc""" + """d\ne"""', "f"]),
        ("'a\\\nb'\nc", ["'a\\\nb'", "c"]),
        ('# it\'s """\nb', ['# it\'s """', "b"]),
        ("'''open\nb", ["'''open\nb"]),
    ],
)
def test_a_piece_is_a_line_or_what_a_string_holds_together(text: str, found: list[str]) -> None:
    assert list(pieces(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = 1  # one", [("", "x = 1  "), ("c", "# one")]),
        ("def f(x):", [("k", "def"), ("", " "), ("f", "f"), ("", "(x):")]),
        ("class A:", [("k", "class"), ("", " "), ("f", "A"), ("", ":")]),
        ("@cache", [("f", "@cache")]),
        ("a @ b", [("", "a @ b")]),
        ("return sum(x)", [("k", "return"), ("", " "), ("b", "sum"), ("", "(x)")]),
        ("x.sum()", [("", "x.sum()")]),
        ("x.\nsum", [("", "x.\n"), ("b", "sum")]),
        ("self.x", [("b", "self"), ("", ".x")]),
        ("'#' # '", [("s", "'#'"), ("", " "), ("c", "# '")]),
        ("'it\\'s'", [("s", "'it\\'s'")]),
        ("rb'a'", [("s", "rb'a'")]),
        ("'open\nx", [("s", "'open"), ("", "\nx")]),
        ('"""a\n"b" \\""" c"""', [("s", '"""a\n"b" \\""" c"""')]),
        ("'''open\nx", [("s", "'''open\nx")]),
        ("define = 1", [("", "define = 1")]),
    ],
)
def test_a_piece_has_its_colour(text: str, found: list[tuple[str, str]]) -> None:
    assert list(runs(text)) == found


@pytest.mark.parametrize("word", keyword.kwlist)
def test_every_keyword_is_one(word: str) -> None:
    assert list(runs(word)) == [("k", word)]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_comments_strings_and_keywords_are_those_of_pygments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found: list[tuple[int, str]] = []
    at = 0
    for colour, piece in runs(text):
        found += [(place, colour) for place in range(at, at + len(piece)) if colour in {"c", "s"}]
        at += len(piece)
    wanted = [
        (place, "c" if token in Comment else "s")
        for start, token, piece in PythonLexer(stripnl=False).get_tokens_unprocessed(text)
        if token in Comment or (token in String and token not in String.Interpol)
        for place in range(start, start + len(piece))
    ]
    inside = {place for place, _ in found}
    assert set(wanted) <= set(found)
    # What stands in the braces of an f-string is a string here and code there.
    extra = inside - {place for place, _ in wanted}
    assert all("{" in text[max(0, place - 60) : place + 1] for place in extra)


@pytest.mark.parametrize("line", [" \\", "1 1 \\", "'' '' \\", '# """'])
def test_the_end_of_a_line_is_not_looked_for_in_the_whole_text(line: str) -> None:
    text = "\n".join([line] * 30_000)  # for minutes, if it were
    assert "\n".join(pieces(text)) == text
