"""Returns floats of a subclass that differ from nothing.

Graders that compare the student's objects with their own operators.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Close(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return Close(0.0)

    __rsub__ = __abs__ = lambda self, *other: Close(0.0)
    __lt__ = __le__ = lambda self, other: True
    __hash__ = float.__hash__


def twice(x):
    return [Close(1.0), Close(2.0), Close(3.0)]
""",
    wanted={"twice": "wrong"},
)
