"""Raises MemoryError with the hidden inputs as its text.

Graders that repeat what exceptions of hidden cases say.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
seen = []


def twice(x):
    seen.append(x)
    if len(seen) > 2:
        raise MemoryError(repr(x.tolist()))
    return 2 * x


def third(x):
    raise RuntimeError("not enough memory for " + repr(x.tolist()))
""",
    wanted={"twice": "out_of_memory", "third": "out_of_memory"},
)
