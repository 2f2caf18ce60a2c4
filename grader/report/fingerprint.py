"""Fingerprints of what a page is made from, so that a page is made again only if that changed.

Highlighting the code of a thousand students takes a while; comparing fingerprints does not.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from grader import messages
from grader.records import AssignmentReport, SubmissionResult

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
    """The fingerprints of the pages of one assignment."""

    def __init__(self, report: AssignmentReport) -> None:
        shared = repr((report.outline, report.unconfined))
        self._shared = hashlib.sha256(_maker() + _exact(shared))

    def of(self, submission: SubmissionResult) -> str:
        """Return what identifies the page of a submission: all that it shows, and its maker."""
        digest = self._shared.copy()
        digest.update(_exact(repr(submission)))
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
