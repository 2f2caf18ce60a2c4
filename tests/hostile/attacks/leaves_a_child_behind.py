"""Forks, starts programs and daemons that go on when the submission is graded.

Graders that wait for the process they started and for no other.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import ctypes
import os
import subprocess
import sys
import time


def stay():
    os.setsid()
    while True:
        for folder in ("COURSE_ROOT/reports", "/tmp", "/dev/shm"):
            try:
                open(f"{folder}/grader-hostile", "w").close()
            except OSError:
                pass
        time.sleep(0.05)


def twice(x):
    libc = ctypes.CDLL(None)
    calls = [lambda: libc.syscall(57), lambda: libc.syscall(58)]
    for fork in (os.fork, libc.fork, libc.vfork, *calls):
        try:
            pid = fork()
        except OSError:
            continue
        if pid == 0:
            stay()
        if pid > 0:
            return None
    for start in (subprocess.Popen, lambda command: os.posix_spawn(command[0], command, {})):
        try:
            start([sys.executable, "-c", "import time; time.sleep(600)"])
            return None
        except OSError:
            pass
    return 2 * x
""",
)
