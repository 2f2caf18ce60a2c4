from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report.formulas import formula

from .page import Page


def test_a_formula_becomes_mathml_with_its_source_beside() -> None:
    assert formula("a_1") == (
        '<math display="inline" alttext="a_1"><mrow><msub><mi>a</mi><mn>1</mn></msub></mrow></math>'
    )


def test_a_displayed_formula_stands_on_its_own() -> None:
    (math,) = Page(formula("x", block=True)).all("math")
    assert math.attributes["display"] == "block"


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{",
        r"\nosuchcommand{x}",
        "",
        "{" * 3000 + "}" * 3000,
        "x" * 5000,
        r"\left( x",
        "a & b",
    ],
)
def test_a_formula_that_cannot_be_converted_is_shown_as_its_source(latex: str) -> None:
    (code,) = Page(formula(latex)).elements
    assert (code.tag, code.text) == ("code", latex)


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{&lt;script&gt;alert(1)&lt;/script&gt;}",
        r'\href{javascript:alert(1)}{x"><script>}',
        r"\class{x' onclick='alert(1)}{y}",
        r"\style{background:red}{y}",
        r"\color{red}{\mathrm{</math><img src=x>}}",
        r"\mbox{<img src=x onerror=alert(1)>}",
    ],
)
def test_nothing_in_a_formula_becomes_an_element_or_an_attribute_that_acts(latex: str) -> None:
    for element in Page(formula(latex)).elements:
        assert element.tag == "code" or element.tag == "math" or element.tag.startswith("m")
        assert not {"href", "style", "src", "onclick", "onerror"} & set(element.attributes)
        assert element.tag != "meta"


@pytest.mark.parametrize(
    ("latex", "letter"),
    [
        (r"\mathbf{J}", "\N{MATHEMATICAL BOLD CAPITAL J}"),
        (r"\boldsymbol{x}", "\N{MATHEMATICAL BOLD ITALIC SMALL X}"),
        (r"\mathbb{R}", "\N{DOUBLE-STRUCK CAPITAL R}"),
    ],
)
def test_a_bold_letter_is_a_character_of_its_own(latex: str, letter: str) -> None:
    markup = formula(latex)
    assert letter in markup
    assert "mathvariant" not in markup


def test_the_brackets_of_a_matrix_grow_with_it() -> None:
    page = Page(formula(r"J = \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}"))
    forms = {each.text: each.attributes.get("form") for each in page.all("mo")}
    assert forms == {"=": None, "(": "prefix", ")": "postfix"}


def test_aligned_equations_become_a_table() -> None:
    markup = formula(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", block=True)
    assert len(Page(markup).all("mtr")) == 2


@given(st.lists(st.sampled_from([*r"\{}_^&<>\"' ax1()[]$%#~|", r"\frac", r"\text"])).map("".join))
@settings(deadline=None)
def test_every_formula_gives_balanced_markup(latex: str) -> None:
    tags = {element.tag for element in Page(formula(latex)).elements}
    assert tags == {"code"} or all(tag.startswith("m") for tag in tags)
