"""Returns and raises objects whose repr and str are 200 MB long.

Graders that put values and exceptions into messages.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Long:
    def __repr__(self):
        return "x" * (200 << 20)

    __str__ = __repr__


class LongError(Exception):
    def __str__(self):
        return "x" * (200 << 20)


def twice(x):
    return Long()


def third(x):
    raise LongError


def slope(x):
    raise ValueError(Long())


LongName = type("N" * (1 << 20), (), {})


def bend(x):
    return LongName()
""",
    wanted={"twice": "wrong", "third": "crashed", "slope": "crashed", "bend": "wrong"},
)
