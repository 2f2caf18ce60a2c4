"""Text of students inside Markdown: shown as they wrote it, whatever it is."""

from __future__ import annotations

import html
import re

from grader.report.exports.rows import one_line
from grader.report.text import printable

_ACTIVE = re.compile(r"[\\`*_\[\]#|~]")
# These mean something to one renderer or another even behind a backslash.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "@": "&#64;"}
_BLOCK = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
_LINK = re.compile(r"(?<=:)//|(?<=www)\.", re.IGNORECASE)
_TICKS = re.compile("`+")


def escaped(text: str) -> str:
    r"""Return a text as one line of Markdown that shows it and does nothing else.

    >>> escaped("a|b <script> *c*")
    'a\\|b &lt;script&gt; \\*c\\*'
    """
    line = one_line(text)
    line = re.sub(r"[&<>$@]", lambda found: _ENTITIES[found[0]], line)
    line = _ACTIVE.sub(lambda found: f"\\{found[0]}", line)
    line = _LINK.sub(lambda found: f"&#{ord(found[0][0])};{found[0][1:]}", line)
    return _BLOCK.sub(
        lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line
    )


def fenced(text: str) -> str:
    """Return a text as a block of code, its fence longer than any inside it."""
    shown = printable(text)
    longest = max(map(len, _TICKS.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown.rstrip()}\n{fence}"


def preformatted(text: str) -> str:
    """Return a text as a block of HTML for GitHub, where no line of it is a workflow command."""
    shown = html.escape(printable(text).rstrip(), quote=False)
    return f"<pre>{shown.replace('::', '&#58;&#58;').replace('##[', '&#35;#[')}</pre>"
