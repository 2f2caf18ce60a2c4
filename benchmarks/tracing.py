"""Recording beside computing: what a recorded operation takes, and what judging it takes.

    python benchmarks/tracing.py --size 300

H = v vᵀ and z = H y on vectors of `--size` entries, 2n² multiplications and n(n - 1) additions:
computed with floats, with arrays of Python floats as objects, and with recorded numbers.  Then the
record is read, counted and replayed.  Every figure is the best of several, and the last columns are
ratios of figures of one run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from grader import values
from grader.probes.tracing import record
from grader.tracing import replay
from grader.tracing.counting import count
from grader.tracing.field import PRIME
from grader.tracing.record import read


def forward(v: Any, y: Any) -> Any:
    """Return (v vᵀ) y, with the matrix."""
    matrix = np.outer(v, v)
    return matrix @ y


@dataclass(frozen=True)
class Figures:
    """Seconds for one thing each, over the same operations."""

    operations: int
    events: int
    wire_bytes: int
    floats_s: float
    objects_s: float
    recorded_s: float
    read_s: float
    counted_s: float
    replayed_s: float
    replayed_exactly_s: float


def best_s(action: Callable[[], Any], times: int) -> float:
    """Return the seconds of the quickest of several runs."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def measure(size: int, times: int) -> Figures:
    """Return what everything takes at a size."""
    rng = np.random.default_rng(0)
    v, y = rng.normal(size=(2, size))
    objects = v.astype(object), y.astype(object)
    module = ModuleType("solution")
    module.__dict__["forward"] = forward
    made = record(module, "forward", [v, y])
    found = read(made, 2 * size)
    numbers = [*v.tolist(), *y.tolist()]
    residues = [int(number) for number in rng.integers(1, PRIME, 2 * size)]
    costs = count(found)
    return Figures(
        operations=costs.multiplications + costs.additions,
        events=len(found.codes),
        wire_bytes=sum(memoryview(buffer).nbytes for buffer in values.dump(made)),
        floats_s=best_s(lambda: forward(v, y), 5 * times),
        objects_s=best_s(lambda: forward(*objects), times),
        recorded_s=best_s(lambda: record(module, "forward", [v, y]), times),
        read_s=best_s(lambda: read(made, 2 * size), times),
        counted_s=best_s(lambda: count(found), times),
        replayed_s=best_s(lambda: replay.in_floats(found, numbers), times),
        replayed_exactly_s=best_s(lambda: replay.in_field(found, residues), times),
    )


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--times", type=int, default=5, help="runs of each, the best counts")
    options = parser.parse_args()
    found = measure(options.size, options.times)
    print(f"{found.operations} operations, {found.events} events")  # noqa: T201
    print(f"{found.wire_bytes / found.events:.1f} bytes an event on the wire\n")  # noqa: T201
    rows = (
        ("with floats", found.floats_s),
        ("with objects", found.objects_s),
        ("recorded", found.recorded_s),
        ("reading the record", found.read_s),
        ("counting it", found.counted_s),
        ("replaying it in doubles", found.replayed_s),
        ("replaying it modulo a prime", found.replayed_exactly_s),
    )
    print(f"{'':30}{'events per s':>14}{'times objects':>15}{'times floats':>15}")  # noqa: T201
    for label, seconds in rows:
        rate, objects, floats = (
            found.events / seconds,
            seconds / found.objects_s,
            seconds / found.floats_s,
        )
        print(f"{label:30}{rate:>14,.0f}{objects:>15.2f}{floats:>15.0f}")  # noqa: T201


if __name__ == "__main__":
    main()
