"""Returns the right numbers in subclasses of array, float and list, and unmasked: right.

Graders that refuse what they do not know.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Own(np.ndarray):
    pass


class Number(float):
    pass


def twice(x):
    return (2 * x).view(Own)


def third(x):
    return [Number(v) for v in x / 3]


def slope(x):
    return np.ma.array((x @ x) * x)


def bend(x):
    a, b = x
    return np.matrix([[np.cos(a) * b, np.sin(a)], [2 * a, 0], [0, np.exp(b / 3) / 3]])
""",
)
