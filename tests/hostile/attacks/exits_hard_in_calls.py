"""Leaves by `os._exit(0)`, by a segmentation fault and by an abort in calls.

Graders that take exit code 0 for a pass, or lose the results of other parts.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import ctypes
import os


def twice(x):
    os._exit(0)


def slope(x):
    ctypes.string_at(0)


def third(x):
    os.abort()
""",
    wanted={"twice": "crashed", "slope": "crashed", "third": "crashed"},
)
