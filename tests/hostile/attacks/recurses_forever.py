"""Recurses without an end, in Python, in C, and while it is turned into data.

Graders that run submissions on their own stack.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return twice(x)


class Endless(dict):
    def items(self):
        return [("a", Endless(a=1))]


def slope(x):
    return Endless(a=1)


def third(x):
    deep = x
    for _ in range(500_000):
        deep = (deep,)
    return eval("[" * 150 + "1" + "]" * 150), repr(deep)
""",
    wanted={"twice": "crashed", "slope": "wrong", "third": "crashed or wrong"},
)
