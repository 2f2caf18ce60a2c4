"""A session: one submission, its calls, and the processes that come and go while they are made.

A process serves until a call kills it; then that call is marked, and a new process goes on with the
next.  All clocks are read here, on the trusted side.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from types import TracebackType
from typing import Self, TypeVar

from grader.errors import SandboxError
from grader.records import Call, Limits, Observation, Outcome, PartCalls, RunOutcome
from grader.sandbox import endings, protocol
from grader.sandbox.progress import MAX_KEPT_BYTES, Progress
from grader.sandbox.protocol import Answer, Buffers, ProtocolError
from grader.sandbox.worker import (
    Ending,
    KilledFromOutsideError,
    Output,
    TemplateLostError,
    Worker,
)
from grader.values import WireError

_START_S = 120.0  # what importing torch from a cold disk may take
_MANY = 8  # answers that are to come: enough of them to look for some at a time
_GRACE_S = 0.5  # for the kernel to tell how a process ended that no longer answers

Launch = Callable[[Output], Worker]
OnCall = Callable[[str, int, int], None]
"""Told when a call begins: of which part, its number from 1, and how many the part has."""

Result = TypeVar("Result")


class _LostError(Exception):
    """The process is gone; `observation` is what that means for what it was doing."""

    def __init__(self, observation: Observation) -> None:
        super().__init__()
        self.observation = observation


class Session:
    """One submission in a sandbox; a context manager.  Not to be used by two threads at a time."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        limits: Limits,
        launch: Launch,
        probes: Collection[str],
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        """Start the first process; `launch` makes a worker, which is then sent the files."""
        self.on_call: OnCall | None = None
        self._began = time.monotonic()
        self._limits = limits
        self._launch = launch
        self._probes = probes
        self._on_close = on_close
        self._output = Output(limits.output_kib)
        self._cpu_s = 0.0
        self._number = 0  # of the last answer that was asked for
        self._observations: dict[str, tuple[Observation, ...]] = {}
        self._begun: dict[str, Progress] = {}  # by part: how far its last piece came
        self._room_bytes = MAX_KEPT_BYTES  # for the values of all observations that are kept
        self._unusable: dict[str, Observation] = {}  # by file: what every call on it gets
        self._worker: Worker | None = None
        self._greeted = False  # whether the present process has said that it has the files
        self._imported: set[str] = set()  # files, by the present process
        self._outcome: RunOutcome | None = None
        self._files: Buffers | None = None
        try:
            self._files = protocol.write_files(files)
        except WireError:
            return  # too large: every call will say so
        except ValueError as error:
            raise SandboxError(str(error)) from None
        try:
            self._retry(self._start)
        except BaseException:
            with contextlib.suppress(SandboxError):
                self._stop()
            raise

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the session's process."""
        self.close()

    def run(self, part: PartCalls) -> tuple[Observation, ...]:
        """Return one observation for each of these calls of the part, in order.

        Raises SandboxError if the sandbox itself fails; nothing that a student does raises.
        """
        earlier = self._begun.get(part.part) if part.before else None
        progress = self._run(part, earlier)
        self._room_bytes = progress.room_bytes
        self._begun[part.part] = progress
        done = tuple(progress.done)
        whole = self._observations.get(part.part, ()) if part.before else ()
        self._observations[part.part] = (*whole, *done)
        return done

    def call(self, file: str, call: Call, wall_s: float) -> Observation:
        """Return the observation of one call on a file; raises SandboxError as `run` does."""
        return self._run(PartCalls("", file, (call,), wall_s)).done[0]

    def close(self) -> RunOutcome:
        """Return what all parts did, and what the submission printed and used; ends its process."""
        if self._outcome is None:
            try:
                self._retry(self._stop)
            finally:
                self._on_close()
            self._outcome = RunOutcome(
                observations=dict(self._observations),
                output=self._output.text(),
                output_cut=self._output.cut,
                wall_s=time.monotonic() - self._began,
                cpu_s=self._cpu_s,
            )
        return self._outcome

    def _run(self, part: PartCalls, earlier: Progress | None = None) -> Progress:
        if self._outcome is not None:
            raise SandboxError("this session is closed; open a new one to make more calls")
        for probe in {call.probe for call in part.calls if call.probe is not None}:
            if probe not in self._probes:
                raise SandboxError(
                    f"a call asks for the probe {probe}, which was not named when the sandbox was "
                    f"made; named were: {', '.join(self._probes) or 'none'}"
                )
        return self._retry(lambda: self._observe(part, earlier))

    def _retry(self, action: Callable[[], Result]) -> Result:
        """Return what `action` does; it is done once more if others end a process meanwhile."""
        try:
            return action()
        except (TemplateLostError, KilledFromOutsideError):
            with contextlib.suppress(SandboxError):
                self._stop()
            return action()

    def _observe(self, part: PartCalls, earlier: Progress | None) -> Progress:
        progress = Progress(part, part.wall_s, self._room_bytes)
        if earlier is not None:
            progress.go_on(earlier)
        if part.fresh and self._greeted:  # before that no line of the student's has run
            self._stop()
        while progress.remaining:
            settled = self._settled(progress)
            if settled is not None:
                progress.done += [settled] * len(progress.remaining)
            else:
                self._advance(progress)
        if part.fresh:
            self._stop()
        return progress

    def _settled(self, progress: Progress) -> Observation | None:
        """Return what all remaining calls get without being made, None if they are to be made."""
        if self._files is None:
            return endings.TOO_LARGE
        return self._unusable.get(progress.part.file) or progress.settled()

    def _advance(self, progress: Progress) -> None:
        """Make calls until the part is done, its file cannot be used or the process is lost."""
        file = progress.part.file
        number = self._number + 1
        request, count = progress.request(number)
        self._number += 1 + count
        worker = self._ready_worker()
        first_use = file not in self._imported
        if not self._greeted:
            self._greet(worker, request)
            request = []
        allowed_s = self._limits.wall_s if first_use else progress.left_s
        began = time.monotonic()
        worker.deadline = began + allowed_s
        try:
            self._send(worker, request, allowed_s)
            answer = self._receive(worker, number, allowed_s)
        except _LostError as lost:
            if first_use:
                self._unusable[file] = lost.observation
            else:  # what an earlier call left running kept the process from answering
                progress.mark_loss(lost.observation, time.monotonic() - began)
            return
        if answer.outcome is not Outcome.RETURNED:
            self._unusable[file] = Observation(answer.outcome, failure=answer.failure)
            return
        self._imported.add(file)
        self._receive_calls(worker, number, count, progress)

    def _receive_calls(self, worker: Worker, number: int, count: int, progress: Progress) -> None:
        for offset in range(1, count + 1):
            if self.on_call is not None:
                part = progress.part
                in_all = part.before + len(part.calls) + part.after
                self.on_call(part.part, part.before + len(progress.done) + 1, in_all)
            began = time.monotonic()
            worker.deadline = began + progress.allowed_s
            allowed_s = progress.allowed_s if progress.part.fair else progress.part.wall_s
            worker.unhurried = count - offset >= _MANY
            try:
                answer = self._receive(worker, number + offset, allowed_s)
            except _LostError as lost:
                progress.mark_loss(lost.observation, time.monotonic() - began)
                return
            progress.mark_answer(answer, time.monotonic() - began)

    def _ready_worker(self) -> Worker:
        """Return a worker that waits for a request: the present one, or a new one if that is gone.

        What a process says or does between two requests is no answer to either; a process that
        does so is replaced, and nobody is the worse for it.
        """
        if self._worker is not None and self._greeted and not self._worker.is_quiet():
            self._stop()
        return self._worker if self._worker is not None else self._start()

    def _start(self) -> Worker:
        assert self._files is not None  # noqa: S101  (the callers see to it)
        worker = self._worker = self._launch(self._output)
        self._greeted = False
        self._imported.clear()
        worker.deadline = time.monotonic() + _START_S
        with self._before_student_code(worker):
            worker.send(self._files)
        return worker

    def _greet(self, worker: Worker, request: Buffers) -> None:
        # The request is on its way before the process has started: nobody waits for anybody.
        worker.deadline = time.monotonic() + _START_S
        with self._before_student_code(worker):
            worker.send(request)
            protocol.read_answer(worker.read_into, 0)
        self._greeted = True

    @contextlib.contextmanager
    def _before_student_code(self, worker: Worker) -> Iterator[None]:
        """Turn every failure into SandboxError: no line of the student's has run yet."""
        try:
            yield
        except (TimeoutError, EOFError, ProtocolError) as error:
            self._ended(worker)
            reason = "took too long" if isinstance(error, TimeoutError) else "failed"
            raise SandboxError(
                f"a process of the sandbox {reason} before it ran any of the submission's code\n"
                f"{self._output.text()[-2000:]}".rstrip()
            ) from None

    def _send(self, worker: Worker, request: Buffers, allowed_s: float) -> None:
        try:
            worker.send(request)
        except (TimeoutError, EOFError) as error:
            raise self._lost(worker, error, allowed_s) from None

    def _receive(self, worker: Worker, number: int, allowed_s: float) -> Answer:
        try:
            return protocol.read_answer(worker.read_into, number)
        except (TimeoutError, EOFError, ProtocolError) as error:
            raise self._lost(worker, error, allowed_s) from None

    def _lost(self, worker: Worker, error: Exception, allowed_s: float) -> _LostError:
        """Return what it means that student code kept a process from answering; it is gone then."""
        if isinstance(error, EOFError):
            return _LostError(endings.died(self._ended(worker)))
        self._stop()
        if isinstance(error, TimeoutError):
            return _LostError(endings.timed_out(allowed_s))
        return _LostError(endings.nonsense(str(error)))

    def _ended(self, worker: Worker) -> Ending:
        """Return how a process ended that is gone.

        Raises TemplateLostError and KilledFromOutsideError where others ended it.
        """
        self._worker = None
        ending = worker.end(grace_s=_GRACE_S)
        self._cpu_s += ending.cpu_s
        if ending.from_outside:
            raise KilledFromOutsideError
        return ending

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            self._cpu_s += worker.end().cpu_s
