"""Returns generators that never end, or hang, or yield themselves.

Graders that make a list of what they get.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import itertools


def twice(x):
    return itertools.count()


def endless():
    while True:
        yield 1.0


def slope(x):
    return endless()


def third(x):
    class Itself(list):
        def __iter__(self):
            return iter([self])

    return Itself([1])
""",
    wanted={"twice": "wrong", "slope": "wrong", "third": "wrong"},
)
