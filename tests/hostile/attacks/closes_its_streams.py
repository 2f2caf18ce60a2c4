"""Closes its streams, takes all descriptors that it may have, and goes on: its values are right.

Graders that open files in the process of a submission.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os


def third(x):
    for number in (0, 1, 2):
        os.close(number)
    try:
        while True:
            os.dup(3)
    except OSError:
        return x / 3
""",
)
