"""What student code prints: the first part of it goes out line by line, the rest vanishes.

The grader reads the far end of a pipe.  A file with a size limit would be simpler, but a write past
the limit fails, and a solution that prints too much would lose points for that.  Line by line, so
that what was printed before a crash or an endless loop is not lost in a buffer.  Bounded here as
well, so that a flood through `print` costs neither side a system call per line.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_write = os.write


class _Bounded(io.RawIOBase):
    """A stream that writes its first bytes to a descriptor and drops the others."""

    def __init__(self, fd: int, size: int) -> None:
        self._fd = fd
        self._left = size

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def write(self, data: ReadableBuffer, /) -> int:
        with memoryview(data) as view:
            size = view.nbytes
            if self._left > 0:
                with view.cast("B")[: self._left] as first:
                    self._left -= _write(self._fd, first)
            return size


def bound_output(fd: int, output_kib: int) -> None:
    """Send stdout and stderr of this process to `fd`, and a little more than `output_kib` of it."""
    # One byte more than is kept shows the reader that there was more.
    for name in ("stdout", "stderr"):
        raw = io.BufferedWriter(_Bounded(fd, (output_kib << 10) + 1))
        stream = io.TextIOWrapper(raw, encoding="utf-8", errors="replace", line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
