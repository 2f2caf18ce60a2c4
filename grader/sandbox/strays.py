"""Processes that student code left behind, where nothing kept it from starting them."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection
from pathlib import Path

_ROUNDS = 50


def kill(keep: Collection[int]) -> None:
    """Kill every child process of this one that is not to be kept.

    This process must adopt orphans, so that what a dead child started is a child of its own.  New
    ones may appear while the old are killed: it goes on until a round finds none.
    """
    for _ in range(_ROUNDS):
        found = [pid for pid in _children() if pid not in keep]
        if not found:
            return
        for pid in found:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _children() -> list[int]:
    own = os.getpid()
    children = []
    for entry in os.listdir("/proc"):  # noqa: PTH208
        if not entry.isdigit():
            continue
        try:
            stat = Path("/proc", entry, "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # it has ended since
        if int(stat.rpartition(") ")[2].split()[1]) == own:
            children.append(int(entry))
    return children
