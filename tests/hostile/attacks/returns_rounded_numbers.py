"""Returns integers, booleans, half precision and text where numbers are asked.

Graders with a tolerance that grows with the size of what they compare.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return np.round(2 * x).astype(int)


def slope(x):
    return ((x @ x) * x).astype(np.float16)


def third(x):
    return [str(v) for v in x / 3]


def bend(x):
    return x > 0
""",
    wanted={"twice": "wrong", "slope": "wrong", "third": "wrong", "bend": "wrong"},
)
