"""The folders that student code may read: the interpreter, its packages, the system's libraries.

Narrow on purpose: `/usr` as a whole would show a course that lies in `/usr/src`, and a checkout
from which the grader is installed editable is on `sys.path` but is no folder of packages.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/fonts",
    "/usr/share/zoneinfo",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")
# Data sets that come with packages hold the labels of pictures on which students are tested.
_LABELS = ("sklearn/datasets/data",)


def readable() -> list[str]:
    """Return the existing paths that student code may read, devices included."""
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    own = [str(Path(prefix, name)) for prefix in prefixes for name in ("lib", "lib64")]
    packages = [path for path in sys.path if Path(path).name in _PACKAGE_FOLDERS]
    installed = [
        sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")
    ]
    paths = [*_SYSTEM, *own, *installed, *packages, *DEVICES]
    return [path for path in dict.fromkeys(paths) if Path(path).exists()]


def emptied(readable: Iterable[str]) -> list[str]:
    """Return the folders below these paths that are shown empty: those of data with labels.

    That takes a root of one's own: Landlock can allow a folder, and not all of it but this.
    """
    packages = [Path(path) for path in readable if Path(path).name in _PACKAGE_FOLDERS]
    found = [(folder / name).resolve() for folder in packages for name in _LABELS]
    return [str(path) for path in dict.fromkeys(found) if path.is_dir()]


def keep_readable(allowed: Iterable[str]) -> None:
    """Take everything off `sys.path` that student code may not read."""
    folders = [Path(path).resolve() for path in allowed]
    sys.path[:] = [
        entry
        for entry in sys.path
        if entry and any(Path(entry).resolve().is_relative_to(folder) for folder in folders)
    ]
