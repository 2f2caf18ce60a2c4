"""File names and anchors made from what students chose to be called.

A short, plain lower-case id is its own name.  Any other id becomes a readable stem, a dot and a
digest of the id: plain ids hold no dot, so the two kinds never meet, and names differ for
different ids on file systems that ignore case too.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b32encode
from urllib.parse import quote

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_STEM_LENGTH = 40
_DIGEST_BYTES = 10

# Windows gives devices these names; index.html means the page of a folder to every web server, and
# is the page of the class here, beside changes.html.
_RESERVED = frozenset(
    ["index", "changes", "con", "prn", "aux", "nul"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(10)]
)


def safe_name(identifier: str) -> str:
    """Return a file name without its extension, different for every identifier.

    >>> safe_name("worked-solution"), safe_name("Ada Lovelace")
    ('worked-solution', 'ada-lovelace.spx32vwhaofzcyj3')
    """
    if _PLAIN.fullmatch(identifier) and identifier not in _RESERVED:
        return identifier
    ascii_only = unicodedata.normalize("NFKD", identifier).encode("ascii", "ignore").decode("ascii")
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:_STEM_LENGTH].strip("-")
    exact = identifier.encode("utf-8", "surrogatepass")
    digest = b32encode(hashlib.blake2b(exact, digest_size=_DIGEST_BYTES).digest())
    return f"{stem or 'student'}.{digest.decode('ascii').lower()}"


def page_file(identifier: str) -> str:
    """Return the file name of the page of a submission."""
    return f"{safe_name(identifier)}.html"


def line_anchor(file: str, line: int, cell: int = 0) -> str:
    """Return the anchor of a line of a student's file, good as an id and after a # in a link.

    >>> line_anchor("my code.py", 12), line_anchor("solution.ipynb", 2, cell=3)
    ('L-my%20code.py-12', 'L-solution.ipynb-3.2')
    """
    place = f"{cell}.{line}" if cell else f"{line}"
    return f"L-{quote(file, safe='/', errors='surrogatepass')}-{place}"
