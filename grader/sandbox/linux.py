"""The Linux system calls that Python 3.11 has no function for.

Every function raises OSError, with the kernel's reason, where the call is refused.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import os
from collections.abc import Iterator
from pathlib import Path

NEWNS, NEWUTS, NEWIPC = 0x20000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 1 << 5, 1 << 12, 1 << 13, 1 << 14, 1 << 18
MNT_DETACH = 2

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x20080522
_MADV_COLLAPSE = 25
_HUGE_PAGE_BYTES = 2 << 20

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def _prctl(operation: int, argument: int, what: str) -> None:
    rest = [ctypes.c_ulong(argument), *[ctypes.c_ulong(0)] * 3]
    _check(_libc.prctl(operation, *rest), what)


@contextlib.contextmanager
def known_libraries() -> Iterator[None]:
    """Have packages find libc and libseccomp by name; by itself, ctypes runs ldconfig or gcc."""
    search = ctypes.util.find_library
    names = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}

    def find(name: str) -> str | None:
        try:
            return ctypes.CDLL(names[name])._name
        except (KeyError, OSError):
            return search(name)

    ctypes.util.find_library = find
    try:
        yield
    finally:
        ctypes.util.find_library = search


def unshare(flags: int) -> None:
    """Give this process (for NEWPID: its next child) new namespaces."""
    _check(_libc.unshare(flags), "unshare")


def set_namespace(fd: int, flags: int) -> None:
    """Enter the namespace that `fd` refers to."""
    _check(_libc.setns(fd, flags), "setns")


def enter_user_namespace() -> None:
    """Become privileged inside a new user namespace, with the same user and group ids in it."""
    uid, gid = os.getuid(), os.getgid()
    unshare(NEWUSER)
    # The kernel lets an unprivileged process map its group only after it gave up setgroups.
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        Path("/proc/self", file).write_text(text, encoding="ascii")


def mount(
    source: str | None, target: str, kind: str | None, flags: int, data: str | None = None
) -> None:
    """Mount a file system, bind a path, or change the flags of a mount."""
    arguments = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    options = None if data is None else data.encode()
    _check(_libc.mount(*arguments, ctypes.c_ulong(flags), options), f"mount {target}")


def detach(target: str) -> None:
    """Unmount `target` as soon as nothing uses it, and make it unreachable at once."""
    _check(_libc.umount2(os.fsencode(target), MNT_DETACH), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root of this mount namespace and put the old root at `old`."""
    _check(_libc.pivot_root(os.fsencode(new), os.fsencode(old)), "pivot_root")


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySet(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable"))


def drop_capabilities() -> None:
    """Give up every capability for good."""
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(ctypes.byref(header), (_CapabilitySet * 2)()), "capset")


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this process a signal when the thread that forked it ends."""
    _prctl(_PR_SET_PDEATHSIG, signal_number, "PR_SET_PDEATHSIG")


def hide_memory() -> None:
    """Keep other processes of the same user from reading or tracing this one; no core dumps."""
    _prctl(_PR_SET_DUMPABLE, 0, "PR_SET_DUMPABLE")


def refuse_new_privileges() -> None:
    """Make set-uid programs and file capabilities mean nothing from here on."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1, "PR_SET_NO_NEW_PRIVS")


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1, "PR_SET_CHILD_SUBREAPER")


class FilterProgram(ctypes.Structure):
    """A BPF program in the form that the kernel takes (`struct sock_fprog`)."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def set_system_call_filter(program: FilterProgram) -> None:
    """Filter every later system call of this process through a BPF program."""
    result = _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
    _check(result, "PR_SET_SECCOMP")


def data_bytes() -> int:
    """Return the size of this process's private data, as RLIMIT_DATA counts it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) << 10
    return 0


def collapse(address: int) -> None:
    """Turn the 2 MiB of private memory at `address` into one huge page (Linux 6.1)."""
    arguments = ctypes.c_void_p(address), ctypes.c_size_t(_HUGE_PAGE_BYTES), _MADV_COLLAPSE
    _check(_libc.madvise(*arguments), "madvise")


def collapse_heap() -> int:
    """Return how many huge pages were made out of this process's private heap.

    A fork copies one page-table entry for each, instead of 512.
    """
    made = 0
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        path = " ".join(fields[5:])
        anonymous = path in ("", "[heap]")
        if not anonymous or fields[1] != "rw-p":
            continue
        start, end = (int(part, 16) for part in fields[0].split("-"))
        first = -(-start // _HUGE_PAGE_BYTES) * _HUGE_PAGE_BYTES
        last = end // _HUGE_PAGE_BYTES * _HUGE_PAGE_BYTES
        for address in range(first, last, _HUGE_PAGE_BYTES):
            try:
                collapse(address)
            except OSError:
                continue  # never touched, or no free huge page: it stays as it is
            made += 1
    return made
