"""From counts at several sizes to the polynomial that they are, exactly.

A polynomial of degree d in k sizes has C(d + k, k) coefficients, and the points
start + (i_1, …, i_k) with i_1 + … + i_k <= d determine it: the smallest set that does.  Further
points then say whether the counts are a polynomial of that degree at all: beyond all of those, far
out, and far out for one size alone, since code may do something else where one outgrows another.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import TypeAlias

Sizes: TypeAlias = tuple[int, ...]
Polynomial: TypeAlias = dict[tuple[int, ...], Fraction]
"""Coefficients by exponents, one exponent for each size; none of them is zero."""

_FAR, _SKEW = 27, 18
_NO_POWER = 1 / 8


def determining(start: Sizes, degree: int) -> list[Sizes]:
    """Return the sizes at which counts determine a polynomial of this degree.

    >>> determining((3,), 2), determining((3, 2), 1)
    ([(3,), (4,), (5,)], [(3, 2), (3, 3), (4, 2)])
    """
    return [
        tuple(a + b for a, b in zip(start, steps, strict=True))
        for steps in _exponents(len(start), degree)
    ]


def confirming(start: Sizes, degree: int) -> Sizes:
    """Return sizes beyond all of those, no two alike, at which a polynomial is put to the test.

    >>> confirming((3, 2), 3)
    (11, 9)
    """
    return tuple(size + 2 * degree + 2 - place for place, size in enumerate(start))


def far(start: Sizes) -> list[Sizes]:
    """Return more sizes at which a polynomial is put to the test, far out.

    All sizes large; and for each of several sizes, that one much larger than the others, twice as
    large again, and then all of them twice as large.

    >>> far((3,)), far((3, 2))
    ([(30,)], [(30, 28), (21, 2), (42, 2), (42, 4), (3, 20), (3, 40), (6, 40)])
    """
    found = [tuple(size + _FAR - place for place, size in enumerate(start))]
    if len(start) > 1:
        found += [at for several in _skewed(start) for at in several]
    return found


def rises(
    counts: Mapping[Sizes, int], limit: Mapping[tuple[int, ...], Fraction], degree: int
) -> tuple[Sizes, Sizes] | None:
    """Return from where to where counts grow faster than a limit; None if they nowhere do.

    They do if their ratio to the limit rises like a power of the sizes.  Lower terms and rounding
    make it rise a little, too: less than the power 1/8 is taken for that.  `counts` are those at
    the sizes of `determining`, `confirming` and `far`.
    """
    for near, out in _growing(next(iter(counts)), degree):
        before = max(counts[near], 1) / float(value(limit, near))
        scale = max(b / a for a, b in zip(near, out, strict=True))
        if counts[out] / float(value(limit, out)) > before * scale**_NO_POWER:
            return near, out
    return None


def _skewed(start: Sizes) -> list[tuple[Sizes, Sizes, Sizes]]:
    found = []
    for place, size in enumerate(start):
        one = (*start[:place], size + _SKEW, *start[place + 1 :])
        other = (*start[:place], 2 * (size + _SKEW), *start[place + 1 :])
        found.append((one, other, tuple(2 * extent for extent in one)))
    return found


def _growing(start: Sizes, degree: int) -> Iterator[tuple[Sizes, Sizes]]:
    """Yield pairs of sizes, the second farther out in the same direction."""
    yield confirming(start, degree), far(start)[0]
    if len(start) > 1:
        for one, other, both in _skewed(start):
            yield one, other
            yield one, both


def recover(counts: Mapping[Sizes, int], degree: int) -> Polynomial | None:
    """Return the polynomial with these values, None if there is none of this degree.

    The first of the sizes determine it; it has to agree with the others, of which there must be
    one.  Raises ValueError for too few.
    """
    points = list(counts)
    monomials = _exponents(len(points[0]), degree)
    if len(points) <= len(monomials):
        raise ValueError(f"expected counts at {len(monomials) + 1} sizes, found {len(points)}")
    inverse = _inverse(tuple(points[: len(monomials)]), degree)
    known = [counts[at] for at in points[: len(monomials)]]
    found = {}
    for powers, row in zip(monomials, inverse, strict=True):
        coefficient = sum((a * b for a, b in zip(row, known, strict=True)), Fraction(0))
        if coefficient:
            found[powers] = coefficient
    return found if all(value(found, at) == counts[at] for at in points) else None


def value(polynomial: Mapping[tuple[int, ...], Fraction], at: Sizes) -> Fraction:
    """Return the value of a polynomial."""
    terms = (factor * _monomial(powers, at) for powers, factor in polynomial.items())
    return sum(terms, Fraction(0))


def grows_at_most(
    polynomial: Mapping[tuple[int, ...], Fraction], limit: Mapping[tuple[int, ...], Fraction]
) -> bool:
    """Return whether a polynomial is O(limit) for sizes that all may grow on their own."""
    return all(
        any(all(a <= b for a, b in zip(powers, other, strict=True)) for other in limit)
        for powers in polynomial
    )


def _exponents(sizes: int, degree: int) -> list[tuple[int, ...]]:
    every = itertools.product(range(degree + 1), repeat=sizes)
    return [powers for powers in every if sum(powers) <= degree]


def _monomial(powers: Sequence[int], at: Sizes) -> int:
    return prod(size**power for size, power in zip(at, powers, strict=True))


@lru_cache(maxsize=64)
def _inverse(points: tuple[Sizes, ...], degree: int) -> list[list[Fraction]]:
    """Return the matrix that makes coefficients of the values at points that determine them."""
    monomials = _exponents(len(points[0]), degree)
    size = len(points)
    rows = [
        [Fraction(_monomial(powers, at)) for powers in monomials]
        + [Fraction(place == other) for other in range(size)]
        for place, at in enumerate(points)
    ]
    for column in range(size):
        pivot = next(place for place in range(column, size) if rows[place][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        top = [entry / rows[column][column] for entry in rows[column]]
        rows[column] = top
        for place, row in enumerate(rows):
            if place != column and row[column]:
                factor = row[column]
                rows[place] = [a - factor * b for a, b in zip(row, top, strict=True)]
    return [row[size:] for row in rows]
