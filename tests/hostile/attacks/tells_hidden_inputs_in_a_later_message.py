"""Keeps the hidden inputs of one part and raises them in the visible case of a later one.

Graders that run all parts in one process, hidden cases before visible ones.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
kept = []


def third(x):
    kept.append(x.copy())
    return x / 3


class Descent:
    def __init__(self, *values, **named):
        raise ValueError(repr(kept[0].tolist()) if kept else "nothing yet")
""",
    wanted={"descent": "crashed"},
)
