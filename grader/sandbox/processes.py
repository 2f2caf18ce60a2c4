"""Starting Python beside the grader, with the standard library alone.

A student's own check starts the process for the student's code before anything else: it imports
torch while the grader imports what it needs itself.  So nothing heavy is imported up here.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grader
from grader.errors import SandboxError

_NOT_INHERITED = ("PYTHON", "GRADER_")  # a course's secret is nothing for a student's code
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); import grader; del sys.path[0]; "
    "from grader.sandbox.{module} import main; main({argument})"
)


def command(module: str, argument: str = "") -> list[str]:
    """Return the command line that runs `main` of a module of this package in a bare Python.

    As isolated as `python -I`, but for the environment: that is made by us, and PYTHONHASHSEED in
    it must be heeded.
    """
    boot = _BOOT.format(module=module, argument=argument)
    folder = str(Path(grader.__file__).parents[1])
    return [sys.executable, "-P", "-s", "-B", "-c", boot, folder]


def fixed_environment() -> dict[str, str]:
    """Return the variables that make student code run the same everywhere."""
    return {
        # A thread pool does not survive a fork: a child would hang at its first parallel operation.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TORCHDYNAMO_DISABLE": "1",  # its compiler needs exec; @torch.compile then runs eagerly
        "CUDA_VISIBLE_DEVICES": "",  # CUDA does not survive a fork
        "MPLBACKEND": "Agg",
    }


@dataclass(frozen=True, slots=True)
class Started:
    """A process that will serve one submission without confinement, from a folder of its own."""

    process: subprocess.Popen[bytes]
    folder: str
    preload: tuple[str, ...] = ()

    def end(self) -> None:
        """End a process that nobody has taken over, and remove its folder; again does nothing."""
        if self.process.stdin is not None and self.process.stdin.closed:
            return
        self.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """Kill the process; where the system has groups of processes, with all that it started."""
        if sys.platform == "win32":
            self.process.kill()
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message ahead of all frames; a process that has ended is no error yet."""
        raw = json.dumps(message).encode()
        with contextlib.suppress(OSError):  # whoever uses it first will see that it ended
            view = memoryview(len(raw).to_bytes(4, "little") + raw)
            while view and self.process.stdin is not None:
                view = view[self.process.stdin.write(view) or 0 :]


def start(preload: Sequence[str], *, thorough: bool = True) -> Started:
    """Return a process that is importing these packages; raises SandboxError.

    With `thorough`, it also uses them once, so that no call pays for what they set up late.
    """
    folder = ""
    try:
        folder = os.path.realpath(tempfile.mkdtemp(prefix="grader-"))
        process = _process()
    except OSError as error:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        raise SandboxError(f"no process can be started for the code: {error}") from None
    started = Started(process, folder, tuple(preload))
    started.tell(
        {
            "folder": folder,
            "path": [entry for entry in sys.path if entry],
            "preload": list(preload),
            "thorough": thorough,
        }
    )
    return started


def _process() -> subprocess.Popen[bytes]:
    # Ctrl-C at the terminal is for the grader to handle.
    own_group: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if sys.platform == "win32"
        else {"start_new_session": True}
    )
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(_NOT_INHERITED)
    }
    return subprocess.Popen(  # noqa: S603  (our own interpreter and code)
        command("plain_worker"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env={**inherited, **fixed_environment()},
        **own_group,
    )
