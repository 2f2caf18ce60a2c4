"""Numbers modulo the prime 2^61 - 1, with the arithmetic of Python numbers.

Two polynomials of degree d that are not the same agree at a random point with probability at most
d / p, which is nothing.  So one evaluation here proves that they are equal, where an evaluation in
doubles proves that they are close.  A reference function written in NumPy or plain Python runs on
object arrays of these as it stands.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

PRIME: Final = 2**61 - 1

_SIMPLE = 1 << 20
"""A constant whose denominator is larger is no fraction that somebody wrote, but a rounded one."""


class NotInFieldError(TypeError):
    """Something other than field arithmetic on numbers that are exact."""


class Residue:
    """A number modulo the prime."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value % PRIME

    def __add__(self, other: Any) -> Any:
        right = _residue(other)
        return NotImplemented if right is None else Residue(self.value + right)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        right = _residue(other)
        return NotImplemented if right is None else Residue(self.value - right)

    def __rsub__(self, other: Any) -> Any:
        left = _residue(other)
        return NotImplemented if left is None else Residue(left - self.value)

    def __mul__(self, other: Any) -> Any:
        right = _residue(other)
        return NotImplemented if right is None else Residue(self.value * right)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        right = _residue(other)
        return NotImplemented if right is None else Residue(self.value * inverse(right))

    def __rtruediv__(self, other: Any) -> Any:
        left = _residue(other)
        return NotImplemented if left is None else Residue(left * inverse(self.value))

    def __pow__(self, other: Any) -> Any:
        exponent = int(other)
        if exponent != other:
            raise NotInFieldError("a power that is not whole")
        return Residue(power(self.value, exponent))

    def __neg__(self) -> Residue:
        return Residue(-self.value)

    def __pos__(self) -> Residue:
        return self

    def conjugate(self) -> Residue:
        """Return the number itself: np.vdot asks for it."""
        return self


def residue(number: float | Fraction) -> int:
    """Return a constant modulo the prime.  Raises NotInFieldError for one that was rounded."""
    try:
        exact = Fraction(number)
    except (ValueError, OverflowError):
        raise NotInFieldError("a constant that is not finite") from None
    if exact.denominator > _SIMPLE:
        raise NotInFieldError("a constant that was rounded")
    return exact.numerator * pow(exact.denominator, -1, PRIME) % PRIME


def inverse(value: int) -> int:
    """Return 1 / value modulo the prime.  Raises NotInFieldError for 0."""
    if value % PRIME == 0:
        raise NotInFieldError("a division by zero")
    return pow(value, -1, PRIME)


def power(value: int, exponent: int) -> int:
    """Return value ** exponent modulo the prime.  Raises NotInFieldError for 0 to less than 0."""
    return pow(value if exponent >= 0 else inverse(value), abs(exponent), PRIME)


def _residue(other: Any) -> int | None:
    if type(other) is Residue:
        return other.value
    if isinstance(other, (bool, int, float, Fraction)):
        return residue(other)
    return None
