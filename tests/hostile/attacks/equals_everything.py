"""Returns an object that is equal to everything, smaller, and true.

Graders that write `result == expected`.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Equal:
    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return Equal()

    def __call__(self, *values, **named):
        return True

    __ne__ = __sub__ = __rsub__ = lambda self, other: 0
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda self, other: True
    __hash__ = None
    shape = (3,)
    dtype = np.dtype("float64")

    def __float__(self):
        return 0.0


def twice(x):
    return Equal()


def third(x):
    return [Equal(), Equal(), Equal()]
""",
    wanted={"twice": "wrong", "third": "wrong"},
)
