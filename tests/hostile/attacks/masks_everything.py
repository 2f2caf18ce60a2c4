"""Returns a masked array in which everything is masked, so that no entry differs.

Graders that use `np.testing` or `np.ma` on what they get.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return np.ma.masked_all(3)


def slope(x):
    return np.ma.array([7.0, 7.0, 7.0], mask=True)


def third(x):
    return np.ma.masked
""",
    wanted={"twice": "wrong", "slope": "wrong", "third": "wrong"},
)
