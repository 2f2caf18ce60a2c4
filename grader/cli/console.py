"""What is printed: plain text to stdout, complaints to stderr."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO


def say(text: str) -> None:
    """Print a line; what a terminal cannot show, or would obey, is spelled out."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Print what went wrong to stderr."""
    _write(sys.stderr, f"grader: {text}" if "\n" not in text else text)


# Students choose names and print text; neither may command the terminal of the one who grades.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def spelled_out(text: str) -> str:
    """Return a text with its control characters spelled out, all but line breaks and tabs."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """Return a text with every control character spelled out, such as a student's name."""
    return spelled_out(re.sub(r"[\n\t]", lambda found: repr(found[0])[1:-1], text))


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed by whoever started this process
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    shown = spelled_out(text).encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(shown, file=stream, flush=True)
    except OSError:
        # Nobody reads any more (grader grade | head), or the disk is full.  The work goes on; what
        # is left in the stream goes nowhere, so that Python does not stumble over it at its end.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
