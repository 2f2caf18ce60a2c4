from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.records import Failure, Frame, PartResult, Status
from grader.report import listing
from grader.report.listing import Note, anchors, listings
from grader.report.text import printable

from . import sample
from .page import Page


def _crashed(*frames: Frame, name: str = "q3-hessian") -> PartResult:
    failure = Failure("IndexError", "list index out of range", frames)
    return sample.part(name, Status.CRASHED, 0, 2, "", failure=failure)


def _texts(shown: listing.Listing) -> list[str]:
    return ["".join(Page(f"<p>{line.code}</p>").elements[0].pieces) for line in shown.lines]


def test_the_lines_of_a_failure_are_marked_and_say_why() -> None:
    (shown,) = listings({"q3.py": sample.SOURCE}, sample.worked().parts)
    assert {line.number: line.notes for line in shown.lines if line.notes} == {
        13: (Note("q3-hessian", "on the way to the error"),),
        19: (Note("q3-hessian", "IndexError"),),
    }


def test_a_line_that_two_parts_stop_in_names_both() -> None:
    frame = Frame("q3.py", 2, "f", "")
    (shown,) = listings({"q3.py": "a\nb\n"}, [_crashed(frame), _crashed(frame, name="q4")])
    assert [note.part for note in shown.lines[1].notes] == ["q3-hessian", "q4"]


def test_a_recursion_names_its_line_once() -> None:
    frames = [Frame("q3.py", 1, "f", "")] * 50
    (shown,) = listings({"q3.py": "a\n"}, [_crashed(*frames)])
    assert len(shown.lines[0].notes) == 2


def test_a_frame_outside_the_files_marks_nothing() -> None:
    frames = [Frame("q3.py", 7, "f", ""), Frame("other.py", 1, "f", ""), Frame("q3.py", 0, "f", "")]
    assert anchors(listings({"q3.py": "a\n"}, [_crashed(*frames)])) == frozenset()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_python_counts_them(end: str) -> None:
    source = end.join(["a = 1", "b = '\x0c \x1c \u2028'", "c = 3", ""])
    (shown,) = listings({"a.py": source}, [])
    assert [line.number for line in shown.lines] == [1, 2, 3]
    assert _texts(shown)[2] == "c = 3"


def test_a_string_over_several_lines_keeps_its_colour_on_each() -> None:
    (shown,) = listings({"a.py": '"""one\ntwo"""\n'}, [])
    assert [line.code for line in shown.lines] == [
        '<b class="s">&quot;&quot;&quot;one</b>',
        '<b class="s">two&quot;&quot;&quot;</b>',
    ]


def test_a_very_long_line_is_shown_whole_and_plain() -> None:
    source = "x = " + "1 + " * 2500 + "1\n"
    (shown,) = listings({"a.py": source}, [])
    assert [line.code for line in shown.lines] == [source.rstrip("\n")]


def test_what_is_too_much_to_highlight_in_all_files_together_is_shown_plain() -> None:
    source = "pass\n" * 30_000  # 150,000 characters
    first, second = listings({"a.py": source, "b.py": source}, [])
    assert first.lines[0].code == '<b class="k">pass</b>'
    assert second.lines[0].code == "pass"


def test_of_a_very_long_file_the_first_lines_are_shown_and_all_are_counted() -> None:
    (shown,) = listings({"a.txt": "x\n" * 7000}, [])
    assert (len(shown.lines), shown.lines_total) == (listing.MOST_LINES, 7000)


@pytest.mark.parametrize("file", ["a.py", "a.yaml", "a.json", "a.txt"])
@given(text=st.text(st.characters(exclude_categories=())))
@settings(deadline=None)
def test_every_file_is_shown_as_it_is(file: str, text: str) -> None:
    (shown,) = listings({file: text}, [])
    expected = printable(text).removesuffix("\n").split("\n")
    assert _texts(shown) == expected
