"""Raises exceptions whose text and class name are subclasses of str with methods of their own.

Graders that take for text what says so.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Text(str):
    def encode(self, *values, **named):
        raise SystemExit(0)

    __str__ = __getitem__ = __len__ = __format__ = encode


class Named(type):
    @property
    def __name__(cls):
        return Text("x" * 1_000_000)

    def __instancecheck__(cls, other):
        raise SystemExit(0)


class First(Exception):
    def __str__(self):
        return Text("hello")


class Second(Exception, metaclass=Named):
    pass


def twice(x):
    raise First


def slope(x):
    raise Second


def third(x):
    return [Text("1.0")]
""",
    wanted={"twice": "crashed", "slope": "crashed", "third": "wrong or crashed"},
)
