"""Returns 0-d arrays, columns, and shapes that broadcast to the right one.

Graders that compare after broadcasting.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return np.array(2 * x[0])


def slope(x):
    return ((x @ x) * x)[:, None]


def third(x):
    return np.broadcast_to(x / 3, (2, 3))


def bend(x):
    return np.zeros((0, 2))
""",
    wanted={"twice": "wrong", "slope": "wrong", "third": "wrong", "bend": "wrong"},
)
