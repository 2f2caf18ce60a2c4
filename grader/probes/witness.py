"""Notes what student code imports and opens, from its first line on, in Python's audit events.

An audit hook sees an import wherever it stands, also at the top of a file long before a call, and
it cannot be taken away again.  What it noted is kept in a closure.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

REACHED = "grader.reached"
"""The event by which a trap says that it was entered: `sys.audit(REACHED, name)`."""

Note: TypeAlias = tuple[str, str]
"""What kind of event it was ("import", "open", `REACHED`), and of what."""

_EVENTS = frozenset({"import", "open", REACHED})
_MOST = 100_000  # notes; whoever opens so many files is looking for something else
_realpath, _fspath, _fsdecode = os.path.realpath, os.fspath, os.fsdecode


def _made() -> tuple[Callable[[], None], Callable[[], int], Callable[[int], Sequence[Note]]]:
    notes: list[Note] = []
    known: set[Note] = set()
    hears: list[bool] = []
    from_start: list[bool] = []

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _EVENTS or len(notes) >= _MOST:
            return
        note = (event, _what(event, arguments))
        if event == REACHED or (note[1] and note not in known):
            known.add(note)
            notes.append(note)

    def listen() -> None:
        if not hears:
            hears.append(True)
            sys.addaudithook(hear)

    def begin() -> None:
        listen()
        from_start.append(True)

    def mark() -> int:
        listen()
        return len(notes)

    def told(first: int) -> Sequence[Note]:
        found = list(enumerate(notes))
        earlier = bool(from_start)
        return [n for at, n in found if at >= first or (earlier and n[0] != REACHED)]

    return begin, mark, told


def _what(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the module, or the file with its whole path, "" if there is no telling."""
    what = arguments[0] if arguments else ""
    if event != "open":
        return str(what)
    try:
        return "" if isinstance(what, int) else _realpath(_fsdecode(_fspath(what)))
    except (OSError, TypeError, ValueError):  # no such path: opening it will fail by itself
        return ""


_begin, _mark, _told = _made()


def begin() -> None:
    """Listen from now on, and count every import and every file from now on."""
    _begin()


def mark() -> int:
    """Return what `told` is to begin with."""
    return _mark()


def told(first: int) -> Sequence[Note]:
    """Return what was noted since a mark, in order; imports and files since `begin`, if it was."""
    return _told(first)
