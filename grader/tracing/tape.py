"""The record of a run while it is made: the half that runs beside the student's code.

Every operation is an event, and so is the end of every number's life; CPython ends it as soon as
nothing refers to it any more.
"""

from __future__ import annotations

import gc
import math
import sys
from array import array
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NoReturn

import numpy as np

from grader.tracing import codes
from grader.tracing.scalars import CannotTraceError, is_number, numbers

_array, _frombuffer = np.array, np.frombuffer  # bound before `patches` replaces anything
_EXACT_BELOW = 2**53  # whole numbers that a double holds


class Tape:
    """The events of one run, and the numbers that make them."""

    def __init__(self, limit: int = codes.MAX_EVENTS, file: str = "") -> None:
        """Begin an empty record of at most `limit` events.

        With `file`, the line of that file is noted from which each event came, which takes time.
        """
        self.codes = bytearray()
        self.lines = array("i")
        self.file = file
        self.operands = array("i")
        self.constants: dict[Any, int] = {}
        self.inputs = 0
        self.refused: CannotTraceError | None = None
        self.limit = limit
        self._home: FrameType | None = None
        self._frame: FrameType | None = None
        # Each result will be released: half of the events are left for that.
        self.number, self.apply, self._begin, self._cut = numbers(self, limit // 2)

    def run(self, function: Callable[..., Any], arguments: Sequence[Any]) -> dict[str, Any]:
        """Return the record of one call, as data.

        Arrays of floats, and Python floats, become recorded inputs in the order in which they
        stand; whole numbers are passed on as they are.
        """
        given = [self._input(argument) for argument in arguments]
        collecting = gc.isenabled()
        gc.disable()  # it would look through all recorded numbers again and again
        try:
            self._begin()
            with np.errstate(all="ignore"):  # what is infinite with floats is so here
                result = self._result(function, given)
            # The end is an event: what the function still holds in its variables is released
            # after it.  The frame was kept from going until now (see `hold`).
            self.codes.append(codes.END)
            self.lines.append(0)
            self._frame = self._home = None
            outputs = self._outputs(result)
        finally:
            self._cut()
            self._frame = self._home = None
            if collecting:
                gc.enable()
        return {
            "codes": _frombuffer(bytes(self.codes), np.uint8),
            "operands": _frombuffer(self.operands.tobytes(), np.int32),
            "constants": _array(list(self.constants), np.float64).reshape(-1),
            "inputs": self.inputs,
            "outputs": outputs,
            **({"lines": _frombuffer(self.lines.tobytes(), np.int32)} if self.file else {}),
        }

    def _result(self, function: Callable[..., Any], given: Sequence[Any]) -> Any:
        """Return what the function returns; raise what left no trace, even if it went on after."""
        self._home = sys._getframe()
        try:
            result = function(*given)
        except Exception:
            if self.refused is not None:
                raise self.refused from None
            raise
        if self.refused is not None:
            raise self.refused
        return result

    def refuse(self, why: str) -> NoReturn:
        """Raise CannotTraceError, now and again at the end: no code can recover from it."""
        self.refused = self.refused or CannotTraceError(why)
        raise self.refused

    def hold(self, frame: FrameType | None) -> None:
        """Keep the frame of the student's function, found from one that it called.

        A function's variables are released when it returns, and nobody can put an event between
        its last operation and that.  Whoever holds the frame holds its variables too.
        """
        while frame is not None and frame.f_back is not self._home:
            frame = frame.f_back
        self._frame = frame

    def note_line(self, frame: FrameType | None) -> None:
        """Note where in the file an event came from; 0 if from nowhere in it."""
        while frame is not None and frame.f_code.co_filename != self.file:
            frame = frame.f_back if frame is not self._home else None
        self.lines.append(frame.f_lineno if frame is not None else 0)

    def constant(self, number: float) -> int:
        """Return the operand for a constant.  Raises CannotTraceError if no double holds it."""
        if isinstance(number, int) and abs(number) > _EXACT_BELOW:
            self.refuse("constant")
        number = float(number)
        if math.isnan(number):
            number = math.nan  # one and the same object, which a dict finds again
        return -1 - self.constants.setdefault(number, len(self.constants))

    def check_length(self) -> None:
        """Raise CannotTraceError if the record has become too long."""
        if len(self.codes) > self.limit:
            self.refuse("length")

    def _input(self, argument: Any) -> Any:
        if isinstance(argument, float):
            return self._new_input(argument)
        if isinstance(argument, np.ndarray) and argument.dtype.kind == "f":
            made = np.empty(argument.size, dtype=object)
            for place, number in enumerate(argument.reshape(-1).tolist()):
                made[place] = self._new_input(number)
            return made.reshape(argument.shape)
        return argument

    def _new_input(self, number: float) -> Any:
        made = self.number(number, self.inputs)
        self.inputs += 1
        return made

    def _outputs(self, result: Any) -> np.ndarray:
        """Return what the function returned as operands, in its shape."""
        try:
            values = _array(result, dtype=object)
        except ValueError:
            raise CannotTraceError("returned") from None
        found = array("i", [self._output(item) for item in values.reshape(-1).tolist()])
        return _frombuffer(found.tobytes(), np.int32).reshape(values.shape)

    def _output(self, item: Any) -> int:
        if type(item) is self.number:
            index: int = item.index
            return index
        if is_number(item):
            return self.constant(item.item() if isinstance(item, np.generic) else item)
        raise CannotTraceError("returned")
