"""Grading the corpus in a process of its own, in one of three modes, and what came of it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hostile import corpus, driving
from tests.sandbox import as_nobody

MODES = ("full", "unprivileged", "no-user-namespaces")
LONGEST_S = 900.0
_NEW_USER = 0x10000000  # CLONE_NEWUSER


class NotStagedError(Exception):
    """This machine cannot stage the mode; the text says why."""


@dataclass(frozen=True)
class Graded:
    """What a run over the corpus left: its own account, and what is on disk afterwards."""

    root: Path
    mode: str
    ready: bool  # whether `grader doctor` said that submissions can be graded here
    doctor: str
    missing: frozenset[str]  # mechanisms, as `grader doctor` found them
    code: int
    told: str
    seconds: Mapping[str, float]
    wall_s: float
    strays: tuple[int, ...]
    changed: tuple[str, ...]  # files of the course that are not as they were
    left: tuple[str, ...]  # files where there should be none


def graded(root: Path, mode: str = "full") -> Graded:
    """Return what grading a laid out course came to; raises NotStagedError."""
    before = corpus.print_of(root)
    mark = f"grader-corpus-{uuid.uuid4().hex}"
    # Of the environment the sandbox hands on only this to its template.
    path = f"{os.environ.get('PATH', os.defpath)}:/nonexistent/{mark}"
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603  (our own interpreter and code)
        _command(root, mode),
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=LONGEST_S,
        check=False,
    )
    took_s = time.monotonic() - began
    file = root / driving.FILE
    if not file.is_file():
        raise NotStagedError(f"the grader did not get to its end: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(file.read_bytes())
    file.unlink()
    after = corpus.print_of(root)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return Graded(
        root=root,
        mode=mode,
        ready=found["ready"],
        doctor=found["doctor"],
        missing=frozenset(found["missing"]),
        code=found["code"],
        told=found["told"],
        seconds=found["seconds"],
        wall_s=took_s,
        strays=tuple(corpus.processes_with(mark)),
        changed=tuple(sorted(changed)),
        left=tuple(corpus.left_behind(root)),
    )


def _command(root: Path, mode: str) -> list[str]:
    script = driving.__file__
    if mode == "full":
        return [sys.executable, "-P", script, str(root)]
    run = f"import runpy, sys; sys.argv = [{script!r}, {str(root)!r}]; sys.path.pop(0)\n"
    run += f"runpy.run_path({script!r}, run_name='__main__')"
    if mode == "no-user-namespaces":
        run = f"{_blocking()}\n{run}"
    if os.geteuid() != 0:
        if mode == "unprivileged":
            return [sys.executable, "-P", script, str(root)]
        return [sys.executable, "-c", run]
    _hand_over(root)
    return [sys.executable, as_nobody.__file__, run]


def _blocking() -> str:
    """Return code that makes the kernel refuse user namespaces to this process from here on."""
    try:
        import pyseccomp  # noqa: F401, PLC0415
    except (ImportError, OSError, RuntimeError) as error:
        raise NotStagedError(f"libseccomp cannot be used: {error}") from None
    return f"""\
import pyseccomp
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
asked = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, {_NEW_USER}, {_NEW_USER})
for name in ("unshare", "clone"):
    rules.add_rule(pyseccomp.ERRNO({errno.EPERM}), name, asked)
rules.add_rule(pyseccomp.ERRNO({errno.ENOSYS}), "clone3")
rules.load()
"""


def _hand_over(root: Path) -> None:
    """Give the course to the user without privileges, who must be able to get to it."""
    for above in root.parents:
        if not above.stat().st_mode & 0o001:
            raise NotStagedError(f"other users cannot enter {above}")
    for top, folders, files in os.walk(root):
        for name in (".", *folders, *files):
            os.chown(Path(top, name), as_nobody.NOBODY, as_nobody.NOBODY, follow_symlinks=False)
