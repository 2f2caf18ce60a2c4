"""Returns random numbers, seeded anew in every call until one is near.

Graders that grade again and keep the best, or have loose tolerances.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return 2 * x * (1 + 1e-6 * np.random.default_rng().random(3))


def third(x):
    return np.round(x / 3, 6)
""",
    wanted={"twice": "wrong", "third": "wrong"},
)
