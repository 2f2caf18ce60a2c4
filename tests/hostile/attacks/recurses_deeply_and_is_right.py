"""Recurses 1,000 levels deep and returns the right numbers: right.

Graders that call from deep inside other frames, or lower the limit.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def count(depth):
    return 0 if depth == 0 else 1 + count(depth - 1)


def twice(x):
    return 2 * x + count(1000) - 1000
""",
)
