"""Sends the answers to later calls early, and closes the channel.

Graders that pair answers and calls by their order alone.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os


def twice(x):
    os.write(3, bytes(64))
    os.close(3)
    return 2 * x
""",
    wanted={"twice": "crashed"},
)
