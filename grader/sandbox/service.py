"""The service beside the student's code: it imports files, makes calls and sends the answers.

The same in every kind of sandbox.  It holds inputs only, so there is nothing in its process that a
student must not see; and it is believed nothing, so there is nothing in it to protect.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TypeAlias

from grader.records import Failure, Outcome
from grader.sandbox import calling, state
from grader.sandbox.calling import Probe
from grader.sandbox.protocol import (
    Buffers,
    Order,
    read_files,
    read_request,
    write_answer,
)
from grader.sandbox.student import Student, is_memory_error

Listen: TypeAlias = Callable[[], None]

_read, _write = os.read, os.write
_unnamed: list[ModuleType] = []  # kept, since to take modules apart takes longer
_CHUNK_BYTES = 1 << 20
_PIECE_BYTES = 1 << 16


class Channel:
    """Frames over plain descriptors, so that no system call for sockets is needed."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd

    def read_into(self, view: memoryview) -> None:
        """Fill `view`; raises EOFError when the grader has closed its end."""
        while view:
            data = _read(self._read_fd, min(len(view), _CHUNK_BYTES))
            if not data:
                raise EOFError
            view[: len(data)] = data
            view = view[len(data) :]

    def send(self, buffers: Buffers) -> None:
        """Write a frame, in one piece if it is small: every piece wakes the grader."""
        if len(buffers) > 1 and sum(map(len, buffers)) <= _PIECE_BYTES:
            buffers = [b"".join(buffers)]
        for buffer in buffers:
            view = memoryview(buffer)
            while view:
                view = view[_write(self._write_fd, view[:_CHUNK_BYTES]) :]


class Service:
    """The answers to one grader's requests, on one submission in `folder`."""

    def __init__(
        self, channel: Channel, folder: str, probes: Mapping[str, Probe], listen: Listen
    ) -> None:
        """Take in the submission's files; `listen` is what `go_out_of_sight` returned."""
        self._channel = channel
        self._probes = probes
        self._states: dict[str, state.State] = {}
        sys.dont_write_bytecode = True
        sys.setrecursionlimit(state.RECURSION_LIMIT)
        self._student = Student(folder, read_files(channel.read_into))
        self._student.move_in()
        listen()
        channel.send(write_answer(0, Outcome.RETURNED))

    def serve(self) -> None:
        """Answer requests, one after the other; raises EOFError when the grader has gone."""
        while True:
            number, file, orders = read_request(self._channel.read_into)
            for buffers in self._answers(number, file, orders):
                _flush()
                self._channel.send(buffers)

    def _answers(self, number: int, file: str, orders: list[Order]) -> Iterator[Buffers]:
        module = self._import(file)
        if isinstance(module, tuple):
            outcome, failure = module
            yield write_answer(number, outcome, None, failure)
            return
        yield write_answer(number, Outcome.RETURNED)
        # Arguments are let go of after their call, and no two calls share any.
        for number_of_call, order in enumerate(_drained(orders), number + 1):
            self._states[file].restore(self._student.folder)
            yield calling.make(number_of_call, order, module, self._student, self._probes)

    def _import(self, file: str) -> ModuleType | tuple[Outcome, Failure]:
        # A file that is imported may be deleted: what it defined is still there.
        if file not in self._states and not self._student.has(file):
            failure = Failure("FileNotFoundError", f"The submission has no file {file}.")
            return Outcome.MISSING, failure
        try:
            if file not in self._states:
                state.seed(0)
            module = self._student.load(file)
        except BaseException as error:  # noqa: BLE001  (whatever the file's own code raises)
            memory = is_memory_error(error)
            outcome = Outcome.OUT_OF_MEMORY if memory else Outcome.NOT_IMPORTED
            return outcome, self._student.failure(error)
        if file not in self._states:
            self._states[file] = state.State()
        return module


def go_out_of_sight() -> Listen:
    """Let an import in student code find no module of ours: at best a second copy of it.

    Returned is what begins to note imports and files, if some probe asks for that: each event of
    Python's would be noted in vain, and `id` is one.
    """
    witness = sys.modules.get("grader.probes.witness")
    ours = [name for name in sys.modules if name.partition(".")[0] == "grader"]
    _unnamed.extend(sys.modules.pop(name) for name in ours)
    return witness.begin if witness is not None else _nothing


def _nothing() -> None:
    """Do nothing."""


def _drained(orders: list[Order]) -> Iterator[Order]:
    orders.reverse()
    while orders:
        yield orders.pop()


def _flush() -> None:
    for name in ("stdout", "stderr"):
        with contextlib.suppress(BaseException):  # it may be closed, or the student's own object
            getattr(sys, name).flush()
