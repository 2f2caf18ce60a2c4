"""Writing the files of a report so that a reader never sees half of one."""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

GENERATOR_TAG = b'<meta name="generator" content="grader">'
_HEAD_BYTES = 512


def write_if_changed(path: Path, content: bytes) -> bool:
    """Return whether the file was written: one that already holds the content is left alone."""
    try:
        if path.read_bytes() == content:
            return False
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def head(path: Path) -> bytes:
    """Return the beginning of a file, where a page says what made it; nothing if it is not there.

    >>> head(Path("no such file"))
    b''
    """
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except FileNotFoundError:
        return b""


def remove_stale_pages(folder: Path, current: Container[str]) -> tuple[str, ...]:
    """Return the names of the pages removed: those made by the grader that are not current.

    A page somebody else put into the folder stays; ours carry a generator tag near their start.
    """
    removed = []
    for path in sorted(folder.glob("*.html")):
        if path.name in current or not path.is_file():
            continue
        if GENERATOR_TAG in head(path):
            path.unlink()
            removed.append(path.name)
    return tuple(removed)
