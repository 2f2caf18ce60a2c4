"""An exception of the student's code, as data that a probe can answer with."""

from __future__ import annotations

import traceback
from typing import Any


def failure(error: Exception, probe: str) -> dict[str, Any]:
    """Return type, text and innermost frames of an exception, without those of the probe's file.

    A frame is [file, line, function, text of the line].
    """
    frames = [
        [frame.filename, frame.lineno or 0, frame.name, frame.line or ""]
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename != probe
    ]
    return {"type": type(error).__name__, "message": text(error), "frames": frames[-3:]}


def text(error: Exception) -> str:
    """Return what an exception says, if its own `__str__` lets it."""
    try:
        return str(error)[:2000]
    except Exception:  # noqa: BLE001  (a __str__ of the student's)
        return ""
