"""Prints without an end, through the streams and past them.

Graders that keep all output, or wait for room in a pipe.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os
import sys


def twice(x):
    for _ in range(20_000):
        print("flood " * 100)
    for _ in range(200):
        os.write(1, bytes(1 << 16))
        os.write(2, bytes(1 << 16))
    sys.stdout.flush()
    return 2 * x
""",
)
