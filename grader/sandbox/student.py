"""A submission in the process that runs it: its files on disk, its modules, its errors.

Whatever is needed of Python is bound here when this module is imported, before any line of the
student's code: what the student patches later is the student's loss alone.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from types import ModuleType, TracebackType
from typing import Any

from grader.records import Failure, Frame
from grader.sandbox.protocol import FRAMES, MESSAGE_CHARS, NAME_CHARS

_spec_from_file = importlib.util.spec_from_file_location
_module_from_spec = importlib.util.module_from_spec
_join, _is_file = os.path.join, os.path.isfile
_encode, _cut = str.encode, str.__getitem__
_traceback = BaseException.__dict__["__traceback__"].__get__


class Student:
    """The files of one submission in `folder`, which is private to this process."""

    def __init__(self, folder: str, files: Mapping[str, bytes]) -> None:
        """Take note of the files; nothing is written yet."""
        self.folder = folder
        self._files = files

    def move_in(self) -> None:
        """Write the files into the folder and go there; raises OSError if they do not fit."""
        for path, content in self._files.items():
            target = self._path(path)
            if "/" in path:
                os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
            with open(target, "wb", buffering=0) as file:  # noqa: PTH123  (pathlib costs more)
                file.write(content)
        sys.path.insert(0, self.folder)
        os.chdir(self.folder)

    def has(self, file: str) -> bool:
        """Return whether the submission has this file."""
        return _is_file(self._path(file))

    def load(self, file: str) -> ModuleType:
        """Return the module of a file, imported if it is not yet; raises what its code raises."""
        path = self._path(file)
        name = file.rpartition("/")[2].removesuffix(".py")
        loaded = sys.modules.get(name)
        if loaded is not None and getattr(loaded, "__file__", None) == path:
            return loaded  # another file of the submission imported it
        beside = os.path.dirname(path)  # noqa: PTH120
        if beside not in sys.path:
            sys.path.insert(0, beside)
        spec = _spec_from_file(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{file} is not a Python file")
        module = _module_from_spec(spec)
        sys.modules[name] = module  # before it runs, so that files may import each other
        try:
            spec.loader.exec_module(module)
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return sys.modules.get(name, module)

    def failure(self, error: BaseException) -> Failure:
        """Return an exception as data, with the lines of the traceback that lie in the files."""
        frames = self._frames(_traceback(error))
        if isinstance(error, SyntaxError):
            frames.extend(self._syntax_frame(error))
        return Failure(_type_name(error), _message(error), tuple(frames[-FRAMES:]))

    def _path(self, file: str) -> str:
        return _join(self.folder, *file.split("/"))

    def _frames(self, trace: TracebackType | None) -> list[Frame]:
        frames = []
        while trace is not None:
            code = trace.tb_frame.f_code
            frame = self._frame(code.co_filename, trace.tb_lineno, code.co_qualname)
            if frame is not None:
                frames.append(frame)
                del frames[:-FRAMES]
            trace = trace.tb_next
        return frames

    def _frame(self, path: str, line: int, function: str) -> Frame | None:
        inside = self.folder + os.sep
        if not path.startswith(inside):
            return None
        file = path.removeprefix(inside).replace(os.sep, "/")
        lines = self._files.get(file, b"").decode("utf-8", "replace").splitlines()
        text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
        return Frame(clean(file, NAME_CHARS), line, clean(function, NAME_CHARS), text[:NAME_CHARS])

    def _syntax_frame(self, error: SyntaxError) -> list[Frame]:
        try:
            frame = self._frame(str(error.filename), int(error.lineno or 0), "<module>")
        except BaseException:  # noqa: BLE001  (raised by hand, with anything for a line number)
            return []
        return [] if frame is None else [frame]


def clean(text: str, length: int) -> str:
    """Return text of the exact type str that can cross the wire, cut to a length."""
    return _encode(_cut(text, slice(length)), "utf-8", "replace").decode()


def _type_name(error: BaseException) -> str:
    try:
        return clean(type(error).__name__, NAME_CHARS)
    except BaseException:  # noqa: BLE001  (the class is the student's)
        return "Exception"


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError):  # its str() repeats file and line, which are a frame
            return clean(str(error.msg), MESSAGE_CHARS)
        return clean(str(error), MESSAGE_CHARS)
    except BaseException:  # noqa: BLE001  (__str__ is the student's)
        return "(its message cannot be shown: __str__ itself failed)"


def is_memory_error(error: BaseException) -> bool:
    """Return whether an exception says that memory ran out, in Python, NumPy or torch."""
    if isinstance(error, MemoryError):
        return True
    text = _message(error) if isinstance(error, RuntimeError) else ""
    return any(
        phrase in text
        for phrase in ("DefaultCPUAllocator", "not enough memory", "can't allocate memory")
    )


def describe(value: Any) -> str:
    """Return the type of a value in plain words, for a message."""
    return clean(type(value).__name__, NAME_CHARS)
