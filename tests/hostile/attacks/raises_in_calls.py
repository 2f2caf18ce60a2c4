"""Raises KeyboardInterrupt, SystemExit, GeneratorExit and an unprintable BaseException in calls.

Graders that catch `Exception`.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    """\
class Cruel(BaseException):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


def twice(x):
    raise KeyboardInterrupt


def slope(x):
    raise SystemExit(0)


def bend(x):
    raise Cruel


def third(x):
    raise GeneratorExit


class Descent:
    def __init__(self, *values, **named):
        raise KeyboardInterrupt
""",
    wanted=every_part("crashed"),
)
