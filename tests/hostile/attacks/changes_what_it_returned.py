"""Keeps every array that it returned and input that it got, and changes them in later calls.

Graders that compare when all calls are done.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
kept = []


def spoil(value):
    for array in kept:
        array[:] = 17.0
    kept.append(value)
    return value


def twice(x):
    spoil(x)
    return spoil(2 * x)


def third(x):
    return spoil(x / 3)
""",
)
