"""From counts at several sizes to the polynomial that they are, exactly.

A polynomial of degree d in k sizes has C(d + k, k) coefficients, and the points
start + (i_1, …, i_k) with i_1 + … + i_k <= d determine it: the smallest set that does.  One
further point then says whether the counts are a polynomial of that degree at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import TypeAlias

Sizes: TypeAlias = tuple[int, ...]
Polynomial: TypeAlias = dict[tuple[int, ...], Fraction]
"""Coefficients by exponents, one exponent for each size; none of them is zero."""


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
