from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from grader import messages
from grader.release import sheets, statements
from grader.release.sheets import PartSheet, ProblemSheet, Sheet

from . import course

PART = PartSheet(
    "q1-a",
    "A part with $x^2$",
    Fraction(3, 2),
    False,
    "What is $x$?",
    ("Write `f` in `solution.py`.",),
    "It is checked automatically.",
    (),
)
SHEET = Sheet(
    "a", "An assignment", Fraction(3, 2), "All of it.", "",
    (ProblemSheet("q1", "A problem", "About $x$.", (PART,)),),
)  # fmt: skip


def test_markdown_has_everything_in_order() -> None:
    assert statements.markdown(SHEET).decode() == (
        "# An assignment\n\n"
        "1.5 points\n\n"
        "All of it.\n\n"
        "## A problem\n\n"
        "About $x$.\n\n"
        "### A part with $x^2$ (1.5 points)\n\n"
        "What is $x$?\n\n"
        "*q1-a.* Write `f` in `solution.py`. It is checked automatically.\n"
    )


def test_markdown_says_whose_it_is() -> None:
    assert b"\n\n1.5 points, for ada\n\n" in statements.markdown(replace(SHEET, student="ada"))


@pytest.mark.parametrize(
    ("points", "bonus", "says"),
    [
        (Fraction(0), False, "no points"),
        (Fraction(1), False, "1 point"),
        (Fraction(1, 2), False, "0.5 points"),
        (Fraction(2), True, "2 points, extra"),
    ],
)
def test_a_part_says_what_it_is_worth(points: Fraction, bonus: bool, says: str) -> None:
    assert statements.worth(replace(PART, points=points, bonus=bonus)) == says


class Tags(HTMLParser):
    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("name", course.NAMES)
def test_a_page_is_whole_in_itself_and_cannot_act(name: str) -> None:
    page = course.files(name)[statements.HTML]
    tags = Tags(page).found
    names = [tag for tag, _ in tags]
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & set(names)
    assert all(not key.startswith("on") and key != "style" for _, a in tags for key in a)
    assert all(str(a.get("href", "#")).startswith("#") for _, a in tags)
    assert b"default-src 'none'" in page
    assert b"@import" not in page
    assert b"url(" not in page


@pytest.mark.parametrize("name", course.NAMES)
def test_the_contents_of_a_page_lead_to_its_parts(name: str) -> None:
    tags = Tags(course.files(name)[statements.HTML]).found
    targets = [str(a["href"])[1:] for tag, a in tags if tag == "a" and "href" in a]
    ids = [str(a["id"]) for _, a in tags if "id" in a]
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))
    parts = [f"part-{part.id}" for part in course.assignment(name).parts]
    assert [target for target in targets if target.startswith("part-")] == parts


@pytest.mark.parametrize("name", course.NAMES)
def test_every_formula_of_the_course_is_mathml(name: str) -> None:
    page = course.files(name)[statements.HTML].decode()
    assert "<math" in page
    assert 'class="formula"' not in page
    assert not re.search(r"(?<!\\)\$[^$<>]*\\[a-z]+[^$<>]*\$", re.sub(r'alttext="[^"]*"', "", page))


@pytest.mark.parametrize("name", course.NAMES)
def test_the_same_is_said_in_markdown(name: str) -> None:
    text = course.files(name)[statements.MARKDOWN].decode()
    for part in course.assignment(name).parts:
        assert part.title in text
        assert part.statement.strip() in text
        assert f"*{part.id}.*" in text


def test_a_part_says_what_goes_where_and_who_judges_it() -> None:
    parts = {
        part.id: part
        for name in course.NAMES
        for problem in sheets.sheet(course.assignment(name)).problems
        for part in problem.parts
    }
    assert [*parts["q3-gradient"].hand_in, parts["q3-gradient"].judged] == [
        "Write `q3_gradient` in `solution.py`.",
        "It is checked automatically.",
    ]
    assert parts["q3-vhp"].hand_in[:2] == (
        "Write `q3_reverse` and `q3_forward` in `solution.py`.",
        "Answer under `q3-vhp-reverse-multiplications` in `answers.yaml`: an expression in n.",
    )
    assert [*parts["q1-convexity"].hand_in, parts["q1-convexity"].judged] == [
        messages.release.hand_in_files(
            [*(f"q1*.{end}" for end in ("pdf", "png", "jpg", "jpeg", "md", "txt")), "proofs.pdf"],
            "q1-convexity",
        ),
        "A person reads it.",
    ]
    assert parts["q7-backward-line"].judged == (
        "Known answers are judged automatically; a person reads any other."
    )
    assert parts["p0-declaration"].hand_in[2] == (
        "Answer under `p0-declaration-certification` in `answers.yaml`: yes."
    )
