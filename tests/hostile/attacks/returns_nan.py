"""Returns NaN and infinity, which a careless comparison lets through.

Graders that write `not (difference > tolerance)`, or `equal_nan=True`.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return np.full(3, np.nan)


def slope(x):
    return np.full(3, np.inf)


def third(x):
    return [float("nan"), -float("inf"), complex("nan+nanj")]


def bend(x):
    return np.full((3, 2), np.finfo(float).max)
""",
    wanted={"twice": "wrong", "slope": "wrong", "third": "wrong", "bend": "wrong"},
)
