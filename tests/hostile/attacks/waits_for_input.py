"""Waits for input, and starts a debugger.

Graders that run at a terminal, or inherit a pipe that never ends.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    input("Your answer? ")
    return 2 * x


def slope(x):
    breakpoint()
    return (x @ x) * x


def third(x):
    import sys

    sys.stdin.read()
    return x / 3
""",
    wanted={"twice": "crashed", "slope": "crashed"},
)
