"""The grader's end of a template process: starts it, waits for it, asks it for children."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from grader.errors import SandboxError
from grader.records import Mechanism
from grader.sandbox.processes import command, fixed_environment
from grader.sandbox.worker import TemplateLostError

MESSAGE_BYTES = 1 << 17
_START_S = 120.0
_END_S = 5.0


@dataclass(frozen=True, slots=True)
class Config:
    """What a template is made of."""

    preload: Sequence[str]
    probes: Sequence[str]
    disable: Collection[str]


class Template:
    """A template process; it starts at once, `wait` returns when it is ready."""

    def __init__(self, config: Config) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed in `close`)
        passed = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        own_folders = {"HOME": "/tmp", "MPLCONFIGDIR": "/tmp/matplotlib"}  # noqa: S108
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and code)
                command("template", str(theirs.fileno())),
                pass_fds=[theirs.fileno()],
                env={**passed, **own_folders, **fixed_environment()},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                start_new_session=True,  # Ctrl-C at the terminal is for the grader to handle
            )
        self._mechanisms: tuple[Mechanism, ...] | None = None
        self._lost = False
        self._fault = ""
        self._lock = threading.Lock()
        message = {
            "preload": list(config.preload),
            "probes": list(config.probes),
            "disable": sorted(config.disable),
            "path": [entry for entry in sys.path if entry],
        }
        self._control.send(json.dumps(message).encode())

    def wait(self) -> tuple[Mechanism, ...]:
        """Return the mechanisms that the template found; raises SandboxError if it failed."""
        with self._lock:
            if self._fault:
                raise SandboxError(self._fault)
            if self._mechanisms is None:
                try:
                    self._mechanisms = self._read_ready()
                except SandboxError as error:
                    self._fault = str(error)
                    raise
            return self._mechanisms

    def has_namespaces(self) -> bool:
        """Return whether each child has a namespace of processes to itself."""
        found = self._mechanisms or ()
        return any(each.name == "namespaces" and each.present for each in found)

    def _read_ready(self) -> tuple[Mechanism, ...]:
        self._control.settimeout(_START_S)
        try:
            message = self._control.recv(MESSAGE_BYTES)
        except TimeoutError:
            raise SandboxError(f"the sandbox was not ready within {_START_S:.0f} s") from None
        except OSError:
            message = b""
        self._control.settimeout(None)
        ready: dict[str, Any] = json.loads(message or b'{"error": "its process ended"}')
        if "error" in ready:
            raise SandboxError(
                f"the sandbox did not start: {ready['error']}\n{self._last_errors()}".rstrip()
            )
        return tuple(Mechanism(**fields) for fields in ready["mechanisms"])

    def _last_errors(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")[-2000:]

    def note_loss(self) -> None:
        """Take note that the process has ended; a child's socket can tell it before this one's."""
        self._lost = True

    def has_ended(self) -> bool:
        """Return whether a template that was once ready has ended since.

        The socket tells it before the process can be waited for.
        """
        if self._lost:
            return True
        if self._mechanisms is None:
            return False
        try:
            return not self._control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def request(self, child: dict[str, float], fds: Sequence[int]) -> None:
        """Ask for a child that gets these descriptors; raises TemplateLostError."""
        try:
            socket.send_fds(self._control, [json.dumps(child).encode()], fds)
        except OSError as error:
            raise TemplateLostError(f"the sandbox's template process has ended: {error}") from None

    def close(self) -> None:
        """End the template and every child; returns when they are gone."""
        self._control.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()
