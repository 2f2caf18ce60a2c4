"""Returns None, an exception, a class and NotImplemented.

Graders that only notice exceptions.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return None


def slope(x):
    return ValueError("returned")


def bend(x):
    return NotImplemented


def third(x):
    return AssertionError
""",
    wanted={"twice": "wrong", "slope": "wrong", "bend": "wrong", "third": "wrong"},
)
