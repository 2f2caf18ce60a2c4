"""Returns arrays, lists and bytes of 200 MB.

Graders that copy, compare or print whatever they get.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return np.zeros(25 << 20)


def third(x):
    return bytes(200 << 20)


def slope(x):
    return np.broadcast_to(1.0, (1 << 40,))


def bend(x):
    return [0.0] * (5 << 20)
""",
    wanted={
        "twice": "wrong or timed_out",
        "third": "wrong",
        "slope": "out_of_memory or wrong",
        "bend": "wrong or timed_out",
    },
)
