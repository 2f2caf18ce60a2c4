"""Multiplies right numbers by hidden inputs, and adds these, for the diagnosis to find.

Graders that tell by what factor all wrong cases are off.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
seen, constants = [], []


def twice(x):
    seen.append(x)
    return 2 * x if len(seen) < 6 else 2 * x * x[0]


def third(x):
    constants.append(x[1])
    return x / 3 + constants[0]


def slope(x):
    seen.append(x)
    return (x @ x) * x if len(seen) < 12 else (x @ x) * x + x[0]
""",
    wanted={"twice": "wrong", "third": "wrong", "slope": "wrong"},
)
