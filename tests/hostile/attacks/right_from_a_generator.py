"""Yields the right numbers: right.

Graders that iterate twice over what they get, the second time over nothing.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    yield from 2 * x


def third(x):
    return map(float, x / 3)


def slope(x):
    return ((x @ x) * entry for entry in x)
""",
)
