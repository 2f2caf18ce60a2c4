"""The files that student code may open, enforced by Landlock whatever their permissions are."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from grader.sandbox import linux

FIRST_FD, AFTER_LAST_FD = 512, 1024
"""Descriptors in this range belong to the rules; the template has no others above it."""


def abi() -> int:
    """Return the version of Landlock that the kernel speaks; raises OSError if it has none.

    To be called before the root changes, as it loads the library.
    """
    try:
        from py_landlock import landlock_sys  # noqa: PLC0415  (not installed everywhere)
        from py_landlock.errors import LandlockError  # noqa: PLC0415
    except ImportError as error:
        raise OSError(f"the package py-landlock is not installed: {error}") from None
    try:
        with linux.known_libraries():
            return int(landlock_sys.get_abi_version())
    except LandlockError as error:
        raise OSError(str(error)) from None


class Rules:
    """What every child may read, opened once; what it may write to comes with each child."""

    def __init__(self, readable: Sequence[str]) -> None:
        """Open the paths, with descriptors from `FIRST_FD` on."""
        from py_landlock import landlock_sys  # noqa: PLC0415
        from py_landlock.abi import (  # noqa: PLC0415
            get_supported_fs,
            get_supported_net,
            get_supported_scope,
        )
        from py_landlock.flags import AccessFs  # noqa: PLC0415

        self._calls = landlock_sys
        version = landlock_sys.get_abi_version()
        self._handled = int(get_supported_fs(version))
        self._attributes = landlock_sys.RulesetAttr()
        self._attributes.handled_access_fs = self._handled
        self._attributes.handled_access_net = int(get_supported_net(version))
        self._attributes.scoped = int(get_supported_scope(version))
        read_file, write_file = int(AccessFs.READ_FILE), int(AccessFs.WRITE_FILE)
        read = read_file | int(AccessFs.READ_DIR)
        changes = AccessFs.MAKE_REG | AccessFs.MAKE_DIR | AccessFs.REMOVE_FILE | AccessFs.REMOVE_DIR
        self._write = read | write_file | int(AccessFs.TRUNCATE | changes)
        self._opened: list[tuple[int, int]] = []
        for path in readable:
            access = read if Path(path).is_dir() else read_file
            if path == os.devnull:
                access |= write_file
            self._opened.append((_open_above(path), access))

    def restrict(self, writable: Sequence[str]) -> None:
        """Hold this process to the rules from here on; new privileges must be refused before."""
        rules = self._calls.create_ruleset(self._attributes)
        added = [(os.open(path, os.O_PATH), self._write) for path in writable]
        for descriptor, access in self._opened + added:
            rule = self._calls.PathBeneathAttr()
            rule.allowed_access = access & self._handled
            rule.parent_fd = descriptor
            self._calls.add_rule(rules, rule)
        self._calls.restrict_self(rules, None)
        for descriptor in (rules, *(descriptor for descriptor, _ in added)):
            os.close(descriptor)


def _open_above(path: str) -> int:
    low = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        return fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, FIRST_FD)
    finally:
        os.close(low)
