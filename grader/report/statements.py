"""Statements of the course, Markdown with formulas, as HTML that cannot act.

Raw HTML and pictures are off, links are told as text: a page refers to nothing outside itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.dollarmath import dollarmath_plugin

from grader.report.formulas import formula
from grader.report.text import printable


def _inline_formula(_: RendererHTML, tokens: Sequence[Token], index: int, *__: object) -> str:
    return formula(tokens[index].content)


def _block_formula(_: RendererHTML, tokens: Sequence[Token], index: int, *__: object) -> str:
    return formula(tokens[index].content, block=True)


def _heading(_: RendererHTML, tokens: Sequence[Token], index: int, *__: object) -> str:
    # The page has its own headings; those of a statement would break their order.
    return '<p class="heading">' if tokens[index].nesting == 1 else "</p>\n"


def _link_open(*_: object) -> str:
    return ""


def _link_close(_: RendererHTML, tokens: Sequence[Token], index: int, *__: object) -> str:
    opening = next(token for token in reversed(tokens[:index]) if token.type == "link_open")
    if opening.markup == "autolink":  # its text is the address
        return ""
    return f' <span class="address">({escape(opening.attrs["href"])})</span>'


def _cell_open(_: RendererHTML, tokens: Sequence[Token], index: int, *__: object) -> str:
    # The page allows no style attributes, so the alignment of a column becomes a class.
    token = tokens[index]
    side = str(token.attrs.get("style", "")).removeprefix("text-align:")
    return f'<{token.tag} class="{side}">' if side in {"right", "center"} else f"<{token.tag}>"


def _parser(preset: str) -> MarkdownIt:
    parser = MarkdownIt(preset, {"html": False})
    parser.use(dollarmath_plugin, allow_labels=False, allow_digits=False, double_inline=True)
    rules: dict[str, Callable[..., str]] = {
        "math_inline": _inline_formula,
        "math_inline_double": _block_formula,
        "math_block": _block_formula,
        "heading_open": _heading,
        "heading_close": _heading,
        "link_open": _link_open,
        "link_close": _link_close,
        "th_open": _cell_open,
        "td_open": _cell_open,
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


_MARKDOWN = _parser("commonmark").enable(["table", "strikethrough"]).disable("image")
_FORMULAS_ONLY = _parser("zero")


@lru_cache(maxsize=1024)
def statement(text: str) -> Markup:
    """Return Markdown with $formulas$ as HTML."""
    return Markup(_MARKDOWN.render(printable(text)))  # noqa: S704 - html is off in the parser


@lru_cache(maxsize=4096)
def line(text: str) -> Markup:
    """Return one line, such as a title, as HTML in which only $formulas$ are special."""
    if "$" not in text:
        return escape(printable(text))
    return Markup(_FORMULAS_ONLY.renderInline(printable(text)))  # noqa: S704 - html is off
