"""Replaces its module in `sys.modules` by an object that has every name.

Graders that look functions up by name and trust what they find.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    """\
import sys


class Everything:
    __file__ = __file__
    __name__ = "solution"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *values, **named: np.zeros(3)


sys.modules[__name__] = Everything()
""",
    wanted=every_part("wrong or crashed or correct") | {"twice": "wrong"},
)
