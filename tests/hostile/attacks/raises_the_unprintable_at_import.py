"""Raises a BaseException whose `__str__`, `__repr__` and class raise, while it is imported.

Graders that print the exceptions they catch.
"""

from tests.hostile.attack import Attack, every_part

ATTACK = Attack(
    """\
class Cruel(BaseException):
    def __str__(self):
        raise self

    __repr__ = __str__

    @property
    def __class__(self):
        raise self

    @property
    def __traceback__(self):
        raise self


raise Cruel
""",
    wanted=every_part("crashed"),
)
