"""Which protections this machine offers: each is tried in a throw-away process, not looked up.

A kernel version or a configuration file says little: containers, AppArmor and hardened kernels
refuse what others allow.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
from collections.abc import Callable, Collection

from grader.records import Mechanism
from grader.sandbox import confinement, landlock, linux, paths, root, seccomp
from grader.sandbox.protections import MEANINGS

ALL_NAMESPACES = linux.NEWPID | linux.NEWNS | linux.NEWNET | linux.NEWIPC | linux.NEWUTS


def attempt(step: Callable[[], object]) -> str:
    """Return why `step` fails, or an empty string; it runs in a process of its own."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            step()
            reason = "."
        except BaseException as error:  # noqa: BLE001  (reported, whatever it is)
            reason = f".{error}"
        os.write(writer, reason.encode("utf-8", "replace")[:300])
        os._exit(0)
    os.close(writer)
    answer = os.read(reader, 400).decode("utf-8", "replace")
    os.close(reader)
    os.waitpid(pid, 0)
    return answer[1:] if answer else "the process that tried it was killed"


def try_all(disabled: Collection[str]) -> tuple[Mechanism, ...]:
    """Return every mechanism, present or missing with the reason."""
    details: dict[str, str] = {}
    missing: dict[str, str] = {}

    def record(name: str, detail: str, step: Callable[[], object]) -> None:
        details[name] = detail
        reason = "it was switched off" if name in disabled else attempt(step)
        if reason:
            missing[name] = reason

    record("seccomp", "an allow-list of system calls", _try_seccomp)
    record("landlock", "the files that may be opened", _try_landlock)
    privileged = not attempt(lambda: linux.unshare(ALL_NAMESPACES))
    way = "by privilege" if privileged else "inside a user namespace"
    record("namespaces", f"PID, mount, network, IPC and UTS, {way}", _try_namespaces)
    record("private root", "a tmpfs with read-only binds", _try_private_root)
    if "namespaces" in missing and "private root" not in missing:
        missing["private root"] = "it needs namespaces"
    inside, has_root = "namespaces" not in missing, "private root" not in missing
    record("separate uids", "a user id for each child", lambda: _try_uids(inside, has_root))
    record("memory limit", "RLIMIT_DATA", _try_memory_limit)
    record("huge pages", "MADV_COLLAPSE", _try_huge_pages)
    return tuple(
        Mechanism(name, name not in missing, missing.get(name, details[name]), MEANINGS[name])
        for name in MEANINGS
    )


def enter_namespaces() -> None:
    """Give this process and its next child namespaces of their own, by whatever way is open."""
    if os.geteuid() != 0:
        linux.enter_user_namespace()
    try:
        linux.unshare(ALL_NAMESPACES)
    except PermissionError:
        if os.geteuid() != 0:
            raise
        linux.enter_user_namespace()  # root without the privileges, as in most containers
        linux.unshare(ALL_NAMESPACES)


def _try_seccomp() -> None:
    program = seccomp.Filter(seccomp.build())
    linux.refuse_new_privileges()
    program.load()
    try:
        os.getsid(0)
    except PermissionError:
        return
    raise OSError("the filter was loaded, but it filters nothing")


def _try_landlock() -> None:
    landlock.abi()
    linux.refuse_new_privileges()
    landlock.Rules(()).restrict(())
    try:
        os.listdir("/")  # noqa: PTH208
    except PermissionError:
        return
    raise OSError("the rules were set, but they refuse nothing")


def _try_namespaces() -> None:
    enter_namespaces()
    reason = attempt(lambda: None if os.getpid() == 1 else 1 / 0)
    if reason:
        raise OSError(reason)


def _try_private_root() -> None:
    enter_namespaces()

    def build() -> None:
        readable = paths.readable()
        root.private_tmp(root.enter(readable, paths.emptied(readable)))

    reason = attempt(build)  # a fresh /proc is refused where the outer one is partly masked
    if reason:
        raise OSError(reason)


def _try_uids(inside_namespaces: bool, has_private_root: bool) -> None:
    if inside_namespaces:  # a user namespace made without privileges has one user id only
        enter_namespaces()
    uid = confinement.FIRST_UID
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    # The private root puts Python's folders where everyone can reach them.
    if not has_private_root and not os.access(os.__file__, os.R_OK):
        raise OSError(f"other users cannot read {os.__file__}, a part of Python")


def _try_memory_limit() -> None:
    limit = linux.data_bytes() + (32 << 20)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError:
        return
    raise OSError("RLIMIT_DATA was set, but it limits nothing")


def _try_huge_pages() -> None:
    size = 4 << 20
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory[:] = bytes([1]) * size
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    linux.collapse(-(-address // (2 << 20)) * (2 << 20))
