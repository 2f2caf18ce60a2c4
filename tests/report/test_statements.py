from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report.statements import line, statement

from .page import Page


def test_markdown_with_formulas_becomes_html() -> None:
    page = Page(statement("Let $x$ be *small*:\n\n$$x^2$$\n"))
    assert [math.attributes["display"] for math in page.all("math")] == ["inline", "block"]
    assert page.all("em")[0].text == "small"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<!-- a comment -->",
        "![a picture](https://example.org/a.png)",
        "[a link](javascript:alert(1))",
        "[a link](https://example.org)",
        "<https://example.org>",
    ],
)
def test_nothing_in_a_statement_can_act_or_refer_to_the_network(text: str) -> None:
    for element in Page(statement(text)).elements:
        assert element.tag in {"p", "span"}
        assert not {"href", "src", "onerror", "style"} & set(element.attributes)


def test_a_link_is_told_as_text() -> None:
    (paragraph,) = Page(statement("See [the notes](https://example.org/a).")).all("p")
    assert paragraph.text == "See the notes (https://example.org/a)."


def test_an_address_is_told_once() -> None:
    (paragraph,) = Page(statement("See <https://example.org/a>.")).all("p")
    assert paragraph.text == "See https://example.org/a."


def test_headings_of_a_statement_do_not_join_those_of_the_page() -> None:
    (heading,) = Page(statement("# Title")).elements
    assert (heading.tag, heading.classes) == ("p", {"heading"})


def test_the_columns_of_a_table_are_aligned_without_a_style_attribute() -> None:
    page = Page(statement("| a | b |\n|---|--:|\n| 1 | 2 |"))
    assert [cell.attributes for cell in page.all("td")] == [{}, {"class": "right"}]


def test_dollars_with_digits_behind_them_are_money() -> None:
    assert not Page(statement("It costs 5$ and then 6$7 more.")).all("math")


def test_in_a_title_only_formulas_are_special() -> None:
    assert line("__init__ of *f* & <b>") == "__init__ of *f* &amp; &lt;b&gt;"
    page = Page(f"<p>{line('The class __init__ and $f$ <b>')}</p>")
    assert [each.tag for each in page.elements] == ["p", "math", "mrow", "mi"]


@given(st.text(st.characters(exclude_categories=())))
@settings(deadline=None)
def test_every_statement_gives_balanced_markup(text: str) -> None:
    Page(statement(text)[:]).close()
