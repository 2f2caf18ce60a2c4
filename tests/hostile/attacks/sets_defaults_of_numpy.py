"""Sets NumPy's error handling, seed and print options: its values are right.

Graders that run submissions one after the other in one process.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import random


def twice(x):
    np.seterr(all="raise")
    np.seterrcall(lambda *values: 1 / 0)
    np.random.seed(17)
    random.seed(17)
    np.set_printoptions(precision=1, suppress=True)
    return 2 * x
""",
)
