"""Running code without confinement: one's own code, on any machine.

The same sessions as in `host`, served by ordinary processes.  One is kept warm, with its packages
imported, since importing torch takes a second.  There are wall-clock limits and nothing else.
Portable: no fork, no waiting on pipes; threads do the waiting.
"""

from __future__ import annotations

import contextlib
import math
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import IO, Self

from grader.errors import SandboxError
from grader.records import Limits, Mechanism, PartCalls, RunOutcome, RunRequest
from grader.sandbox.processes import Started, start
from grader.sandbox.protocol import Buffers
from grader.sandbox.session import OnCall, Session
from grader.sandbox.worker import Ending, Output

_CHUNK_BYTES = 1 << 16
_END_S = 5.0


class PlainWorker:
    """A worker in a process of its own, started ahead of its submission."""

    def __init__(self, started: Started) -> None:
        """Take over a process that imports its packages while the caller goes on."""
        self._started = started
        self._process = started.process
        self._requests, self._answers = _pipe(self._process.stdin), _pipe(self._process.stdout)
        self._watch = threading.Condition()
        self._alarm = self.deadline = math.inf
        self.unhurried = False  # it reads as it comes: there is only one submission
        self._late = self._ended = False
        self._reader: threading.Thread | None = None

    def attach(self, output: Output, probes: Sequence[str]) -> None:
        """Let the process serve a submission, whose output goes to `output`."""
        self._reader = threading.Thread(target=self._read_output, args=(output,), daemon=True)
        self._reader.start()
        threading.Thread(target=self._kill_when_late, daemon=True).start()
        self._started.tell({"probes": list(probes)})

    def send(self, buffers: Buffers) -> None:
        """Send a frame; raises EOFError, TimeoutError."""
        with self._clocked():
            for buffer in buffers:
                view = memoryview(buffer)
                while view:
                    view = view[self._requests.write(view) or 0 :]

    def read_into(self, view: memoryview) -> None:
        """Fill `view`; raises EOFError, TimeoutError."""
        with self._clocked():
            while view:
                data = self._answers.read(min(len(view), _CHUNK_BYTES))
                if not data:
                    raise EOFError
                view[: len(data)] = data
                view = view[len(data) :]

    def is_quiet(self) -> bool:
        """Return whether the process still runs; what it has sent unasked shows later."""
        return self._process.poll() is None

    def end(self, *, grace_s: float = 0.0) -> Ending:
        """Return how the process ended; its processor time is not known."""
        with self._watch:
            self._ended = True
            self._watch.notify()
        killed = False
        try:
            self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            killed = True
        self._started.kill()
        code = self._process.wait()
        self._clean_up()
        return Ending(
            exit_status=code if code >= 0 and not killed else None,
            signal=-code if code < 0 and not killed else None,
            cpu_s=0.0,
        )

    @contextlib.contextmanager
    def _clocked(self) -> Iterator[None]:
        """Have the process killed at the deadline, while this waits for it."""
        self._set_alarm(self.deadline)
        try:
            yield
        except (EOFError, OSError):
            raise (TimeoutError if self._late else EOFError) from None
        finally:
            self._set_alarm(math.inf)

    def _set_alarm(self, moment: float) -> None:
        with self._watch:
            self._alarm = moment
            self._watch.notify()

    def _kill_when_late(self) -> None:
        with self._watch:
            while not self._ended:
                left_s = self._alarm - time.monotonic()
                if left_s <= 0:
                    self._late = True
                    self._started.kill()
                    return
                self._watch.wait(min(left_s, threading.TIMEOUT_MAX))

    def _read_output(self, output: Output) -> None:
        source = _pipe(self._process.stderr)
        with contextlib.suppress(OSError, ValueError):  # closed under our hands, at the end
            while data := source.read(_CHUNK_BYTES):
                output.add(data)

    def _clean_up(self) -> None:
        pipes = [self._process.stdin, self._process.stdout]
        if self._reader is not None:
            self._reader.join(_END_S)
        if self._reader is None or not self._reader.is_alive():
            # Windows waits with closing what something that was left behind still holds open.
            pipes.append(self._process.stderr)
        for pipe in pipes:
            with contextlib.suppress(OSError):
                _pipe(pipe).close()
        shutil.rmtree(self._started.folder, ignore_errors=True)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise SandboxError("a process was started without its pipes; this is a fault of grader")
    return stream


class PlainSandbox:
    """The interface of `host.Sandbox` without any confinement; a context manager."""

    mechanisms: tuple[Mechanism, ...] = ()
    """What protects: nothing."""

    def __init__(
        self,
        *,
        preload: Sequence[str] = ("numpy", "torch"),
        probes: Sequence[str] = (),
        first: Started | None = None,
        eager: bool = True,
    ) -> None:
        """Start a first process, unless there is one, and return at once.

        If not `eager`, the processes do not set their packages up before the first call needs it,
        and a spare one is started only where it is known to be needed, or on `warm`: a single check
        has to share the machine with as few others as it can.
        """
        self._preload = tuple(preload)
        self._probes = tuple(probes)
        self._eager = eager
        self._needed = 0  # processes that `run` will ask for yet
        self._lock = threading.Lock()
        self._closed = False
        self._spare: PlainWorker | None = PlainWorker(first) if first else self._new()

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the spare process."""
        self.close()

    def open(self, files: Mapping[str, bytes], limits: Limits) -> Session:
        """Return a session on a submission's files; of the limits, memory is not kept."""
        return Session(files, limits, self._launch, self._probes)

    def run(self, request: RunRequest, on_call: OnCall | None = None) -> RunOutcome:
        """Return what every part of a submission did; raises SandboxError if the sandbox fails.

        `on_call` is told as each call begins.
        """
        with self._lock:
            self._needed = _processes(request.parts)
        with self.open(request.files, request.limits) as session:
            session.on_call = on_call
            for part in request.parts:
                session.run(part)
            return session.close()

    def warm(self, preload: Sequence[str]) -> None:
        """Have a spare process with these packages for the next run; returns at once."""
        with self._lock:
            if self._spare is not None and tuple(preload) != self._preload:
                self._spare.end()
                self._spare = None
            self._preload = tuple(preload)
            if self._spare is None and not self._closed:
                self._spare = self._new()

    def close(self) -> None:
        """End the spare process; returns when it is gone."""
        with self._lock:
            self._closed = True
            if self._spare is not None:
                self._spare.end()
                self._spare = None

    def _launch(self, output: Output) -> PlainWorker:
        with self._lock:
            if self._closed:
                raise SandboxError("this sandbox is closed; make a new one to run more code")
            worker, self._spare = self._spare or self._new(), None
            self._needed -= 1
            if self._eager or self._needed > 0:
                self._spare = self._new()
        worker.attach(output, self._probes)
        return worker

    def _new(self) -> PlainWorker:
        return PlainWorker(start(self._preload, thorough=self._eager))


def _processes(parts: Sequence[PartCalls]) -> int:
    """Return how many processes the parts take if none is lost: a fresh one has its own."""
    count, in_use = 0, False
    for part in parts:
        if part.fresh or not in_use:
            count += 1
        in_use = not part.fresh
    return count
