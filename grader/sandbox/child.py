"""The grader's end of a forked child: its data socket, its output, its life and its death."""

from __future__ import annotations

import contextlib
import json
import math
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import TypeVar

from grader.errors import SandboxError
from grader.records import Limits
from grader.sandbox.protocol import Buffers
from grader.sandbox.starter import MESSAGE_BYTES, Template
from grader.sandbox.worker import Ending, Output, TemplateLostError

_CHUNK_BYTES = 1 << 16
_DAY_S = 86400.0
_PAUSE_S = 1e-3  # in which a dozen answers come
_CPU_S = 0.5  # by so much the kernel's clock for the limit and its account afterwards may differ
Source = TypeVar("Source")
Received = TypeVar("Received", int, bytes)
_TEMPLATE_S = 30.0  # how long the template may take to answer before something is wrong with it


class Child:
    """A worker that a template forked."""

    def __init__(
        self, template: Template, slot: int, limits: Limits, cpu_s: float, output: Output
    ) -> None:
        """Ask for the child; it starts while the caller goes on."""
        self.deadline = 0.0
        self.unhurried = False
        self._template = template
        self._cpu_s = cpu_s
        self._output = output
        self._pidfd: int | None = None
        self._ending: Ending | None = None
        self._killed = False
        self._output_ended = False
        self._ahead = memoryview(b"")  # what was received and not yet asked for
        self._data, data = socket.socketpair()
        self._life, life = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._output_fd, output_fd = os.pipe()
        self._poll = select.poll()
        try:
            request = {
                "slot": slot,
                "cpu_s": cpu_s,
                "memory_mib": limits.memory_mib,
                "output_kib": limits.output_kib,
            }
            template.request(request, [data.fileno(), output_fd, life.fileno()])
        except BaseException:
            self._close()
            raise
        finally:
            data.close()
            life.close()
            os.close(output_fd)
        self._data.setblocking(False)
        os.set_blocking(self._output_fd, False)
        self._poll.register(self._data, select.POLLIN)
        self._poll.register(self._life, select.POLLIN)
        self._poll.register(self._output_fd, select.POLLIN)

    def send(self, buffers: Buffers) -> None:
        """Send a frame; raises EOFError, TimeoutError, SandboxError."""
        for buffer in buffers:
            view = memoryview(buffer)
            while view:
                try:
                    view = view[self._data.send(view) :]
                except BlockingIOError:
                    self._poll.modify(self._data, select.POLLOUT)
                    self._wait()
                    self._poll.modify(self._data, select.POLLIN)
                except OSError:
                    raise EOFError from None

    def read_into(self, view: memoryview) -> None:
        """Fill `view`; raises EOFError, TimeoutError, SandboxError."""
        while view:
            if not self._ahead and len(view) < _CHUNK_BYTES:
                self._read_ahead()
            if self._ahead:
                size = min(len(view), len(self._ahead))
                view[:size] = self._ahead[:size]
                self._ahead = self._ahead[size:]
            else:
                size = self._received(self._data.recv_into, view)
            view = view[size:]

    def _read_ahead(self) -> None:
        """Take in what has come: an answer is a few small pieces, too few for a call each."""
        chunk = self._received(self._data.recv, _CHUNK_BYTES)
        self._ahead = memoryview(chunk)

    def _received(self, receive: Callable[[Source], Received], source: Source) -> Received:
        """Return what comes next; raises EOFError, TimeoutError, SandboxError."""
        while True:
            try:
                received = receive(source)
            except BlockingIOError:
                if self._ending is not None:  # a process it left behind holds the socket open
                    raise EOFError from None
                if self.unhurried:
                    time.sleep(_PAUSE_S)
                self._wait()
                continue
            except OSError:
                raise EOFError from None
            if not received:
                raise EOFError
            return received

    def is_quiet(self) -> bool:
        """Return whether the child still listens and has sent nothing that was not read."""
        if self._ahead:
            return False
        try:
            self._data.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def end(self, *, grace_s: float = 0.0) -> Ending:
        """Return how the child ended; it is killed unless it ends by itself within `grace_s`."""
        self.deadline = time.monotonic() + grace_s
        self._poll.unregister(self._data)  # if the child closed it, it would wake every wait
        try:
            while self._ending is None:
                try:
                    self._wait()
                except TimeoutError:
                    self._kill()
            self._drain()
        finally:
            self._close()
        return self._ending

    def _kill(self) -> None:
        if self._killed:
            raise SandboxError(f"a killed process did not end within {_TEMPLATE_S:.0f} s")
        self.deadline = time.monotonic() + _TEMPLATE_S
        while self._pidfd is None and self._ending is None:
            try:
                self._wait()
            except TimeoutError:
                raise SandboxError(f"no process was started within {_TEMPLATE_S:.0f} s") from None
        if self._pidfd is not None:
            # Process 1 of its own namespace: the kernel kills whatever it started as well.
            with contextlib.suppress(ProcessLookupError):  # it has ended; the news is on its way
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self._killed = True

    def _wait(self) -> None:
        """Return when the data socket is ready, or the template has told something of the child.

        Meanwhile the child's output is taken in, so that it never waits for room in the pipe.
        """
        news = False
        while not news:
            left_s = self.deadline - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            for fd, _ in self._poll.poll(math.ceil(min(left_s, _DAY_S) * 1e3)):
                if fd == self._output_fd:
                    self._drain_some()
                else:
                    news = True
                    if fd == self._life.fileno():
                        self._hear()

    def _hear(self) -> None:
        try:
            message, fds, _, _ = socket.recv_fds(self._life, MESSAGE_BYTES, 1)
        except OSError:
            message, fds = b"", []
        if not message:
            self._template.note_loss()
            raise TemplateLostError("the sandbox's template process ended while it was in use")
        told = json.loads(message)
        if "error" in told:
            raise SandboxError(told["error"])
        if fds:
            self._pidfd = fds[0]
            return
        self._poll.unregister(self._life)
        status, cpu_s = told["status"], told["cpu_s"]
        by_signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        killed = by_signal == signal.SIGKILL
        ours = self._killed and killed
        # Process 1 of a namespace never sees SIGXCPU: there the hard limit kills.
        used_up = by_signal in (signal.SIGXCPU, signal.SIGKILL) and cpu_s >= self._cpu_s - _CPU_S
        self._ending = Ending(
            exit_status=os.WEXITSTATUS(status) if by_signal is None else None,
            signal=None if ours else by_signal,
            cpu_s=cpu_s,
            used_up_cpu=used_up and not ours,
            # Nothing in a namespace can kill its process 1, and memory is kept by RLIMIT_DATA.
            from_outside=killed and not ours and not used_up and self._template.has_namespaces(),
        )

    def _drain_some(self) -> bool:
        try:
            data = os.read(self._output_fd, _CHUNK_BYTES)
        except BlockingIOError:
            return False
        if not data and not self._output_ended:
            self._poll.unregister(self._output_fd)
            self._output_ended = True
        self._output.add(data)
        return bool(data)

    def _drain(self) -> None:
        while self._drain_some():
            pass

    def _close(self) -> None:
        self._data.close()
        self._life.close()
        os.close(self._output_fd)
        if self._pidfd is not None:
            os.close(self._pidfd)
