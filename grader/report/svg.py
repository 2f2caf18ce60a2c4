"""SVG as matplotlib writes it, made into SVG that can stand in a page.

The tree is written anew from a list of allowed elements and attributes.  A page's policy refuses
styles, so what matplotlib says in `style` becomes attributes; a colour becomes a class, since what
it looks like depends on the reader's theme; and an id becomes one that no other figure has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from markupsafe import escape

COLOURS: Mapping[str, str] = {
    name: f"#0000{number:02x}"
    for number, name in enumerate(
        ("ink", "muted", "rule", "sheet", "accent", "good", "half", "bad", "fault", "note"), start=1
    )
}
"""What a drawing calls a colour, by the name that the style sheet has for it."""

ID_PREFIX = "\x02"
"""Stands before every id, for the name of the figure; no text can hold it."""

_ELEMENTS = frozenset({"g", "defs", "clipPath", "path", "use", "text", "tspan", "rect"})
_GEOMETRY = frozenset({"d", "x", "y", "dx", "dy", "width", "height", "transform"})
_STYLES = frozenset(
    (
        "fill-opacity",
        "font-size",
        "opacity",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
    )
)
_NAMES = {code: name for name, code in COLOURS.items()}
_HREF = "{http://www.w3.org/1999/xlink}href"
_DECIMALS = re.compile(r"-?\d+\.\d+")
_LONG = 1_000  # characters of a path; it is no marker, so that a tenth of a pixel is enough
_DEFAULTS = {"opacity": "1", "stroke-dashoffset": "0", "text-anchor": "start"}


def rewritten(svg: str) -> tuple[str, str]:
    """Return the view box of a drawing, and its content as it can stand in a page.

    Raises ValueError for what is no SVG.
    """
    try:
        tree = ET.fromstring(svg)  # noqa: S314  (made by matplotlib, a moment ago)
    except ET.ParseError as error:
        raise ValueError(str(error)) from None
    ids = {name: f"{ID_PREFIX}-{number}" for number, name in enumerate(_referenced(tree), start=1)}
    content = "".join(_written(child, ids) for child in tree)
    return _shorter(tree.get("viewBox", "")), content


def _referenced(tree: ET.Element) -> list[str]:
    found: dict[str, None] = {}
    for element in tree.iter():
        clip = re.fullmatch(r"url\(#(.+)\)", element.get("clip-path", ""))
        if clip:
            found[clip[1]] = None
        if _HREF in element.attrib:
            found[element.attrib[_HREF].removeprefix("#")] = None
    return list(found)


def _written(element: ET.Element, ids: Mapping[str, str]) -> str:
    tag = element.tag.rpartition("}")[2]
    if tag not in _ELEMENTS:
        return ""
    content = "".join(_written(child, ids) for child in element)
    text = str(escape(element.text or "")) if tag in {"text", "tspan"} else ""
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in _attributes(element, ids))
    if tag in {"g", "defs"} and (not content or (tag == "g" and not attributes)):
        return content
    inside = text + content
    return f"<{tag}{attributes}>{inside}</{tag}>" if inside else f"<{tag}{attributes}/>"


def _attributes(element: ET.Element, ids: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    name = element.get("id", "")
    if name in ids:
        yield "id", ids[name]
    if _HREF in element.attrib:
        yield "href", f"#{ids[element.attrib[_HREF].removeprefix('#')]}"
    clip = element.get("clip-path", "")
    if clip:
        yield "clip-path", f"url(#{ids[clip[5:-1]]})"
    for key, value in element.attrib.items():
        if key in _GEOMETRY and not (key == "transform" and value.startswith("rotate(-0")):
            yield key, _path(value) if key == "d" else _shorter(value)
    classes = []
    for key, value in _styles(element):
        if key in {"fill", "stroke"} and value in _NAMES:
            classes.append(f"{key}-{_NAMES[value]}")
        elif (key in {"fill", "stroke"} and value == "none") or (
            key in _STYLES and _DEFAULTS.get(key) != value
        ):
            yield key, _shorter(value)
    if classes:
        yield "class", " ".join(classes)


def _styles(element: ET.Element) -> Iterator[tuple[str, str]]:
    for declaration in element.get("style", "").split(";"):
        name, _, value = (piece.strip() for piece in declaration.partition(":"))
        size = re.match(r"(?:\S+ )*?([\d.]+)px", value) if name == "font" else None
        yield ("font-size", size[1]) if size else (name, value.removesuffix("px"))


def _shorter(numbers: str, decimals: int = 2) -> str:
    """Return geometry with so many decimals; a hundredth of a pixel is enough for anything."""

    def rounded(found: re.Match[str]) -> str:
        text = f"{float(found[0]):.{decimals}f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text

    return " ".join(_DECIMALS.sub(rounded, numbers).split())


def _path(commands: str) -> str:
    """Return a path whose straight lines, most of what a contour plot is, bear no letter."""
    short = _shorter(commands, 2 if len(commands) < _LONG else 1)
    return short if re.search("[CQ]", short) else short.replace(" L ", " ")
