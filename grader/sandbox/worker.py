"""A process that serves one submission, as a session sees it, whatever confines it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from grader.errors import SandboxError
from grader.sandbox.protocol import Buffers


class TemplateLostError(SandboxError):
    """The process that workers are forked from has ended, and with it every worker."""


class KilledFromOutsideError(SandboxError):
    """Somebody killed a worker that cannot have done it by itself: no submission is to blame."""

    def __init__(self) -> None:
        super().__init__(
            "a process of the sandbox was killed from outside, and so was the next one that tried "
            "the same, as happens when this machine runs out of memory; grade with fewer --jobs"
        )


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended."""

    exit_status: int | None  # None if a signal ended it, or we did
    signal: int | None  # None if it left by itself, or we ended it
    cpu_s: float
    used_up_cpu: bool = False
    from_outside: bool = False  # killed, neither by us nor by anything that it could have done


class Output:
    """What a submission printed, up to a limit."""

    def __init__(self, limit_kib: int) -> None:
        self._limit = limit_kib << 10
        self._kept = bytearray()
        self.cut = False

    def add(self, data: bytes) -> None:
        """Keep what there is still room for."""
        room = self._limit - len(self._kept)
        self._kept += data[:room]
        self.cut = self.cut or len(data) > room

    def text(self) -> str:
        """Return what was kept."""
        return self._kept.decode("utf-8", "replace")


class Worker(Protocol):
    """The grader's end of a process that runs the service."""

    deadline: float
    """The moment (`time.monotonic`) at which `send` and `read_into` give up with TimeoutError."""

    unhurried: bool
    """Whether more is to come, so that it costs nothing to let it gather for a millisecond."""

    def send(self, buffers: Buffers) -> None:
        """Send a frame; raises EOFError if the process no longer listens."""
        ...

    def read_into(self, view: memoryview) -> None:
        """Fill `view` with what the process sends; raises EOFError if nothing more will come."""
        ...

    def is_quiet(self) -> bool:
        """Return whether the process still listens and has sent nothing that was not read."""
        ...

    def end(self, *, grace_s: float = 0.0) -> Ending:
        """Return how the process ended; it is killed unless it ends by itself within `grace_s`."""
        ...
