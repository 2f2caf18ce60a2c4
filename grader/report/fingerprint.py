"""Fingerprints of what a page is made from, so that a page is made again only if that changed.

Highlighting the code of a thousand students takes a while; comparing fingerprints does not.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from grader import messages
from grader.records import AssignmentReport

_LIBRARIES = (
    "jinja2",
    "latex2mathml",
    "markdown-it-py",
    "matplotlib",
    "mdit-py-plugins",
    "networkx",
    "pygments",
)


class Fingerprints:
    """The fingerprints of what is made for one assignment, or for all of them."""

    def __init__(self, report: AssignmentReport | None = None) -> None:
        shared = repr((report.outline, report.unconfined)) if report else ""
        self._shared = hashlib.sha256(_maker() + _exact(shared))

    def of(self, *states: str) -> str:
        """Return what identifies a file: the states of all that it shows, and its maker."""
        digest = self._shared.copy()
        for state in states:
            digest.update(_exact(state))
        return digest.hexdigest()


def _exact(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@cache
def _maker() -> bytes:
    """Return a digest of the code, templates and libraries that make the pages."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    said = Path(messages.__file__).parent.glob("*.py")
    makers = (*package.glob("*.py"), *package.glob("templates/*"), *said)
    for path in sorted(makers):
        digest.update(path.read_bytes())
    for library in _LIBRARIES:
        digest.update(version(library).encode("ascii"))
    return digest.digest()
