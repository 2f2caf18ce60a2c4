"""The numbers that record what is done with them.

A tape makes its own class of them, so that what one run does to that class does not reach the next.
The class's methods are closures: they append to the tape without looking anything up.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from opcode import opmap
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from grader.tracing import codes
from grader.tracing.single import Single

if TYPE_CHECKING:
    from grader.tracing.tape import Tape

Operation: TypeAlias = Callable[[int, Any, Any], Any]

_FORMATS = {opmap["BINARY_OP"]: (6, 19)}  # of the operator %, alone and before =


class CannotTraceError(TypeError):
    """Something that leaves no trace; the message is one word that the judge puts into a sentence.

    `cast` a recorded number was asked for as a plain float or int; `returned` what came back is no
    array of numbers; `length` there are too many events; `constant` a whole number is too large.
    """


def numbers(  # noqa: C901  (one closure: its methods share their variables)
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
            tape.refuse("length")
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

    class Scalar(Single):
        """A number with a place in the record."""

        __slots__ = ("index", "value")

        @property  # type: ignore[misc]
        def __class__(self) -> Any:  # so that isinstance(v @ y, float) says what it says natively
            return np.float64

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
            if not _formats(sys._getframe(1)):
                tape.refuse("cast")
            return float(self.value)

        def __int__(self) -> int:
            if not _formats(sys._getframe(1)):
                tape.refuse("cast")
            return int(self.value)

        def __round__(self, digits: int | None = None) -> Any:
            return tape.refuse("cast")

        __complex__ = __index__ = __trunc__ = __round__

        def __floor__(self) -> Any:
            return unary(codes.UNARY["floor"], self, float(np.floor(self.value)))

        def __ceil__(self) -> Any:
            return unary(codes.UNARY["ceil"], self, float(np.ceil(self.value)))

        def __repr__(self) -> str:
            return repr(self.value)

        def __format__(self, form: str) -> str:
            return format(self.value, form)

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
    # What Python and NumPy say of a number in their messages is what they say of a float.
    Scalar.__name__, Scalar.__qualname__, Scalar.__module__ = "float", "float", "builtins"
    return Scalar, binary, begin, cut


def _formats(frame: FrameType) -> bool:
    """Whether a line is putting a number into a text with %, as in "%f" % x.

    Nothing else that the operator does asks a recorded number for a plain one.
    """
    code, at = frame.f_code.co_code, frame.f_lasti
    return 0 <= at < len(code) - 1 and code[at + 1] in _FORMATS.get(code[at], ())


def is_number(item: Any) -> bool:
    """Whether this is a plain number; a recorded one only says that it is."""
    return issubclass(type(item), _PLAIN)


_PLAIN = (int, float, np.bool_, np.integer, np.floating)


def _is_zero(other: Any) -> bool:
    """Whether this is the constant 0, with which every sum begins."""
    return issubclass(type(other), (int, float, np.integer, np.floating)) and other == 0


def _reference(tape: Tape, other: Any) -> int | None:
    if type(other) in (int, float, bool):
        return tape.constant(other)
    if issubclass(type(other), (np.bool_, np.integer, np.floating)):
        return tape.constant(other.item())
    if issubclass(type(other), (int, float)):
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
