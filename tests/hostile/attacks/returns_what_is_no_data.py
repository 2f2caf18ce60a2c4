"""Returns modules, functions, itself nested, deep and ragged lists, huge numbers.

Graders that pickle, print or recurse into what they get.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import sys

itself = []
itself.append(itself)
deep = []
for _ in range(200_000):
    deep = [deep]


class Evil:
    def __reduce__(self):
        return (print, ("unpickled",))


def twice(x):
    return [sys, twice, itself, Evil()]


def slope(x):
    return deep


def third(x):
    return [[1.0, 2.0], [3.0]]


def bend(x):
    return 10**5000
""",
    wanted={"twice": "wrong", "slope": "wrong", "third": "wrong", "bend": "wrong"},
)
