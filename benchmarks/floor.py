"""The least that grading can cost: a fork from a warm process, and the student's own work in it.

    python -m benchmarks.floor WORK.pickle

Everything is imported and warmed up once, as the sandbox's template does it.  Then a process is
forked for each submission, which imports its files, makes the calls of the assignment and leaves;
as many at once as there are cores.  Nothing is confined, checked, compared, kept or shown.  Printed
are the submissions and, without what came before the first fork, the processor and the wall time.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import pickle
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from grader.grading.run import usable_cores
from grader.records import Call
from grader.sandbox import linux, state, warmup


@dataclass(frozen=True)
class Work:
    """Submissions, and the calls to make on each: by file, in order."""

    folders: tuple[str, ...]
    parts: tuple[tuple[str, tuple[Call, ...]], ...]


def main() -> None:
    """Read the work, do it, and print what it took as JSON."""
    gc.disable()
    work: Work = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301  (our own file)
    probes = _probes(work)
    warmup.preload(["numpy", "torch"])
    warmup.rehearse()
    gc.freeze()
    gc.enable()
    with contextlib.suppress(OSError):  # an older kernel
        linux.collapse_heap()
    began, before_s = time.perf_counter(), _cpu_s()
    running: set[int] = set()
    for folder in work.folders:
        if len(running) == usable_cores():
            running.discard(os.wait()[0])
        pid = os.fork()
        if pid == 0:
            _be_submission(folder, work.parts, probes)
        running.add(pid)
    while running:
        running.discard(os.wait()[0])
    figures = {
        "submissions": len(work.folders),
        "wall_s": time.perf_counter() - began,
        "cpu_s": _cpu_s() - before_s,
    }
    print(json.dumps(figures))  # noqa: T201


def _probes(work: Work) -> Mapping[str, Callable[..., Any]]:
    names = {call.probe for _, calls in work.parts for call in calls if call.probe}
    found = {}
    for name in names:
        module, _, function = name.partition(":")
        found[name] = getattr(importlib.import_module(module), function)
    return found


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _be_submission(
    folder: str,
    parts: Sequence[tuple[str, tuple[Call, ...]]],
    probes: Mapping[str, Callable[..., Any]],
) -> NoReturn:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.chdir(folder)
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    sys.setrecursionlimit(state.RECURSION_LIMIT)
    modules: dict[str, ModuleType | None] = {}
    for file, calls in parts:
        if file not in modules:
            modules[file] = _loaded(file)
        for call in calls:
            with contextlib.suppress(BaseException):
                _make(call, modules[file], probes)
    os._exit(0)


def _loaded(file: str) -> ModuleType | None:
    name = file.removesuffix(".py")
    try:
        return sys.modules[name] if name in sys.modules else importlib.import_module(name)
    except BaseException:  # noqa: BLE001  (whatever the submission raises)
        return None


def _make(call: Call, module: ModuleType | None, probes: Mapping[str, Callable[..., Any]]) -> None:
    state.seed(call.seed)
    if module is not None and call.probe is not None:
        probes[call.probe](module, target=call.target, **call.arguments)
    elif module is not None:
        getattr(module, call.target)(*call.arguments.values())


if __name__ == "__main__":
    main()
