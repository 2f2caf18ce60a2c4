"""Doubles its input in place and returns it: right.

Graders that compute what is expected afterwards.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    x *= 2
    return x
""",
)
