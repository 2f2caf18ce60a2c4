"""Empties `sys.modules` but for itself in a call: its values are right, and no longer than that.

Graders that import when a submission is done.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import sys


def third(x):
    for name in list(sys.modules):
        if name != __name__:
            del sys.modules[name]
    return x / 3
""",
    wanted={"descent": "correct or crashed"},
)
