"""Fuzzing for as long as one likes: ``python -m tests.fuzzing.by_hand TARGET … --seconds 60``.

Prints every fault with the input that made it, and at the end the slowest input and the one that
took most memory.  A second and 100 MB are what an input may take; memory is traced for one input
in fifty, since tracing is slow.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import random
import time
import traceback
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

from grader.cli.console import say
from tests.fuzzing.mutations import mutated
from tests.fuzzing.targets import TARGETS, Target

HANGS_S = 60.0  # after so long, Python says where it is and ends
TRACED = 50
MIB = 1 << 20


def fuzz(name: str, target: Target, seconds: float, chance: random.Random, keep: Path) -> int:
    """Return the number of different faults; the inputs are kept in a folder."""
    seeds = list(target.seeds())
    found: dict[str, bytes] = {}
    slowest, most = (0.0, b""), (0, b"")
    count = 0
    until = time.monotonic() + seconds
    for seed in seeds:
        target.run(seed)  # what is imported and made once is not counted
    while time.monotonic() < until:
        data = mutated(chance, seeds)
        traced = count % TRACED == 0
        count += 1
        if traced:
            gc.collect()
            tracemalloc.start()
        faulthandler.dump_traceback_later(HANGS_S, exit=True)
        keep.joinpath("last").write_bytes(data)
        began = time.process_time()
        try:
            target.run(data)
        except Exception:  # noqa: BLE001  (whatever is not documented)
            at = traceback.format_exc()
            if at.splitlines()[-3:] not in [text.splitlines()[-3:] for text in found]:
                found[at] = data
                file = keep / f"{name}-{len(found)}"
                file.write_bytes(data)
                say(f"{file}\n{at}")
        if traced:
            most = max(most, (tracemalloc.get_traced_memory()[1], data))
            tracemalloc.stop()
        else:
            slowest = max(slowest, (time.process_time() - began, data))
        faulthandler.cancel_dump_traceback_later()
    for what, (_, data) in (("slowest", slowest), ("largest", most)):
        (keep / f"{name}-{what}").write_bytes(data)
    say(
        f"{name}: {count} inputs, {len(found)} faults; at most {slowest[0]:.2f} CPU s "
        f"({len(slowest[1])} bytes), {most[0] / MIB:.1f} MiB ({len(most[1])} bytes)"
    )
    return len(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fuzz the targets that are named, or all, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing.by_hand")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", type=Path, default=Path("build/fuzzing"), help="where inputs go")
    chosen = parser.parse_args(arguments)
    for name in chosen.targets:
        if name not in TARGETS:
            parser.error(f"there is no target {name}; expected some of {', '.join(TARGETS)}")
    chosen.keep.mkdir(parents=True, exist_ok=True)
    seed = random.randrange(1 << 32) if chosen.seed is None else chosen.seed  # noqa: S311
    say(f"--seed {seed}")
    chance = random.Random(seed)  # noqa: S311  (no secret)
    faults = [
        fuzz(name, TARGETS[name], chosen.seconds, chance, chosen.keep)
        for name in chosen.targets or TARGETS
    ]
    raise SystemExit(1 if any(faults) else 0)


if __name__ == "__main__":
    main()
