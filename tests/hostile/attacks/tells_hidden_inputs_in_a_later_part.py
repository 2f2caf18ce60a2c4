"""Keeps the hidden inputs of one part and returns them in the visible case of a later one.

Graders that run all parts in one process, hidden cases before visible ones.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
kept = []


def twice(x):
    kept.append(x.copy())
    return 2 * x


def slope(x):
    return kept[4] if len(kept) > 4 else np.zeros(3)
""",
    wanted={"slope": "wrong"},
)
