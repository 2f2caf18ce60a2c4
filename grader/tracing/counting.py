"""What a recorded run costs: its operations, and how many numbers live at once.

The rules, which `docs/costs.md` explains:

- an operation is counted if a number that depends on an input takes part in it;
- a division is a multiplication, and so is the product with any constant, 1 and 0 included;
- x ** k, for a whole k, is as many multiplications as repeated squaring takes, and a division more
  if k is negative; any other power is a call;
- a difference and a change of sign are additions; adding the constant 0 is nothing;
- every other function is a call; comparisons are counted apart.

Memory is in cells.  An input has one from beginning to end, a result from its operation to its
release, with two exceptions: a product whose only use is the very next addition has none (multiply
and add is one step), and a result takes the cell of an operand that is the very next cell to be
freed, before any other event (accumulating, doubling in place).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader.tracing import codes
from grader.tracing.record import NONE, Record

_LARGEST_POWER = 1 << 16


@dataclass(frozen=True, slots=True)
class Counts:
    """What one run took."""

    multiplications: int
    additions: int
    calls: int
    comparisons: int
    memory: int  # the most cells in use at once


def count(record: Record) -> Counts:
    """Return the costs of a recorded run."""
    events = record.codes
    times = np.bincount(events, minlength=256)
    powers, power_calls = _powers(record)
    unary = range(codes.UNARY_FROM, codes.UNARY_FROM + len(codes.FUNCTIONS))
    return Counts(
        multiplications=int(times[codes.MUL] + times[codes.DIV]) + powers,
        additions=int(times[codes.ADD] + times[codes.SUB] + times[codes.NEG]),
        calls=int(sum(times[[*unary, *codes.BINARY.values()]])) + power_calls,
        comparisons=int(times[codes.COMPARISONS_FROM :].sum()),
        memory=memory(record),
    )


def power_multiplications(exponent: float) -> int | None:
    """Return how many multiplications x ** exponent is; None if it is a call.

    >>> [power_multiplications(k) for k in (0, 1, 2, 3, 4, 8, -1, -2, 0.5)]
    [0, 0, 1, 2, 2, 3, 1, 2, None]
    """
    if exponent != int(exponent) or abs(exponent) > _LARGEST_POWER:
        return None
    whole = abs(int(exponent))
    squarings = max(whole.bit_length() - 1, 0)
    return squarings + max(whole.bit_count() - 1, 0) + (exponent < 0)


def _powers(record: Record) -> tuple[int, int]:
    """Return the multiplications in all powers, and how many powers are calls."""
    multiplications = calls = 0
    for event in np.flatnonzero(record.codes == codes.POW).tolist():
        exponent = int(record.right[event])
        found = None
        if exponent < 0:
            number = float(record.constants[-1 - exponent])
            found = power_multiplications(number) if np.isfinite(number) else None
        multiplications += found or 0
        calls += found is None
    return multiplications, calls


def memory(record: Record) -> int:
    """Return the most cells in use at once."""
    return int(np.max(cells_in_use(record), initial=record.inputs))


def cells_in_use(record: Record) -> np.ndarray:
    """Return how many cells are in use with the result of each operation, in order."""
    has_cell = ~registers(record)
    made_at = np.flatnonzero(record.operations)
    change = np.zeros(len(record.codes) + 1, np.int64)
    change[made_at] += has_cell[record.inputs :]
    released = record.released_at < len(record.codes)
    # Whoever calls a function keeps its inputs: one goes only where a result is written over it.
    released[: record.inputs] = False
    taken, taken_over = _takes_over(record, has_cell)
    released[taken[taken_over]] = True
    change[record.released_at[released]] -= has_cell[released]
    live = record.inputs + np.cumsum(change)
    # At its operation, a result that takes the cell of an operand adds none to the peak; that the
    # operand is gone shows in `live` only from its release on.
    in_use: np.ndarray = live[made_at] - taken_over
    return in_use


def _next(record: Record, ignored: np.ndarray) -> np.ndarray:
    """Return for each event the next one that is not ignored; the number of events if none is."""
    total = len(record.codes)
    at = np.where(ignored, total, np.arange(total))
    following = np.append(at, total)[1:]
    return np.minimum.accumulate(following[::-1])[::-1]


def registers(record: Record) -> np.ndarray:
    """Return which values are products that only the very next addition uses, as booleans."""
    total = len(record.codes)
    uses = np.zeros(record.values, np.int64)
    for operands in (record.left, record.right):
        used = (operands >= 0) & (record.codes != codes.RELEASE)
        np.add.at(uses, operands[used], 1)
    returned = np.zeros(record.values, bool)
    returned[record.outputs[record.outputs >= 0]] = True
    products = np.flatnonzero(record.codes == codes.MUL)
    following = _next(record, record.codes == codes.RELEASE)[products]
    there = following < total
    products, following = products[there], following[there]
    values = record.results[products]
    added = np.isin(record.codes[following], (codes.ADD, codes.SUB))
    used_there = (record.left[following] == values) | (record.right[following] == values)
    found = added & used_there & (uses[values] == 1) & ~returned[values]
    marked = np.zeros(record.values, bool)
    marked[values[found]] = True
    return marked


def _takes_over(record: Record, has_cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what is freed next after each operation, and whether the result takes its cell.

    That a product without a cell is let go of frees none, and does not come between.
    """
    made_at = np.flatnonzero(record.operations)
    releases = record.codes == codes.RELEASE
    cells = np.append(has_cell, True)  # the last one for events that release nothing
    frees_none = releases & ~cells[np.where(releases, record.left, -1)]
    following = _next(record, frees_none)[made_at]
    freed = np.append(np.where(releases, record.left, NONE), NONE)[following]
    is_operand = (freed == record.left[made_at]) | (freed == record.right[made_at])
    return freed, (freed >= 0) & is_operand & has_cell[record.results[made_at]]
