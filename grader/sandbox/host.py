"""Running student code: fast, apart from the grader, and confined.

Theory of operation
===================

    grader (trusted)             template                      child, one per submission
      holds what is expected       started by exec: holds        forked: what is imported is there
      keeps the clock, kills  ──►  no secret; imports numpy ──►  confines itself, then imports the
      Sandbox, Session        ◄──  and torch once; forks         student's code, answers calls

A fork makes starting cheap: importing torch takes a second, forking a process that has imported it
a few milliseconds.  The grader itself is never forked, since its memory holds the reference and
what is expected.  A child confines itself before the first line of student code and can never get
out again: it never runs another program, so there is no moment at which confinement is handed on.

Who does what:

- `host.Sandbox` keeps a template and gives out sessions.  `starter` starts the template's process.
- `session.Session` drives one submission: requests, clocks, what a death means, a new process after
  it.  It talks to a `worker.Worker`; `child` and `plain` are the two kinds.
- `template` is what runs in the template: `trials` finds out which protections this machine has,
  `root`, `confinement`, `landlock` and `seccomp` apply them, `warmup` imports.
- `service` runs beside the student's code in every kind of sandbox, with `student` (files, modules,
  tracebacks), `calling` (one call), `state` (what calls may change) and `printing` (output).
- `protocol` says what crosses between the two sides.  Nothing else does.

What is believed: nothing that a child says, beyond the form of an answer; what a child sends is
judged as the student's answer.  So a student who takes over the service has won nothing.

What a call may cost is kept by the kernel (memory, processor time, files, threads) and by the
grader's clock (a child that outruns it is killed through its pidfd, so that no other process can be
hit by mistake).  No signal or timer in the child counts: student code can swallow them.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import Self

from grader.errors import SandboxError
from grader.records import Limits, Mechanism, RunOutcome, RunRequest
from grader.sandbox.child import Child
from grader.sandbox.protections import CONFINING
from grader.sandbox.session import OnCall, Session
from grader.sandbox.starter import Config, Template
from grader.sandbox.worker import Output

MAX_SESSIONS = 64
_UNKNOWN_CPU_S = 3600.0


class Sandbox:
    """A warm template process and the sessions that its children serve; a context manager.

    `probes` names the functions (``package.module:function``) that calls may ask for: they are
    imported before the template shuts itself in.  `disable` names mechanisms to treat as missing.
    Several threads may use one sandbox at a time.
    """

    def __init__(
        self,
        *,
        preload: Sequence[str] = ("numpy", "torch"),
        probes: Sequence[str] = (),
        confine: bool = True,
        disable: Collection[str] = (),
    ) -> None:
        """Start the template and return at once; what needs it waits for it."""
        off = {*disable, *(() if confine else CONFINING)}
        self._config = Config(tuple(preload), tuple(probes), frozenset(off))
        self._lock = threading.Lock()
        self._slots = list(range(MAX_SESSIONS))
        self._closed = False
        self._template = Template(self._config)

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the template and all children."""
        self.close()

    @property
    def mechanisms(self) -> tuple[Mechanism, ...]:
        """What protects, as found on this machine; waits until the template is ready."""
        return self._ready_template().wait()

    def open(
        self, files: Mapping[str, bytes], limits: Limits, *, cpu_s: float = _UNKNOWN_CPU_S
    ) -> Session:
        """Return a session on a submission's files.

        `cpu_s` limits the processor time of each of its processes, all threads together.  Raises
        SandboxError if the sandbox cannot start.
        """
        with self._lock:
            if not self._slots:
                raise SandboxError(
                    f"{MAX_SESSIONS} sessions are open at once, as many as there can be; close some"
                )
            slot = heapq.heappop(self._slots)

        def launch(output: Output) -> Child:
            return Child(self._ready_template(), slot, limits, cpu_s, output)

        def give_back() -> None:
            with self._lock:
                heapq.heappush(self._slots, slot)

        try:
            return Session(files, limits, launch, self._config.probes, give_back)
        except BaseException:
            give_back()
            raise

    def run(self, request: RunRequest, on_call: OnCall | None = None) -> RunOutcome:
        """Return what every part of a submission did; raises SandboxError if the sandbox fails.

        `on_call` is told as each call begins.
        """
        with self.open(request.files, request.limits, cpu_s=cpu_budget_s(request)) as session:
            session.on_call = on_call
            for part in request.parts:
                session.run(part)
            return session.close()

    def close(self) -> None:
        """End the template and all children; returns when they are gone."""
        with self._lock:
            self._closed = True
            self._template.close()

    def _ready_template(self) -> Template:
        """Return the template; if it has ended meanwhile, a new one takes its place."""
        with self._lock:
            if self._closed:
                raise SandboxError("this sandbox is closed; make a new one to run more code")
            if self._template.has_ended():
                self._template.close()
                self._template = Template(self._config)
            template = self._template
        template.wait()
        return template


def cpu_budget_s(request: RunRequest) -> float:
    """Return the processor time that a submission needs if it uses all of its wall-clock time."""
    files = {part.file for part in request.parts}
    return sum(part.wall_s for part in request.parts) + len(files) * request.limits.wall_s + 1.0
