"""Returns shapes, dtypes, text and keys in hidden cases that hold the inputs.

Graders that say of hidden cases what was returned.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import numpy as np

seen = []


def twice(x):
    seen.append(x)
    if len(seen) < 3:
        return 2 * x
    size = abs(int(x[0] * 1e9))
    return np.zeros((size, 0))


def third(x):
    return {repr(x.tolist()): [repr(x.tolist())]}


def slope(x):
    seen.append(x)
    return (x @ x) * x if len(seen) < 9 else repr(x.tolist())


def bend(x):
    seen.append(x)
    return type(repr(x.tolist()), (), {})()
""",
    wanted={"twice": "wrong", "third": "wrong", "slope": "wrong", "bend": "wrong"},
)
