"""The process that serves a submission without confinement; `plain` is the grader's end of it.

Two messages come ahead of all frames: what to import, and, once the grader knows it, which probes
will be asked for.  Messages and frames come and go through what were its standard input and output.
What the student's code prints goes to its standard error.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
import threading
from typing import Any

from grader.sandbox import printing, service, warmup

_OUTPUT_KIB = 1024  # the grader keeps less; this only bounds what is written line by line
_STACK_BYTES = 64 << 20


def main() -> None:
    """Serve one submission, until the grader closes its end."""
    requests, answers = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        for fd in (requests, answers):
            msvcrt.setmode(fd, os.O_BINARY)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    channel = service.Channel(requests, answers)
    if sys.platform == "linux" and _grow_stack():
        _serve(channel)
    else:  # only a new thread can have a stack that is large enough for deep recursion
        threading.stack_size(_STACK_BYTES)
        thread = threading.Thread(target=_serve, args=(channel,))
        thread.start()
        thread.join()


def _serve(channel: service.Channel) -> None:
    folder = ""
    try:
        config = _told(channel)
        folder = config["folder"]
        sys.path.extend(entry for entry in config["path"] if entry not in sys.path)
        warmup.preload(config["preload"], thorough=config["thorough"])
        if config["thorough"]:
            warmup.rehearse()
        probes = {}
        for reference in _told(channel)["probes"]:
            module, _, name = reference.partition(":")
            probes[reference] = getattr(importlib.import_module(module), name)
        printing.bound_output(1, _OUTPUT_KIB)
        service.Service(channel, folder, probes, service.go_out_of_sight()).serve()
    except EOFError:
        # The grader has gone without ending this process, and so without removing its folder.
        if folder:
            os.chdir(os.path.dirname(folder))  # noqa: PTH120
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)  # no thread of the student's may prolong it


def _told(channel: service.Channel) -> dict[str, Any]:
    size = bytearray(4)
    channel.read_into(memoryview(size))
    raw = bytearray(int.from_bytes(size, "little"))
    channel.read_into(memoryview(raw))
    told: dict[str, Any] = json.loads(raw)
    return told


def _grow_stack() -> bool:
    """Return whether the stack of the main thread may now grow far enough; Linux does that."""
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return False
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    wanted = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(hard, _STACK_BYTES)
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
    return True
