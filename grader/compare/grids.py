"""A wrong array as a table: short enough to be kept and read, with its faults in it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader import messages
from grader.compare.closeness import Closeness
from grader.records import Grid

MOST_ROWS, MOST_COLUMNS = 8, 6
"""What is kept of an array with more; a vector is a single column, and may be longer."""
MOST_ENTRIES = 12


def grid(result: Closeness, expected: np.ndarray) -> Grid | None:
    """Return the table of a wrong array.

    None if it is right, has another shape than expected, or is a single number.  Of more than two
    axes, the matrix with the worst entry is shown.
    """
    observed, wrong, worst = result.observed, result.wrong, result.worst
    if observed is None or wrong is None or worst is None or not expected.ndim:
        return None
    leading = worst[:-2]
    seen, wanted, off = (array[leading] for array in (observed, expected, wrong))
    if expected.ndim == 1:
        rows = _indices(off, worst[0], MOST_ENTRIES)
        columns: tuple[int, ...] = ()
        places: list[list[tuple[int, ...]]] = [[(row,)] for row in rows]
    else:
        rows = _indices(off.any(axis=1), worst[-2], MOST_ROWS)
        columns = _indices(off[list(rows)].any(axis=0), worst[-1], MOST_COLUMNS)
        places = [[(row, column) for column in columns] for row in rows]
    texts = [[_texts(seen[at], wanted[at], bool(off[at])) for at in row] for row in places]
    return Grid(
        shape=tuple(expected.shape),
        rows=rows,
        columns=columns,
        observed=tuple(tuple(text for text, _ in row) for row in texts),
        expected=tuple(tuple(text for _, text in row) for row in texts),
        wrong=tuple(
            (i, j) for i, row in enumerate(places) for j, at in enumerate(row) if bool(off[at])
        ),
        at=f"[{', '.join(map(str, leading))}, :, :]" if leading else "",
    )


def _indices(wrong: np.ndarray, worst: int, most: int) -> tuple[int, ...]:
    """Return the indices along an axis that are shown: all, or those around what is wrong."""
    if wrong.size <= most:
        return tuple(range(wrong.size))
    chosen: set[int] = set()
    for index in _by_interest(wrong, worst):
        if 0 <= index < wrong.size:
            chosen.add(index)
        if len(chosen) == most:
            break
    return tuple(sorted(chosen))


def _by_interest(wrong: np.ndarray, worst: int) -> Iterator[int]:
    yield from (worst, worst - 1, worst + 1, 0, wrong.size - 1)
    faults = np.flatnonzero(wrong)
    nearest = faults[np.argsort(np.abs(faults - worst), kind="stable")]
    yield from map(int, nearest[:MOST_ENTRIES])
    yield from (worst - 2, worst + 2)


def _texts(observed: object, expected: object, wrong: bool) -> tuple[str, str]:
    """Return both numbers with six digits, or with as many as tell a wrong one apart."""
    texts = f"{observed:.6g}", f"{expected:.6g}"
    if not wrong or texts[0] != texts[1]:
        return texts
    return messages.results.two_numbers(observed, expected)
