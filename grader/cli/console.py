"""What is printed: plain text to stdout, complaints to stderr."""

from __future__ import annotations

import re
import sys


def say(text: str) -> None:
    """Print a line; what a terminal cannot show, or would obey, is spelled out."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Print what went wrong to stderr."""
    _write(sys.stderr, f"grader: {text}" if "\n" not in text else text)


# Students choose names and print text; neither may command the terminal of the one who grades.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _write(stream: object, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    shown = _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)
    shown = shown.encode(encoding, "backslashreplace").decode(encoding)
    print(shown, file=stream, flush=True)  # type: ignore[call-overload]
