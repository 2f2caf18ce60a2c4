"""Run a Python script as a user without privileges; `python as_nobody.py SCRIPT`, by root.

Python may lie below a closed home, so a mount namespace is made in which it does not.
"""

import os
import stat
import sys
from pathlib import Path

import grader
from grader.sandbox import linux

NOBODY = 65534


def open_up(needed: list[Path]) -> None:
    """Show the needed folders, and nothing else, of every closed folder above them."""
    linux.unshare(linux.NEWNS)
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    closed: dict[Path, list[Path]] = {}
    for path in needed:
        for parent in reversed(path.parents):
            if not parent.stat().st_mode & stat.S_IXOTH:
                closed.setdefault(parent, []).append(path)
                break
    for parent, paths in closed.items():
        held = {path: os.open(path, os.O_PATH) for path in paths}
        linux.mount("tmpfs", str(parent), "tmpfs", 0, "mode=755")
        for path, fd in held.items():
            path.mkdir(parents=True)
            linux.mount(f"/proc/self/fd/{fd}", str(path), None, linux.MS_BIND | linux.MS_REC)
            os.close(fd)


if __name__ == "__main__":
    os.umask(0o022)
    open_up([Path(sys.base_prefix), Path(sys.prefix), Path(grader.__file__).parents[1]])
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.chdir("/")
    os.execv(sys.executable, [sys.executable, "-c", sys.argv[1]])  # noqa: S606
