"""The system calls that student code may make: an allow-list, everything else fails with EPERM.

Threads are allowed; fork, exec, sockets, ptrace, signals to others, namespaces, mounts, keys,
io_uring and memory that escapes RLIMIT_DATA (memfd, shared anonymous mmap) are not.
"""

from __future__ import annotations

import ctypes
import errno
import os
from types import ModuleType
from typing import Any

from grader.sandbox import linux

_ALLOWED = """
read pread64 readv write pwrite64 writev lseek close close_range openat open newfstatat fstat stat
lstat statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd chdir dup dup2 dup3
pipe pipe2 poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
mkdir mkdirat unlink unlinkat rename renameat renameat2 ftruncate fsync fallocate umask statfs
fstatfs fadvise64 munmap mprotect mremap madvise brk membarrier mincore futex set_robust_list
get_robust_list rseq set_tid_address gettid sched_yield sched_getaffinity sched_setaffinity
sched_getparam sched_getscheduler getcpu exit exit_group rt_sigaction rt_sigprocmask rt_sigreturn
sigaltstack rt_sigpending restart_syscall clock_gettime clock_nanosleep nanosleep gettimeofday time
clock_getres times getitimer setitimer alarm getpid getppid getuid geteuid getgid getegid getpgrp
getresuid getresgid getgroups uname sysinfo getrusage getrlimit getrandom recvfrom sendto shutdown
""".split()  # noqa: SIM905  (a table to be read, not a column of quotes)

_MAP_SHARED, _MAP_ANONYMOUS = 0x01, 0x20
_CLONE_THREAD = 0x10000
_THREAD_NAME = (15, 16)  # prctl: PR_SET_NAME, PR_GET_NAME
_IOCTLS = (0x5401, 0x541B, 0x5421, 0x5451, 0x5450, 0x5413)  # isatty, bytes waiting, flags, size
_FCNTLS = (0, 1, 2, 3, 4, 1030)  # duplicate; get and set flags


def _library() -> ModuleType:
    try:  # not installed everywhere, and useless where libseccomp itself is not
        with linux.known_libraries():
            import pyseccomp  # noqa: PLC0415
    except (ImportError, OSError, RuntimeError) as error:
        raise OSError(errno.ENOSYS, f"libseccomp cannot be used: {error}") from None
    module: ModuleType = pyseccomp
    return module


def build() -> bytes:
    """Return the BPF program; raises OSError where libseccomp is missing."""
    library = _library()
    rules = library.SyscallFilter(library.ERRNO(errno.EPERM))

    def masked(argument: int, mask: int, value: int) -> Any:
        return library.Arg(argument, library.MASKED_EQ, mask, value)

    def allow_values(name: str, argument: int, values: tuple[int, ...]) -> None:
        for value in values:
            rules.add_rule(library.ALLOW, name, library.Arg(argument, library.EQ, value))

    for name in _ALLOWED:
        try:
            rules.add_rule(library.ALLOW, name)
        except OSError:
            continue  # this architecture never had it
    # Shared memory only where a file stands behind it: shared and anonymous escapes RLIMIT_DATA.
    for kind in (0, _MAP_SHARED, _MAP_ANONYMOUS):
        rules.add_rule(library.ALLOW, "mmap", masked(3, _MAP_SHARED | _MAP_ANONYMOUS, kind))
    rules.add_rule(library.ALLOW, "clone", masked(0, _CLONE_THREAD, _CLONE_THREAD))
    # BPF cannot read clone3's flags, which lie in memory; ENOSYS makes libc fall back to clone.
    rules.add_rule(library.ERRNO(errno.ENOSYS), "clone3")
    allow_values("prlimit64", 2, (0,))  # reads limits, sets none
    allow_values("prctl", 0, _THREAD_NAME)
    allow_values("ioctl", 1, _IOCTLS)
    allow_values("fcntl", 1, _FCNTLS)
    allow_values("tgkill", 0, (1,))  # abort() in a process that is number 1 of its namespace
    with open(os.memfd_create("bpf"), "w+b") as file:  # noqa: PTH123  (no folder to write to)
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


class Filter:
    """A program that is ready to load; made once, loaded in every child."""

    def __init__(self, program: bytes) -> None:
        self._memory = ctypes.create_string_buffer(program, len(program))
        address = ctypes.cast(self._memory, ctypes.c_void_p)
        self._program = linux.FilterProgram(len(program) // 8, address)

    def load(self) -> None:
        """Filter this process from here on.  It must have refused new privileges before."""
        linux.set_system_call_filter(self._program)
