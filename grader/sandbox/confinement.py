"""What a child does to itself before the first line of student code.  There is no way back.

The order matters: limits and the user id need privileges, and changing the user id clears the
parent-death signal; Landlock and the system-call filter need "no new privileges"; the filter comes
last, since it refuses most of the steps before it.
"""

from __future__ import annotations

import math
import os
import resource
import signal
from collections.abc import Collection
from dataclasses import dataclass

from grader.sandbox import landlock, linux, root, seccomp

FIRST_UID, UIDS_PER_TEMPLATE, UID_RANGES = 60600, 64, 9  # a range that no system hands out
FIRST_FREE_FD = 4  # a child keeps its standard streams and its data socket
_MAX_FILES, _MAX_THREADS = 64, 64
_STACK_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """The limits that the kernel keeps for us; the wall clock is the grader's own."""

    cpu_s: float
    memory_mib: int


class Confinement:
    """The steps for every child, with all that can be prepared once made ready."""

    def __init__(
        self, present: Collection[str], readable: list[str], below_tmp: list[str], uid_range: int
    ) -> None:
        """Prepare what is the same for every child.

        `below_tmp` is what `root.enter` returned; `uid_range` keeps the user ids of two templates
        apart, as far as there are ids.
        """
        self._present = frozenset(present)
        self._rules = landlock.Rules(readable) if "landlock" in present else None
        self._below_tmp = below_tmp
        self._filter = seccomp.Filter(seccomp.build()) if "seccomp" in present else None
        self._template_data_bytes = linux.data_bytes()
        self._first_uid = FIRST_UID + uid_range % UID_RANGES * UIDS_PER_TEMPLATE
        self._template_pid = os.getpid()

    def apply(self, slot: int, limits: ChildLimits, folder: str) -> None:
        """Confine this process; `folder` is all that it may write to."""
        if "private root" in self._present:
            root.private_tmp(self._below_tmp)
            os.mkdir(folder)  # noqa: PTH102
        self._set_limits(limits)
        self._give_up_privileges(slot, folder)
        linux.die_with_parent(signal.SIGKILL)
        if os.getppid() not in (0, self._template_pid):
            os._exit(0)  # the template died before the signal was asked for
        linux.hide_memory()
        linux.refuse_new_privileges()
        if self._rules is not None:
            self._rules.restrict(["/tmp" if "private root" in self._present else folder])  # noqa: S108
        os.closerange(FIRST_FREE_FD, landlock.AFTER_LAST_FD)
        if self._filter is not None:
            self._filter.load()

    def _set_limits(self, limits: ChildLimits) -> None:
        cpu_s = math.ceil(limits.cpu_s)
        fixed = {
            resource.RLIMIT_CPU: cpu_s,
            resource.RLIMIT_FSIZE: root.TMP_MIB << 20,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_NOFILE: _MAX_FILES,
            resource.RLIMIT_MEMLOCK: 0,
            resource.RLIMIT_MSGQUEUE: 0,
        }
        if "memory limit" in self._present:
            # Not the address space: torch reserves far more of it than it uses.
            fixed[resource.RLIMIT_DATA] = self._template_data_bytes + (limits.memory_mib << 20)
        if "separate uids" in self._present or "namespaces" in self._present:
            # Elsewhere it would count everything that this user runs on the machine.
            fixed[resource.RLIMIT_NPROC] = _MAX_THREADS
        for name, value in fixed.items():
            resource.setrlimit(name, (value, value))
        hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
        wanted = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(hard, _STACK_BYTES)
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))

    def _give_up_privileges(self, slot: int, folder: str) -> None:
        if "separate uids" in self._present:
            uid = self._first_uid + slot
            os.chown(folder, uid, uid)
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
        elif os.geteuid() == 0 or "namespaces" in self._present:
            linux.drop_capabilities()
