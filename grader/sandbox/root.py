"""A file system for student code alone: a few folders, read-only, and nothing else of the machine.

A small tmpfs becomes the root; the folders are bound into it at their own paths, so that what was
imported before stays valid.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.sandbox import linux
from grader.sandbox.paths import DEVICES

TMP_MIB = 96  # room for the largest submission (64 MiB) and something to work with
# Files without content cost kernel memory that `size` does not count, so their number is limited.
_TMP_OPTIONS = f"size={TMP_MIB}m,nr_inodes=16k,mode=1777"
_NEXT_TMP = "/next-tmp"
_ROOT = linux.MS_NOSUID | linux.MS_NODEV
_TMP = _PROC = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC


def enter(readable: Sequence[str], emptied: Sequence[str] = ()) -> list[str]:
    """Return the folders below /tmp that are part of the new root, which this process is now in.

    So will be those that it forks.  The folders in `emptied` are there and hold nothing.  The
    process must be in a mount namespace of its own, and in the PID namespace whose processes /proc
    shall show.
    """
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    # A descriptor keeps the outer folder reachable, to remove the empty mount point afterwards.
    outer = os.open(tempfile.gettempdir(), os.O_RDONLY | os.O_DIRECTORY)
    root = tempfile.mkdtemp(prefix="grader-root-")
    try:
        bound = _build(root, readable)
        for path in emptied:
            linux.mount(
                "tmpfs", f"{root}{path}", "tmpfs", _TMP | linux.MS_RDONLY, "size=4k,mode=755"
            )
        os.chdir(root)
        linux.pivot_root(".", "old")
        os.chdir("/")
        linux.detach("/old")
        Path("/old").rmdir()
        read_only = linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY
        linux.mount(None, "/", None, read_only | _ROOT)
    finally:
        os.rmdir(Path(root).name, dir_fd=outer)
        os.close(outer)
    return [str(path) for path in bound if path.is_relative_to("/tmp")]  # noqa: S108


def private_tmp(below_tmp: Sequence[str]) -> None:
    """Give this process, from here on, a /tmp that it shares with nobody.

    `below_tmp` is what `enter` returned: the folders that must still show in the new one.
    """
    linux.unshare(linux.NEWNS)
    linux.mount("tmpfs", _NEXT_TMP, "tmpfs", _TMP, _TMP_OPTIONS)
    for path in below_tmp:
        target = f"{_NEXT_TMP}{path.removeprefix('/tmp')}"  # noqa: S108
        os.makedirs(target)  # noqa: PTH103
        # Read-only, as the mount that it repeats; with what is mounted in it.
        linux.mount(path, target, None, linux.MS_BIND | linux.MS_REC)
    linux.mount(_NEXT_TMP, "/tmp", None, linux.MS_MOVE)  # noqa: S108


def _build(root: str, readable: Sequence[str]) -> list[Path]:
    linux.mount("tmpfs", root, "tmpfs", _ROOT, "size=1m,mode=755")
    for name in ("tmp", "proc", "old", _NEXT_TMP[1:]):
        Path(root, name).mkdir()
    # For caches that libraries write while they are imported; children have their own.
    linux.mount("tmpfs", f"{root}/tmp", "tmpfs", _TMP, _TMP_OPTIONS)  # noqa: S108
    bound: list[Path] = []
    for path in sorted({Path(path).absolute() for path in readable}):  # parents come first
        _bind(root, path, bound)
    linux.mount("proc", f"{root}/proc", "proc", _PROC, "hidepid=2")
    return bound


def _bind(root: str, path: Path, bound: list[Path]) -> None:
    """Show `path` beneath `root`, with the symbolic links on the way to it."""
    for parent in reversed(path.parents[:-1]):
        if parent.is_symlink():
            _link(root, parent)
            _bind(root, parent.resolve() / path.relative_to(parent), bound)
            return
    if path.is_symlink():
        _link(root, path)
        _bind(root, path.resolve(), bound)
        return
    if any(path.is_relative_to(folder) for folder in bound):
        return
    target = Path(f"{root}{path}")
    if path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    linux.mount(str(path), str(target), None, linux.MS_BIND | linux.MS_REC)
    # Inside a user namespace, flags that the outer mount has may not be taken away.
    kept = os.statvfs(path).f_flag & _PROC
    closed = 0 if str(path) in DEVICES else linux.MS_RDONLY | linux.MS_NODEV
    flags = linux.MS_REMOUNT | linux.MS_BIND | linux.MS_NOSUID | kept | closed
    linux.mount(None, str(target), None, flags)
    bound.append(path)


def _link(root: str, path: Path) -> None:
    link = Path(f"{root}{path}")
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(path.readlink())
