"""Numbers that record what is done with them: the half that runs beside the student's code.

A tape makes its own class of numbers, so that what one run does to that class does not reach the
next.  The class's methods are closures: they append to the tape without looking anything up.  Every
operation is an event, and so is the end of every number's life; CPython ends it as soon as nothing
refers to it any more.
"""

from __future__ import annotations

import gc
import itertools
import math
import sys
from array import array
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, TypeAlias

import numpy as np

from grader.tracing import codes

Operation: TypeAlias = Callable[[int, Any, Any], Any]

_array, _frombuffer = np.array, np.frombuffer  # bound before `patches` replaces anything
_EXACT_BELOW = 2**53  # whole numbers that a double holds


class CannotTraceError(TypeError):
    """Something that leaves no trace; the message is one word that the judge puts into a sentence.

    `cast` a recorded number was asked for as a plain float or int; `returned` what came back is no
    array of numbers; `length` there are too many events; `constant` a whole number is too large.
    """


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
        self._limit = limit
        self._home: FrameType | None = None
        self._frame: FrameType | None = None
        # Each result will be released: half of the events are left for that.
        self.number, self.apply, self._begin, self._cut = _numbers(self, limit // 2)

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
            self._home = sys._getframe()
            with np.errstate(all="ignore"):  # what is infinite with floats is so here
                result = function(*given)
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
            raise CannotTraceError("constant")
        number = float(number)
        if math.isnan(number):
            number = math.nan  # one and the same object, which a dict finds again
        return -1 - self.constants.setdefault(number, len(self.constants))

    def check_length(self) -> None:
        """Raise CannotTraceError if the record has become too long."""
        if len(self.codes) > self._limit:
            raise CannotTraceError("length")

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
        if isinstance(item, (bool, int, float, np.bool_, np.integer, np.floating)):
            return self.constant(item.item() if isinstance(item, np.generic) else item)
        raise CannotTraceError("returned")


def _numbers(  # noqa: C901  (one closure: its methods share their variables)
    tape: Tape, limit: int
) -> tuple[type[Any], Operation, Callable[[], None], Callable[[], None]]:
    """Return the class of a tape's numbers, an operation on two, what begins and what ends it."""
    numbers = itertools.count()
    note: Callable[[int], None] = tape.operands.append
    log: Callable[[int], None]

    def first(code: int) -> None:
        nonlocal log
        tape.hold(sys._getframe(2))
        log = with_line if tape.file else tape.codes.append
        log(code)

    def with_line(code: int) -> None:
        tape.codes.append(code)
        tape.note_line(sys._getframe(2))

    def nothing(code: int) -> None:
        """Take what comes before the beginning and after the end."""

    log = nothing

    def begin() -> None:
        nonlocal log, numbers
        numbers = itertools.count(tape.inputs)
        log = first

    def cut() -> None:
        nonlocal log, note
        log = note = nothing

    def result(value: Any) -> Any:
        index = next(numbers)
        if index >= limit:
            raise CannotTraceError("length")
        return Scalar(value, index)

    def unary(code: int, operand: Any, value: Any) -> Any:
        log(code)
        note(operand.index)
        return result(value)

    def binary(code: int, left: Any, right: Any) -> Any:
        """Record an operation with a constant, or with something that is not known here."""
        a = left.index if type(left) is Scalar else _reference(tape, left)
        b = right.index if type(right) is Scalar else _reference(tape, right)
        if a is None or b is None:
            return NotImplemented
        value = _value(code, getattr(left, "value", left), getattr(right, "value", right))
        log(code)
        note(a)
        note(b)
        return result(value)

    def compared(place: int, left: Any, right: Any) -> Any:
        b = right.index if type(right) is Scalar else _reference(tape, right)
        if b is None:
            return NotImplemented
        true = _COMPARE[place](left.value, getattr(right, "value", right))
        log(codes.COMPARISONS_FROM + 2 * place + bool(true))
        note(left.index)
        note(b)
        tape.check_length()
        return bool(true)

    class Scalar:
        """A number with a place in the record."""

        __slots__ = ("index", "value")

        def __init__(self, value: Any, index: int) -> None:
            self.value = value
            self.index = index

        def __del__(self) -> None:
            log(codes.RELEASE)
            note(self.index)

        def __add__(self, other: Any) -> Any:
            if type(other) is Scalar:
                log(codes.ADD)
                note(self.index)
                note(other.index)
                return result(self.value + other.value)
            return self if _is_zero(other) else binary(codes.ADD, self, other)

        def __radd__(self, other: Any) -> Any:
            return self if _is_zero(other) else binary(codes.ADD, other, self)

        def __sub__(self, other: Any) -> Any:
            if type(other) is Scalar:
                log(codes.SUB)
                note(self.index)
                note(other.index)
                return result(self.value - other.value)
            return self if _is_zero(other) else binary(codes.SUB, self, other)

        def __rsub__(self, other: Any) -> Any:
            return -self if _is_zero(other) else binary(codes.SUB, other, self)

        def __mul__(self, other: Any) -> Any:
            if type(other) is Scalar:
                log(codes.MUL)
                note(self.index)
                note(other.index)
                return result(self.value * other.value)
            return binary(codes.MUL, self, other)

        def __rmul__(self, other: Any) -> Any:
            return binary(codes.MUL, other, self)

        def __truediv__(self, other: Any) -> Any:
            return binary(codes.DIV, self, other)

        def __rtruediv__(self, other: Any) -> Any:
            return binary(codes.DIV, other, self)

        def __pow__(self, other: Any) -> Any:
            return binary(codes.POW, self, other)

        def __rpow__(self, other: Any) -> Any:
            return binary(codes.POW, other, self)

        def __neg__(self) -> Any:
            return unary(codes.NEG, self, -self.value)

        def __pos__(self) -> Any:
            return self

        def __abs__(self) -> Any:
            return unary(codes.UNARY["absolute"], self, abs(self.value))

        def __lt__(self, other: Any) -> Any:
            return compared(0, self, other)

        def __le__(self, other: Any) -> Any:
            return compared(1, self, other)

        def __eq__(self, other: object) -> Any:
            return compared(2, self, other)

        def __ne__(self, other: object) -> Any:
            return compared(3, self, other)

        def __gt__(self, other: Any) -> Any:
            return compared(4, self, other)

        def __ge__(self, other: Any) -> Any:
            return compared(5, self, other)

        __hash__ = object.__hash__

        def __bool__(self) -> bool:
            return bool(compared(3, self, 0))

        def __float__(self) -> float:
            raise CannotTraceError("cast")

        __int__ = __complex__ = __index__ = __trunc__ = __round__ = __float__

        def __floor__(self) -> Any:
            return unary(codes.UNARY["floor"], self, float(np.floor(self.value)))

        def __ceil__(self) -> Any:
            return unary(codes.UNARY["ceil"], self, float(np.ceil(self.value)))

        def __repr__(self) -> str:
            return repr(self.value)

        def __format__(self, form: str) -> str:
            return format(self.value, form)

        def __copy__(self) -> Any:
            return self

        def __deepcopy__(self, memo: Any) -> Any:
            return self

        def conjugate(self) -> Any:
            return self

        # Where NumPy has no loop of its own for objects, it calls these: np.exp(x) is x.exp().
        def hypot(self, other: Any) -> Any:
            return binary(codes.HYPOT, self, other)

        def arctan2(self, other: Any) -> Any:
            return binary(codes.ARCTAN2, self, other)

    def method(name: str, code: int) -> Callable[[Any], Any]:
        compute = getattr(np, name)

        def call(self: Any) -> Any:
            with np.errstate(all="ignore"):
                return unary(code, self, float(compute(self.value)))

        return call

    for name, code in codes.UNARY.items():
        setattr(Scalar, name, method(name, code))
    return Scalar, binary, begin, cut


def _is_zero(other: Any) -> bool:
    """Whether this is the constant 0, with which every sum begins."""
    return isinstance(other, (int, float, np.integer, np.floating)) and other == 0


def _reference(tape: Tape, other: Any) -> int | None:
    if type(other) in (int, float, bool):
        return tape.constant(other)
    if isinstance(other, (np.bool_, np.integer, np.floating)):
        return tape.constant(other.item())
    if isinstance(other, (int, float)):
        return tape.constant(float(other))
    return None  # an array, or something that may know what to do with a number of this class


_COMPARE: tuple[Callable[[Any, Any], bool], ...] = (
    lambda a, b: a < b,
    lambda a, b: a <= b,
    lambda a, b: a == b,
    lambda a, b: a != b,
    lambda a, b: a > b,
    lambda a, b: a >= b,
)

_COMPUTE: dict[int, Callable[[Any, Any], Any]] = {
    codes.ADD: np.add,
    codes.SUB: np.subtract,
    codes.MUL: np.multiply,
    codes.DIV: np.divide,
    codes.POW: np.power,
    codes.MAXIMUM: np.maximum,
    codes.MINIMUM: np.minimum,
    codes.HYPOT: np.hypot,
    codes.ARCTAN2: np.arctan2,
}


def _value(code: int, left: Any, right: Any) -> float:
    """Return a value as NumPy computes it: a division by zero is infinite and no error."""
    if code == codes.MUL:
        return float(left) * float(right)
    if code == codes.DIV and right:
        return float(left) / float(right)
    with np.errstate(all="ignore"):
        return float(_COMPUTE[code](float(left), float(right)))
