"""Returns the right numbers as tuples, scalars, other byte orders, single precision: right.

Graders that know one form only.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
from decimal import Decimal


def twice(x):
    return tuple(np.float64(v) for v in 2 * x)


def third(x):
    return (x / 3).astype(">f8")[::-1][::-1]


def slope(x):
    return [Decimal(float(v)) for v in (x @ x) * x]


def bend(x):
    a, b = np.float32(x)
    zero = np.float32(0)
    return np.array([[np.cos(a) * b, np.sin(a)], [2 * a, zero], [zero, np.exp(b / 3) / 3]])
""",
)
