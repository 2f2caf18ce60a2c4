"""Starts threads until no more can be started: its values are right.

Graders that share a limit of processes with what they grade.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import threading
import time


def twice(x):
    try:
        for _ in range(10_000):
            threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    except RuntimeError:
        return 2 * x
    return None
""",
)
