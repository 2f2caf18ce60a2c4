"""What is printed: plain text to stdout, complaints to stderr."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Print a line; characters that the terminal cannot show are spelled out."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Print what went wrong to stderr."""
    _write(sys.stderr, f"grader: {text}" if "\n" not in text else text)


def _write(stream: object, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    shown = text.encode(encoding, "backslashreplace").decode(encoding)
    print(shown, file=stream, flush=True)  # type: ignore[call-overload]
