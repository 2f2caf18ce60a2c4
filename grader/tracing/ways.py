"""Which way a run takes through the student's code: how often each instruction of it is executed.

A function that is recorded has to be the one that runs: given the same numbers, as floats or as
numbers that record, it takes the same way.  Counted are instructions and not lines, since
``x if recorded else y`` is a single line.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from pathlib import PurePath
from types import CodeType, FrameType, ModuleType
from typing import Any, TypeAlias

import numpy as np

Steps: TypeAlias = dict[int, int]
Key: TypeAlias = tuple[str, int, str]

LONGEST = 400_000
"""Steps that are followed; of a longer way, only its beginning is."""

_settrace, _gettrace = sys.settrace, sys.gettrace
_RAISED = -1  # is no place of an instruction


class Files:
    """The files of a submission."""

    def __init__(self, module: ModuleType, target: Any) -> None:
        """Take the file of a function, and all beside the module that it belongs to."""
        home = getattr(module, "__file__", None)
        self._folder = PurePath(home).parent if home else None
        code = getattr(target, "__code__", None)
        self._known = {code.co_filename: True} if isinstance(code, CodeType) else {}

    def __contains__(self, file: str) -> bool:
        found = self._known.get(file)
        if found is None:
            found = self._known[file] = self._is_beside(file)
        return found

    def _is_beside(self, file: str) -> bool:
        if file == "<string>":  # what exec() runs
            return True
        path = PurePath(file)
        # Not what is installed, should an environment lie within the student's own folder.
        beside = self._folder is not None and path.is_relative_to(self._folder)
        return beside and "site-packages" not in path.parts


class Way:
    """The instructions of one run, with the number of times that each was executed."""

    def __init__(self, files: Files) -> None:
        """Begin an empty way through these files."""
        self._files = files
        self._steps: dict[Key, Steps] = {}
        self._codes: dict[Key, CodeType] = {}
        self._length = 0

    def follow(self, function: Callable[..., Any], arguments: Sequence[Any]) -> None:
        """Note what one call executes; what it raises is a step of its way, too."""
        before = _gettrace()
        # Python 3.12 reports instructions only where they were asked for before tracing began.
        sys._getframe().f_trace_opcodes = True
        _settrace(self._call)
        try:
            function(*arguments)
        except (Exception, SystemExit):  # noqa: BLE001  (whatever a student's function raises)
            self._steps["", 0, ""] = {_RAISED: 1}
        finally:
            _settrace(before)

    def difference(self, other: Way) -> str | None:
        """Return where two ways differ, as file:line; "" if nowhere, None if nobody can say."""
        if self._steps == other._steps:
            return ""
        for key in [*self._steps, *other._steps]:
            first, second = self._steps.get(key, {}), other._steps.get(key, {})
            if first == second:
                continue
            code = self._codes.get(key) or other._codes.get(key)
            at = min(place for place, _ in first.items() ^ second.items())
            if code is not None:
                return f"{PurePath(code.co_filename).name}:{_line(code, at)}"
        return None

    def _call(self, frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG002
        code = frame.f_code
        if code.co_filename not in self._files:
            return None
        frame.f_trace_opcodes = True
        key = (code.co_filename, code.co_firstlineno, code.co_name)
        self._codes[key] = code
        steps = self._steps.setdefault(key, {})

        def step(frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG001
            at = frame.f_lasti
            if event == "opcode":
                steps[at] = steps.get(at, 0) + 1
                self._length += 1
                if self._length >= LONGEST:
                    _settrace(None)
            return step

        return step


def _line(code: CodeType, at: int) -> int:
    lines = (line for start, end, line in code.co_lines() if start <= at < end and line)
    return next(lines, code.co_firstlineno)


class Chances:
    """The state of the random numbers, which every run begins with."""

    def __init__(self) -> None:
        """Take note of it."""
        self._python, self._numpy = random.getstate(), np.random.get_state()  # noqa: NPY002

    def restore(self) -> None:
        """Put it back."""
        random.setstate(self._python)
        np.random.set_state(self._numpy)  # noqa: NPY002
