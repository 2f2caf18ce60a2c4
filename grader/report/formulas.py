r"""LaTeX formulas as MathML, which browsers show without a script or a font of ours.

latex2mathml passes what stands in \text{…} and \href{…} on as it is, so its output is never
used as it stands: the tree is written anew from a list of allowed elements and attributes.
"""

from __future__ import annotations

import html
from functools import lru_cache
from itertools import pairwise
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

from grader.report.text import printable

_ELEMENTS = """
    math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose
    msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr
    mtd mlabeledtr merror
"""
_ATTRIBUTES = """
    display displaystyle scriptlevel stretchy fence separator form largeop movablelimits
    accent accentunder linethickness notation width height depth lspace rspace minsize
    maxsize symmetric mathvariant columnalign rowspacing columnspacing
"""
_ALLOWED_ELEMENTS = frozenset(_ELEMENTS.split())
_ALLOWED_ATTRIBUTES = frozenset(_ATTRIBUTES.split())
# latex2mathml knows these environments by other names.
_ENVIRONMENTS = {"aligned": "align*", "gathered": "align*", "equation*": "split"}
_FENCES = frozenset("()[]{}|\N{DOUBLE VERTICAL LINE}")
_LARGEST_FORMULA = 4_000
# A formula wider than a phone is scrolled, by keyboard too.
_DISPLAY = Markup('<span class="display" tabindex="0" role="group" aria-label="Formula">{}</span>')

_UPPER, _LOWER = ord("A"), ord("a")
# Browsers follow MathML Core, where a bold letter is a character of its own, not an attribute.
_BOLD = {"bold": (0x1D400, 0x1D41A), "bold-italic": (0x1D468, 0x1D482)}


class _NotConvertibleError(ValueError):
    """The formula uses something that the converter does not know."""


@lru_cache(maxsize=4096)
def formula(latex: str, *, block: bool = False) -> Markup:
    """Return a formula as MathML; one that cannot be converted, as its source text in <code>."""
    source = printable(latex).strip()
    markup = _converted(source, block) or Markup('<code class="formula">{}</code>').format(source)
    return _DISPLAY.format(markup) if block else markup


def _converted(source: str, block: bool) -> Markup | None:
    if len(source) > _LARGEST_FORMULA:
        return None
    try:
        tree = convert_to_element(_known_environments(source), display=_display(block))
        return Markup(_written(tree, source))  # noqa: S704 - every piece of it is escaped
    # The converter raises many types, RecursionError among them, and any of them means the same.
    except Exception:  # noqa: BLE001
        return None


def _display(block: bool) -> str:
    return "block" if block else "inline"


def _known_environments(latex: str) -> str:
    for name, known in _ENVIRONMENTS.items():
        latex = latex.replace(f"\\begin{{{name}}}", f"\\begin{{{known}}}")
        latex = latex.replace(f"\\end{{{name}}}", f"\\end{{{known}}}")
    return latex


def _written(element: Element, source: str = "") -> str:
    """Return an element of the tree as text, with the source as the text of the whole formula."""
    if element.tag not in _ALLOWED_ELEMENTS:
        raise _NotConvertibleError(element.tag)
    attributes = {
        name: text for name, text in element.attrib.items() if name in _ALLOWED_ATTRIBUTES
    }
    if source:
        attributes["alttext"] = source
    content = html.unescape(element.text or "")
    if element.tag == "mi":
        # An unknown command comes out as an identifier that still bears its backslash.
        if "\\" in content or content in {"&", "{", "}"}:
            raise _NotConvertibleError(content)
        content = _bold(content, attributes)
    opening = "".join(f' {name}="{escape(text)}"' for name, text in attributes.items())
    _stretch_fences(element)
    children = "".join(_written(child) for child in element)
    return f"<{element.tag}{opening}>{escape(content)}{children}</{element.tag}>"


def _stretch_fences(element: Element) -> None:
    """Make the brackets of a matrix as tall as it is.

    Browsers do so by themselves only where the brackets begin and end a row.
    """
    for before, after in pairwise(element):
        for bracket, table, form in ((before, after, "prefix"), (after, before, "postfix")):
            fence = bracket.tag == "mo" and html.unescape(bracket.text or "") in _FENCES
            if fence and table.tag == "mtable":
                bracket.attrib.update(stretchy="true", form=form)


def _bold(letters: str, attributes: dict[str, str]) -> str:
    starts = _BOLD.get(attributes.get("mathvariant", ""))
    if starts is None:
        return letters
    del attributes["mathvariant"]
    upper, lower = starts
    return "".join(
        chr(upper + ord(letter) - _UPPER)
        if "A" <= letter <= "Z"
        else chr(lower + ord(letter) - _LOWER)
        if "a" <= letter <= "z"
        else letter
        for letter in letters
    )
