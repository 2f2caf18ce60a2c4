"""Returns the right numbers in arrays of objects: right.

Graders whose comparison fails on the dtype object.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
from fractions import Fraction


def twice(x):
    return np.array([float(v) for v in 2 * x], dtype=object)


def third(x):
    return np.array([Fraction(float(v)) / 3 for v in x], dtype=object)


def slope(x):
    right = [torch.tensor(float(v), dtype=torch.float64) for v in (x @ x) * x]
    return np.array(right, dtype=object)
""",
)
