"""Returns the right numbers with an imaginary part, or as one.

Graders that cast to real and warn nobody.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return 2 * x + 1e-3j


def third(x):
    return 1j * x / 3


def slope(x):
    return (x @ x) * x + 0j
""",
    wanted={"twice": "wrong", "third": "wrong"},
)
