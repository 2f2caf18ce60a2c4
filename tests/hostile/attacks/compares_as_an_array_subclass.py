"""Returns an array of a subclass whose ufuncs and functions give zero and true.

Graders that give the student's array to NumPy.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
class Close(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **named):
        return np.zeros(3) if "equal" not in ufunc.__name__ else np.ones(3, bool)

    def __array_function__(self, function, types, values, named):
        return True


def twice(x):
    return np.full(3, 17.0).view(Close)
""",
    wanted={"twice": "wrong"},
)
