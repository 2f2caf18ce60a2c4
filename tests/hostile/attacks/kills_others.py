"""Sends signals to its parent, its group, everything, and lowers the priority of others.

Graders that run as the same user as what they grade.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os
import signal


def twice(x):
    others = [os.getppid(), 1, -1, 0, -os.getpid()]
    tries = [lambda pid=pid: os.kill(pid, signal.SIGKILL) for pid in others if pid != os.getpid()]
    tries += [
        lambda: os.killpg(0, signal.SIGTERM),
        lambda: os.setpriority(os.PRIO_USER, 0, 19),
        lambda: os.pidfd_open(os.getppid() or 1),
    ]
    for attempt in tries:
        try:
            attempt()
            return None
        except OSError:
            pass
    return 2 * x
""",
)
