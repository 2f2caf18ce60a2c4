"""Returns mappings, tuples and dataclasses whose items never end, or raise when read.

Graders that turn what they get into lists, by its own methods.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
import collections.abc
import dataclasses


class Endless(collections.abc.Mapping):
    def __getitem__(self, key):
        return 1.0

    def __iter__(self):
        return iter(range(1))

    def __len__(self):
        return 3

    def items(self):
        raise SystemExit(0)


class Short(tuple):
    def __iter__(self):
        raise KeyboardInterrupt


class Fields:
    __dataclass_fields__ = {}

    def __getattr__(self, name):
        raise SystemExit(0)


def twice(x):
    return Fields()


def slope(x):
    return Short([1.0, 2.0, 3.0])


def third(x):
    return Endless()
""",
    wanted={"twice": "wrong or crashed", "slope": "crashed", "third": "crashed"},
)
