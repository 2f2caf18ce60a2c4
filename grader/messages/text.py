"""Numbers and nouns as every sentence writes them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor


def points_text(points: Fraction) -> str:
    """Return points as a decimal with at most two places, cut and never rounded up.

    >>> points_text(Fraction(5)), points_text(Fraction(5, 2)), points_text(Fraction(44, 9))
    ('5', '2.5', '4.88')
    """
    hundredths = abs(points.numerator) * 100 // points.denominator
    text = f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
    return f"-{text}" if points < 0 and hundredths else text


def points_between(lower: Fraction, upper: Fraction) -> Fraction:
    """Return what lies between two numbers of points as both are shown, so that these add up.

    >>> points_text(points_between(Fraction("8.9991"), Fraction("9.999")))
    '1'
    """
    return Fraction(floor(upper * 100) - floor(lower * 100), 100)


def listed(names: Sequence[str], most: int = 8) -> str:
    """Return names with commas, and how many more there are beyond so many.

    >>> listed(["a", "b"]), listed(["a", "b", "c", "d"], most=2)
    ('a, b', 'a, b and 2 more')
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def counted(number: Fraction | int, one: str, many: str = "") -> str:
    """Return a number with its noun, which gets an s unless its plural is given.

    >>> counted(1, "point"), counted(Fraction(1, 2), "point"), counted(2, "query", "queries")
    ('1 point', '0.5 points', '2 queries')
    """
    return f"{points_text(Fraction(number))} {one if number == 1 else many or f'{one}s'}"
