"""Goes to another folder in every call: its values are right.

Graders that run submissions in their own process, or find files by relative paths.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import os


def twice(x):
    os.chdir("/")
    return 2 * x


def third(x):
    os.makedirs("below/further", exist_ok=True)
    os.chdir("below/further")
    return x / 3
""",
)
