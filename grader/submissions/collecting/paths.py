"""Names that somebody else chose, made safe or refused with a sentence."""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata

MAX_NAME_BYTES = 200
MAX_PATH_BYTES = 800
MAX_DEPTH = 16
_SHOWN = 120

_LEFT_BEHIND = frozenset(
    ["__MACOSX", "__pycache__", "node_modules", "venv", "Thumbs.db", "desktop.ini"]
)
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"]
)
# Control, format (among them those that turn the direction of writing), surrogates, line ends.
_INVISIBLE = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])
_SLUG_LENGTH = 60


class Refused(Exception):  # noqa: N818  (it is no error of ours: the sentence goes into the report)
    """Something that was handed in and is not taken; its text is the reason."""


def parts_of(name: str) -> tuple[str, ...]:
    r"""Return the folders and the file that a path names, safe on every system.

    Raises Refused for whatever could lead out of a folder or could not be stored everywhere.

    >>> parts_of("hw1/./solution.py"), parts_of("hw1\\\\solution.py")
    (('hw1', 'solution.py'), ('hw1', 'solution.py'))
    """
    path = name.replace("\\", "/")
    if path.startswith("/"):
        raise Refused("its path is absolute")
    if re.match(r"[A-Za-z]:", path):
        raise Refused("its path starts with a drive letter")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if ".." in parts:
        raise Refused("its path leads out of the folder")
    if not parts:
        raise Refused("it has no name")
    for part in parts:
        _check(part)
    if len(parts) > MAX_DEPTH:
        raise Refused(f"it lies more than {MAX_DEPTH} folders deep")
    if sum(len(part.encode()) + 1 for part in parts) > MAX_PATH_BYTES:
        raise Refused(f"its path is longer than {MAX_PATH_BYTES} bytes")
    # The folders of a class are named again and again; each name is kept once.
    return tuple(sys.intern(unicodedata.normalize("NFC", part)) for part in parts)


def _check(part: str) -> None:
    if any(unicodedata.category(character) in _INVISIBLE for character in part):
        raise Refused("its name has control characters or invisible ones")
    if re.search(r'[<>:"|?*]', part):
        raise Refused('its name has one of < > : " | ? *, which not every system can store')
    if part.endswith((" ", ".")):
        raise Refused("its name ends in a space or a dot, which not every system can store")
    if part.partition(".")[0].rstrip().casefold() in _DEVICES:
        raise Refused("its name is that of a device on Windows")
    if len(part.encode()) > MAX_NAME_BYTES:
        raise Refused(f"its name is longer than {MAX_NAME_BYTES} bytes")


def passed_over(name: str) -> bool:
    """Return whether nobody means to hand this in: hidden files, and what tools leave behind."""
    return name.startswith(".") or name in _LEFT_BEHIND


def folded(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path as a file system that ignores case sees it."""
    return tuple(part.casefold() for part in parts)


def shown(name: str) -> str:
    r"""Return a name in one line, in which nothing is hidden and nothing can act.

    >>> shown("a\nb")
    'a\\nb'
    """
    plain = "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in _INVISIBLE
        else character
        for character in name[: _SHOWN + 1]
    )
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


def slug(name: str) -> str:
    """Return a name for a student's folder: letters and digits of any script, and . _ - @ +.

    >>> slug(" Ada  Lovelace "), slug("../x"), slug("???")
    ('Ada-Lovelace', 'x', '')
    """
    kept = "".join(
        character if unicodedata.category(character)[0] in "LMN" or character in "._-@+" else "-"
        for character in unicodedata.normalize("NFC", name)
    )
    plain = re.sub(r"-{2,}", "-", kept)[:_SLUG_LENGTH].strip("-._@+")
    taken = plain.casefold() == "manifest.csv"  # which lies beside the folders
    if taken or plain.partition(".")[0].casefold() in _DEVICES or passed_over(plain):
        return f"{plain}-student"
    return plain


def digest(text: str) -> str:
    """Return six characters that tell one text from another."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
